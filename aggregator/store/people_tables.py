"""The tables of people, beside those of ``tables`` and by the same rules."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from aggregator.store.tables import metadata
from aggregator.store.types import UtcDateTime, Words, row_id

accounts = Table(
    "accounts",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("name", Words, nullable=False),
    Column("display_name", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("password_hash", Words, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_login_at", UtcDateTime),
    UniqueConstraint("name"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("token_hash", Words, nullable=False),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("proof", Words, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    UniqueConstraint("token_hash"),
    Index(None, "account_id"),
)

login_links = Table(
    "login_links",
    metadata,
    Column("token_hash", Words, primary_key=True),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Index(None, "account_id"),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("key", Words, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)
