"""What editors do, kept step by step: actions, where issues stand, comments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, null, select, update

from aggregator.domain.editing import (
    Acted,
    Action,
    ActionKind,
    Change,
    Comment,
    Kept,
    PickWrite,
    SetAside,
    Standing,
    Step,
)
from aggregator.domain.errors import Conflict, IllegalTransition, NotFound
from aggregator.domain.issues import Issue, IssueStatus, Pick, PickState
from aggregator.store.acting import (
    last_version,
    read_standing,
    reopen,
    write_action,
    write_aside,
    write_comment,
    write_pick,
    write_standing,
)
from aggregator.store.editing_tables import action_edits, actions, comments, set_aside, standings
from aggregator.store.engine import Database
from aggregator.store.logbook import LINE, change_of
from aggregator.store.rows import batches, issue_of, pick_of
from aggregator.store.tables import edits, picks
from aggregator.store.tables import issues as issue_rows

_HEAD = [
    null().label("snapshot") if column.name == "snapshot" else column for column in issue_rows.c
]
_WINDOW_ORDER = (issue_rows.c.window_start_on, issue_rows.c.window_end_on, issue_rows.c.id)


class ActionRows:
    """The part of the store that keeps what editors do."""

    _db: Database

    def issue(self, issue_id: int) -> Issue:
        """The issue of that id, without its print. Raises NotFound."""
        with self._db.reading() as connection:
            return _head(connection, issue_id)

    def act(self, step: Step) -> Acted:
        """One transaction: write what an action changes, with its lines for the log, and mark what it
        undoes. An approved issue whose picks it changes is a draft again, and so is one of which it
        sets something aside.

        Raises Conflict, IllegalTransition and NotFound.
        """
        action = step.action
        with self._db.writing() as connection:
            issue = None if action.issue_id is None else _head(connection, action.issue_id)
            if issue is not None:
                _check(connection, issue, step)
            for one in step.picks:
                write_pick(connection, one)
            if step.comment is not None:
                action = _named(action, write_comment(connection, step.comment))
            if step.aside is not None:
                write_aside(connection, step.aside)
            kept = write_action(connection, action)
            if issue is None:
                return Acted(action=kept)
            reopened = None
            changes_print = bool(step.picks) or _is_printed(connection, step.aside)
            if changes_print:
                cause = _said(kept)
                reopened = reopen(connection, issue.id, actor=kept.actor, at=kept.at, cause=cause)
                raised = update(issue_rows).where(issue_rows.c.id == issue.id)
                connection.execute(raised.values(version=issue.version + 1))
            if step.standing is not None:
                write_standing(connection, issue.id, step.standing)
            version = issue.version + changes_print
            return Acted(action=kept, issue_version=version, reopened=reopened is not None)

    def restore_picks(self, writes: Sequence[PickWrite]) -> None:
        """Write picks of any issue as they were; what is taken away goes first."""
        with self._db.writing() as connection:
            for one in sorted(writes, key=lambda one: one.after is not None):
                write_pick(connection, one)
            for issue_id in sorted({one.issue_id for one in writes}):
                raised = update(issue_rows).where(issue_rows.c.id == issue_id)
                connection.execute(raised.values(version=issue_rows.c.version + 1))

    def put_off(self, story_ids: Collection[int]) -> list[SetAside]:
        """Where these stories were set aside for later, and by whom."""
        found: list[SetAside] = []
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                query = (
                    select(set_aside)
                    .where(set_aside.c.story_id.in_(batch))
                    .order_by(set_aside.c.issue_id, set_aside.c.story_id)
                )
                found += [SetAside(**row) for row in connection.execute(query).mappings()]
        return found

    def restore_aside(self, rows: Sequence[SetAside]) -> None:
        """Set stories aside, or take them up, as they were."""
        with self._db.writing() as connection:
            for one in rows:
                write_aside(connection, one)

    def note_action(self, action_id: int, note: Kept) -> None:
        """Keep what came of an action, for its undo."""
        with self._db.writing() as connection:
            this = update(actions).where(actions.c.id == action_id)
            connection.execute(this.values(note=dict(note)))

    def action(self, action_id: int) -> Action | None:
        """The action with its changes."""
        query = select(actions).where(actions.c.id == action_id)
        with self._db.reading() as connection:
            return _whole(connection, query)

    def newest_action(
        self, issue_id: int, actor: str, kinds: Collection[str], *, after: int = 0
    ) -> Action | None:
        """A person's last action of these kinds in an issue that is not undone, of those with an id
        greater than ``after``."""
        query = (
            select(actions)
            .where(
                actions.c.issue_id == issue_id,
                actions.c.actor == actor,
                actions.c.kind.in_(sorted(kinds)),
                actions.c.undone_by == 0,
                actions.c.id > after,
            )
            .order_by(actions.c.id.desc())
            .limit(1)
        )
        with self._db.reading() as connection:
            return _whole(connection, query)

    def later_steps(self, action: Action) -> list[int]:
        """The steps of an issue's way that somebody took after this one and that are not undone."""
        steps = [ActionKind.REOPEN, ActionKind.UNDO, ActionKind.REDO]
        query = (
            select(actions.c.id)
            .where(
                actions.c.issue_id == action.issue_id,
                actions.c.target == action.target,
                actions.c.id > action.id,
                actions.c.undone_by == 0,
                actions.c.kind.not_in([kind.value for kind in steps]),
            )
            .order_by(actions.c.id)
        )
        with self._db.reading() as connection:
            return [*connection.scalars(query)]

    def changes_since(self, target: str, version: int) -> list[tuple[Action, Change]]:
        """What actions changed of a pick after it had that version, oldest first."""
        query = (
            LINE.add_columns(
                actions.c.actor.label("by"),
                actions.c.at.label("when"),
                actions.c.target.label("about"),
            )
            .where(edits.c.target == target, action_edits.c.version > version)
            .order_by(edits.c.id)
        )
        with self._db.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [(_bare(row), change_of(row)) for row in rows]

    def last_version(self, target: str) -> int:
        """The version that the last action on a pick left, 0 where none did."""
        with self._db.reading() as connection:
            return last_version(connection, target)

    def standings(self, issue_ids: Collection[int]) -> dict[int, Standing]:
        """Where these issues stand, by id; drafts that were never moved are left out."""
        query = select(standings.c.issue_id).where(standings.c.issue_id.in_(sorted(issue_ids)))
        with self._db.reading() as connection:
            found = connection.scalars(query).all()
            return {one: read_standing(connection, one) for one in found}

    def comments(self, issue_id: int) -> list[Comment]:
        """The comments of an issue and on what is in it, oldest first."""
        query = (
            select(comments)
            .where(comments.c.issue_id == issue_id, comments.c.withdrawn.is_(False))
            .order_by(comments.c.id)
        )
        with self._db.reading() as connection:
            return [Comment(**row) for row in connection.execute(query).mappings()]

    def comment(self, comment_id: int) -> Comment | None:
        """The comment of that id, withdrawn or not."""
        query = select(comments).where(comments.c.id == comment_id)
        with self._db.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else Comment(**row)

    def picks_with(self, issue_id: int, story_ids: Collection[int]) -> dict[int, Pick]:
        """The picks of these stories in an issue, by story id, without texts."""
        found: dict[int, Pick] = {}
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                query = select(picks).where(
                    picks.c.issue_id == issue_id, picks.c.story_id.in_(batch)
                )
                rows = connection.execute(query).mappings()
                found.update({row["story_id"]: pick_of(row, ()) for row in rows})
        return found

    def picks_of(self, issue_id: int, story_ids: Collection[int]) -> dict[int, int]:
        """The stored versions of the picks of these stories, by story id."""
        found: dict[int, int] = {}
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                query = select(picks.c.story_id, picks.c.version).where(
                    picks.c.issue_id == issue_id, picks.c.story_id.in_(batch)
                )
                found.update({row.story_id: row.version for row in connection.execute(query).all()})
        return found


