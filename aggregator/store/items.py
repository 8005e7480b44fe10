"""Items as kept, each with the entry's own text in its current revision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, func, select

from aggregator.domain.items import StoredItem
from aggregator.store.engine import Database
from aggregator.store.rows import stored_item_of
from aggregator.store.tables import item_revisions, items, memberships

_AT_ONCE = 500

ARRIVAL_ORDER = (items.c.day, items.c.feed_id, items.c.entry_key)
"""The order in which curation meets items; it does not depend on when they were fetched."""


def select_items() -> Select[Any]:
    """Items with their story and the raw text of their current revision."""
    current = and_(item_revisions.c.item_id == items.c.id, item_revisions.c.rev == items.c.rev)
    return (
        select(*items.c, item_revisions.c.raw, memberships.c.story_id)
        .join(item_revisions, current)
        .outerjoin(memberships, memberships.c.item_id == items.c.id)
    )


class ItemRows:
    """The part of the store that gives out items."""

    _db: Database

    def items(self, feed_id: str | None = None) -> Iterator[StoredItem]:
        """All items, or one feed's, in the order (feed id, day, key), read little by little from
        one state of the database. An item without a published day counts by the day it was first
        seen."""
        query = select_items().order_by(items.c.feed_id, items.c.day, items.c.entry_key)
        if feed_id is not None:
            query = query.where(items.c.feed_id == feed_id)
        with self._db.reading() as connection:
            result = connection.execution_options(yield_per=_AT_ONCE).execute(query)
            for row in result.mappings():
                yield stored_item_of(row)

    def count_items(self) -> dict[str, int]:
        """Items per feed id; a feed without items is left out."""
        query = select(items.c.feed_id, func.count()).group_by(items.c.feed_id)
        with self._db.reading() as connection:
            rows = connection.execute(query.order_by(items.c.feed_id))
            return {feed_id: number for feed_id, number in rows}  # noqa: C416 - rows are no pairs
