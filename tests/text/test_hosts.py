"""The host of an address, as everything that goes by hosts spells it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.http import target_of
from aggregator.text.hosts import host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.molit.example/rss?a=b", "www.molit.example"),
        ("http://www.molit.example:8080/rss", "www.molit.example"),
        ("HTTPS://WWW.MOLIT.Example/", "www.molit.example"),
        ("https://서울.example/rss", "xn--2i4bq6h.example"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]:8000/", "::1"),
        ("desk:typed-in", ""),
        ("https://가" + "나" * 80 + ".example/", "가" + "나" * 80 + ".example"),
    ],
)
def test_a_host_is_its_name_alone(url: str, host: str) -> None:
    """Lower case, in ASCII, without port, path and query."""
    assert host == host_of(url)


@given(
    st.from_regex(r"[a-zA-Z가-힣]{1,8}(\.[a-zA-Z가-힣]{1,8}){0,2}", fullmatch=True),
    st.sampled_from(["", ":80", ":8443"]),
)
def test_it_is_spelt_as_the_fetcher_spells_it(name: str, port: str) -> None:
    """Else leases and pacing would speak of two hosts."""
    url = f"https://{name}{port}/rss"
    target = target_of(url)
    assert target is not None
    assert target.host == host_of(url)
