"""What an English text counts: 2.35 billion won, March 5, 4 p.m., the third, twenty-three."""

from __future__ import annotations

import re
from fractions import Fraction

from aggregator.issue.lint.quantities import (
    DIGITS,
    Kind,
    Quantity,
    Sheet,
    day_of,
    number,
    read_common,
    span_of,
)

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
_MONTH_NAMES = {name.lower(): n for n, name in enumerate(MONTHS, start=1)} | {
    name[:3].lower(): n for n, name in enumerate(MONTHS, start=1)
} | {"sept": 9}  # fmt: skip
_MONTH = (
    r"(?P<month>"
    + "|".join(MONTHS)
    + r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)(?![A-Za-z])"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_TO = r"\s?(?:[-–~]|to|and|through|until)\s?"
_DAY_MONTH = re.compile(
    rf"(?<![\d.,])(?:(?P<from>{_DAY}){_TO})?(?P<day>{_DAY})\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d))?"
)
_MONTH_DAY = re.compile(
    rf"(?<![A-Za-z]){_MONTH}\s+(?:the\s+)?(?P<day>{_DAY})(?![\d,.]*\d)(?:{_TO}(?P<until>{_DAY})(?!\d))?"
    r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
)
_MONTH_YEAR = re.compile(rf"(?<![A-Za-z]){_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d))?")
_AMBIGUOUS = {"march", "may"}
_BEFORE_MONTH = re.compile(
    r"\b(?:in|of|by|from|until|since|this|last|next|early|late|mid|to|and|between|for)[ -]$",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(?<![\d:.])(1[0-2]|0?[1-9])(?::([0-5]\d))?\s?([ap])\.?m\b\.?|\b(noon|midnight)\b",
    re.IGNORECASE,
)
_ON_THE = re.compile(r"\bon\sthe\s(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b")
_YEAR = re.compile(r"(?<![\d.,$€£₩])(?:19|20)\d\d(?![\d,]*\d|\.\d|\s?%)(?=s?\b)")
_SHORT_YEARS = re.compile(r"(?<=\d)[-–/](\d\d)(?![\d.])")

_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9,
           "trillion": 10**12, "bn": 10**9, "mn": 10**6, "tn": 10**12, "k": 10**3, "m": 10**6}  # fmt: skip
_SCALE = r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|tn)s?(?![A-Za-z]))"
_UNITS = {
    "krw": "KRW", "won": "KRW", "₩": "KRW", "us$": "USD", "$": "USD", "usd": "USD",
    "dollars": "USD", "dollar": "USD", "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR",
    "¥": "JPY", "jpy": "JPY", "yen": "JPY", "yuan": "CNY", "cny": "CNY", "rmb": "CNY", "£": "GBP",
    "gbp": "GBP", "pounds": "GBP",
}  # fmt: skip
_SIGN = r"(?P<sign>US\$|\$|₩|€|£|¥|(?:KRW|USD|EUR|JPY|CNY|GBP|RMB)\s?|(?<![A-Za-z])W(?=\d))"
_AFTER = (r"(?:[\s-]?(?P<share>%(?:p\b)?|per\s?cent(?:age\spoints?)?\b)"
          r"|[\s-]?(?:(?:US|U\.S\.|Korean)\s)?(?P<unit>won|dollars?|euros?|yen|yuan|pounds|KRW|USD|EUR)\b)")  # fmt: skip

_SMALL = {name: n for n, name in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])}  # fmt: skip
_TENS = {name: 10 * n for n, name in enumerate(
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)}  # fmt: skip
_ORDINALS = {name: n for n, name in enumerate(
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"],
    start=1)}  # fmt: skip
_LOOSE = {"once": 1, "single": 1, "twice": 2, "double": 2, "doubled": 2, "doubles": 2, "both": 2,
          "pair": 2, "triple": 3, "tripled": 3, "dozen": 12, "quarter": 3, "a": 1, "an": 1}  # fmt: skip
_TEN_WORD = "|".join(_TENS)
_WORD = (
    rf"(?:(?:{_TEN_WORD})(?:[-\s](?:{'|'.join(list(_SMALL)[1:10])}))?|{'|'.join(reversed(_SMALL))})"
)
_ORDINAL_DIGITS = re.compile(r"(?<![\d.,])(\d{1,3})(?:st|nd|rd|th)\b")
_ORDINAL_WORD = re.compile(rf"\b({'|'.join(_ORDINALS)})s?\b", re.IGNORECASE)
_CHAIN = re.compile(
    rf"(?:{_SIGN})?(?:(?P<from>{DIGITS})(?:\s?[-–~]\s?|\sto\s)(?=\d))?"
    rf"(?<![\d.])(?P<digits>{DIGITS}){_SCALE}?(?P<further>(?:,?\s(?:and\s)?{DIGITS}\s(?:thousand|million|billion))*)"
    rf"{_AFTER}?"
)
_FURTHER = re.compile(rf"(?P<digits>{DIGITS})\s(?P<scale>thousand|million|billion)")
_WORDS = re.compile(
    rf"\b(?P<word>{_WORD}|a|an|half\sa|several|hundreds\sof|thousands\sof)(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion))?"
    rf"(?:\s(?P<larger>thousand|million|billion))?(?![A-Za-z]){_AFTER}?", re.IGNORECASE)  # fmt: skip
