"""The authority of tag: URIs (RFC 4151, section 2.1): a name and a day on which it was held."""

from __future__ import annotations

import re
from datetime import date

_AUTHORITY = re.compile(
    r"[A-Za-z0-9.@_-]+,(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
)


def authority_day(text: str) -> date | None:
    """The day that ``news.example,2024`` or ``news.example,2024-05-01`` names, the first of its
    year or month where it says no more; None for what is no authority."""
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None
