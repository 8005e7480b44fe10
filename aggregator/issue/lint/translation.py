"""The lint of translations: everything that is wrong with one text beside its source."""

from __future__ import annotations

from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.figures import compare_figures
from aggregator.issue.lint.names import check_names, spans_of_terms
from aggregator.issue.lint.pairs import Names, Pair
from aggregator.issue.lint.swapped import check_swapped
from aggregator.issue.lint.weekdays import check_weekdays
from aggregator.issue.lint.wording import check_wording

NOTHING = frozenset({"empty", "identical"})
"""Findings beside which nothing else need be said of a text."""


_KEPT = 4000
_FOUND: dict[tuple[Pair, int, int], tuple[Names, tuple[Finding, ...]]] = {}


def lint_translation(pair: Pair, names: Names) -> tuple[Finding, ...]:
    """What is wrong with a translation: the red ones first, then by place.

    It is remembered: of an issue that is being edited one text is another each time, and the pages
    look at all of them.
    """
    if names.seen:
        return _lint(pair, names)
    key = (pair, id(names.bodies), id(names.glossary))
    found = _FOUND.get(key)
    if found is None or not _is_same(found[0], names):
        if len(_FOUND) >= _KEPT:
            _FOUND.clear()
        # The names are kept, too: nothing else can come to have their identity meanwhile.
        found = _FOUND[key] = (names, _lint(pair, names))
    return found[1]


def _is_same(one: Names, other: Names) -> bool:
    return (
        one.bodies is other.bodies
        and one.glossary is other.glossary
        and one.commonness is other.commonness
    )


def _lint(pair: Pair, names: Names) -> tuple[Finding, ...]:
    wording = list(check_wording(pair, names))
    if any(finding.code in NOTHING for finding in wording):
        return tuple(wording)
    here, there = spans_of_terms(pair, names)
    found = [
        *wording,
        *compare_figures(pair, hidden_source=here, hidden_translation=there),
        *check_weekdays(pair),
        *check_swapped(pair),
        *check_names(pair, names),
    ]
    return tuple(sorted(found, key=_place))


def _place(finding: Finding) -> tuple[bool, Span]:
    last = Span(start=10**9, end=10**9)
    return finding.severity is not Severity.RED, finding.at or last
