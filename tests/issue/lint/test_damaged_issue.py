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


SAID = {
    "a number is lost": ("'2,000여' of the source is not in the translation", "it is 2,000"),
    "a sum is off by ten": (
        "became '2 billion won' (wrong by a factor of 10)",
        "it is 20 billion won",
    ),
    "a day is changed": ("'20일' of the source became", "it is the 20th"),
    "Hangul is left": ("'드론' is left in Korean", "translate it"),
    "two words are glued": ("'smartcity' is two words glued together", "'smart city'"),
    "a word is left at the end": ("'the' stands after the last sentence", "take it out"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_each_of_six_in_one_file_is_told_with_what_would_be_right(kind: str) -> None:
    """What, where in which text, and what it should be."""
    where, _, _ = DAMAGE[kind]
    what, right = SAID[kind]

    (finding,) = [
        f for p in all_damaged() if p.where == where for f in lint_translation(p, shipped_names())
    ]

    assert what in finding.message
    assert finding.remedy.startswith(right)
    assert finding.at is not None or finding.of is not None


@pytest.mark.parametrize(
    "end",
    ["convenient the.", "convenientthe.", "convenient.the", "convenient. The", "convenient. the."],
)
def test_a_stray_word_is_found_wherever_it_stands(end: str) -> None:
    """Before the last full stop or behind it, with a space or glued."""
    where, _, _ = DAMAGE["a word is left at the end"]
    whole = {pair.where: pair for pair in pairs()}[where]
    text = whole.translation.replace("convenient.", end)

    found = [f for p in pairs({where: text}) for f in lint_translation(p, shipped_names())]

    assert [where] == [f.where for f in found]
