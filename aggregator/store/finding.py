"""Items and stories by what names them: an id, a link, a title or a part of one; each asked of an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, Index, and_, func, literal_column, select

from aggregator.store.rows import batches, title_head
from aggregator.store.tables import feeds, items, memberships, stories
from aggregator.store.types import storable
from aggregator.text.fold import squash

_HAS_GUID = items.c.guid != items.c.link
_IS_LONG = func.length(items.c.title_head) == literal_column("60")
"""The title may have more letters than its head."""

# Partial on PostgreSQL as well, and of hashes where feeds set no bounds, as their migration says.
Index(None, items.c.link)
Index(None, items.c.canonical_url)
Index("ix_items_guid", items.c.guid, sqlite_where=_HAS_GUID)
Index("ix_items_long_titles", items.c.id, sqlite_where=_IS_LONG)
Index(None, items.c.body)


def story_ids_named(connection: Connection, words: str, *, in_titles: bool) -> list[int]:
    """Ids of the stories with members whose public id, or a link, a canonical link or a title of a
    member is ``words``; where there is none and titles may have them, those with a title that contains
    them, whatever its case and spaces. The newest day first, then by public id."""
    asked = storable(words).strip()
    if not asked:
        return []
    by_id = select(stories.c.id).where(stories.c.public_id == asked)
    found = {*connection.scalars(by_id), *_stories_of(connection, _named(connection, asked))}
    if in_titles and not found:
        found = {*_stories_of(connection, _with_title(connection, asked))}
    return _in_order(connection, found)


def item_ids_named(connection: Connection, words: str) -> set[int]:
    """Ids of the items whose guid, link, canonical link or title is ``words``; where there is none, of
    those with a title that contains them, whatever its case and spaces."""
    asked = storable(words).strip()
    if not asked:
        return set()
    by_guid = select(items.c.id).where(_HAS_GUID, items.c.guid == asked)
    found = {*_named(connection, asked), *connection.scalars(by_guid)}
    return found or {*_with_title(connection, asked)}


def _named(connection: Connection, asked: str) -> Iterator[int]:
    head = title_head(asked)
    for way in (
        items.c.link == asked,
        items.c.canonical_url == asked,
        and_(
            items.c.feed_id.in_(select(feeds.c.id)),
            items.c.title_head == head,
            items.c.title == asked,
        ),
    ):
        yield from connection.scalars(select(items.c.id).where(way))


def _with_title(connection: Connection, asked: str) -> Iterator[int]:
    """Items with a part of a title: of the heads of all titles, which stand in an index, and of the few
    titles that are longer."""
    letters = squash(asked)
    if not letters:
        return
    yield from connection.scalars(
        select(items.c.id).where(_has(connection, items.c.title_head, letters))
    )
    yield from connection.scalars(
        select(items.c.id).where(_IS_LONG, _has(connection, items.c.squashed_title, letters))
    )


def _has(connection: Connection, column: ColumnElement[str], letters: str) -> ColumnElement[bool]:
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return place(column, letters) > 0


def _stories_of(connection: Connection, item_ids: Iterable[int]) -> Iterator[int]:
    for batch in batches(item_ids):
        query = select(memberships.c.story_id).where(memberships.c.item_id.in_(batch))
        yield from connection.scalars(query)


def _in_order(connection: Connection, story_ids: Iterable[int]) -> list[int]:
    """Those that have members, in the order of ``StoryRows.stories``."""
    query = (
        select(stories.c.id, stories.c.public_id, items.c.day)
        .join(memberships, and_(memberships.c.story_id == stories.c.id, memberships.c.place == 0))
        .join(items, items.c.id == memberships.c.item_id)
    )
    rows = [
        row
        for batch in batches(story_ids)
        for row in connection.execute(query.where(stories.c.id.in_(batch)))
    ]
    rows.sort(key=lambda row: row.public_id)
    rows.sort(key=lambda row: row.day, reverse=True)
    return [row.id for row in rows]
