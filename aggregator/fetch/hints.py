"""What a server says about when to come again, believed within bounds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aggregator.fetch.headers import Headers, all_values, first_value
from aggregator.ports.fetching import Hints

LONGEST = timedelta(days=7)
"""No server is believed further ahead than this."""

_LONGEST_NUMBER = 10
_SECONDS = re.compile(rb"[0-9]{1,1000}")
_MAX_AGE = re.compile(rb'max-age\s*=\s*"?([0-9]{1,10})"?')
_NOT_KEPT = frozenset({b"no-cache", b"no-store"})
_LONGEST_DATE = 64


def hints(headers: Headers, now: datetime) -> Hints:
    """When to come again after a good answer, which came at ``now``; the server's own Date is
    believed first.

    A server that sends Retry-After beside a good answer wants rest as well: the longer of this and
    the age counts. It makes the wait for this feed longer; a host is held only by a refusal.
    """
    waits = (max_age(headers, now), retry_after(headers, now))
    return Hints(max_age=max((wait for wait in waits if wait), default=None))


def max_age(headers: Headers, now: datetime) -> timedelta | None:
    """For how long an answer stays good, at most ``LONGEST``; None where nothing (left) is said.

    Cache-Control comes before Expires, and Age is what is gone of either (RFC 9111 section 4.2).
    """
    directives = [part.strip().lower() for part in all_values(headers, "Cache-Control").split(b",")]
    if any(part.partition(b"=")[0].strip() in _NOT_KEPT for part in directives):
        return None
    asked = [part for part in directives if part.startswith(b"max-age")]
    if asked:
        found = _MAX_AGE.fullmatch(asked[0])
        fresh = _seconds(found[1]) if found else None
    else:
        fresh = _until(first_value(headers, "Expires"), headers, now)
    if fresh is None:
        return None
    left = fresh - (_seconds(first_value(headers, "Age")) or timedelta(0))
    return min(left, LONGEST) if left > timedelta(0) else None


def retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """How long a server wants to be left alone: seconds, or the time until a date (RFC 9110 section
    10.2.3), at most ``LONGEST``; nothing for a date that is over, None for what is neither."""
    value = first_value(headers, "Retry-After")
    wait = _seconds(value)
    if wait is None:
        wait = _until(value, headers, now)
    return None if wait is None else min(max(wait, timedelta(0)), LONGEST)


def _seconds(value: bytes) -> timedelta | None:
    if _SECONDS.fullmatch(value) is None:
        return None
    # A number beyond all reason is bounded like one that is merely too large.
    return timedelta(seconds=int(value)) if len(value) <= _LONGEST_NUMBER else LONGEST


def _until(value: bytes, headers: Headers, now: datetime) -> timedelta | None:
    """From the answer's Date, else from ``now``, to a date; None for what is no date."""
    then = _date(value)
    return None if then is None else then - (_date(first_value(headers, "Date")) or now)


def _date(value: bytes) -> datetime | None:
    """An HTTP date (RFC 9110 section 5.6.7); one without a zone is in UTC."""
    if not value or len(value) > _LONGEST_DATE:
        return None
    try:
        when = parsedate_to_datetime(value.decode("ascii"))
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
