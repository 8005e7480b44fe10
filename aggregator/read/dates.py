"""Dates of Korean press feeds, read from the raw string: no guess, no clock.

Libraries read "2026.02.13" as some day of the present month and drop "오후"; a date without a zone
they take for UTC, nine hours off. So the shapes that occur are spelled out here and everything else
is None.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from aggregator.domain.items import SEOUL, Precision, When

MAX_LENGTH = 80
"""Characters; longer strings hold more than a date."""

_FIRST_YEAR, _LAST_YEAR = 1971, 2100
"""1970-01-01 is what an empty column of a database looks like."""
_CENTURY_PIVOT = 70
_MAX_OFFSET = timedelta(hours=14)
_LAST_SECOND = 59
_NOON = 12

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "kst": 540, "jst": 540, "hkt": 480, "sgt": 480, "ict": 420, "aest": 600, "aedt": 660,
    "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420,
}  # fmt: skip
"""Minutes east of UTC: the names of RFC 822 section 5.1 and those of East Asia and Europe."""

_WEEKDAY = (
    r"(?:월|화|수|목|금|토|일)(?:요일)?|"
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]{0,6}\.?"
)
_LEADING_WEEKDAY = re.compile(
    rf"^(?:{_WEEKDAY})\s*,?\s+(?=\S)|^(?:{_WEEKDAY})\s*,\s*", re.IGNORECASE
)
_BRACKETED = re.compile(
    rf"\s*[(\[]\s*(?:{_WEEKDAY}|[a-z]{{2,5}}|[a-z]+/[a-z_]+)\s*[)\]]", re.IGNORECASE
)
_LABEL = re.compile(
    r"^(?:등록일?시?|작성일?시?|게시일?시?|입력일?시?|기사입력|배포일?시?|보도일?시?|발행일?|공고일|일시|날짜|date)\s*[::]\s*",
    re.IGNORECASE,
)

_ZONE = r"(?P<zone>z|(?:gmt|utc)?\s?[+-]\d{2}(?::?\d{2})?|[a-z]{2,5})"
_CLOCK = (
    r"(?:(?P<half>오전|오후|am|pm)\s*)?"
    r"(?P<hour>\d{1,2})(?:\s?:\s?|시\s?)(?:(?P<minute>\d{1,2})분?(?:\s?[::]?\s?(?P<second>\d{2})(?:[.,]\d{1,9}|초)?)?)?"
    r"(?:\s*(?P<half_after>am|pm|a\.m\.|p\.m\.))?"
)
_TIME = rf"(?:{_CLOCK}(?:\s*{_ZONE})?)?"
_MONTH_NAME = r"(?P<month>[a-z]{3,9}\.?|\d{1,2}\s?월)"

_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 2026-09-23 17:00:00.0, 2026-09-23T12:00:00+0900, 2026. 2. 13., 2026/09/23, 2026-09-01 오후 4:00
        (
            rf"(?P<year>\d{{4}})(?P<sep>\s?[-./]\s?)(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})"
            rf"(?:\.|,)?(?:(?:\s*t|\s+|(?<=[.,]))\s*{_TIME})?"
        ),
        # 2024년 2월 27일 오후 4:00
        rf"(?P<year>\d{{4}}|'?\d{{2}})\s?년\s?(?P<month>\d{{1,2}})\s?월\s?(?P<day>\d{{1,2}})\s?일(?:\s*{_TIME})?",
        # 26.09.23, '26. 9. 23.
        rf"'?(?P<year>\d{{2}})(?P<sep>\.\s?|-)(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})\.?(?:\s+{_TIME})?",
        # 07/21/2026 18:00:00
        rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}})(?:\s+{_TIME})?",
        # 20260921150221, 20260921, 20260921T150221Z
        (
            r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
            rf"(?:\s?t?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?(?:\.\d{{1,9}})?\s?{_ZONE}?)?"
        ),
        # 20260921 15:02:21
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})[\st]+{_TIME}",
        # 23 Sep 2026 07:06:00 GMT, 20 5월 2009 08:47:51 +0900, 06-Nov-94 08:49:37 GMT
        rf"(?P<day>\d{{1,2}})[\s-]{_MONTH_NAME}[\s,-]\s?(?P<year>\d{{4}}|\d{{2}})(?:,?\s+{_TIME})?",
        # February 27, 2024 4:00 PM
        rf"{_MONTH_NAME}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})(?:,?\s+(?:at\s)?{_TIME})?",
        # Sep 23 17:00:00 KST 2026, 5월 20 08:47:51 KST 2009
        (
            rf"{_MONTH_NAME}\s(?P<day>\d{{1,2}})\s(?P<hour>\d{{2}}):(?P<minute>\d{{2}}):(?P<second>\d{{2}})"
            rf"(?:\s{_ZONE})?\s(?P<year>\d{{4}})"
        ),
    )
)


def parse_when(raw: str, *, zone: ZoneInfo) -> When | None:
    """The instant that a raw date string means, or None when unsure or impossible.

    RFC 822 (section 5) with numeric or named zones (KST is +09:00), Korean weekdays and months,
    ISO 8601 with or without zone, dotted and slashed dates, 년월일, 오전/오후, digits only, two-digit
    years, MM/DD/YYYY. Without a zone in the string the time is local in ``zone``. A date alone, or a
    bare 00:00:00 without a zone, has day precision and is that day's midnight in Asia/Seoul, the
    zone in which days are printed.
    """
    text = _tidy(raw)
    if not text or len(text) > MAX_LENGTH:
        return None
    for shape in _SHAPES:
        if (match := shape.fullmatch(text)) and (when := _read(match, zone)):
            return when
    return None


def _tidy(raw: str) -> str:
    if len(raw) > MAX_LENGTH * 3:
        return ""
    text = unicodedata.normalize("NFKC", raw).translate(str.maketrans("‘’–−", "''--"))
    text = " ".join(text.split())
    text = _LABEL.sub("", text)
    text = _BRACKETED.sub(" ", text)
    text = _LEADING_WEEKDAY.sub("", " ".join(text.split()))
    return text.strip()


def _read(match: re.Match[str], zone: ZoneInfo) -> When | None:
    parts = match.groupdict()
    year = _year(parts["year"])
    month = _month(parts["month"])
    if month is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    offset = _offset(parts.get("zone"))
    if parts.get("zone") and offset is None:
        return None
    clock = _clock(parts)
    if parts.get("hour") and clock is None:
        return None
    try:
        day = datetime(year, month, int(parts["day"]), tzinfo=SEOUL)
    except ValueError:
        return None
    if clock is None or (clock == time() and offset is None):
        return When(at=day, precision=Precision.DAY)
    return When(at=datetime.combine(day.date(), clock, tzinfo=offset or zone))


def _year(text: str) -> int:
    number = int(text.strip("'"))
    if number >= 100:  # noqa: PLR2004  (the largest number of two digits is meant)
        return number
    return number + (1900 if number >= _CENTURY_PIVOT else 2000)


def _month(text: str) -> int | None:
    digits = text.rstrip("월 ")
    if digits.isdecimal():
        return int(digits)
    return _MONTHS.get(text.rstrip(".").casefold())


def _offset(name: str | None) -> tzinfo | None:
    if not name:
        return None
    text = name.casefold().replace(" ", "")
    if (minutes := _ZONES.get(text)) is not None:
        return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))
    sign, digits = _signed(text.removeprefix("gmt").removeprefix("utc"))
    if sign == 0:
        return None
    minutes_past = int(digits[2:] or 0)
    offset = timedelta(hours=int(digits[:2]), minutes=minutes_past)
    if offset > _MAX_OFFSET or minutes_past > _LAST_SECOND:
        return None
    return timezone(sign * offset)


def _signed(text: str) -> tuple[int, str]:
    if text[:1] in {"+", "-"}:
        return (-1 if text[0] == "-" else 1), text[1:].replace(":", "")
    return 0, ""


def _clock(parts: dict[str, str | None]) -> time | None:
    """The time of day, or None where there is none or an impossible one."""
    hour_text = parts.get("hour")
    if hour_text is None:
        return None
    hour = int(hour_text)
    half = (parts.get("half") or parts.get("half_after") or "").casefold().replace(".", "")
    if half in {"오후", "pm"} and hour < _NOON:
        hour += _NOON
    elif half in {"오전", "am"} and hour == _NOON:
        hour = 0
    # A leap second (60) is taken for the second before it.
    second = min(int(parts.get("second") or 0), 60)
    try:
        return time(hour, int(parts.get("minute") or 0), min(second, _LAST_SECOND))
    except ValueError:
        return None
