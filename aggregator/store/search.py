"""Search in the store: the index kept in step with stories, and asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from aggregator.curate.search_terms import text_pieces
from aggregator.domain.issues import IssueStatus, PickState
from aggregator.domain.searching import DEEPEST, Candidate, Found, SearchTexts, Waiting, Wanted
from aggregator.store.engine import Database
from aggregator.store.rows import batches
from aggregator.store.search_sql import DEPTHS, ask, delete_pieces, insert_pieces
from aggregator.store.search_tables import search_docs
from aggregator.store.search_texts import Searched, read_searched
from aggregator.store.tables import issues, items, picks
from aggregator.store.tables import stories as told

_IN_DAY = 24
"""Bits of a place that count within its day."""

_IS_IN = {f"in_{state.value}": state.value for state in PickState if state.is_in}
# Tested by the place alone, which is quick where few of many stories are meant; the sign keeps SQLite
# from asking the index once for each place.
_IN_SECTION = (
    "+{place} IN (SELECT place FROM search_docs WHERE story_id IN"
    " (SELECT story_id FROM placements WHERE section = :section"
    " UNION SELECT story_id FROM picks WHERE section = :section"
    " AND state IN (:in_proposed, :in_accepted)))"
)
_IS_PUBLISHED = (
    "+{place} IN (SELECT search_docs.place FROM search_docs"
    " JOIN picks ON picks.story_id = search_docs.story_id"
    " JOIN issues ON issues.id = picks.issue_id"
    " WHERE picks.state IN (:in_proposed, :in_accepted) AND issues.status = :published)"
)

_Stored = tuple[int, list[str]]
"""A place with its pieces."""


class SearchRows:
    """The part of the store that finds stories by words."""

    _db: Database

    def index_stories(self, most: int) -> int:
        """Bring so many stories up to date in the index, in one transaction; how many were due of
        them. 0 says that the index is in step with the stories."""
        due = select(told.c.id, told.c.rev).where(told.c.searched_rev < told.c.rev)
        due = due.order_by(told.c.id).limit(most)
        with self._db.reading() as connection:
            if connection.execute(due).first() is None:
                return 0
        # What is lost with the machine's power is due again.
        with self._db.writing(can_be_had_again=True) as connection:
            revs = {row.id: row.rev for row in connection.execute(due)}
            _index(connection, revs)
            return len(revs)

    def waiting(self) -> Waiting:
        """What the index does not know yet."""
        unindexed = select(func.count()).select_from(told).where(told.c.searched_rev < told.c.rev)
        unfolded = select(func.count()).select_from(items).where(items.c.curated_rev < items.c.rev)
        with self._db.reading() as connection:
            return Waiting(connection.scalar(unindexed) or 0, connection.scalar(unfolded) or 0)

    def candidates(self, wanted: Wanted, *, below: int | None, most: int) -> list[Candidate]:
        """Stories whose texts at the depth asked for or above have all the pieces, those with the
        highest places first; only places ``below`` one. Bodies come where they are asked for."""
        conditions, values = _conditions(wanted, below)
        columns = ["search_docs.place", "search_docs.story_id", "search_docs.texts"]
        if wanted.bodies:
            columns.append("search_docs.bodies")
        with self._db.reading() as connection:
            rows = ask(
                connection,
                columns,
                wanted.needs,
                depth=wanted.depth,
                conditions=conditions,
                values=values,
                most=most,
            )
        return [
            Candidate(place, story_id, tuple(one for text in texts for one in _texts_of(text)))
            for place, story_id, *texts in rows
        ]

    def numbers_of(self, story_ids: list[int]) -> dict[int, list[int]]:
        """The numbers of the published issues that print each of these stories."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        query = (
            select(picks.c.story_id, issues.c.number)
            .join(issues, issues.c.id == picks.c.issue_id)
            .where(
                issues.c.status == IssueStatus.PUBLISHED.value,
                picks.c.state.in_([state.value for state in PickState if state.is_in]),
            )
            .order_by(issues.c.number)
        )
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                for story_id, number in connection.execute(
                    query.where(picks.c.story_id.in_(batch))
                ):
                    found[story_id].append(number)
        return dict(found)


def _conditions(wanted: Wanted, below: int | None) -> tuple[list[str], dict[str, Any]]:
    """What is asked beside the pieces, with the values that it names."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    bounds = (
        ("<", "below", below),
        (">=", "first", None if wanted.since is None else _first_place(wanted.since)),
        ("<", "next", None if wanted.until is None else _first_place(wanted.until) + _DAY),
    )
    for sign, name, value in bounds:
        if value is not None:
            conditions.append(f"{{place}} {sign} :{name}")
            values[name] = value
    if wanted.section:
        conditions.append(_IN_SECTION)
        values |= _IS_IN | {"section": wanted.section}
    if wanted.published:
        conditions.append(_IS_PUBLISHED)
        values |= _IS_IN | {"published": IssueStatus.PUBLISHED.value}
    return conditions, values


_DAY = 1 << _IN_DAY


def _first_place(day: date) -> int:
    return day.toordinal() << _IN_DAY


def _texts_of(stored: Any) -> SearchTexts:  # noqa: ANN401 - text in one database, a list in the other
    texts = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return tuple((Found(kind), text) for kind, text in texts)


# --- indexing -------------------------------------------------------------------------------------


def _index(connection: Connection, revs: Mapping[int, int]) -> None:
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
        before = _texts_of([*old["texts"], *old["bodies"]]) if old else ()
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
        first = _first_place(one.day)
        place = known.get(story_id, -1)
        if not first <= place < first + _DAY:
            if one.day not in last:
                query = select(func.max(search_docs.c.place)).where(
                    search_docs.c.place >= first, search_docs.c.place < first + _DAY
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
