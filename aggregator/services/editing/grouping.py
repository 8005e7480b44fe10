"""Stories split, merged and typed in on the desk, each as one action of an issue."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.domain.editing import ActionKind
from aggregator.services.editing.actions import put_in
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id
from aggregator.services.editing.rulings import Regrouped, merge, split
from aggregator.services.editing.typed_in import NewItem, keep_item


def split_story(
    editor: Editor, issue_id: int, story: str, members: Sequence[str], *, reason: str = ""
) -> Done:
    """Take members (links, feeds' ids, titles) out of a story, into one of their own, which is in no
    issue. Raises NotFound, Ambiguous, and UsageError where nothing would stay or be taken."""
    issue_by_id(editor.desk, issue_id)
    done = split(editor.desk, editor.curator, story, members, reason=reason, issue_id=issue_id)
    return _done(editor, issue_id, ActionKind.SPLIT, done)


def merge_stories(
    editor: Editor, issue_id: int, stories: Sequence[str], *, reason: str = ""
) -> Done:
    """Make one story of several: the first named stays, or one that was printed. Raises NotFound,
    Ambiguous, and UsageError where they are one."""
    issue_by_id(editor.desk, issue_id)
    done = merge(editor.desk, editor.curator, stories, reason=reason, issue_id=issue_id)
    return _done(editor, issue_id, ActionKind.MERGE, done)


def add_by_hand(
    editor: Editor, issue_id: int, new: NewItem, *, position: int | None = None
) -> Done:
    """Store what was typed in and put it into the issue. Undo takes it out again; what was typed stays
    stored. Raises UsageError for a field that the section's shape prints and that is missing or
    wrong, and as ``accept``."""
    issue_by_id(editor.desk, issue_id)
    story = keep_item(editor.desk, editor.curator, new)
    return put_in(
        editor, issue_id, story, kind=ActionKind.ADD, section=new.section, position=position
    )


def _done(editor: Editor, issue_id: int, kind: ActionKind, made: Regrouped) -> Done:
    action = editor.desk.store.action(made.action)
    return Done(
        kind=kind,
        target=action.target if action is not None else "",
        action=made.action,
        issue_version=editor.desk.store.issue(issue_id).version,
        notes=made.notes,
        changes=action.changes if action is not None else (),
    )
