"""What sources change in releases that were picked or published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0006"
down_revision = "0005"

_WHAT_EDITORS_HAVE = """
    INSERT INTO watched_items (item_id, since_rev, looked_rev)
    SELECT items.id, items.rev, items.rev
    FROM items
    JOIN memberships ON memberships.item_id = items.id
    WHERE memberships.story_id IN (
        SELECT story_id FROM picks WHERE state IN ('proposed', 'accepted')
    )
"""


def upgrade() -> None:
    op.add_column("item_revisions", sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("picks", sa.Column("source_rev", sa.Integer(), nullable=True))
    op.create_table(
        "watched_items",
        sa.Column("item_id", row_id(), nullable=False),
        sa.Column("since_rev", sa.Integer(), nullable=False),
        sa.Column("looked_rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_watched_items_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_watched_items")),
    )
    op.create_table(
        "source_changes",
        sa.Column("item_id", row_id(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("from_rev", sa.Integer(), nullable=False),
        sa.Column("public_id", Words(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("story", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("link", Words(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_source_changes_item_id")),
        sa.PrimaryKeyConstraint("item_id", "rev", name=op.f("pk_source_changes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_source_changes_public_id")),
    )
    op.create_index(op.f("ix_source_changes_at"), "source_changes", ["at"], unique=False)
    op.execute(_WHAT_EDITORS_HAVE)
