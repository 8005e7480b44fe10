"""What editors do on the desk, as it is kept: actions that can be undone, stages, comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from aggregator.domain.issues import Edit, Pick, Window

Kept = Mapping[str, object]
"""A value as undo puts it back: plain JSON."""


class Stage(StrEnum):
    """How far an issue has come. The first four are of a draft."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    SKIPPED = "skipped"

    @property
    def is_approved(self) -> bool:
        """Whether somebody answers for the draft as it stands, so that an edit reopens it."""
        return self in {Stage.APPROVED, Stage.SCHEDULED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an issue stands, who put it there, when and with which note. ``publish_at`` is the hour
    of a scheduled one, ``accepted_by`` who takes on what the lint finds amber at that hour, ``version``
    the issue's version that was looked at."""

    stage: Stage = Stage.DRAFT
    by: str = ""
    at: datetime | None = None
    note: str = ""
    publish_at: datetime | None = None
    accepted_by: str = ""
    version: int = 0


class ActionKind(StrEnum):
    """What somebody did."""

    ACCEPT = "accept"
    ACCEPT_ALL = "accept-all"
    REJECT = "reject"
    LEAVE = "leave"
    LATER = "later"
    MOVE = "move"
    REORDER = "reorder"
    FIELD = "field"
    CLEAR = "clear"
    SOURCE = "source"
    SPLIT = "split"
    MERGE = "merge"
    ADD = "add"
    COMMENT = "comment"
    RESOLVE = "resolve"
    REVIEW = "review"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    SEND_BACK = "send-back"
    REOPEN = "reopen"
    PROPOSE = "propose"
    TRANSLATE = "translate"
    PUBLISH = "publish"
    CORRECT = "correct"
    SKIP = "skip"
    RULES = "rules"
    UNDO = "undo"
    REDO = "redo"

    @property
    def is_undoable(self) -> bool:
        """Whether it can be taken back. What readers were shown cannot, nor what followed from another
        action by itself; an undo is taken back by ``redo``."""
        return self not in _FOR_GOOD


_FOR_GOOD = frozenset(
    {
        ActionKind.REOPEN,
        ActionKind.PROPOSE,
        ActionKind.TRANSLATE,
        ActionKind.PUBLISH,
        ActionKind.CORRECT,
        ActionKind.SKIP,
        ActionKind.RULES,
        ActionKind.UNDO,
        ActionKind.REDO,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that an action changed: the line of the log, and what undo puts back.

    ``old`` and ``new`` are None where there was, or is, nothing. ``version`` is that of its pick
    afterwards, 0 for what is in no pick.
    """

    edit: Edit
    old: Kept | None = None
    new: Kept | None = None
    version: int = 0

    @property
    def cell(self) -> tuple[str, str]:
        """What was changed: target and field."""
        return self.edit.target, self.edit.field


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What one person did at once, with all that it changed. ``target`` is what it was about: its
    other changes only made room. ``undoes`` and ``undone_by`` name actions, 0 for none; ``id`` is 0
    as long as it is not kept. ``note`` is what else undo must know."""

    actor: str
    at: datetime
    kind: ActionKind
    target: str
    issue_id: int | None = None
    changes: tuple[Change, ...] = ()
    undoes: int = 0
    undone_by: int = 0
    id: int = 0
    note: Kept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said about an issue (``story`` is "") or of a story in it, by its public id."""

    id: int
    issue_id: int
    story: str
    at: datetime
    by: str
    text: str
    resolved_at: datetime | None = None
    resolved_by: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A story that is set aside for later in an issue, or (``is_set`` False) that is not any more."""

    issue_id: int
    story_id: int
    at: datetime
    by: str
    is_set: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PickWrite:
    """A pick to be written: as it shall be, None to take it away; ``version`` is the stored one, 0
    where there is none."""

    issue_id: int
    story_id: int
    version: int
    after: Pick | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Everything that one action writes, in one transaction.

    ``standing`` is the issue's new one, which must stand at ``stage_from`` by then. ``comment`` is
    a new one where its id is 0, ``aside`` what is set aside for later. ``version`` is the issue's,
    None where it does not matter.
    """

    action: Action
    picks: tuple[PickWrite, ...] = ()
    standing: Standing | None = None
    stage_from: Stage | None = None
    comment: Comment | None = None
    aside: SetAside | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """An action as it was kept, with the issue's version by then. ``reopened`` is whether an approved
    issue became a draft again by it."""

    action: Action
    issue_version: int = 0
    reopened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which lines of the log: "" and None for all. ``story`` is a public id."""

    actor: str = ""
    issue_id: int | None = None
    story: str = ""
    kind: ActionKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the log with the action that it belongs to; ``action`` is 0 and ``kind`` None for
    what was no action of the desk."""

    id: int
    edit: Edit
    action: int = 0
    kind: ActionKind | None = None
    issue_id: int | None = None
    undoes: int = 0
    undone_by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A row of the inbox, without its story: where it stands and why there."""

    story_id: int
    section: str
    score: float
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of the inbox: the period of an issue, and filters ("" and None for all).

    ``sections`` are those of the series in their order, ``papers`` and ``events`` those that go by
    first sight and by an event's days. ``since`` is when the places of the issue before were filled,
    ``earliest`` the first day of what came too late for it; ``given_up`` lies before the window and
    belongs to no issue from there on. ``bodies`` None: of any body. ``proposed`` keeps what the
    rules proposed (True), or what waits (False). ``letters`` are of the headline, folded.
    ``arrived_after`` keeps what was first seen after that instant, ``aside`` what is set aside for
    later (True), or what is not (False).
    """

    issue_id: int
    series: str
    sections: tuple[str, ...]
    papers: tuple[str, ...]
    events: tuple[str, ...]
    window: Window
    issue_on: date
    earliest: date
    since: datetime | None = None
    given_up: date | None = None
    review: bool = False
    section: str = ""
    bodies: frozenset[str] | None = None
    day: date | None = None
    letters: str = ""
    proposed: bool | None = None
    arrived_after: datetime | None = None
    aside: bool | None = None
