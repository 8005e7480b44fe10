"""Indexes of days: read when they are asked for, kept in bounded room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, timedelta
from unittest.mock import patch

import numpy as np
import pytest

from aggregator.curate.day_index import DayIndex
from aggregator.curate.pairs import WINDOW
from aggregator.domain.stories import Fingered
from aggregator.services import day_indexes
from aggregator.services.day_indexes import DayIndexes
from aggregator.services.desk import Desk
from tests.fixtures.desk import bring, release

DAY = date(2024, 2, 10)


def fill(desk: Desk, days: Collection[int]) -> None:
    """Two items on each of these days, counted from DAY."""
    bring(
        desk,
        *(
            release(feed, f"{feed}{number}", DAY + timedelta(number))
            for number in days
            for feed in ("molit", "seoul")
        ),
    )


@contextmanager
def reading(desk: Desk) -> Iterator[Counter[date]]:
    """How often each day is read meanwhile."""
    read: Counter[date] = Counter()
    ask = desk.store.fingerprints_on

    def note(day: date) -> list[Fingered]:
        read[day] += 1
        return ask(day)

    with patch.object(desk.store, "fingerprints_on", note):
        yield read


def as_stored(desk: Desk, index: DayIndex, day: date) -> bool:
    """Whether an index is what the store has of a day."""
    fresh = DayIndex.of(desk.store.fingerprints_on(day))
    return all(
        np.array_equal(getattr(index, part.name), getattr(fresh, part.name))
        for part in fields(index)
    )


def test_a_day_is_read_once(desk: Desk) -> None:
    """Also one without items; and again when it was forgotten."""
    fill(desk, [0])
    days = DayIndexes(store=desk.store)
    with reading(desk) as read:
        for _ in range(2):
            assert (2, 0) == (len(days.on(DAY)), len(days.on(DAY + timedelta(1))))
        assert {DAY: 1, DAY + timedelta(1): 1} == read
        days.forget(DAY)
        days.forget(date(2000, 1, 1))
        assert as_stored(desk, days.on(DAY), DAY)
    assert 2 == read[DAY] - 1


def test_copies_stand_within_a_window(desk: Desk) -> None:
    """A week before to a week after, the day itself among them, in their order."""
    fill(desk, range(-9, 10))
    days = DayIndexes(store=desk.store)
    with reading(desk) as read:
        found = [*days.around(DAY)]
    span = [DAY + timedelta(number) for number in range(-WINDOW.days, WINDOW.days + 1)]
    assert span == [*read]
    assert all(as_stored(desk, index, day) for index, day in zip(found, span, strict=True))


@pytest.mark.parametrize(("day", "count"), [(date.min, 8), (date.max, 8), (date(1, 1, 4), 11)])
def test_time_has_ends(desk: Desk, day: date, count: int) -> None:
    """Where the calendar begins or ends there are fewer days around."""
    assert count == len([*DayIndexes(store=desk.store).around(day)])


def test_room_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days that were not used for the longest time go first, never those of the window just
    used; what is read again is the same."""
    fill(desk, range(-12, 13))
    monkeypatch.setattr(day_indexes, "ROWS_KEPT", 34)
    days = DayIndexes(store=desk.store)
    with reading(desk) as read:
        for number in (-5, -4, -3, 5):
            assert 30 == sum(len(index) for index in days.around(DAY + timedelta(number)))
        read.clear()
        for index, number in zip(days.around(DAY + timedelta(5)), range(-2, 13), strict=True):
            assert as_stored(desk, index, DAY + timedelta(number))
        assert 15 == sum(read.values()) == len(read)
        read.clear()
        assert as_stored(desk, days.on(DAY - timedelta(12)), DAY - timedelta(12))
    assert 2 == read[DAY - timedelta(12)]


def test_a_window_larger_than_the_room_is_held(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each of its days would be read for each of its items."""
    fill(desk, range(-7, 8))
    monkeypatch.setattr(day_indexes, "ROWS_KEPT", 0)
    days = DayIndexes(store=desk.store)
    with reading(desk) as read:
        for _ in range(3):
            assert 15 == len([*days.around(DAY)])
    assert 15 == sum(read.values())


def test_what_is_put_is_given(desk: Desk) -> None:
    """In place of what was read; nothing is asked of the store."""
    fill(desk, [0])
    days = DayIndexes(store=desk.store)
    changed = days.on(DAY).changed([], days.on(DAY).ids[:1].tolist())
    with reading(desk) as read:
        days.put(DAY, changed)
        assert days.on(DAY) is changed
    assert not read


def test_days_that_are_put_take_no_more_room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fingerprints of years are written without all their days at hand."""
    fill(desk, range(30))
    monkeypatch.setattr(day_indexes, "ROWS_KEPT", 10)
    days = DayIndexes(store=desk.store)
    for number in range(30):
        day = DAY + timedelta(number)
        days.put(day, days.on(day))
    with reading(desk) as read:
        for number in range(30):
            days.on(DAY + timedelta(number))
    assert 25 <= sum(read.values())
