"""Regions named in texts."""

from __future__ import annotations

import pytest

from aggregator.curate.gazetteer import find_regions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("충북도, 청주에서 연다", {"충북", "충북/청주시"}),
        ("전남나주시 소식", {"전남", "전남/나주시"}),
        ("예산 2억 원을 들인다", set()),
        ("예산군 사과", {"충남", "충남/예산군"}),
        ("경기 침체 대응", set()),
        ("경기, 공모 선정", {"경기"}),
        ("부산물 처리", set()),
        ("부산 서구", {"부산", "/서구"}),
        ("전라북도와 전북특별자치도", {"전북"}),
        ("완도와 청도군", {"전남", "전남/완도군", "경북", "경북/청도군"}),
        ("Seoul and Gyeonggi-do", {"서울", "경기"}),
        ("금산 신안사", {"충남", "충남/금산군"}),
    ],
)
def test_regions_are_found(text: str, expected: set[str]) -> None:
    """Names and stems count as whole words; stems that are words only before 시, 군, 구."""
    assert expected == find_regions(text)
