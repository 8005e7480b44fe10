"""Placements as rows: which stories need one, what the rules look at in them, and what they said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, union_all, update

from aggregator.domain.stories import Placement
from aggregator.ports.storing import Placeable
from aggregator.store.bulk import insert_rows, is_one_of
from aggregator.store.engine import Database
from aggregator.store.inbox import write_candidates
from aggregator.store.rows import batches
from aggregator.store.tables import items, memberships
from aggregator.store.tables import placements as placed
from aggregator.store.tables import stories as told

_PLACED = (
    placed.c.story_id,
    placed.c.placed_at,
    placed.c.section,
    placed.c.score,
    placed.c.ruleset,
    placed.c.trace,
)
_PLACEABLE = (
    select(
        memberships.c.story_id,
        items.c.feed_id,
        items.c.body,
        items.c.language,
        items.c.title,
        items.c.summary,
        items.c.content,
    )
    .join(items, items.c.id == memberships.c.item_id)
    .where(memberships.c.place == 0)
)


class PlacementRows:
    """The part of the store that keeps placements."""

    _db: Database

    def unplaced_ids(self, ruleset: str) -> list[int]:
        """Stories without a placement, or whose placement was made by another rule set, or whose
        members changed since, in the order they were made. Empty ones need no place."""
        # Each of the three is found by an index, however many stories have their place.
        due = union_all(
            select(told.c.id).where(told.c.placed_rev < told.c.rev),
            *(select(placed.c.story_id).where(by_others) for by_others in _by_others(ruleset)),
        ).subquery()
        filled = select(memberships.c.story_id).where(memberships.c.place == 0)
        with self._db.reading() as connection:
            found = set(connection.scalars(select(due.c.id)))
            return sorted(
                one
                for batch in batches(sorted(found))
                for one in connection.scalars(
                    filled.where(is_one_of(connection, memberships.c.story_id, batch))
                )
            )

    def sections_of_other_rules(self, ruleset: str) -> dict[int, str | None]:
        """By id the sections of the stories that another rule set has placed."""
        columns = placed.c.story_id, placed.c.section
        query = union_all(*(select(*columns).where(one) for one in _by_others(ruleset)))
        with self._db.reading() as connection:
            return {row.story_id: row.section for row in connection.execute(query).all()}

    def placeable(self, story_ids: Collection[int]) -> list[Placeable]:
        """What the rules look at in these stories; those without members are left out."""
        found: list[Placeable] = []
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                rows = connection.execute(
                    _PLACEABLE.where(is_one_of(connection, memberships.c.story_id, batch))
                ).all()
                some = [Placeable(*row) for row in rows]
                bare = [one.story_id for one in some if not one.summary]
                told_by_others = _longest_summaries(connection, bare)
                found += [
                    one if one.summary else one._replace(summary=told_by_others[one.story_id])
                    for one in some
                ]
        return found

    def save_placements(self, placements: Mapping[int, Placement], now: datetime) -> None:
        """Write placements by story id; an id of no story is passed over."""
        with self._db.writing() as connection:
            for batch in batches(placements):
                _place(connection, {key: placements[key] for key in batch}, now)


def _by_others(ruleset: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Of another rule set: two ranges, which an index finds, and it does not find what is unlike."""
    return placed.c.ruleset < ruleset, placed.c.ruleset > ruleset


def _longest_summaries(connection: Connection, story_ids: Collection[int]) -> dict[int, str]:
    """What other members say where a story's primary item has no summary."""
    found = dict.fromkeys(story_ids, "")
    if found:
        query = (
            select(memberships.c.story_id, items.c.summary)
            .join(items, items.c.id == memberships.c.item_id)
            .where(is_one_of(connection, memberships.c.story_id, found))
            .order_by(memberships.c.place)
        )
        for story_id, summary in connection.execute(query).all():
            found[story_id] = max(found[story_id], summary, key=len)
    return found


def _place(connection: Connection, by_story: Mapping[int, Placement], now: datetime) -> None:
    ids = [*connection.scalars(select(told.c.id).where(is_one_of(connection, told.c.id, by_story)))]
    rows = [
        (story_id, now, one.section, one.score, one.ruleset, one.trace)
        for story_id, one in ((story_id, by_story[story_id]) for story_id in ids)
    ]
    connection.execute(delete(placed).where(is_one_of(connection, placed.c.story_id, ids)))
    insert_rows(connection, _PLACED, rows)
    write_candidates(connection, ids)
    connection.execute(
        update(told).where(is_one_of(connection, told.c.id, ids)).values(placed_rev=told.c.rev)
    )
