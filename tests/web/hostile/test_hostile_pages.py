"""No page runs, loads or shows anything that a feed or an editor's clipboard put there, or breaks by it:
every page of the desk, the status pages and the site, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from aggregator.bootstrap import App
from aggregator.web.app import make_web_app
from tests.fixtures.browsing import browser_at_hand, needs_hands
from tests.fixtures.canary import Canary, canary_in
from tests.fixtures.hostile_newsroom import opened_again
from tests.fixtures.hostile_payloads import PAYLOADS, Alarm
from tests.fixtures.serving import served
from tests.fixtures.walking import Walk, pages_of, sit_down

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [needs_hands, pytest.mark.long]

UNGUARDED = {"bypass_csp": True}
"""A browser that takes no notice of policies: the pages alone must keep everything out."""


@pytest.fixture(scope="module")
def browser(folders: dict[str, Path]) -> Iterator[Browser]:
    """One for all tests; it comes when the newsroom is made, for it takes over the thread's event loop."""
    assert folders
    with browser_at_hand() as made:
        yield made


@contextmanager
def seen(browser: Browser, folder: Path, **options: object) -> Iterator[tuple[App, Canary]]:
    """The newsroom served, and somebody in front of it who may see everything."""
    with ExitStack() as stack:
        app = stack.enter_context(opened_again(folder))
        port = stack.enter_context(served(make_web_app(lambda: app)))
        canary = stack.enter_context(canary_in(browser, f"http://127.0.0.1:{port}", **options))
        sit_down(canary)
        yield app, canary


def items_last(paths: list[str]) -> tuple[list[str], list[str]]:
    """Pages of items, of which there are many, and all others."""
    items = [one for one in paths if one.startswith("/desk/items/")]
    return [one for one in paths if one not in items], items


def test_no_page_of_the_desk_takes_what_arrived_for_its_own(
    browser: Browser, folders: dict[str, Path]
) -> None:
    """Before anybody has decided anything, in a browser that heeds no policy."""
    with seen(browser, folders["arrived"], locale="ko-KR", **UNGUARDED) as (app, canary):
        walk = Walk(canary)
        walk.through(items_last(pages_of(app))[0])
        assert {} == walk.faults


def test_no_page_of_the_desk_takes_what_was_pasted_for_its_own(
    browser: Browser, folders: dict[str, Path]
) -> None:
    """With everything in the draft, edited and commented on; also the pages that these lead to, and
    their answers to what is typed into their forms. No policy has anything to stop."""
    with seen(browser, folders["edited"], locale="en-US") as (app, canary):
        walk = Walk(canary)
        walk.through(items_last(pages_of(app))[0], onward=True)
        typed = [one for one in PAYLOADS if one.name in TYPED]
        walk.through(walk.asking(" ".join(one.undone[:300] for one in typed)))
        assert {} == walk.faults


TYPED = frozenset({"out-of-double-quotes", "right-to-left", "word-long", "template-format"})


def test_no_page_of_an_item_takes_it_for_its_own(
    browser: Browser, folders: dict[str, Path]
) -> None:
    """Each payload's own page, where all of it is shown."""
    with seen(browser, folders["edited"], locale="ko-KR", **UNGUARDED) as (app, canary):
        walk = Walk(canary)
        walk.through(items_last(pages_of(app))[1])
        assert len(PAYLOADS) - 1 <= len(walk.opened)
        assert {} == walk.faults


def test_no_page_of_the_site_takes_it_for_its_own(
    browser: Browser, folders: dict[str, Path]
) -> None:
    """Every page and feed that is published, the mails as they are shown there too, the page for what is
    not there, and what the desk shows then."""
    with seen(browser, folders["printed"], locale="ko-KR", **UNGUARDED) as (app, canary):
        walk = Walk(canary)
        walk.through(
            f"/{one.relative_to(app.public)}" for one in sorted(app.public.rglob("*.html"))
        )
        walk.through(f"/{one.relative_to(app.public)}" for one in feeds_of(app))
        walk.through([f"/no{quote(PAYLOADS[0].undone)}"])
        walk.through(items_last(pages_of(app))[0])
        assert {} == walk.faults


def feeds_of(app: App) -> list[Path]:
    """The feeds that browsers show by their style sheet: all as Atom, the first ones as RSS."""
    return [*sorted(app.public.rglob("*.atom")), *sorted(app.public.glob("*.rss"))]


def test_an_alarm_would_be_heard(browser: Browser, folders: dict[str, Path]) -> None:
    """A page of the desk that lets a headline through as it is makes the same walk fail."""
    with seen(browser, folders["arrived"], locale="ko-KR") as (_, canary):
        page = "<!doctype html><meta charset=utf-8><header>x</header><main><script>canary()</script></main>"
        canary.page.route("**/desk/inbox", lambda route: route.fulfill(body=page))
        walk = Walk(canary)
        walk.through(["/desk/inbox"])
        assert f"{Alarm.RUNS}: canary()" in walk.faults["/desk/inbox"]
