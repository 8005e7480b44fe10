"""Indexes by which a link, a long title and what an office issued are found among all items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    # Feeds set no bounds: PostgreSQL has no room for long values but in an index of hashes.
    for column in ("link", "canonical_url", "body"):
        op.create_index(op.f(f"ix_items_{column}"), "items", [column], postgresql_using="hash")
    # Most have no guid, or their link as one.
    own = sa.text("guid != link")
    op.create_index(
        op.f("ix_items_guid"),
        "items",
        ["guid"],
        postgresql_using="hash",
        sqlite_where=own,
        postgresql_where=own,
    )
    # Titles whose head may not be all of them.
    long = sa.text("length(title_head) = 60")
    op.create_index(
        op.f("ix_items_long_titles"), "items", ["id"], sqlite_where=long, postgresql_where=long
    )
