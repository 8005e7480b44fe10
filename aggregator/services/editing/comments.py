"""What editors say to each other about an issue, and of what is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from aggregator.domain.editing import ActionKind, Change, Comment, Kept, Step
from aggregator.domain.errors import NotFound, UsageError
from aggregator.domain.issues import Edit
from aggregator.services.desk import Desk
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id, story_of
from aggregator.services.editing.one_change import one_change
from aggregator.text.unseen import typed_line
from aggregator.text.xml_chars import xml_safe

TEXT, RESOLVED = "text", "resolved"
LONGEST = 5000
"""Characters of a comment."""


def add_comment(editor: Editor, issue_id: int, text: str, *, story: str = "") -> Done:
    """Say something of a story in the issue, or ("") of the issue itself. Line ends stay.

    Raises NotFound, and UsageError for a text that is empty or too long.
    """
    issue_by_id(editor.desk, issue_id)
    if story:
        story_of(editor.desk, story)
    text = "\n".join(map(typed_line, xml_safe(text).strip().splitlines()))
    if not text or len(text) > LONGEST:
        raise UsageError(
            f"a comment has 1 to {LONGEST} characters, not {len(text)}"
            if text
            else "a comment needs a text"
        )
    comment = Comment(
        id=0, issue_id=issue_id, story=story, at=editor.desk.clock.now(), by=editor.name, text=text
    )
    return write(editor, comment, ActionKind.COMMENT, (TEXT, "", text), (None, {"there": True}))


def resolve_comment(editor: Editor, comment_id: int) -> Done:
    """Say that a comment is dealt with. Raises NotFound."""
    now = editor.desk.clock.now()
    before = find_comment(editor.desk, comment_id)
    if before.resolved_at is not None:
        return Done(kind=ActionKind.RESOLVE, target=f"comment:{comment_id}")
    after = replace(before, resolved_at=now, resolved_by=editor.name)
    return _resolve(editor, before, after)


def reopen_comment(editor: Editor, comment_id: int) -> Done:
    """Say that a comment is not dealt with after all. Raises NotFound."""
    before = find_comment(editor.desk, comment_id)
    if before.resolved_at is None:
        return Done(kind=ActionKind.RESOLVE, target=f"comment:{comment_id}")
    return _resolve(editor, before, replace(before, resolved_at=None, resolved_by=""))


def comments_of(desk: Desk, issue_id: int, *, story: str | None = None) -> list[Comment]:
    """The comments of an issue, oldest first: all, or those on a story, or ("") on none. What was said
    of a story that has gone into another one is said of that one, as long as it is in there."""
    said = desk.store.comments(issue_id)
    heirs = desk.store.heirs({one.story for one in said} - {""}) if said else {}
    found = [replace(one, story=heirs.get(one.story, one.story)) for one in said]
    return found if story is None else [one for one in found if one.story == story]


def find_comment(desk: Desk, comment_id: int) -> Comment:
    """The comment of that id. Raises NotFound, also for one that was taken back."""
    found = desk.store.comment(comment_id)
    if found is None or found.withdrawn:
        raise NotFound(f"there is no comment {comment_id}, or it was taken back")
    return found


def _resolve(editor: Editor, before: Comment, after: Comment) -> Done:
    said = (RESOLVED, before.resolved_by, after.resolved_by)
    return write(editor, after, ActionKind.RESOLVE, said, (resolution(before), resolution(after)))


def resolution(comment: Comment) -> Kept | None:
    """Who dealt with a comment and when, as undo puts it back."""
    if comment.resolved_at is None:
        return None
    return {"at": comment.resolved_at.astimezone(UTC).isoformat(), "by": comment.resolved_by}


def resolved_as(comment: Comment, kept: Kept | None) -> Comment:
    """The comment, dealt with as it was kept."""
    if kept is None:
        return replace(comment, resolved_at=None, resolved_by="")
    at = datetime.fromisoformat(str(kept["at"]))
    return replace(comment, resolved_at=at, resolved_by=str(kept["by"]))


def write(
    editor: Editor,
    comment: Comment,
    kind: ActionKind,
    said: tuple[str, str, str],
    kept: tuple[Kept | None, Kept | None],
    *,
    undoes: int = 0,
) -> Done:
    """Write a comment as one action; ``said`` are the field, and how the log writes it before and
    after, ``kept`` the same for undo."""
    now = editor.desk.clock.now()
    field, old, new = said
    target = f"comment:{comment.id}"
    edit = Edit(
        at=now, actor=editor.name, target=target, field=field, old=old, new=new, cause=comment.story
    )
    change = Change(edit=edit, old=kept[0], new=kept[1])
    action = one_change(change, kind, issue_id=comment.issue_id, undoes=undoes)
    return Done.of(editor.desk.store.act(Step(action=action, comment=comment)))
