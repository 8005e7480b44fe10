"""Weekdays that are wrong: another one than the source's, or not that of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from aggregator.domain.findings import Finding, Span
from aggregator.issue.lint.english import MONTHS
from aggregator.issue.lint.pairs import Pair

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KOREAN = "월화수목금토일"
_IN_SOURCE = re.compile(rf"(?<=[일.\d])\s?\(([{_KOREAN}])(?:요일)?\)|([{_KOREAN}])요일")
_MONTH = "(?P<month>" + "|".join(MONTHS) + ")"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_IN_ENGLISH = re.compile(rf"\b({'|'.join(_NAMES)})\b")
_DATED = (
    re.compile(rf"\b(?P<name>{'|'.join(_NAMES)}),?\s(?:the\s)?{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s(?P<year>\d{{4}}))?"),
    re.compile(rf"\b(?P<name>{'|'.join(_NAMES)}),?\s{_MONTH}\s{_DAY}(?:,?\s(?P<year>\d{{4}}))?"),
)  # fmt: skip


def check_weekdays(pair: Pair) -> Iterator[Finding]:
    """Each weekday of an English translation that is not in its source, or not that of its day. One
    that is left out is no fault."""
    if not pair.language.startswith("en") or not pair.source_language.startswith("ko"):
        return
    given = {_KOREAN.index(m[1] or m[2]) for m in _IN_SOURCE.finditer(pair.source)}
    wrong: dict[Span, str] = {}
    for match in _IN_ENGLISH.finditer(pair.translation):
        if given and _NAMES.index(match[1]) not in given:
            wrong[Span(start=match.start(), end=match.end())] = " or ".join(
                _NAMES[number] for number in sorted(given)
            )
    if pair.printed_on is not None:
        wrong = dict(_off_the_calendar(pair.translation, pair.printed_on)) | wrong
    for span, right in wrong.items():
        name = pair.translation[span.start : span.end]
        yield pair.finding("weekday-wrong", "lint.weekday_wrong", span, name=name, right=right)


def _off_the_calendar(text: str, printed_on: date) -> Iterator[tuple[Span, str]]:
    for match in (m for pattern in _DATED for m in pattern.finditer(text)):
        month = MONTHS.index(match["month"]) + 1
        # Without a year it is the one in which the day lies nearest to the printed one.
        years = [int(match["year"])] if match["year"] else [printed_on.year + n for n in (0, 1, -1)]
        days = [day for year in years if (day := _day(year, month, int(match["day"])))]
        if days:
            nearest = min(days, key=lambda day: abs(day - printed_on))
            right = _NAMES[nearest.weekday()]
            if right != match["name"]:
                yield Span(start=match.start("name"), end=match.end("name")), right


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
