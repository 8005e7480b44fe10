"""The inbox and the page of an item in a real browser, and with texts of somebody who means harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.calendar.clocks import FixedClock
from aggregator.domain.issues import PickField
from aggregator.services.editing.comments import add_comment
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.web.app import make_web_app
from tests.fixtures.checkers import WIDTHS, needs_checkers, script
from tests.fixtures.desk_items import accepted, brought, issue_at, told
from tests.fixtures.doors import PASSWORD, desk_opened, person, read
from tests.fixtures.hostile import BAD_LINKS, SCRIPT
from tests.fixtures.serving import served

TITLE = "스마트도시 데이터 허브 구축 착수"
LEAD = "국토교통부는 스마트도시 데이터 허브를 전국 열 곳에 세운다고 밝혔다."
LONG = "스마트도시" + "가나다라" * 25_000
BIDI = "스마트도시 \u202egnimoc si eno\u2066 \u200b\u200d\ufeff 소식"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


def everything(app: App) -> list[str]:
    """Addresses that show all that the pages have: members, an edit under which the source changed, a
    comment, another story that is alike, and a rejected one."""
    release = told("가", TITLE, summary=LEAD)
    other = told("나", f"[보도자료] {TITLE}", feed="msit", body="molit", summary=LEAD)
    [story, _, like] = brought(
        app, release, other, told("다", "스마트도시 데이터 허브 구축 완료", day=None)
    )
    accepted(app, story)
    lee = Editor.of(app.desk, app.curator, "lee")
    where = Where(story=story, field=PickField.HEADLINE, language="ko")
    edit_field(lee, issue_at(app), where, "데이터 허브 열 곳", base=TITLE)
    add_comment(lee, issue_at(app), "왜?", story=story)
    brought(app, replace(release, title=f"{TITLE} (정정)", hash="other"))
    return ["/desk/inbox", "/desk/inbox?text=none", f"/desk/items/{story}", f"/desk/items/{like}"]


@needs_checkers
@pytest.mark.long
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing(app: App, tmp_path: Path, language: str) -> None:
    """Wide and narrow, light and dark; nor does the browser's console say anything."""
    paths = everything(app)
    app.clock = FixedClock(app.clock.now() + timedelta(minutes=1))
    with served(make_web_app(lambda: app)) as port:
        base = f"http://127.0.0.1:{port}"
        login = {
            "page": f"{base}/desk/login",
            "name": "editor",
            "password": PASSWORD,
            "language": language,
        }
        job = {"pages": [base + path for path in paths], "login": login, "widths": WIDTHS}
        found = script("axe", job, tmp_path)

    assert ([], len(paths) * 4) == (found["faults"], found["runs"])


@pytest.mark.parametrize(
    "text", [SCRIPT, LONG, BIDI, "", " "], ids=["script", "long", "bidi", "none", "blank"]
)
def test_hostile_texts_stay_texts(app: App, text: str) -> None:
    """In the list, the reading pane and the page of the item; no page grows with a title."""
    item = told("가", f"스마트도시 {text}", summary=text, link="https://molit.example/1?<script>")
    [story] = brought(app, item)
    accepted(app, story)
    kim = person(app, "editor")
    for path in (f"/desk/inbox?item={story}", f"/desk/items/{story}"):
        page = kim.get(path)
        assert 200 == page.status
        assert "<script>" not in page.text
        assert [] == read(page).xpath("//main//script | //main//*[@onload or @onerror]")


@pytest.mark.parametrize("link", [one for one in BAD_LINKS if "[broken" not in one])
def test_hostile_links_lead_nowhere(app: App, link: str) -> None:
    """Whatever a feed calls an address: only what readers may be sent to is a link."""
    [story] = brought(app, told("가", TITLE, link=link, thumbnail=link, summary=LEAD))
    kim = person(app, "editor")
    for path in (f"/desk/inbox?item={story}", f"/desk/items/{story}"):
        page = read(kim.get(path))
        led = page.xpath("//main//a[not(contains(@rel, 'license'))]/@href | //main//img/@src")
        assert [] == [one for one in led if not one.startswith(("/desk", "#", "?"))]


def test_a_very_long_title_is_cut(app: App) -> None:
    """100 kB of it are not sent a dozen times."""
    brought(app, told("가", LONG, summary=LEAD))

    assert 60_000 > len(person(app, "reader").get("/desk/inbox").text)