_THIRDS = re.compile(
    r"\b(?P<top>a|one|two|three)[\s-](?P<low>half|third|quarter|fifth|tenth)s?\b", re.IGNORECASE
)
_LOWER = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_LOOSE_WORD = re.compile(r"\b(" + "|".join(w for w in _LOOSE if len(w) > 2) + r")\b", re.IGNORECASE)  # noqa: PLR2004
_ROUGH_BEFORE = re.compile(
    r"\b(?:some|about|around|over|nearly|almost|roughly|approximately|more than|at least|up to|close to)\s(?:US)?$",
    re.IGNORECASE,
)
_LATIN_BEFORE = re.compile(r"[A-Za-z]-?$")
_EASY = 2
"""Words up to this number are soft: "one of them", "the two cities"."""


def read_english(text: str, sheet: Sheet | None = None) -> tuple[Quantity, ...]:
    """Everything that the text counts, in its order."""
    sheet = sheet or Sheet(text)
    read_common(sheet)
    _read_days(sheet)
    _read_hours(sheet)
    _read_numbers(sheet)
    _read_words(sheet)
    return sheet.in_order()


def _month(match: re.Match[str]) -> int:
    return _MONTH_NAMES[match["month"].lower().rstrip(".")]


def _ordinal(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or "") or 0)


def _read_days(sheet: Sheet) -> None:
    for pattern, other in ((_DAY_MONTH, "from"), (_MONTH_DAY, "until")):
        for match in sheet.matches(pattern):
            year, month = int(match["year"] or 0), _month(match)
            if match[other]:
                further = day_of(match, year=year, month=month, day=_ordinal(match[other]))
                sheet.found.append(further)
            sheet.take(match, day_of(match, year=year, month=month, day=_ordinal(match["day"])))
    for match in sheet.matches(_MONTH_YEAR):
        before = sheet.text[: match.start()]
        is_verb = match["month"].lower() in _AMBIGUOUS and not match["year"]
        if is_verb and not _BEFORE_MONTH.search(before):
            continue
        sheet.take(match, day_of(match, year=int(match["year"] or 0), month=_month(match)))
    for match in sheet.matches(_ON_THE):
        sheet.take(match, day_of(match, day=int(match["day"])))
    for match in sheet.matches(_YEAR):
        sheet.take(match, day_of(match, year=int(match[0])))


def _read_hours(sheet: Sheet) -> None:
    for match in sheet.matches(_HOUR):
        if match[4]:
            value = 720 if match[4].lower() == "noon" else 0
        else:
            late = 12 if match[3].lower() == "p" else 0
            value = (int(match[1]) % 12 + late) * 60 + int(match[2] or 0)
        hour = Quantity(kind=Kind.HOUR, text=match[0], span=span_of(match), value=Fraction(value))
        sheet.take(match, hour)


def _read_numbers(sheet: Sheet) -> None:
    for match in sheet.matches(_ORDINAL_DIGITS):
        value = Fraction(int(match[1]))
        sheet.take(
            match, Quantity(kind=Kind.NUMBER, text=match[0], span=span_of(match), value=value)
        )
    for match in sheet.matches(_CHAIN):
        scale = _SCALES.get((match["scale"] or "").lower(), 1)
        value = number(match["digits"]) * scale
        for further in _FURTHER.finditer(match["further"]):
            value += number(further["digits"]) * _SCALES[further["scale"]]
        if match["from"]:
            sheet.found.append(_counted(sheet, match, number(match["from"]) * scale))
        sheet.take(match, _counted(sheet, match, value))


def _read_words(sheet: Sheet) -> None:
    for match in sheet.matches(_THIRDS):
        top = _SMALL.get(match["top"].lower(), 1)
        value = Fraction(top, _LOWER[match["low"].lower()])
        found = Quantity(
            kind=Kind.NUMBER, text=match[0], span=span_of(match), value=value, is_soft=True
        )
        sheet.take(match, found)
    for match in sheet.matches(_WORDS):
        word, scale = match["word"].lower(), match["scale"]
        if word in {"a", "an"} and not scale:
            continue
        value = _word_value(word)
        for name in (scale, match["larger"]):
            value *= _SCALES.get((name or "").lower(), 1)
        sheet.take(match, _counted(sheet, match, value, is_soft=value <= _EASY or word[0] in "ah"))
    for pattern, values in ((_ORDINAL_WORD, _ORDINALS), (_LOOSE_WORD, _LOOSE)):
        for match in sheet.matches(pattern):
            value = Fraction(values[match[1].lower()])
            soft = value <= _EASY or pattern is _LOOSE_WORD
            found = Quantity(
                kind=Kind.NUMBER, text=match[0], span=span_of(match), value=value, is_soft=soft
            )
            sheet.take(match, found)


def _word_value(word: str) -> Fraction:
    if word.startswith("half"):
        return Fraction(1, 2)
    parts = re.split(r"[-\s]", word)
    return Fraction(sum(_TENS.get(part, _SMALL.get(part, 0)) for part in parts) or 1)


def _counted(
    sheet: Sheet, match: re.Match[str], value: Fraction, *, is_soft: bool | None = None
) -> Quantity:
    named = match.groupdict()
    unit = (named.get("sign") or named["unit"] or "").strip().lower()
    before = sheet.text[: match.start()]
    kind = Kind.NUMBER
    if unit:
        kind = Kind.MONEY
    elif named["share"]:
        kind = Kind.PERCENT
    soft = bool(_LATIN_BEFORE.search(before)) if is_soft is None else is_soft
    return Quantity(
        kind=kind,
        text=match[0].strip(),
        span=span_of(match),
        value=value,
        unit="KRW" if unit == "w" else _UNITS.get(unit, ""),
        is_rough=bool(_ROUGH_BEFORE.search(before)),
        is_soft=kind is Kind.NUMBER and (soft or value == 1),
    )
