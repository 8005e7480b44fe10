"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import UtcDateTime, Words, row_id

revision = "0001"
down_revision = None


def upgrade() -> None:
    _edits()
    _feeds()
    _issues()
    _stories()
    _feed_state()
    _fetch_log()
    _items()
    _picks()
    _placements()
    _block_keys()
    _item_revisions()
    _leads()
    _memberships()
    _pick_texts()
    _relations()
    _verdicts()


def _edits() -> None:
    op.create_table(
        "edits",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", Words(), nullable=False),
        sa.Column("target", Words(), nullable=False),
        sa.Column("field", Words(), nullable=False),
        sa.Column("old", Words(), nullable=False),
        sa.Column("new", Words(), nullable=False),
        sa.Column("cause", Words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edits")),
    )
    op.create_index(op.f("ix_edits_target_id"), "edits", ["target", "id"], unique=False)


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", Words(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("url", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("carries", Words(), nullable=False),
        sa.Column("issuer", Words(), nullable=False),
        sa.Column("identity", Words(), nullable=False),
        sa.Column("authority", sa.Integer(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("timezone", Words(), nullable=False),
        sa.Column("encoding", Words(), nullable=True),
        sa.Column("licence", Words(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("every_s", sa.Float(), nullable=False),
        sa.Column("max_interval_s", sa.Float(), nullable=False),
        sa.Column("timeout_s", sa.Float(), nullable=False),
        sa.Column("max_bytes", sa.BigInteger(), nullable=False),
        sa.Column("synced_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
    )


def _issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("series", Words(), nullable=False),
        sa.Column("window_start_on", sa.Date(), nullable=False),
        sa.Column("window_end_on", sa.Date(), nullable=False),
        sa.Column("issue_on", sa.Date(), nullable=False),
        sa.Column("status", Words(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("skipped_at", UtcDateTime(), nullable=True),
        sa.Column("snapshot", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_issues_series_number")),
        sa.UniqueConstraint(
            "series",
            "window_start_on",
            "window_end_on",
            name=op.f("uq_issues_series_window_start_on_window_end_on"),
        ),
    )


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("public_id", Words(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("touched_at", UtcDateTime(), nullable=False),
        sa.Column("primary_changed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stories_public_id")),
    )


def _feed_state() -> None:
    op.create_table(
        "feed_state",
        sa.Column("feed_id", Words(), nullable=False),
        sa.Column("etag", Words(), nullable=True),
        sa.Column("last_modified", Words(), nullable=True),
        sa.Column("body_hash", Words(), nullable=True),
        sa.Column("title", Words(), nullable=False),
        sa.Column("link", Words(), nullable=True),
        sa.Column("next_check_at", UtcDateTime(), nullable=True),
        sa.Column("last_try_at", UtcDateTime(), nullable=True),
        sa.Column("last_ok_at", UtcDateTime(), nullable=True),
        sa.Column("last_new_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error_code", Words(), nullable=True),
        sa.Column("error_text", Words(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_state_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_state")),
    )


def _fetch_log() -> None:
    op.create_table(
        "fetch_log",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("feed_id", Words(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("outcome", Words(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body_bytes", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("error_code", Words(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_fetch_log_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetch_log")),
    )
    op.create_index(
        op.f("ix_fetch_log_feed_id_started_at"),
        "fetch_log",
        ["feed_id", "started_at"],
        unique=False,
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("feed_id", Words(), nullable=False),
        sa.Column("entry_key", Words(), nullable=False),
        sa.Column("key_id", Words(), nullable=False),
        sa.Column("guid", Words(), nullable=False),
        sa.Column("link", Words(), nullable=False),
        sa.Column("canonical_url", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("squashed_title", Words(), nullable=False),
        sa.Column("summary", Words(), nullable=False),
        sa.Column("content", Words(), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_precision", Words(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("updated_precision", Words(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("thumbnail", Words(), nullable=False),
        sa.Column("event", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("enclosures", sa.JSON(), nullable=False),
        sa.Column("hash", Words(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("curated_rev", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_items_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("feed_id", "key_id", name=op.f("uq_items_feed_id_key_id")),
    )
    op.create_index(op.f("ix_items_feed_id_day"), "items", ["feed_id", "day"], unique=False)
    op.create_index(
        "ix_items_uncurated",
        "items",
        ["day"],
        unique=False,
        sqlite_where=sa.text("curated_rev < rev"),
        postgresql_where=sa.text("curated_rev < rev"),
    )


def _picks() -> None:
    op.create_table(
        "picks",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("issue_id", row_id(), nullable=False),
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("section", Words(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("origin", Words(), nullable=False),
        sa.Column("why", Words(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_picks_issue_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_picks_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picks")),
        sa.UniqueConstraint("issue_id", "story_id", name=op.f("uq_picks_issue_id_story_id")),
    )
    op.create_index(op.f("ix_picks_story_id"), "picks", ["story_id"], unique=False)


def _placements() -> None:
    op.create_table(
        "placements",
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("story_rev", sa.Integer(), nullable=False),
        sa.Column("section", Words(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("ruleset", Words(), nullable=False),
        sa.Column("trace", sa.JSON(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_placements_story_id")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_placements")),
    )
    op.create_index(op.f("ix_placements_section"), "placements", ["section"], unique=False)


def _block_keys() -> None:
    op.create_table(
        "block_keys",
        sa.Column("item_id", row_id(), nullable=False),
        sa.Column("block_key", Words(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_block_keys_item_id")),
        sa.PrimaryKeyConstraint("item_id", "block_key", name=op.f("pk_block_keys")),
    )
    op.create_index(
        op.f("ix_block_keys_block_key_day"), "block_keys", ["block_key", "day"], unique=False
    )


def _item_revisions() -> None:
    op.create_table(
        "item_revisions",
        sa.Column("item_id", row_id(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("hash", Words(), nullable=False),
        sa.Column("link", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("summary", Words(), nullable=False),
        sa.Column("content", Words(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_revisions_item_id")),
        sa.PrimaryKeyConstraint("item_id", "rev", name=op.f("pk_item_revisions")),
    )


def _leads() -> None:
    op.create_table(
        "leads",
        sa.Column("item_id", row_id(), nullable=False),
        sa.Column("lead_key", Words(), nullable=False),
        sa.Column("title_key", Words(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_leads_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_leads")),
    )
    op.create_index(op.f("ix_leads_lead_key"), "leads", ["lead_key"], unique=False)


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("item_id", row_id(), nullable=False),
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rule", Words(), nullable=False),
        sa.Column("with_item", row_id(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_memberships_item_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_memberships_story_id")),
        sa.ForeignKeyConstraint(["with_item"], ["items.id"], name=op.f("fk_memberships_with_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("story_id", "place", name=op.f("uq_memberships_story_id_place")),
    )


def _pick_texts() -> None:
    op.create_table(
        "pick_texts",
        sa.Column("pick_id", row_id(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("field", Words(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("origin", Words(), nullable=False),
        sa.Column("source_text", Words(), nullable=False),
        sa.Column("source_rev", sa.Integer(), nullable=False),
        sa.Column("fuzzy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pick_id"], ["picks.id"], name=op.f("fk_pick_texts_pick_id")),
        sa.PrimaryKeyConstraint("pick_id", "language", "field", name=op.f("pk_pick_texts")),
    )


def _relations() -> None:
    op.create_table(
        "relations",
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("item_id", row_id(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_relations_item_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_relations_story_id")),
        sa.PrimaryKeyConstraint("story_id", "item_id", name=op.f("pk_relations")),
    )


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("item_a", row_id(), nullable=False),
        sa.Column("item_b", row_id(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.CheckConstraint("item_a < item_b", name=op.f("ck_verdicts_ordered")),
        sa.ForeignKeyConstraint(["item_a"], ["items.id"], name=op.f("fk_verdicts_item_a")),
        sa.ForeignKeyConstraint(["item_b"], ["items.id"], name=op.f("fk_verdicts_item_b")),
        sa.PrimaryKeyConstraint("item_a", "item_b", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_item_b"), "verdicts", ["item_b"], unique=False)
