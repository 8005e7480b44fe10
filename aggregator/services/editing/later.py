"""Stories set aside for later: they stay undecided, out of the way of the others."""

from __future__ import annotations

from aggregator.domain.editing import Action, ActionKind, Change, Kept, SetAside, Step
from aggregator.domain.issues import Edit
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id, story_of

LATER = "later"
"""The field of the log."""

_ASIDE: Kept = {LATER: True}


def put_aside(editor: Editor, issue_id: int, story: str) -> Done:
    """Leave a story undecided, and let it wait beside the inbox of the issue. Raises NotFound."""
    return _put(editor, issue_id, story, is_set=True)


def take_up(editor: Editor, issue_id: int, story: str) -> Done:
    """Let a story that was set aside be in the inbox again. Raises NotFound."""
    return _put(editor, issue_id, story, is_set=False)


def later_back(editor: Editor, action: Action, kind: ActionKind, cause: str) -> Done:
    """Take back that a story was set aside, or taken up. Raises NotFound."""
    change = action.changes[0]
    story = action.target.partition(":")[2]
    is_set = change.old is not None
    return _put(
        editor,
        action.issue_id or 0,
        story,
        is_set=is_set,
        kind=kind,
        cause=cause,
        undoes=action.id,
    )


def _put(
    editor: Editor,
    issue_id: int,
    story: str,
    *,
    is_set: bool,
    kind: ActionKind = ActionKind.LATER,
    cause: str = "",
    undoes: int = 0,
) -> Done:
    desk, now = editor.desk, editor.desk.clock.now()
    issue_by_id(desk, issue_id)
    told, target = story_of(desk, story), f"story:{story}"
    words = ("", LATER) if is_set else (LATER, "")
    edit = Edit(
        at=now,
        actor=editor.name,
        target=target,
        field=LATER,
        old=words[0],
        new=words[1],
        cause=cause,
    )
    kept = (None, _ASIDE) if is_set else (_ASIDE, None)
    action = Action(
        actor=editor.name,
        at=now,
        kind=kind,
        target=target,
        issue_id=issue_id,
        changes=(Change(edit=edit, old=kept[0], new=kept[1]),),
        undoes=undoes,
    )
    aside = SetAside(issue_id=issue_id, story_id=told.id, at=now, by=editor.name, is_set=is_set)
    acted = desk.store.act(Step(action=action, aside=aside))
    return Done(
        kind=kind,
        target=target,
        action=acted.action.id,
        issue_version=acted.issue_version,
        changes=acted.action.changes,
    )
