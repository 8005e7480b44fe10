"""Dates as boards show them: with labels around them, as the hour of today, as "3시간 전"."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.read.dates.clocks import read_clock
from aggregator.read.dates.when import parse_when
from aggregator.text.clean import one_line

SLACK = timedelta(minutes=10)
"""How far a board's clock may go before ours."""

_LONGEST = 1000
_FULL_DAY = (
    r"(?<![\d.])(?:19|20)\d{2}\s?(?:[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}|년\s?\d{1,2}\s?월\s?\d{1,2}\s?일)"
    r"(?![\d])(?:\s?\.)?(?:\s{1,3}\d{1,2}:\d{2}(?::\d{2})?)?"
)
_DAY = re.compile(_FULL_DAY)
_LABELLED = re.compile(
    r"(?:작성|등록|게시|제공|배포|보도|발행|공개)\s?(?:일자|일시|시간|날짜|일)?\s?[\])]?\s?[:|]?\s?"
    rf"(?P<day>{_FULL_DAY})"
)
_LABEL = re.compile(
    r"\A(?:작성|등록|게시|제공|배포|보도|발행|공개)\s?(?:일자|일시|시간|날짜|일)?\s?[:|]?\s?(?=\S)"
)
_NOW = re.compile(r"방금(?:\s?전)?|지금|just\s?now|now|moments?\s?ago", re.IGNORECASE)
_DAYS = {"오늘": 0, "today": 0, "어제": 1, "yesterday": 1, "그저께": 2, "그제": 2, "엊그제": 2}
_DAY_NAME = re.compile(
    rf"(?P<name>{'|'.join(_DAYS)})(?:\s?(?:at\s)?(?P<clock>\S.*))?", re.IGNORECASE
)
_AGO = re.compile(
    r"(?:약\s?|about\s)?(?P<count>\d{1,4}|an?)\s?(?P<unit>초|분|시간|일|주일?|seconds?|secs?|minutes?|mins?|"
    r"hours?|hrs?|days?|weeks?)\s?(?:전|ago)",
    re.IGNORECASE,
)
_UNITS = (
    (("초", "sec"), timedelta(seconds=1)),
    (("분", "min"), timedelta(minutes=1)),
    (("시간", "hour", "hr"), timedelta(hours=1)),
    (("일", "day"), timedelta(days=1)),
    (("주", "week"), timedelta(weeks=1)),
)


def board_date(raw: str, *, now: datetime, zone: ZoneInfo) -> str:
    """The raw date string that an entry gets for what a row shows at ``now`` (aware).

    What names a day stays in its own words. An hour alone is one of today, or of yesterday where it
    is still to come, as an instant in ``zone``. "3시간 전", "어제", "방금" become the day that they
    mean: the minute would be another at every visit, and was never said. Out of a longer text the
    day behind a label is taken, else the only one. Months and years ago, and all else, stay as they
    are and are no date.
    """
    text = one_line(raw[:_LONGEST]).strip(" |·,[]()")
    if not text or parse_when(text, zone=zone) is not None:
        return text
    bare = _LABEL.sub("", text)
    today = now.astimezone(zone)
    return _relative(bare, today) or _clock(bare, today) or _found(text) or text


def _relative(text: str, today: datetime) -> str:
    if _NOW.fullmatch(text):
        return today.date().isoformat()
    if match := _AGO.fullmatch(text):
        count = int(match["count"]) if match["count"].isdigit() else 1
        return (today - count * _unit(match["unit"].lower())).date().isoformat()
    if match := _DAY_NAME.fullmatch(text):
        day = today.date() - timedelta(days=_DAYS[match["name"].lower()])
        return _at(day, match["clock"] or "", today) or ("" if match["clock"] else day.isoformat())
    return ""


def _unit(name: str) -> timedelta:
    return next(length for names, length in _UNITS if name.startswith(names))


def _clock(text: str, today: datetime) -> str:
    told = _at(today.date(), text, today)
    if told and datetime.fromisoformat(told) > today + SLACK:
        return _at(today.date() - timedelta(days=1), text, today)
    return told


def _at(day: date, text: str, today: datetime) -> str:
    """A time of ``day`` as an instant, "" where the text is no time of day."""
    clock = read_clock(text) if text else None
    if clock is None or clock.next_day or text[clock.length :].strip(" ."):
        return ""
    return datetime.combine(day, clock.time, tzinfo=today.tzinfo).isoformat()


def _found(text: str) -> str:
    if match := _LABELLED.search(text):
        return match["day"].strip()
    days = list(dict.fromkeys(match.group().strip() for match in _DAY.finditer(text)))
    return days[0] if len(days) == 1 else ""
