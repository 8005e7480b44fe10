"""The tables: what came from feeds, what was decided about it, and what editors wrote, apart.

Instants (``_at``) are UTC, days (``_on``, ``day``) local dates in Asia/Seoul. Ids of configured
things are text, all others numbers. Text that a feed decides is indexed only in the bounded form
of ``rows.bounded``: PostgreSQL refuses long values in an index, and feeds set no bounds.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
)

from aggregator.store.types import UtcDateTime, Words, row_id

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Words, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("carries", Words, nullable=False),
    Column("issuer", Words, nullable=False),
    Column("identity", Words, nullable=False),
    Column("authority", Integer, nullable=False),
    Column("language", Words, nullable=False),
    Column("timezone", Words, nullable=False),
    Column("encoding", Words),
    Column("licence", Words, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("every_s", Float, nullable=False),
    Column("max_interval_s", Float, nullable=False),
    Column("timeout_s", Float, nullable=False),
    Column("max_bytes", BigInteger, nullable=False),
    Column("asks", Words, nullable=False, server_default=""),
    Column("synced_at", UtcDateTime, nullable=False),
)

feed_state = Table(
    "feed_state",
    metadata,
    Column("feed_id", ForeignKey(feeds.c.id), primary_key=True),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_hash", Words),
    Column("title", Words, nullable=False),
    Column("link", Words),
    Column("next_check_at", UtcDateTime),
    Column("last_try_at", UtcDateTime),
    Column("last_ok_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("error_code", Words),
    Column("error_text", Words),
    Column("host", Words, nullable=False, server_default=""),
    Column("wire_bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("lease_until", UtcDateTime),
    Column("lease_token", Words),
    Column("health", Words, nullable=False, server_default="new"),
    Column("health_since", UtcDateTime),
    Column("health_says", Words, nullable=False, server_default=""),
    Column("evidence", JSON(none_as_null=True)),
    Column("rhythm", JSON(none_as_null=True)),
    Column("schedule", JSON(none_as_null=True)),
    Column("move", JSON(none_as_null=True)),
    Column("suspended_at", UtcDateTime),
    Index(None, "next_check_at"),
    Index(None, "host"),
)

feed_memory = Table(
    "feed_memory",
    metadata,
    Column("feed_id", ForeignKey(feeds.c.id), primary_key=True),
    Column("reader", Words, nullable=False),
    Column("head", Words, nullable=False),
    Column("entries", JSON, nullable=False),
    Column("marks", JSON, nullable=False),
)

feed_days = Table(
    "feed_days",
    metadata,
    Column("feed_id", ForeignKey(feeds.c.id), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("visits", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("health", Words, nullable=False),
    Index(None, "day"),
)

payloads = Table(
    "payloads",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("feed_id", ForeignKey(feeds.c.id), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    # Before the body: SQLite reads a row from its beginning up to the column that is asked for.
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("coding", Words, nullable=False),
    Column("charset", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("url", Words, nullable=False),
    Index(None, "feed_id", "seen_at", "size"),
    Index(None, "seen_at"),
)

manners = Table(
    "manners",
    metadata,
    Column("host_id", Words, primary_key=True),
    Column("host", Words, nullable=False),
    Column("requests", BigInteger, nullable=False),
    Column("not_modified", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("bytes_saved", BigInteger, nullable=False),
    Column("shortest_gap", Float),
    Column("hold_until", UtcDateTime),
    Column("hold_status", Integer),
)

chores = Table(
    "chores",
    metadata,
    Column("chore", Words, primary_key=True),
    Column("due_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("note", JSON, nullable=False),
)

fetch_log = Table(
    "fetch_log",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("feed_id", ForeignKey(feeds.c.id), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("milliseconds", BigInteger, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("status", Integer),
    Column("body_bytes", BigInteger, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("error_code", Words),
    Column("health", Words, nullable=False, server_default="ok"),
    Index(None, "feed_id", "started_at"),
    Index(None, "started_at"),
)

items = Table(
    "items",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("feed_id", ForeignKey(feeds.c.id), nullable=False),
    Column("entry_key", Words, nullable=False),
    Column("key_id", Words, nullable=False),
    Column("guid", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("canonical_url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("squashed_title", Words, nullable=False),
    Column("title_head", Words, nullable=False, server_default=""),
    Column("summary", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("published_at", UtcDateTime),
    Column("published_precision", Words),
    Column("published_clamped", Boolean, nullable=False, server_default=false()),
    Column("embargo_until", UtcDateTime),
    Column("updated_at", UtcDateTime),
    Column("updated_precision", Words),
    Column("day", Date, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("thumbnail", Words, nullable=False),
    Column("event", JSON(none_as_null=True)),
    Column("enclosures", JSON, nullable=False),
    Column("attachments", JSON, nullable=False, server_default=text("'[]'")),
    Column("images", JSON, nullable=False, server_default=text("'[]'")),
    Column("licence", Words, nullable=False, server_default=""),
    Column("hash", Words, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("curated_rev", Integer, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime),
    UniqueConstraint("feed_id", "key_id"),
    Index(None, "feed_id", "day"),
    Index(None, "feed_id", "title_head"),
)
# Partial on PostgreSQL as well, as its migration says: said here, it would load that dialect always.
Index(
    "ix_items_uncurated",
    items.c.day,
    sqlite_where=items.c.curated_rev < items.c.rev,
)

item_revisions = Table(
    "item_revisions",
    metadata,
    Column("item_id", ForeignKey(items.c.id), primary_key=True),
    Column("rev", Integer, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("hash", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("raw", JSON, nullable=False),
    Column("facts", JSON(none_as_null=True)),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("day", Date, primary_key=True),
    Column("item_id", ForeignKey(items.c.id), primary_key=True),
    Column("title", Words, nullable=False),
    Column("lead", BigInteger),
    Column("rank", BigInteger, nullable=False),
    Column("bits", LargeBinary, nullable=False),
    Index(None, "item_id", unique=True),
    Index(None, "title"),
    Index(None, "lead"),
    # A day is read at once, again and again: its rows lie side by side.
    sqlite_with_rowid=False,
)

day_sheets = Table(
    "day_sheets",
    metadata,
    Column("day", Date, primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("upto", BigInteger, nullable=False),
    # The last one, so that the others are read without it.
    Column("packed", LargeBinary, nullable=False),
)
"""The fingerprints of a whole day in one piece: made of the rows above, which count. Whoever deletes
some of these deletes their day's sheet."""

