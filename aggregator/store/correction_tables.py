"""The table of corrections, beside those of ``tables`` and by the same rules."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, Table, UniqueConstraint

from aggregator.store.tables import issues, metadata
from aggregator.store.types import UtcDateTime, Words

corrections = Table(
    "corrections",
    metadata,
    Column("issue_id", ForeignKey(issues.c.id), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("public_id", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Words, nullable=False),
    Column("story", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("field", Words, nullable=False),
    Column("texts", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("mailed", JSON, nullable=False),
    UniqueConstraint("public_id"),
)
