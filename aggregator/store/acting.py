"""Actions as rows: what a step writes with its lines for the log, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from aggregator.domain.editing import (
    Action,
    ActionKind,
    Change,
    Comment,
    PickWrite,
    SetAside,
    Stage,
    Standing,
)
from aggregator.domain.errors import Conflict, NotFound
from aggregator.domain.issues import Edit, IssueStatus, Pick, PickState
from aggregator.store.changes import primary_rev, watch_stories
from aggregator.store.editing_tables import action_edits, actions, comments, set_aside, standings
from aggregator.store.rows import Values, batches, pick_values, text_values
from aggregator.store.tables import edits, memberships, pick_texts, stories
from aggregator.store.tables import issues as issue_rows
from aggregator.store.tables import picks as pick_rows


def write_action(connection: Connection, action: Action) -> Action:
    """Keep an action with its lines for the log, and mark what it undoes. Raises Conflict where that
    was undone meanwhile."""
    values: Values = {
        "at": action.at,
        "actor": action.actor,
        "kind": action.kind.value,
        "issue_id": action.issue_id,
        "target": action.target,
        "undoes": action.undoes,
        "undone_by": 0,
        "note": None if action.note is None else dict(action.note),
    }
    action_id = connection.scalars(insert(actions).returning(actions.c.id), values).one()
    for change in action.changes:
        line = connection.scalars(insert(edits).returning(edits.c.id), asdict(change.edit)).one()
        row = {
            "edit_id": line,
            "action_id": action_id,
            "old": None if change.old is None else dict(change.old),
            "new": None if change.new is None else dict(change.new),
            "version": change.version,
        }
        connection.execute(insert(action_edits), row)
    if action.undoes:
        _mark_undone(connection, action, action_id)
    return replace(action, id=action_id)


def _mark_undone(connection: Connection, action: Action, action_id: int) -> None:
    """Mark what is undone. To undo an undo lets the first action count again."""
    this = update(actions).where(actions.c.id == action.undoes, actions.c.undone_by == 0)
    if not connection.execute(this.values(undone_by=action_id)).rowcount:
        raise Conflict("that was undone meanwhile: look at it again")
    if action.kind is ActionKind.REDO:
        first = update(actions).where(actions.c.undone_by == action.undoes)
        connection.execute(first.values(undone_by=0))


def write_pick(connection: Connection, one: PickWrite) -> int:
    """Write a pick, or take it away; its version afterwards, 0 where it is away. Raises Conflict for
    another version than the stored one, and NotFound without story."""
    public_id = connection.scalar(select(stories.c.public_id).where(stories.c.id == one.story_id))
    if public_id is None:
        raise NotFound(f"there is no story with the id {one.story_id}")
    query = select(pick_rows.c.id, pick_rows.c.version).where(
        pick_rows.c.issue_id == one.issue_id, pick_rows.c.story_id == one.story_id
    )
    stored = connection.execute(query).first()
    version = stored.version if stored else 0
    if one.version != version:
        raise Conflict(
            f"the pick of story {public_id} was changed by somebody else (version {version}, not"
            f" {one.version}): look at it again, then repeat the change"
        )
    if stored:
        connection.execute(delete(pick_texts).where(pick_texts.c.pick_id == stored.id))
    if one.after is None:
        if stored:
            connection.execute(delete(pick_rows).where(pick_rows.c.id == stored.id))
        return 0
    return _put(connection, one.after, stored.id if stored else None, one)


def _put(connection: Connection, pick: Pick, pick_id: int | None, one: PickWrite) -> int:
    target = f"pick:{one.issue_id}:{_public_id(connection, one.story_id)}"
    # One that comes again goes on from its last version: a page that shows an old one is told.
    version = (one.version if pick_id is not None else last_version(connection, target)) + 1
    if pick.state.is_in:
        watch_stories(connection, [pick.story_id])
    values = pick_values(pick, version)
    values["source_rev"] = pick.source_rev or primary_rev(connection, pick.story_id)
    if pick_id is None:
        pick_id = connection.scalars(insert(pick_rows).returning(pick_rows.c.id), values).one()
    else:
        connection.execute(update(pick_rows).where(pick_rows.c.id == pick_id).values(**values))
    if texts := text_values(pick, pick_id):
        connection.execute(insert(pick_texts), texts)
    return version


def _public_id(connection: Connection, story_id: int) -> str:
    query = select(stories.c.public_id).where(stories.c.id == story_id)
    return str(connection.scalar(query))


def last_version(connection: Connection, target: str) -> int:
    """The highest version that an action left of a pick, 0 where none did."""
    query = (
        select(action_edits.c.version)
        .join(edits, edits.c.id == action_edits.c.edit_id)
        .where(edits.c.target == target)
        .order_by(edits.c.id.desc())
        .limit(1)
    )
    found: int | None = connection.scalar(query)
    return found or 0


def write_comment(connection: Connection, comment: Comment) -> int:
    """Write a comment, a new one where its id is 0; its id."""
    values = {name: value for name, value in asdict(comment).items() if name != "id"}
    if comment.id:
        connection.execute(update(comments).where(comments.c.id == comment.id).values(**values))
        return comment.id
    made: int = connection.scalars(insert(comments).returning(comments.c.id), values).one()
    return made


def write_aside(connection: Connection, aside: SetAside) -> None:
    """Set a story aside for later, or take it up again."""
    this = set_aside.c.issue_id == aside.issue_id, set_aside.c.story_id == aside.story_id
    connection.execute(delete(set_aside).where(*this))
    if aside.is_set:
        values = {name: value for name, value in asdict(aside).items() if name != "is_set"}
        connection.execute(insert(set_aside), values)


# --- where an issue stands ------------------------------------------------------------------------


def read_standing(connection: Connection, issue_id: int) -> Standing:
    """Where a draft stands."""
    query = select(standings).where(standings.c.issue_id == issue_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        return Standing()
    values = {name: value for name, value in row.items() if name != "issue_id"}
    return Standing(**values | {"stage": Stage(row["stage"])})


def write_standing(connection: Connection, issue_id: int, standing: Standing) -> None:
    """Put an issue at a stage."""
    connection.execute(delete(standings).where(standings.c.issue_id == issue_id))
    values = asdict(standing) | {"issue_id": issue_id, "stage": standing.stage.value}
    connection.execute(insert(standings), values)


def reopen(
    connection: Connection, issue_id: int, *, actor: str, at: datetime, cause: str
) -> Action | None:
    """Let an approved issue be a draft again, as what it says has changed; None where it is no
    approved one. That is an action of its own, whose reason is the change."""
    before = read_standing(connection, issue_id)
    if not before.stage.is_approved:
        return None
    target = f"issue:{issue_id}"
    edit = Edit(
        at=at,
        actor=actor,
        target=target,
        field="stage",
        old=before.stage.value,
        new=Stage.DRAFT.value,
        cause=cause,
    )
    action = Action(
        actor=actor,
        at=at,
        kind=ActionKind.REOPEN,
        target=target,
        issue_id=issue_id,
        changes=(Change(edit=edit),),
    )
    write_standing(connection, issue_id, Standing(by=actor, at=at, note=cause))
    return write_action(connection, action)


def reopen_for(connection: Connection, issue_id: int, edits: Sequence[Edit]) -> None:
    """Let an approved issue be a draft again because of these lines of the log."""
    if edits:
        first = edits[0]
        cause = f"{first.field} of {first.target}"
        reopen(connection, issue_id, actor=first.actor, at=first.at, cause=cause)


def touch_drafts(connection: Connection, item_ids: Iterable[int], action: Action) -> None:
    """Drafts that print a story of these items say something else by an action on it."""
    found: set[int] = set()
    for batch in batches(item_ids):
        query = (
            select(pick_rows.c.issue_id)
            .join(memberships, memberships.c.story_id == pick_rows.c.story_id)
            .join(issue_rows, issue_rows.c.id == pick_rows.c.issue_id)
            .where(
                memberships.c.item_id.in_(batch),
                issue_rows.c.status == IssueStatus.DRAFT.value,
                pick_rows.c.state.in_([state.value for state in PickState if state.is_in]),
            )
        )
        found.update(connection.scalars(query))
    for issue_id in sorted(found):
        raised = update(issue_rows).where(issue_rows.c.id == issue_id)
        connection.execute(raised.values(version=issue_rows.c.version + 1))
        cause = f"{action.kind} of {action.target} (action {action.id})"
        reopen(connection, issue_id, actor=action.actor, at=action.at, cause=cause)


def write_proposal(connection: Connection, action: Action, filled: Collection[str]) -> None:
    """Keep what rules put into an issue: the lines about these picks."""
    changes = tuple(one for one in action.changes if one.edit.target in filled)
    if changes and action.issue_id is not None:
        kept = write_action(connection, replace(action, changes=changes))
        cause = f"{kept.kind} (action {kept.id})"
        reopen(connection, action.issue_id, actor=kept.actor, at=kept.at, cause=cause)


def write_translation(
    connection: Connection, issue_id: int, changes: Sequence[tuple[Pick, Sequence[Edit]]]
) -> None:
    """Keep what came of a file of translations as one action, and reopen what was approved."""
    lines = tuple(
        Change(edit=edit, version=pick.version + 1) for pick, some in changes for edit in some
    )
    if lines:
        first = lines[0].edit
        action = Action(
            actor=first.actor,
            at=first.at,
            kind=ActionKind.TRANSLATE,
            target=f"issue:{issue_id}",
            issue_id=issue_id,
            changes=lines,
        )
        kept = write_action(connection, action)
        cause = f"{kept.kind} (action {kept.id})"
        reopen(connection, issue_id, actor=kept.actor, at=kept.at, cause=cause)
