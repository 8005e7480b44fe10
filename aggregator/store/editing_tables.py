"""What editors do, beside the tables of ``tables`` and by the same rules: actions, where issues stand,
comments; and what the inbox looks at of a placed story."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Index, Integer, Table

from aggregator.store.tables import edits, issues, metadata, stories
from aggregator.store.types import UtcDateTime, Words, row_id

actions = Table(
    "actions",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("issue_id", ForeignKey(issues.c.id)),
    Column("target", Words, nullable=False),
    Column("undoes", row_id(), nullable=False),
    Column("undone_by", row_id(), nullable=False),
    Column("note", JSON(none_as_null=True)),
    Index(None, "issue_id", "actor", "id"),
    Index(None, "kind", "id"),
)

action_edits = Table(
    "action_edits",
    metadata,
    Column("edit_id", ForeignKey(edits.c.id), primary_key=True),
    Column("action_id", ForeignKey(actions.c.id), nullable=False),
    Column("old", JSON(none_as_null=True)),
    Column("new", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Index(None, "action_id"),
)

standings = Table(
    "standings",
    metadata,
    Column("issue_id", ForeignKey(issues.c.id), primary_key=True),
    Column("stage", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", UtcDateTime),
    Column("note", Words, nullable=False),
    Column("publish_at", UtcDateTime),
    Column("accepted_by", Words, nullable=False),
    Column("version", Integer, nullable=False),
)

comments = Table(
    "comments",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("issue_id", ForeignKey(issues.c.id), nullable=False),
    Column("story", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", Words, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Index(None, "issue_id", "id"),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("issue_id", ForeignKey(issues.c.id), primary_key=True),
    Column("story_id", ForeignKey(stories.c.id), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Words, nullable=False),
)

candidates = Table(
    "candidates",
    metadata,
    Column("story_id", ForeignKey(stories.c.id), primary_key=True),
    Column("section", Words, nullable=False),
    Column("score", Float, nullable=False),
    Column("day", Date, nullable=False),
    Column("dated", Boolean, nullable=False),
    Column("ends_on", Words),
    Column("body", Words, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("letters", Words, nullable=False),
    # All but the headline: counting reads no row.
    Index(None, "dated", "section", "day", "score", "seen_at", "ends_on", "body"),
)
"""Made of the placements and the primary items, which count: written whenever a story is placed in a
section, so that the inbox reads narrow rows and none of what it does not show."""
