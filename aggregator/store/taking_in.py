"""The items that a refresh asks about and writes; each function runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from aggregator.domain.errors import Conflict
from aggregator.domain.items import Item
from aggregator.ports.refreshing import KnownItem, Moved, RefreshPlan, Relinked
from aggregator.store.rows import (
    Values,
    batches,
    bounded,
    item_values,
    known_of,
    revision_values,
    title_head,
)
from aggregator.store.tables import item_revisions, items, stories
from aggregator.store.types import storable

LIKE_AT_MOST = 1000
"""Candidates of one kind that a refresh is given; a feed that prints one headline every hour has
more, and the later ones are those that may have moved."""

_COLUMNS = (
    items.c.id, items.c.entry_key, items.c.hash, items.c.rev, items.c.guid, items.c.link,
    items.c.canonical_url, items.c.title, items.c.summary, items.c.published_at,
    items.c.published_precision, items.c.published_clamped,
)  # fmt: skip


def known_under(connection: Connection, feed_id: str, keys: Iterable[str]) -> dict[str, KnownItem]:
    """What is stored of these keys of the feed."""
    asked = {storable(key): key for key in keys}
    found = {}
    for batch in batches(bounded(key) for key in asked):
        query = select(*_COLUMNS).where(items.c.feed_id == feed_id, items.c.key_id.in_(batch))
        for row in connection.execute(query).mappings():
            key = asked.get(row["entry_key"], row["entry_key"])
            found[key] = known_of(row, key)
    return found


def known_like(
    connection: Connection, feed_id: str, *, titles: Collection[str], days: Collection[date]
) -> list[KnownItem]:
    """Items of the feed with a title that begins as one of these does or of one of these days."""
    heads = [title_head(title) for title in titles]
    found: dict[int, KnownItem] = {}

    def look(column: ColumnElement[bool]) -> None:
        query = (
            select(*_COLUMNS)
            .where(items.c.feed_id == feed_id, column)
            .order_by(items.c.day.desc(), items.c.id.desc())
            .limit(LIKE_AT_MOST)
        )
        for row in connection.execute(query).mappings():
            found.setdefault(row["id"], known_of(row, row["entry_key"]))

    for some in batches(head for head in heads if head):
        look(items.c.title_head.in_(some))
    for near in batches(days):
        look(items.c.day.in_(near))
    return list(found.values())


def take_in(connection: Connection, plan: RefreshPlan) -> None:
    """Write what a refresh brought: keys first, for everything else goes by the new ones."""
    _move_items(connection, plan)
    arrived: dict[str, Item] = {}
    for item in (*plan.new, *plan.changed):
        arrived.setdefault(storable(item.key), item)
    known = known_under(connection, plan.feed_id, arrived)
    _refuse_stale(plan, known)
    fresh = {key: item for key, item in arrived.items() if key not in known}
    _insert_items(connection, plan, fresh)
    for key, stored in known.items():
        if stored.hash != arrived[key].hash:
            item = arrived[key]
            _revise_item(connection, plan.seen_at, item, stored, cosmetic=item.key in plan.cosmetic)
    for renewed in plan.relinked:
        _renew_item(connection, renewed)
    seen = (*known, *plan.unchanged, *(renewed.item.key for renewed in plan.relinked))
    for batch in batches(bounded(key) for key in seen):
        connection.execute(
            update(items)
            .where(
                items.c.feed_id == plan.feed_id,
                items.c.key_id.in_(batch),
                items.c.last_seen_at < plan.seen_at,
            )
            .values(last_seen_at=plan.seen_at)
        )


def _refuse_stale(plan: RefreshPlan, known: Mapping[str, KnownItem]) -> None:
    """Raise Conflict where a new item's key is that of another item by now, or of another text."""
    for item in plan.new:
        stored = known.get(storable(item.key))
        if stored is not None and stored.hash != item.hash:
            raise Conflict(
                f"feed {plan.feed_id}: {item.key} is stored by now with other words: refresh again"
            )


def _move_items(connection: Connection, plan: RefreshPlan) -> None:
    """Give moved items their new keys, also where two of them swap theirs, and let nobody else
    have the public ids that their old ones make."""
    due = [moved for moved in plan.moved if not _is_there(connection, moved)]
    for moved in due:
        _rekey(connection, moved.item_id, f"moving:{moved.item_id}")
    keys = [moved.new_key for moved in due]
    if taken := known_under(connection, plan.feed_id, keys):
        raise Conflict(
            f"feed {plan.feed_id}: {min(taken)} is another item's key by now: refresh again"
        )
    for moved in due:
        _rekey(connection, moved.item_id, moved.new_key)
    for batch in batches(public_id for moved in due for public_id in moved.public_ids):
        this = update(stories).where(stories.c.public_id.in_(batch))
        connection.execute(this.values(id_retired=True))


def _is_there(connection: Connection, moved: Moved) -> bool:
    """Whether an item has its new key already."""
    stored = connection.scalar(select(items.c.entry_key).where(items.c.id == moved.item_id))
    if stored == storable(moved.new_key):
        return True
    if stored == storable(moved.old_key):
        return False
    raise Conflict(f"{moved.old_key} is the key of another item by now: refresh again")


def _rekey(connection: Connection, item_id: int, key: str) -> None:
    this = update(items).where(items.c.id == item_id)
    connection.execute(this.values(entry_key=key, key_id=bounded(key)))


def _insert_items(connection: Connection, plan: RefreshPlan, fresh: dict[str, Item]) -> None:
    if not fresh:
        return
    seen_at = plan.seen_at
    kept: Values = {
        "feed_id": plan.feed_id,
        "rev": 1,
        "curated_rev": 0,
        "first_seen_at": seen_at,
        "last_seen_at": seen_at,
        "changed_at": None,
    }
    ids = connection.scalars(
        insert(items).returning(items.c.id, sort_by_parameter_order=True),
        [
            item_values(item, seen_at) | kept | {"entry_key": key, "key_id": bounded(key)}
            for key, item in fresh.items()
        ],
    ).all()
    connection.execute(
        insert(item_revisions),
        [
            revision_values(item, item_id, 1, seen_at)
            for item_id, item in zip(ids, fresh.values(), strict=True)
        ],
    )


def _revise_item(
    connection: Connection, seen_at: datetime, item: Item, stored: KnownItem, *, cosmetic: bool
) -> None:
    this = items.c.id == stored.id
    first_seen_at = connection.scalars(select(items.c.first_seen_at).where(this)).one()
    rev = stored.rev + 1
    values = item_values(item, first_seen_at) | {"rev": rev}
    if not cosmetic:
        values["changed_at"] = item.updated.at if item.updated else seen_at
    connection.execute(update(items).where(this).values(**values))
    connection.execute(insert(item_revisions), revision_values(item, stored.id, rev, seen_at))


def _renew_item(connection: Connection, renewed: Relinked) -> None:
    """Renew a row at its revision; where that has gone on meanwhile the later one stays."""
    this = (items.c.id == renewed.item_id, items.c.rev == renewed.rev)
    first_seen_at = connection.scalar(select(items.c.first_seen_at).where(*this))
    if first_seen_at is not None:
        values = item_values(renewed.item, first_seen_at)
        connection.execute(update(items).where(*this).values(**values))
