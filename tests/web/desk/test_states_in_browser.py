"""What axe says of states that no address shows: two texts of one field, a refusal, an offer, the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickField
from aggregator.services.editing.comments import add_comment, comments_of, resolve_comment
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from tests.fixtures.browsing import Room, needs_hands
from tests.fixtures.checkers import FOLDER, WIDTHS, needs_checkers
from tests.fixtures.desk_items import brought, issue_at, told
from tests.web.desk.hands import draft_of_three
from tests.web.desk.test_draft_page import DRAFT, NAMES, issue_id, story

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [needs_hands, needs_checkers, pytest.mark.long]
SITE_STYLE = Path(__file__).parents[3] / "aggregator/publish/assets/site.css"
FIELD = "form[data-save][action$='/headline/ko']"
RUN = """() => axe.run({
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
}).then(found => found.violations.flatMap(one => one.nodes.map(node => `${one.id} ${node.target} ${node.failureSummary}`)))"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A draft of three, with comments, one of them dealt with, and a source that changed under an edit."""
    with draft_of_three(tmp_path) as made:
        lee = Editor.of(made.desk, made.curator, "lee")
        first = story(made, NAMES[0])
        for text in ("머리기사를 바꿀까요?", "영문판은 금요일까지."):
            add_comment(lee, issue_id(made), text)
            add_comment(lee, issue_id(made), text, story=first)
        resolve_comment(lee, comments_of(made.desk, issue_id(made))[0].id)
        own = f"{NAMES[1]} 스마트시티"
        where = Where(story=story(made, NAMES[1]), field=PickField.HEADLINE, language="ko")
        edit_field(lee, issue_id(made), where, f"{own} 확대", base=own)
        [release] = [one.item for one in made.store.items() if one.item.title == own]
        brought(made, replace(release, title=f"{own} (정정)", hash="other"), told("늦은"))
        yield made


def faults(page: Page) -> list[str]:
    """What axe finds in what is shown: wide and narrow, light and dark."""
    page.evaluate((FOLDER / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} {scheme}: {one}" for one in page.evaluate(RUN)]
    return found


def faster(app: App) -> None:
    """Somebody else writes the headline."""
    lee = Editor.of(app.desk, app.curator, "lee")
    where = Where(story=story(app, NAMES[0]), field=PickField.HEADLINE, language="ko")
    edit_field(lee, issue_at(app), where, "이 씨의 제목", base=f"{NAMES[0]} 스마트시티")


def two_texts(app: App, page: Page) -> None:
    """Both beside the field."""
    page.goto(f"{page.url.partition('/desk')[0]}/desk/items/{story(app, NAMES[0])}")
    faster(app)
    page.fill(f"{FIELD} textarea", "김 씨의 제목")
    page.locator(".choose").wait_for()


def an_offer(app: App, page: Page) -> None:
    """A comment that was begun, and a text that was not saved."""
    address = f"{page.url.partition('/desk')[0]}/desk/items/{story(app, NAMES[0])}"
    page.goto(address)
    page.fill("#comment-text", "반쯤 쓴 의견")
    page.route("**/fields/**", lambda route: route.fulfill(status=503, body=""))
    page.fill(f"{FIELD} textarea", "닫힌 창의 제목")
    page.locator("[data-mark][data-state=later]").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    assert 2 == page.locator(".offer").count()


def a_changed_source(app: App, page: Page) -> None:
    """Three texts, and which shall stand."""
    page.goto(f"{page.url.partition('/desk')[0]}/desk/items/{story(app, NAMES[1])}")
    page.locator(".three").first.wait_for()


def an_open_row(app: App, page: Page) -> None:
    """All that can be done with a row of the draft, and what was done said above it."""
    page.goto(f"{page.url.partition('/desk')[0]}{DRAFT}")
    page.click(f"#more-{story(app, NAMES[1])} a")
    page.locator("li[data-item]").first.focus()
    page.keyboard.press("Shift+J")
    page.locator("#said .done").wait_for()


def the_keys(_: App, page: Page) -> None:
    """The list of them."""
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def a_refusal(_: App, page: Page) -> None:
    """A form with mistakes, each at its field."""
    page.goto(f"{page.url.partition('/desk')[0]}{DRAFT}/add?section=news")
    page.fill("#url", "https://expo.example/2024")
    page.press("#title", "Enter")
    page.locator(".problem-line").first.wait_for()


def a_closed_door(app: App, page: Page) -> None:
    """What was written is given back; the doorstep wears the site's style."""
    page.route("**/assets/site.css", lambda route: route.fulfill(path=SITE_STYLE))
    page.goto(f"{page.url.partition('/desk')[0]}/desk/items/{story(app, NAMES[0])}")
    page.fill("#comment-text", "날짜를 누가 확인합니까?")
    page.context.clear_cookies()
    page.locator("#comments form button").last.click()
    page.locator("textarea[readonly]").wait_for()


@pytest.mark.parametrize("language", ["ko-KR", "en-US"])
@pytest.mark.parametrize(
    "state",
    [two_texts, an_offer, a_changed_source, an_open_row, the_keys, a_refusal, a_closed_door],
    ids=lambda one: one.__name__,
)
def test_axe_finds_nothing(
    app: App, room: Room, state: Callable[[App, Page], None], language: str
) -> None:
    """Whatever the page came to."""
    page = room.sit_down("editor", locale=language)
    state(app, page)

    assert [] == faults(page)


def test_two_texts_without_a_script_are_a_page(app: App, room: Room) -> None:
    """With both, which shall stand, and both made one; axe finds nothing there either."""
    page = room.sit_down("editor", f"/desk/items/{story(app, NAMES[0])}")
    faster(app)
    page.fill(f"{FIELD} textarea", "김 씨의 제목")
    page.evaluate("selector => document.querySelector(selector).submit()", FIELD)
    page.locator("#mine").wait_for()

    assert [] == faults(page)
