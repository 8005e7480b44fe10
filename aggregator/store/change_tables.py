"""The tables of what sources changed, beside those of ``tables`` and by the same rules."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from aggregator.store.tables import items, metadata
from aggregator.store.types import UtcDateTime, Words

watched_items = Table(
    "watched_items",
    metadata,
    Column("item_id", ForeignKey(items.c.id), primary_key=True),
    Column("since_rev", Integer, nullable=False),
    Column("looked_rev", Integer, nullable=False),
)

source_changes = Table(
    "source_changes",
    metadata,
    Column("item_id", ForeignKey(items.c.id), primary_key=True),
    Column("rev", Integer, primary_key=True),
    Column("from_rev", Integer, nullable=False),
    Column("public_id", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("story", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("fields", JSON, nullable=False),
    UniqueConstraint("public_id"),
    Index(None, "at"),
)
