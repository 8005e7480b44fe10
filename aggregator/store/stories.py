"""Stories as the services see them: with members, reasons, relations and placement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    true,
)

from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Membership, Placement, Story
from aggregator.store.engine import Database
from aggregator.store.items import select_items
from aggregator.store.rows import (
    batches,
    membership_of,
    placement_of,
    placement_values,
    stored_item_of,
)
from aggregator.store.tables import feeds, items, memberships, relations
from aggregator.store.tables import placements as placed
from aggregator.store.tables import stories as told
from aggregator.store.types import storable
from aggregator.text.fold import squash

_MEMBER_ORDER = (feeds.c.authority.desc(), items.c.day, items.c.feed_id, items.c.entry_key)

_Members = dict[int, list[tuple[StoredItem, Membership]]]


class StoryRows:
    """The part of the store that gives out stories and keeps their placements."""

    _db: Database

    def members_of(self, story_ids: Collection[int]) -> dict[int, list[StoredItem]]:
        """The members of these stories, by story id, the primary first; an empty list for a story
        without members."""
        with self._db.reading() as connection:
            found = _members(connection, story_ids)
        return {one: [item for item, _ in found.get(one, [])] for one in story_ids}

    def public_ids(self, story_ids: Collection[int]) -> dict[int, str]:
        """The public ids of these stories."""
        found: dict[int, str] = {}
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                query = select(told.c.id, told.c.public_id).where(told.c.id.in_(batch))
                found.update({row.id: row.public_id for row in connection.execute(query)})
        return found

    def unplaced_stories(self, ruleset: str) -> list[Story]:
        """Stories without a placement, or whose placement was made by another rule set, or whose
        members changed since, in the order of ``stories``. Empty ones need no place."""
        due = or_(
            placed.c.story_id.is_(None),
            placed.c.ruleset != ruleset,
            placed.c.story_rev != told.c.rev,
        )
        with self._db.reading() as connection:
            return _load(connection, connection.execute(_heads().where(due)).mappings())

    def save_placements(self, placements: Mapping[int, Placement], now: datetime) -> None:
        """Write placements by story id; an id of no story is passed over."""
        with self._db.writing() as connection:
            for batch in batches(placements):
                _place(connection, {key: placements[key] for key in batch}, now)

    def stories(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        sections: Collection[str] | None = None,
        ids: Collection[int] | None = None,
    ) -> list[Story]:
        """Stories with members, newest day first, then public id. A story's day is its primary
        item's printed day, or the day it was first seen (Asia/Seoul) where that has no date; both
        ``since`` and ``until`` belong to the span. ``sections`` keeps stories placed in one of
        these; ``ids`` keeps these stories."""
        wanted: list[ColumnElement[bool]] = []
        if sections is not None:
            wanted.append(placed.c.section.in_(sorted(sections)))
        with self._db.reading() as connection:
            rows: list[RowMapping] = []
            for query in _heads_of(ids):
                rows.extend(connection.execute(query.where(*wanted)).mappings())
            kept = [row for row in rows if _lies_within(row["day"], since, until)]
            return _load(connection, kept)

    def find_stories(self, words: str) -> list[Story]:
        """Stories whose public id, link, canonical link or exact title is ``words``; where there
        is none, those with a title that contains it (case and spaces ignored). In the order of
        ``stories``."""
        asked = storable(words).strip()
        with self._db.reading() as connection:
            exact = or_(
                told.c.public_id == asked,
                *(column == asked for column in (items.c.link, items.c.canonical_url)),
                items.c.title == asked,
            )
            found = _holding(connection, exact) if asked else set()
            letters = squash(asked)
            if letters and not found:
                found = _holding(connection, items.c.squashed_title.contains(letters))
            rows: list[RowMapping] = []
            for query in _heads_of(found):
                rows.extend(connection.execute(query).mappings())
            return _load(connection, rows)


def _heads(among: ColumnElement[bool] | None = None) -> Select[Any]:
    """Stories that have members, each with its day and placement. ``among`` narrows them by a
    condition on memberships, before anything is ranked."""
    ranked = (
        select(
            memberships.c.story_id,
            items.c.day,
            func.row_number()
            .over(partition_by=memberships.c.story_id, order_by=_MEMBER_ORDER)
            .label("standing"),
        )
        .join(items, items.c.id == memberships.c.item_id)
        .join(feeds, feeds.c.id == items.c.feed_id)
        .where(true() if among is None else among)
        .subquery()
    )
    primary = and_(ranked.c.story_id == told.c.id, ranked.c.standing == 1)
    return (
        select(
            told.c.id,
            told.c.public_id,
            told.c.first_seen_at,
            ranked.c.day,
            placed.c.section,
            placed.c.score,
            placed.c.ruleset,
            placed.c.trace,
        )
        .join(ranked, primary)
        .outerjoin(placed, placed.c.story_id == told.c.id)
    )


def _heads_of(ids: Collection[int] | None) -> list[Select[Any]]:
    if ids is None:
        return [_heads()]
    return [_heads(memberships.c.story_id.in_(batch)) for batch in batches(ids)]


def _lies_within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def _holding(connection: Connection, condition: ColumnElement[bool]) -> set[int]:
    query = (
        select(memberships.c.story_id)
        .join(items, items.c.id == memberships.c.item_id)
        .join(told, told.c.id == memberships.c.story_id)
        .where(condition)
    )
    return set(connection.scalars(query))


def _load(connection: Connection, heads: Iterable[RowMapping]) -> list[Story]:
    rows = sorted(heads, key=lambda row: row["public_id"])
    rows.sort(key=lambda row: row["day"], reverse=True)
    ids = [row["id"] for row in rows]
    members = _members(connection, ids)
    related = _related(connection, ids)
    return [_story(row, members[row["id"]], related[row["id"]]) for row in rows]


def _story(
    row: RowMapping, members: Sequence[tuple[StoredItem, Membership]], related: Iterable[str]
) -> Story:
    return Story(
        id=row["id"],
        public_id=row["public_id"],
        members=tuple(item for item, _ in members),
        memberships=tuple(reason for _, reason in members),
        placement=placement_of(row),
        first_seen_at=row["first_seen_at"],
        related=tuple(sorted(related)),
    )


def _members(connection: Connection, story_ids: Collection[int]) -> _Members:
    reasons = (
        memberships.c.item_id,
        memberships.c.rule,
        memberships.c.with_item,
        memberships.c.detail,
    )
    found: _Members = defaultdict(list)
    for batch in batches(story_ids):
        query = (
            select_items()
            .add_columns(*reasons)
            .join(feeds, feeds.c.id == items.c.feed_id)
            .where(memberships.c.story_id.in_(batch))
            .order_by(memberships.c.story_id, *_MEMBER_ORDER)
        )
        for row in connection.execute(query).mappings():
            found[row["story_id"]].append((stored_item_of(row), membership_of(row)))
    return found


def _related(connection: Connection, story_ids: Collection[int]) -> dict[int, set[str]]:
    """Public ids of the stories in which the related items are now."""
    found: dict[int, set[str]] = defaultdict(set)
    for batch in batches(story_ids):
        query = (
            select(relations.c.story_id, told.c.public_id)
            .join(memberships, memberships.c.item_id == relations.c.item_id)
            .join(told, told.c.id == memberships.c.story_id)
            .where(relations.c.story_id.in_(batch), told.c.id != relations.c.story_id)
        )
        for row in connection.execute(query):
            found[row.story_id].add(row.public_id)
    return found


def _place(connection: Connection, by_story: Mapping[int, Placement], now: datetime) -> None:
    query = select(told.c.id, told.c.rev).where(told.c.id.in_(by_story))
    rows = [
        placement_values(by_story[row.id])
        | {"story_id": row.id, "story_rev": row.rev, "placed_at": now}
        for row in connection.execute(query)
    ]
    connection.execute(delete(placed).where(placed.c.story_id.in_(by_story)))
    if rows:
        connection.execute(insert(placed), rows)
