"""Which items are watched because readers or editors have them, and what their sources changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from aggregator.domain.changes import (
    ChangedField,
    FieldChange,
    NoticedItem,
    Piece,
    PieceKind,
    SourceChange,
    Unnoticed,
)
from aggregator.domain.items import Revision
from aggregator.store.change_tables import source_changes, watched_items
from aggregator.store.engine import Database
from aggregator.store.rows import Values, batches
from aggregator.store.tables import item_revisions, items, memberships, stories

_NEWEST_FIRST = tuple(source_changes.c[name].desc() for name in ("at", "item_id", "rev"))
_GONE_ON = items.c.rev > watched_items.c.looked_rev


class ChangeRows:
    """The part of the store that keeps what sources changed."""

    _db: Database

    def watch(self, shown: Mapping[int, int]) -> list[int]:
        """Watch these items from the revision on that is shown of each, by item id; those that are
        watched already stay so. The items that are new among them and have gone on since."""
        with self._db.reading() as connection:
            # The site shows nearly all that was ever watched: one look is cheaper than many.
            known = set(connection.scalars(select(watched_items.c.item_id)))
        missing = {item_id: rev for item_id, rev in shown.items() if item_id not in known}
        if not missing:
            return []
        with self._db.writing() as connection:
            watch_items(connection, missing)
            found: list[int] = []
            for batch in batches(missing):
                query = _unnoticed().where(watched_items.c.item_id.in_(batch))
                found += [row["item_id"] for row in connection.execute(query).mappings()]
            return found

    def unnoticed(self, item_ids: Collection[int] | None = None) -> list[Unnoticed]:
        """Watched items with revisions that were not compared yet: those of ``item_ids``, or those
        that are not curated either, by item id."""
        queries = (
            [_unnoticed().where(items.c.curated_rev < items.c.rev)]
            if item_ids is None
            else [_unnoticed().where(items.c.id.in_(batch)) for batch in batches(item_ids)]
        )
        with self._db.reading() as connection:
            rows = [row for query in queries for row in connection.execute(query).mappings()]
        # Sorted here: asked to sort, SQLite reads all items rather than the uncurated ones.
        return sorted((Unnoticed(**row) for row in rows), key=lambda one: one.item_id)

    def revisions(self, item_id: int, since: int) -> list[Revision]:
        """The revisions of an item from one on, in their order."""
        query = (
            select(item_revisions)
            .where(item_revisions.c.item_id == item_id, item_revisions.c.rev >= since)
            .order_by(item_revisions.c.rev)
        )
        with self._db.reading() as connection:
            return [Revision(**row) for row in connection.execute(query).mappings()]

    def save_noticed(self, noticed: Sequence[NoticedItem]) -> int:
        """Keep what was noticed, each once: an item that somebody else has looked at meanwhile is
        left out. How many changes were kept."""
        kept = 0
        with self._db.writing() as connection:
            for one in noticed:
                this = update(watched_items).where(
                    watched_items.c.item_id == one.item_id,
                    watched_items.c.looked_rev == one.before,
                )
                if connection.execute(this.values(looked_rev=one.looked)).rowcount and one.changes:
                    rows = [_change_values(change) for change in one.changes]
                    connection.execute(insert(source_changes), rows)
                    kept += len(rows)
        return kept

    def changes(
        self,
        *,
        since: datetime | None = None,
        item_ids: Collection[int] | None = None,
        newest: int | None = None,
    ) -> list[SourceChange]:
        """What sources changed, in the order it was seen: all of it, or what was seen since an
        instant, or of these items, or the ``newest`` ones."""
        query = select(source_changes).order_by(*_NEWEST_FIRST).limit(newest)
        if since is not None:
            query = query.where(source_changes.c.at >= since)
        queries = (
            [query]
            if item_ids is None
            else [query.where(source_changes.c.item_id.in_(batch)) for batch in batches(item_ids)]
        )
        with self._db.reading() as connection:
            found = [
                _change_of(row) for one in queries for row in connection.execute(one).mappings()
            ]
        return sorted(found, key=lambda change: (change.at, change.item_id, change.rev))


def watch_items(connection: Connection, revisions: Mapping[int, int]) -> None:
    """Watch items that are not watched yet, from these revisions on."""
    known: set[int] = set()
    for batch in batches(revisions):
        query = select(watched_items.c.item_id).where(watched_items.c.item_id.in_(batch))
        known.update(connection.scalars(query))
    rows = [
        {"item_id": item_id, "since_rev": rev, "looked_rev": rev}
        for item_id, rev in sorted(revisions.items())
        if item_id not in known
    ]
    if rows:
        connection.execute(insert(watched_items), rows)


def watch_stories(connection: Connection, story_ids: Iterable[int]) -> None:
    """Watch the members of stories that editors have, from their present revision on."""
    for batch in batches(story_ids):
        query = (
            select(items.c.id, items.c.rev)
            .join(memberships, memberships.c.item_id == items.c.id)
            .where(memberships.c.story_id.in_(batch))
        )
        found = connection.execute(query).all()
        watch_items(connection, {row.id: row.rev for row in found})


def primary_rev(connection: Connection, story_id: int) -> int | None:
    """The revision of a story's primary item, None where it has no members."""
    query = (
        select(items.c.rev)
        .join(memberships, memberships.c.item_id == items.c.id)
        .where(memberships.c.story_id == story_id, memberships.c.place == 0)
    )
    return connection.scalar(query)


def _unnoticed() -> Select[Any]:
    return (
        select(
            items.c.id.label("item_id"),
            items.c.feed_id,
            items.c.entry_key.label("key"),
            watched_items.c.looked_rev.label("looked"),
            stories.c.public_id.label("story"),
        )
        .join(watched_items, watched_items.c.item_id == items.c.id)
        .join(memberships, memberships.c.item_id == items.c.id)
        .join(stories, stories.c.id == memberships.c.story_id)
        .where(_GONE_ON)
    )


def _change_values(change: SourceChange) -> Values:
    return {
        "item_id": change.item_id,
        "rev": change.rev,
        "from_rev": change.from_rev,
        "public_id": change.public_id,
        "at": change.at,
        "story": change.story,
        "title": change.title,
        "link": change.link,
        "fields": [
            {
                "field": one.field.value,
                "pieces": [[piece.kind.value, piece.text] for piece in one.pieces],
            }
            for one in change.fields
        ],
    }


def _change_of(row: RowMapping) -> SourceChange:
    fields = tuple(
        FieldChange(
            field=ChangedField(one["field"]),
            pieces=tuple(Piece(kind=PieceKind(kind), text=text) for kind, text in one["pieces"]),
        )
        for one in row["fields"]
    )
    return SourceChange(**{**row, "fields": fields})
