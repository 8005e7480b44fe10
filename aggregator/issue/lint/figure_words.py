"""How findings about quantities are said, and quantities written in English."""

from __future__ import annotations

from fractions import Fraction

from aggregator.issue.lint.english import MONTHS
from aggregator.issue.lint.quantities import Kind, Quantity

_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_CURRENCIES = {"KRW": "won", "USD": "US dollars", "EUR": "euros", "JPY": "yen", "CNY": "yuan",
               "GBP": "pounds"}  # fmt: skip
_HOURS = 60


def say(one: Quantity | None, other: Quantity | None, code: str) -> tuple[str, dict[str, str]]:
    """The text of the catalogue that says it, and what fills it: ``one`` of the source, ``other`` of the
    translation, and the source's in English, which would be right."""
    if one is None:
        return "lint.figure_added", {"other": other.text if other else ""}
    values = {"figure": one.text, "right": in_english(one)}
    if other is None:
        return "lint.figure_missing", values
    values["other"] = other.text
    if code == "number-rounded":
        return "lint.figure_rounded", values
    factor = _factor(one, other)
    if factor:
        return "lint.figure_wrong_by", {**values, "factor": factor}
    return "lint.figure_wrong", values


def _factor(one: Quantity, other: Quantity) -> str:
    """10, 100, …: the commonest slip between 만, 억 and million."""
    if not one.value or not other.value or one.kind in {Kind.DAY, Kind.HOUR, Kind.PHONE}:
        return ""
    ratio = max(one.value / other.value, other.value / one.value)
    power = 10
    while power < ratio:
        power *= 10
    return f"{power:,}" if ratio == power else ""


def in_english(quantity: Quantity) -> str:
    """The quantity as an English text would have it."""
    if quantity.kind is Kind.DAY:
        return _day(quantity)
    if quantity.kind is Kind.HOUR:
        hour, minute = divmod(int(quantity.value), _HOURS)
        return f"{hour}:{minute:02}"
    if quantity.kind is Kind.PHONE:
        return quantity.text
    number = english_number(quantity.value)
    if quantity.kind is Kind.PERCENT:
        return f"{number}%"
    unit = _CURRENCIES.get(quantity.unit, quantity.unit)
    return f"{number} {unit}" if unit else number


def english_number(value: Fraction) -> str:
    """2.35 billion, 2,000, 4.3, 2/3."""
    for scale, name in _SCALES:
        short = value / scale
        if short >= 1 and _is_short(short):
            return f"{_decimal(short)} {name}"
    return _decimal(value)


def _is_short(value: Fraction) -> bool:
    return (value * 10**4).denominator == 1


def _decimal(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{int(value):,}"
    for digits in range(1, 10):
        if (value * 10**digits).denominator == 1:
            return f"{float(value):,.{digits}f}"
    return str(value)


def _day(quantity: Quantity) -> str:
    month = MONTHS[quantity.month - 1] if quantity.month else ""
    year = str(quantity.year or "")
    if quantity.day and not month:
        return f"the {quantity.day}{_ending(quantity.day)}"
    return " ".join(part for part in (str(quantity.day or ""), month, year) if part)


def _ending(day: int) -> str:
    if day in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
