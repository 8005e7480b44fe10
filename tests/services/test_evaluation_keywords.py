"""Labelled words looked for in sentences, next to the masks of the rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.domain.rules import Group, RuleSet
from aggregator.services.evaluation.figures import Figures
from aggregator.services.evaluation.keywords import Found, figures_of, find_keywords
from aggregator.services.evaluation.rows import Keyword
from tests.fixtures.desk import make_rules

RULES: RuleSet = replace(
    make_rules(),
    groups=(Group(id="core", weight=2.0, words=("드론", "드론 배송", "스마트시티")),),
    masks=("드론축구", "조류인플루엔자(AI)", "re:[가-힣]{2} 시장(?=은)"),
)


def find(word: str, sentence: str, *, occurs: bool = True) -> Found:
    row = Keyword(line=1, word=word, occurs=occurs, sentence=sentence)
    (found,) = find_keywords([row], RULES)
    return found


@pytest.mark.parametrize(
    ("word", "sentence", "is_found"),
    [
        ("드론", "드론을 띄운다", True),
        ("드론", "농업용드론", True),
        ("드론", "에드론 제약", False),
        ("드론", "드론축구 대회", False),
        ("드론", "드론축구와 드론 배송", True),
        ("스마트시티", "스마트 시티의 미래", True),
        ("시장", "해외 시장 개척", True),
        ("시장", "청주 시장은 밝혔다", False),
        ("AI", "AI기반 관제", True),
        ("AI", "조류인플루엔자(AI) 방역", False),
        ("AI", "AIDS 예방", False),
        ("smart city", "Two smart cities met", True),
        ("re:스마트.?시티", "스마트-시티", True),
        ("!!!", "아무것도 없다", False),
        ("드론", "", False),
    ],
)
def test_words(word: str, sentence: str, is_found: bool) -> None:  # noqa: FBT001
    """As the rules find them: particles, plurals and blanks are no hindrance, masks are."""
    assert is_found is find(word, sentence).is_found


def test_a_longer_word_of_the_rules_hides_nothing() -> None:
    """Where 드론 배송 wins over 드론, the shorter word occurs all the same."""
    assert find("드론", "드론 배송을 시작한다").is_found


def test_the_masks_that_hide_a_word_are_named() -> None:
    """Apart from those that stand there for something else."""
    hidden = find("드론", "드론축구 대회와 조류인플루엔자(AI) 방역")

    assert (False, ("드론축구",)) == (hidden.is_found, hidden.hidden_by)
    assert ("드론축구", "조류인플루엔자(AI)") == hidden.masks


def test_a_word_that_stands_elsewhere_is_found_and_hidden() -> None:
    """Once covered, once not."""
    both = find("드론", "드론축구 대회장에서 드론 배송")

    assert (True, ("드론축구",)) == (both.is_found, both.hidden_by)


def test_figures() -> None:
    """What is found, what is there, and what is both."""
    rows = [("드론을 띄운다", True), ("드론축구", True), ("드론 배송", False), ("없다", False)]
    found = [find("드론", sentence, occurs=occurs) for sentence, occurs in rows]

    assert Figures(right=1, found=2, wanted=2) == figures_of(found)
    assert [True, False, False, True] == [one.is_right for one in found]
