"""Live saving in a real browser: nothing that was typed is lost, and nobody is overwritten silently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickField
from aggregator.issue.texts import find_text
from aggregator.services.editing.comments import comments_of
from aggregator.services.editing.issue_at_hand import the_pick
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.doors import PASSWORD
from tests.web.desk.hands import draft_of_three
from tests.web.desk.test_draft_page import NAMES, issue_id, story

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

pytestmark = [needs_hands, pytest.mark.long]
FIELD = "form[data-save][action$='/headline/ko'] textarea"
OLD = f"{NAMES[0]} 스마트시티"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases."""
    with draft_of_three(tmp_path) as made:
        yield made


def item(app: App) -> str:
    """The page of the first release."""
    return f"/desk/items/{story(app, NAMES[0])}"


def marked(page: Page, text: str) -> None:
    """Wait until the field says this of itself."""
    page.locator("form[data-save][action$='/headline/ko'] [data-mark]", has_text=text).wait_for()


def stored(app: App) -> str:
    """The headline as somebody wrote it, "" where nobody has."""
    picked = the_pick(app.desk, issue_id(app), story(app, NAMES[0]))
    assert picked is not None
    text = find_text(picked.pick.texts, PickField.HEADLINE, "ko")
    return text.text if text is not None else ""


def test_a_text_is_saved_on_leaving_its_field(room: Room, app: App) -> None:
    """The mark says so, in words, to who listens too."""
    page = room.sit_down("editor", item(app))
    page.fill(FIELD, "고친 제목")
    marked(page, "아직 저장 안 됨")

    page.keyboard.press("Tab")

    marked(page, "저장됨")
    assert "고친 제목" == stored(app)
    assert "status" == page.locator("[data-mark]").first.get_attribute("role")


def test_a_text_is_saved_two_seconds_after_the_last_key(room: Room, app: App) -> None:
    """Without leaving the field, which keeps the focus."""
    page = room.sit_down("editor", item(app))
    page.fill(FIELD, "고친 제목")

    marked(page, "저장됨")

    assert "고친 제목" == stored(app)
    assert "text" == page.evaluate("document.activeElement.name")


def test_nothing_is_sent_while_korean_is_composed(room: Room, app: App) -> None:
    """Half a syllable is no text; it is sent when the syllable is done."""
    page = room.sit_down("editor", item(app))
    page.focus(FIELD)
    page.evaluate(
        """document.activeElement.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}))"""
    )
    page.evaluate("document.execCommand('insertText', false, 'ㅎ')")
    page.wait_for_timeout(2600)
    assert "" == stored(app)

    page.evaluate(
        """document.activeElement.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}))"""
    )

    marked(page, "저장됨")
    assert "ㅎ" in stored(app)


def test_what_is_composed_is_saved_whole(room: Room, app: App) -> None:
    """By the browser's own composition, syllable by syllable; no letter of it is taken for a key."""
    page = room.sit_down("editor", item(app))
    keyboard = page.context.new_cdp_session(page)
    page.focus(FIELD)
    page.keyboard.press("End")
    for syllable in (["ㅎ", "하", "한"], ["ㄱ", "그", "글"]):
        for text in syllable:
            composed = {"text": text, "selectionStart": 1, "selectionEnd": 1}
            keyboard.send("Input.imeSetComposition", composed)
        keyboard.send("Input.insertText", {"text": syllable[-1]})
    page.keyboard.press("Tab")

    marked(page, "저장됨")
    assert f"{OLD}한글" == stored(app)
    assert f"{room.base}{item(app)}" == page.url


def test_two_editors_of_one_text_are_shown_both(room: Room, app: App) -> None:
    """Whoever comes second chooses; nobody is overwritten silently."""
    kim, lee = (room.sit_down(name, item(app)) for name in ("editor", "publisher"))
    lee.fill(FIELD, "이 씨의 제목")
    lee.keyboard.press("Tab")
    marked(lee, "저장됨")

    kim.fill(FIELD, "김 씨의 제목")
    marked(kim, "그사이 바뀌었습니다")
    assert ["이 씨의 제목", "김 씨의 제목"] == kim.locator(".choose blockquote").all_inner_texts()
    assert "이 씨의 제목" == stored(app)
    kim.locator(".choose button.primary").click()

    marked(kim, "저장됨")
    assert "김 씨의 제목" == stored(app)


def test_the_other_text_is_taken(room: Room, app: App) -> None:
    """Then it stands in the field."""
    kim, lee = (room.sit_down(name, item(app)) for name in ("editor", "publisher"))
    lee.fill(FIELD, "이 씨의 제목")
    lee.keyboard.press("Tab")
    marked(lee, "저장됨")
    kim.fill(FIELD, "김 씨의 제목")
    kim.locator(".choose button:not(.primary)").click()

    assert "이 씨의 제목" == kim.input_value(FIELD)
    assert "이 씨의 제목" == stored(app)


