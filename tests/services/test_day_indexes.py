"""Indexes of days: read when they are asked for, kept in bounded room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

import pytest

from aggregator.curate.copies.day_index import DayIndex
from aggregator.curate.copies.fingerprints import keys_of
from aggregator.curate.copies.vetoes import WINDOW
from aggregator.domain.stories import DayPrint
from aggregator.services.curation import day_indexes
from aggregator.services.curation.day_indexes import DayIndexes
from aggregator.services.desk import Desk
from tests.curate.days import same
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

    def note(day: date, after: int = 0) -> list[DayPrint]:
        read[day] += 1
        return ask(day, after)

    with patch.object(desk.store, "fingerprints_on", note):
        yield read


def as_stored(desk: Desk, index: DayIndex, day: date) -> bool:
    """Whether an index is what the store has of a day."""
    return same(index, DayIndex.of(desk.store.fingerprints_on(day)))


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
        found = [*days.around([DAY])]
    span = [DAY + timedelta(number) for number in range(-WINDOW.days, WINDOW.days + 1)]
    assert span == [*read]
    assert [day.toordinal() for day in span] == [number for number, _ in found]
    assert all(as_stored(desk, index, day) for (_, index), day in zip(found, span, strict=True))


def test_days_around_several_are_told_once(desk: Desk) -> None:
    """Where windows overlap, and whatever order the days were given in; those between two that are
    far apart are left out."""
    fill(desk, [0])
    asked = [DAY + timedelta(number) for number in (40, 0, 2, 0)]
    found = [number - DAY.toordinal() for number, _ in DayIndexes(store=desk.store).around(asked)]
    assert [*range(-7, 10), *range(33, 48)] == found


@pytest.mark.parametrize(("day", "count"), [(date.min, 8), (date.max, 8), (date(1, 1, 4), 11)])
def test_time_has_ends(desk: Desk, day: date, count: int) -> None:
    """Where the calendar begins or ends there are fewer days around."""
    assert count == len([*DayIndexes(store=desk.store).around([day])])


def test_room_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days that were not used for the longest time go first; what is read again is the same."""
    fill(desk, range(-12, 13))
    monkeypatch.setattr(day_indexes, "ROWS_KEPT", 34)
    days = DayIndexes(store=desk.store)
    with reading(desk) as read:
        for number in (-5, -4, -3, 5):
            around = days.around([DAY + timedelta(number)])
            assert 30 == sum(len(index) for _, index in around)
        read.clear()
        around = days.around([DAY + timedelta(5)])
        for (_, index), number in zip(around, range(-2, 13), strict=True):
            assert as_stored(desk, index, DAY + timedelta(number))
        assert 15 == sum(read.values()) == len(read)
        read.clear()
        assert as_stored(desk, days.on(DAY - timedelta(12)), DAY - timedelta(12))
    assert 2 == read[DAY - timedelta(12)]


@pytest.mark.parametrize("room", [0, 1, 7])
def test_a_window_larger_than_the_room_is_read_day_by_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """No more is held than has room, but for the day that was just used, and the next one is given
    whole."""
    fill(desk, range(-7, 8))
    monkeypatch.setattr(day_indexes, "ROWS_KEPT", room)
    days = DayIndexes(store=desk.store)
    for number, index in days.around([DAY, DAY + timedelta(1)]):
        assert held(days) <= max(room, 2) + len(index)
        assert as_stored(desk, index, date.fromordinal(number))
    assert held(days) <= max(room, 2)
    for asked in (range(-7, 8), range(3)):
        days.ask({DAY + timedelta(number): ids_on(desk, number) for number in asked})
        assert held(days) <= max(room, 2)


def held(days: DayIndexes) -> int:
    """Items whose fingerprints are at hand."""
    return sum(len(index) for index in days._days.values())


def ids_on(desk: Desk, number: int) -> list[int]:
    """The items of a day, counted from DAY."""
    return [one.item_id for one in desk.store.fingerprints_on(DAY + timedelta(number))]


def test_items_of_several_days_are_asked_for_together(desk: Desk) -> None:
    """In the order of the days, each with all that is known of it."""
    fill(desk, range(3))
    wanted = {DAY + timedelta(number): ids_on(desk, number)[number:] for number in (2, 0, 1)}
    days = DayIndexes(store=desk.store)
    asked = days.ask(wanted)
    expected = [(one, day.toordinal()) for day in sorted(wanted) for one in wanted[day]]
    assert 3 == len(expected)
    assert expected == [*zip(asked.ids.tolist(), asked.days.tolist(), strict=True)]
    for row, (item, _) in enumerate(expected):
        (stored,) = desk.store.fingerprints_of([item])
        assert stored.lead == (asked.leads[row] or None)
        assert keys_of(stored.bits) == {*asked.keys[asked.owner == row].tolist()}


def test_who_came_since_is_asked_for_all_the_same(desk: Desk) -> None:
    """A day that lacks one of the items is read again, once; who is not there either is left out."""
    fill(desk, [0, 1])
    days = DayIndexes(store=desk.store)
    with reading(desk) as read:
        assert (2, 2) == (len(days.on(DAY)), len(days.on(DAY + timedelta(1))))
        bring(desk, release("lx", "late", DAY))
        (late,) = [one.id for one in desk.store.items() if one.item.key == "late"]
        read.clear()
        asked = days.ask({DAY: [late, late + 1], DAY + timedelta(1): []})
    assert [late] == asked.ids.tolist()
    assert {DAY: 1} == read


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


def keeper(desk: Desk) -> DayIndexes:
    """Keeps sheets."""
    return DayIndexes(store=desk.store, keeps_sheets=True)


def test_a_day_is_kept_in_one_piece(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of which nothing is read row by row any more, whoever asks; who only looks keeps nothing."""
    bring(desk, *(release("molit", f"{number}", DAY) for number in range(4)))
    monkeypatch.setattr(day_indexes, "SHEET_FROM", 4)
    DayIndexes(store=desk.store).on(DAY)
    assert b"" == desk.store.day_sheet(DAY).packed
    keeper(desk).on(DAY)
    kept = desk.store.day_sheet(DAY)
    assert (0, max(one.id for one in desk.store.items())) == (kept.turn, kept.upto)
    with patch.object(DayIndex, "of", side_effect=AssertionError):
        index = DayIndexes(store=desk.store).on(DAY)
    assert as_stored(desk, index, DAY)


def test_a_small_day_has_no_sheet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows are read as quickly."""
    monkeypatch.setattr(day_indexes, "SHEET_FROM", 4)
    bring(desk, *(release("molit", f"{number}", DAY) for number in range(3)))
    keeper(desk).on(DAY)
    assert b"" == desk.store.day_sheet(DAY).packed


def test_a_sheet_that_lacks_few_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came since is read beside it; one that lacks more is made again by the run that folds."""
    monkeypatch.setattr(day_indexes, "SHEET_FROM", 4)
    bring(desk, *(release("molit", f"{number:02}", DAY) for number in range(9)))
    first = desk.store.day_sheet(DAY)
    assert b"" != first.packed
    for number, is_kept in ((9, True), (10, False)):
        bring(desk, release("seoul", f"{number}", DAY))
        assert is_kept == (first == desk.store.day_sheet(DAY))
        assert as_stored(desk, DayIndexes(store=desk.store).on(DAY), DAY)
