"""Undo and redo: what an action changed is put back as an action of its own, any number of steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from aggregator.domain.edit_errors import Clash, Obstacle, UndoRefused
from aggregator.domain.editing import Action, ActionKind, Change, Kept, LogLine, Standing, Step
from aggregator.domain.errors import Conflict, IllegalTransition, NotFound
from aggregator.domain.issues import IssueStatus, Origin, Pick, PickState
from aggregator.services.desk import Desk
from aggregator.services.editing import comments
from aggregator.services.editing.carry_out import TRIES, Picks, changes_of, commit
from aggregator.services.editing.cells import STATE, Note, cells_of, pick_from, words_of
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import Hand, hand_of, issue_by_id
from aggregator.services.editing.later import LATER, later_back
from aggregator.services.editing.ruling_actions import MEMBERS
from aggregator.services.editing.standings import (
    STAGE,
    content_of,
    kept_standing,
    standing_from,
    standing_of,
)
from aggregator.services.editing.undo_rulings import take_back_ruling
from aggregator.services.editing.workflow import CONTENT, stage_action

_OVER = {IssueStatus.PUBLISHED: Obstacle.OUT, IssueStatus.SKIPPED: Obstacle.SKIPPED}
UNDOABLE = frozenset(kind.value for kind in ActionKind if kind.is_undoable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """An action that is taken back (by UNDO), or the undo of one (by REDO)."""

    editor: Editor
    action: Action
    kind: ActionKind

    @property
    def cause(self) -> str:
        """The reason in the log."""
        return f"{self.kind} of {self.action.kind} (action {self.action.id})"


def undo(editor: Editor, issue_id: int, *, action: int | None = None) -> Done:
    """Take back the last thing that this person did in the issue and has not taken back, or the action
    of that id, whoever did it. An undo that is named is redone.

    Raises NotFound where there is none, IllegalTransition for what cannot be taken back,
    UndoRefused where somebody's later change of the same field stands in the way, and Conflict.
    """
    if action is None:
        found = next_undo(editor, issue_id)
        if found is None:
            raise NotFound(f"{editor.name} has done nothing in this issue that can be undone")
        return _take_back(editor, found, ActionKind.UNDO)
    found = editor.desk.store.action(action)
    if found is None or found.issue_id != issue_id:
        raise NotFound(f"there is no action {action} in this issue")
    if found.undone_by:
        raise IllegalTransition(f"the action {action} is undone already")
    if found.kind is ActionKind.UNDO:
        return _take_back(editor, found, ActionKind.REDO)
    if found.kind is ActionKind.REDO:
        raise IllegalTransition(f"{found.kind} brought an action back: undo that one")
    if not found.kind.is_undoable:
        raise IllegalTransition(f"{found.kind} is not taken back by undo")
    return _take_back(editor, found, ActionKind.UNDO)


def redo(editor: Editor, issue_id: int) -> Done:
    """Do again what this person undid last, unless he did something else since. Raises as ``undo``."""
    found = next_redo(editor, issue_id)
    if found is None:
        raise NotFound(f"{editor.name} has undone nothing in this issue that can be done again")
    return _take_back(editor, found, ActionKind.REDO)


def next_undo(editor: Editor, issue_id: int) -> Action | None:
    """What ``undo`` would take back."""
    return editor.desk.store.newest_action(issue_id, editor.name, UNDOABLE)


def next_redo(editor: Editor, issue_id: int) -> Action | None:
    """The undo that ``redo`` would take back."""
    last = next_undo(editor, issue_id)
    return editor.desk.store.newest_action(
        issue_id, editor.name, {ActionKind.UNDO.value}, after=last.id if last is not None else 0
    )


def obstacle(desk: Desk, action: Action) -> Obstacle | None:
    """What is known beforehand to stand in the way of an undo of this action, or of a redo where it is an
    undo; None for nothing. Whether somebody changed the same cells is only known by trying."""
    if action.undone_by:
        return Obstacle.UNDONE
    if not action.kind.is_undoable and action.kind is not ActionKind.UNDO:
        return Obstacle.FOR_GOOD
    fields = {change.edit.field for change in action.changes}
    if _lasts(fields, action.target) or action.issue_id is None:
        return None
    issue = issue_by_id(desk, action.issue_id)
    if issue.status is not IssueStatus.DRAFT:
        return _OVER[issue.status]
    if STAGE in fields:
        return _step_obstacle(desk, action, standing_of(desk, issue))
    return None


def line_obstacle(desk: Desk, line: LogLine, over: Mapping[int, Obstacle]) -> Obstacle | None:
    """The same of a line of the log; ``over`` are the issues of which nothing is undone any more, by id."""
    if line.kind is None or not line.action or not line.kind.is_undoable:
        return Obstacle.FOR_GOOD
    if line.undone_by:
        return Obstacle.UNDONE
    if _lasts({line.edit.field}, line.edit.target):
        return None
    if (known := over.get(line.issue_id or 0)) is not None:
        return known
    action = desk.store.action(line.action) if line.edit.field == STAGE else None
    return obstacle(desk, action) if action is not None else None


def issues_over(desk: Desk) -> Mapping[int, Obstacle]:
    """The issues of which nothing that they print is undone any more, by id."""
    heads = desk.store.issue_heads(desk.series.id)
    return {one.id: _OVER[one.status] for one in heads if one.status in _OVER}


def _lasts(fields: Collection[str], target: str) -> bool:
    """Whether an action is undone also when the issue is out: what is one story, and what was said."""
    return MEMBERS in fields or target.startswith("comment:")


def _step_obstacle(desk: Desk, action: Action, now: Standing) -> Obstacle | None:
    """An approval holds word for word: it comes back only where the issue prints what it printed then."""
    if desk.store.later_steps(action):
        return Obstacle.MOVED_ON
    change = action.changes[0]
    before = standing_from(change.old or kept_standing(now))
    stands = kept_standing(now) == change.new
    if before.stage.is_approved and stands and _says_something_else(desk, action):
        return Obstacle.EDITED
    return None


def _says_something_else(desk: Desk, action: Action) -> bool:
    """Whether the issue prints something else than when this step was taken."""
    return (action.note or {}).get(CONTENT) != content_of(desk, action.issue_id or 0)


def _take_back(editor: Editor, action: Action, kind: ActionKind) -> Done:
    reversal = Reversal(editor=editor, action=action, kind=kind)
    known = obstacle(editor.desk, action)
    if known is not None and known in _OVER.values():
        issue = issue_by_id(editor.desk, action.issue_id or 0)
        raise UndoRefused(
            f"the issue of {issue.issue_on} is {issue.status}: nothing of it is undone any more",
            clash=Clash(target=action.target, field="status", mine="", theirs=issue.status.value),
            reason=known,
        )
    fields = {change.edit.field for change in action.changes}
    if MEMBERS in fields:
        return take_back_ruling(editor, action, kind, reversal.cause)
    if LATER in fields:
        return later_back(editor, action, kind, reversal.cause)
    if STAGE in fields:
        return _stage_back(reversal)
    if action.target.startswith("comment:"):
        return _comment_back(reversal)
    for left in reversed(range(TRIES)):
        try:
            return _picks_back(reversal)
        except Conflict:
            if not left:
                raise
    raise AssertionError("unreachable")


# --- picks ----------------------------------------------------------------------------------------


def _picks_back(reversal: Reversal) -> Done:
    editor, action = reversal.editor, reversal.action
    hand = hand_of(editor.desk, action.issue_id or 0)
    after, main = _before_it(reversal, hand)
    note = Note(actor=editor.name, at=editor.desk.clock.now(), cause=reversal.cause)
    made = Action(
        actor=note.actor,
        at=note.at,
        kind=reversal.kind,
        target=action.target,
        issue_id=hand.issue.id,
        changes=tuple(changes_of(editor, hand, after, note)),
        undoes=action.id,
    )
    return commit(editor, hand, made, after, main)


def _before_it(reversal: Reversal, hand: Hand) -> tuple[Picks, int]:
    """The picks as they were before the action, where what it made of them still stands; and the
    story that it was about. What only made room goes back where nobody has moved it since."""
    by_target: defaultdict[str, list[Change]] = defaultdict(list)
    for change in reversal.action.changes:
        by_target[change.edit.target].append(change)
    after: dict[int, Pick | None] = {}
    main = 0
    for target, changes in by_target.items():
        is_main = target == reversal.action.target
        story_id = _story_id(reversal, target, hand)
        if is_main:
            main = story_id
        pick = hand.picks.get(story_id)
        still = [one for one in changes if _stands(pick, one)]
        if is_main:
            _check_standing(reversal, pick, changes)
        elif len(still) < len(changes):
            continue
        after[story_id] = _put_back(pick, still, hand.issue.id, story_id)
    if not after:
        # Of many at once nothing is left as it was made.
        first = reversal.action.changes[0]
        pick = hand.picks.get(_story_id(reversal, first.edit.target, hand))
        _refuse(reversal, first.edit.target, first.edit.field, first.old, pick)
    return after, main


def _story_id(reversal: Reversal, target: str, hand: Hand) -> int:
    public_id = target.rpartition(":")[2]
    names = reversal.editor.desk.store.public_ids(hand.picks)
    for story_id, name in names.items():
        if name == public_id:
            return story_id
    known = reversal.editor.desk.store.living_stories([public_id])
    if public_id not in known:
        raise UndoRefused(
            f"the story {public_id} has gone into another one meanwhile: undo that first",
            clash=Clash(target=target, field=MEMBERS, mine=public_id, theirs=""),
        )
    return known[public_id]


def _stands(pick: Pick | None, change: Change) -> bool:
    return cells_of(pick).get(change.edit.field) == change.new


def _check_standing(reversal: Reversal, pick: Pick | None, changes: list[Change]) -> None:
    """Raise UndoRefused where something of what the action was about is another by now."""
    for change in changes:
        if not _stands(pick, change):
            _refuse(reversal, change.edit.target, change.edit.field, change.old, pick)
    goes = any(one.edit.field == STATE and one.old is None for one in changes)
    mine = {one.edit.field for one in changes}
    for cell in cells_of(pick) if goes else ():
        # Somebody wrote into what would go.
        if "." in cell and cell not in mine:
            _refuse(reversal, changes[0].edit.target, cell, None, pick)


def _refuse(
    reversal: Reversal, target: str, cell: str, old: Kept | None, pick: Pick | None
) -> NoReturn:
    last = reversal.editor.desk.store.last_change(target, cell)
    mine, theirs = words_of(cell, old), words_of(cell, cells_of(pick).get(cell))
    who = last.edit.actor if last is not None else ""
    raise UndoRefused(
        f"{cell} of {target} was changed since by {who or 'the program'}, to {theirs!r}; undo would"
        f" put back {mine!r}",
        clash=Clash(
            target=target,
            field=cell,
            mine=mine,
            theirs=theirs,
            by=who,
            at=last.edit.at if last is not None else None,
            action=last.action if last is not None else 0,
        ),
    )


def _put_back(
    pick: Pick | None, changes: list[Change], issue_id: int, story_id: int
) -> Pick | None:
    cells = dict(cells_of(pick))
    for change in changes:
        if change.old is None:
            cells.pop(change.edit.field, None)
        else:
            cells[change.edit.field] = change.old
    like = pick or Pick(
        issue_id=issue_id,
        story_id=story_id,
        section="",
        state=PickState.PROPOSED,
        origin=Origin.EDITOR,
        version=0,
    )
    return pick_from(cells, like)


# --- steps and comments ---------------------------------------------------------------------------


def _stage_back(reversal: Reversal) -> Done:
    """Put an issue where it stood. An approval holds word for word: it comes back only where the issue
    prints what it printed then; one that an edit has reopened stays a draft."""
    editor, action = reversal.editor, reversal.action
    change = action.changes[0]
    issue = issue_by_id(editor.desk, action.issue_id or 0)
    now = standing_of(editor.desk, issue)
    before = standing_from(change.old or kept_standing(now))
    known = _step_obstacle(editor.desk, action, now)
    if known is not None:
        _refuse_stage(reversal, now, before, known)
    if before.stage.is_approved:
        same = not _says_something_else(editor.desk, action)
        before = replace(before, version=issue.version) if same else now
    made = stage_action(
        editor,
        issue,
        reversal.kind,
        (now, before),
        cause=reversal.cause,
        undoes=action.id,
    )
    step = Step(action=made, standing=before, stage_from=now.stage, version=issue.version)
    return Done.of(editor.desk.store.act(step))


def _refuse_stage(
    reversal: Reversal, now: Standing, before: Standing, reason: Obstacle
) -> NoReturn:
    target = reversal.action.target
    last = reversal.editor.desk.store.last_change(target, STAGE)
    moved = reason is Obstacle.MOVED_ON
    why = f"{now.by or 'somebody'} moved it on" if moved else "the issue was edited since"
    raise UndoRefused(
        f"{target} is {now.stage} by now ({why}): it cannot be {before.stage} again by undo",
        clash=Clash(
            target=target,
            field=STAGE,
            mine=before.stage.value,
            theirs=now.stage.value,
            by=now.by,
            at=now.at,
            action=last.action if last is not None else 0,
        ),
        reason=reason,
    )


def _comment_back(reversal: Reversal) -> Done:
    editor, action = reversal.editor, reversal.action
    change = action.changes[0]
    comment = editor.desk.store.comment(int(action.target.rpartition(":")[2]))
    if comment is None:
        raise NotFound(f"there is no {action.target}")
    if change.edit.field == comments.TEXT:
        after = replace(comment, withdrawn=change.old is None)
    else:
        there = comments.resolution(comment)
        if there != change.new:
            raise UndoRefused(
                f"{action.target} was dealt with otherwise since",
                clash=Clash(
                    target=action.target,
                    field=comments.RESOLVED,
                    mine=change.edit.old,
                    theirs=comment.resolved_by,
                    by=comment.resolved_by,
                    at=comment.resolved_at,
                ),
            )
        after = comments.resolved_as(comment, change.old)
    said = (change.edit.field, change.edit.new, change.edit.old)
    kept = (change.new, change.old)
    return comments.write(editor, after, reversal.kind, said, kept, undoes=action.id)