def test_two_fields_do_not_get_in_each_others_way(room: Room, app: App) -> None:
    """One edits the headline, the other the blurb."""
    kim, lee = (room.sit_down(name, item(app)) for name in ("editor", "publisher"))
    lee.fill("form[data-save][action$='/blurb/ko'] textarea", "이 씨의 본문")
    lee.keyboard.press("Tab")
    lee.locator("form[action$='/blurb/ko'] [data-mark]", has_text="저장됨").wait_for()

    kim.fill(FIELD, "김 씨의 제목")
    kim.keyboard.press("Tab")

    marked(kim, "저장됨")
    assert "김 씨의 제목" == stored(app)


def test_a_lost_connection_loses_nothing(room: Room, app: App) -> None:
    """The text is saved when the connection is there again, by itself."""
    page = room.sit_down("editor", item(app))
    page.context.set_offline(True)
    page.fill(FIELD, "끊긴 사이의 제목")
    marked(page, "연결이 없습니다")
    assert "" == stored(app)

    page.context.set_offline(False)

    marked(page, "저장됨")
    assert "끊긴 사이의 제목" == stored(app)


def test_a_closed_tab_loses_nothing(room: Room, app: App) -> None:
    """The browser has the text, and offers it when the page is opened again."""
    page = room.sit_down("editor", item(app))
    page.context.set_offline(True)
    page.fill(FIELD, "닫힌 창의 제목")
    marked(page, "연결이 없습니다")
    page.close(run_before_unload=False)

    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{room.base}{item(app)}")
    assert OLD == again.input_value(FIELD)
    assert "닫힌 창의 제목" == again.locator(".offer blockquote").inner_text()
    again.locator(".offer button").first.click()

    marked(again, "저장됨")
    assert "닫힌 창의 제목" == stored(app)


def reopened(room: Room, page: Page, path: str) -> Page:
    """The same browser, another tab."""
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(f"{room.base}{path}")
    return again


@pytest.mark.parametrize("where", ["item", "issue"])
def test_a_comment_that_was_begun_is_offered_again(room: Room, app: App, where: str) -> None:
    """In the browser in which it was begun, until it is said."""
    path = item(app) if where == "item" else "/desk/draft"
    page = room.sit_down("editor", path)
    box = "form[action$='/comment'] textarea"
    page.fill(box, "날짜를 누가 확인합니까?")
    again = reopened(room, page, path)
    assert "날짜를 누가 확인합니까?" == again.locator(".offer blockquote").inner_text()
    again.locator(".offer button").first.click()
    assert "날짜를 누가 확인합니까?" == again.input_value(box)

    again.locator("form[action$='/comment'] button", has_text="남기").click()
    again.locator("#said .done").wait_for()

    assert ["날짜를 누가 확인합니까?"] == [one.text for one in comments_of(app.desk, issue_id(app))]
    again.reload()
    assert 0 == again.locator(".offer").count()


def test_a_comment_that_could_not_be_sent_outlives_what_is_done_next(room: Room, app: App) -> None:
    """Another action that was carried out says nothing of it."""
    page = room.sit_down("editor", item(app))
    page.fill("form[action$='/comment'] textarea", "날짜를 누가 확인합니까?")
    page.context.set_offline(True)
    page.locator("form[action$='/comment'] button", has_text="남기").click()
    page.locator("#said", has_text="연결이 되지 않아").wait_for()
    page.context.set_offline(False)
    page.goto(f"{room.base}/desk/draft/add?section=news")
    page.fill("#title", "스마트시티 서밋")
    page.fill("#starts", "2024-03-19")
    page.press("#title", "Enter")
    page.locator("#said .done").wait_for()
    page.goto(f"{room.base}{item(app)}")

    assert "날짜를 누가 확인합니까?" == page.locator(".offer blockquote").inner_text()


