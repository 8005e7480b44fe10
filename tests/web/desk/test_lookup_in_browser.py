"""The pages that look things up, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.bootstrap import App
from aggregator.services.editing.actions import accept, reject
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.web.app import make_web_app
from tests.fixtures.checkers import WIDTHS, needs_checkers, script
from tests.fixtures.desk import release
from tests.fixtures.doors import PASSWORD
from tests.fixtures.looking import HOSTILE, desk_with_releases, public_id, stock
from tests.fixtures.serving import served

WORD = quote("스마트시티")
PAGES = (
    f"/desk/search?q={WORD}&office=molit",
    f"/desk/missing?what={WORD}",
    f"/desk/missing?what={quote('http://www.molit.example/view?id=9')}",
    "/desk/feeds",
    "/desk/feeds/molit",
    "/desk/log",
    "/desk/lab",
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with releases, one of them hostile, and something in the log."""
    with desk_with_releases(tmp_path) as made:
        stock(made, release("molit", "evil", date(2024, 2, 5), title=HOSTILE))
        kim = Editor.of(made.desk, made.curator, "kim")
        issue = working_issue(made.desk)
        accept(kim, issue.id, public_id(made, "통신망"), section="trend")
        reject(kim, issue.id, public_id(made, "alert(1)"), why=HOSTILE)
        made.clock = type(made.clock)(made.clock.now() + timedelta(minutes=1))  # type: ignore[call-arg]
        yield made


@needs_checkers
@pytest.mark.long
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing(app: App, tmp_path: Path, language: str) -> None:
    """Wide and narrow, light and dark, with a hostile title; the console of the browser says nothing
    either."""
    with served(make_web_app(lambda: app)) as port:
        base = f"http://127.0.0.1:{port}"
        login = {
            "page": f"{base}/desk/login",
            "name": "admin",
            "password": PASSWORD,
            "language": language,
        }
        job = {"pages": [f"{base}{path}" for path in PAGES], "login": login, "widths": WIDTHS}
        found = script("axe", job, tmp_path)

    assert ([], len(PAGES) * 4) == (found["faults"], found["runs"])


@needs_checkers
@pytest.mark.long
def test_the_lab_answers_as_one_types(app: App, tmp_path: Path) -> None:
    """What the rules gain, then the line of a mistake, though no button was pressed; nothing of it
    runs. No page is wider than the screen at 400 %, whatever its titles."""
    with served(make_web_app(lambda: app)) as port:
        base = f"http://127.0.0.1:{port}"
        login = {
            "page": f"{base}/desk/login",
            "name": "editor",
            "password": PASSWORD,
            "language": "ko",
        }
        pages = [f"{base}{path}" for path in (*PAGES, "/desk/search?q=alert")]
        job = {"page": f"{base}/desk/lab", "pages": pages, "login": login}
        found = script("lab", job, tmp_path)

    assert found["begins"] == ""
    assert "새로 들어옴 1건" in found["gains"]
    assert "고칠 곳이 1곳 있습니다." == found["mistake"]
    assert found["line"].startswith("1째 줄")
    assert ([], True, []) == (found["heard"], found["fits"], found["wide"])
