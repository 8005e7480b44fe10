"""When a feed is visited next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.visits import NO_RHYTHM, FeedState, OwnSchedule, Rhythm
from aggregator.watch.next_visit import (
    JITTER_SHARE,
    after_failure,
    after_success,
    due_feeds,
    is_due,
)
from tests.fixtures.records import NOW, make_feed

HOUR = timedelta(hours=1)


def wait(failures: int, feed_id: str = "molit", **settings: timedelta) -> timedelta:
    return after_failure(make_feed(feed_id, **settings), failures=failures, now=NOW) - NOW


def test_failures_double_the_wait_up_to_the_ceiling() -> None:
    """1, 2, 4, 8, 16 hours, then max_interval, each plus the same jitter."""
    jitter = wait(0) - HOUR
    assert [1, 2, 4, 8, 16, 24, 24] == [round((wait(n) - jitter) / HOUR) for n in range(7)]


def test_no_failure_is_final() -> None:
    """After any number of failures the next visit is within the ceiling and its jitter."""
    assert wait(100_000) == wait(20)
    assert wait(100_000) <= timedelta(hours=24) + HOUR * JITTER_SHARE


def test_jitter_is_the_feeds_own() -> None:
    """The same feed has the same jitter each time; feeds differ, so that they spread."""
    assert wait(3) == wait(3)
    assert len({wait(0, f"feed-{number}") for number in range(50)}) > 45


def test_a_ceiling_below_the_interval_does_not_shorten_it() -> None:
    """A feed is never visited more often than was wished."""
    assert wait(5, every=timedelta(hours=48)) >= timedelta(hours=48)


@given(
    failures=st.integers(0, 10**6),
    minutes=st.integers(1, 60 * 24 * 60),
    ceiling=st.integers(1, 60 * 24 * 60),
    name=st.text(max_size=20),
)
def test_every_wait_lies_between_interval_and_ceiling(
    failures: int, minutes: int, ceiling: int, name: str
) -> None:
    """No setting and no feed id leads outside."""
    every, most = timedelta(minutes=minutes), timedelta(minutes=ceiling)
    found = wait(failures, name, every=every, max_interval=most)
    assert every <= found <= max(every, most) + every * JITTER_SHARE


def test_a_feed_is_due_at_its_time() -> None:
    """Never visited, or the time has come to the instant."""
    assert [True, True, False] == [
        is_due(None, NOW),
        is_due(NOW, NOW),
        is_due(NOW + timedelta(microseconds=1), NOW),
    ]


BUSY = Rhythm(working=10.0, off=10.0, working_hours=110, off_hours=226)
DAILY = Rhythm(working=0.1, off=0.0, working_hours=110, off_hours=226)


def success(rhythm: Rhythm = NO_RHYTHM, **more: object) -> timedelta:
    """The wait after a visit that worked, without the jitter; NOW is a Monday, ten in Seoul."""
    feed = make_feed()
    jitter = after_failure(feed, failures=0, now=NOW) - NOW - HOUR
    return after_success(feed, rhythm=rhythm, now=NOW, **more) - NOW - jitter  # type: ignore[arg-type]


def test_the_rhythm_decides_between_interval_and_ceiling() -> None:
    """A busy feed is visited at the wished interval, a daily one when its item is to be expected, a
    silent one at the ceiling, and an unknown one as wished."""
    silent = Rhythm(working_hours=110, off_hours=226)
    assert [HOUR, 23 * HOUR, 24 * HOUR, HOUR] == [
        success(BUSY),
        success(DAILY),
        success(silent),
        success(),
    ]


def test_a_hint_may_only_lengthen() -> None:
    """An answer that stays good for three hours is not asked for earlier, one of ten minutes not
    more often than wished, and none goes beyond the ceiling."""
    ages = [timedelta(hours=3), timedelta(minutes=10), timedelta(days=365)]
    assert [3 * HOUR, HOUR, 24 * HOUR] == [success(BUSY, max_age=age) for age in ages]


def test_the_document_asks_in_minutes() -> None:
    """RSS's ttl is a hint like any other."""
    assert 2 * HOUR == success(BUSY, schedule=OwnSchedule(minutes_to_live=120))


def test_skipped_hours_are_waited_out() -> None:
    """The visit at two (GMT) goes to the first hour that is not to be skipped."""
    own = OwnSchedule(skip_hours=(2, 3, 4))
    at = after_success(make_feed(), rhythm=BUSY, now=NOW, schedule=own)
    assert NOW.replace(hour=5, minute=0) == at


def test_skipped_days_are_waited_out() -> None:
    """Monday and Tuesday: Wednesday at midnight (GMT)."""
    own = OwnSchedule(skip_days=(0, 1))
    at = after_success(make_feed(), rhythm=BUSY, now=NOW, schedule=own)
    assert (NOW + timedelta(days=2)).replace(hour=0, minute=0) == at


def test_a_feed_that_skips_every_hour_is_visited_all_the_same() -> None:
    """Nonsense never ends the visits."""
    own = OwnSchedule(skip_hours=tuple(range(24)))
    assert HOUR == success(BUSY, schedule=own)


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        (timedelta(minutes=5), 2 * HOUR),
        (timedelta(hours=9), 9 * HOUR),
        (timedelta(days=3650), 24 * HOUR),
        (None, 2 * HOUR),
    ],
    ids=["shorter", "kept", "absurd", "none"],
)
def test_retry_after_may_only_lengthen_and_is_bounded(
    retry_after: timedelta | None, wait: timedelta
) -> None:
    """A server's wish is kept for a day at most."""
    feed = make_feed()
    jitter = after_failure(feed, failures=0, now=NOW) - NOW - HOUR
    found = after_failure(feed, failures=1, now=NOW, retry_after=retry_after)
    assert wait == found - NOW - jitter


def test_what_is_gone_is_not_due() -> None:
    """A feed whose server said so is visited no more; one that is switched off neither."""
    feeds = [make_feed(name) for name in ("gone", "due", "later")]
    feeds += [make_feed("off", active=False), make_feed("new")]
    states = {
        "gone": FeedState(feed_id="gone", suspended_at=NOW),
        "due": FeedState(feed_id="due", next_check_at=NOW),
        "later": FeedState(feed_id="later", next_check_at=NOW + HOUR),
    }
    assert ["due", "new"] == [feed.id for feed in due_feeds(feeds, states, NOW)]
