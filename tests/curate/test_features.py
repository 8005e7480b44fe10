"""What is compared of an item."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.curate.copies.features import release_key
from aggregator.read.links.addresses import canonical_url
from tests.curate.make import LEAD, features_of, make_item


@pytest.mark.parametrize(
    "url",
    [
        "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156635793",
        "http://m.korea.kr/news/view.do?call_from=rsslink&newsId=156635793",
        "https://gonggam.korea.kr/newsContentView.es?newsId=156635793",
    ],
)
def test_the_portal_numbers_its_releases(url: str) -> None:
    """The number identifies a release on all hosts of the portal, canonical address or not."""
    assert "news:156635793" == release_key(url)
    assert "news:156635793" == release_key(canonical_url(url))


def test_addresses_without_scheme_identify() -> None:
    """http and https, with and without www, are one address; a bare host is none."""
    assert release_key("http://www.press.example/a?id=1") == release_key(
        "https://press.example/a?id=1",
    )
    assert release_key("https://press.example/") == ""
    assert release_key("http://[broken") == ""


def test_numbers_are_read_by_kind() -> None:
    """Years, ordinals, days, periods and counts are kept apart."""
    one = features_of(make_item(title="2026년 상반기 제12차 회의 7월 15일 개최, 3곳 선정"))
    assert {
        "count 곳": {"3"},
        "day": {"15"},
        "month": {"7"},
        "ordinal 차": {"12"},
        "period": {"상반기"},
        "year": {"2026"},
    } == one.facts.numbers
    assert one.facts.phase == "result"


def test_lead_leaves_out_the_title() -> None:
    """A lead that repeats the title is compared without it."""
    one = features_of(make_item(title="표준 마련", summary=f"표준 마련 {LEAD}"))
    assert features_of(make_item(title="다른 제목", summary=LEAD)).lead == one.lead


def test_number_cut_at_the_end_is_not_read() -> None:
    """The last word of a cut title says nothing."""
    assert features_of(make_item(title="회의 열려 제1…")).facts.numbers == {}


def test_item_without_a_date_has_the_day_it_was_seen() -> None:
    """The day falls back to the first sight."""
    stored = make_item(1)
    undated = replace(stored, item=replace(stored.item, published=None))
    assert features_of(stored).day == features_of(undated).day
