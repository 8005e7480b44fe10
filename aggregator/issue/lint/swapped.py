"""What became its counterpart: the other half of a year, another share, another unit of the same number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from aggregator.domain.findings import Finding
from aggregator.issue.lint.english import read_english
from aggregator.issue.lint.korean import read_korean
from aggregator.issue.lint.pairs import Pair
from aggregator.issue.lint.quantities import Kind, Quantity, Sheet

_Forms = Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]
"""By meaning, in plain English: how Korean says it, and how English does."""


def _forms(**said: tuple[str, str]) -> _Forms:
    return {
        name.replace("_", " "): (re.compile(korean), re.compile(english, re.IGNORECASE))
        for name, (korean, english) in said.items()
    }


_HALVES = _forms(
    the_first_half=("상반기", r"\bfirst[ -]half\b|\bH1\b|\b1H\b|\bfirst six months\b"),
    the_second_half=("하반기", r"\b(?:second|latter)[ -]half\b|\bH2\b|\b2H\b|\blast six months\b"),
)
_SHARES = _forms(
    half=(r"절반|2분의\s?1", r"\bhal(?:f|v)|\b(?:50|fifty)\s?(?:%|per\s?cent)|\bone in two\b"),
    a_third=(r"3분의\s?[12]", r"\b(?:a|one|two)[ -]thirds?\b"),
    a_quarter=(r"4분의\s?[13]", r"\b(?:a|one|three)[ -]quarters?\b"),
)
_UNITS = _forms(
    m2=(r"\s?(?:㎡|m²|m2|제곱미터)", r"[\s-]?(?:㎡|m²|m2\b|sq(?:uare|\.)? ?m(?:et(?:er|re)s?)?\b)"),
    km2=(
        r"\s?(?:㎢|km²|km2|제곱킬로미터)",
        r"[\s-]?(?:㎢|km²|km2\b|sq(?:uare|\.)? ?k(?:m\b|ilomet))",
    ),
    hectares=(r"\s?(?:ha|헥타르|㏊)", r"[\s-]?(?:ha\b|hectares?\b)"),
    m=(r"\s?(?:m(?![A-Za-z²0-9])|미터)", r"[\s-]?(?:m(?![\w²])|met(?:er|re)s?\b)"),
    km=(r"\s?(?:㎞|km(?![A-Za-z²0-9])|킬로미터)", r"[\s-]?(?:㎞|km(?![\w²])|kilomet(?:er|re)s?\b)"),
)


def check_swapped(pair: Pair) -> Iterator[Finding]:
    """Each counterpart that an English translation of a Korean text has where its source has the
    other one."""
    if not (pair.source_language.startswith("ko") and pair.language.startswith("en")):
        return
    for code, forms in (("day-wrong", _HALVES), ("number-wrong", _SHARES)):
        there = _said(forms, (pair.translation, *pair.other_translations), 1)
        lost = _said(forms, (pair.source,), 0) - there
        added = _said(forms, (pair.translation,), 1) - _said(
            forms, (pair.source, *pair.other_sources), 0
        )
        if lost and added:
            one, other = min(lost), min(added)
            yield pair.finding(code, "lint.swapped", right=one, other=other)
    yield from _units(pair)


def _said(forms: _Forms, texts: Iterable[str], side: int) -> set[str]:
    return {name for text in texts for name, said in forms.items() if said[side].search(text)}


@dataclass(frozen=True, slots=True)
class _Measured:
    quantity: Quantity
    unit: str


def _units(pair: Pair) -> Iterator[Finding]:
    source = list(_measured(pair.source, read_korean, 0))
    translation = list(_measured(pair.translation, read_english, 1))
    for one in source:
        same = [m for m in translation if m.quantity.value == one.quantity.value]
        units = {measured.unit for measured in same}
        also = {m.unit for m in source if m.quantity.value == one.quantity.value}
        if units and not units & also:
            yield pair.finding(
                "unit-wrong",
                "lint.unit_wrong",
                figure=one.quantity.text,
                right=one.unit,
                other=min(units),
            )


def _measured(
    text: str, read: Callable[[str, Sheet | None], tuple[Quantity, ...]], side: int
) -> Iterator[_Measured]:
    for quantity in read(text, None):
        for unit, said in _UNITS.items() if quantity.kind is Kind.NUMBER else ():
            if said[side].match(text, quantity.span.end):
                yield _Measured(quantity, unit)
                break
