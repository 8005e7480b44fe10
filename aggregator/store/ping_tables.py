"""The table of pings, beside those of ``tables`` and by the same rules."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from aggregator.store.tables import metadata
from aggregator.store.types import UtcDateTime, Words, row_id

pings = Table(
    "pings",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("topic", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("lease_token", Words, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("error", Words, nullable=False),
    UniqueConstraint("topic"),
    Index(None, "state"),
)
