"""The inbox: what an issue may print and nobody has decided on, counted and paged by the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    union_all,
)

from aggregator.domain.editing import Undecided, Wanted
from aggregator.domain.issues import IssueStatus, PickState
from aggregator.store.bulk import is_one_of
from aggregator.store.editing_tables import candidates, set_aside
from aggregator.store.engine import Database
from aggregator.store.tables import issues, items, memberships, picks, placements, stories

_BEHIND = 10**6
"""The place of a section that the series does not have."""

_IN = [state.value for state in PickState if state.is_in]


class InboxRows:
    """The part of the store that tells what is undecided."""

    _db: Database

    def undecided(self, wanted: Wanted, *, after: Undecided | None, size: int) -> list[Undecided]:
        """The first ``size`` rows of the inbox behind ``after``: by section in the order of the
        series, the highest score first, then the newest day, then by id."""
        rows, place = _in_order(wanted)
        query = select(rows).order_by(*_order(rows.c, place))
        if after is not None:
            query = query.where(_behind(rows.c, place, wanted, after))
        with self._db.reading() as connection:
            return [_undecided(row) for row in connection.execute(query.limit(size))]

    def last_of_pages(self, wanted: Wanted, *, size: int) -> list[Undecided]:
        """The last row of each page of ``size`` rows that is full, in the order of the inbox."""
        rows, place = _in_order(wanted)
        number = func.row_number().over(order_by=_order(rows.c, place)).label("number")
        numbered = select(rows, number).subquery()
        query = select(numbered).where(numbered.c.number % size == 0).order_by(numbered.c.number)
        with self._db.reading() as connection:
            return [_undecided(row) for row in connection.execute(query)]

    def count_undecided(self, wanted: Wanted) -> Mapping[str, int]:
        """How many rows each section has, whichever of them is shown."""
        rows = _rows(wanted).subquery()
        query = select(rows.c.section, func.count().label("number")).group_by(rows.c.section)
        with self._db.reading() as connection:
            found = {row.section: row.number for row in connection.execute(query).all()}
        return {name: found[name] for name in wanted.sections if name in found}

    def aside(self, issue_id: int) -> frozenset[int]:
        """The stories that were set aside for later in an issue, by id, decided by now or not."""
        query = select(set_aside.c.story_id).where(set_aside.c.issue_id == issue_id)
        with self._db.reading() as connection:
            return frozenset(connection.scalars(query))


def _undecided(row: Any) -> Undecided:  # noqa: ANN401 - of any of these queries
    return Undecided(story_id=row.story_id, section=row.section, score=row.score, day=row.day)


def _in_order(wanted: Wanted) -> tuple[Any, ColumnElement[int]]:
    """The rows that are shown, and the place of the section of each."""
    query = _rows(_of_one_section(wanted))
    if wanted.section:
        whole = query.subquery()
        query = select(whole).where(whole.c.section == wanted.section)
    rows = query.subquery()
    places = {name: number for number, name in enumerate(wanted.sections)}
    return rows, case(places, value=rows.c.section, else_=_BEHIND)


def _order(rows: Any, place: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:  # noqa: ANN401
    return place, rows.score.desc(), rows.day.desc(), rows.story_id


def _of_one_section(wanted: Wanted) -> Wanted:
    """What is asked, of the section alone that is shown: the others are not looked at."""
    if not wanted.section:
        return wanted
    only = {wanted.section}
    return replace(
        wanted,
        sections=tuple(one for one in wanted.sections if one in only),
        papers=tuple(one for one in wanted.papers if one in only),
        events=tuple(one for one in wanted.events if one in only),
    )


def _behind(
    rows: Any,  # noqa: ANN401 - the columns of a subquery
    place: ColumnElement[int],
    wanted: Wanted,
    after: Undecided,
) -> ColumnElement[bool]:
    """What comes behind a row in the order of the inbox."""
    known = after.section in wanted.sections
    here = wanted.sections.index(after.section) if known else _BEHIND
    later = or_(
        rows.score < after.score,
        and_(rows.score == after.score, rows.day < after.day),
        and_(rows.score == after.score, rows.day == after.day, rows.story_id > after.story_id),
    )
    return or_(place > here, and_(place == here, later))


def _rows(wanted: Wanted) -> Select[Any]:
    """Everything undecided: what waits, in parts that an index finds, and what rules proposed."""
    parts: list[Select[Any]] = []
    if wanted.proposed is not True:
        parts += [one.where(_waiting(wanted)) for one in _of_the_period(wanted)]
    if wanted.proposed is not False:
        parts.append(_proposed(wanted))
    whole = union_all(*(part.where(*_filters(wanted)) for part in parts)).subquery()
    return select(whole)


def _of_the_period(wanted: Wanted) -> Iterator[Select[Any]]:
    """Candidates by day, by first sight, and by an event's days, each of them in one part alone."""
    of = candidates.c
    query = _selected(of.section)
    unseen = true() if wanted.since is None else of.seen_at > wanted.since
    is_event = and_(of.section.in_(wanted.events), of.ends_on.is_not(None))
    by_day = [one for one in wanted.sections if one not in wanted.papers]
    in_window: ColumnElement[bool] = of.day.between(wanted.window.start, wanted.window.end)
    if wanted.since is not None:
        in_window = or_(
            in_window, and_(of.day < wanted.window.start, unseen, _not_given_up(wanted))
        )
    yield query.where(
        of.dated.is_(True),
        of.section.in_(by_day),
        of.day.between(_first_day(wanted), wanted.window.end),
        in_window,
        not_(is_event),
    )
    yield query.where(of.dated.is_(False), of.section.in_(wanted.sections), unseen, not_(is_event))
    if wanted.papers:
        yield query.where(of.dated.is_(True), of.section.in_(wanted.papers), unseen)
    for is_dated in (True, False):
        if wanted.events:
            yield query.where(
                of.dated.is_(is_dated),
                of.section.in_(wanted.events),
                of.ends_on >= wanted.issue_on.isoformat(),
            )


