"""What the page of an item sends: comments, split and merge, and what becomes of a changed source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.responses import Response

from aggregator.domain.edit_errors import FieldConflict
from aggregator.domain.issues import PickField
from aggregator.services.editing.comments import (
    LONGEST,
    add_comment,
    reopen_comment,
    resolve_comment,
)
from aggregator.services.editing.editor import Done as Edited
from aggregator.services.editing.fields import Where
from aggregator.services.editing.grouping import merge_stories, split_story
from aggregator.services.editing.merging import Choice, resolve_source, see_source
from aggregator.web.desk.actions import Done, Unfit, handled
from aggregator.web.desk.decisions import INBOX
from aggregator.web.desk.fields import ITEMS
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of, issue_of, number_of
from aggregator.web.desk.remarks import in_words, with_notes
from aggregator.web.doors.asked import Asked
from aggregator.web.doors.guard import DeskRoute

MOST_MEMBERS = 500
"""Members of a story that a form can name."""


class ItemForms:
    """Carries out what the page of an item sends."""

    def __init__(self, _: Frame) -> None:
        """Nothing of the frame is needed."""

    def routes(self) -> list[DeskRoute]:
        """A route for each form."""
        return [
            _form("item_comment", "comment", self.comment),
            _form("item_resolve", "comments/{comment}", self.resolve),
            _form("item_split", "split", self.split),
            _form("item_merge", "merge", self.merge),
            _form("item_seen", "seen", self.seen),
            _form("field_source", "source/{field}/{language}", self.source),
        ]

    def comment(self, asked: Asked) -> Done:
        """Say something of the story."""
        text = asked.form.get("text", "")
        if not text.strip() or len(text) > LONGEST:
            raise Unfit("desk.item.no_comment", focus="comment-text", most=LONGEST)
        done = add_comment(editor_of(asked), issue_of(asked).id, text, story=_story(asked))
        return _done(asked, "desk.item.commented", done, focus="comments")

    def resolve(self, asked: Asked) -> Done:
        """Say that a comment is dealt with, or that it is not."""
        comment = number_of(asked.request.path_params["comment"])
        if asked.form.get("again"):
            done, key = reopen_comment(editor_of(asked), comment), "desk.item.reopened"
        else:
            done, key = resolve_comment(editor_of(asked), comment), "desk.item.resolved"
        return _done(asked, key, done, focus="comments")

    def split(self, asked: Asked) -> Done:
        """Take the members that were ticked into a story of their own."""
        form = asked.form
        members = [form[name] for n in range(MOST_MEMBERS) if (name := f"member-{n}") in form]
        if not members:
            raise Unfit("desk.item.no_members", focus="sources")
        issue = issue_of(asked)
        done = split_story(
            editor_of(asked), issue.id, _story(asked), members, reason=_reason(asked)
        )
        told = _done(asked, "desk.item.was_split", done, focus="sources", count=len(members))
        return replace(told, see=f"{ITEMS}/{done.made}" if done.made else "")

    def merge(self, asked: Asked) -> Done:
        """Make one story of this and another one."""
        other = asked.form.get("other", "").strip() or asked.form.get("like", "").strip()
        if not other:
            raise Unfit("desk.item.no_other", focus="other")
        issue = issue_of(asked)
        done = merge_stories(
            editor_of(asked), issue.id, [_story(asked), other], reason=_reason(asked)
        )
        return _done(asked, "desk.item.merged", done, focus="sources")

    def seen(self, asked: Asked) -> Done:
        """The change of the source was seen."""
        done = see_source(editor_of(asked), issue_of(asked).id, _story(asked))
        return _done(asked, "desk.item.was_seen", done)

    def source(self, asked: Asked) -> Done | Response:
        """Keep what was written, take what the source says by now, or put both together."""
        given, form = asked.request.path_params, asked.form
        if given["field"] not in set(PickField):
            raise Unfit("desk.fields.unknown")
        if form.get("choice") not in set(Choice):
            raise Unfit("desk.item.no_choice")
        field = PickField(given["field"])
        where = Where(story=_story(asked), field=field, language=given["language"])
        choice, text = Choice(form["choice"]), form.get("text", "")
        if choice is Choice.MERGED and not text.strip():
            raise Unfit("desk.item.no_merged", focus=f"source-{field}-{where.language}")
        editor, issue = editor_of(asked), issue_of(asked)
        theirs = form.get("theirs", "")
        try:
            done = resolve_source(editor, issue.id, where, choice, theirs=theirs, text=text)
        except FieldConflict as conflict:
            raise Unfit(
                "desk.item.changed_again",
                focus=f"source-{field}-{where.language}",
                more={"theirs": conflict.clash.theirs, "conflict": True},
            ) from conflict
        return _done(asked, f"desk.item.chose.{choice}", done)


def _form(name: str, path: str, action: Callable[[Asked], Done | Response]) -> DeskRoute:
    handlers = {"POST": handled(action, back=INBOX)}
    return DeskRoute(name=name, path=f"{ITEMS}/{{story}}/{path}", handlers=handlers)


def _story(asked: Asked) -> str:
    return str(asked.request.path_params["story"])


def _reason(asked: Asked) -> str:
    return " ".join(asked.form.get("why", "").split())[:500]


def _done(asked: Asked, key: str, done: Edited, *, focus: str = "", **values: object) -> Done:
    text = asked.text(key, **values) if done.action else asked.text("desk.item.nothing")
    text = with_notes(asked, text, done.notes)
    if done.reopened:
        text = f"{text} {asked.text('desk.fields.reopened')}"
    return Done(
        text=text,
        version=done.version or None,
        undo=str(done.action) if done.action else "",
        focus=focus,
        more={"notes": [in_words(asked, one) for one in done.notes]},
    )
