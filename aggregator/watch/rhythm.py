"""How often a feed brings something, learnt from its visits on Korean working days and hours.

Two rates are kept, items an hour in working time and outside it, each an average in which the last
two weeks count most. From them follows when the next item is to be expected, and for how long a
silence is nothing unusual.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from aggregator.calendar.working_hours import hours_between, is_working_hour, stretches
from aggregator.domain.items import Item, Precision
from aggregator.domain.visits import Rhythm

_WORKING_MEMORY = 110.0
"""Working hours that the average reaches back: two weeks of five days."""

_OFF_MEMORY = 226.0
"""Other hours of two weeks."""

_LOOKED_BACK = timedelta(days=28)
"""How far the dates in a feed's first document tell of its rhythm."""

_LONGEST_PAUSE = timedelta(days=28)
"""A longer pause between two visits says no more about the rhythm than this."""

_KNOWN_AFTER = 24.0
"""Hours of watching after which a rhythm is believed."""


def is_known(rhythm: Rhythm) -> bool:
    """Whether a feed was watched long enough to know its rhythm."""
    return rhythm.working_hours + rhythm.off_hours >= _KNOWN_AFTER


def first_rhythm(items: Iterable[Item], now: datetime) -> Rhythm:
    """What the dates of a feed's first document say: the time from its oldest entry of the last
    four weeks to ``now``, and the entries in it."""
    dates = [item.published for item in items if item.published and not item.published.clamped]
    recent = [when for when in dates if now - _LOOKED_BACK <= when.at <= now]
    if not recent:
        # Entries, and all of them old: it has been silent for all that time.
        since = now - _LOOKED_BACK if dates else now
        return _learn(Rhythm(), since, now, working=0, off=0)
    since = min(when.at for when in recent)
    working = sum(when.precision is Precision.DAY or is_working_hour(when.at) for when in recent)
    return _learn(Rhythm(), since, now, working=working, off=len(recent) - working)


def learn(
    rhythm: Rhythm, *, since: datetime | None, now: datetime, new: Iterable[Item] = ()
) -> Rhythm:
    """The rhythm after a visit at ``now`` that brought ``new`` since the visit before (``since``)."""
    arrived = list(new)
    if since is None:
        return first_rhythm(arrived, now)
    since = max(since, now - _LONGEST_PAUSE)
    if since >= now:
        return rhythm
    off = sum(not _is_of_working_time(item, since, now) for item in arrived)
    return _learn(rhythm, since, now, working=len(arrived) - off, off=off)


def _is_of_working_time(item: Item, since: datetime, now: datetime) -> bool:
    """When an item appeared: its own minute where it has one, else any working time there was."""
    when = item.published
    if when and when.precision is not Precision.DAY and since <= when.at <= now:
        return is_working_hour(when.at)
    return hours_between(since, now)[0] > 0


def _learn(rhythm: Rhythm, since: datetime, now: datetime, *, working: int, off: int) -> Rhythm:
    hours = hours_between(since, now)
    rate, watched = _average(
        rhythm.working, rhythm.working_hours, working, hours[0], _WORKING_MEMORY
    )
    off_rate, off_watched = _average(rhythm.off, rhythm.off_hours, off, hours[1], _OFF_MEMORY)
    return Rhythm(working=rate, off=off_rate, working_hours=watched, off_hours=off_watched)


def _average(
    rate: float, watched: float, count: int, hours: float, memory: float
) -> tuple[float, float]:
    """The rate and the hours it stands for, after ``count`` more in ``hours`` more."""
    before = min(watched, memory)
    total = before + hours
    if total <= 0:
        return rate, watched
    return (rate * before + count) / total, min(total, memory)


def expected(rhythm: Rhythm, since: datetime, until: datetime) -> float:
    """How many items the feed would have brought between two instants."""
    working, off = hours_between(max(since, until - _LONGEST_PAUSE), until)
    return working * rhythm.working + off * rhythm.off


def next_expected(rhythm: Rhythm, now: datetime, latest: datetime) -> datetime:
    """When one more item is to be expected, ``latest`` where that is later or never."""
    awaited = 1.0
    if not (rhythm.working or rhythm.off):
        return latest
    for start, end, is_working in stretches(now, latest):
        rate = rhythm.working if is_working else rhythm.off
        brings = rate * ((end - start) / timedelta(hours=1))
        if brings >= awaited:
            return start + (end - start) * (awaited / brings)
        awaited -= brings
    return latest
