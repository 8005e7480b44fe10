"""Mails of issues: to whom, and how far each has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("issue_id", row_id(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("address", Words(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_token", Words(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("message_id", Words(), nullable=False),
        sa.Column("error", Words(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_deliveries_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "issue_id",
            "kind",
            "language",
            "address",
            name=op.f("uq_deliveries_issue_id_kind_language_address"),
        ),
    )
    op.create_index(op.f("ix_deliveries_state"), "deliveries", ["state"], unique=False)
