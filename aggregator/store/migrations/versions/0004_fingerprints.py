"""Fingerprints of items in place of their keys and leads; everything is folded again once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import Words, row_id

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item_id", row_id(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("lead", sa.BigInteger(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_fingerprints_item_id")),
        sa.PrimaryKeyConstraint("day", "item_id", name=op.f("pk_fingerprints")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_fingerprints_item_id"), "fingerprints", ["item_id"], unique=True)
    for name in ("title", "lead"):
        op.create_index(op.f(f"ix_fingerprints_{name}"), "fingerprints", [name], unique=False)
    op.create_index(op.f("ix_relations_item_id"), "relations", ["item_id"], unique=False)
    op.drop_table("block_keys")
    op.drop_table("leads")
    # Fingerprints cannot be made of what was stored: items are read again when they are folded.
    op.execute("UPDATE items SET curated_rev = 0")
