"""The inbox by keyboard alone: walk, decide, go on, take back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickState
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.grouping import merge_stories
from aggregator.services.editing.issue_at_hand import the_pick
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.desk import bring, release
from tests.fixtures.doors import desk_opened
from tests.web.desk.hands import focused, said
from tests.web.desk.test_draft_page import NAMES, issue_id, story

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [needs_hands, pytest.mark.long]
INBOX = "/desk/inbox"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases that nobody decided on."""
    with desk_opened(tmp_path) as made:
        bring(made.desk, *(release("molit", name) for name in NAMES))
        yield made


def titles(page: Page) -> list[str]:
    """The rows of the inbox."""
    found = page.locator("li[data-item] .headline").all_inner_texts()
    return [text.removesuffix(" 스마트시티") for text in found]


def reading(page: Page, title: str) -> None:
    """Wait until this is what is read."""
    page.locator("#reading-title", has_text=title).wait_for()


def state(app: App, title: str) -> tuple[PickState, str] | None:
    """What became of a release, and in which section."""
    picked = the_pick(app.desk, issue_id(app), story(app, title))
    return (picked.pick.state, picked.pick.section) if picked is not None else None


def test_walking_opens_what_one_stays_at(room: Room) -> None:
    """From the first, which is open; the row has the focus at once, also when one walks fast, and what
    is read of it follows."""
    page = room.sit_down("editor", INBOX, viewport={"width": 1280, "height": 900})
    rows = titles(page)

    for _ in range(2):
        page.keyboard.press("j")
    assert rows[2] == focused(page)
    reading(page, rows[2])
    page.keyboard.press("k")
    reading(page, rows[1])

    assert rows[1] == focused(page)
    assert rows == titles(page)


def test_an_accepted_item_makes_way_for_the_next(room: Room, app: App) -> None:
    """The focus is on what comes next, which is open; u takes it back."""
    page = room.sit_down("editor", INBOX, viewport={"width": 1280, "height": 900})
    rows = titles(page)

    page.keyboard.press("a")

    page.locator("#said .done").wait_for()
    reading(page, rows[1])
    assert rows[1:] == titles(page)
    assert rows[1] == focused(page)
    accepted = state(app, rows[0])
    assert accepted is not None
    assert PickState.ACCEPTED is accepted[0]
    page.locator("#said button").click()
    said(page, "되돌렸습니다")
    assert None is state(app, rows[0])


def test_a_digit_accepts_into_another_section(room: Room, app: App) -> None:
    """As the list counts them."""
    page = room.sit_down("editor", INBOX, viewport={"width": 1280, "height": 900})
    rows = titles(page)
    reading(page, rows[0])

    page.keyboard.press("m")
    page.keyboard.press("3")

    page.locator("#said .done").wait_for()
    assert (PickState.ACCEPTED, "trend") == state(app, rows[0])


def test_a_rejection_has_a_reason(room: Room, app: App) -> None:
    """The usual one is chosen in the list; Enter sends."""
    page = room.sit_down("editor", INBOX, viewport={"width": 1280, "height": 900})
    rows = titles(page)
    reading(page, rows[0])

    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.locator("#said .done").wait_for()
    rejected = state(app, rows[0])
    assert rejected is not None
    assert PickState.DROPPED is rejected[0]
    assert rows[1] == focused(page)


def test_a_decision_is_undone_and_done_again(room: Room, app: App) -> None:
    """Any number of steps; what comes back has the focus."""
    from playwright.sync_api import expect  # noqa: PLC0415 - not installed everywhere

    page = room.sit_down("editor", INBOX, viewport={"width": 1280, "height": 900})
    rows = titles(page)
    for key, left in (("a", 2), ("l", 1), ("u", 2), ("u", 3)):
        page.keyboard.press(key)
        expect(page.locator("li[data-item]")).to_have_count(left)
    assert (rows, rows[0]) == (titles(page), focused(page))

    page.keyboard.press("Shift+U")

    expect(page.locator("li[data-item]")).to_have_count(2)
    accepted = state(app, rows[0])
    assert accepted is not None
    assert PickState.ACCEPTED is accepted[0]


def test_two_letters_lead_to_a_page(room: Room) -> None:
    """The second one does nothing else, whatever it is; from an item one comes back to its row."""
    page = room.sit_down("editor", INBOX, viewport={"width": 1280, "height": 900})
    rows = titles(page)
    page.keyboard.press("g")
    page.keyboard.press("a")
    assert rows == titles(page)
    page.keyboard.press("a")
    page.locator("#said .done").wait_for()
    page.goto(f"{room.base}/desk/draft")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/desk/items/*")
    story = page.url.rpartition("/")[2]

    page.keyboard.press("g")
    page.keyboard.press("d")

    page.wait_for_url(f"**/desk/draft#item-{story}")
    page.wait_for_load_state("load")
    assert rows[0] == focused(page)


def test_a_split_of_several_asks_which(room: Room, app: App) -> None:
    """The first has the focus to be ticked; the same key splits then."""
    editor = Editor.of(app.desk, app.curator, "kim")
    first, *others = (story(app, name) for name in NAMES)
    merge_stories(editor, issue_id(app), [first, *others])
    page = room.sit_down("editor", f"/desk/items/{first}")

    page.keyboard.press("s")
    assert "checkbox" == page.evaluate("document.activeElement.type")
    assert 0 == page.locator("#sources input:checked").count()
    page.keyboard.press("Space")
    page.keyboard.press("s")

    said(page, "출처 1곳을 따로 나눴습니다")
    assert 2 == len(app.desk.store.stories())


def test_the_last_one_leaves_the_focus_on_the_page(room: Room, app: App) -> None:
    """There is nothing left to decide."""
    from playwright.sync_api import expect  # noqa: PLC0415 - not installed everywhere

    page = room.sit_down("editor", INBOX, viewport={"width": 1280, "height": 900})
    for left in (2, 1, 0):
        page.keyboard.press("a")
        expect(page.locator("li[data-item]")).to_have_count(left)

    assert "BODY" != page.evaluate("document.activeElement.tagName")