def _first_day(wanted: Wanted) -> date:
    return wanted.window.start if wanted.since is None else wanted.earliest


def _not_given_up(wanted: Wanted) -> ColumnElement[bool]:
    """Not behind the window before and before this one: what lies there belongs to no issue."""
    return true() if wanted.given_up is None else candidates.c.day <= wanted.given_up


def _selected(section: ColumnElement[str]) -> Select[Any]:
    of = candidates.c
    return select(of.story_id, section.label("section"), of.score, of.day)


def _waiting(wanted: Wanted) -> ColumnElement[bool]:
    """Without a pick in the issue; nor rejected in another one, nor printed by one."""
    decided: ColumnElement[bool] = picks.c.state == PickState.DROPPED.value
    if not wanted.review:
        is_printed = issues.c.status == IssueStatus.PUBLISHED.value
        decided = or_(decided, and_(is_printed, picks.c.state.in_(_IN)))
    picked = (
        select(picks.c.story_id)
        .join(issues, issues.c.id == picks.c.issue_id)
        .where(issues.c.series == wanted.series)
        .where(or_(issues.c.id == wanted.issue_id, decided))
    )
    return candidates.c.story_id.not_in(picked)


def _proposed(wanted: Wanted) -> Select[Any]:
    """What the rules put into the issue and nobody has confirmed."""
    return (
        _selected(picks.c.section)
        .select_from(candidates)
        .join(picks, picks.c.story_id == candidates.c.story_id)
        .where(picks.c.issue_id == wanted.issue_id, picks.c.state == PickState.PROPOSED.value)
    )


def _filters(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.bodies is not None:
        found.append(candidates.c.body.in_(sorted(wanted.bodies)))
    if wanted.day is not None:
        found.append(candidates.c.day == wanted.day)
    if wanted.arrived_after is not None:
        found.append(candidates.c.seen_at > wanted.arrived_after)
    if wanted.aside is not None:
        mine = select(set_aside.c.story_id).where(set_aside.c.issue_id == wanted.issue_id)
        of = candidates.c.story_id
        found.append(of.in_(mine) if wanted.aside else of.not_in(mine))
    if wanted.letters:
        found.append(candidates.c.letters.contains(wanted.letters, autoescape=True))
    return found


def write_candidates(connection: Connection, story_ids: Sequence[int]) -> None:
    """What the inbox looks at of these stories, as they are placed now."""
    connection.execute(
        delete(candidates).where(is_one_of(connection, candidates.c.story_id, story_ids))
    )
    names = [column.name for column in candidates.c]
    connection.execute(
        insert(candidates).from_select(
            names,
            select(
                placements.c.story_id,
                placements.c.section,
                placements.c.score,
                items.c.day,
                items.c.published_at.is_not(None),
                cast(items.c.event["ends_on"].as_string(), String),
                items.c.body,
                stories.c.first_seen_at,
                items.c.squashed_title,
            )
            .join(stories, stories.c.id == placements.c.story_id)
            .join(memberships, memberships.c.story_id == placements.c.story_id)
            .join(items, items.c.id == memberships.c.item_id)
            .where(
                memberships.c.place == 0,
                placements.c.section.is_not(None),
                is_one_of(connection, placements.c.story_id, story_ids),
            ),
        )
    )
