"""Texts that two have changed: put together where that is plain, told apart where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.three_way import Outcome, three_way

WORD = st.text(alphabet="가나다라0123456789,.", min_size=1, max_size=4)
TEXT = st.lists(WORD, max_size=12).map(" ".join)
BASE = "울산시는 3월 12일 스마트시티 공모 사업에 4개 과제를 신청했다고 밝혔다."


@given(TEXT, TEXT)
def test_what_nobody_else_changed_stays(base: str, mine: str) -> None:
    """Letter by letter."""
    told = three_way(base, mine, base)

    assert (Outcome.UNCHANGED, mine) == (told.outcome, told.text)


@given(TEXT, TEXT)
def test_what_was_not_edited_is_taken(base: str, theirs: str) -> None:
    """Unless it is the same in other spaces."""
    told = three_way(base, base, theirs)

    assert theirs.split() == told.text.split()
    assert told.outcome in {Outcome.TAKEN, Outcome.UNCHANGED}


@given(TEXT, TEXT)
def test_what_both_changed_alike_is_no_conflict(base: str, both: str) -> None:
    """Nobody need decide."""
    assert both.split() == three_way(base, both, both).text.split()


@given(TEXT, TEXT, TEXT)
def test_it_does_not_matter_who_is_who(base: str, one: str, other: str) -> None:
    """A conflict is one from both sides, and what is merged is the same."""
    here, there = three_way(base, one, other), three_way(base, other, one)

    assert (here.outcome is Outcome.CONFLICT) == (there.outcome is Outcome.CONFLICT)
    assert here.text.split() == there.text.split()


@given(TEXT, TEXT, TEXT)
def test_no_word_is_made_up(base: str, one: str, other: str) -> None:
    """What is merged has words of the three texts alone."""
    told = three_way(base, one, other)

    assert {*told.text.split()} <= {*base.split(), *one.split(), *other.split()}


@given(
    st.lists(WORD, min_size=5, max_size=10, unique=True),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_changes_far_apart_are_both_there(words: list[str], at: int, elsewhere: int) -> None:
    """Each word that one of the two put there stands where it was put."""
    at, elsewhere = sorted((at % len(words), elsewhere % len(words)))
    mine = [*words[:at], "Mine", *words[at + 1 :]]
    theirs = [*words[:elsewhere], "Theirs", *words[elsewhere + 1 :]]
    told = three_way(" ".join(words), " ".join(mine), " ".join(theirs))

    if elsewhere - at < 2:
        assert Outcome.CONFLICT is told.outcome
    else:
        both = [*mine[:elsewhere], "Theirs", *mine[elsewhere + 1 :]]
        assert (Outcome.MERGED, " ".join(both)) == (told.outcome, told.text)


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (
            BASE.replace("울산시는", "울산은"),
            BASE.replace("4개", "5개"),
            "울산은 3월 12일 스마트시티 공모 사업에 5개 과제를 신청했다고 밝혔다.",
        ),
        (BASE.replace("4개", "네 개"), BASE.replace("4개", "5개"), ""),
        (BASE.replace(" 3월 12일", ""), BASE.replace("12일", "13일"), ""),
        (BASE.replace("3월", "삼월"), BASE.replace("12일", "13일"), ""),
    ],
)
def test_a_lead(mine: str, theirs: str, merged: str) -> None:
    """Words far apart are merged; the same word, a deleted one, and neighbours are asked about."""
    assert merged == three_way(BASE, mine, theirs).text