stories = Table(
    "stories",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("public_id", Words, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("born_at", UtcDateTime),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("primary_changed_at", UtcDateTime),
    Column("id_retired", Boolean, nullable=False, server_default=false()),
    Column("placed_rev", Integer, nullable=False, server_default="0"),
    Column("searched_rev", Integer, nullable=False, server_default="0"),
    UniqueConstraint("public_id"),
)
Index("ix_stories_unplaced", stories.c.id, sqlite_where=stories.c.placed_rev < stories.c.rev)
Index("ix_stories_unsearched", stories.c.id, sqlite_where=stories.c.searched_rev < stories.c.rev)

memberships = Table(
    "memberships",
    metadata,
    Column("item_id", ForeignKey(items.c.id), primary_key=True),
    Column("story_id", ForeignKey(stories.c.id), nullable=False),
    Column("place", Integer, nullable=False),
    Column("rule", Words, nullable=False),
    Column("with_item", ForeignKey(items.c.id)),
    Column("detail", JSON, nullable=False),
    UniqueConstraint("story_id", "place"),
)

relations = Table(
    "relations",
    metadata,
    Column("story_id", ForeignKey(stories.c.id), primary_key=True),
    Column("item_id", ForeignKey(items.c.id), primary_key=True),
    Index(None, "item_id"),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("item_a", ForeignKey(items.c.id), primary_key=True),
    Column("item_b", ForeignKey(items.c.id), primary_key=True),
    Column("same", Boolean, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Words, nullable=False),
    CheckConstraint("item_a < item_b", name="ordered"),
    Index(None, "item_b"),
)

placements = Table(
    "placements",
    metadata,
    Column("story_id", ForeignKey(stories.c.id), primary_key=True),
    Column("section", Words),
    Column("score", Float, nullable=False),
    Column("ruleset", Words, nullable=False),
    Column("trace", JSON, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Index(None, "section"),
    Index(None, "ruleset"),
)

issues = Table(
    "issues",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("series", Words, nullable=False),
    Column("window_start_on", Date, nullable=False),
    Column("window_end_on", Date, nullable=False),
    Column("issue_on", Date, nullable=False),
    Column("status", Words, nullable=False),
    Column("number", Integer),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("proposed_at", UtcDateTime),
    Column("published_at", UtcDateTime),
    Column("skipped_at", UtcDateTime),
    Column("review", Boolean, nullable=False, server_default=false()),
    Column("snapshot", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("series", "window_start_on", "window_end_on"),
    UniqueConstraint("series", "number"),
)

picks = Table(
    "picks",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("issue_id", ForeignKey(issues.c.id), nullable=False),
    Column("story_id", ForeignKey(stories.c.id), nullable=False),
    Column("section", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("origin", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("position", Integer),
    Column("version", Integer, nullable=False),
    Column("source_rev", Integer),
    UniqueConstraint("issue_id", "story_id"),
    Index(None, "story_id"),
)

pick_texts = Table(
    "pick_texts",
    metadata,
    Column("pick_id", ForeignKey(picks.c.id), primary_key=True),
    Column("language", Words, primary_key=True),
    Column("field", Words, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("origin", Words, nullable=False),
    Column("source_text", Words, nullable=False),
    Column("source_rev", Integer, nullable=False),
    Column("fuzzy", Boolean, nullable=False),
)

edits = Table(
    "edits",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("field", Words, nullable=False),
    Column("old", Words, nullable=False),
    Column("new", Words, nullable=False),
    Column("cause", Words, nullable=False),
    Index(None, "target", "id"),
    Index(None, "actor", "id"),
)
