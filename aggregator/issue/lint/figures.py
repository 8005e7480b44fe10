"""Whether a translation counts what its source counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.english import read_english
from aggregator.issue.lint.figure_words import say
from aggregator.issue.lint.korean import read_korean
from aggregator.issue.lint.pairs import Pair
from aggregator.issue.lint.quantities import Kind, Quantity, Sheet

READERS: dict[str, Callable[[str, Sheet | None], tuple[Quantity, ...]]] = {
    "ko": read_korean,
    "en": read_english,
}
"""Who reads the quantities of which language. A language that is not here is not compared."""

CLOSE = Fraction(1, 20)
"""How far a rounded number may be from the exact one."""
_HALF_DAY = 720
_YEAR_WORDS = (
    ("올해", 0), ("금년", 0), ("이번 해", 0), ("지난해", -1), ("작년", -1), ("전년", -1),
    ("내년", 1), ("이듬해", 1), ("연내", 0), ("연말", 0),
)  # fmt: skip
_MONTH_WORDS = ("이달", "이번 달", "지난달", "다음 달", "다음달", "내달", "전월", "월말")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What one text of the pair counts, and what the item's other texts in its language count."""

    own: tuple[Quantity, ...]
    others: tuple[Quantity, ...]

    @property
    def all(self) -> tuple[Quantity, ...]:
        return self.own + self.others


def compare_figures(
    pair: Pair, *, hidden_source: Sequence[Span] = (), hidden_translation: Sequence[Span] = ()
) -> Iterator[Finding]:
    """Each number, share, sum, day and hour that was lost, added or changed.

    The hidden spans are names that the glossary accounts for: their numbers are not compared.
    """
    read_source = READERS.get(pair.source_language.partition("-")[0])
    read_translation = READERS.get(pair.language.partition("-")[0])
    if read_source is None or read_translation is None:
        return
    source = _side(read_source, pair.source, pair.other_sources, hidden_source)
    translation = _side(
        read_translation, pair.translation, pair.other_translations, hidden_translation
    )
    lost = [
        one
        for one in source.own
        if not one.is_soft and not any(_same(one, other, pair) for other in translation.all)
    ]
    added = [
        q
        for q in translation.own
        if not q.is_soft and not _is_founded(q, source, translation, pair)
    ]
    for one, other in _rounded(lost, added):
        lost.remove(one)
        added.remove(other)
        if not (one.is_rough or other.is_rough):
            yield _finding("number-rounded", Severity.AMBER, pair, one, other)
    for one, other in _paired(lost, added):
        lost.remove(one)
        added.remove(other)
        yield _finding(f"{_name(one)}-wrong", Severity.RED, pair, one, other)
    for one in lost:
        if not _may_be_left_out(one, source, translation, pair):
            yield _finding(f"{_name(one)}-missing", Severity.AMBER, pair, one, None)
    for other in added:
        yield _finding(f"{_name(other)}-added", Severity.AMBER, pair, None, other)


def _side(
    read: Callable[[str, Sheet | None], tuple[Quantity, ...]],
    text: str,
    others: Iterable[str],
    hidden: Sequence[Span],
) -> _Side:
    sheet = Sheet(text)
    for span in hidden:
        sheet.hide(span)
    return _Side(
        own=read(text, sheet), others=tuple(q for other in others for q in read(other, None))
    )


def _may_be_left_out(one: Quantity, source: _Side, translation: _Side, pair: Pair) -> bool:
    """Whether the byline says it, a headline leaves it to the text that has it too, or the
    translation says it in other words."""
    if pair.is_title and any(_same(other, one, pair) for other in source.others):
        return True
    if one.kind is Kind.DAY and pair.printed_on is not None and _fits(one, pair.printed_on):
        return True
    return one.kind is Kind.NUMBER and _is_span_of_years(one.value, translation.all)


def _is_founded(other: Quantity, source: _Side, translation: _Side, pair: Pair) -> bool:
    """Whether the source has what the translation counts, or says it in other words."""
    if any(_same(one, other, pair) for one in source.all):
        return True
    if other.kind is Kind.DAY and not other.day and _is_year_or_month_in_words(other, pair):
        return True
    if other.finest == "year" and any(
        one.kind is Kind.NUMBER and _is_span_of_years(one.value, translation.own)
        for one in source.own
    ):
        return True
    return other.kind is Kind.NUMBER and _is_span_of_years(other.value, source.all)


def _is_span_of_years(value: Fraction, quantities: Iterable[Quantity]) -> bool:
    """Three years, where the other text says 2024 to 2026."""
    years = sorted({q.year for q in quantities if q.year})
    return any(value in {b - a, b - a + 1} for a in years for b in years if a < b)


def _is_year_or_month_in_words(other: Quantity, pair: Pair) -> bool:
    day = pair.printed_on
    if day is None:
        return False
    words = [pair.source, *pair.other_sources]
    if other.month and not any(word in text for word in _MONTH_WORDS for text in words):
        return False
    return not other.year or any(
        word in text and other.year == day.year + shift
        for word, shift in _YEAR_WORDS
        for text in words
    )


