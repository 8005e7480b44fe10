"""How much of a text a regular expression looks at, so that none takes long."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.pattern_chars import Chars
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, PATTERN_REACH, safe_reach
from aggregator.curate.matching.pattern_tree import parse_pattern
from tests.curate.ruleset import load_rules


@pytest.mark.parametrize(
    "pattern",
    [
        "가.*나",
        "[0-9]+곳.{0,6}확정",
        r"스마트\s*시티\s*(?:사업|공모)",
        r"(?:[가-힣]+\s)?공모",
        r"\d+억\s*원",
        "(?:가나다|라마바)+사",
        r"^\s*\[[^\]]*\]",
        "가[^.]{0,40}나[^.]{0,40}다",
        "(?>가+)나",
    ],
)
def test_ordinary_patterns_see_all_that_patterns_see(pattern: str) -> None:
    """One repetition without end, several bounded ones, or such as exclude each other are no danger."""
    assert safe_reach(pattern) == PATTERN_REACH


@pytest.mark.parametrize(
    ("pattern", "most"),
    [
        ("(가+)+나", 20),
        ("(?:가|가가)+나", 30),
        ("(?:[가-힣]+ ?)+나", 20),
        ("((a*)*)*b", 20),
        (r"(\w+\s*)+:", 20),
        ("(?=(a+)+b)", 20),
        ("(x+x+)+y", 20),
        ("(?:a?){30}a{30}", 40),
        ("가.*나.*다", 400),
        (r"\s*\s*x", 400),
    ],
)
def test_patterns_that_may_take_long_see_little(pattern: str, most: int) -> None:
    """A repetition in a repetition explodes; several without end behind each other multiply."""
    assert 0 < safe_reach(pattern) <= most


def test_shipped_patterns_see_all() -> None:
    """None of the shipped rules is cut short."""
    rules = load_rules()
    words = [*rules.masks, *(word for group in rules.groups for word in group.words)]
    patterns = [w.removeprefix(PATTERN_PREFIX) for w in words if w.startswith(PATTERN_PREFIX)]
    assert patterns
    assert {safe_reach(pattern) for pattern in patterns} == {PATTERN_REACH}


def test_a_deeply_nested_pattern_is_none() -> None:
    """Depth is bounded, as for everything that is walked."""
    with pytest.raises(re.error, match="too deeply"):
        parse_pattern("(?:" * 60 + "가" + ")*" * 60)


SETS = [
    r"\s", r"\d", r"\w", "[^.]", "[가-힣]", "[a-z]", "[A-F0-9]", "k", "S", "[ißİ]", "·", "é", "[^가-힣a]",
    r"[\s.]", r"[^\s]", r"[^\w]", "㎡", "[一-龥]", "_",
]  # fmt: skip


@given(st.characters() | st.sampled_from("aAkKsSſiIıİ\u212a.· \u3000가_é1１"))
@settings(max_examples=500)
def test_what_excludes_each_other_has_no_character_in_common(char: str) -> None:
    """Where two sets are said to exclude each other, no character is in both, case ignored."""
    mine = [(text, chars_of(text)) for text in SETS if re.fullmatch(text, char, re.IGNORECASE)]
    for (_, one), (_, other) in combinations(mine, 2):
        assert one is None or other is None or not (one.excludes(other) or other.excludes(one))


def chars_of(pattern: str) -> Chars | None:
    (node,) = parse_pattern(pattern)
    return node.chars


@pytest.mark.parametrize(
    ("one", "other"),
    [(r"\s", "가"), (r"\d", "곳"), ("[^.]", r"\."), ("[가-힣]", "[a-z]"), (r"\w", r"\s")],
)
def test_sets_that_exclude_each_other(one: str, other: str) -> None:
    """What is common in patterns is told."""
    first, second = chars_of(one), chars_of(other)
    assert first is not None
    assert second is not None
    assert first.excludes(second)
    assert second.excludes(first)
