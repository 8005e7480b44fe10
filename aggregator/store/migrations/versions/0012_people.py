"""People: accounts, sessions, one-time links, and logins that failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("display_name", Words(), nullable=False),
        sa.Column("role", Words(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("password_hash", Words(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_login_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "login_attempts",
        sa.Column("key", Words(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_attempts")),
    )
    _make_sessions()
    _make_links()


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("token_hash", Words(), nullable=False),
        sa.Column("account_id", row_id(), nullable=False),
        sa.Column("proof", Words(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)


def _make_links() -> None:
    op.create_table(
        "login_links",
        sa.Column("token_hash", Words(), nullable=False),
        sa.Column("account_id", row_id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_links_account_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_links")),
    )
    op.create_index(op.f("ix_login_links_account_id"), "login_links", ["account_id"], unique=False)
