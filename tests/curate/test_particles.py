"""Particles taken off words of a search."""

from __future__ import annotations

import pytest

from aggregator.curate.searching.particles import stem_of


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("스마트도시를", "스마트도시"),
        ("스마트도시의", "스마트도시"),
        ("스마트도시가", "스마트도시"),
        ("도시에서는", "도시"),
        ("사업을", "사업"),
        ("사업은", "사업"),
        ("사업으로", "사업"),
        ("지원사업이", "지원사업"),
        ("ai를", "ai"),
        ("5g의", "5g"),
        ("국토부와", "국토부"),
    ],
)
def test_a_particle_goes(word: str, stem: str) -> None:
    """The one that goes with the sound before it."""
    assert stem == stem_of(word)


@pytest.mark.parametrize(
    "word",
    [
        "회의",
        "주민회의",
        "어린이",
        "전문가",
        "평가",
        "마을",
        "제도",
        "도로",
        "정책과",
        "도시",
        "물의",
        "가",
        "",
    ],
)
def test_a_noun_stays(word: str) -> None:
    """Whose end only looks like a particle, or would leave a single syllable."""
    assert word == stem_of(word)
