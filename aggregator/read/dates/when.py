"""Dates of feeds, Korean ones first, read from the raw string: no guess, no clock.

Libraries read "2026.02.13" as some day of the present month and drop "오후"; a date without a zone
they take for UTC, nine hours off. So the shapes that occur are spelled out (days in ``date_days``,
times in ``date_clocks``, zones in ``date_zones``, names in ``date_names``), the whole string must be
accounted for, and everything else is None.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from aggregator.domain.items import SEOUL, Precision, When
from aggregator.read.dates.clocks import Clock, read_clock
from aggregator.read.dates.days import FIRST_YEAR, LAST_YEAR, Day, read_day
from aggregator.read.dates.names import is_weekday
from aggregator.read.dates.zones import UnknownZone, read_zone

MAX_LENGTH = 80
"""Characters; longer strings hold more than a date."""

AHEAD = timedelta(days=3)
"""How far ahead of its first sight a date is believed: offices hand out Monday's releases on Friday."""

_KOREAN = timedelta(hours=9)

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’´`′", "'"),
        **dict.fromkeys("−‐‑‒﹣", "-"),
        **dict.fromkeys("∼〜〰˜", "~"),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"),
    }
)
_LABEL = re.compile(
    r"""[\[(]?\s?(?:
      (?:최종\s?|최초\s?|기사\s?)?(?:등록|작성|게시|입력|배포|보도|발행|공고|공표|발표|수정|갱신|업데이트|송고|승인|생성|제공|공개)
      \s?(?:일자|일시|시점|시간|날짜|일|시)? | 일시 | 일자 | 날짜
    | (?:last\s)?(?:pub(?:lished|lication)?|post(?:ed)?|updated?|created?|modified|issued)?\s?(?:date|on|at)? (?=\s|:)
    )\s?[\])]?\s?[:|]?\s?(?=\S)""",
    re.IGNORECASE | re.VERBOSE,
)
_TAIL = re.compile(r"\s?(?:입력|등록|작성|게시|수정|송고|발행|업데이트)\.?$")
_ENCLOSED = re.compile(r"""[\[(<"'](?P<inner>[^\[\]()<>"]{6,60})[\])>"']""")
_WORD_BEFORE = re.compile(r"[\[(]?\s?(?P<word>[^\W\d_]{1,12}\.?)\s?[\])]?(?P<comma>\s?,)?\s?")
_WEEKDAY_AFTER = re.compile(
    r"\s?(?:[\[(]\s?(?P<a>[^\W\d_]{1,12}\.?)\s?[\])]|,?\s?(?P<b>[^\W\d_]{1,12}\.?)(?=[\s,]|$))"
)
_GAP = re.compile(r"\s?[.,|/·-]?\s?(?:(?:at|um|à|alle|kl\.?|в)\s)?", re.IGNORECASE)
_RANGE = re.compile(r"\s?~\s?|\s?부터(?:\s|$)|\s-\s")
_LAST_DAY = re.compile(
    r"(?:[0-9]{1,2}\s?[.월/-]\s?)?[0-9]{1,2}\s?[.일]?\s?(?:\([월화수목금토일]\))?"
)
_ZONE_ALONE = re.compile(r"\s?(?:z|utc|gmt|kst|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE)
_FOUR_DIGITS = re.compile(r"[0-9]{4}\s?(?:[a-z]{2,4}|[+-][0-9]{4})", re.IGNORECASE)
_MARKED = re.compile(r"\s?t\s?(?=[0-9])", re.IGNORECASE)
_EPOCH = re.compile(
    r"(?:/date\()?(?P<seconds>[0-9]{10})(?P<rest>[0-9]{3}|\.[0-9]{1,9})?(?:[+-][0-9]{4}(?=\)))?(?:\)/)?",
    re.IGNORECASE,
)


def parse_when(raw: str, *, zone: ZoneInfo) -> When | None:
    """The instant that a raw date string means, or None when unsure or impossible.

    RFC 822 (section 5) and the shapes near it with numeric or named zones (KST is +09:00), names of
    months and weekdays in Korean and the languages of Europe, ISO 8601 with or without zone, dotted
    and slashed dates, 년월일, 오전/오후 before or behind the time, digits only, two-digit years,
    seconds and milliseconds since 1970, labels in front (작성일 :). Of a period the beginning is
    meant. A month, a year or an interval ("3일 전") names no day and is None.

    Without a zone in the string the time is local in ``zone``; in a zone that is not known it is
    None. A date alone, or a bare 00:00:00 without a zone or in Korea's, has day precision and is
    that day's midnight in Asia/Seoul, the zone in which days are printed.
    """
    text = _tidy(raw)
    if not text or len(text) > MAX_LENGTH:
        return None
    if match := _EPOCH.fullmatch(text):
        return _since_1970(match)
    if when := _whole(text.replace("–", "-").replace("—", "-"), zone):
        return when
    if (first := _of_two(text, zone)) is not None:
        return first
    parts = _RANGE.split(text.replace("–", "~").replace("—", "~"), maxsplit=1)
    if len(parts) > 1 and _is_end(parts[1], zone):
        return _whole(parts[0], zone)
    return None


def not_ahead(when: When, *, seen_at: datetime) -> When:
    """``when``, or the day of the first sight, marked as clamped, where its day lies more than
    ``AHEAD`` after that one: a mistyped year, or the day of the event that is announced.

    Days are compared, in Asia/Seoul, so that Friday's first hour believes Monday's last.
    """
    seen_on = seen_at.astimezone(SEOUL).date()
    if when.day - seen_on <= AHEAD:
        return when
    day = datetime.combine(seen_on, time(), tzinfo=SEOUL)
    return When(at=day, precision=Precision.DAY, clamped=True)


def _tidy(raw: str) -> str:
    if len(raw) > MAX_LENGTH * 3:
        return ""
    text = unicodedata.normalize("NFKC", html.unescape(raw) if "&" in raw else raw)
    text = text.replace("<![CDATA[", " ").replace("]]>", " ")
    # Of the signs one is ASCII, and to look them up takes long.
    text = text.replace("`", "'") if text.isascii() else text.translate(_SIGNS)
    text = " ".join(text.split())
    if match := _ENCLOSED.fullmatch(text):
        text = match["inner"].strip()
    return _TAIL.sub("", text)


