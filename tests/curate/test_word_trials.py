"""Words that find nothing of their own, told by the matcher itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.words import compile_rules
from aggregator.curate.placing.word_trials import Double, IdleWord, find_doubles, find_idle_words
from aggregator.domain.rules import Group, RuleSet, Topic

WORDS = st.sampled_from(
    [
        "AI",
        "ai",
        "드론",
        "드 론",
        "교통 카드",
        "교통카드",
        "bus",
        "city",
        "cities",
        "C-ITS",
        "C ITS",
    ]
)
TEXTS = st.lists(
    st.sampled_from(
        ["AI", "ai", "드론", "드 론을", "교통", "카드", "city", "cities", "C-ITS", "신", " "]
    ),
    max_size=8,
).map("".join)


def rules(*words: str, masks: tuple[str, ...] = ()) -> RuleSet:
    return RuleSet(
        field_weights={"title": 1.0},
        group_cap=2,
        masks=masks,
        groups=(Group(id="g", weight=1.0, words=words),),
        topic=Topic(groups=("g",), must_any=(), threshold=0.0),
        sections=(),
        hash="h",
    )


def places(ruleset: RuleSet, text: str) -> set[tuple[int, int]]:
    return {
        (hit["start"], hit["end"]) for hit in find_hits(compile_rules(ruleset), {"title": text})
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("스마트시티", "스마트 시티"), [Double(index=0, other=1, is_plural=False)]),
        (("스마트 시티", "스마트시티"), [Double(index=1, other=0, is_plural=False)]),
        (("AI", "ai"), [Double(index=0, other=1, is_plural=False)]),
        (("startup", "start-up"), [Double(index=1, other=0, is_plural=False)]),
        (("city", "cities"), [Double(index=1, other=0, is_plural=True)]),
        (("bus", "buses"), []),
        (("드론", "드론", "re:드론"), []),
        (("스마트", "스마트시티"), []),
    ],
)
def test_doubles(words: tuple[str, ...], expected: list[Double]) -> None:
    """Equal as the matcher reads them, or a plural that is found anyway; the wider word is kept."""
    assert expected == [*find_doubles(words)]


@settings(max_examples=60)
@given(WORDS, WORDS, TEXTS)
def test_a_double_finds_nothing_of_its_own(word: str, other: str, text: str) -> None:
    """Whatever the text, the other word finds it in the same place."""
    words = (word, other)
    for double in find_doubles(words):
        found = places(rules(words[double.index]), text)
        assert found <= places(rules(words[double.other]), text)


@settings(max_examples=60)
@given(WORDS, WORDS, TEXTS)
def test_a_swallowed_word_has_no_hit(word: str, mask: str, text: str) -> None:
    """Whatever the text."""
    ruleset = rules(word, masks=(mask,))
    if find_idle_words(ruleset):
        assert set() == places(ruleset, text)


@pytest.mark.parametrize(
    ("word", "mask", "expected"),
    [
        ("드론", "드론", "드론"),
        ("AI", "ai", "ai"),
        ("ai", "AI", ""),
        ("교통카드", "교통 카드", "교통 카드"),
        ("교통 카드", "교통카드", ""),
        ("드론", "드론쇼", ""),
        ("드론", "re:드론", ""),
        ("AI", "re:AI", "re:AI"),
        ("AI", "re:AI(?!씨티)", ""),
        ("AI", "re:AI의", ""),
        ("re:AI", "re:AI", "re:AI"),
    ],
)
def test_masks_that_swallow_each_time(word: str, mask: str, expected: str) -> None:
    """The mask covers the word wherever it stands; one that depends on neighbours is not judged."""
    found = find_idle_words(rules(word, masks=(mask,)))
    assert [expected] * bool(expected) == [one.mask for one in found]


def test_words_that_no_text_can_hold() -> None:
    """Nothing left after folding, and expressions of width nothing; neither is tried."""
    found = find_idle_words(rules("도시", " ", "re:(?=도시)|$", "re:(?:도시)?$"))
    assert [(1, ""), (2, "")] == [(one.index, one.mask) for one in found]
    assert IdleWord(group="g", index=2, why="it finds nothing but the empty text") == found[1]
