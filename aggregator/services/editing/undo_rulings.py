"""A split or a merge taken back: the verdicts, the stories and the picks as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aggregator.domain.edit_errors import Clash, UndoRefused
from aggregator.domain.editing import Action, ActionKind, Change, Kept, PickWrite, SetAside
from aggregator.domain.issues import Edit, Origin, Pick, PickState
from aggregator.services.desk import Desk
from aggregator.services.editing.cells import STATE, pick_from, words_of
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id
from aggregator.services.editing.ruling_actions import (
    AFTER,
    BEFORE,
    MEMBERS,
    STORIES,
    VERDICTS,
    WAITED,
    WAITS,
    PickKey,
    aside_in,
    kept_picks,
    picks_in,
    story_ids,
    verdict_from,
    verdicts_on,
)
from aggregator.services.editing.standings import standing_of

_Cells = Mapping[str, Kept]


def take_back_ruling(editor: Editor, action: Action, kind: ActionKind, cause: str) -> Done:
    """Let the verdicts, stories and picks be as they were before an action. Raises UndoRefused where
    somebody said otherwise of the same items since, or changed a pick that would go back."""
    desk = editor.desk
    change = next(one for one in action.changes if one.edit.field == MEMBERS)
    pairs = {(int(str(one)), int(str(other))) for one, other in _list(change.old, "pairs")}
    _check_said(desk, change, pairs)
    _check_stories(desk, change)
    note = action.note or {}
    wanted, left = picks_in(note.get(BEFORE)), picks_in(note.get(AFTER))
    _check_picks(desk, wanted, left)
    issue_id = action.issue_id
    before = standing_of(desk, issue_by_id(desk, issue_id)) if issue_id is not None else None
    made = _reversed(editor, action, kind, change, cause)
    verdicts = [verdict_from(one) for one in _list(change.old, VERDICTS)]
    said = {one.pair for one in verdicts}
    goal = _stories(change.old)
    now = story_ids(desk, goal)
    action_id = desk.store.decide_pairs(
        verdicts,
        now=desk.clock.now(),
        forgotten=pairs - said,
        moved={item: story for item, story in goal.items() if now.get(item) != story},
        action=made,
    )
    editor.curator.curate()
    _restore(desk, wanted, {story for _, story in (*wanted, *left)})
    _restore_aside(desk, aside_in(note.get(WAITED)), aside_in(note.get(WAITS)))
    issue = issue_by_id(desk, issue_id) if issue_id is not None else None
    was_approved = before is not None and before.stage.is_approved
    return Done(
        kind=kind,
        target=made.target,
        action=action_id,
        issue_version=issue.version if issue is not None else 0,
        reopened=was_approved
        and issue is not None
        and not standing_of(desk, issue).stage.is_approved,
        changes=made.changes,
    )


def _reversed(
    editor: Editor, action: Action, kind: ActionKind, change: Change, cause: str
) -> Action:
    note = action.note or {}
    now = editor.desk.clock.now()
    edit = Edit(
        at=now,
        actor=editor.name,
        target=change.edit.target,
        field=MEMBERS,
        old=change.edit.new,
        new=change.edit.old,
        cause=cause,
    )
    return Action(
        actor=editor.name,
        at=now,
        kind=kind,
        target=action.target,
        issue_id=action.issue_id,
        changes=(Change(edit=edit, old=change.new, new=change.old),),
        undoes=action.id,
        note={
            **note,
            BEFORE: note.get(AFTER),
            AFTER: note.get(BEFORE),
            WAITED: note.get(WAITS),
            WAITS: note.get(WAITED),
        },
    )


def _check_said(desk: Desk, change: Change, pairs: set[tuple[int, int]]) -> None:
    """What was said of the pairs is what stands, and nobody has said anything else."""
    there = verdicts_on(desk, pairs)
    if there == _list(change.new, VERDICTS):
        return
    others = [verdict_from(_row(one)) for one in there if one not in _list(change.new, VERDICTS)]
    last = max(others, key=lambda one: one.at, default=None)
    raise _refusal(desk, change, by=last.by if last is not None else "")


def _check_stories(desk: Desk, change: Change) -> None:
    """The items are where the action put them."""
    before, after = _stories(change.old), _stories(change.new)
    for item, story in story_ids(desk, after).items():
        meant = after[item]
        if (meant is not None and story != meant) or (meant is None and story == before[item]):
            raise _refusal(desk, change, by="")


def _refusal(desk: Desk, change: Change, *, by: str) -> UndoRefused:
    last = desk.store.last_change(change.edit.target, MEMBERS)
    return UndoRefused(
        f"the members of {change.edit.target} were told otherwise since: undo that first",
        clash=Clash(
            target=change.edit.target,
            field=MEMBERS,
            mine=change.edit.old,
            theirs=last.edit.new if last is not None else "",
            by=by or (last.edit.actor if last is not None else ""),
            at=last.edit.at if last is not None else None,
            action=last.action if last is not None else 0,
        ),
    )


def _check_picks(
    desk: Desk, wanted: Mapping[PickKey, _Cells], left: Mapping[PickKey, _Cells]
) -> None:
    """The picks that would go back are as the action left them."""
    there = picks_in(kept_picks(desk, {story for _, story in (*wanted, *left)}))
    for key in dict.fromkeys((*wanted, *left)):
        if wanted.get(key) == left.get(key) or there.get(key) == left.get(key):
            continue
        issue_id, story_id = key
        name = desk.store.public_ids([story_id]).get(story_id, "")
        target = f"pick:{issue_id}:{name}"
        cells = {*left.get(key, {}), *there.get(key, {})}
        cell = next(
            one
            for one in sorted(cells)
            if left.get(key, {}).get(one) != there.get(key, {}).get(one)
        )
        last = desk.store.last_change(target, cell)
        raise UndoRefused(
            f"{cell} of {target} was changed since: undo that first",
            clash=Clash(
                target=target,
                field=cell,
                mine=words_of(cell, wanted.get(key, {}).get(cell)),
                theirs=words_of(cell, there.get(key, {}).get(cell)),
                by=last.edit.actor if last is not None else "",
                at=last.edit.at if last is not None else None,
                action=last.action if last is not None else 0,
            ),
        )


def _restore(desk: Desk, wanted: Mapping[PickKey, _Cells], stories: set[int]) -> None:
    """Give the stories the picks that they had."""
    there = picks_in(kept_picks(desk, stories))
    writes = []
    for issue_id, story_id in dict.fromkeys((*wanted, *there)):
        key = (issue_id, story_id)
        if wanted.get(key) == there.get(key):
            continue
        version = desk.store.picks_of(issue_id, [story_id]).get(story_id, 0)
        like = Pick(
            issue_id=issue_id,
            story_id=story_id,
            section="",
            state=PickState.PROPOSED,
            origin=Origin.EDITOR,
            version=version,
        )
        after = pick_from(wanted[key], like) if STATE in wanted.get(key, {}) else None
        writes.append(PickWrite(issue_id=issue_id, story_id=story_id, version=version, after=after))
    if writes:
        desk.store.restore_picks(writes)


def _restore_aside(
    desk: Desk, wanted: Mapping[PickKey, SetAside], left: Mapping[PickKey, SetAside]
) -> None:
    """Let wait what waited before; where somebody took a story up or set it aside since, that stays."""
    keys = dict.fromkeys((*wanted, *left))
    there = {(one.issue_id, one.story_id) for one in desk.store.put_off([s for _, s in keys])}
    writes = [
        wanted.get(key) or replace(left[key], is_set=False)
        for key in keys
        if (key in wanted) is not (key in there) and (key in left) is (key in there)
    ]
    if writes:
        desk.store.restore_aside(writes)


def _list(kept: Kept | None, name: str) -> list[list[object]]:
    found = kept.get(name) if kept is not None else None
    return [*found] if isinstance(found, list) else []


def _stories(kept: Kept | None) -> dict[int, int | None]:
    found = kept.get(STORIES) if kept is not None else None
    return {int(item): story for item, story in found.items()} if isinstance(found, dict) else {}


def _row(kept: object) -> list[object]:
    return [*kept] if isinstance(kept, list) else []
