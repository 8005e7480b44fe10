"""What the tests share in which somebody sits at the desk: a browser, and the desk served to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from aggregator.bootstrap import App
from tests.fixtures.browsing import Room, browser_at_hand, room_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a module; everybody has windows of his own in it."""
    with browser_at_hand() as made:
        yield made


@pytest.fixture
def room(app: App, browser: Browser) -> Iterator[Room]:
    """The desk, served: ``app`` is what the module makes of it."""
    with room_of(app, browser) as made:
        yield made
