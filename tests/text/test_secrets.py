"""Keys in addresses, masked wherever an address is told."""

from __future__ import annotations

import pytest

from aggregator.text.secrets import masked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://a.example/x?serviceKey=AB%2FC&page=1", "https://a.example/x?serviceKey=***&page=1"),
        ("it redirects to http://a.example/?a=1&api_key=S3 (kept)",
         "it redirects to http://a.example/?a=1&api_key=*** (kept)"),
        ("https://a.example/x?bbsNo=65&key=5233#top", "https://a.example/x?bbsNo=65&key=***#top"),
        ("https://a.example/x?page=1", "https://a.example/x?page=1"),
        ("token=5 is a word", "token=5 is a word"),
    ],
)  # fmt: skip
def test_keys_are_masked(text: str, told: str) -> None:
    """By the name of their parameter, in any sentence."""
    assert told == masked(text)