def _same(one: Quantity, other: Quantity, pair: Pair) -> bool:
    """Whether a quantity of the source and one of the translation are the same."""
    kinds = {one.kind, other.kind}
    if kinds == {Kind.DAY}:
        return _same_day(one, other, pair)
    if Kind.DAY in kinds:
        day, count = (one, other) if one.kind is Kind.DAY else (other, one)
        bare = [part for part in (day.year, day.month, day.day) if part]
        return count.kind is Kind.NUMBER and [count.value] == bare and not day.month
    if kinds == {Kind.HOUR}:
        rest = (one.value - other.value) % _HALF_DAY
        return one.value == other.value or (rest == 0 and (one.half_day or other.half_day))
    if Kind.HOUR in kinds:
        hour, count = (one, other) if one.kind is Kind.HOUR else (other, one)
        return count.kind is Kind.NUMBER and hour.value in {
            count.value * 60,
            count.value * 60 + 720,
        }
    if one.kind is not other.kind and kinds != {Kind.NUMBER, Kind.MONEY}:
        return False
    units = {one.unit, other.unit} - {""}
    return one.value == other.value and len(units) <= 1


def _same_day(one: Quantity, other: Quantity, pair: Pair) -> bool:
    """Whether both mean one day: all that both say agrees, the finest part is said by both, and
    what only one says lies near the printed day."""
    if one.finest != other.finest:
        return False
    for part in ("year", "month", "day"):
        mine, yours = getattr(one, part), getattr(other, part)
        if mine and yours and mine != yours:
            return False
        if part == "year" and mine and not yours and not _goes_unsaid(one, pair):
            return False
        if part == "month" and not mine and yours and not _is_near(one, other, pair):
            return False
    return True


def _goes_unsaid(one: Quantity, pair: Pair) -> bool:
    """Whether a translation may leave the year out: beside a day, and where it is the printed one."""
    return one.day > 0 or pair.printed_on is None or one.year == pair.printed_on.year


def _is_near(one: Quantity, other: Quantity, pair: Pair) -> bool:
    """Whether the month that a translator put to a bare day is one that the source names, as in
    11월 25일부터 27일까지, or the printed one or one beside it."""
    printed_on = pair.printed_on
    if printed_on is None or not one.day or f"{other.month}월" in pair.source:
        return True
    return (other.month - printed_on.month) % 12 in {11, 0, 1}


def _fits(one: Quantity, day: date) -> bool:
    """Whether this is the printed day, which the byline says already."""
    parts = ((one.year, day.year), (one.month, day.month), (one.day, day.day))
    return one.day > 0 and all(mine in {0, own} for mine, own in parts)


def _rounded(
    lost: Sequence[Quantity], added: Sequence[Quantity]
) -> list[tuple[Quantity, Quantity]]:
    """The pairs of which the translation is the source, rounded."""
    free, pairs = list(added), []
    for one in lost:
        for other in free:
            if _is_rounded(one, other):
                pairs.append((one, other))
                free.remove(other)
                break
    return pairs


def _is_rounded(one: Quantity, other: Quantity) -> bool:
    alike = one.kind is other.kind and one.kind in {Kind.NUMBER, Kind.MONEY, Kind.PERCENT}
    if not alike or one.unit != other.unit or not one.value:
        return False
    is_close = abs(other.value / one.value - 1) <= CLOSE
    is_shorter = _digits(other) < _digits(one)
    return is_close and is_shorter and round_to(one.value, _digits(other)) == other.value


def _digits(quantity: Quantity) -> int:
    """How many digits of the value say something: 2 for 2,300,000 and for 0.23."""
    value = quantity.value
    while value.denominator != 1 and value.denominator < 10**12:
        value *= 10
    return len(str(int(value)).strip("0")) or 1


def round_to(value: Fraction, digits: int) -> Fraction:
    """The value rounded to so many significant digits, a half up."""
    step = Fraction(1)
    while value >= step * 10**digits:
        step *= 10
    while value < step * 10 ** (digits - 1):
        step /= 10
    return Fraction(int(value / step + Fraction(1, 2))) * step


def _paired(lost: Sequence[Quantity], added: Sequence[Quantity]) -> list[tuple[Quantity, Quantity]]:
    """Which lost one became which added one: of one kind, the likeliest first."""
    candidates = sorted(
        (_unlikeness(one, other), i, j)
        for i, one in enumerate(lost)
        for j, other in enumerate(added)
        if _may_be(one, other)
    )
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in candidates:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((lost[i], added[j]))
    return pairs


def _may_be(one: Quantity, other: Quantity) -> bool:
    kinds = {one.kind, other.kind}
    return len(kinds) == 1 or kinds in (
        {Kind.NUMBER, Kind.MONEY},
        {Kind.NUMBER, Kind.PERCENT},
        {Kind.MONEY, Kind.PERCENT},
    )


def _unlikeness(one: Quantity, other: Quantity) -> tuple[int, int]:
    """How unlikely it is that one became the other: another kind, other digits."""
    same_digits = _bare(one) == _bare(other)
    shared = any(
        getattr(one, part) and getattr(one, part) == getattr(other, part)
        for part in ("year", "month", "day")
    )
    return (one.kind is not other.kind, 0 if same_digits or shared else 1)


def _bare(quantity: Quantity) -> str:
    value = quantity.value
    while value.denominator != 1 and value.denominator < 10**12:
        value *= 10
    return str(int(value)).strip("0")


def _name(quantity: Quantity) -> str:
    return "number" if quantity.kind is Kind.PERCENT else str(quantity.kind)


def _finding(
    code: str, severity: Severity, pair: Pair, one: Quantity | None, other: Quantity | None
) -> Finding:
    said, values = say(one, other, code)
    at = other.span if other else None
    of = one.span if one else None
    return pair.finding(code, said, at, severity, of=of, **values)