def _whole(text: str, zone: ZoneInfo) -> When | None:
    """The date that all of ``text`` is, with or without a label and a weekday before it."""
    while text:
        try:
            if when := _date_first(text, zone) or _time_first(text, zone):
                return when
        except UnknownZone:
            return None
        text = _without_first(text)
    return None


def _of_two(text: str, zone: ZoneInfo) -> When | None:
    """The first of two dates that both have a label, as "입력 2026.2.13 09:10 수정 2026.2.13 10:10"."""
    labels = [match.start() for match in _LABEL.finditer(text) if match.end() > match.start() + 1]
    if len(labels) < 2 or labels[0]:  # noqa: PLR2004  (two labels, the first in front)
        return None
    first, second = text[: labels[1]].rstrip(" |/,·"), text[labels[1] :]
    return _whole(first, zone) if _whole(second, zone) else None


def _without_first(text: str) -> str:
    """``text`` without the label or the weekday that it begins with; "" where it has none."""
    if (match := _LABEL.match(text)) and match.end():
        return text[match.end() :]
    match = _WORD_BEFORE.match(text)
    # A comma makes a weekday of a word in whatever language; without one it must be known.
    if match and (match["comma"] or is_weekday(match["word"])):
        return text[match.end() :]
    return ""


def _date_first(text: str, zone: ZoneInfo) -> When | None:
    day = read_day(text)
    if day is None:
        return None
    rest = _without_weekday(text[day.length :])
    if day.inner:
        return _with_time(day, day.inner, zone) if not rest.strip() else None
    if day.packed:
        return _with_time(day, day.packed + rest, zone)
    return _with_time(day, rest, zone)


def _time_first(text: str, zone: ZoneInfo) -> When | None:
    """16:00 2024.2.27, 07:06 GMT, 23 Sep 2026."""
    clock = read_clock(text)
    if clock is None:
        return None
    head, rest = "", text[clock.length :].lstrip(" ,")
    day = read_day(rest)
    if day is None:
        head, _, rest = rest.replace(",", " ").partition(" ")
        rest = rest.lstrip()
        day = read_day(rest)
    if day is None or day.inner or day.packed or _without_weekday(rest[day.length :]).strip():
        return None
    return _when(day, clock, read_zone(head), zone)


def _without_weekday(rest: str) -> str:
    match = _WEEKDAY_AFTER.match(rest)
    return rest[match.end() :] if match and is_weekday(match["a"] or match["b"]) else rest


def _with_time(day: Day, rest: str, zone: ZoneInfo) -> When | None:
    """``day`` with the time and zone that ``rest`` is; None where it is anything else."""
    if not rest.strip(" .,"):
        return _when(day, None, None, zone)
    if _ZONE_ALONE.fullmatch(rest):
        # A day in a zone (XML Schema) is that day; its midnight elsewhere is nobody's date.
        read_zone(rest)
        return _when(day, None, None, zone)
    if day.packed:
        clock = read_clock(rest, packed=True)
    elif marked := _MARKED.match(rest):
        rest = rest[marked.end() :]
        clock = read_clock(rest, packed=True)
    else:
        gap = _GAP.match(rest)
        rest = rest[gap.end() :] if gap else rest
        clock = read_clock(rest, packed=day.digits or _FOUR_DIGITS.fullmatch(rest) is not None)
    if clock is None:
        return None
    return _when(day, clock, read_zone(rest[clock.length :]), zone)


def _when(day: Day, clock: Clock | None, offset: tzinfo | None, zone: ZoneInfo) -> When | None:
    midnight = datetime.combine(day.day, time(), tzinfo=SEOUL)
    if clock is None:
        return When(at=midnight, precision=Precision.DAY)
    korean = offset is None or offset.utcoffset(None) == _KOREAN
    if clock.time == time() and korean and not clock.next_day:
        return When(at=midnight, precision=Precision.DAY)
    at = datetime.combine(day.day, clock.time, tzinfo=offset or zone)
    return When(at=at + timedelta(days=1) if clock.next_day else at)


def _is_end(text: str, zone: ZoneInfo) -> bool:
    """Whether this can be the end of a period: a day, a time, or nothing."""
    text = text.removesuffix("까지").strip()
    if not text or _LAST_DAY.fullmatch(text) or _whole(text, zone):
        return True
    if (day := _LAST_DAY.match(text)) and text[day.end() : day.end() + 1] in {" ", ","}:
        text = text[day.end() :].lstrip(" ,")
    clock = read_clock(text)
    return clock is not None and not text[clock.length :].strip()


def _since_1970(match: re.Match[str]) -> When | None:
    """Seconds, or milliseconds, since 1970-01-01 UTC. Digits that are a day and an hour as well
    (2026092115) could be either and are None."""
    seconds = match["seconds"]
    if read_day(seconds[:8]) and int(seconds[8:]) <= 24:  # noqa: PLR2004  (hours of a day)
        return None
    at = datetime.fromtimestamp(int(seconds), tz=UTC)
    # Ten digits with leading zeros are the number of something.
    return When(at=at) if seconds[0] != "0" and FIRST_YEAR <= at.year < LAST_YEAR else None
