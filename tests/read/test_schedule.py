"""What a feed says about when to ask it."""

from __future__ import annotations

import pytest

from aggregator.domain.items import ParsedFeed
from aggregator.read.parsing.documents import read_document

SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"


def channel(inner: str) -> ParsedFeed:
    """A feed whose channel has these elements, and one entry."""
    document = (
        f"<rss version='2.0' {SY}><channel><title>보도</title>{inner}"
        "<item><title>x</title><day>5</day></item></channel></rss>"
    )
    return read_document(document.encode())


def test_hours_to_skip_are_read() -> None:
    """In GMT; 24 is midnight in RSS 0.91, and nonsense is passed over."""
    hours = "".join(f"<hour>{hour}</hour>" for hour in ("3", " 4 ", "24", "25", "-1", "x", "3", ""))

    assert (0, 3, 4) == channel(f"<skipHours>{hours}</skipHours>").skip_hours


def test_days_to_skip_are_read() -> None:
    """By their English names, Monday 0."""
    days = "<day>Sunday</day><day>saturday</day><day>토요일</day>"

    assert (5, 6) == channel(f"<skipDays>{days}</skipDays>").skip_days


def test_a_day_elsewhere_is_a_field() -> None:
    """Boards have elements of that name."""
    found = channel("<skipDays><day>Sunday</day></skipDays>")

    assert "5" == found.entries[0].fields["day"]


@pytest.mark.parametrize(
    ("minutes", "inner"),
    [
        (0, ""),
        (90, "<ttl>90</ttl>"),
        (90, "<ttl>90</ttl><sy:updatePeriod>daily</sy:updatePeriod>"),
        (1440, "<sy:updatePeriod> Daily </sy:updatePeriod>"),
        (30, "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"),
        (720, "<sy:updateFrequency>2</sy:updateFrequency>"),
        (0, "<sy:updatePeriod>sometimes</sy:updatePeriod>"),
        (10_080, "<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>"),
    ],
)  # fmt: skip
def test_how_long_a_document_stays_good(minutes: int, inner: str) -> None:
    """ttl, else the syndication module."""
    assert minutes == channel(inner).minutes_to_live


def test_a_feed_that_says_nothing_skips_nothing() -> None:
    """Neither hours nor days."""
    found = channel("")

    assert ((), ()) == (found.skip_hours, found.skip_days)
