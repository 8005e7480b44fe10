"""The table of what is searched, beside those of ``tables`` and by the same rules.

The index over it, ``search_index``, is another thing in each database and stands in none of the records
of SQLAlchemy: ``search_sql`` asks it.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Table, UniqueConstraint

from aggregator.store.tables import metadata, stories

search_docs = Table(
    "search_docs",
    metadata,
    # The day and a number within it: what is newer has a higher place.
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey(stories.c.id), nullable=False),
    Column("texts", JSON, nullable=False),
    # Apart and last: they are long, and read only where they are searched.
    Column("bodies", JSON, nullable=False),
    UniqueConstraint("story_id"),
)
