"""Where stories went that lost all members, so that their old addresses still lead somewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Column, Connection, ForeignKey, Table, delete, insert, select

from aggregator.store.engine import Database
from aggregator.store.rows import batches
from aggregator.store.tables import items, memberships, metadata, stories

former_heads = Table(
    "former_heads",
    metadata,
    Column("story_id", ForeignKey(stories.c.id), primary_key=True),
    Column("item_id", ForeignKey(items.c.id), nullable=False),
)


class HeirRows:
    """The part of the store that finds stories again."""

    _db: Database

    def heirs(self, public_ids: Collection[str]) -> dict[str, str]:
        """Of those of these stories that lost all members: the story that holds now what was the
        first of them, by public ids."""
        gone, heir = stories.alias("gone"), stories.alias("heir")
        own = memberships.alias("own")
        holds = select(own.c.item_id).where(own.c.story_id == gone.c.id).exists()
        found: dict[str, str] = {}
        with self._db.reading() as connection:
            for batch in batches(public_ids):
                query = (
                    select(gone.c.public_id, heir.c.public_id.label("heir"))
                    .join(former_heads, former_heads.c.story_id == gone.c.id)
                    .join(memberships, memberships.c.item_id == former_heads.c.item_id)
                    .join(heir, heir.c.id == memberships.c.story_id)
                    .where(gone.c.public_id.in_(batch), ~holds)
                )
                found.update({row.public_id: row.heir for row in connection.execute(query)})
        return found


def keep_heads(connection: Connection, heads: Mapping[int, int]) -> None:
    """Keep, of those of these stories that have no member left, what was their first one."""
    for batch in batches(heads):
        holds = select(memberships.c.story_id).where(memberships.c.story_id.in_(batch))
        living = {*connection.scalars(holds)}
        connection.execute(delete(former_heads).where(former_heads.c.story_id.in_(batch)))
        if gone := [one for one in batch if one not in living]:
            rows = [{"story_id": one, "item_id": heads[one]} for one in gone]
            connection.execute(insert(former_heads), rows)
