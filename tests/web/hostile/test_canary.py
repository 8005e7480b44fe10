"""The canary sings: each payload, put into a page as it is, sets off the alarm that it is meant to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.browsing import browser_at_hand, needs_hands
from tests.fixtures.canary import Canary, Own, canary_in, kinds
from tests.fixtures.hostile_payloads import PAYLOADS, Alarm, Payload

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = [needs_hands, pytest.mark.long]

BASE = "http://news.example/"
AS_IT_IS = """<!doctype html><html><head><meta charset="utf-8"><title>{text}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>p {{ word-break: keep-all; }}</style></head><body>
<header><h1>소식</h1></header>
<p>{text} <span>제48호 2024</span></p>
<p title="{text}"><a href="{text}">더 보기</a></p><p title='{text}'>2024</p>
<textarea>{text}</textarea><script type="application/ld+json">{{"x": "{text}"}}</script>
</body></html>"""
"""A page that escapes nothing, with the text in every kind of place."""
LINK_AS_IT_IS = """<!doctype html><html><head><meta charset="utf-8"></head><body>
<header><h1>소식</h1></header><p><a href="{text}">{text}</a></p></body></html>"""
OWN = Own(style_sheet=True, head=("header",))


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with browser_at_hand() as browser, canary_in(browser, BASE) as made:
        yield made


def shown(canary: Canary, page: str) -> list[str]:
    """What goes off when this is the page; nothing else is there."""

    def answer(route: Route) -> None:
        if route.request.url == BASE:
            route.fulfill(body=page, content_type="text/html")
        else:
            route.abort()

    canary.page.route("**/*", answer)
    try:
        return canary.open(BASE, OWN)
    finally:
        canary.page.unroute("**/*")


@pytest.mark.parametrize(
    "payload", [one for one in PAYLOADS if one.alarm is not Alarm.QUIET], ids=lambda one: one.name
)
def test_a_page_that_escapes_nothing_sets_off_the_alarm(canary: Canary, payload: Payload) -> None:
    page = LINK_AS_IT_IS if payload.is_address else AS_IT_IS
    alarms = shown(canary, page.format(text=payload.undone))
    assert payload.alarm in kinds(alarms), alarms
