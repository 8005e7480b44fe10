"""Translation, preview and issues in a real browser: looks, sandboxes, and what axe says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.bootstrap import App
from aggregator.calendar.clocks import FixedClock
from aggregator.domain.issues import PickField
from aggregator.services.editing.actions import accept
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.web.app import make_web_app
from tests.fixtures.checkers import WIDTHS, needs_checkers, script
from tests.fixtures.desk import lay_in, release
from tests.fixtures.doors import PASSWORD
from tests.fixtures.press import PLAN, editor_at, press_opened, story_of, translate
from tests.fixtures.publication import published
from tests.fixtures.serving import served

pytestmark = [needs_checkers, pytest.mark.long]

CANARY = (
    "<script>top.canary=1</script><img src=x onerror='top.canary=1'>\"'><svg onload=top.canary=1>"
    "\u202e\u200f\u200b<a href=javascript:top.canary=1>스마트시티</a>"
)
DRAFT = ("/desk/translation", "/desk/preview?form=all", "/desk/issues", "/desk/issues/48")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk with an issue in the making, which has faults, and one text that no longer fits."""
    with press_opened(tmp_path) as made:
        made.clock = FixedClock(made.clock.now() + timedelta(minutes=1))
        translate(made, PLAN, PickField.BLURB, "The plan is 확정, 12 cities get 150 billion won.")
        where = Where(story=story_of(made, PLAN), field=PickField.HEADLINE, language="ko")
        issue = working_issue(made.desk)
        edit_field(editor_at(made), issue.id, where, f"{PLAN}했다", base=PLAN)
        yield made


def job(port: int, paths: list[str], language: str = "ko", **more: object) -> dict[str, Any]:
    """Pages of the desk, for somebody who is logged in."""
    base = f"http://127.0.0.1:{port}"
    login = {
        "page": f"{base}/desk/login",
        "name": "admin",
        "password": PASSWORD,
        "language": language,
    }
    return {"pages": [f"{base}{path}" for path in paths], "login": login, "widths": WIDTHS, **more}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing(app: App, tmp_path: Path, language: str) -> None:
    """Wide and narrow, light and dark, before and after the issue is out; nor does the console say
    anything."""
    with served(make_web_app(lambda: app)) as port:
        found = script("axe", job(port, [*DRAFT], language), tmp_path)

    assert ([], 4 * len(DRAFT)) == (found["faults"], found["runs"])


def test_axe_finds_nothing_when_it_is_out(tmp_path: Path) -> None:
    """With a correction and the form of another one."""
    with press_opened(tmp_path) as app:
        published(app)
        item = story_of(app, PLAN)
        correct = [
            f"/desk/issues/48/correct?item={item}&field={one}" for one in ("headline", "day")
        ]
        paths = ["/desk/issues/48", "/desk/issues", *correct]
        with served(make_web_app(lambda: app)) as port:
            found = script("axe", job(port, paths), tmp_path)

    assert ([], 4 * len(paths)) == (found["faults"], found["runs"])


def test_looks_are_real(app: App, tmp_path: Path) -> None:
    """Dark is dark on a light screen, and the other way round; without pictures none is shown."""
    looks = [
        f"/desk/preview?form=all&scheme={scheme}&images={images}"
        for scheme in ("light", "dark")
        for images in ("1", "0")
    ]
    with served(make_web_app(lambda: app)) as port:
        on_light = script("frames", job(port, looks, scheme="light"), tmp_path)
        on_dark = script("frames", job(port, looks, scheme="dark"), tmp_path)
    seen = {
        (one["page"].partition("?")[2], frame["src"].rpartition("/")[2], frame["ground"])
        for one in on_light
        for frame in one["frames"]
        if not frame["src"].endswith("txt")
    }
    grounds = {scheme: {ground for page, _, ground in seen if scheme in page}
               for scheme in ("=light", "=dark")}  # fmt: skip

    assert [one["frames"][:2] for one in on_light] == [one["frames"][:2] for one in on_dark]
    assert not grounds["=light"] & grounds["=dark"]
    assert all(_is_dark(one) for one in grounds["=dark"])
    assert not any(_is_dark(one) for one in grounds["=light"])
    for one in on_light:
        with_pictures = "images=1" in one["page"]
        web, mail, _ = one["frames"]
        assert min(web["images"], mail["images"]) >= 1
        assert (web["pictures"] > 0, mail["pictures"] > 0) == (with_pictures, with_pictures)
        assert web["links"] > 3
        assert with_pictures == (one["said"] == [])
        assert all("img-src 'none'" in line for line in one["said"])


def _is_dark(ground: str) -> bool:
    red, green, blue = (int(part) for part in ground.strip("rgb()").split(",")[:3])
    return red + green + blue < 200


def test_hostile_texts_run_nothing_and_break_no_layout(app: App, tmp_path: Path) -> None:
    """Neither on the pages nor within their frames: scripts, handlers, links, marks of direction, and a
    title of 100 kB."""
    long = "디지털트윈" * 7000
    bad = release(
        "molit",
        "bad",
        date(2024, 2, 22),
        title=f"모의 해킹 훈련 {CANARY} 결과 공개",
        summary=CANARY,
    )
    large = release("msit", "large", date(2024, 2, 2), title=long, summary=long)
    lay_in(app.desk, bad, large)
    app.curator.curate()
    for guid in ("bad", "large"):
        accept(editor_at(app), working_issue(app.desk).id, story_of(app, guid), section="project")
    translate(app, "bad", PickField.BLURB, CANARY)
    paths = [*DRAFT, "/desk/preview?form=all&language=en", "/desk/translation?left=1"]
    with served(make_web_app(lambda: app)) as port:
        found = script("frames", job(port, paths), tmp_path)

    assert 2 * len(paths) == len(found)
    assert {""} == {one["ran"] for one in found}
    assert [] == [one["said"] for one in found if one["said"]]
    assert [] == [
        (one["page"], one["width"], one["wide"]) for one in found if one["wide"] > one["width"]
    ]
