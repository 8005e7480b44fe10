"""When a feed is visited next. Pure functions of ``now``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState

MAX_DOUBLINGS = 16
JITTER_SHARE = 0.1
"""The largest part of the interval that a feed's own jitter adds."""


def next_check(feed: Feed, *, failures: int, now: datetime) -> datetime:
    """The instant of the next visit: the wished interval, doubled for each failure in a row up to
    ``max_interval``, plus a jitter that depends on nothing but the feed's id, so that feeds which
    failed together do not come back in one burst."""
    doublings: int = 2 ** min(failures, MAX_DOUBLINGS)
    wait = min(feed.every * doublings, max(feed.max_interval, feed.every))
    return now + wait + _jitter(feed)


def _jitter(feed: Feed) -> timedelta:
    digest = hashlib.sha256(feed.id.encode()).digest()
    share = int.from_bytes(digest[:4]) / 2**32
    return feed.every * (share * JITTER_SHARE)


def due_feeds(feeds: Iterable[Feed], states: Mapping[str, FeedState], now: datetime) -> list[Feed]:
    """The active feeds that are to be visited at ``now``, in their order."""
    return [feed for feed in feeds if feed.active and is_due(_next_check_at(feed, states), now)]


def _next_check_at(feed: Feed, states: Mapping[str, FeedState]) -> datetime | None:
    state = states.get(feed.id)
    return state.next_check_at if state is not None else None


def is_due(next_check_at: datetime | None, now: datetime) -> bool:
    """Whether a feed is to be visited: never visited, or its time has come."""
    return next_check_at is None or next_check_at <= now
