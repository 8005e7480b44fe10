"""Leases, health, rhythm and moves of feeds; what documents were made of; manners, chores, payloads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("feeds", sa.Column("asks", Words(), nullable=False, server_default=""))
    op.add_column("fetch_log", sa.Column("health", Words(), nullable=False, server_default="ok"))
    op.create_index(op.f("ix_fetch_log_started_at"), "fetch_log", ["started_at"], unique=False)
    op.add_column("stories", sa.Column("born_at", UtcDateTime(), nullable=True))
    _state()
    _memory()
    _days()
    _payloads()
    _manners()
    op.create_table(
        "chores",
        sa.Column("chore", Words(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("chore", name=op.f("pk_chores")),
    )


def _state() -> None:
    for column in (
        sa.Column("host", Words(), nullable=False, server_default=""),
        sa.Column("wire_bytes", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_token", Words(), nullable=True),
        sa.Column("health", Words(), nullable=False, server_default="new"),
        sa.Column("health_since", UtcDateTime(), nullable=True),
        sa.Column("health_says", Words(), nullable=False, server_default=""),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rhythm", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("schedule", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("move", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
    ):
        op.add_column("feed_state", column)
    for name in ("next_check_at", "host"):
        op.create_index(op.f(f"ix_feed_state_{name}"), "feed_state", [name], unique=False)


def _memory() -> None:
    op.create_table(
        "feed_memory",
        sa.Column("feed_id", Words(), nullable=False),
        sa.Column("reader", Words(), nullable=False),
        sa.Column("head", Words(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_memory_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_memory")),
    )


def _days() -> None:
    op.create_table(
        "feed_days",
        sa.Column("feed_id", Words(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("health", Words(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_days_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", "day", name=op.f("pk_feed_days")),
    )
    op.create_index(op.f("ix_feed_days_day"), "feed_days", ["day"], unique=False)


def _payloads() -> None:
    op.create_table(
        "payloads",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("feed_id", Words(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("coding", Words(), nullable=False),
        sa.Column("charset", Words(), nullable=False),
        sa.Column("media_type", Words(), nullable=False),
        sa.Column("url", Words(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_payloads_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payloads")),
    )
    op.create_index(
        op.f("ix_payloads_feed_id_seen_at_size"),
        "payloads",
        ["feed_id", "seen_at", "size"],
        unique=False,
    )
    op.create_index(op.f("ix_payloads_seen_at"), "payloads", ["seen_at"], unique=False)


def _manners() -> None:
    op.create_table(
        "manners",
        sa.Column("host_id", Words(), nullable=False),
        sa.Column("host", Words(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("not_modified", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("bytes_saved", sa.BigInteger(), nullable=False),
        sa.Column("shortest_gap", sa.Float(), nullable=True),
        sa.Column("hold_until", UtcDateTime(), nullable=True),
        sa.Column("hold_status", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_manners")),
    )
