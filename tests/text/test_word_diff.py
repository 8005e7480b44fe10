"""Runs of words held against each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.text.word_diff import CLOSE_LOOK, Span, diff_words

WORDS = st.lists(
    st.sampled_from(["국토부", "는", "120억", "130억", "원", "지원", "도시"]), max_size=30
)


def applied(spans: Sequence[Span], old: Sequence[str], new: Sequence[str]) -> tuple[list[str], ...]:
    """Both texts, put together from the spans."""
    before = [word for span in spans for word in old[span.i1 : span.i2]]
    after = [
        word
        for span in spans
        for word in (old[span.i1 : span.i2] if span.same else new[span.j1 : span.j2])
    ]
    return before, after


@given(WORDS, WORDS)
@example([], [])
def test_a_difference_put_on_the_old_text_gives_the_new_one(old: list[str], new: list[str]) -> None:
    """And its spans cover both, a changed one between two that are the same."""
    spans = diff_words(old, new)
    assert (old, new) == applied(spans, old, new)
    assert all(one.same != other.same for one, other in pairwise(spans))


@given(WORDS)
def test_the_same_words_are_no_difference(words: list[str]) -> None:
    """One span, or none of nothing."""
    assert all(span.same for span in diff_words(words, list(words)))


def test_one_word_is_told_among_many() -> None:
    """Only that one."""
    old = ["사업비", "120억", "원을", "들여", "도시를", "짓는다"]
    new = ["사업비", "130억", "원을", "들여", "도시를", "짓는다"]
    (changed,) = [span for span in diff_words(old, new) if not span.same]
    assert (["120억"], ["130억"]) == (old[changed.i1 : changed.i2], new[changed.j1 : changed.j2])


@given(st.integers(0, 3 * CLOSE_LOOK), st.integers(0, 3 * CLOSE_LOOK))
@example(0, 3 * CLOSE_LOOK)
def test_far_apart_changes_of_a_long_text_are_told_apart(one: int, other: int) -> None:
    """Beyond what is looked at closely, the words that stand there once lead on."""
    old = [f"낱말{number}" for number in range(3 * CLOSE_LOOK + 1)]
    new = list(old)
    new[one], new[other] = "다른", "다른"
    spans = diff_words(old, new)
    assert (old, new) == applied(spans, old, new)
    changed = sum(span.i2 - span.i1 for span in spans if not span.same)
    assert len({one, other}) == changed


def test_a_hostile_text_is_replaced_as_a_whole() -> None:
    """Where no word stands once there is nothing to go by, and no time is lost on it."""
    old = ["a", "b"] * 50_000
    new = ["b", "b", "a"] * 33_000
    assert (old, new) == applied(diff_words(old, new), old, new)
