"""Where stories went that lost their members before that was kept, as far as it can be known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_MOST_SALTS = 4
"""A story's id takes another salt where the first one's was taken, which a split does at most a few times."""

_BATCH = 500
_ITEMS = sa.table("items", *map(sa.column, ("id", "feed_id", "entry_key", "day")))
_STORIES = sa.table("stories", *map(sa.column, ("id", "public_id")))
_MEMBERSHIPS = sa.table("memberships", *map(sa.column, ("item_id", "story_id")))
_HEADS = sa.table("former_heads", *map(sa.column, ("story_id", "item_id")))
_EDITS = sa.table("edits", *map(sa.column, ("id", "target", "field", "old", "new")))


def upgrade() -> None:
    """An empty story's first item is, of what is known the surest first: the earliest of those that an
    editor left in it; the one that its public id was made of; the first one of the story that its pick
    went to."""
    connection = op.get_bind()
    empty = _empty(connection)
    found = _left_by_editors(connection, empty) if empty else {}
    for salt in range(_MOST_SALTS):
        if rest := {name: one for name, one in empty.items() if one not in found}:
            found |= _made_of(connection, rest, salt)
    found |= _passed_on(connection, empty, found)
    rows = [{"story_id": story, "item_id": item} for story, item in sorted(found.items())]
    for batch in _batches(rows):
        connection.execute(sa.insert(_HEADS), batch)


def _empty(connection: sa.Connection) -> dict[str, int]:
    """Stories without members of which it is not kept where they went, by public id."""
    query = sa.select(_STORIES.c.public_id, _STORIES.c.id).where(
        ~sa.exists().where(_MEMBERSHIPS.c.story_id == _STORIES.c.id),
        ~sa.exists().where(_HEADS.c.story_id == _STORIES.c.id),
    )
    return {row.public_id: row.id for row in connection.execute(query)}


def _left_by_editors(connection: sa.Connection, empty: dict[str, int]) -> dict[int, int]:
    """What the last split or merge of a story left in it, of which the earliest item counts."""
    query = (
        sa.select(_EDITS.c.target, _EDITS.c.new)
        .where(_EDITS.c.target.like("story:%"), _EDITS.c.field == "members")
        .order_by(_EDITS.c.id)
    )
    last = {target.removeprefix("story:"): new for target, new in connection.execute(query)}
    found = {}
    for public_id, named in last.items():
        if public_id in empty and (item := _earliest(connection, named.split(" | "))):
            found[empty[public_id]] = item
    return found


def _earliest(connection: sa.Connection, named: Iterable[str]) -> int | None:
    """The earliest of the items that are named by feed and key."""
    known: list[tuple[str, str, str, int]] = []
    for one in named:
        feed, _, key = one.partition(" ")
        query = sa.select(_ITEMS.c.id, _ITEMS.c.day).where(
            _ITEMS.c.feed_id == feed, _ITEMS.c.entry_key == key
        )
        known += [(str(row.day), feed, key, row.id) for row in connection.execute(query)]
    return min(known)[-1] if known else None


def _made_of(connection: sa.Connection, empty: dict[str, int], salt: int) -> dict[int, int]:
    """The items that these public ids were minted of."""
    query = sa.select(_ITEMS.c.id, _ITEMS.c.feed_id, _ITEMS.c.entry_key)
    found = {}
    for item, feed, key in connection.execute(query):
        story = empty.get(_minted(feed, key, salt))
        if story is not None:
            found[story] = item
    return found


def _minted(feed: str, key: str, salt: int) -> str:
    """A public id as it was minted up to this version."""
    text = f"{feed}\x00{key}" + (f"\x00{salt}" if salt else "")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _passed_on(
    connection: sa.Connection, empty: dict[str, int], found: dict[int, int]
) -> dict[int, int]:
    """Of stories whose items go by other keys now: the first item of the one that took their pick over,
    or of the one that that one went to."""
    query = (
        sa.select(_EDITS.c.old, _EDITS.c.new)
        .where(_EDITS.c.target.like("pick:%"), _EDITS.c.field == "story")
        .order_by(_EDITS.c.id)
    )
    to = {row.old: row.new for row in connection.execute(query)}
    more: dict[int, int] = {}
    for public_id, story in empty.items():
        heir, seen = to.get(public_id), {public_id}
        while heir is not None and heir in empty and heir not in seen:
            if empty[heir] in found:
                break
            seen.add(heir)
            heir = to.get(heir)
        if story not in found and heir is not None and heir not in seen:
            head = found.get(empty.get(heir, 0)) or _first_of(connection, heir)
            more |= {story: head} if head else {}
    return more


def _first_of(connection: sa.Connection, public_id: str) -> int | None:
    """The earliest member of a story."""
    query = (
        sa.select(_ITEMS.c.id)
        .join(_MEMBERSHIPS, _MEMBERSHIPS.c.item_id == _ITEMS.c.id)
        .join(_STORIES, _STORIES.c.id == _MEMBERSHIPS.c.story_id)
        .where(_STORIES.c.public_id == public_id)
        .order_by(_ITEMS.c.day, _ITEMS.c.feed_id, _ITEMS.c.entry_key)
        .limit(1)
    )
    return connection.scalar(query)


def _batches(rows: list[dict[str, int]]) -> Iterator[list[dict[str, int]]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch
