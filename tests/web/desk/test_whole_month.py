"""A whole month's work at the desk, on the demo's releases: by keyboard alone, by mouse, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from aggregator.demo.script import translation_file
from aggregator.domain.editing import ActionKind, Stage
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.doors import PASSWORD
from tests.web.desk.demo_desk import (
    DONE,
    EVENT,
    PUBLISHER,
    VENUE,
    current,
    demo_opened,
    draft_demo,
    drag,
    fill_event,
    headline,
    is_before,
    left,
    outcome,
    previewed,
    printed,
    rows,
    stories,
    stranger,
)
from tests.web.desk.hands import arrived, in_field, keys, said

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [needs_hands, pytest.mark.long]
ENDING = " (종합)"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo brings, and its draft."""
    folder = tmp_path_factory.mktemp("demo")
    draft_demo(folder)
    return folder


@pytest.fixture
def app(drafted: Path, tmp_path: Path) -> Iterator[App]:
    """The demo's desk, for each test its own."""
    with demo_opened(drafted, tmp_path / "desk") as made:
        yield made


# --- by keyboard alone ----------------------------------------------------------------------------


def test_a_month_by_keyboard_alone(room: Room, app: App) -> None:
    """From the login to the issue that is out: no pointer, and no address but the first."""
    page = stranger(room)
    in_field(page, "name")
    page.keyboard.type(PUBLISHER)
    keys(page, "Tab")
    page.keyboard.type(PASSWORD)
    keys(page, "Enter")
    arrived(page, "/desk")
    rejected = _inbox_by_keys(page)
    corrected = _draft_by_keys(page)
    _translation_by_keys(page)
    _publication_by_keys(page)

    stage, did = outcome(app)
    assert (Stage.PUBLISHED, frozenset()) == (stage, DONE - set(did))
    assert did[ActionKind.ACCEPT] >= 9
    for part in (corrected + ENDING, EVENT, VENUE):
        assert part in printed(app)
    assert rejected not in printed(app)


def _inbox_by_keys(page: Page) -> str:
    """A dozen decisions, one of them taken back, and a story split; the headline that was rejected."""
    keys(page, "g", "i")
    arrived(page, "/desk/inbox")
    count = len(rows(page))
    for n in range(1, 10):
        keys(page, "a")
        left(page, count - n)
    keys(page, "u")
    left(page, count - 8)
    keys(page, "a")
    left(page, count - 9)
    keys(page, "m")
    in_field(page, "section")
    keys(page, "2")
    left(page, count - 10)
    [first, *_] = rows(page)
    rejected = headline(page, current(page) or first)
    keys(page, "x")
    in_field(page, "reason")
    keys(page, "ArrowDown", "Enter")
    left(page, count - 11)
    keys(page, "l")
    left(page, count - 12)
    keys(page, "w")
    left(page, count - 13)
    return rejected


def _draft_by_keys(page: Page) -> str:
    """Order, a split, a corrected headline, an event typed in; the headline as it was."""
    keys(page, "g", "d")
    arrived(page, "/desk/draft")
    keys(page, "j", "j", "J")
    said(page, "2번째로 옮겼습니다.")
    keys(page, "m", "3")
    said(page, "‘스마트시티 정책동향’ 분야로 옮겼습니다.")
    with_more = page.locator("li[data-item]", has_text="외 1곳").first
    while with_more.get_attribute("aria-current") is None:
        keys(page, "j" if is_before(page, with_more.get_attribute("data-item") or "") else "k")
    keys(page, "o")
    arrived(page, "/desk/items/*")
    keys(page, "s")
    said(page, "따로 나눴습니다")
    page.wait_for_load_state("load")
    keys(page, "c")
    in_field(page, "text")
    was = str(page.evaluate("document.activeElement.value"))
    page.keyboard.type(ENDING)
    keys(page, "Escape")
    page.locator("[data-mark]", has_text="저장됨").wait_for()
    keys(page, "g", "d")
    arrived(page, "/desk/draft#item-*")
    keys(page, "n")
    in_field(page, "url")
    keys(page, "Escape", "6")
    arrived(page, "/desk/draft/add?section=news")
    in_field(page, "url")
    keys(page, "Tab", "Tab")
    _event_by_keys(page)
    return was


def _event_by_keys(page: Page) -> None:
    for name, text, on in (
        ("title", EVENT, 2),
        ("starts", "03192024", 2),
        ("ends", "03232024", 2),
        ("venues", VENUE, 1),
        ("subject", "디지털·그린 전환", 1),
    ):
        in_field(page, name)
        page.keyboard.type(text)
        keys(page, *["Tab"] * on)
    keys(page, "Enter")
    arrived(page, "/desk/draft#item-*")


