"""Whether an issue may repeat what earlier ones printed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "issues", sa.Column("review", sa.Boolean(), nullable=False, server_default=sa.false())
    )
