"""The desk on a phone: 375 pixels wide, by taps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickState
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.desk_items import brought, pick_of, told
from tests.fixtures.doors import desk_opened
from tests.web.desk.hands import said

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [needs_hands, pytest.mark.long]
PHONE: dict[str, Any] = {
    "viewport": {"width": 375, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
PAGES = (
    "/desk", "/desk/inbox", "/desk/draft", "/desk/draft/add?section=news", "/desk/translation",
    "/desk/preview", "/desk/issues", "/desk/issues/48", "/desk/feeds", "/desk/lab", "/desk/missing",
    "/desk/search?q=스마트도시", "/desk/people", "/desk/log", "/desk/password",
)  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk with two releases that nobody decided on."""
    with desk_opened(tmp_path) as made:
        brought(made, told("가", "스마트도시 솔루션 공모"), told("나", "스마트도시 교량 선정"))
        yield made


def top(page: Page, selector: str) -> int:
    """How far down the screen something begins."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return int(box["y"])


@pytest.mark.parametrize("language", ["ko-KR", "en-US"])
def test_a_page_has_the_screen_to_itself(room: Room, language: str) -> None:
    """What frames it takes an eighth of it, and nothing is wider than it; where one is can be seen in
    the navigation."""
    page = room.sit_down("admin", locale=language, **PHONE)
    wrong = []
    for path in PAGES:
        page.goto(f"{room.base}{path}")
        seen = page.evaluate(
            """() => {
              const here = document.querySelector('.places [aria-current]')?.getBoundingClientRect();
              return [document.documentElement.scrollWidth,
                document.getElementById('main').getBoundingClientRect().top,
                here ? here.left >= 0 && here.right <= innerWidth : true];
            }"""
        )
        if seen[0] > 375 or seen[1] > 740 / 8 or not seen[2]:
            wrong.append((path, *seen))

    assert [] == wrong


@pytest.mark.parametrize("language", ["ko-KR", "en-US"])
def test_nothing_is_cut_at_four_hundred_per_cent(room: Room, language: str) -> None:
    """A screen of 1280 pixels has 320 then: no page is wider, and each button of the frame shows all it
    says."""
    page = room.sit_down("admin", locale=language, viewport={"width": 320, "height": 256})
    wrong = []
    for path in PAGES:
        page.goto(f"{room.base}{path}")
        seen = page.evaluate(
            """() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll('.top *')]
              .filter(one => !one.matches('.visually-hidden') && one.scrollWidth > one.clientWidth + 1
                && getComputedStyle(one).overflowX !== 'visible').map(one => one.textContent.trim())]"""
        )
        if seen != [320]:
            wrong.append((path, *seen))

    assert [] == wrong


def test_every_section_can_be_chosen_at_once(room: Room) -> None:
    """None is outside the screen, and each is named in full to who listens."""
    page = room.sit_down("editor", "/desk/inbox", **PHONE)
    chips = page.locator("ul.chips button").all()
    boxes = [one.bounding_box() for one in chips]

    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 375 for box in boxes)
    assert "스마트시티 정책·사업 2" in [" ".join(str(one.text_content()).split()) for one in chips]


def test_the_first_item_is_seen_at_once(room: Room) -> None:
    """In the upper half of the screen, filters and all."""
    page = room.sit_down("editor", "/desk/inbox", **PHONE)

    assert top(page, ".inbox > .row") < 740 / 2


def test_an_item_is_read_and_decided_by_taps(room: Room, app: App) -> None:
    """What is read of it opens below its row."""
    page = room.sit_down("editor", "/desk/inbox", **PHONE)
    story = str(page.locator(".inbox > .row").nth(1).get_attribute("data-item"))
    page.locator(f"#item-{story} .title a").tap()
    page.wait_for_url(f"**item={story}**")
    assert top(page, f"#item-{story}") < top(page, "#reading") < 740

    page.locator("#reading [id^=section-]").select_option("trend")
    page.locator("#reading button[data-key=a]").tap()

    said(page, "채택했습니다")
    assert (PickState.ACCEPTED, "trend") == (pick_of(app, story).state, pick_of(app, story).section)


def test_an_item_is_put_in_order_by_taps(room: Room, app: App) -> None:
    """Its buttons do what dragging does."""
    page = room.sit_down("editor", "/desk/inbox", **PHONE)
    for left in (1, 0):
        page.locator(".inbox button[data-key=a]:visible").first.tap()
        page.wait_for_function(
            "left => document.querySelectorAll('.inbox > .row').length === left", arg=left
        )
    page.goto(f"{room.base}/desk/draft")
    rows = page.locator("li[data-item]")
    first = str(rows.first.get_attribute("data-item"))
    page.locator(f"#item-{first} button[data-key=J]").tap()

    said(page, "2번째로 옮겼습니다.")
    assert first == rows.nth(1).get_attribute("data-item")


def test_the_preview_is_a_phone_s_unless_another_is_chosen(room: Room) -> None:
    """What is shown fits the screen; the width of a mail's pane can be chosen all the same."""
    page = room.sit_down("editor", "/desk/preview", **PHONE)
    page.wait_for_url("**width=375**")
    assert 375 == page.evaluate("document.documentElement.scrollWidth")

    page.locator(".ways a[href*='width=680']").tap()

    page.wait_for_url("**width=680**")
    page.locator(".framed.w680").wait_for()
