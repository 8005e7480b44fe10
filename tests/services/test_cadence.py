"""When a feed is visited next."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.services.cadence import JITTER_SHARE, is_due, next_check
from tests.fixtures.records import NOW, make_feed

HOUR = timedelta(hours=1)


def wait(failures: int, feed_id: str = "molit", **settings: timedelta) -> timedelta:
    return next_check(make_feed(feed_id, **settings), failures=failures, now=NOW) - NOW


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
