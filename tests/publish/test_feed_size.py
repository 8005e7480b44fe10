"""No feed grows beyond what readers take."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import feedparser
import pytest
from structlog.testing import capture_logs

from aggregator.domain.items import SEOUL, When
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.feed_records import MAX_BYTES
from aggregator.publish.site import SiteRenderer
from tests.fixtures.planets import make_item, make_placed, make_stored

PATHS = ("feed.atom", "feed.rss", "sections/project.atom")
NEWEST = datetime(2024, 2, 28, 12, 0, tzinfo=SEOUL)


def large(number: int, size: int) -> PlacedStory:
    """A story with ``size`` bytes of content, ``number`` hours older than the newest."""
    published = When(at=NEWEST - timedelta(hours=number))
    content = f"<p>{'글' * (size // 3)}</p>"
    item = make_item(number, content=content, published=published)
    return make_placed(f"m{number:04}", make_stored(item, number))


def rendered(planet: Planet) -> dict[str, bytes]:
    """The feeds with all stories and with one section's."""
    return {one.path: one.body for one in SiteRenderer().render(planet) if one.path in PATHS}


def ids(body: bytes) -> list[str]:
    """The public ids of the entries in their order."""
    read: Any = feedparser.parse(io.BytesIO(body))
    assert not read.bozo
    return [entry.id.rpartition("/")[2] for entry in read.entries]


@pytest.mark.parametrize("path", PATHS)
def test_the_oldest_entries_are_left_out(planet: Planet, path: str) -> None:
    """The newest that fit stay, in their order, and the next one would not have fitted."""
    stories = tuple(large(number, 30_000) for number in range(1, 61))
    with capture_logs() as lines:
        body = rendered(replace(planet, stories=stories))[path]
    kept = ids(body)
    assert MAX_BYTES - 35_000 < len(body) < MAX_BYTES
    assert [f"m{number:04}" for number in range(1, len(kept) + 1)] == kept
    cut = [line for line in lines if line["event"] == "feed_shortened" and line["feed"] == path]
    assert [60 - len(kept)] == [line["left_out"] for line in cut]


def test_one_huge_entry_does_not_empty_the_feed(planet: Planet) -> None:
    """What is too large to stand even alone is left out itself, and nothing else with it."""
    stories = (large(1, 1_200_000), large(2, 300), large(3, 300))
    for body in rendered(replace(planet, stories=stories)).values():
        assert ["m0002", "m0003"] == ids(body)


def test_a_shortened_feed_is_the_same_each_time(planet: Planet) -> None:
    """Whatever order the stories arrive in."""
    stories = tuple(large(number, 30_000) for number in range(1, 41))
    first = rendered(replace(planet, stories=stories))
    assert first == rendered(replace(planet, stories=stories[::-1]))
