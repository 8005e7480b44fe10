"""Days as dates write them: 2024. 2. 27., 2024년 2월 27일, 27 Feb 2024, 02/27/2024, 20240227."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from aggregator.read.dates.names import month_number

FIRST_YEAR, LAST_YEAR = 1971, 2100
"""1970-01-01 is what an empty column of a database looks like."""

_CENTURY_PIVOT = 70
_WORD = r"[^\W\d_]{3,12}\.?"
_NAME = rf"(?P<month>{_WORD}|[0-9]{{1,2}}\s?월)"
_END = r"(?![0-9])"
_OF = r"(?:de\s|del\s|of\s)?"

_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 2026-09-23, 2026. 2. 13., 2026/09/23
        (
            r"(?P<year>[0-9]{4})\s?(?P<sep>[-./])\s?(?P<month>[0-9]{1,2})\s?(?P=sep)\s?"
            rf"(?P<day>[0-9]{{1,2}})(?:\s?\.)?{_END}"
        ),
        # 2024년 2월 27일, '24년 2월 27일, 2026年2月13日
        (
            r"(?P<year>[0-9]{4}|'?[0-9]{2}(?=\s?년))\s?[년年]\s?(?P<month>[0-9]{1,2})\s?[월月]\s?"
            rf"(?P<day>[0-9]{{1,2}}){_END}(?:\s?[일日])?"
        ),
        # 20260921, 20260921150221, 20260921150221123
        (
            r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
            rf"(?P<packed>[0-9]{{9}}|[0-9]{{6}}|[0-9]{{4}})?{_END}"
        ),
        # 2026-W39-3, 2026W393
        rf"(?P<year>[0-9]{{4}})-?w(?P<week>[0-9]{{2}})-?(?P<weekday>[1-7]){_END}",
        # 2026-266T…: without a time it could be the number of a notice
        r"(?P<year>[0-9]{4})-?(?P<ordinal>[0-9]{3})(?=t[0-9])",
        # 26.09.23, '26. 9. 23., 26-09-23
        (
            r"(?P<a>'?[0-9]{1,2})\s?(?P<sep>[-./])\s?(?P<b>[0-9]{1,2})\s?(?P=sep)\s?"
            rf"(?P<c>[0-9]{{1,2}})(?:\s?\.)?{_END}"
        ),
        # 07/21/2026, 27.02.2024, 27-02-2024
        (
            r"(?P<a>[0-9]{1,2})\s?(?P<sep>[-./])\s?(?P<b>[0-9]{1,2})\s?(?P=sep)\s?"
            rf"(?P<c>[0-9]{{4}}){_END}(?:\.|\s?г\.)?"
        ),
        # 23 Sep 2026, 20 5월 2009, 06-Nov-94, 27. Februar 2024, 27 de febrero de 2024
        (
            rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|º|ª)?\.?[\s-]?{_OF}{_NAME}[\s,-]\s?{_OF}"
            rf"(?P<year>[0-9]{{4}}|'?[0-9]{{2}}){_END}(?:\s?г\.?)?"
        ),
        # February 27, 2024; Sep 5 2024; Feb 27, '24
        (
            rf"{_NAME}[\s,-]\s?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?[\s-]\s?|,)"
            rf"(?P<year>[0-9]{{4}}|'[0-9]{{2}}){_END}(?!:)"
        ),
        # 2024 Feb 27, 2024-Feb-27
        rf"(?P<year>[0-9]{{4}})[\s,.-]\s?{_NAME}[\s,-]\s?(?P<day>[0-9]{{1,2}}){_END}\.?",
        # 13 02 2026 09:10:11 and 2026:02:13 09:10:11, which programs write; days before a time only
        r"(?P<day>[0-9]{1,2})\s(?P<month>[0-9]{1,2})\s(?P<year>[0-9]{4})(?=\s[0-9]{1,2}:[0-9]{2})",
        r"(?P<year>[0-9]{4})(?P<sep>[:\s])(?P<month>[0-9]{2})(?P=sep)(?P<day>[0-9]{2})(?=\s[0-9]{1,2}:[0-9]{2})",
        # Sep 23 17:00:00 KST 2026
        (
            rf"{_NAME}\s(?P<day>[0-9]{{1,2}}),?\s(?P<inner>[0-9]{{1,2}}:[0-9]{{2}}[0-9:.]{{0,13}}"
            rf"(?:\s?(?:[a-z]{{1,5}})?(?:[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?)?)?),?\s(?P<year>[0-9]{{4}}){_END}"
        ),
    )
)

_BY_NAME = tuple(shape for shape in _SHAPES if shape.pattern.startswith(_NAME))
"""Those that can begin with a word; the others begin with a digit or an apostrophe."""

_FIRST_SIGNS = frozenset("0123456789'")


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text begins with. ``length`` counts its characters; ``packed`` are the digits
    of a time that follow it without a sign, ``inner`` is a time that stands within it."""

    day: date
    length: int
    digits: bool = False
    packed: str = ""
    inner: str = ""


def read_day(text: str) -> Day | None:
    """The day that ``text`` begins with, or None for none, an impossible or an ambiguous one.

    Two-digit years come first, as Korea writes them (26.09.23); with strokes (26/09/23) only where
    no other order is possible. Where the year comes last, strokes are American (month first) unless
    that is impossible, dots European; hyphens must be unambiguous.
    """
    for shape in _SHAPES if text[:1] in _FIRST_SIGNS else _BY_NAME:
        if (match := shape.match(text)) and (day := _day(match)):
            parts = match.groupdict()
            return Day(
                day,
                match.end(),
                digits="packed" in parts,
                packed=parts.get("packed") or "",
                inner=parts.get("inner") or "",
            )
    return None


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    if "a" in parts:
        return _numeric(parts["a"], parts["b"], parts["c"], parts["sep"])
    try:
        if "week" in parts:
            day = date.fromisocalendar(*(int(parts[n]) for n in ("year", "week", "weekday")))
        elif "ordinal" in parts:
            day = date.fromordinal(
                date(int(parts["year"]), 1, 1).toordinal() - 1 + int(parts["ordinal"])
            )
            if day.year != int(parts["year"]):
                return None
        else:
            day = date(_year(parts["year"]), month_number(parts["month"]) or 0, int(parts["day"]))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _numeric(a: str, b: str, c: str, sep: str) -> date | None:
    """The day of three numbers of which the year is two-digit or last."""
    year_first = _possible(a, b, c) if len(a) > 1 else None
    month_first = _possible(c, a, b) if len(c) > 1 else None
    day_first = _possible(c, b, a) if len(c) > 1 else None
    if len(c) == 4:  # noqa: PLR2004  (four digits are a year)
        if sep == "-":
            return _only(month_first, day_first)
        return (month_first or day_first) if sep == "/" else (day_first or month_first)
    if a.startswith("'"):
        return year_first
    if sep != "/" and year_first:
        return year_first
    found = _only(year_first, month_first, day_first)
    # Nobody writes the month first with dots; 3.14.15 is a version.
    return found if sep != "." or found in {year_first, day_first} else None


def _only(*days: date | None) -> date | None:
    """The one day that these are, or None for none or several."""
    found = {day for day in days if day}
    return found.pop() if len(found) == 1 else None


def _possible(year: str, month: str, day: str) -> date | None:
    try:
        found = date(_year(year), int(month.strip("'")), int(day.strip("'")))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _year(text: str) -> int:
    number = int(text.strip("'"))
    if len(text.strip("'")) > 2:  # noqa: PLR2004  (two digits are short for a year)
        return number
    return number + (1900 if number >= _CENTURY_PIVOT else 2000)
