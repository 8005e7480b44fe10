"""The language of searches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.curate.searching.search_query import LONGEST, MOST_TERMS, parse_query
from aggregator.domain.errors import UsageError


def read(words: str) -> tuple[list[list[str]], list[str]]:
    """The groups and what is excluded, as it is looked for."""
    query = parse_query(words)
    groups = [[term.term.folded for term in group] for group in query.groups]
    return groups, [term.term.folded for term in query.excluded]


@pytest.mark.parametrize(
    ("words", "groups", "excluded"),
    [
        ("스마트 도시", [["스마트"], ["도시"]], []),
        ('"스마트 도시" 교통', [["스마트도시"], ["교통"]], []),
        ("“스마트 도시”", [["스마트도시"]], []),
        ('"스마트 도시', [["스마트도시"]], []),
        ("교통 -버스", [["교통"]], ["버스"]),
        ('교통 -"시내 버스"', [["교통"]], ["시내버스"]),
        ("버스 OR 철도 요금", [["버스", "철도"], ["요금"]], []),
        ("버스 | 철도 | 항공", [["버스", "철도", "항공"]], []),
        ("or 버스", [["or"], ["버스"]], []),
        ("OR 버스 OR", [["버스"]], []),
        ("스마트도시를", [["스마트도시"]], []),
        ('"스마트도시를"', [["스마트도시를"]], []),
        ("교통 -도시를", [["교통"]], ["도시를"]),
        ("도시, (교통).", [["도시"], ["교통"]], []),
        ("self-driving", [["selfdriving"]], []),
        ("Ａ１ · … 도시", [["a1"], ["도시"]], []),
        ("도시\0교통\u202e", [["도시"], ["교통"]], []),
        ("title:도시 NEAR(a b) *", [["title:도시"], ["near(a"], ["b"]], []),
    ],
)
def test_words_are_read(words: str, groups: list[list[str]], excluded: list[str]) -> None:
    """All words, phrases, either of two, and what must not be there."""
    assert (groups, excluded) == read(words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "no letter and no digit"),
        (' "" -- *** () ', "no letter and no digit"),
        ("-버스 -철도", "needs a word that is to be found"),
        ("가 " * 100_000, f"at most {LONGEST} characters, not 200000"),
        ("가 " * (MOST_TERMS + 1), f"at most {MOST_TERMS} words"),
    ],
)
def test_what_is_no_search_is_refused(words: str, told: str) -> None:
    """In one line that says what would be right."""
    with pytest.raises(UsageError, match=told) as caught:
        parse_query(words)

    assert 1 == len(str(caught.value).splitlines())


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_search_or_refused(words: str) -> None:
    """Nothing else is raised, and what is read has letters."""
    try:
        query = parse_query(words)
    except UsageError:
        return

    assert all(term.pieces for term in (*query.terms, *query.excluded))
