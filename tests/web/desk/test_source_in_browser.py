"""A source that changes while somebody edits, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickField
from aggregator.issue.texts import find_text
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.desk_items import accepted, brought, pick_of, told
from tests.fixtures.doors import desk_opened
from tests.web.desk.hands import said

pytestmark = [needs_hands, pytest.mark.long]
TITLE = "스마트도시 데이터 허브 구축 착수"
RELEASE = told("가", TITLE)
FIELD = "form[data-save][action$='/headline/ko'] textarea"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


@pytest.fixture
def story(app: App) -> str:
    """A story of the working issue."""
    [found] = brought(app, RELEASE)
    accepted(app, found)
    return found


def corrected(app: App, title: str) -> None:
    """The source says something else by now."""
    brought(app, replace(RELEASE, title=title, hash=title))


def stored(app: App, story: str) -> str:
    """The headline that somebody wrote, "" where nobody has."""
    text = find_text(pick_of(app, story).texts, PickField.HEADLINE, "ko")
    return text.text if text is not None else ""


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ("mine", f"{TITLE}, 올해 첫 삽"),
        ("theirs", ""),
        ("merged", "스마트도시 데이터 허브 열 곳 구축 착수, 올해 첫 삽"),
    ],
)
def test_both_are_shown_with_three_choices(
    room: Room, app: App, story: str, choice: str, stands: str
) -> None:
    """What the editor wrote, what the source says, and both put together; nothing is overwritten."""
    page = room.sit_down("editor", f"/desk/items/{story}")
    page.fill(FIELD, f"{TITLE}, 올해 첫 삽")
    page.keyboard.press("Tab")
    page.locator("[data-mark]", has_text="저장됨").first.wait_for()
    corrected(app, "스마트도시 데이터 허브 열 곳 구축 착수")
    page.reload()
    assert "열 곳" in page.locator("#source ins").all_inner_texts()
    assert f"{TITLE}, 올해 첫 삽" == page.input_value(FIELD)

    page.click(f"#source button[value={choice}]")
    page.locator("#said .done").wait_for()

    assert stands == stored(app, story)
    assert 0 == page.locator("#source").count()


def test_who_was_typing_meanwhile_is_told(room: Room, app: App, story: str) -> None:
    """His text is kept as made of what he saw; what the source says is shown when he opens the page
    again."""
    page = room.sit_down("editor", f"/desk/items/{story}")
    corrected(app, "스마트도시 데이터 허브 열 곳 구축 완료")
    page.fill(FIELD, "데이터 허브 첫 삽")
    page.keyboard.press("Tab")
    said(page, "원문이 그사이 바뀌었습니다")
    assert "데이터 허브 첫 삽" == page.input_value(FIELD) == stored(app, story)

    page.reload()

    assert "열 곳" in " ".join(page.locator("#source ins").all_inner_texts())


def test_the_draft_and_today_tell_of_it(room: Room, app: App, story: str) -> None:
    """Each leads to where it is settled."""
    page = room.sit_down("editor", f"/desk/items/{story}")
    page.fill(FIELD, "데이터 허브 첫 삽")
    page.keyboard.press("Tab")
    page.locator("[data-mark]", has_text="저장됨").first.wait_for()
    corrected(app, "스마트도시 데이터 허브 열 곳 구축 착수")

    page.goto(f"{room.base}/desk/draft")
    assert "원문 바뀜" in page.inner_text(f"#item-{story}")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.locator("#source").wait_for()
    page.click("#source button[value=mine]")
    said(page, "")
    page.goto(f"{room.base}/desk/draft")
    assert "원문 바뀜" not in page.inner_text(f"#item-{story}")
