"""When a feed is visited next. Pure functions of ``now``.

The wished interval follows the feed's own rhythm between ``every`` and ``max_interval``. What a
server or the document asks for (Cache-Control, Expires, ttl, skipHours, skipDays, Retry-After) may
only lengthen it, failures double it, and ``max_interval`` bounds it; a feed is given up for good
only where its server says that it is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.visits import FeedState, OwnSchedule, Rhythm
from aggregator.watch.rhythm import is_known, next_expected

MAX_DOUBLINGS = 16
JITTER_SHARE = 0.1
"""The largest part of the interval that a feed's own jitter adds."""

LONGEST_RETRY = timedelta(hours=24)
"""For how long at most a server's Retry-After is kept beyond ``max_interval``."""

_NOTHING = timedelta()
_HOUR = timedelta(hours=1)
_HOURS_OF_A_WEEK = 7 * 24


def after_success(
    feed: Feed,
    *,
    rhythm: Rhythm,
    now: datetime,
    max_age: timedelta | None = None,
    schedule: OwnSchedule | None = None,
) -> datetime:
    """The next visit after one that worked. ``max_age`` is for how long the answer stays good,
    ``schedule`` what the document asks for."""
    ceiling = _ceiling(feed)
    wait = feed.every
    if is_known(rhythm):
        wait = max(feed.every, next_expected(rhythm, now, now + ceiling) - now)
    own = schedule or OwnSchedule()
    asked = max(max_age or _NOTHING, timedelta(minutes=own.minutes_to_live))
    wait = min(max(wait, asked), ceiling)
    return _after_skipped(now + wait + _jitter(feed), own)


def after_failure(
    feed: Feed, *, failures: int, now: datetime, retry_after: timedelta | None = None
) -> datetime:
    """The next visit after ``failures`` that failed in a row: the wished interval, doubled for each
    up to ``max_interval``, and not before ``retry_after``, at most a day beyond reason."""
    doublings: int = 2 ** min(failures, MAX_DOUBLINGS)
    wait = min(feed.every * doublings, _ceiling(feed))
    if retry_after is not None:
        wait = max(wait, min(retry_after, max(_ceiling(feed), LONGEST_RETRY)))
    return now + wait + _jitter(feed)


def _ceiling(feed: Feed) -> timedelta:
    return max(feed.max_interval, feed.every)


def _jitter(feed: Feed) -> timedelta:
    """A part of the interval that depends on nothing but the feed's id, so that feeds which failed
    together do not come back in one burst."""
    digest = hashlib.sha256(feed.id.encode()).digest()
    share = int.from_bytes(digest[:4]) / 2**32
    return feed.every * (share * JITTER_SHARE)


def _after_skipped(at: datetime, own: OwnSchedule) -> datetime:
    """The first instant from ``at`` on that lies in no hour and on no day to be skipped (RSS 2.0,
    in GMT); ``at`` itself where every hour of a week is."""
    if not own.skip_hours and not own.skip_days:
        return at
    tried = at
    for _ in range(_HOURS_OF_A_WEEK):
        if tried.hour not in own.skip_hours and tried.weekday() not in own.skip_days:
            return tried
        tried = tried.replace(minute=0, second=0, microsecond=0) + _HOUR
    return at


def due_feeds(feeds: Iterable[Feed], states: Mapping[str, FeedState], now: datetime) -> list[Feed]:
    """The active feeds that are to be visited at ``now``, in their order. A feed whose server said
    that it is gone is not, until its address is another one."""
    return [feed for feed in feeds if feed.active and _is_due(feed, states.get(feed.id), now)]


def _is_due(feed: Feed, state: FeedState | None, now: datetime) -> bool:
    if feed.kind is FeedKind.MANUAL:
        return False
    if state is None:
        return True
    return state.suspended_at is None and is_due(state.next_check_at, now)


def is_due(next_check_at: datetime | None, now: datetime) -> bool:
    """Whether a feed is to be visited: never visited, or its time has come."""
    return next_check_at is None or next_check_at <= now
