"""Search in the store: the index kept in step with stories, and asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from aggregator.domain.issues import IssueStatus, PickState
from aggregator.domain.searching import Candidate, Waiting, Wanted
from aggregator.store.engine import Database
from aggregator.store.rows import batches
from aggregator.store.search_sql import ask, find_places
from aggregator.store.search_tables import IN_DAY, first_place, search_docs, texts_of
from aggregator.store.tables import issues, items, memberships, picks
from aggregator.store.tables import stories as told

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
_IN_ISSUE = (
    "+{place} IN (SELECT search_docs.place FROM search_docs"
    " JOIN picks ON picks.story_id = search_docs.story_id"
    " WHERE picks.issue_id = :issue_id AND picks.state IN (:in_proposed, :in_accepted))"
)
_ISSUED_BY = (
    "+{{place}} IN (SELECT search_docs.place FROM items"
    " JOIN memberships ON memberships.item_id = items.id AND memberships.place = 0"
    " JOIN search_docs ON search_docs.story_id = memberships.story_id"
    " WHERE items.body IN ({names}))"
)


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
        from aggregator.store.search_index import (  # noqa: PLC0415 - a visit without news needs none
            bring_up_to_date,
        )

        # What is lost with the machine's power is due again.
        with self._db.writing(can_be_had_again=True) as connection:
            revs = {row.id: row.rev for row in connection.execute(due)}
            bring_up_to_date(connection, revs)
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
        columns = [search_docs.c.place, search_docs.c.story_id, search_docs.c.texts]
        if wanted.bodies:
            columns.append(search_docs.c.bodies)
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
            Candidate(place, story_id, tuple(one for text in texts for one in texts_of(text)))
            for place, story_id, *texts in rows
        ]

    def titled(self, pieces: Sequence[str], *, since: date, most: int) -> list[int]:
        """Places of the stories of this day or later whose titles have all these pieces, the newest
        first."""
        with self._db.reading() as connection:
            return find_places(
                connection,
                [[tuple(pieces)]],
                depth=0,
                conditions=["{place} >= :first"],
                values={"first": first_place(since)},
                most=most,
            )

    def titles_at(self, places: Collection[int]) -> list[tuple[int, str]]:
        """Id and title, squashed, of the items of the stories at these places, in no order."""
        query = (
            select(items.c.id, items.c.squashed_title)
            .join(memberships, memberships.c.item_id == items.c.id)
            .join(search_docs, search_docs.c.story_id == memberships.c.story_id)
        )
        with self._db.reading() as connection:
            return [
                (row.id, row.squashed_title)
                for batch in batches(places)
                for row in connection.execute(query.where(search_docs.c.place.in_(batch)))
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
        (">=", "first", None if wanted.since is None else first_place(wanted.since)),
        ("<", "next", None if wanted.until is None else first_place(wanted.until) + IN_DAY),
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
    if wanted.issue_id is not None:
        conditions.append(_IN_ISSUE)
        values |= _IS_IN | {"issue_id": wanted.issue_id}
    if wanted.issued_by is not None:
        named = {f"office_{number}": one for number, one in enumerate(wanted.issued_by)}
        # A list of none is not SQL everywhere.
        listed = ", ".join(f":{name}" for name in named) or "NULL"
        conditions.append(_ISSUED_BY.format(names=listed))
        values |= named
    return conditions, values
