"""The desk's colours can be told apart and read, in daylight and in the dark; pages fit a phone."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from aggregator.domain.people import Role
from aggregator.publish.site import assets
from tests.fixtures.browser import needs_browser, phone_widths
from tests.fixtures.doors import Person, desk_opened, person
from tests.web.test_status_style import DARK, SITE, contrast

OWN = resources.files("aggregator.web.doors").joinpath("assets/doors.css").read_text("utf-8")
ROOM = resources.files("aggregator.web.desk").joinpath("assets/desk.css").read_text("utf-8")


def colours(mode: str) -> dict[str, str]:
    """The six-digit colours by name, those of the site and of the desk."""
    found: dict[str, str] = {}
    for sheet in (SITE, OWN):
        light, _, rest = sheet.partition(DARK)
        own = light if mode == "light" else rest[: rest.index("\n}\n")]
        found |= dict(re.findall(r"--([a-z0-9-]+): #([0-9a-f]{6})", own.partition(".tone-1")[0]))
    return found


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("tone", ["ill", "well"])
def test_a_message_can_be_read(mode: str, tone: str) -> None:
    """At least 4.5 to 1 on its own tint and on paper (WCAG 2.2, level AA)."""
    known = colours(mode)
    assert contrast(known[tone], known[f"{tone}-soft"]) >= 4.5
    assert contrast(known[tone], known["paper"]) >= 4.5
    assert contrast(known["ink"], known[f"{tone}-soft"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "ground"])
def test_the_edge_of_a_field_can_be_seen(mode: str, ground: str) -> None:
    """At least 3 to 1 (WCAG 2.2, 1.4.11)."""
    known = colours(mode)
    assert contrast(known["field"], known[ground]) >= 3


@needs_browser
@pytest.mark.long
def test_pages_fit_a_phone(tmp_path: Path) -> None:
    """Nothing is cut off or has to be moved sideways."""
    (tmp_path / "desk").mkdir()
    with desk_opened(tmp_path / "desk") as app:
        app.accounts.add(
            "a-rather-long-name.of-somebody@press.example",
            role=Role.PUBLISHER,
            display_name="이름이 아주 긴 사람, 수도권 보도자료 담당",
            by="test",
        )
        admin, nobody = person(app, "admin"), Person(app)
        pages = {
            "login": nobody.log_in("admin", "wrong").text,
            "link": nobody.get(f"/desk/enter/{app.accounts.link('editor', by='t').token}").text,
            "today": admin.get("/desk").text,
            "people": admin.post("/desk/people/reader/reset").text,
            "password": admin.get("/desk/password").text,
        }
    for name, text in pages.items():
        local = re.sub(r'"/(?:desk/)?(?:assets/)?([a-z]+\.css)(?:\?\w+)?"', r'"\1"', text)
        (tmp_path / f"{name}.html").write_text(local, encoding="utf-8")
    (tmp_path / "doors.css").write_text(OWN, encoding="utf-8")
    (tmp_path / "desk.css").write_text(ROOM, encoding="utf-8")
    (tmp_path / "site.css").write_bytes(
        next(asset.body for asset in assets() if asset.path.endswith("site.css"))
    )
    files = [f"{name}.html" for name in pages]
    assert [f"{file} 375 375 800" for file in files] == phone_widths(tmp_path, *files)
