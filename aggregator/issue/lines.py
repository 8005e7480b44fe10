"""The small printed lines: day, byline, authors, event days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from aggregator.catalogue import print_day
from aggregator.domain.items import EventFacts, Person

AND = {"ko": " 및 ", "en": " & "}
"""How two venues are joined."""


def heading(number: int, issue_on: date) -> str:
    """``No. 48 (2024.3.4)``."""
    return f"No. {number} ({print_day(issue_on)})"


def byline(day: date | None, body: str) -> str:
    """``2024.2.27 / 경기도``; a part that is not known is left out with its stroke."""
    return " / ".join(part for part in (print_day(day) if day else "", body) if part)


def authors_line(authors: Sequence[Person]) -> str:
    """``A, B, C (affiliation) / D (affiliation)``: neighbours with one affiliation share it."""
    groups = []
    for affiliation, persons in groupby(authors, key=lambda p: p.affiliation):
        names = ", ".join(p.name for p in persons)
        groups.append(f"{names} ({affiliation})" if affiliation else names)
    return " / ".join(groups)


def event_days(event: EventFacts) -> str:
    """``'24.3.19~23``; a changed month or year is printed with the last day."""
    first, last = event.starts_on, event.ends_on
    start = f"'{first:%y}.{first.month}.{first.day}"
    if first == last:
        return start
    if first.year != last.year:
        return f"{start}~'{last:%y}.{last.month}.{last.day}"
    if first.month != last.month:
        return f"{start}~{last.month}.{last.day}"
    return f"{start}~{last.day}"


def venues(event: EventFacts, language: str) -> str:
    """The venues in one phrase."""
    return AND.get(language, AND["en"]).join(event.venues)
