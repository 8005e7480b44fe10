"""Stories as the index of searches has them: what changed is taken out and put in anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from aggregator.curate.searching.search_terms import text_pieces
from aggregator.domain.searching import DEEPEST, SearchTexts
from aggregator.store.rows import batches
from aggregator.store.search_sql import DEPTHS, delete_pieces, insert_pieces
from aggregator.store.search_tables import IN_DAY, first_place, search_docs, texts_of
from aggregator.store.search_texts import Searched, read_searched
from aggregator.store.tables import stories as told

_Stored = tuple[int, list[str]]
"""A place with its pieces."""


def bring_up_to_date(connection: Connection, revs: Mapping[int, int]) -> None:
    """Index these stories as they are, and note at which revision."""
    known = {
        row["story_id"]: row
        for batch in batches(revs)
        for row in connection.execute(
            select(search_docs).where(search_docs.c.story_id.in_(batch))
        ).mappings()
    }
    now = read_searched(connection, revs)
    places = _places(connection, {one: row["place"] for one, row in known.items()}, now)
    gone: list[_Stored] = []
    fresh: list[_Stored] = []
    rows = []
    for story_id in revs:
        old = known.get(story_id)
        new = now.get(story_id)
        before = texts_of([*old["texts"], *old["bodies"]]) if old else ()
        if old and new and places[story_id] == old["place"] and before == new.texts:
            continue
        if old:
            gone.append((old["place"], _pieces(before)))
        if new:
            fresh.append((places[story_id], _pieces(new.texts)))
            rows.append(_row(places[story_id], story_id, new.texts))
    delete_pieces(connection, gone)
    for batch in batches(place for place, _ in gone):
        connection.execute(delete(search_docs).where(search_docs.c.place.in_(batch)))
    if rows:
        connection.execute(insert(search_docs), rows)
    insert_pieces(connection, fresh)
    for batch in batches(revs):
        query = update(told).where(told.c.id.in_(batch))
        connection.execute(query.values(searched_rev=told.c.rev))


def _places(
    connection: Connection, known: Mapping[int, int], now: Mapping[int, Searched]
) -> dict[int, int]:
    """The place of each story: the one that it has where its day is still the same, else the next
    one of its day."""
    found: dict[int, int] = {}
    last: dict[date, int] = {}
    for story_id, one in now.items():
        first = first_place(one.day)
        place = known.get(story_id, -1)
        if not first <= place < first + IN_DAY:
            if one.day not in last:
                query = select(func.max(search_docs.c.place)).where(
                    search_docs.c.place >= first, search_docs.c.place < first + IN_DAY
                )
                last[one.day] = connection.scalar(query) or first
            place = last[one.day] = last[one.day] + 1
        found[story_id] = place
    return found


def _row(place: int, story_id: int, texts: SearchTexts) -> dict[str, Any]:
    return {
        "place": place,
        "story_id": story_id,
        "texts": [[kind.value, text] for kind, text in texts if kind.depth < DEEPEST],
        "bodies": [[kind.value, text] for kind, text in texts if kind.depth == DEEPEST],
    }


def _pieces(texts: SearchTexts) -> list[str]:
    """The pieces of a story, each marked with the depth of its text."""
    found: list[str] = []
    for depth, mark in enumerate(DEPTHS):
        mine = text_pieces(text for kind, text in texts if kind.depth == depth)
        found += [mark + piece for piece in mine]
    return found
