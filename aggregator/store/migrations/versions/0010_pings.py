"""Pings to the hub: of each feed the bytes that it was told of, and how far that has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "pings",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("topic", Words(), nullable=False),
        sa.Column("digest", Words(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_token", Words(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("error", Words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pings")),
        sa.UniqueConstraint("topic", name=op.f("uq_pings_topic")),
    )
    op.create_index(op.f("ix_pings_state"), "pings", ["state"], unique=False)
