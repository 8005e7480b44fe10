"""The rule lab in a real browser: its button, beside what it says as one types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from tests.fixtures.browsing import PATIENCE, Room, needs_hands
from tests.fixtures.looking import desk_with_releases
from tests.web.desk.test_lab_page import ROAD

pytestmark = [pytest.mark.long, needs_hands]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases."""
    with desk_with_releases(tmp_path) as made:
        yield made


def test_the_button_shows_the_result_and_keeps_what_was_typed(room: Room) -> None:
    """Also where it is pressed before the script has asked by itself."""
    page = room.sit_down("editor", "/desk/lab")
    rules = page.input_value("#rules").replace("words = [", f"words = [{ROAD}, ", 1)
    page.fill("#rules", rules)
    page.click("form.lab button.primary")

    page.locator("#lab-result", has_text="새로 들어옴 1건").wait_for(timeout=PATIENCE)

    assert rules == page.input_value("#rules")
