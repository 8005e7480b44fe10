"""Stories set aside for later: they stay undecided, out of the way of the others."""

from __future__ import annotations

from aggregator.domain.edit_errors import Clash, UndoRefused
from aggregator.domain.editing import Action, ActionKind, Change, Kept, SetAside, Step
from aggregator.domain.issues import Edit
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id, story_of
from aggregator.services.editing.one_change import one_change

LATER = "later"
"""The field of the log."""


def put_aside(editor: Editor, issue_id: int, story: str) -> Done:
    """Leave a story undecided, and let it wait beside the inbox of the issue. Raises NotFound."""
    return _put(editor, issue_id, story, is_set=True)


def take_up(editor: Editor, issue_id: int, story: str) -> Done:
    """Let a story that was set aside be in the inbox again. Raises NotFound."""
    return _put(editor, issue_id, story, is_set=False)


def later_back(editor: Editor, action: Action, kind: ActionKind, cause: str) -> Done:
    """Take back that a story was set aside, or taken up. Raises NotFound, and UndoRefused where
    somebody did either since."""
    change = action.changes[0]
    last = editor.desk.store.last_change(action.target, LATER)
    if last is None or last.action != action.id:
        raise UndoRefused(
            f"{action.target} was set aside or taken up since",
            clash=Clash(
                target=action.target,
                field=LATER,
                mine=change.edit.old,
                theirs=last.edit.new if last is not None else "",
                by=last.edit.actor if last is not None else "",
                at=last.edit.at if last is not None else None,
                action=last.action if last is not None else 0,
            ),
        )
    was_set = change.old is not None
    name = action.target.partition(":")[2]
    aside = _aside(editor, action.issue_id or 0, name, is_set=was_set)
    return _write(editor, aside, name, kind, cause=cause, undoes=action.id)


def _put(editor: Editor, issue_id: int, story: str, *, is_set: bool) -> Done:
    aside = _aside(editor, issue_id, story, is_set=is_set)
    if (aside.story_id in editor.desk.store.aside(issue_id)) is is_set:
        return Done(kind=ActionKind.LATER, target=f"story:{story}")
    return _write(editor, aside, story, ActionKind.LATER)


def _aside(editor: Editor, issue_id: int, story: str, *, is_set: bool) -> SetAside:
    issue = issue_by_id(editor.desk, issue_id)
    return SetAside(
        issue_id=issue.id,
        story_id=story_of(editor.desk, story).id,
        at=editor.desk.clock.now(),
        by=editor.name,
        is_set=is_set,
    )


def _write(
    editor: Editor,
    aside: SetAside,
    name: str,
    kind: ActionKind,
    *,
    cause: str = "",
    undoes: int = 0,
) -> Done:
    words: list[tuple[str, Kept | None]] = [("", None), (LATER, {LATER: True})]
    (old, kept_old), (new, kept_new) = words if aside.is_set else reversed(words)
    edit = Edit(
        at=aside.at,
        actor=aside.by,
        target=f"story:{name}",
        field=LATER,
        old=old,
        new=new,
        cause=cause,
    )
    change = Change(edit=edit, old=kept_old, new=kept_new)
    action = one_change(change, kind, issue_id=aside.issue_id, undoes=undoes)
    return Done.of(editor.desk.store.act(Step(action=action, aside=aside)))
