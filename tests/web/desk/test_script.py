"""The script of the desk in a real browser: keys, forms without leaving the page, live saving, dragging."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from aggregator.domain.editing import Stage
from aggregator.services.editing.actions import accept
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.standings import standing_of
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.desk import bring, release
from tests.web.desk.hands import draft_of_three, focused, said
from tests.web.desk.test_draft_page import DRAFT, NAMES, issue_id

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [needs_hands, pytest.mark.long]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases in one section of the draft."""
    with draft_of_three(tmp_path) as made:
        yield made


def order(page: Page, section: str = "project") -> list[str]:
    """The headlines of a section as they stand on the page."""
    found = page.locator(f"[data-section={section}] li .headline [lang]").all_inner_texts()
    return [text.removesuffix(" 스마트시티") for text in found]


# --- keys -----------------------------------------------------------------------------------------


def test_a_walk_goes_from_row_to_row(room: Room) -> None:
    """The row has the focus and is marked; at the ends it stays."""
    page = room.sit_down("editor", DRAFT)
    for key, name in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert NAMES[name] == focused(page)

    assert 1 == page.locator("[aria-current=true][data-item]").count()


def test_an_item_is_put_in_order_and_back_by_keys(room: Room, app: App) -> None:
    """Without leaving the page; the focus stays on the item."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")

    page.keyboard.press("Shift+J")
    said(page, "2번째로 옮겼습니다.")
    assert [NAMES[1], NAMES[0], NAMES[2]] == order(page)
    assert NAMES[0] == focused(page)
    page.keyboard.press("u")
    said(page, "되돌렸습니다")

    assert [*NAMES] == order(page)
    page.keyboard.press("Shift+U")
    said(page, "다시 했습니다")
    assert [NAMES[1], NAMES[0], NAMES[2]] == order(page)


def test_a_digit_moves_an_item_to_that_section(room: Room) -> None:
    """As the list of sections counts them; then the next item has the focus."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")

    page.keyboard.press("m")
    page.keyboard.press("3")

    said(page, "옮겼습니다.")
    assert [NAMES[0]] == order(page, "trend")
    assert NAMES[0] == focused(page)


def test_a_rejection_asks_for_a_reason_and_goes_on(room: Room, app: App) -> None:
    """The focus is never lost: it goes to the item behind."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")

    page.keyboard.press("x")
    page.keyboard.type("too far away")
    page.keyboard.press("Enter")

    said(page, "제외했습니다.")
    assert [NAMES[1], NAMES[2]] == order(page)
    assert NAMES[1] == focused(page)
    page.locator("#said button").click()
    said(page, "되돌렸습니다")
    assert [*NAMES] == order(page)


def test_what_is_left_out_comes_back_by_its_button(room: Room) -> None:
    """From the list of what was taken out, which stays open."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")
    page.keyboard.press("l")
    said(page, "이번 호에서 뺐습니다.")

    page.locator("#out summary").click()
    page.locator("#out button").click()

    said(page, "초안에 넣었습니다.")
    assert sorted(NAMES) == sorted(order(page))


def test_keys_do_nothing_in_a_field(room: Room) -> None:
    """They are letters there; Escape leads out."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.type("lluJk")

    assert "lluJk" == page.evaluate("document.activeElement.value")
    page.keyboard.press("Escape")
    assert NAMES[0] == focused(page)
    assert [*NAMES] == order(page)


def test_keys_do_nothing_while_korean_is_composed(room: Room) -> None:
    """Neither as browsers mark it now, nor as older ones did."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")
    for init in ("{key: 'l', isComposing: true}", "{key: 'Process', code: 'KeyL', keyCode: 229}"):
        page.evaluate(
            f"""document.activeElement.dispatchEvent(
                new KeyboardEvent('keydown', {{bubbles: true, ...{init}}}))"""
        )
    page.wait_for_timeout(300)

    assert [*NAMES] == order(page)


def test_a_korean_keyboard_that_does_not_compose_has_the_same_keys(room: Room) -> None:
    """The key is where it is, whatever letter is on it."""
    page = room.sit_down("editor", DRAFT)
    page.evaluate(
        """document.body.dispatchEvent(
            new KeyboardEvent('keydown', {bubbles: true, key: 'ㅓ', code: 'KeyJ'}))"""
    )

    assert NAMES[0] == focused(page)


def test_caps_lock_is_no_shift(room: Room, app: App) -> None:
    """Who meant to accept has not approved the issue; who meant it has."""
    page = room.sit_down("publisher", DRAFT)
    page.keyboard.press("j")
    page.keyboard.press("K")
    assert NAMES[0] == focused(page)
    page.keyboard.press("A")
    page.wait_for_timeout(300)
    assert Stage.DRAFT is standing_of(app.desk, working_issue(app.desk)).stage

    page.keyboard.press("Shift+A")

    said(page, "승인했습니다.")
    assert Stage.APPROVED is standing_of(app.desk, working_issue(app.desk)).stage


