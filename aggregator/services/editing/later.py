"""Stories set aside for later: they stay undecided, out of the way of the others."""

from __future__ import annotations

from aggregator.domain.edit_errors import AlreadyDecided, Clash, IssueOver, UndoRefused
from aggregator.domain.editing import Action, ActionKind, Change, Kept, SetAside, Step
from aggregator.domain.issues import Edit, Issue, IssueStatus, PickState
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id, story_of
from aggregator.services.editing.one_change import one_change

LATER = "later"
"""The field of the log."""


def put_aside(editor: Editor, issue_id: int, story: str) -> Done:
    """Leave a story undecided, and let it wait beside the inbox of the issue.

    Raises NotFound, AlreadyDecided for a story that somebody accepted, rejected or left out or that was
    printed, and IssueOver for an issue that is no draft.
    """
    return _put(editor, issue_id, story, is_set=True)


def take_up(editor: Editor, issue_id: int, story: str) -> Done:
    """Let a story that was set aside be in the inbox again. Raises NotFound and IssueOver."""
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
    issue = issue_by_id(editor.desk, issue_id)
    _check_over(issue)
    if is_set:
        _check_open(editor, issue, aside.story_id, story)
    if (aside.story_id in editor.desk.store.aside(issue_id)) is is_set:
        return Done(kind=ActionKind.LATER, target=f"story:{story}")
    return _write(editor, aside, story, ActionKind.LATER)


def _check_over(issue: Issue) -> None:
    if issue.status is not IssueStatus.DRAFT:
        raise IssueOver(f"the issue of {issue.issue_on} is {issue.status}: nothing of it can wait")


def _check_open(editor: Editor, issue: Issue, story_id: int, name: str) -> None:
    for other, pick in editor.desk.store.picks_of_story(editor.desk.series.id, story_id):
        is_here = other.id == issue.id
        was_printed = other.status is IssueStatus.PUBLISHED and pick.state.is_in
        if (
            (is_here and pick.state is not PickState.PROPOSED)
            or pick.state is PickState.DROPPED
            or (was_printed and not issue.review)
        ):
            raise AlreadyDecided(
                f"the story {name} is {pick.state} in the issue of {other.issue_on}: there is nothing to"
                " set aside for later"
            )


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
