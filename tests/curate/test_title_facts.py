"""What a title says that a copy must say too."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aggregator.curate.copies.title_facts import content_words, read_title


def numbers(title: str) -> Mapping[str, frozenset[str]]:
    return read_title(title, frozenset()).numbers


@pytest.mark.parametrize(
    ("title", "kind", "values"),
    [
        ("전력 전망(7월~9월)", "month", {"7 to 9"}),
        ("전력 전망(7∼9월)", "month", {"7 to 9"}),
        ("7월 전력 전망", "month", {"7"}),
        ("생활체육 안내(상)", "part", {"상"}),
        ("3rd Drone Forum", "ordinal th", {"3"}),
        ("Phase 2 of the Project", "ordinal phase", {"2"}),
        ("Drone Highway II", "ordinal roman", {"II"}),
        ("12 Cities Join", "count citie", {"12"}),
        ("Forum on March 3", "day", {"3"}),
        ("인공지능기본법 시행령 개정", "decree", {"시행령"}),
        ("인공지능기본법 개정", "decree", {"법"}),
    ],
)
def test_numbers_by_kind(title: str, kind: str, values: set[str]) -> None:
    """Ranges of months, parts, English ordinals and counts, and the rank of a law."""
    assert values == numbers(title)[kind]


def test_the_result_of_statistics_is_no_stage() -> None:
    """A survey's figures are its result; a call and its result are two releases."""
    assert not read_title("가계동향(잠정) 결과", frozenset()).markers & {"결과"}
    assert read_title("드론 공모 결과", frozenset()).markers == {"결과"}


def test_how_something_is_chosen_is_not_what_was_chosen() -> None:
    """선정 절차 tells of no selection yet."""
    assert read_title("사업자 선정 절차 시작", frozenset()).phase == ""
    assert read_title("사업자 선정", frozenset()).phase == "result"


def test_verbs_that_end_a_headline_name_nothing() -> None:
    """Two editors choose other verbs for one thing."""
    assert content_words("산불 피해 줄인다") == {"산불", "피해"}
    assert content_words("바다 소식") == {"바다", "소식"}


def test_english_words_lose_their_endings() -> None:
    """Number and tense of an English word make no other word."""
    assert content_words("Bridges Opened") == content_words("Bridge Open")
