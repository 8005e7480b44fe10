"""Somebody translates, publishes and corrects in a real browser, with the script and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.editing import Stage
from aggregator.domain.issues import PickField
from aggregator.services.editing.standings import standing_of
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.press import PLAN, press_opened, story_of, translate
from tests.fixtures.publication import approved, site_file

pytestmark = [needs_hands, pytest.mark.long]
PAGE = "/desk/issues/48"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk with an issue in the making."""
    with press_opened(tmp_path) as made:
        yield made


def stage(app: App) -> Stage:
    """Where the issue stands."""
    return standing_of(app.desk, app.store.issues(app.desk.series.id)[0]).stage


def test_faults_follow_what_is_saved(app: App, room: Room) -> None:
    """Without a reload: what is wrong with the text, and how much is left."""
    page = room.sit_down("editor", "/desk/translation")
    ident = f"f-{story_of(app, PLAN)}-blurb-en"
    row = page.locator(".beside", has=page.locator(f"#{ident}"))
    page.fill(f"#{ident}-text", "The plan is 확정, 12 cities get 150 billion won.")
    page.press(f"#{ident}-text", "Tab")

    row.locator(".faults li.red").first.wait_for()
    assert "한글이 남아 있음" in row.inner_text()
    assert "2개를 옮겼습니다" in page.inner_text("#progress")
    assert row.locator(".state").count() == 0

    page.fill(
        f"#{ident}-text", "On March 5 MOLIT confirmed the plan: 12 cities get 15 billion won."
    )
    page.press(f"#{ident}-text", "Tab")
    row.locator(".faults").wait_for(state="detached")


def test_a_file_is_read_into_the_form(room: Room, tmp_path: Path) -> None:
    """Where there is a script; what is sent is its text."""
    file = tmp_path / "issue.po"
    file.write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    page = room.sit_down("editor", "/desk/translation")
    page.click("#files summary")
    page.set_input_files("#po-file", file)

    page.wait_for_function("document.getElementById('po').value.startsWith('msgid')")


@pytest.mark.parametrize("script", [True, False])
def test_an_issue_goes_out_by_keyboard(app: App, room: Room, script: bool) -> None:  # noqa: FBT001
    """Approved, confirmed by its number, accepted by name; with the script and without."""
    approved(app)
    page = room.sit_down("publisher", PAGE, java_script_enabled=script)
    page.focus("#accepted_by")
    page.keyboard.type("Kim")
    page.keyboard.press("Tab")
    page.keyboard.type("48")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGE}#out")

    assert Stage.PUBLISHED is stage(app)
    page.locator("#said", has_text="제48호가 나갔습니다.").wait_for()
    assert "바뀐 피드" in page.inner_text("#out")
    assert PLAN in site_file(app, "issues/48/index.html")


@pytest.mark.parametrize("script", [True, False])
def test_another_number_sends_nothing(app: App, room: Room, script: bool) -> None:  # noqa: FBT001
    """The browser says so, and what was typed beside stays."""
    approved(app)
    page = room.sit_down("publisher", PAGE, java_script_enabled=script)
    page.fill("#accepted_by", "Kim")
    page.fill("#typed", "49")
    page.press("#typed", "Enter")
    assert page.locator("#typed:invalid").count()
    assert "Kim" == page.input_value("#accepted_by")
    assert Stage.APPROVED is stage(app)

    page.fill("#typed", " 48 ")
    page.press("#typed", "Enter")
    page.wait_for_url(f"**{PAGE}#out")


def test_an_approval_is_shown_where_it_was_given(app: App, room: Room) -> None:
    """The page of the issue goes on to its publication."""
    page = room.sit_down("publisher", PAGE)
    page.click("#next button[data-key=A]")
    page.locator("#publish").wait_for()

    assert Stage.APPROVED is stage(app)


def test_an_hour_is_taken_back_by_its_button(app: App, room: Room) -> None:
    """The page follows."""
    approved(app)
    page = room.sit_down("publisher", PAGE)
    page.click("#next summary")
    page.fill("#at", "2024-03-05T09:30")
    page.click("#next form[action$=schedule] button")
    page.locator("form[action$=unschedule] button").click()
    page.locator("form[action$=unschedule]").wait_for(state="detached")

    assert Stage.APPROVED is stage(app)


@pytest.mark.parametrize("width", ["375", "680"])
def test_side_by_side_is_side_by_side(app: App, room: Room, width: str) -> None:
    """Web page, mail and plain text are all in a window of 1280 pixels, each laid out for the width that
    was chosen."""
    page = room.sit_down("editor", viewport={"width": 1280, "height": 900})
    page.goto(f"{room.base}/desk/preview?form=all&width={width}")
    frames = page.locator(".framed iframe").all()
    boxes = [box for one in frames if (box := one.bounding_box())]
    inner = {frame.evaluate("innerWidth") for frame in page.frames if frame.parent_frame}

    assert 3 == len(boxes)
    assert 1 == len({box["y"] for box in boxes})
    assert all(box["x"] + box["width"] <= 1280 for box in boxes)
    assert {int(width)} == inner


def test_links_of_a_preview_open_elsewhere(app: App, room: Room) -> None:
    """The frame stays what it is."""
    translate(app, PLAN, PickField.BLURB, "On March 5 MOLIT confirmed the plan.")
    page = room.sit_down("reader", "/desk/preview?form=mail&width=375")
    frame = page.frame_locator("iframe")
    frame.locator("a[target=_blank]").first.wait_for()
    page.context.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    with page.context.expect_page() as opened:
        frame.locator("a[target=_blank]").first.click()

    assert "elsewhere" in opened.value.content()
    assert frame.locator("h1").count() == 1
