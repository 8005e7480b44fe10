"""Where the focus is after what somebody did: never lost, and never in another place than one was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickField
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.desk_items import accepted, brought, issue_at, told
from tests.fixtures.doors import desk_opened
from tests.web.desk.hands import said

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [needs_hands, pytest.mark.long]
INBOX = "/desk/inbox"
TITLES = tuple(f"스마트도시 {name} 착수" for name in ("가로등", "나루터", "다리", "라디오"))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk with four releases that nobody decided on."""
    with desk_opened(tmp_path) as made:
        brought(made, *(told(name, name) for name in TITLES))
        yield made


def at(page: Page) -> str:
    """What has the focus: its name and value, or what it says."""
    return str(
        page.evaluate(
            """() => { const one = document.activeElement;
              return one.name ? `${one.name}=${one.value}` : `${one.localName} ${one.textContent.trim()}` }"""
        )
    )


def row(page: Page) -> str:
    """The headline of the row that has the focus in the inbox."""
    return page.locator(".inbox > .row:focus .title").inner_text().strip()


def read_by_keys(page: Page) -> list[str]:
    """Stand in the second row of the inbox, once what is read of it is there; the headlines of all."""
    titles = [one.inner_text().strip() for one in page.locator(".inbox .title").all()]
    page.keyboard.press("j")
    page.wait_for_url("**item=**")
    return titles


def test_undo_and_redo_by_key_stay_in_the_list(room: Room) -> None:
    """Undo goes to what it brought back, redo to what stands behind what went."""
    page = room.sit_down("editor", INBOX)
    titles = read_by_keys(page)
    page.keyboard.press("a")
    said(page, "채택했습니다")
    assert titles[2] == row(page)

    page.keyboard.press("u")
    said(page, "되돌렸습니다")
    assert titles[1] == row(page)

    page.keyboard.press("Shift+U")
    page.wait_for_function("() => document.querySelectorAll('.inbox > .row').length === 3")
    assert titles[2] == row(page)


def test_a_filter_keeps_the_focus(room: Room) -> None:
    """By its button and by Enter in a field; the way back of the browser leads to what was shown."""
    page = room.sit_down("editor", INBOX)
    page.locator("ul.chips button[value=issue]").press("Enter")
    page.wait_for_url("**section=issue")
    assert "section=issue" == at(page)

    page.locator("#filter summary").click()
    page.fill("#text", "나루터")
    page.press("#text", "Enter")
    page.wait_for_function("() => document.querySelectorAll('.inbox > .row').length === 1")
    assert "text=나루터" == at(page)

    page.go_back()
    page.wait_for_function("() => document.querySelectorAll('.inbox > .row').length === 4")


def test_a_page_that_is_turned_begins_at_its_first_row(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which has the focus, by the link of the page and by the next one at the end."""
    monkeypatch.setattr("aggregator.web.desk.inbox.SIZE", 2)
    page = room.sit_down("editor", INBOX)
    first = page.locator(".inbox .title").first.inner_text()
    page.locator(".pager [rel=next]").press("Enter")
    page.wait_for_url("**after=**")
    page.locator(".inbox > .row:focus").wait_for()
    second = row(page)
    page.locator(".pages a").first.press("Enter")
    page.wait_for_function("() => !location.search.includes('after')")
    page.locator(".inbox > .row:focus").wait_for()

    assert first != second
    assert first == row(page)


def test_a_look_keeps_the_focus(room: Room) -> None:
    """Of the preview, whose frames are others then, and of the feeds."""
    page = room.sit_down("editor", "/desk/preview")
    page.locator(".ways a", has_text="메일").first.press("Enter")
    page.wait_for_url("**form=mail**")
    assert "a 메일" == at(page)

    page.goto(f"{room.base}/desk/feeds")
    page.locator(".choices a").nth(1).press("Enter")
    page.wait_for_url("**/desk/feeds?**")
    page.wait_for_function("() => document.activeElement.closest('.choices')")


def test_a_conflict_that_was_answered_leaves_the_focus_in_its_field(room: Room, app: App) -> None:
    """In the text that stands there now."""
    [story] = brought(app, told("마", "스마트도시 마당 착수"))
    accepted(app, story)
    where = Where(story=story, field=PickField.HEADLINE, language="ko")
    page = room.sit_down("editor", f"/desk/items/{story}")
    lee = Editor.of(app.desk, app.curator, "lee")
    edit_field(lee, issue_at(app), where, "이 씨의 제목", base="스마트도시 마당 착수")
    field = page.locator("form[data-save][action$='/headline/ko'] textarea")
    field.fill("김 씨의 제목")
    page.locator(".choose").wait_for()

    page.locator(".choose button").last.press("Enter")

    page.locator(".choose").wait_for(state="detached")
    assert "text=이 씨의 제목" == at(page)


def test_a_source_that_changed_is_answered_in_place(room: Room, app: App) -> None:
    """The item is there still, and its headline has the focus."""
    release = told("마", "스마트도시 마당 착수")
    [story] = brought(app, release)
    accepted(app, story)
    where = Where(story=story, field=PickField.HEADLINE, language="ko")
    lee = Editor.of(app.desk, app.curator, "lee")
    edit_field(lee, issue_at(app), where, "마당을 새로 엽니다", base=release.title)
    brought(app, replace(release, title="스마트도시 마당 준공", hash="other"))
    page = room.sit_down("editor", f"/desk/items/{story}")

    page.locator("form[action$='/source/headline/ko'] button[value=mine]").press("Enter")

    page.locator("#said .done").wait_for()
    assert 0 == page.locator("form[action$='/source/headline/ko']").count()
    assert "h1" == page.evaluate("document.activeElement.localName")


def test_a_comment_leaves_the_focus_with_the_comments(room: Room, app: App) -> None:
    """Where it was said, and where it was dealt with."""
    [story] = brought(app, told("마", "스마트도시 마당 착수"))
    accepted(app, story)
    page = room.sit_down("editor", f"/desk/items/{story}")
    page.fill("#comment-text", "왜?")
    page.locator("#comments form button").last.press("Enter")
    said(page, "의견")
    assert "comments" == page.evaluate("document.activeElement.id")
