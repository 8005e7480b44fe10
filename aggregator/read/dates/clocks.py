"""Times of day as dates write them: 16:00, 오후 4시 30분, 4:00 PM, 16h30, T160000."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_MORNING = frozenset({"오전", "새벽", "아침", "am", "上午", "午前"})
_HALF = r"오전|오후|새벽|아침|낮|저녁|밤|上午|下午|午前|午後|[ap]\.\s?m\.?|[ap]m"
_BEFORE = rf"(?:(?P<before>{_HALF})\s*)?"
_AFTER = rf"(?:\s*(?P<after>{_HALF})(?![^\W\d_]))?"
_END = r"(?![0-9])"
_FRACTION = r"(?:[.,][0-9]{1,9})?"

_CLOCKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 16:00, 오후 4:00:00.0, 4:00 PM
        (
            rf"{_BEFORE}(?P<hour>[0-9]{{1,2}})\s?:\s?(?P<minute>[0-9]{{1,2}})"
            rf"(?:\s?:\s?(?P<second>[0-9]{{1,2}})(?:[.,:][0-9]{{1,9}})?)?{_END}(?:\s?(?:uhr|h)\b)?{_AFTER}"
        ),
        # 16시, 오후 4시 30분, 16時30分20秒, 4시 반
        (
            rf"{_BEFORE}(?P<hour>[0-9]{{1,2}})\s?[시時点點]"
            rf"(?:\s?(?P<half_past>반)|\s?(?P<minute>[0-9]{{1,2}})\s?[분分]?"
            rf"(?:\s?(?P<second>[0-9]{{1,2}})\s?[초秒])?{_END})?(?!간)"
        ),
        # 16h30, 16.30 Uhr
        rf"(?P<hour>[0-9]{{1,2}})\s?h\s?(?P<minute>[0-9]{{2}})?{_END}(?:\s?min)?",
        r"(?P<hour>[0-9]{1,2})(?:\.(?P<minute>[0-9]{2}))?\s?uhr",
        # 16.30.00, 04.00.00.000000 PM
        (
            rf"{_BEFORE}(?P<hour>[0-9]{{1,2}})\.(?P<minute>[0-9]{{2}})\.(?P<second>[0-9]{{2}})"
            rf"{_FRACTION}{_END}{_AFTER}"
        ),
        # 4 PM, 오후 4
        rf"(?P<hour>[0-9]{{1,2}})\s?(?P<after>{_HALF})(?![^\W\d_])",
        rf"(?P<before>{_HALF})\s?(?P<hour>[0-9]{{1,2}}){_END}",
        r"(?P<noon>정오|낮\s?12시)",
    )
)
_PACKED = re.compile(
    rf"(?P<hour>[0-9]{{2}})(?:(?P<minute>[0-9]{{2}})(?:(?P<second>[0-9]{{2}})(?:[0-9]{{3}})?)?)?"
    rf"{_FRACTION}{_END}"
)

_NIGHT = "밤"
_SMALL_HOURS = 6
"""Up to this hour 밤 means the hours behind midnight."""
_NOON, _MIDNIGHT = 12, 24
_LAST_SECOND, _LEAP_SECOND = 59, 60


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, and how many characters it took. ``next_day``: 24:00, the end of its day."""

    time: time
    length: int
    next_day: bool = False


def read_clock(text: str, *, packed: bool = False) -> Clock | None:
    """The time of day that ``text`` begins with; None for none, or for an impossible one. Digits
    alone (``160000``) are a time only where the caller knows that one stands there: ``packed``."""
    for shape in (_PACKED,) if packed and text[:4].isdecimal() else _CLOCKS:
        if match := shape.match(text):
            return _clock(match)
    match = _PACKED.match(text) if packed else None
    return _clock(match) if match else None


def _clock(match: re.Match[str]) -> Clock | None:
    parts = match.groupdict()
    if parts.get("noon"):
        return Clock(time(_NOON), match.end())
    hour = int(parts["hour"])
    minute = 30 if parts.get("half_past") else int(parts.get("minute") or 0)
    second = int(parts.get("second") or 0)
    night = parts.get("before") == _NIGHT
    if night and hour == _NOON:
        return Clock(time(0, minute, second), match.end(), next_day=True)
    halves = [_half(parts[name]) for name in ("before", "after") if parts.get(name)]
    if len(halves) > 1 or (halves == ["am"] and hour > _NOON):
        return None
    if halves == ["pm"] and (_SMALL_HOURS if night else 0) <= hour < _NOON:
        hour += _NOON
    elif halves == ["am"] and hour == _NOON:
        hour = 0
    if hour == _MIDNIGHT and not (minute or second or halves):
        return Clock(time(), match.end(), next_day=True)
    if second == _LEAP_SECOND:
        second = _LAST_SECOND
    try:
        return Clock(time(hour, minute, second), match.end())
    except ValueError:
        return None


def _half(name: str) -> str:
    folded = re.sub(r"[.\s]", "", name.casefold())
    return "am" if folded in _MORNING else "pm"
