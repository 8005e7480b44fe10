"""Actions of editors, where issues stand, comments, and what the inbox looks at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _make_actions()
    _make_standings()
    _make_comments()
    _make_candidates()
    _fill_candidates()
    op.create_index(op.f("ix_edits_actor_id"), "edits", ["actor", "id"], unique=False)


def _make_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("issue_id", row_id(), nullable=True),
        sa.Column("target", Words(), nullable=False),
        sa.Column("undoes", row_id(), nullable=False),
        sa.Column("undone_by", row_id(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_actions_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
    )
    op.create_index(op.f("ix_actions_issue_id_actor_id"), "actions", ["issue_id", "actor", "id"])
    op.create_index(op.f("ix_actions_kind_id"), "actions", ["kind", "id"])
    op.create_table(
        "action_edits",
        sa.Column("edit_id", row_id(), nullable=False),
        sa.Column("action_id", row_id(), nullable=False),
        sa.Column("old", sa.JSON(), nullable=True),
        sa.Column("new", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edit_id"], ["edits.id"], name=op.f("fk_action_edits_edit_id")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_action_edits_action_id")
        ),
        sa.PrimaryKeyConstraint("edit_id", name=op.f("pk_action_edits")),
    )
    op.create_index(op.f("ix_action_edits_action_id"), "action_edits", ["action_id"])


def _make_standings() -> None:
    op.create_table(
        "standings",
        sa.Column("issue_id", row_id(), nullable=False),
        sa.Column("stage", Words(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("note", Words(), nullable=False),
        sa.Column("publish_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_by", Words(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_standings_issue_id")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_standings")),
    )


def _make_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("issue_id", row_id(), nullable=False),
        sa.Column("story", Words(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", Words(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_comments_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_issue_id_id"), "comments", ["issue_id", "id"])


def _make_candidates() -> None:
    op.create_table(
        "candidates",
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("section", Words(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.Column("ends_on", Words(), nullable=True),
        sa.Column("body", Words(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("letters", Words(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_candidates_story_id")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_candidates")),
    )
    op.create_index(
        op.f("ix_candidates_dated_section_day_score_seen_at_ends_on_body"),
        "candidates",
        ["dated", "section", "day", "score", "seen_at", "ends_on", "body"],
    )


def _fill_candidates() -> None:
    """One row for each story that stands in a section already."""
    op.execute(
        "INSERT INTO candidates (story_id, section, score, day, dated, ends_on, body, "
        "seen_at, letters) "
        "SELECT placements.story_id, placements.section, placements.score, items.day, "
        "items.published_at IS NOT NULL, items.event ->> 'ends_on', items.body, "
        "stories.first_seen_at, items.squashed_title "
        "FROM placements JOIN stories ON stories.id = placements.story_id "
        "JOIN memberships ON memberships.story_id = placements.story_id AND memberships.place = 0 "
        "JOIN items ON items.id = memberships.item_id WHERE placements.section IS NOT NULL"
    )
