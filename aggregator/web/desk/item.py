"""The page of an item: everything that is known of a story, its texts, its members, what was said and
done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from aggregator.domain.changes import PieceKind, SourceChange
from aggregator.domain.editing import ActionKind, Comment, LogFilter, LogLine
from aggregator.domain.errors import NotFound
from aggregator.domain.issues import Issue, IssueStatus, Origin, PickField, PickState
from aggregator.domain.people import Role
from aggregator.issue.edition import Picked
from aggregator.services.editing.comments import comments_of
from aggregator.services.editing.issue_at_hand import story_of
from aggregator.services.editing.logbook import logbook, reason_of
from aggregator.services.editing.merging import SourceChangedText, source_changes
from aggregator.web.desk.decisions import INBOX
from aggregator.web.desk.fields import ITEMS
from aggregator.web.desk.flash import Flash, read_flash, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.given_reasons import REASONS, reason_in_words
from aggregator.web.desk.hands import shown_issue
from aggregator.web.desk.inbox import gone
from aggregator.web.desk.reading import Reading, reading_of
from aggregator.web.desk.undo import undo_view
from aggregator.web.desk.views import query_of, section_title
from aggregator.web.desk.wording import Pieces, word_pieces
from aggregator.web.doors.asked import Asked, go_to
from aggregator.web.doors.guard import DeskRoute

LINES = 100
"""Lines of the history that are shown; the log has all."""

_LONG = 60
"""Characters from which on two texts of the log are shown as a difference."""

_KINDS = {PieceKind.REMOVED: "del", PieceKind.ADDED: "ins"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of the history. ``who`` is a name, or what decided where nobody did; ``pieces`` is the
    difference of two texts, else () and ``old`` and ``new`` say it."""

    at: datetime
    who: str
    what: str
    field: str
    old: str
    new: str
    pieces: Pieces
    cause: str
    is_english: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A text that somebody wrote and whose source says something else by now; ``mine`` and ``theirs``
    are differences from the source's text that it was made of, ``merged`` both together ("" where they
    are about the same words)."""

    id: str
    action: str
    label: str
    language: str
    base: str
    mine: Pieces
    theirs: Pieces
    mine_text: str
    theirs_text: str
    merged: str


class ItemPage:
    """Answers for a story's page."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The route of the page."""
        return [DeskRoute(name="item", path=f"{ITEMS}/{{story}}", handlers={"GET": self.show})]

    def show(self, asked: Asked) -> Response:
        """Everything of a story; the one that it went into for one that was merged, the inbox for one
        that there is not."""
        desk, asked_for = asked.app.desk, asked.request.path_params["story"]
        try:
            story = story_of(desk, asked_for)
        except NotFound:
            heir = desk.store.heirs([asked_for]).get(asked_for)
            return _to_heir(asked, heir) if heir else gone(asked)
        issue = shown_issue(asked)
        read = reading_of(asked, issue, story)
        is_draft = read.picked is not None and read.picked.pick.state is not PickState.DROPPED
        lines = _lines(asked, story.public_id)
        comments = comments_of(desk, issue.id, story=story.public_id) if issue.id else []
        return self._frame.page(
            asked,
            "item.html",
            place="inbox" if not is_draft else "draft" if self._frame.path("draft") else "inbox",
            issue=issue,
            reading=read,
            root=f"{ITEMS}/{story.public_id}",
            inbox=INBOX,
            reasons_given=REASONS,
            cause=_decided_because(asked, read),
            changed=_changed(asked, issue, read),
            news=_news(asked, read.picked),
            comments=comments,
            # Who has split one source off does not mean the next one by that.
            was_split=any(line.kind is ActionKind.SPLIT and not line.undone_by for line in lines),
            printed=_printed(asked, issue, read, self._frame.path("issue_correct")),
            history=[_told(asked, line, story.public_id) for line in lines],
            **undo_view(asked, issue),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedIn:
    """A published issue that has the story, by its number; ``correct_href`` leads to the form that
    corrects it there, "" for who may not."""

    number: int
    correct_href: str


def _printed(asked: Asked, issue: Issue, read: Reading, correct: str) -> PrintedIn | None:
    """The last published issue that prints the story, unless the one in hand may repeat it; ``correct``
    is the path of the form that corrects, with its ``{number}``."""
    if issue.review:
        return None
    found = asked.app.desk.store.picks_of_story(asked.app.desk.series.id, read.story.id)
    numbers = [
        one.number
        for one, pick in found
        if one.status is IssueStatus.PUBLISHED and pick.state.is_in and one.number is not None
    ]
    if not numbers:
        return None
    may_correct = asked.who.role.includes(Role.PUBLISHER)
    query = query_of({"item": read.facts.story})
    return PrintedIn(
        number=max(numbers),
        correct_href=correct.replace("{number}", str(max(numbers))) + query if may_correct else "",
    )


def _to_heir(asked: Asked, heir: str) -> Response:
    response = go_to(f"{ITEMS}/{heir}")
    # What was just done is said first.
    if read_flash(asked) is None:
        say_next(asked, response, Flash(text=asked.text("desk.item.gone_into")))
    return response


def open_comments(comments: list[Comment]) -> int:
    """How many nobody has dealt with."""
    return sum(one.resolved_at is None for one in comments)


def _decided_because(asked: Asked, read: Reading) -> str:
    """Why somebody took the story out, "" where it is in."""
    out = read.picked is not None and not read.is_in
    return reason_in_words(asked.app.desk, read.facts.why, asked.language) if out else ""


# --- what the source changed --------------------------------------------------------------------------


def _changed(asked: Asked, issue: Issue, read: Reading) -> list[Changed]:
    """The texts that are to be decided: written by somebody, and changed by the source since."""
    if not read.facts.edited or not read.is_in:
        return []
    return [
        _three(asked, one)
        for one in source_changes(asked.app.desk, issue.id)
        if one.where.story == read.facts.story
    ]


def _three(asked: Asked, one: SourceChangedText) -> Changed:
    where, merge = one.where, one.merge
    return Changed(
        id=f"source-{where.field}-{where.language}",
        action=f"{ITEMS}/{where.story}/source/{where.field}/{where.language}",
        label=asked.text(f"desk.fields.{where.field}"),
        language=where.language,
        base=merge.base,
        mine=word_pieces(merge.base, merge.mine),
        theirs=word_pieces(merge.base, merge.theirs),
        mine_text=merge.mine,
        theirs_text=merge.theirs,
        merged=merge.text,
    )


def _news(asked: Asked, picked: Picked | None) -> list[tuple[datetime, str, Pieces]]:
    """What the source changed since the story was picked: when, in which field, and how."""
    if picked is None or not picked.source_changed:
        return []
    changes = asked.app.desk.store.changes(item_ids=[picked.story.primary.id])
    return [
        (change.at, asked.text(f"change.field.{field.field}"), _pieces(change, number))
        for change in changes
        if change.rev > picked.pick.source_rev
        for number, field in enumerate(change.fields)
    ]


def _pieces(change: SourceChange, number: int) -> Pieces:
    found: list[tuple[str, str]] = []
    for piece in change.fields[number].pieces:
        found += [(piece.text or "…", _KINDS.get(piece.kind, "same")), (" ", "same")]
    return tuple(found)


# --- history ------------------------------------------------------------------------------------------


def _lines(asked: Asked, story: str) -> list[LogLine]:
    return list(logbook(asked.app.desk, LogFilter(story=story), size=LINES).lines)


def _told(asked: Asked, line: LogLine, story: str) -> Told:
    edit = line.edit
    by_rules = reason_of(line) is Origin.RULES
    cause = (
        reason_in_words(asked.app.desk, edit.cause, asked.language, by_rules=by_rules)
        if edit.cause != story
        else ""
    )
    is_text = max(len(edit.old), len(edit.new)) >= _LONG and bool(edit.old and edit.new)
    return Told(
        at=edit.at,
        who=asked.text("desk.item.by_rules") if by_rules else edit.actor,
        what=asked.text(f"desk.item.did.{line.kind.value.replace('-', '_')}") if line.kind else "",
        field=_cell(asked, edit.field),
        old=_value(asked, edit.field, edit.old),
        new=_value(asked, edit.field, edit.new),
        pieces=word_pieces(edit.old, edit.new) if is_text else (),
        cause=cause,
        is_english=cause.isascii() and asked.language != "en",
    )


def _cell(asked: Asked, field: str) -> str:
    """What a line of the log is about, in words."""
    name, dot, language = field.partition(".")
    if dot and name in set(PickField):
        return f"{asked.text(f'desk.fields.{name}')} ({asked.text(f'language.{language}')})"
    key = f"desk.item.cell.{field}"
    return asked.text(key) if key in asked.app.desk.catalogue.texts else field


def _value(asked: Asked, field: str, value: str) -> str:
    if field == "section":
        return section_title(asked.app.desk.series, value, asked.language)
    if field == "state" and value in set(PickState):
        return asked.text(f"desk.inbox.state.{value.replace('-', '_')}")
    if field == "later" and value:
        return asked.text("desk.inbox.state.aside")
    return "" if value == "None" else value
