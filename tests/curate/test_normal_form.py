"""Titles and leads brought to the form in which copies are equal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies.normal_form import bare_title, normal_lead, normal_title
from aggregator.curate.copies.office_names import build_aliases
from aggregator.domain.bodies import Body, Level

MOLIT = Body(
    id="molit",
    name="국토교통부",
    print_names={"ko": "국토교통부", "en": "Ministry of Land"},
    level=Level.MINISTRY,
    order=1,
    aliases=("국토부", "MOLIT", "공통"),
)
SEOUL = Body(
    id="seoul",
    name="서울특별시",
    print_names={"ko": "서울시", "en": "Seoul"},
    level=Level.METRO,
    order=2,
    aliases=("서울시", "공통"),
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("[보도자료] 도시를 잇다", "도시를 잇다"),
        ("도시를 잇다 (7.22, 서울)", "도시를 잇다"),
        ("도시를 잇다 / 유산청 [보도자료]", "도시를 잇다"),
        ("새글 도시를 잇다 새로운글", "도시를 잇다"),
        ("도시를 잇다 | 대한민국 정책브리핑", "도시를 잇다"),
        ("[7.9.목.조간] 도시를 잇다", "도시를 잇다"),
        ("도시를&amp;nbsp;잇다<br/>", "도시를 잇다"),
        ("[보도자료]", "[보도자료]"),
    ],
)
def test_marks_and_badges_are_cut(raw: str, expected: str) -> None:
    """What a site puts around a title goes; a title of nothing else stays."""
    assert expected == bare_title(raw)


def test_copies_get_the_same_form() -> None:
    """Quotes, spacing, short years and agency aliases make no difference."""
    aliases = build_aliases([MOLIT, SEOUL])
    one = normal_title("국토부, ’26년 「스마트 도시」 공모", aliases)
    other = normal_title('국토교통부, 2026년 "스마트도시" 공모…', aliases)
    assert one == other


def test_alias_inside_a_word_stays() -> None:
    """A name is resolved at the edges of a word only."""
    assert normal_title("대서울시민", build_aliases([SEOUL])) == "대서울시민"


def test_an_alias_of_two_bodies_is_nobodys() -> None:
    """A shared alias resolves to neither body."""
    assert "공통" not in build_aliases([MOLIT, SEOUL])


def test_stock_leads_are_empty() -> None:
    """Sentences that portals print in place of a lead count as none."""
    assert normal_lead("인사발령 사항을 첨부와 같이 알려드립니다.", {}) == ""
    assert normal_lead(".board p {margin:0} #doc {line-height:160%}", {}) == ""


@settings(max_examples=80)
@given(st.text(max_size=120))
def test_normal_form_is_stable(raw: str) -> None:
    """Any text has a form, and that holds only letters and digits."""
    form = normal_title(raw, {})
    assert not any(char.isspace() for char in form)
