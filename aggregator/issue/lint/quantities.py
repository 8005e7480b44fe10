"""What a text counts, whatever its language: numbers, shares, sums, days, hours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from aggregator.domain.findings import Span


class Kind(StrEnum):
    """What a quantity is."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "amount"
    DAY = "day"
    HOUR = "hour"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One thing that is counted. ``value`` is exact; of a DAY it is 0 and ``day``, ``month`` and
    ``year`` say what is known, 0 for unknown; of an HOUR it is minutes since midnight.

    ``unit`` is the currency of MONEY as ISO 4217 has it. ``is_rough``: the text says that it is about
    so much. ``is_soft``: what may be left out or added freely (the one of "one of them"; the 2 of
    CO2). ``half_day``: the hour has no a.m. or p.m. with it.
    """

    kind: Kind
    text: str
    span: Span
    value: Fraction = Fraction(0)
    unit: str = ""
    year: int = 0
    month: int = 0
    day: int = 0
    is_rough: bool = False
    is_soft: bool = False
    half_day: bool = False

    @property
    def finest(self) -> str:
        """The finest part of a day that is known: day, month or year."""
        return next((name for name in ("day", "month", "year") if getattr(self, name)), "")


@dataclass(slots=True)
class Sheet:
    """A text that is read in turns: what one reader took, the next does not see."""

    text: str
    found: list[Quantity] = field(default_factory=list)
    _left: str = ""

    def __post_init__(self) -> None:
        self._left = self.text

    def matches(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Where the pattern stands in what nobody has taken yet."""
        return list(pattern.finditer(self._left))

    def hide(self, span: Span) -> None:
        """Nobody shall read this part."""
        self._left = (
            self._left[: span.start] + "\0" * (span.end - span.start) + self._left[span.end :]
        )

    def take(self, match: re.Match[str], quantity: Quantity) -> None:
        """Keep what was read here."""
        self.found.append(quantity)
        self.hide(Span(start=match.start(), end=match.end()))

    @property
    def left(self) -> str:
        """The text, with a NUL for each character that was taken."""
        return self._left

    def in_order(self) -> tuple[Quantity, ...]:
        """What was found, in the order of the text."""
        return tuple(sorted(self.found, key=lambda one: one.span))


DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,18})(?:\.\d{1,9})?"
"""A number in digits, with or without commas. The thousands come first: 1,234 is one number."""

NUMERIC_DAY = re.compile(
    r"(?<![\d.])(?:(?P<year>(?:19|20)\d\d)|['’‘](?P<short>\d\d))\s?[.\-/]\s?(?P<month>1[0-2]|0?[1-9])"
    r"(?:\s?[.\-/]\s?(?P<day>3[01]|[12]\d|0?[1-9])(?:\s?[~∼～–]\s?(?P<until>3[01]|[12]\d|0?[1-9]))?)?"
    r"(?![\d,])\.?"
)
PHONE = re.compile(
    r"(?<![\d-])(?:\+?\d{1,3}-)?\d{2,4}-\d{3,4}-\d{4}(?!\d)|(?<![\d-])1\d{3}-\d{4}(?!\d)"
)
CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])(?!\s?[apAP]\.?[mM])")
CENTURY = 2000


def number(digits: str) -> Fraction:
    """The value of DIGITS."""
    return Fraction(digits.replace(",", ""))


def span_of(match: re.Match[str]) -> Span:
    """Where the match stands, without the spaces around it."""
    text = match[0]
    start = match.start() + len(text) - len(text.lstrip())
    return Span(start=start, end=start + len(text.strip()))


def day_of(match: re.Match[str], *, year: int = 0, month: int = 0, day: int = 0) -> Quantity:
    """A day, or a part of one."""
    return Quantity(
        kind=Kind.DAY,
        text=match[0].strip(),
        span=span_of(match),
        year=year,
        month=month,
        day=day,
    )


def read_common(sheet: Sheet) -> None:
    """Take what every language writes in the same way: telephones, 2024.3.5, 14:00."""
    for match in sheet.matches(PHONE):
        digits = re.sub(r"\D", "", match[0])
        phone = Quantity(
            kind=Kind.PHONE, text=match[0], span=span_of(match), value=Fraction(digits)
        )
        sheet.take(match, phone)
    for match in sheet.matches(NUMERIC_DAY):
        if match["day"] is None and match["year"] is not None and "." in match[0]:
            continue  # 2024.3 may be a decimal, and is a month in no text that we know
        year = int(match["year"] or 0) or CENTURY + int(match["short"])
        month = int(match["month"])
        if match["until"]:
            sheet.found.append(day_of(match, year=year, month=month, day=int(match["until"])))
        sheet.take(match, day_of(match, year=year, month=month, day=int(match["day"] or 0)))
    for match in sheet.matches(CLOCK):
        value = Fraction(int(match[1]) * 60 + int(match[2]))
        hour = Quantity(kind=Kind.HOUR, text=match[0], span=span_of(match), value=value)
        sheet.take(match, hour)
