"""Search: the texts of stories and an index of their pairs of characters.

Nothing is indexed here: every story is due, and is indexed a few hundred in a transaction by the daemon
or by the first search, so that the database is not held for as long as that takes.
"""

from __future__ import annotations

from string import Template

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import row_id

revision = "0013"
down_revision = "0012"

_STORY_OF_PICK = "(SELECT story_id FROM picks WHERE id = {row}.pick_id)"
_STORY_OF_ITEM = "(SELECT story_id FROM memberships WHERE item_id = {row}.id)"
_SEEN_OF_ITEM = "title, summary, content, authors, event, day"

# What changes the texts of a story without the story itself being decided anew: (table, when, story).
_MARKS = (
    ("pick_texts", "INSERT", _STORY_OF_PICK.format(row="NEW")),
    ("pick_texts", "UPDATE", _STORY_OF_PICK.format(row="NEW")),
    ("pick_texts", "DELETE", _STORY_OF_PICK.format(row="OLD")),
    ("picks", "UPDATE OF story_id", "NEW.story_id, OLD.story_id"),
    ("items", f"UPDATE OF {_SEEN_OF_ITEM}", _STORY_OF_ITEM.format(row="NEW")),
)

_SQLITE_TRIGGER = (
    "CREATE TRIGGER search_mark_$number AFTER $when ON $table BEGIN"
    " UPDATE stories SET searched_rev = -1 WHERE id IN ($story); END"
)
_POSTGRES_FUNCTION = (
    "CREATE FUNCTION search_mark_$number() RETURNS trigger LANGUAGE plpgsql AS '"
    " BEGIN UPDATE stories SET searched_rev = -1 WHERE id IN ($story); RETURN NULL; END '"
)
_POSTGRES_TRIGGER = (
    "CREATE TRIGGER search_mark_$number AFTER $when ON $table"
    " FOR EACH ROW EXECUTE FUNCTION search_mark_$number()"
)


def upgrade() -> None:
    op.add_column(
        "stories", sa.Column("searched_rev", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index(
        op.f("ix_stories_unsearched"),
        "stories",
        ["id"],
        unique=False,
        sqlite_where=sa.text("searched_rev < rev"),
        postgresql_where=sa.text("searched_rev < rev"),
    )
    op.create_table(
        "search_docs",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("story_id", row_id(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_search_docs_story_id")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_docs")),
        sa.UniqueConstraint("story_id", name=op.f("uq_search_docs_story_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _on_postgres()
    else:
        _on_sqlite()


def _on_sqlite() -> None:
    # Without contents, positions and sizes: which pieces a story has, and nothing else. "ascii" takes
    # every other character for one of a word, whatever the tables of Unicode in SQLite know.
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(pieces, content='', columnsize=0, detail=none, tokenize='ascii')"
    )
    _make_triggers(_SQLITE_TRIGGER)


def _on_postgres() -> None:
    op.create_table(
        "search_index",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pieces", sa.dialects.postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_index")),
    )
    # What is put in later would wait in a list, which every search would go through.
    op.create_index(
        op.f("ix_search_index_pieces"),
        "search_index",
        ["pieces"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    _make_triggers(_POSTGRES_FUNCTION, _POSTGRES_TRIGGER)


def _make_triggers(*forms: str) -> None:
    for number, (table, when, story) in enumerate(_MARKS):
        named = {"number": number, "table": table, "when": when, "story": story}
        for form in forms:
            op.execute(Template(form).substitute(named))
