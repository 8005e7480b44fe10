"""What a Korean text counts: 23억 5천만 원, 3월 5일, 오후 4시, 제3차, 2만여 대."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from aggregator.issue.lint.quantities import (
    CENTURY,
    DIGITS,
    Kind,
    Quantity,
    Sheet,
    day_of,
    number,
    read_common,
    span_of,
)

_TO = r"\s?[~∼～\-–]\s?"
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
CURRENCIES = {
    "원": "KRW", "달러": "USD", "불": "USD", "유로": "EUR", "엔": "JPY", "위안": "CNY",
    "파운드": "GBP",
}  # fmt: skip

_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:" + _TO + r"((?:19|20)\d\d))?\s?년(?!간|\s?동안|째)")
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)년\s?(1[0-2]|0?[1-9])월(?!\s?\d)")
_SHORT_YEARS = re.compile(r"['’‘](\d\d)(?:" + _TO + r"['’‘]?(\d\d))?\s?년")
_MONTH_DAY = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)\s?년\s?)?(1[0-2]|0?[1-9])월\s?(3[01]|[12]\d|0?[1-9])(?:일?" + _TO
    + r"(3[01]|[12]\d|0?[1-9]))?일"
)  # fmt: skip
_DOTTED_DAY = re.compile(
    r"(?<![\d.])(1[0-2]|0?[1-9])\.\s?(3[01]|[12]\d|0?[1-9])\.?(?=\s?\([월화수목금토일])"
)
_MONTHS = re.compile(r"(?<!\d)(?:(1[0-2]|0?[1-9])월?" + _TO + r")?(1[0-2]|0?[1-9])월(?!\s?\d)")
_DAYS = re.compile(
    r"(?<![\d.,])(?:(3[01]|[12]\d|[1-9])일?" + _TO + r")?(3[01]|[12]\d|0?[1-9])일"
    r"(?!간|\s?동안|째|\s?이[내상]|장|자리)"
)
_HOUR = re.compile(
    r"(오전|오후|낮|밤|저녁|새벽)?\s?(?<!\d)([01]?\d|2[0-4])시(?!간|[가-힣]*(?:민|청|군))(?:\s?([0-5]?\d)분|\s?(반))?"
)
_FRACTION = re.compile(r"(?<!\d)(\d{1,4})분의\s?(\d{1,4})(?!\d)")

_SEGMENT = DIGITS + r"[십백천]?[만억조경]?"
_FURTHER = (
    r"(?:"
    + DIGITS
    + r"(?:[십백천][만억조경]?|[만억조경])|\s?"
    + DIGITS
    + r"(?=\s?(?:"
    + "|".join(CURRENCIES)
    + r"))|\s(?:\d,\d{3}|\d{3,4})(?=[가-힣]))"
)
"""A further part of a number: of 23억 5천만, of 1억 2,000 원, of 25만 4,000동."""
_CHAIN = re.compile(
    r"(?P<sign>US\$|\$|₩|€|£|¥)?\s?"
    rf"(?:(?P<from>{DIGITS})(?=[~∼～–])[~∼～–])?"
    rf"(?<![\d.])(?P<chain>{_SEGMENT}(?:(?<=[십백천만억조경])\s?{_FURTHER}|(?<=[십백천만억조경]){DIGITS})*)"
    r"(?P<rough>\s?(?:여|남짓))?\s?"
    r"(?P<unit>%포인트|%p|[%％]|퍼센트|" + "|".join(CURRENCIES) + r")?"
)
_ONE_SEGMENT = re.compile(rf"(?P<digits>{DIGITS})(?P<small>[십백천])?(?P<large>[만억조경])?")
_ROUGH_BEFORE = re.compile(r"(?:약|총?\s?약|최대|최소|무려|대략|거의)\s?$")
_SIGNS = {"US$": "USD", "$": "USD", "₩": "KRW", "€": "EUR", "£": "GBP", "¥": "JPY"}
_LATIN_BEFORE = re.compile(r"[A-Za-z]-?$")

_SPELLED: dict[str, int] = {
    "한": 1, "첫": 1, "두": 2, "양": 2, "둘째": 2, "세": 3, "셋째": 3, "네": 4, "넷째": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "삼": 3, "사": 4,
    "십만": 10**5, "백만": 10**6, "천만": 10**7, "만": 10**4, "천": 1000, "백": 100, "수백": 100,
    "수천": 1000, "수만": 10**4, "수십만": 10**5, "수백만": 10**6, "억": 10**8, "십억": 10**9,
    "백억": 10**10, "천억": 10**11, "조": 10**12,
}  # fmt: skip
_NATIVE_TENS = {"열": 10, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
                "여든": 80, "아흔": 90}  # fmt: skip
_NATIVE_UNITS = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE = {"스무": 20} | {
    ten + unit: value + more
    for ten, value in _NATIVE_TENS.items()
    for more, unit in enumerate(("", *_NATIVE_UNITS))
}
"""스무, 열두, 서른다섯."""
_SPELLED |= _NATIVE
_EASY, _SPOKEN = 2, 11
"""Numbers in words between these are counted; smaller ones come and go: "one of them"."""
_HALF = re.compile("절반")
_DAYS_IN_WORDS = {"이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8,
                  "아흐레": 9, "열흘": 10}  # fmt: skip
_DAY_COUNT = re.compile("(?<![가-힣])(" + "|".join(_DAYS_IN_WORDS) + r")(?=간|째|\s|만|동안|$)")
_COUNTED = re.compile(r"\s?(?:번|곳|개|명|가지|차례|배|대|건|종|단계|권역|분야|사람|살|채|편|회)")
"""What a number in words counts when it means one: 세 번, but not 세 부담."""
_SPELLED_WORD = re.compile(
    r"(?<![가-힣\d\0])(" + "|".join(sorted(_SPELLED, key=len, reverse=True)) + r")(?=\s|번째|$)"
)


def read_korean(text: str, sheet: Sheet | None = None) -> tuple[Quantity, ...]:
    """Everything that the text counts, in its order."""
    sheet = sheet or Sheet(text)
    read_common(sheet)
    _read_days(sheet)
    _read_hours(sheet)
    _read_numbers(sheet)
    for match in sheet.matches(_HALF):
        share = Fraction(50)
        half = Quantity(
            kind=Kind.PERCENT, text=match[0], span=span_of(match), value=share, is_soft=True
        )
        sheet.take(match, half)
    for match in sheet.matches(_DAY_COUNT):
        value = Fraction(_DAYS_IN_WORDS[match[1]])
        days = Quantity(
            kind=Kind.NUMBER,
            text=match[0],
            span=span_of(match),
            value=value,
            is_soft=value <= _EASY,
        )
        sheet.take(match, days)
    for match in sheet.matches(_SPELLED_WORD):
        value = Fraction(_SPELLED[match[1]])
        is_number = _EASY < value < _SPOKEN or match[1] in _NATIVE
        is_meant = is_number and _COUNTED.match(text, match.end()) is not None
        found = Quantity(
            kind=Kind.NUMBER, text=match[0], span=span_of(match), value=value, is_soft=not is_meant
        )
        sheet.take(match, found)
    return sheet.in_order()


def _read_days(sheet: Sheet) -> None:
    for match in sheet.matches(_MONTH_DAY):
        year, month, first, last = (int(part or 0) for part in match.groups())
        if last:
            sheet.found.append(day_of(match, year=year, month=month, day=last))
        sheet.take(match, day_of(match, year=year, month=month, day=first))
    for match in sheet.matches(_DOTTED_DAY):
        sheet.take(match, day_of(match, month=int(match[1]), day=int(match[2])))
    for match in sheet.matches(_YEAR_MONTH):
        sheet.take(match, day_of(match, year=int(match[1]), month=int(match[2])))
    _read_ranges(sheet, _YEARS, "year")
    _read_ranges(sheet, _SHORT_YEARS, "year", CENTURY)
    _read_ranges(sheet, _MONTHS, "month")
    _read_ranges(sheet, _DAYS, "day")


def _read_ranges(sheet: Sheet, pattern: re.Pattern[str], part: str, base: int = 0) -> None:
    """What may come as a range: its ends, or the one that there is."""
    for match in sheet.matches(pattern):
        first, last = (base + int(end) for end in (match[1] or match[2], match[2] or match[1]))
        if first != last:
            sheet.found.append(day_of(match, **{part: first}))
        sheet.take(match, day_of(match, **{part: last}))


def _read_hours(sheet: Sheet) -> None:
    for match in sheet.matches(_HOUR):
        half, hour = match[1], int(match[2])
        minutes = 30 if match[4] else int(match[3] or 0)
        noon = 12
        if half in {"오후", "낮", "밤", "저녁"} and hour < noon and not (half == "낮" and hour > 6):  # noqa: PLR2004
            hour += noon
        sheet.take(
            match,
            Quantity(
                kind=Kind.HOUR,
                text=match[0].strip(),
                span=span_of(match),
                value=Fraction(hour * 60 + minutes),
                half_day=half is None and hour <= noon,
            ),
        )


def _read_numbers(sheet: Sheet) -> None:
    for match in sheet.matches(_FRACTION):
        if int(match[1]):
            value = Fraction(int(match[2]), int(match[1]))
            found = Quantity(kind=Kind.NUMBER, text=match[0], span=span_of(match), value=value)
            sheet.take(match, found)
    for match in sheet.matches(_CHAIN):
        value, scale = _chain(match["chain"])
        quantity = _counted(sheet, match, value)
        if match["from"]:
            # 2~3만 is 20,000 to 30,000.
            lower = number(match["from"]) * scale
            sheet.found.append(_counted(sheet, match, lower))
        sheet.take(match, quantity)


def _chain(text: str) -> tuple[Fraction, int]:
    """The value of 1조 2,345억 6천만, and the scale of its last segment."""
    total, scale = Fraction(0), 1
    for segment in _ONE_SEGMENT.finditer(text):
        scale = _SMALL.get(segment["small"], 1) * _LARGE.get(segment["large"], 1)
        if not segment["large"] and segment["small"] is not None:
            scale = _SMALL[segment["small"]]
        total += number(segment["digits"]) * scale
    return _with_carried(text, total), scale


def _with_carried(text: str, total: Fraction) -> Fraction:
    """2천500만 is (2,000 + 500) × 만: a thousand before a myriad's own digits belongs to it."""
    segments = list(_ONE_SEGMENT.finditer(text))
    for this, following in pairwise(segments):
        if this["small"] and not this["large"] and following["large"]:
            short = number(this["digits"]) * _SMALL[this["small"]]
            total += short * (_LARGE[following["large"]] - 1)
    return total


def _counted(sheet: Sheet, match: re.Match[str], value: Fraction) -> Quantity:
    unit = match["unit"] or ""
    sign = match["sign"] or ""
    before = sheet.text[: match.start()]
    kind = Kind.NUMBER
    if unit in CURRENCIES or sign:
        kind = Kind.MONEY
    elif unit:
        kind = Kind.PERCENT
    return Quantity(
        kind=kind,
        text=match[0].strip(),
        span=span_of(match),
        value=value,
        unit=CURRENCIES.get(unit) or _SIGNS.get(sign, ""),
        is_rough=bool(match["rough"] or _ROUGH_BEFORE.search(before)),
        is_soft=kind is Kind.NUMBER and (value == 1 or bool(_LATIN_BEFORE.search(before))),
    )