def _translation_by_keys(page: Page) -> None:
    """The first text that is missing, and the one behind it."""
    keys(page, "g", "l")
    arrived(page, "/desk/translation")
    keys(page, "c")
    in_field(page, "text")
    page.keyboard.type("Ministry builds a support model for smart cities abroad")
    keys(page, "Tab", "Tab")
    page.locator("#progress", has_text="1개를 옮겼습니다").wait_for()


def _publication_by_keys(page: Page) -> None:
    keys(page, "Escape", "p")
    arrived(page, "/desk/preview")
    previewed(page)
    keys(page, "g", "d")
    arrived(page, "/desk/draft")
    keys(page, "Y")
    said(page, "모두 채택했습니다.")
    keys(page, "R")
    said(page, "검토를 요청했습니다.")
    keys(page, "A")
    said(page, "승인했습니다.")
    keys(page, "P")
    arrived(page, "/desk/issues/48#publish")
    in_field(page, "accepted_by")
    page.keyboard.type("Kim")
    keys(page, "Tab")
    page.keyboard.type("48")
    keys(page, "Enter")
    arrived(page, "/desk/issues/48#out")


# --- by mouse -------------------------------------------------------------------------------------


def test_a_month_by_mouse(room: Room, app: App, tmp_path: Path) -> None:
    """With rows that are dragged, and keys for texts alone."""
    page = stranger(room)
    page.fill("#name", PUBLISHER)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/desk")
    _inbox_by_mouse(page)
    corrected = _draft_by_mouse(page)
    file = tmp_path / "issue-48.en.po"
    file.write_text(translation_file(), encoding="utf-8")
    page.click(".places a[href='/desk/translation']")
    page.click("#files summary")
    page.set_input_files("#po-file", file)
    page.wait_for_function("document.getElementById('po').value.length > 1000")
    page.click("#files form button")
    page.locator("#said .done, #flash.done").wait_for()
    _publication_by_mouse(page)

    stage, did = outcome(app)
    assert (Stage.PUBLISHED, frozenset()) == (stage, DONE - set(did))
    assert did[ActionKind.TRANSLATE] == 1
    for part in (corrected + ENDING, EVENT, VENUE):
        assert part in printed(app)
    english = (app.public / "issues/48/en/index.html").read_text(encoding="utf-8")
    assert "Smart cities as an export package" in english


def _inbox_by_mouse(page: Page) -> None:
    page.click(".places a[href='/desk/inbox']")
    count = len(rows(page))
    for n in range(1, 9):
        page.click(".inbox > .row >> nth=0 >> button[data-key=a]")
        left(page, count - n)
    page.click("#said button")
    left(page, count - 7)
    page.select_option("[id^=section-]", "project")
    page.click("#reading button[data-key=a]")
    left(page, count - 8)
    page.select_option("[id^=reason-]", "too_small")
    page.click("#reading button.danger")
    left(page, count - 9)
    page.click("#reading button[data-key=l]")
    left(page, count - 10)
    page.click("#reading button[data-key=w]")
    left(page, count - 11)


def _draft_by_mouse(page: Page) -> str:
    page.click(".places a[href='/desk/draft']")
    [first, second, *_] = stories(page, "project")
    drag(page, second, f"#item-{first}")
    said(page, "1번째로 옮겼습니다.")
    assert [second, first] == stories(page, "project")[:2]
    drag(page, second, f"#item-{stories(page, 'issue')[0]}")
    said(page, "‘스마트시티 이슈’ 분야로 옮겼습니다.")
    assert second in stories(page, "issue")
    page.locator("li[data-item]", has_text="외 1곳").first.locator("a[data-open]").click()
    page.wait_for_url("**/desk/items/*")
    box = page.locator("#sources input[type=checkbox]")
    assert box.is_checked()
    page.click("#sources button[data-key=s]")
    said(page, "따로 나눴습니다")
    was = page.input_value("form[data-save] textarea >> nth=0")
    page.fill("form[data-save] textarea >> nth=0", was + ENDING)
    page.click("h1")
    page.locator("[data-mark]", has_text="저장됨").wait_for()
    page.click(".places a[href='/desk/draft']")
    page.click("#section-news a[data-key=n]")
    fill_event(page)
    page.click("form.typed .buttons button.primary")
    page.wait_for_url("**/desk/draft#item-*")
    return was


