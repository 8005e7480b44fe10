"""Which changes of sources are published."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from aggregator.curate.copies.source_changes import told_once
from aggregator.domain.changes import SourceChange
from aggregator.domain.publishing import ChangedRelease, PlacedStory
from aggregator.services.desk import Desk

LOOKED_AT = 3
"""For each entry of the feed so many changes are looked at: some are not published."""


def changed_releases(
    desk: Desk, placed: Sequence[PlacedStory], rejected: Collection[int]
) -> tuple[ChangedRelease, ...]:
    """The newest changes, newest first, as many and as old as a feed holds by the options; each
    correction once a story.

    Not those of stories that an editor rejected, nor of releases that are held back: what is not to
    be read yet is not told by its changes either.
    """
    options = desk.options
    newest = desk.store.changes(newest=options.feed_limit * LOOKED_AT)
    stored = desk.store.items_by_id({change.item_id for change in newest})
    shown = {member.id: one for one in placed for member in one.story.members}
    now = desk.clock.now()
    found = [
        ChangedRelease(change=change, stored=item, placed=shown.get(item.id))
        for change in told_once(newest)
        if (item := stored[change.item_id]).story_id not in rejected and not item.is_held(now)
    ]
    return tuple(_newest(found, options.feed_limit, options.feed_days))


def _newest(changes: Sequence[ChangedRelease], limit: int, days: int) -> list[ChangedRelease]:
    """At most ``limit`` of these, newest first, none more than ``days`` older than the first."""
    last = changes[::-1][:limit]
    oldest = last[0].change.at - timedelta(days=days) if last else None
    return [one for one in last if oldest is not None and one.change.at >= oldest]


def last_changed(changes: Sequence[SourceChange]) -> dict[int, int]:
    """The revision of the last change of each item, by item id."""
    return {change.item_id: change.rev for change in sorted(changes, key=lambda one: one.rev)}
