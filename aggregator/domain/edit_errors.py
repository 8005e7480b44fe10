"""Errors of the desk, which hold both sides of a disagreement; the rest of the tree is ``errors``.

    UsageError
    └── NotConfirmed           what was typed is not the number of the issue
    EditError
    ├── Conflict
    │   ├── FieldConflict      clash; somebody else changed the same field
    │   └── RulesMoved         theirs; the rules in the file are others by now
    ├── AlreadyDecided         setting aside what somebody has decided on
    ├── IssueOver              setting aside in an issue that is out, or was skipped
    └── UndoRefused            clash, reason; it cannot be taken back

What they say is as there: one line, and a slug.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.domain.errors import Conflict, EditError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two texts of one field. ``base`` is what ``mine`` was made of, ``by`` who wrote ``theirs`` and
    ``at`` when; "" and None where the source did, or nobody knows. ``action`` is that later action,
    0 for none."""

    target: str
    field: str
    mine: str
    theirs: str
    base: str = ""
    by: str = ""
    at: datetime | None = None
    action: int = 0


class Obstacle(StrEnum):
    """What stands in the way of an undo.

    ``CHANGED``: somebody changed the same thing since; ``MOVED_ON``: he took the issue to another stage;
    ``EDITED``: the issue says something else than was approved; ``OUT`` and ``SKIPPED``: nothing of the
    issue is undone any more; ``FOR_GOOD``: such a thing never is; ``UNDONE``: it was undone already.
    """

    CHANGED = "changed"
    MOVED_ON = "moved-on"
    EDITED = "edited"
    OUT = "out"
    SKIPPED = "skipped"
    FOR_GOOD = "for-good"
    UNDONE = "undone"


class NotConfirmed(UsageError):
    """What was typed to confirm a publication is not the number of the issue."""

    code = "not_confirmed"


class FieldConflict(Conflict):
    """Somebody else, or the source, changed the same field since it was read; ``clash`` has both
    texts."""

    code = "field_conflict"

    def __init__(self, message: str, *, clash: Clash) -> None:
        self.clash = clash
        super().__init__(message)


class AlreadyDecided(EditError):
    """A story that somebody has decided on cannot wait for a decision."""

    code = "already_decided"


class IssueOver(EditError):
    """The issue is out or was skipped: nothing of it waits any more."""

    code = "issue_over"


class UndoRefused(EditError):
    """An undo cannot be carried out. ``clash`` has what it would put back (``mine``) and what stands
    there now (``theirs``), ``reason`` what stands in the way."""

    code = "undo_refused"

    def __init__(self, message: str, *, clash: Clash, reason: Obstacle = Obstacle.CHANGED) -> None:
        self.clash = clash
        self.reason = reason
        super().__init__(message)


class RulesMoved(Conflict):
    """The rules in the file are not those that were looked at; ``theirs`` are those that stand there."""

    code = "rules_moved"

    def __init__(self, theirs: str) -> None:
        self.theirs = theirs
        super().__init__("the rules in the file were changed since they were looked at")
