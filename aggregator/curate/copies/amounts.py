"""Counts in a title with what they count: 3천여 명, 1만 9,200명, 23만 5천 가구."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_NUMBER = r"\d[\d,]{0,15}(?:\.\d{1,6})?"
_DIGIT = re.compile(r"\d")
_UNITS = (
    "원|달러|유로|명|곳|개소|개사|개국|개|종|건|대|팀|%p?|퍼센트|km|㎞|ha|㎡|m|가구|세대|인|마리|톤|배|위|동|점|필지|세|년간|"
    "개월|일간|시간|층|호|척|권역|품목|마을|지구|노선"
)
_COUNT = re.compile(
    rf"(?<![\d.])(?=\d)((?:{_NUMBER}\s?(?:[천백]?[조억만]|[천백])\s?){{0,3}}(?:{_NUMBER})?)\s?(여?)\s?({_UNITS}|(?<=[조억])(?=\s|$|[,·’'”\"]))"
)
_PART = re.compile(rf"({_NUMBER})\s?([천백]?)([조억만]?)")
_SMALL = {"": 1, "천": 1000, "백": 100}
_LARGE = {"조": 10**12, "억": 10**8, "만": 10**4}
_ROUND = 10
"""Digits that a round number ends in at least count for this (20여 곳 is 20 to 29)."""

_NUMBERS_KEPT = 4096
"""Numbers as they are written of which it is remembered what they say."""

RANGE = "~"
"""What stands between the ends of an approximate value."""


def amounts_in(title: str) -> Iterator[tuple[str, str]]:
    """Unit and value of each count. A value is a plain number (``19200``), or the range that an
    approximate one means (``2000~2999``)."""
    if _DIGIT.search(title) is None:
        return
    for written, about, unit in _COUNT.findall(title):
        if written:
            yield unit or "원", _told(written, is_about=bool(about))


@lru_cache(maxsize=_NUMBERS_KEPT)
def _told(written: str, *, is_about: bool) -> str:
    return _approximate(written) if is_about else _plain(_value(written))


def mean_the_same(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether the values that only one of two titles has are an exact and an approximate one."""
    return all(any(_covers(value, other) for other in right) for value in left - right) and all(
        any(_covers(value, other) for other in left) for value in right - left
    )


def _covers(value: str, other: str) -> bool:
    """Whether two values can mean the same number: they are equal, or one is a range with the other
    in it."""
    if value == other:
        return True
    if RANGE not in value and RANGE not in other:
        return False
    (low, high), (least, most) = _ends(value), _ends(other)
    return low <= most and least <= high


def _ends(value: str) -> tuple[float, float]:
    low, _, high = value.partition(RANGE)
    try:
        return float(low), float(high or low)
    except ValueError:
        return float("nan"), float("nan")


def _value(written: str) -> float:
    total = group = 0.0
    for number, small, large in _PART.findall(written):
        group += float(number.replace(",", "")) * _SMALL[small]
        if large:
            total += group * _LARGE[large]
            group = 0.0
    return total + group


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _approximate(written: str) -> str:
    value = _value(written)
    if value != int(value) or value <= 0:
        return _plain(value)
    step = _ROUND
    while value % (step * _ROUND) == 0:
        step *= _ROUND
    return f"{int(value)}{RANGE}{int(value) + step - 1}"
