"""Release numbers read from addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.read.links.addresses import canonical_url
from aggregator.text.release_numbers import ReleaseNumber, release_number


@pytest.mark.parametrize(
    ("url", "number", "host"),
    [
        ("https://www.korea.kr/briefing/pressReleaseView.do?newsId=156635793", "156635793", "korea.kr"),
        ("http://m.korea.kr/news/view.do?call_from=x&newsId=156635793", "156635793", "korea.kr"),
        ("https://www.molit.go.kr/v.do?newsId=156635793&page=2", "156635793", "molit.go.kr"),
        ("https://notkorea.kr/v.do?newsId=156635793", "156635793", "notkorea.kr"),
    ],
)  # fmt: skip
def test_a_number_survives_the_canonical_form(url: str, number: str, host: str) -> None:
    """The same number and host, whether the address is as printed or canonical."""
    expected = ReleaseNumber(number=number, host=host)
    assert expected == release_number(url)
    assert expected == release_number(canonical_url(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.korea.kr/", "https://www.korea.kr/v.do?newsId=12", "https://a.example/newsId/156635793",
        "https://a.example/?newsId=GA156635793", "http://[broken?newsId=156635793", "",
    ],
)  # fmt: skip
def test_no_number(url: str) -> None:
    """Too short, not a number, in a path of another site, no address."""
    assert release_number(url) is None


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_read(text: str, parsed: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    """No address raises."""
    release_number(f"https://korea.kr/{text}" if parsed else text)
