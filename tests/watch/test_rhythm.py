"""How often a feed brings something, on Korean working days and hours."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.calendar.working_hours import hours_between, is_working_hour
from aggregator.domain.items import SEOUL, Item, Precision, When
from aggregator.domain.visits import Rhythm
from aggregator.watch.rhythm import expected, first_rhythm, is_known, learn, next_expected
from tests.fixtures.records import make_item

MONDAY = datetime(2024, 3, 4, 9, tzinfo=SEOUL)
HOUR = timedelta(hours=1)


def released(*at: datetime) -> list[Item]:
    return [make_item(str(number), published=When(at=moment)) for number, moment in enumerate(at)]


@pytest.mark.parametrize(
    ("at", "works"),
    [
        (datetime(2024, 3, 4, 8, tzinfo=SEOUL), True),
        (datetime(2024, 3, 4, 7, 59, tzinfo=SEOUL), False),
        (datetime(2024, 3, 4, 19, tzinfo=SEOUL), False),
        (datetime(2024, 3, 2, 12, tzinfo=SEOUL), False),
        (datetime(2024, 3, 1, 12, tzinfo=SEOUL), False),
        (datetime(2024, 4, 10, 12, tzinfo=SEOUL), False),
        (datetime(2024, 5, 6, 12, tzinfo=SEOUL), False),
    ],
    ids=["opening", "early", "closing", "Saturday", "holiday", "election", "substitute"],
)
def test_working_hours_are_those_of_korean_offices(at: datetime, *, works: bool) -> None:
    """Public, substitute and election holidays count, and the clock is that of Seoul."""
    assert works == is_working_hour(at)


def test_a_working_week_has_fifty_five_hours() -> None:
    """Five days of eleven hours; the other 113 are not."""
    monday = datetime(2024, 3, 11, tzinfo=SEOUL)
    assert (55.0, 113.0) == hours_between(monday, monday + timedelta(days=7))


def test_the_first_document_tells_the_rhythm() -> None:
    """Forty releases over the last four weeks of working days are about two a day."""
    days = [MONDAY - timedelta(days=n) for n in range(1, 28)]
    working = [day for day in days if is_working_hour(day)]
    rhythm = first_rhythm(released(*working, *working), MONDAY)
    assert is_known(rhythm)
    assert 0.15 < rhythm.working < 0.21
    assert 0 == rhythm.off


def test_old_entries_alone_are_silence() -> None:
    """A dead feed that still answers is expected to bring nothing."""
    rhythm = first_rhythm(released(MONDAY - timedelta(days=90)), MONDAY)
    assert is_known(rhythm)
    assert MONDAY + 24 * HOUR == next_expected(rhythm, MONDAY, MONDAY + 24 * HOUR)


def test_entries_without_dates_tell_nothing() -> None:
    """Then the wished interval holds until the visits have told the rhythm."""
    assert not is_known(first_rhythm([make_item("a")], MONDAY))


def test_visits_that_bring_nothing_slow_it_down() -> None:
    """After four silent weeks a busy feed is expected to bring a quarter at most."""
    rhythm = Rhythm(working=1.0, off=0.0, working_hours=110, off_hours=226)
    later = MONDAY
    for _ in range(28):
        rhythm = learn(rhythm, since=later, now=later + 24 * HOUR)
        later += 24 * HOUR
    assert rhythm.working < 0.25


def test_a_release_at_night_is_one_of_the_night() -> None:
    """Its own minute counts, not the working hours in which it was found."""
    since = datetime(2024, 3, 4, 18, tzinfo=SEOUL)
    now = datetime(2024, 3, 5, 10, tzinfo=SEOUL)
    rhythm = learn(
        Rhythm(), since=since, now=now, new=released(datetime(2024, 3, 4, 23, tzinfo=SEOUL))
    )
    assert (0.0, True) == (rhythm.working, rhythm.off > 0)


def test_a_day_alone_is_working_time() -> None:
    """Most boards print the day only; offices publish while they work."""
    day = When(at=datetime(2024, 3, 5, tzinfo=SEOUL), precision=Precision.DAY)
    rhythm = learn(
        Rhythm(), since=MONDAY, now=MONDAY + 24 * HOUR, new=[make_item("a", published=day)]
    )
    assert (True, 0.0) == (rhythm.working > 0, rhythm.off)


def test_the_night_is_waited_out() -> None:
    """A feed of office hours, asked in the evening, brings its next item in the morning."""
    rhythm = Rhythm(working=1.0, off=0.0, working_hours=110, off_hours=226)
    evening = datetime(2024, 3, 4, 18, 30, tzinfo=SEOUL)
    found = next_expected(rhythm, evening, evening + 24 * HOUR)
    assert datetime(2024, 3, 5, 8, 30, tzinfo=SEOUL) == found


def test_the_weekend_is_waited_out() -> None:
    """From Friday evening to Monday morning, where that is allowed."""
    rhythm = Rhythm(working=1.0, off=0.0, working_hours=110, off_hours=226)
    friday = datetime(2024, 3, 8, 20, tzinfo=SEOUL)
    found = next_expected(rhythm, friday, friday + 96 * HOUR)
    assert datetime(2024, 3, 11, 9, tzinfo=SEOUL) == found


@given(
    working=st.floats(0, 50), off=st.floats(0, 50), hours=st.integers(1, 24 * 14),
    start=st.integers(0, 24 * 60),
)  # fmt: skip
def test_the_next_item_is_where_one_is_expected(
    working: float, off: float, hours: int, start: int
) -> None:
    """Never before now, never after the latest; up to there about one item is expected."""
    rhythm = Rhythm(working=working, off=off, working_hours=110, off_hours=226)
    now = MONDAY + timedelta(minutes=start)
    latest = now + hours * HOUR
    found = next_expected(rhythm, now, latest)
    assert now <= found <= latest
    if found < latest:
        assert expected(rhythm, now, found) == pytest.approx(1.0, abs=0.01)


@given(counts=st.lists(st.integers(0, 20), min_size=1, max_size=30))
def test_a_rate_is_never_more_than_what_came(counts: list[int]) -> None:
    """An average lies between the least and the most that it was made of."""
    rhythm, now = Rhythm(), MONDAY
    for count in counts:
        rhythm = learn(rhythm, since=now, now=now + HOUR, new=released(*[now + HOUR / 2] * count))
        now += HOUR
    assert 0 <= rhythm.working <= max(counts)
    assert 0 <= rhythm.off <= max(counts)
