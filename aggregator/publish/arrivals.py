"""When stories came to the site, and which of them a feed holds for it.

A feed that held the newest by their own dates alone would never show what comes late: what a server
had put out while it could not be reached lies behind newer releases by then, and whoever reads the
feed daily would not get to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from aggregator.domain.items import LONGEST_HOLD
from aggregator.domain.publishing import PlacedStory
from aggregator.domain.stories import Story
from aggregator.publish.river import ranked_at

FIRST_LOAD = timedelta(days=7)
"""For how long a new site, or a new source, fills with what there is already."""


def came_at(story: Story) -> datetime:
    """When a story came to the site: at the first sight of it, or when it was no longer held."""
    stored = story.primary
    held = (stored.item.embargo_until, stored.item.published.at if stored.item.published else None)
    longest = stored.first_seen_at + LONGEST_HOLD
    return max(
        (story.first_seen_at, *(at for at in held if at is not None and at <= longest)),
    )


def arrivals(stories: Iterable[PlacedStory]) -> dict[str, datetime]:
    """When each of these stories came, by public id.

    What a source brings in its first days was there before: it counts from its own date, so that a
    new source does not push everything else out of the feeds.
    """
    placed = list(stories)
    begun: dict[str, datetime] = {}
    for one in placed:
        for member in one.story.members:
            feed, at = member.item.feed_id, member.first_seen_at
            begun[feed] = min(at, begun.get(feed, at))
    return {one.story.public_id: _arrived(one, begun) for one in placed}


def _arrived(placed: PlacedStory, begun: Mapping[str, datetime]) -> datetime:
    primary = placed.story.primary
    if placed.story.first_seen_at < begun[primary.item.feed_id] + FIRST_LOAD:
        return ranked_at(primary)
    return came_at(placed.story)


def latest_stories(
    stories: Sequence[PlacedStory], arrived: Mapping[str, datetime], limit: int, days: int
) -> list[PlacedStory]:
    """Of these stories, newest first, the ``limit`` that came last, none dated more than ``days``
    before the first; in their order."""
    if not stories:
        return []
    oldest = ranked_at(stories[0].story.primary) - timedelta(days=days)
    recent = [one for one in stories if ranked_at(one.story.primary) >= oldest]
    by_arrival = sorted(recent, key=lambda one: arrived[one.story.public_id], reverse=True)
    kept = {one.story.public_id for one in by_arrival[:limit]}
    return [one for one in recent if one.story.public_id in kept]
