"""What the pages say of the issue while the script works: its stage, headlines, and lines that stick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickState
from aggregator.services.editing.actions import accept
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.issue_at_hand import issue_by_id, picked_of, working_issue
from aggregator.services.editing.workflow import approve
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.desk import bring, release
from tests.fixtures.doors import desk_opened
from tests.web.desk.hands import keys, said
from tests.web.desk.test_draft_page import issue_id, story

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [needs_hands, pytest.mark.long]
NAMES = tuple(f"{place}번째 소식" for place in range(1, 13))
PHONE = {"width": 375, "height": 700}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with twelve releases that the rules placed, the first of them accepted."""
    with desk_opened(tmp_path) as made:
        bring(made.desk, *(release("molit", name) for name in NAMES))
        open_draft(made.desk, propose=True)
        editor = Editor.of(made.desk, made.curator, "lee")
        accept(editor, issue_id(made), story(made, NAMES[0]))
        yield made


def approved(app: App) -> None:
    """Somebody answers for the issue."""
    issue = working_issue(app.desk)
    approve(Editor.of(app.desk, app.curator, "lee"), issue.id, version=issue.version)


def headed(page: Page, text: str) -> None:
    """Wait until the head of the page says this of the issue."""
    page.locator("#stage-now", has_text=text).wait_for()


def item(app: App) -> str:
    """The page of the accepted release."""
    return f"/desk/items/{story(app, NAMES[0])}"


def test_a_text_that_is_saved_shows_that_the_approval_is_lost(room: Room, app: App) -> None:
    """In the head and below it, before anybody reloads the page."""
    approved(app)
    page = room.sit_down("editor", item(app))
    headed(page, "승인")
    page.locator("#standing", has_text="승인되었습니다").wait_for()

    page.fill("form[data-save][action$='/headline/ko'] textarea", "고친 제목")
    page.keyboard.press("Tab")

    headed(page, "초안")
    page.locator("#standing.lost", has_text="editor 님이 고쳐 승인이 풀렸습니다").wait_for()


def test_a_decision_shows_another_stage_in_the_head(room: Room, app: App) -> None:
    """Whether the draft answers with a part of it, or the inbox with a page."""
    for path in ("/desk/draft", "/desk/inbox"):
        approved(app)
        page = room.sit_down("editor", path)
        headed(page, "승인")
        if path.endswith("draft"):
            page.locator("a[data-more]").first.click()
        page.locator("[data-key=l]").first.evaluate("one => one.click()")
        headed(page, "초안")


def test_all_proposals_are_accepted_by_a_key(room: Room, app: App) -> None:
    """And taken back by one."""
    page = room.sit_down("editor", "/desk/draft")

    keys(page, "Y")
    said(page, "모두 채택했습니다")
    issue = issue_by_id(app.desk, issue_id(app))
    assert {PickState.ACCEPTED} == {one.pick.state for one in picked_of(app.desk, issue)}

    keys(page, "u")
    said(page, "되돌렸습니다: 제안 모두 채택")


def test_a_headline_that_is_saved_stands_in_its_row_at_once(room: Room, app: App) -> None:
    """With the words of the rules marked, in the list and on the item's own page."""
    proposed = story(app, NAMES[1])
    page = room.sit_down("editor", f"/desk/inbox?item={proposed}", viewport=DESKTOP)
    page.fill("form[data-save][action$='/headline/ko'] textarea", "새 스마트시티 제목")
    page.keyboard.press("Tab")

    row = page.locator(f"#item-{proposed} .title")
    page.wait_for_function(
        "id => document.querySelector(`#item-${id} .title`).textContent.trim() === '새 스마트시티 제목'",
        arg=proposed,
    )
    assert "스마트시티" == row.locator("mark").inner_text()
    assert "새 스마트시티 제목" == page.locator("#reading-title").inner_text().strip()


COVERED = """() => {
  const said = document.querySelector("#said > .flash").getBoundingClientRect();
  const seen = (one) => one.getClientRects().length > 0;
  const under = (one) => {
    const box = one.getBoundingClientRect();
    return box.top < said.bottom && box.bottom > said.top && box.left < said.right && box.right > said.left;
  };
  const titles = [...document.querySelectorAll(".pane h2, .beside h2:first-of-type")].filter(seen);
  return [document.activeElement, ...titles].filter((one) => one && one !== document.body && under(one))
    .map((one) => one.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", ["/desk/inbox", "/desk/draft"])
def test_a_line_that_sticks_covers_neither_focus_nor_titles(
    room: Room, app: App, path: str, size: dict[str, int]
) -> None:
    """However long it is, and wherever one walks to (WCAG 2.2, 2.4.11)."""
    page = room.sit_down("editor", path, viewport=size)
    page.evaluate("window.desk.say('길게 말하는 한 줄입니다. '.repeat(18), 'problem')")
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )

    for key in "jjjjjjjkkkkkkk":
        page.keyboard.press(key)
        page.wait_for_timeout(250 if path == "/desk/inbox" else 20)
        assert [] == page.evaluate(COVERED)
