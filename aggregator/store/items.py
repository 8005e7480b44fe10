"""Items as kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from aggregator.domain.items import Revision, StoredItem
from aggregator.store.engine import Database
from aggregator.store.finding import item_ids_named
from aggregator.store.rows import batches, bounded, stored_item_of
from aggregator.store.tables import item_revisions, items, memberships

_AT_ONCE = 500

ARRIVAL_ORDER = (items.c.day, items.c.feed_id, items.c.entry_key)
"""The order in which curation meets items; it does not depend on when they were fetched."""


_UNREAD = ("key_id", "squashed_title", "title_head", "day", "curated_rev")
"""Columns that only queries look at."""

_COLUMNS = [column for column in items.c if column.name not in {*_UNREAD, "content"}]


def select_items(
    content: ColumnElement[str] = items.c.content, *, in_stories: bool = False
) -> Select[Any]:
    """Items with their story; ``content`` is what is read of their content. ``in_stories``: only those
    that are in one. Asked for by story, SQLite finds them by these; else it would look at all items."""
    return select(*_COLUMNS, content.label("content"), memberships.c.story_id).join_from(
        items, memberships, memberships.c.item_id == items.c.id, isouter=not in_stories
    )


def read_items(connection: Connection, item_ids: Iterable[int]) -> dict[int, StoredItem]:
    """These items by id."""
    found = {}
    for batch in batches(item_ids):
        for row in connection.execute(select_items().where(items.c.id.in_(batch))).mappings():
            found[row["id"]] = stored_item_of(row)
    return found


class ItemRows:
    """The part of the store that gives out items."""

    _db: Database

    def items(self, feed_id: str | None = None) -> Iterator[StoredItem]:
        """All items, or one feed's, in the order (feed id, day, key), each with the entry's own
        text, read little by little from one state of the database. An item without a published
        day counts by the day it was first seen."""
        current = and_(item_revisions.c.item_id == items.c.id, item_revisions.c.rev == items.c.rev)
        query = (
            select_items()
            .add_columns(item_revisions.c.raw)
            .join(item_revisions, current)
            .order_by(items.c.feed_id, items.c.day, items.c.entry_key)
        )
        if feed_id is not None:
            query = query.where(items.c.feed_id == feed_id)
        with self._db.reading() as connection:
            result = connection.execution_options(yield_per=_AT_ONCE).execute(query)
            for row in result.mappings():
                yield stored_item_of(row)

    def item_by_key(self, feed_id: str, key: str) -> StoredItem | None:
        """The item of a feed under a key, None where there is none."""
        query = select_items().where(items.c.feed_id == feed_id, items.c.key_id == bounded(key))
        with self._db.reading() as connection:
            row = connection.execute(query).mappings().first()
            return stored_item_of(row) if row else None

    def items_by_id(self, item_ids: Collection[int]) -> dict[int, StoredItem]:
        """These items as they are now, by id; unknown ids are left out."""
        with self._db.reading() as connection:
            return read_items(connection, item_ids)

    def revisions_before(self, item_ids: Collection[int], before: datetime) -> dict[int, Revision]:
        """The last revision of each of these items that was seen before an instant, by item id;
        items that were first seen later are left out."""
        found: dict[int, Revision] = {}
        with self._db.reading() as connection:
            for batch in batches(item_ids):
                query = (
                    select(item_revisions)
                    .where(item_revisions.c.item_id.in_(batch), item_revisions.c.seen_at < before)
                    .order_by(item_revisions.c.rev)
                )
                for row in connection.execute(query).mappings():
                    found[row["item_id"]] = Revision(**row)
        return found

    def count_items(self, feed_ids: Collection[str] | None = None) -> dict[str, int]:
        """Items per feed id, of all feeds or of these; a feed without items is left out."""
        query = select(items.c.feed_id, func.count()).group_by(items.c.feed_id)
        if feed_ids is not None:
            query = query.where(items.c.feed_id.in_(feed_ids))
        with self._db.reading() as connection:
            rows = connection.execute(query.order_by(items.c.feed_id))
            return {feed_id: number for feed_id, number in rows}  # noqa: C416 - rows are no pairs

    def find_items(self, words: str) -> list[StoredItem]:
        """Items, folded into a story or not, whose guid, link, canonical link or exact title is
        ``words``; where there is none, those with a title that contains it (case and spaces
        ignored). In the order (day, feed id, key)."""
        with self._db.reading() as connection:
            found = read_items(connection, item_ids_named(connection, words))
        return sorted(found.values(), key=lambda one: (one.day, one.feed_id, one.item.key))

    def item_days(self, feed_ids: Collection[str]) -> dict[str, tuple[date, date]]:
        """The first and the last day of the stored items of each of these feeds that has any."""
        found: dict[str, tuple[date, date]] = {}
        columns = (items.c.feed_id, func.min(items.c.day), func.max(items.c.day))
        with self._db.reading() as connection:
            for batch in batches(feed_ids):
                query = select(*columns).where(items.c.feed_id.in_(batch))
                for feed_id, first, last in connection.execute(query.group_by(items.c.feed_id)):
                    found[feed_id] = first, last
        return found
