"""Keys in addresses, masked wherever an address is told."""

from __future__ import annotations

import pytest

from aggregator.text.secrets import masked, without_keys


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


@pytest.mark.parametrize(
    ("url", "left", "names"),
    [
        ("https://a.example/x?serviceKey=AB%2FC&page=1",
         "https://a.example/x?serviceKey={key}&page=1", ["serviceKey"]),
        ("https://a.example/x?a=1&api_key=S3cret#top",
         "https://a.example/x?a=1&api_key={key}#top", ["api_key"]),
        ("https://a.example/x?key=k3y-of-somebody", "https://a.example/x?key={key}", ["key"]),
        ("https://a.example/x?token=first1&sig=second22",
         "https://a.example/x?token={key}&sig={key}", ["token", "sig"]),
        ("https://a.example/x?bbsNo=65&key=5233", "https://a.example/x?bbsNo=65&key=5233", []),
        ("https://a.example/x?key=201404031234", "https://a.example/x?key=201404031234", []),
        ("https://a.example/x?key=press", "https://a.example/x?key=press", []),
        ("https://a.example/x?token=", "https://a.example/x?token=", []),
        ("https://a.example/x?token=abc", "https://a.example/x?token=abc", []),
        ("https://a.example/x?token={key}", "https://a.example/x?token={key}", []),
        ("https://a.example/token=abcdef", "https://a.example/token=abcdef", []),
    ],
)  # fmt: skip
def test_keys_are_taken_out_of_an_address(url: str, left: str, names: list[str]) -> None:
    """What a board numbers its menus with is called "key", too, and is none."""
    assert (left, names) == without_keys(url, "{key}")
