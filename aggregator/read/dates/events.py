"""When and where an event takes place, read from the further elements of an entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aggregator.domain.items import Entry, EventFacts
from aggregator.read.dates.when import parse_when
from aggregator.text.clean import clean_title

_STARTS = (
    "startdate", "dtstart", "starttime", "startsat", "startson", "starts", "eventstart", "start",
    "begindate", "begindt", "begin", "startdt", "시작일", "행사시작일", "시작일시",
)  # fmt: skip
_ENDS = (
    "enddate", "dtend", "endtime", "endsat", "endson", "ends", "eventend", "end", "enddt",
    "finishdate", "종료일", "행사종료일", "종료일시",
)  # fmt: skip
_PERIODS = ("period", "eventperiod", "eventdate", "행사기간", "기간", "일시", "행사일시")
_VENUES = (
    "location",
    "venue",
    "place",
    "eventplace",
    "where",
    "wherevaluestring",
    "장소",
    "행사장소",
)
_SUBJECTS = ("subject", "theme", "topic", "주제")
_PHONES = ("phone", "tel", "telephone", "contact", "inquiry", "문의", "문의처", "전화", "연락처")

_PUNCTUATION = re.compile(r"[^0-9a-z가-힣]")
_RANGE = re.compile(r"\s*(?:~|∼|～|–|—|부터)\s*|\s+-\s+")
_SHORT_DAY = re.compile(
    r"(?:(\d{1,2})\s?[.월/-]\s?)?(\d{1,2})\s?[.일]?(?:\s?\([월화수목금토일]\))?"
)
_VENUE_SEPARATOR = re.compile(r"\s*(?:[;|\n]|\s/\s|,(?=\s))\s*")
_LONGEST = timedelta(days=366 * 2)
_LONGEST_SHORT = timedelta(days=183)
"""An end without its year that lies further ahead is a slip, not next year."""

_MONTHS = 12
_MAX_TEXT = 300


def parse_event(entry: Entry, zone: ZoneInfo) -> EventFacts | None:
    """The event that an entry announces, or None where its fields name no first day.

    Elements are known by their name without namespace prefix and punctuation (``ev:startdate``,
    ``dtstart``, ``행사기간``, …). Days are local to ``zone``, which also holds for values without a
    zone of their own; an end before the start, or years after it, is taken for the start.
    """
    fields = _by_name(entry.fields)
    days = _days(fields, zone)
    if days is None:
        return None
    starts_on, ends_on = days
    if not starts_on <= ends_on <= starts_on + _LONGEST:
        ends_on = starts_on
    venues = _VENUE_SEPARATOR.split(_first(fields, _VENUES))
    return EventFacts(
        name=clean_title(entry.title),
        starts_on=starts_on,
        ends_on=ends_on,
        venues=tuple(dict.fromkeys(venue for each in venues if (venue := clean_title(each)))),
        subject=clean_title(_first(fields, _SUBJECTS)),
        phone=clean_title(_first(fields, _PHONES)),
    )


def _by_name(fields: Mapping[str, str]) -> dict[str, str]:
    """Fields by bare name; one without a prefix wins over one with."""
    named: dict[str, str] = {}
    for key, value in fields.items():
        lower = key.lower()
        _, _, bare = lower.partition("_")
        for name in (lower, bare):
            if folded := _PUNCTUATION.sub("", name):
                named.setdefault(folded, value[:_MAX_TEXT])
    return named


def _days(fields: Mapping[str, str], zone: ZoneInfo) -> tuple[date, date] | None:
    for names in (_STARTS, _PERIODS):
        period = _first(fields, names)
        first, *rest = _RANGE.split(period.strip(), maxsplit=1)
        starts_on = _day(first, zone)
        if starts_on is not None:
            named = _day(_first(fields, _ENDS), zone) if names is _STARTS else None
            last = rest[0] if rest else ""
            return starts_on, named or _day(last, zone) or _short_day(last, starts_on) or starts_on
    return None


def _day(raw: str, zone: ZoneInfo) -> date | None:
    if not raw:
        return None
    when = parse_when(raw, zone=zone)
    return when.day if when else None


def _short_day(raw: str, starts_on: date) -> date | None:
    """The end of "2024.3.19 ~ 3.23" or "2024.3.19 ~ 23"; "2024.12.30 ~ 1.2" ends in the new year,
    and "2024.3.30 ~ 2" in the next month."""
    match = _SHORT_DAY.fullmatch(raw.strip())
    if match is None:
        return None
    month, day = int(match[1]) if match[1] else starts_on.month, int(match[2])
    year = starts_on.year
    if not match[1] and day < starts_on.day:
        year, month = (year, month + 1) if month < _MONTHS else (year + 1, 1)
    elif (month, day) < (starts_on.month, starts_on.day):
        year += 1
    try:
        ends_on = date(year, month, day)
    except ValueError:
        return None
    return ends_on if ends_on - starts_on <= _LONGEST_SHORT else None


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")
