"""One action carried out: the issue read, the change made of it, both sides heard, written at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from aggregator.domain.edit_errors import Clash, FieldConflict
from aggregator.domain.editing import Action, ActionKind, Change, PickWrite, Step
from aggregator.domain.errors import Conflict
from aggregator.domain.issues import Pick
from aggregator.domain.stories import Story
from aggregator.services.editing.cells import (
    POSITION,
    Note,
    cells_of,
    differences,
    pick_target,
    words_of,
)
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import Hand, hand_of

TRIES = 5
"""How often an action is thought of anew because somebody else was faster."""

Picks = Mapping[int, Pick | None]
"""Picks as they shall be, by the id of their story; None for one that shall not be."""

Make = Callable[[Hand], Picks]
"""What an action makes of an issue as it is now."""


def carry_out(
    editor: Editor,
    issue_id: int,
    kind: ActionKind,
    story: Story,
    make: Make,
    *,
    cause: str,
    version: int | None = None,
) -> Done:
    """Do what ``make`` says of the issue as it is now, as one action about a story.

    ``version`` is that of the pick which the editor saw: where somebody else changed another cell
    since, both changes stay; where he changed the same one otherwise, FieldConflict. Raises what
    ``make`` and the store raise.
    """
    target = pick_target(issue_id, story.public_id)
    for left in reversed(range(TRIES)):
        hand = hand_of(editor.desk, issue_id)
        after = make(hand)
        note = Note(actor=editor.name, at=editor.desk.clock.now(), cause=cause)
        changes = changes_of(editor, hand, after, note)
        if not changes:
            return _nothing(kind, target, hand, story)
        mine = [one for one in changes if one.edit.target == target]
        check_seen(editor, target, mine, hand.pick(story), version)
        action = Action(
            actor=note.actor,
            at=note.at,
            kind=kind,
            target=target,
            issue_id=issue_id,
            changes=tuple(changes),
        )
        try:
            return commit(editor, hand, action, after, story.id)
        except Conflict:
            if not left:
                raise
    raise AssertionError("unreachable")


def commit(editor: Editor, hand: Hand, action: Action, after: Picks, story_id: int) -> Done:
    """Write an action with the picks that it changes. Raises Conflict where the issue is another
    than was read."""
    writes = tuple(
        PickWrite(
            issue_id=hand.issue.id,
            story_id=one,
            version=hand.picks[one].version if one in hand.picks else 0,
            after=pick,
        )
        for one, pick in after.items()
        if cells_of(hand.picks.get(one)) != cells_of(pick)
    )
    # A place is counted among all items of its section, also those that are not written.
    counted = any(change.edit.field == POSITION for change in action.changes)
    step = Step(action=action, picks=writes, version=hand.issue.version if counted else None)
    acted = editor.desk.store.act(step)
    pick = after.get(story_id, hand.picks.get(story_id))
    versions = [one.version for one in action.changes if one.edit.target == action.target]
    if pick is not None and versions:
        pick = replace(pick, version=versions[0])
    return Done(
        kind=action.kind,
        target=action.target,
        action=acted.action.id,
        issue_version=acted.issue_version,
        version=pick.version if pick is not None else 0,
        pick=pick,
        reopened=acted.reopened,
        changes=acted.action.changes,
    )


def _nothing(kind: ActionKind, target: str, hand: Hand, story: Story) -> Done:
    pick = hand.pick(story)
    return Done(
        kind=kind,
        target=target,
        issue_version=hand.issue.version,
        version=pick.version if pick is not None else 0,
        pick=pick,
    )


def changes_of(editor: Editor, hand: Hand, after: Picks, note: Note) -> list[Change]:
    """The lines of the log for picks as they shall be."""
    names = editor.desk.store.public_ids(after)
    found: list[Change] = []
    for story_id, pick in after.items():
        target = pick_target(hand.issue.id, names[story_id])
        before = hand.picks.get(story_id)
        last = before.version if before else editor.desk.store.last_version(target)
        found += differences(target, before, pick, note, version=last + 1)
    return found


def check_seen(
    editor: Editor, target: str, mine: Sequence[Change], pick: Pick | None, version: int | None
) -> None:
    """Raise FieldConflict where somebody else changed what is changed now, since the pick had the
    ``version`` that was seen; Conflict where the log does not say what happened since."""
    now = pick.version if pick is not None else 0
    if version is None or version == now:
        return
    since = editor.desk.store.changes_since(target, version)
    told = {change.version for _, change in since}
    if version > now or not set(range(version + 1, now + 1)) <= told:
        raise Conflict(f"{target} was changed meanwhile: look at it again, then repeat the change")
    others = {
        change.edit.field: (by, change)
        for by, change in since
        # A place that was taken to make room for another item is nobody's wish.
        if by.actor != editor.name and (change.edit.field != POSITION or by.target == target)
    }
    wishes = [one for one in mine if one.edit.field != POSITION] or mine
    for one in wishes:
        if one.edit.field in others:
            by, theirs = others[one.edit.field]
            raise _clash(one, by, theirs, pick)


def _clash(mine: Change, by: Action, theirs: Change, pick: Pick | None) -> FieldConflict:
    cell = mine.edit.field
    there = words_of(cell, cells_of(pick).get(cell))
    return FieldConflict(
        f"{by.actor} changed {cell} of {mine.edit.target} meanwhile, to {there!r}; yours is"
        f" {mine.edit.new!r}",
        clash=Clash(
            target=mine.edit.target,
            field=cell,
            mine=mine.edit.new,
            theirs=there,
            base=theirs.edit.old,
            by=by.actor,
            at=by.at,
            action=by.id,
        ),
    )
