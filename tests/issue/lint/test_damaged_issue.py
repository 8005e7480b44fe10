"""The lint of translations on the English No. 48: whole, and as machines damage such texts."""

from __future__ import annotations

import pytest

from aggregator.domain.findings import Severity
from aggregator.issue.lint.translation import lint_translation
from tests.fixtures.english48 import DAMAGE, all_damaged, damaged, pairs, shipped_names

CODES = {
    "a number is lost": "number-missing",
    "a sum is off by ten": "amount-wrong",
    "a day is changed": "day-wrong",
    "Hangul is left": "hangul-left",
    "two words are glued": "glued-words",
    "a word is left at the end": "stray-end",
}


def found(kind: str | None = None) -> list[tuple[str, str]]:
    """Code and place of all that is found in the issue, or in one that is damaged."""
    texts = pairs() if kind is None else damaged(kind)
    return [(f.code, f.where) for pair in texts for f in lint_translation(pair, shipped_names())]


def test_the_shipped_translation_is_clean() -> None:
    """Free as it is: headlines that leave numbers to the blurb, days that the byline says."""
    assert [] == found()


@pytest.mark.parametrize("kind", DAMAGE)
def test_each_damage_is_found_where_it_is(kind: str) -> None:
    """And nothing else is, unless the damage itself has two sides."""
    assert [(CODES[kind], DAMAGE[kind][0])] == found(kind)


def test_all_six_are_found_at_once() -> None:
    """One finding for each, in the text that has it."""
    texts = all_damaged()

    seen = {(f.code, f.where) for p in texts for f in lint_translation(p, shipped_names())}

    assert {(CODES[kind], where) for kind, (where, _, _) in DAMAGE.items()} == seen


def test_a_wrong_sum_is_told_with_the_right_one() -> None:
    """Both places, the factor, and the sum as English writes it."""
    (finding,) = [
        f for p in damaged("a sum is off by ten") for f in lint_translation(p, shipped_names())
    ]
    pair = next(p for p in damaged("a sum is off by ten") if p.where == finding.where)
    assert finding.at is not None
    assert finding.of is not None

    assert (
        Severity.RED,
        "'200억 원' of the source became '2 billion won' (wrong by a factor of 10)",
        "it is 20 billion won",
    ) == (finding.severity, finding.message, finding.remedy)
    assert "2 billion won" == pair.translation[finding.at.start : finding.at.end]
    assert "200억 원" == pair.source[finding.of.start : finding.of.end]