def test_keys_can_be_switched_off(room: Room) -> None:
    """In the dialog that lists them; the browser remembers it, and the dialog has a button."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("?")
    page.locator("dialog#keys[open] input").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert "" == focused(page)

    page.locator("#keys-open").click()
    page.locator("dialog#keys[open] input").check()
    page.locator("dialog#keys button").click()
    page.keyboard.press("j")
    assert NAMES[0] == focused(page)


def test_a_key_with_a_modifier_is_the_browsers(room: Room) -> None:
    """Ctrl, Alt and Meta are not ours."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")
    page.keyboard.press("Control+l")
    page.wait_for_timeout(200)

    assert [*NAMES] == order(page)


def test_a_lost_connection_is_said_and_nothing_is_lost(room: Room) -> None:
    """The row stays as it is, with the focus."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")
    page.context.set_offline(True)

    page.keyboard.press("l")

    said(page, "연결이 되지 않아")
    assert [*NAMES] == order(page)
    page.context.set_offline(False)
    page.keyboard.press("l")
    said(page, "이번 호에서 뺐습니다.")


def test_a_server_that_fails_is_said_and_nothing_is_lost(room: Room) -> None:
    """The page stays, with what was typed."""
    page = room.sit_down("editor", DRAFT)
    page.fill("#comment", "반쯤 쓴 의견")
    page.route("**/issue/comment", lambda route: route.fulfill(status=500, body="broken"))

    page.locator("form.say button").click()

    said(page, "서버에 문제가 있어")
    assert "반쯤 쓴 의견" == page.input_value("#comment")


def test_what_was_typed_beside_stays(room: Room) -> None:
    """A comment half written survives another action."""
    page = room.sit_down("editor", DRAFT)
    page.fill("#comment", "반쯤 쓴 의견")
    page.fill("#note-review", "반쯤 쓴 메모")
    page.locator("li[data-item]").first.focus()

    page.keyboard.press("l")

    said(page, "이번 호에서 뺐습니다.")
    assert ("반쯤 쓴 의견", "반쯤 쓴 메모") == (
        page.input_value("#comment"),
        page.input_value("#note-review"),
    )


def test_what_was_typed_in_a_row_stays(room: Room) -> None:
    """Its panel is made when it is asked for; what stands in it survives what is done to another row."""
    page = room.sit_down("editor", DRAFT)
    first, second = (
        one.get_attribute("data-item") for one in page.locator("li[data-item]").all()[:2]
    )
    assert 0 == page.locator("li[data-item] form[data-to-place]").count()
    page.click(f"#more-{second} a")
    assert "SUMMARY" == page.evaluate("document.activeElement.localName").upper()
    page.fill(f"#why-{second}", "이미 실린 소식")
    page.locator(f"#item-{first}").focus()

    page.keyboard.press("Shift+J")

    said(page, "2번째로 옮겼습니다.")
    assert "이미 실린 소식" == page.input_value(f"#why-{second}")
    assert page.locator(f"#more-{second}[open]").count()


def test_somebody_was_faster(room: Room, app: App) -> None:
    """The page says so, shows what stands there now, and keeps the focus on the item."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")
    other = room.sit_down("publisher", DRAFT)
    other.keyboard.press("j")
    other.keyboard.press("m")
    other.keyboard.press("3")
    said(other, "옮겼습니다.")

    page.keyboard.press("m")
    page.keyboard.press("4")

    page.locator("#said .problem").wait_for()
    assert [NAMES[0]] == order(page, "trend")
    assert NAMES[0] == focused(page)


@pytest.mark.parametrize("key", ["o", "Enter"])
def test_an_item_is_opened(room: Room, key: str) -> None:
    """From its row, and the way back leads there."""
    page = room.sit_down("editor", DRAFT)
    page.keyboard.press("j")

    page.keyboard.press(key)

    page.wait_for_url("**/desk/items/*")
    assert NAMES[0] in page.locator("h1").inner_text()


def test_an_undo_that_somebody_stands_in_the_way_of_is_asked_about(room: Room) -> None:
    """On a page with both, and a way out."""
    kim, lee = (room.sit_down(name, DRAFT) for name in ("editor", "publisher"))
    for page, digit in ((kim, "3"), (lee, "4")):
        page.reload()
        row = page.locator("li[data-item]", has_text=NAMES[0])
        row.focus()
        page.keyboard.press("m")
        page.keyboard.press(digit)
        said(page, "옮겼습니다.")

    kim.keyboard.press("u")

    kim.locator("h1", has_text="되돌리지 않았습니다").wait_for()
    assert "publisher" in kim.locator("main").inner_text()
    kim.locator("main a.primary").click()
    kim.wait_for_url(f"**{DRAFT}*")
    assert [NAMES[0]] == order(kim, "special")


