"""The log of edits, read by person, issue, story and kind of action."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, or_, select

from aggregator.domain.editing import ActionKind, Change, LogFilter, LogLine
from aggregator.domain.issues import Edit
from aggregator.store.editing_tables import action_edits, actions, comments
from aggregator.store.engine import Database
from aggregator.store.tables import edits
from aggregator.store.tables import issues as issue_rows

LINE = (
    select(
        edits,
        action_edits.c.action_id,
        action_edits.c.old.label("kept_old"),
        action_edits.c.new.label("kept_new"),
        action_edits.c.version,
        actions.c.kind,
        actions.c.issue_id,
        actions.c.undoes,
        actions.c.undone_by,
    )
    .outerjoin(action_edits, action_edits.c.edit_id == edits.c.id)
    .outerjoin(actions, actions.c.id == action_edits.c.action_id)
)
"""A line of the log with its action, if it was part of one."""


class LogRows:
    """The part of the store that tells what was done."""

    _db: Database

    def last_change(self, target: str, field: str) -> LogLine | None:
        """The last line of the log about a field."""
        query = (
            LINE.where(edits.c.target == target, edits.c.field == field)
            .order_by(edits.c.id.desc())
            .limit(1)
        )
        with self._db.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _line_of(row)

    def log_lines(self, wanted: LogFilter, *, before: int, size: int) -> list[LogLine]:
        """Lines of the log, the newest first: those with an id below ``before`` (0: from the end)."""
        with self._db.reading() as connection:
            query = _filtered(connection, wanted).order_by(edits.c.id.desc()).limit(size)
            if before:
                query = query.where(edits.c.id < before)
            return [_line_of(row) for row in connection.execute(query).mappings()]

    def log_actors(self) -> list[str]:
        """Everybody whom the log names."""
        with self._db.reading() as connection:
            return sorted(connection.scalars(select(edits.c.actor).distinct()))


def edit_in(row: RowMapping) -> Edit:
    """The line itself."""
    names = ("at", "actor", "target", "field", "old", "new", "cause")
    return Edit(**{name: row[name] for name in names})


def change_of(row: RowMapping) -> Change:
    """The line as a part of its action."""
    return Change(
        edit=edit_in(row), old=row["kept_old"], new=row["kept_new"], version=row["version"]
    )


def _line_of(row: RowMapping) -> LogLine:
    return LogLine(
        id=row["id"],
        edit=edit_in(row),
        action=row["action_id"] or 0,
        kind=ActionKind(row["kind"]) if row["kind"] else None,
        issue_id=row["issue_id"],
        undoes=row["undoes"] or 0,
        undone_by=row["undone_by"] or 0,
    )


def _filtered(connection: Connection, wanted: LogFilter) -> Select[Any]:
    query = LINE
    if wanted.actor:
        query = query.where(edits.c.actor == wanted.actor)
    if wanted.kind is not None:
        query = query.where(actions.c.kind == wanted.kind.value)
    if wanted.issue_id is not None:
        mine = f"pick:{wanted.issue_id}:"
        query = query.where(
            or_(
                edits.c.target == f"issue:{wanted.issue_id}",
                and_(edits.c.target >= mine, edits.c.target < f"{mine}\U0010ffff"),
                actions.c.issue_id == wanted.issue_id,
            )
        )
    if wanted.story:
        query = query.where(edits.c.target.in_(_targets(connection, wanted.story)))
    return query


def _targets(connection: Connection, story: str) -> list[str]:
    """Everything under which the log names a story."""
    found = [f"story:{story}"]
    found += [f"pick:{one}:{story}" for one in connection.scalars(select(issue_rows.c.id))]
    mine = select(comments.c.id).where(comments.c.story == story)
    return found + [f"comment:{one}" for one in connection.scalars(mine)]
