"""Terms that are written in two ways."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies.synonyms import unify


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AI 신호등", "인공지능 신호등"),
        ("인공지능(AI) 신호등", "AI(인공지능) 신호등"),
        ("SW·AI 교실", "소프트웨어·인공지능 교실"),
        ("청년 3천 명", "청년 3000 명"),
        ("동절기 점검", "겨울철 점검"),
        ("이달의 수산물", "이번 달의 수산물"),
        ("美 장관과 통화", "미 장관과 통화"),
        ("대광전(大光殿) 단청", "대광전 단청"),
        ("Gov’t to act", "Government to act"),
    ],
)
def test_two_spellings_become_one(one: str, other: str) -> None:
    """Copies differ in these and mean the same."""
    assert unify(one) == unify(other)


@pytest.mark.parametrize("text", ["AIDS 예방", "SWOT 분석", "제3천년", "don't stop", "강의(하)"])
def test_what_only_looks_like_a_term_stays(text: str) -> None:
    """Letters within other words are no abbreviations."""
    assert text == unify(text)


def test_bird_flu_is_no_intelligence() -> None:
    """The two letters behind it mean the disease."""
    assert unify("고병원성 AI 발생") == unify("고병원성 조류인플루엔자 발생")
    assert "인공지능" not in unify("조류인플루엔자(AI) 확산")


@settings(max_examples=80)
@given(st.text(alphabet="AI인공지능(R&D) 3천명고병원성美大'tGov", max_size=30))
def test_once_is_enough(text: str) -> None:
    """What has been unified is left alone."""
    once = unify(text)
    assert once == unify(once)
