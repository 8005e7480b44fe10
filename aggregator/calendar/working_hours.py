"""Hours in which Korean offices issue releases, and how many lie between two instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from aggregator.calendar.working_days import is_working_day
from aggregator.domain.items import SEOUL

OPENS, CLOSES = 8, 19
"""Hours of the day, local to Asia/Seoul, between which releases appear on working days: the first
ones under an embargo until six are there when offices open, the last ones follow their closing."""

_HOUR = timedelta(hours=1)


def is_working_hour(at: datetime) -> bool:
    """Whether an instant lies within working hours of a working day."""
    local = at.astimezone(SEOUL)
    return OPENS <= local.hour < CLOSES and is_working_day(local.date())


def stretches(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
    """The time between two instants in pieces that end where working time begins or ends, each with
    whether it is working time."""
    at, end = since.astimezone(SEOUL), until.astimezone(SEOUL)
    while at < end:
        is_working = is_working_hour(at)
        edge = min(_next_edge(at), end)
        yield at, edge, is_working
        at = edge


def _next_edge(at: datetime) -> datetime:
    """The next opening, closing or midnight after a local instant."""
    if at.hour < OPENS:
        return at.replace(hour=OPENS, minute=0, second=0, microsecond=0)
    if at.hour < CLOSES:
        return at.replace(hour=CLOSES, minute=0, second=0, microsecond=0)
    return datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=SEOUL)


def hours_between(since: datetime, until: datetime) -> tuple[float, float]:
    """How many working hours and how many other hours lie between two instants."""
    if until <= since:
        return 0.0, 0.0
    start, end = since.astimezone(SEOUL), until.astimezone(SEOUL)
    working = 0.0
    day = start.date()
    while day <= end.date():
        opens = datetime.combine(day, time(OPENS), tzinfo=SEOUL)
        closes = datetime.combine(day, time(CLOSES), tzinfo=SEOUL)
        shared = min(end, closes) - max(start, opens)
        if shared > timedelta() and is_working_day(day):
            working += shared / _HOUR
        day += timedelta(days=1)
    return working, (until - since) / _HOUR - working
