"""Which stories need a place is told by their own rows, not by reading every placement; and
fingerprints get keys that more copies share, so that all are made again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_PLACED = """
    UPDATE stories SET placed_rev = (
        SELECT placements.story_rev FROM placements WHERE placements.story_id = stories.id
    )
    WHERE id IN (SELECT story_id FROM placements)
"""


def upgrade() -> None:
    op.execute("DELETE FROM fingerprints")
    op.execute("UPDATE items SET curated_rev = 0")
    op.add_column(
        "stories", sa.Column("placed_rev", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(_PLACED)
    op.drop_column("placements", "story_rev")
    op.create_index(
        "ix_stories_unplaced",
        "stories",
        ["id"],
        unique=False,
        sqlite_where=sa.text("placed_rev < rev"),
        postgresql_where=sa.text("placed_rev < rev"),
    )
    op.create_index(op.f("ix_placements_ruleset"), "placements", ["ruleset"], unique=False)
