"""Counts in titles, exact and approximate."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies.amounts import amounts_in, mean_the_same


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("청년 3천 명에게 자금", [("명", "3000")]),
        ("이용자 1만 9,200명", [("명", "19200")]),
        ("예산 1조 2천억 원", [("원", "1200000000000")]),
        ("국비 80억 확보", [("원", "8000000000")]),
        ("학교 2천여 개", [("개", "2000~2999")]),
        ("마을 20여 곳", [("곳", "20~29")]),
        ("물가 2.5% 올라", [("%", "2.5")]),
        ("2026년 봄", []),
        ("숫자 없는 제목", []),
    ],
)
def test_counts_are_read_as_numbers(title: str, expected: list[tuple[str, str]]) -> None:
    """However a number is written, its value is what counts."""
    assert expected == list(amounts_in(title))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2000~2999", "2314", True),
        ("2000~2999", "3314", False),
        ("2000", "2001", False),
        ("20~29", "20~29", True),
    ],
)
def test_an_approximate_count_covers_exact_ones(one: str, other: str, *, expected: bool) -> None:
    """2천여 and 2,314 are one count, 2,000 and 2,001 are two."""
    assert mean_the_same(frozenset({one}), frozenset({other})) is expected


@settings(max_examples=60)
@given(st.integers(1, 10**9))
def test_thousands_may_be_parted(value: int) -> None:
    """Commas make no difference."""
    assert list(amounts_in(f"주민 {value}명")) == list(amounts_in(f"주민 {value:,}명"))
