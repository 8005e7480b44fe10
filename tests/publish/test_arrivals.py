"""Which stories a feed holds: those that came last, however late their server let them come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.domain.items import When
from aggregator.domain.publishing import PlacedStory
from aggregator.publish.arrivals import arrivals, latest_stories
from tests.fixtures.planets import make_item, make_placed, make_stored

BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def story(name: str, dated: int, seen: int, feed: str = "molit") -> PlacedStory:
    """A story with the date of one day of the year, first seen on another."""
    item = make_item(dated, feed_id=feed, published=When(at=BEGUN + dated * DAY))
    stored = make_stored(item, dated, first_seen_at=BEGUN + seen * DAY)
    placed = make_placed(name, stored)
    return replace(placed, story=replace(placed.story, first_seen_at=stored.first_seen_at))


def chosen(stories: list[PlacedStory], limit: int, days: int = 45) -> list[str]:
    kept = latest_stories(stories, arrivals(stories), limit, days)
    return [one.story.public_id for one in kept]


def test_what_comes_late_is_in_the_feed() -> None:
    """Twelve days after its date, when more than the feed holds has another date since then."""
    daily = [story(f"d{n}", n, n) for n in range(40, 0, -1)]
    late = story("late", 28, 40)
    stories = sorted([*daily, late], key=lambda one: -one.story.primary.id)
    assert ["d40", "d39", "d38", "late"] == chosen(stories, 4)


def test_a_new_source_pushes_nothing_out() -> None:
    """What it had put out before it was known counts from its own date."""
    daily = [story(f"d{n}", n, n) for n in range(40, 0, -1)]
    new = [story(f"n{n}", n, 40, feed="msit") for n in range(30, 10, -1)]
    stories = sorted([*daily, *new], key=lambda one: -one.story.primary.id)
    assert ["d40", "d39", "d38", "d37"] == chosen(stories, 4)


def test_the_first_load_of_a_site_is_there_by_its_dates() -> None:
    """All came at once; the newest stand in the feed."""
    stories = [story(f"d{n}", n, 30) for n in range(30, 0, -1)]
    assert ["d30", "d29"] == chosen(stories, 2)


def test_what_is_too_old_is_left_to_the_archives() -> None:
    """However late it comes."""
    stories = [story("new", 60, 60), story("late", 20, 60), story("old", 10, 10)]
    assert ["new", "late"] == chosen(stories, 5, days=45)
