"""Stories split, merged and typed in on the desk, each as one action of an issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aggregator.domain.editing import ActionKind, Standing
from aggregator.services.editing.actions import put_in
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id
from aggregator.services.editing.rulings import Regrouped, merge, split
from aggregator.services.editing.standings import standing_of
from aggregator.services.editing.typed_in import NewItem, keep_item


def split_story(
    editor: Editor, issue_id: int, story: str, members: Sequence[str], *, reason: str = ""
) -> Done:
    """Take members (links, feeds' ids, titles) out of a story, into one of their own, which is in no
    issue. Raises NotFound, Ambiguous, and UsageError where nothing would stay or be taken."""
    before = standing_of(editor.desk, issue_by_id(editor.desk, issue_id))
    done = split(editor.desk, editor.curator, story, members, reason=reason, issue_id=issue_id)
    taken = next((one.public_id for one in done.stories if one.public_id != story), "")
    return replace(_done(editor, issue_id, ActionKind.SPLIT, done, before), made=taken)


def merge_stories(
    editor: Editor, issue_id: int, stories: Sequence[str], *, reason: str = ""
) -> Done:
    """Make one story of several: the first named stays, or one that was printed. Raises NotFound,
    Ambiguous, and UsageError where they are one."""
    before = standing_of(editor.desk, issue_by_id(editor.desk, issue_id))
    done = merge(editor.desk, editor.curator, stories, reason=reason, issue_id=issue_id)
    return _done(editor, issue_id, ActionKind.MERGE, done, before)


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


def _done(
    editor: Editor, issue_id: int, kind: ActionKind, made: Regrouped, before: Standing
) -> Done:
    desk = editor.desk
    action = desk.store.action(made.action)
    issue = issue_by_id(desk, issue_id)
    return Done(
        kind=kind,
        target=action.target if action is not None else "",
        action=made.action,
        issue_version=issue.version,
        reopened=before.stage.is_approved and not standing_of(desk, issue).stage.is_approved,
        notes=made.notes,
        changes=action.changes if action is not None else (),
    )