def _check(connection: Connection, issue: Issue, step: Step) -> None:
    """Raise where the issue is not as it was when the step was thought of."""
    if (step.picks or step.standing) and issue.status is not IssueStatus.DRAFT:
        raise IllegalTransition(
            f"the issue of {issue.issue_on} is {issue.status}: only a draft can be changed"
        )
    if step.version is not None and issue.version != step.version:
        raise Conflict(
            f"the issue of {issue.issue_on} changed meanwhile (version {issue.version}, not"
            f" {step.version}): look at it again, then repeat the step"
        )
    if step.stage_from is not None:
        stage = read_standing(connection, issue.id).stage
        if stage is not step.stage_from:
            raise Conflict(
                f"the issue of {issue.issue_on} is {stage} meanwhile, not {step.stage_from}: look at"
                " it again"
            )


def _is_printed(connection: Connection, aside: SetAside | None) -> bool:
    """Whether a story that is set aside, or taken up again, stands in the issue: what was looked at is
    not what is meant to go out then."""
    if aside is None:
        return False
    query = select(picks.c.id).where(
        picks.c.issue_id == aside.issue_id,
        picks.c.story_id == aside.story_id,
        picks.c.state.in_([state.value for state in PickState if state.is_in]),
    )
    return connection.scalar(query) is not None


def _named(action: Action, comment_id: int) -> Action:
    """The action with the id of the comment that it is about."""
    target = f"comment:{comment_id}"
    changes = tuple(replace(one, edit=replace(one.edit, target=target)) for one in action.changes)
    return replace(action, target=target, changes=changes)


def _said(action: Action) -> str:
    """An action as the reason of what follows from it."""
    first = next((one.edit.field for one in action.changes), "")
    return f"{action.kind} {first} of {action.target} (action {action.id})"


def _head(connection: Connection, issue_id: int) -> Issue:
    query = select(*_HEAD).where(issue_rows.c.id == issue_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"there is no issue with the id {issue_id}")
    return issue_of(row)


def _whole(connection: Connection, query: Select[Any]) -> Action | None:
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    lines = LINE.where(action_edits.c.action_id == row["id"]).order_by(edits.c.id)
    changes = tuple(change_of(line) for line in connection.execute(lines).mappings())
    return Action(**{**row, "kind": ActionKind(row["kind"])}, changes=changes)


def _bare(row: RowMapping) -> Action:
    """The action of a line, without its changes."""
    return Action(
        id=row["action_id"],
        actor=row["by"],
        at=row["when"],
        kind=ActionKind(row["kind"]),
        target=row["about"],
        issue_id=row["issue_id"],
        undoes=row["undoes"],
        undone_by=row["undone_by"],
    )
