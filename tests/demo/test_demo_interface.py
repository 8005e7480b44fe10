"""The demo's open-data interface says what the real one would."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

import pytest

from aggregator.demo.documents import releases
from aggregator.demo.interface import FEED, KEY, answer

KEYED = f"serviceKey={quote(KEY, safe='')}"


def ask(query: str) -> tuple[HTTPStatus, str]:
    status, body = answer(query, "대한민국 정책브리핑 보도자료", "ko")
    return status, body.decode()


def test_the_releases_of_three_days() -> None:
    """Both ends included, and no others."""
    status, told = ask(f"{KEYED}&startDate=20240226&endDate=20240228")

    expected = [r.id for r in releases(FEED) if "2024-02-26" <= str(r.at)[:10] <= "2024-02-28"]
    assert expected
    assert HTTPStatus.OK is status
    assert [r.id for r in releases(FEED) if f"<NewsItemId>{r.id}<" in told] == expected
    assert f"<totalCount>{len(expected)}</totalCount>" in told


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("startDate=20240226&endDate=20240228", 401, "SERVICE_KEY_IS_NULL"),
        ("serviceKey=wrong", 401, "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"),
        (f"{KEYED}&startDate=2024-02-26&endDate=20240228", 200, "<resultCode>97<"),
        (f"{KEYED}&startDate=20240225&endDate=20240228", 200, "<resultCode>98<"),
    ],
)
def test_what_it_refuses(query: str, status: int, words: str) -> None:
    """A question without key, with another one, with other dates, for four days."""
    found, told = ask(query)

    assert (status, True) == (found, words in told)
