"""Where stories went that lost their members, and what editors set aside for later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "former_heads",
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("item_id", row_id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_former_heads_story_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_former_heads_item_id")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_former_heads")),
    )
    op.create_table(
        "set_aside",
        sa.Column("issue_id", row_id(), nullable=False),
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_set_aside_issue_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_set_aside_story_id")),
        sa.PrimaryKeyConstraint("issue_id", "story_id", name=op.f("pk_set_aside")),
    )
