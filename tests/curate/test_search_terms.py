"""Terms of a search found in texts."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.curate.matching.spelling import fold_text
from aggregator.curate.searching.search_terms import (
    PIECES,
    SearchTerm,
    find_term,
    has_term,
    make_search_term,
    text_pieces,
)


def term_of(text: str) -> SearchTerm:
    """A term that there is."""
    made = make_search_term(text)
    assert made is not None
    return made


def found(term: str, text: str) -> list[str]:
    """What a term marks of a text."""
    return [text[begin:stop] for begin, stop in find_term(term_of(term), fold_text(text))]


@pytest.mark.parametrize(
    ("term", "text", "marked"),
    [
        ("도시", "스마트도시의 도시재생", ["도시", "도시"]),
        ("스마트도시", "한국형 스마트 도시를 만든다", ["스마트 도시"]),
        ("스마트 도시", "스마트도시와 스마트 도시", ["스마트도시", "스마트 도시"]),
        ("물", "물 관리, 건물 관리", ["물"]),
        ("AI", "AI기반, ai 도시, said", ["AI", "ai"]),
        ("5g", "５Ｇ 통신과 15G", ["５Ｇ"]),
        ("2,400억", "2,400억원, 2400억, 12,400억", ["2,400억", "2400억"]),
        ("2400억", "2,400억원", ["2,400억"]),
        ("400억", "2,400억원과 400억원", ["400억"]),
        ("2", "2,400억, 2개", ["2"]),
        ("r&d", "R&D 예산", ["R&D"]),
        ("self driving", "self-driving car", ["self-driving"]),
    ],
)
def test_a_term_is_found(term: str, text: str, marked: list[str]) -> None:
    """Whatever the spaces, the case, the width and the commas of numbers."""
    assert marked == found(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("도시", "파도 시작"),
        ("스마트도시", "스마트\n도시"),
        ("ai", "Thailand"),
        ("smart", "smartest"),
        ("물", "건물"),
        ("2024", "12024"),
    ],
)
def test_what_is_no_word_is_not_found(term: str, text: str) -> None:
    """Across the edges of words, across lines, within Latin words and numbers."""
    assert [] == found(term, text)


def test_decomposed_text_is_the_same() -> None:
    """Either side may be in NFD; the marks are places of the text as it is."""
    text = unicodedata.normalize("NFD", "서울 스마트도시 계획")
    term = unicodedata.normalize("NFD", "스마트도시")

    assert ["스마트도시"] == [unicodedata.normalize("NFC", one) for one in found(term, text)]
    assert ["스마트도시"] == found(term, "서울 스마트도시 계획")


@pytest.mark.parametrize("text", ["", "…", "· -", "“”", "\u200b"])
def test_without_letters_there_is_no_term(text: str) -> None:
    """Punctuation alone is nothing to search for."""
    assert make_search_term(text) is None


def test_a_long_phrase_asks_for_few_pieces() -> None:
    """As many as make it nearly sure."""
    assert PIECES >= len(term_of("가나다라마바사아자차카타파하" * 20).pieces)


WORDS = st.text(st.sampled_from("가나도시 스마트aAiI1,4-·\n\u1100\u1161Ａß’ﬁ½"), max_size=12)


@given(WORDS, WORDS, WORDS)
def test_the_index_misses_nothing(before: str, term: str, behind: str) -> None:
    """A text that has a term has all its pieces."""
    made = make_search_term(term)
    text = before + term + behind
    if made is None or not has_term(made, fold_text(text)):
        return
    pieces = text_pieces([text])

    assert all(any(one.startswith(piece) for one in pieces) for piece in made.pieces)


@given(WORDS, WORDS)
def test_marks_are_what_was_found(text: str, term: str) -> None:
    """A term has marks where it stands, and none elsewhere; no two touch the same character."""
    made = make_search_term(term)
    if made is None:
        return
    folded = fold_text(text)
    spans = find_term(made, folded)

    assert bool(spans) == has_term(made, folded)
    assert all(0 <= begin < stop <= len(text) for begin, stop in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
