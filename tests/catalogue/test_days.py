"""Days as they are printed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.catalogue import Catalogue, print_day, print_minute, print_weekday

CATALOGUE = Catalogue.load()


def test_a_day_has_no_zero_padding() -> None:
    """Year, month and day, as short as they are."""
    assert "2024.2.7" == print_day(date(2024, 2, 7))


@given(st.dates())
@settings(max_examples=50)
def test_a_printed_day_can_be_read_back(day: date) -> None:
    """Nothing is lost in print."""
    assert day == date(*(int(part) for part in print_day(day).split(".")))


def test_an_instant_is_printed_in_seoul() -> None:
    """An evening in UTC is the next morning in Seoul."""
    assert "2024.2.28 00:05" == print_minute(datetime(2024, 2, 27, 15, 5, 59, tzinfo=UTC))


@pytest.mark.parametrize(("language", "name"), [("ko", "화요일"), ("en", "Tuesday")])
def test_a_weekday_has_its_full_name(language: str, name: str) -> None:
    """27 February 2024 was a Tuesday."""
    assert name == print_weekday(date(2024, 2, 27), language, CATALOGUE)