def test_a_form_that_could_not_be_sent_is_offered_again(room: Room, app: App) -> None:
    """Whatever is done before it is opened again, in the window in which it was sent."""
    page = room.sit_down("editor", "/desk/draft/add?section=news")
    page.fill("#title", "스마트시티 서밋")
    page.fill("#starts", "2024-03-19")
    page.route("**/draft/add", lambda route: route.abort())
    page.press("#title", "Enter")
    page.wait_for_url("chrome-error://**")
    page.unroute("**/draft/add")
    page.goto(f"{room.base}{item(app)}")
    page.fill("form[action$='/comment'] textarea", "날짜를 누가 확인합니까?")
    page.locator("form[action$='/comment'] button", has_text="남기").click()
    page.locator("#said .done").wait_for()
    page.goto(f"{room.base}/desk/draft/add?section=news")

    assert "스마트시티 서밋" in page.locator(".offer blockquote").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_a_section_is_chosen_after_typing(room: Room, app: App, script: bool) -> None:  # noqa: FBT001
    """The fields keep what they have, and so do those that the other section prints; Enter still adds."""
    page = room.sit_down("editor", "/desk/draft/add?section=news", java_script_enabled=script)
    page.fill("#title", "스마트시티 서밋")
    page.fill("#phone", "02-3667-3114")
    page.locator("[data-key='2']").click()
    page.wait_for_url("**section=project")
    assert "스마트시티 서밋" == page.input_value("#title")
    page.locator("[data-key='6']").click()
    page.wait_for_url("**section=news")
    assert "02-3667-3114" == page.input_value("#phone")

    page.fill("#starts", "2024-03-19")
    page.press("#title", "Enter")

    page.locator("#said .done").wait_for()
    assert 0 == page.locator(".offer").count()


def test_a_comment_outlives_a_session_that_ended(room: Room, app: App) -> None:
    """It is offered after the login that came in between."""
    page = room.sit_down("editor", item(app))
    page.fill("form[action$='/comment'] textarea", "날짜를 누가 확인합니까?")
    page.context.clear_cookies()
    page.locator("form[action$='/comment'] button", has_text="남기").click()
    page.locator("a[href*='/desk/login']").first.click()
    page.fill("#name", "editor")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_load_state("load")
    page.goto(f"{room.base}{item(app)}")

    assert "날짜를 누가 확인합니까?" == page.locator(".offer blockquote").inner_text()
    assert [] == comments_of(app.desk, issue_id(app))


def test_an_item_that_was_begun_is_offered_again(room: Room, app: App) -> None:
    """Also on the form of another section, as far as that has the fields; it is kept where it was
    refused, and thrown away by its button."""
    page = room.sit_down("editor", "/desk/draft/add?section=news")
    page.fill("#title", "스마트시티 서밋")
    page.fill("#phone", "02-3667-3114")
    page.press("#title", "Enter")
    page.locator(".flash.problem").wait_for()
    again = reopened(room, page, "/desk/draft/add?section=project")
    assert "스마트시티 서밋" == again.locator(".offer blockquote").inner_text()
    again.locator(".offer button").first.click()
    assert "스마트시티 서밋" == again.input_value("#title")

    other = reopened(room, again, "/desk/draft/add?section=news")
    assert "스마트시티 서밋 · 02-3667-3114" == other.locator(".offer blockquote").inner_text()
    other.locator(".offer button").last.click()
    other.reload()
    assert 0 == other.locator(".offer").count()


def test_what_was_kept_can_be_thrown_away(room: Room, app: App) -> None:
    """And is not offered again."""
    page = room.sit_down("editor", item(app))
    page.context.set_offline(True)
    page.fill(FIELD, "닫힌 창의 제목")
    marked(page, "연결이 없습니다")
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{room.base}{item(app)}")
    again.locator(".offer button").last.click()

    again.reload()

    assert 0 == again.locator(".offer").count()
    assert "" == stored(app)


def test_leaving_is_asked_about_only_while_something_is_unsaved(room: Room, app: App) -> None:
    """Not a moment longer."""
    page = room.sit_down("editor", item(app))
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.fill(FIELD, "고친 제목")
    marked(page, "저장됨")
    page.goto(f"{room.base}/desk/draft")
    assert [] == asked

    page.goto(f"{room.base}{item(app)}")
    page.context.set_offline(True)
    page.locator(FIELD).press_sequentially("또")
    marked(page, "연결이 없습니다")
    page.context.set_offline(False)
    page.locator(FIELD).press_sequentially("!")
    page.goto(f"{room.base}/desk/draft")
    assert ["beforeunload"] == asked


def test_a_session_that_ended_keeps_the_text(room: Room, app: App) -> None:
    """The field says what to do; the text is there after the login."""
    page = room.sit_down("editor", item(app))
    page.context.clear_cookies()
    page.fill(FIELD, "나간 뒤의 제목")
    marked(page, "다시 로그인")

    assert "" == stored(app)
    assert "나간 뒤의 제목" in page.evaluate("JSON.stringify(localStorage)")


def test_the_text_of_the_source_comes_back_by_its_button(room: Room, app: App) -> None:
    """Without leaving the page."""
    page = room.sit_down("editor", item(app))
    page.fill(FIELD, "고친 제목")
    page.keyboard.press("Tab")
    marked(page, "저장됨")
    page.reload()

    page.locator("form[action$='/headline/ko'] button[value=clear]").click()

    marked(page, "저장됨")
    assert OLD == page.input_value(FIELD)
    assert "" == stored(app)
