"""What an issue may print, read narrowly: thousands wait for a place, and a few get one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from aggregator.domain.issues import Section, Shape
from aggregator.domain.items import EventFacts
from aggregator.ports.issuing import Supplied
from aggregator.store.editing_tables import candidates
from aggregator.store.engine import Database
from aggregator.store.rows import batches, event_of
from aggregator.store.tables import items, memberships, placements, stories

_OF = candidates.c
_CHOSEN_BY = select(
    _OF.story_id,
    stories.c.public_id,
    _OF.section,
    _OF.score,
    _OF.day,
    _OF.body,
    _OF.seen_at,
    _OF.dated,
).join(stories, stories.c.id == _OF.story_id)


class SupplyRows:
    """The part of the store that tells what an issue is chosen from."""

    _db: Database

    def issue_candidates(
        self, sections: Sequence[Section], *, since: date, seen_after: datetime | None
    ) -> list[Supplied]:
        """What an issue may print of the stories that are placed in these sections, in no order: of
        the day ``since`` or later; or with an event's facts; or first seen after ``seen_after``
        (whenever, for None) if placed in a section of papers or without a date of their own."""
        reached = _reached(sections, since, seen_after)
        with self._db.reading() as connection:
            groups = _title_groups(connection, sections, reached)
            has_events = any(one.shape is Shape.EVENT for one in sections)
            events = _events(connection, reached) if has_events else {}
            return [
                Supplied(
                    story_id=story_id,
                    public_id=public_id,
                    section=section,
                    score=score,
                    day=day if dated else None,
                    body=body,
                    first_seen_at=seen_at,
                    title_groups=groups.get(story_id, frozenset()),
                    event=events.get(story_id),
                )
                for story_id, public_id, section, score, day, body, seen_at, dated in (
                    connection.execute(_CHOSEN_BY.where(reached))
                )
            ]

    def bodies_of(self, story_ids: Collection[int]) -> dict[int, str]:
        """The body of the primary item of each of these stories that has members."""
        query = (
            select(memberships.c.story_id, items.c.body)
            .join(items, items.c.id == memberships.c.item_id)
            .where(memberships.c.place == 0)
        )
        found: dict[int, str] = {}
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                rows = connection.execute(query.where(memberships.c.story_id.in_(batch)))
                found.update({row.story_id: row.body for row in rows})
        return found


def _reached(
    sections: Sequence[Section], since: date, seen_after: datetime | None
) -> ColumnElement[bool]:
    papers = [one.id for one in sections if one.shape is Shape.PAPER]
    unseen = true() if seen_after is None else _OF.seen_at > seen_after
    return and_(
        _OF.section.in_([one.id for one in sections]),
        or_(
            _OF.day >= since,
            _OF.ends_on.is_not(None),
            and_(unseen, or_(_OF.dated.is_(False), _OF.section.in_(papers))),
        ),
    )


def _title_groups(
    connection: Connection, sections: Sequence[Section], reached: ColumnElement[bool]
) -> Mapping[int, frozenset[str]]:
    """The groups with a hit in the title of those that may lead a section by their body: the others
    do not lead, whatever their titles say."""
    ways = [
        _OF.body.in_(one.lead_bodies) if one.lead_bodies else true()
        for one in sections
        if one.lead_groups
    ]
    if not ways:
        return {}
    query = (
        select(placements.c.story_id, placements.c.trace)
        .join(candidates, _OF.story_id == placements.c.story_id)
        .where(reached, or_(*ways))
    )
    return {story_id: _of_title(trace) for story_id, trace in connection.execute(query)}


def _of_title(trace: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(hit["group"] for hit in trace.get("hits", ()) if hit["field"] == "title")


def _events(connection: Connection, reached: ColumnElement[bool]) -> dict[int, EventFacts]:
    query = (
        select(_OF.story_id, items.c.event)
        .join(memberships, and_(memberships.c.story_id == _OF.story_id, memberships.c.place == 0))
        .join(items, items.c.id == memberships.c.item_id)
        .where(reached, _OF.ends_on.is_not(None))
    )
    return {
        story_id: facts
        for story_id, kept in connection.execute(query)
        if (facts := event_of(kept)) is not None
    }
