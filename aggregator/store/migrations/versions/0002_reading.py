"""What a release brings beside its text, how a moved item is found, and ids that nobody gets again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _facts()
    _candidates()
    op.add_column(
        "stories",
        sa.Column("id_retired", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def _facts() -> None:
    for column in (
        sa.Column("published_clamped", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("embargo_until", UtcDateTime(), nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("images", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("licence", Words(), nullable=False, server_default=""),
    ):
        op.add_column("items", column)


def _candidates() -> None:
    """The beginning of a headline, short enough for an index."""
    op.add_column("items", sa.Column("title_head", Words(), nullable=False, server_default=""))
    op.execute("UPDATE items SET title_head = substr(squashed_title, 1, 60)")
    op.create_index(
        op.f("ix_items_feed_id_title_head"), "items", ["feed_id", "title_head"], unique=False
    )
