"""The table of what is searched, beside those of ``tables`` and by the same rules.

The index over it, ``search_index``, is another thing in each database and stands in none of the records
of SQLAlchemy: ``search_sql`` asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Table, UniqueConstraint

from aggregator.domain.searching import Found, SearchTexts
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

IN_DAY = 1 << 24
"""Places of one day."""


def first_place(day: date) -> int:
    """The place below which no story of the day is."""
    return day.toordinal() * IN_DAY


def texts_of(stored: Iterable[Sequence[str]]) -> SearchTexts:
    """Texts as they stand in a row."""
    return tuple((Found(kind), text) for kind, text in stored)