# --- dragging -------------------------------------------------------------------------------------


def drag(page: Page, name: str, target: str, *, below: bool = False) -> None:
    """Take a row by its handle, and drop it above or below what ``target`` finds."""
    handle = page.locator("li[data-item]", has_text=name).locator("[data-drag]")
    handle.hover()
    page.mouse.down()
    box = page.locator(target).first.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * (0.9 if below else 0.1)
    page.mouse.move(box["x"] + 60, y - 4, steps=4)
    page.mouse.move(box["x"] + 60, y, steps=4)
    page.wait_for_timeout(60)
    page.mouse.up()


def test_a_row_is_dragged_within_its_section(room: Room) -> None:
    """Behind the last, and before the first; the number of its place follows."""
    page = room.sit_down("editor", DRAFT, viewport={"width": 1280, "height": 1400})

    drag(page, NAMES[0], "[data-section=project] li:nth-child(3)", below=True)
    said(page, "3번째로 옮겼습니다.")
    assert [NAMES[1], NAMES[2], NAMES[0]] == order(page)
    drag(page, NAMES[0], "[data-section=project] li:nth-child(1)")
    said(page, "1번째로 옮겼습니다.")

    assert [*NAMES] == order(page)
    assert ["1", "2", "3"] == page.locator("[data-section=project] .nth").all_inner_texts()


def test_a_row_is_dragged_to_another_section(room: Room) -> None:
    """Also into one that is empty; undo brings it back."""
    page = room.sit_down("editor", DRAFT, viewport={"width": 1280, "height": 1400})

    drag(page, NAMES[1], "#section-trend")
    said(page, "옮겼습니다.")
    assert [NAMES[1]] == order(page, "trend")
    page.keyboard.press("u")
    said(page, "되돌렸습니다")

    assert [*NAMES] == order(page)


def test_escape_ends_a_drag(room: Room) -> None:
    """Nothing moves."""
    page = room.sit_down("editor", DRAFT, viewport={"width": 1280, "height": 1400})
    page.locator("li[data-item]", has_text=NAMES[0]).locator("[data-drag]").hover()
    page.mouse.down()
    page.mouse.move(400, 500, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.wait_for_timeout(200)

    assert [*NAMES] == order(page)
    assert 0 == page.locator(".dragged").count()


def test_there_is_no_handle_without_the_script(room: Room) -> None:
    """It would do nothing; buttons and numbers do."""
    page = room.sit_down("editor", DRAFT, java_script_enabled=False)
    page.locator("[data-section=project] li").nth(0).locator("button[value='2']").click()

    assert [NAMES[1], NAMES[0], NAMES[2]] == order(page)
    assert 0 == page.locator("[data-drag]:visible").count()
    assert 0 == page.locator("#keys-open:visible").count()


# --- hostile texts --------------------------------------------------------------------------------

HOSTILE = [
    "<script>window.canary = 1</script>",
    "<img src=x onerror='window.canary = 1'>",
    "'\"><svg onload=window.canary=1>",
    "{{ 7 * 7 }} ${window.canary = 1}",
    "\u202e거꾸로 \u200b\u2066",
    "가" * 100_000,
    "a" * 100_000,
]


def test_hostile_texts_run_nothing_and_break_no_layout(room: Room, app: App) -> None:
    """In rows, marks, undo's button and the flash, also where the script puts them in place anew."""
    bring(
        app.desk,
        *(release("molit", f"h{n}", title=f"{t} 스마트시티") for n, t in enumerate(HOSTILE)),
    )
    editor = Editor.of(app.desk, app.curator, "editor")
    for one in app.store.stories():
        accept(editor, issue_id(app), one.public_id, section="trend")
    page = room.sit_down("editor", DRAFT, viewport={"width": 375, "height": 800})

    for _ in range(len(HOSTILE) + len(NAMES)):
        page.keyboard.press("j")
        page.keyboard.press("l")
        said(page, "이번 호에서 뺐습니다.")
        page.keyboard.press("u")
        said(page, "되돌렸습니다")

    assert page.evaluate("window.canary === undefined")
    assert 375 == page.evaluate("document.documentElement.scrollWidth")


def test_a_pasted_link_is_looked_at(room: Room) -> None:
    """Without another key; what goes wrong is said, and the link stays."""
    page = room.sit_down("editor", f"{DRAFT}/add?section=project")
    page.evaluate(
        """() => {
            const field = document.activeElement;
            field.value = 'http://10.0.0.1/inside';
            field.dispatchEvent(new ClipboardEvent('paste', {bubbles: true}));
        }"""
    )

    page.locator("#problem", has_text="내부 또는 개인 네트워크").wait_for()
    assert "http://10.0.0.1/inside" == page.input_value("#url")
