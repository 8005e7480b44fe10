"""The table of mails, beside those of ``tables`` and by the same rules."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from aggregator.store.tables import issues, metadata
from aggregator.store.types import UtcDateTime, Words, row_id

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("kind", Words, nullable=False),
    Column("issue_id", ForeignKey(issues.c.id), nullable=False),
    Column("language", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("lease_token", Words, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("message_id", Words, nullable=False),
    Column("error", Words, nullable=False),
    UniqueConstraint("issue_id", "kind", "language", "address"),
    Index(None, "state"),
)
