"""What waits at the desk, counted by indexes: no text of an item is read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select

from aggregator.domain.issues import Issue, PickState
from aggregator.ports.glancing import Glance
from aggregator.store.change_tables import source_changes
from aggregator.store.engine import Database
from aggregator.store.rows import issue_of
from aggregator.store.tables import issues as issue_rows
from aggregator.store.tables import items, memberships, picks, placements, stories

_IN = [state.value for state in PickState if state.is_in]
_HEADS = [
    literal(None).label("snapshot") if column.name == "snapshot" else column
    for column in issue_rows.c
]


class GlanceRows:
    """The part of the store that counts what waits."""

    _db: Database

    def issue_heads(self, series: str) -> list[Issue]:
        """As ``issues``, without the prints: a snapshot is None."""
        query = (
            select(*_HEADS)
            .where(issue_rows.c.series == series)
            .order_by(issue_rows.c.window_start_on, issue_rows.c.window_end_on)
        )
        with self._db.reading() as connection:
            return [issue_of(row) for row in connection.execute(query).mappings()]

    def glance(self, issue: Issue, since: datetime) -> Glance:
        """What ``issue`` has, and what is new since an instant."""
        with self._db.reading() as connection:
            return Glance(
                new=_new(connection, since),
                folded=_folded(connection, since),
                picks=_picks(connection, issue.id),
                source_changed=_source_changed(connection, issue.id),
            )


def _new(connection: Connection, since: datetime) -> dict[str, int]:
    section = func.coalesce(placements.c.section, "")
    query = (
        select(section.label("section"), func.count().label("number"))
        .select_from(stories)
        .join(_PRIMARY, _is_primary_of(stories.c.id))
        .outerjoin(placements, placements.c.story_id == stories.c.id)
        .where(
            stories.c.id > _last_before(connection, stories.c.id, stories.c.first_seen_at, since)
        )
        .group_by(section)
    )
    return {row.section: row.number for row in connection.execute(query)}


_PRIMARY = memberships.alias("primaries")


def _is_primary_of(story_id: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(_PRIMARY.c.story_id == story_id, _PRIMARY.c.place == 0)


def _last_before(
    connection: Connection, row_id: ColumnElement[int], seen: ColumnElement[datetime], at: datetime
) -> int:
    """The last row of before an instant: rows are numbered as they come, so that nothing older is
    looked at."""
    query = select(row_id).where(seen < at).order_by(row_id.desc()).limit(1)
    return connection.scalar(query) or 0


def _folded(connection: Connection, since: datetime) -> int:
    last = _last_before(connection, items.c.id, items.c.first_seen_at, since)
    query = select(func.count()).where(memberships.c.item_id > last, memberships.c.place > 0)
    return connection.scalar(query) or 0


def _picks(connection: Connection, issue_id: int) -> dict[tuple[str, PickState], int]:
    query = (
        select(picks.c.section, picks.c.state, func.count().label("number"))
        .where(picks.c.issue_id == issue_id)
        .group_by(picks.c.section, picks.c.state)
    )
    return {(row.section, PickState(row.state)): row.number for row in connection.execute(query)}


def _source_changed(connection: Connection, issue_id: int) -> int:
    query = (
        select(func.count(picks.c.id.distinct()))
        .join(_PRIMARY, _is_primary_of(picks.c.story_id))
        .join(
            source_changes,
            and_(
                source_changes.c.item_id == _PRIMARY.c.item_id,
                source_changes.c.rev > picks.c.source_rev,
            ),
        )
        .where(picks.c.issue_id == issue_id, picks.c.state.in_(_IN), picks.c.source_rev > 0)
    )
    return connection.scalar(query) or 0
