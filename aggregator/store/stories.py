"""Stories as the services see them: with members, reasons, relations and placement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    or_,
    select,
)

from aggregator.domain.items import StoredItem
from aggregator.domain.stories import RELATED_MAX, Membership, Story
from aggregator.store.bulk import is_one_of
from aggregator.store.engine import Database
from aggregator.store.finding import story_ids_named
from aggregator.store.items import select_items
from aggregator.store.rows import (
    batches,
    membership_of,
    placement_of,
    stored_item_of,
)
from aggregator.store.tables import items, memberships, relations
from aggregator.store.tables import placements as placed
from aggregator.store.tables import stories as told

_Members = dict[int, list[tuple[StoredItem, Membership]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Depth:
    """How much of a story is read: the ``trace`` of its placement, the ``figures`` of its
    memberships, the ``contents`` of all members (else of the primary alone), and what is ``related``."""

    trace: bool = True
    figures: bool = True
    contents: bool = True
    related: bool = True


_WHOLE = _Depth()
_SHOWN = _Depth(trace=False, figures=False, contents=False, related=False)


class StoryRows:
    """The part of the store that gives out stories."""

    _db: Database

    def public_ids(self, story_ids: Collection[int]) -> dict[int, str]:
        """The public ids of these stories."""
        found: dict[int, str] = {}
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                query = select(told.c.id, told.c.public_id).where(
                    is_one_of(connection, told.c.id, batch)
                )
                found.update({row.id: row.public_id for row in connection.execute(query).all()})
        return found

    def living_stories(self, public_ids: Collection[str]) -> dict[str, int]:
        """Those of these public ids that cannot be given to a new story, with the stories' ids:
        stories with members have them, or stories whose ids were made of a key that an item no
        longer has."""
        found: dict[str, int] = {}
        with self._db.reading() as connection:
            for batch in batches(public_ids):
                query = (
                    select(told.c.public_id, told.c.id)
                    .outerjoin(memberships, _PRIMARY)
                    .where(is_one_of(connection, told.c.public_id, batch))
                    .where(or_(memberships.c.item_id.is_not(None), told.c.id_retired))
                )
                found.update({row.public_id: row.id for row in connection.execute(query).all()})
        return found

    def story_days(
        self, *, since: date | None = None, until: date | None = None
    ) -> list[tuple[int, date]]:
        """The id and the day of each story with members, in the order of ``stories``; both ends of
        the span belong to it."""
        query = (
            select(told.c.id, items.c.day)
            .select_from(told)
            .join(memberships, _PRIMARY)
            .join(items, items.c.id == memberships.c.item_id)
            .where(*_of_days(since, until))
            .order_by(items.c.day.desc(), told.c.public_id)
        )
        with self._db.reading() as connection:
            return [(row.id, row.day) for row in connection.execute(query).all()]

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
        wanted = [*_within(sections), *_of_days(since, until)]
        with self._db.reading() as connection:
            return _load(connection, wanted, _WHOLE, ids)

    def shown_stories(
        self,
        *,
        sections: Collection[str] | None = None,
        ids: Collection[int] | None = None,
        related: bool = False,
    ) -> list[Story]:
        """As ``stories``, but with what pages and feeds show and no more: placements have no
        trace, memberships no figures, only the primary item has content, and what is beside it is
        known only where it is asked for (``related``)."""
        with self._db.reading() as connection:
            return _load(connection, _within(sections), replace(_SHOWN, related=related), ids)

    def find_stories(self, words: str) -> list[Story]:
        """Stories whose public id, link, canonical link or exact title is ``words``; where there
        is none, those with a title that contains it (case and spaces ignored). In the order of
        ``stories``."""
        with self._db.reading() as connection:
            found = story_ids_named(connection, words, in_titles=True)
            return _load(connection, [], _WHOLE, found)

    def find_story_ids(self, words: str, *, in_titles: bool = True) -> list[int]:
        """The ids of the same stories in the same order; ``in_titles`` says whether titles are
        looked through for what is no name."""
        with self._db.reading() as connection:
            return story_ids_named(connection, words, in_titles=in_titles)


_PRIMARY = and_(memberships.c.story_id == told.c.id, memberships.c.place == 0)


def _heads(depth: _Depth) -> Select[Any]:
    """Stories that have members, each with its day and placement; conditions may be on the
    story, its primary item and its placement."""
    placement = [placed.c.section, placed.c.score, placed.c.ruleset]
    if depth.trace:
        placement.append(placed.c.trace)
    return (
        select(
            told.c.id,
            told.c.public_id,
            told.c.first_seen_at,
            told.c.born_at,
            told.c.primary_changed_at,
            items.c.day,
            *placement,
        )
        .select_from(told)
        .join(memberships, _PRIMARY)
        .join(items, items.c.id == memberships.c.item_id)
        .outerjoin(placed, placed.c.story_id == told.c.id)
    )


def _within(sections: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if sections is None else [placed.c.section.in_(sorted(sections))]


def _of_days(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    first = [] if since is None else [items.c.day >= since]
    return first if until is None else [*first, items.c.day <= until]


def _load(
    connection: Connection,
    wanted: Sequence[ColumnElement[bool]],
    depth: _Depth,
    among: Collection[int] | None = None,
) -> list[Story]:
    """The stories that meet the conditions, of all or of those ``among`` these ids."""
    query = _heads(depth).where(*wanted)
    queries = [query] if among is None else [query.where(told.c.id.in_(b)) for b in batches(among)]
    rows: list[RowMapping] = []
    for one in queries:
        rows.extend(connection.execute(one).mappings())
    rows.sort(key=lambda row: row["public_id"])
    rows.sort(key=lambda row: row["day"], reverse=True)
    ids = [row["id"] for row in rows]
    members = _members(connection, ids, depth)
    related = _related(connection, ids) if depth.related else {}
    return [_story(row, members[row["id"]], related.get(row["id"], ())) for row in rows]


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
        related=tuple(sorted(related)[:RELATED_MAX]),
        primary_changed_at=row["primary_changed_at"],
        born_at=row["born_at"],
    )


def _members(connection: Connection, story_ids: Collection[int], depth: _Depth) -> _Members:
    content: ColumnElement[str] = case((memberships.c.place == 0, items.c.content), else_="")
    if depth.contents:
        content = items.c.content
    whole = select_items(content, in_stories=True)
    reasons = [memberships.c.item_id, memberships.c.rule, memberships.c.with_item]
    if depth.figures:
        reasons.append(memberships.c.detail)
    ordered = whole.add_columns(*reasons).order_by(memberships.c.story_id, memberships.c.place)
    found: _Members = defaultdict(list)
    for batch in batches(story_ids):
        query = ordered.where(is_one_of(connection, memberships.c.story_id, batch))
        for row in connection.execute(query).mappings():
            found[row["story_id"]].append((stored_item_of(row), membership_of(row)))
    return found


def _related(connection: Connection, story_ids: Collection[int]) -> dict[int, set[str]]:
    """Public ids of the stories that are beside these, whichever of the two names the other's item."""
    found: dict[int, set[str]] = defaultdict(set)
    for batch in batches(story_ids):
        for query in _BESIDE:
            for story_id, public_id in connection.execute(query, {"stories": batch}).all():
                found[story_id].add(public_id)
    return found


_LIVING = memberships.alias("living")
# Made once: that takes longer than to carry them out.
_BESIDE = (
    select(relations.c.story_id, told.c.public_id)
    .join(memberships, memberships.c.item_id == relations.c.item_id)
    .join(told, told.c.id == memberships.c.story_id)
    .where(
        relations.c.story_id.in_(bindparam("stories", expanding=True)),
        told.c.id != relations.c.story_id,
    ),
    select(memberships.c.story_id, told.c.public_id)
    .join(relations, relations.c.item_id == memberships.c.item_id)
    .join(told, told.c.id == relations.c.story_id)
    .join(_LIVING, and_(_LIVING.c.story_id == told.c.id, _LIVING.c.place == 0))
    .where(
        memberships.c.story_id.in_(bindparam("stories", expanding=True)),
        told.c.id != memberships.c.story_id,
    ),
)