def _publication_by_mouse(page: Page) -> None:
    page.click(".places a[href='/desk/preview']")
    previewed(page)
    page.click(".places a[href='/desk/draft']")
    page.click("#open-aside a")
    page.wait_for_url("**/desk/items/*")
    page.click(".decided button[data-key=a]")
    said(page, "채택했습니다")
    page.click(".places a[href='/desk/draft']")
    page.click("#stage button[data-key=Y]")
    said(page, "모두 채택했습니다.")
    page.click("#stage button[data-key=R]")
    said(page, "검토를 요청했습니다.")
    page.click("#stage button[data-key=A]")
    said(page, "승인했습니다.")
    page.click("#stage a[data-key=P]")
    page.fill("#accepted_by", "Kim")
    page.fill("#typed", "48")
    page.click("#publish button")
    page.wait_for_url("**/desk/issues/48#out")


# --- without a script -----------------------------------------------------------------------------


def test_a_month_without_a_script(room: Room, app: App) -> None:
    """Forms and links alone: places by their number, files as text."""
    page = stranger(room, script=False)
    page.fill("#name", PUBLISHER)
    page.fill("#password", PASSWORD)
    page.click("main button")
    _inbox_by_forms(page)
    corrected = _draft_by_forms(page)
    page.click(".places a[href='/desk/translation']")
    page.click("#files summary")
    page.fill("#po", translation_file())
    page.click("#files form button")
    assert page.locator("#flash.done").count()
    _publication_by_forms(page)

    stage, did = outcome(app)
    assert (Stage.PUBLISHED, frozenset()) == (stage, DONE - set(did))
    for part in (corrected + ENDING, EVENT, VENUE):
        assert part in printed(app)


def _inbox_by_forms(page: Page) -> None:
    page.click(".places a[href='/desk/inbox']")
    count = len(rows(page))
    for _ in range(7):
        page.click(".inbox > .row >> nth=0 >> button[data-key=a]")
    page.click("#flash button")
    assert count - 6 == len(rows(page))
    page.select_option("[id^=section-]", "project")
    page.click("#reading button[data-key=a]")
    page.click(".inbox > .row >> nth=0 >> a[data-key=x]")
    page.select_option("[id^=reason-]", "other")
    page.fill("[id^=why-]", "같은 기관의 다른 소식이 있음")
    page.click("#reading button.danger")
    page.click("#reading button[data-key=l]")
    page.click("#reading button[data-key=w]")
    assert count - 10 == len(rows(page))


def _draft_by_forms(page: Page) -> str:
    page.click(".places a[href='/desk/draft']")
    [first, second, third, *_] = stories(page, "project")
    page.click(f"#more-{third} a")
    page.fill(f"#place-{third}", "1")
    page.click(f"#more-{third} form[data-to-place] button")
    assert [third, first, second] == stories(page, "project")[:3]
    page.click(f"#item-{first} button[data-key=J]")
    assert [third, second, first] == stories(page, "project")[:3]
    page.click(f"#more-{first} a")
    page.select_option(f"#to-{first}", "trend")
    page.click(f"#more-{first} form[data-to-section] button")
    assert first in stories(page, "trend")
    page.locator("li[data-item]", has_text="외 1곳").first.locator("a[data-open]").click()
    page.click("#sources button[data-key=s]")
    assert "따로 나눴습니다" in page.inner_text("#said")
    was = page.input_value("form[data-save] textarea >> nth=0")
    page.fill("form[data-save] textarea >> nth=0", was + ENDING)
    page.click("form[data-save] button[value=save] >> nth=0")
    assert was + ENDING == page.input_value("form[data-save] textarea >> nth=0")
    page.click(".places a[href='/desk/draft']")
    page.click("#section-news a[data-key=n]")
    fill_event(page)
    page.click("form.typed .buttons button.primary")
    assert "/desk/draft#item-" in page.url
    return was


def _publication_by_forms(page: Page) -> None:
    page.click(".places a[href='/desk/preview']")
    previewed(page)
    page.click(".places a[href='/desk/draft']")
    page.click("#open-aside a")
    page.click(".decided button[data-key=a]")
    page.click(".places a[href='/desk/draft']")
    page.click("#stage button[data-key=Y]")
    page.click("#stage button[data-key=R]")
    page.click("#stage button[data-key=A]")
    page.click("#stage a[data-key=P]")
    page.fill("#accepted_by", "Kim")
    page.fill("#typed", "48")
    page.click("#publish button")
    assert page.url.endswith("/desk/issues/48#out")
