"""The authority of tag: URIs."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.text.tag_authority import authority_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("news.example,2024", date(2024, 1, 1)),
        ("news.example,2024-05", date(2024, 5, 1)),
        ("desk@news.example,2024-05-17", date(2024, 5, 17)),
        ("news.example,2024-13", None),
        ("news.example,2024-02-30", None),
        ("news.example,0000", None),
        ("news.example", None),
        ("news.example,٢٠٢٤", None),
        ("", None),
    ],
)
def test_the_day_of_an_authority(text: str, day: date | None) -> None:
    """The first of the year or month where no more is said; None for what is no authority."""
    assert day == authority_day(text)
