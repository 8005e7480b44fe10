"""Errors of the desk, which hold both sides of a disagreement; the rest of the tree is ``errors``.

    UsageError
    └── NotConfirmed           what was typed is not the number of the issue
    EditError
    ├── Conflict
    │   ├── FieldConflict      clash; somebody else changed the same field
    │   └── RulesMoved         theirs; the rules in the file are others by now
    └── UndoRefused            clash; a later change stands in the way

What they say is as there: one line, and a slug.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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


class UndoRefused(EditError):
    """A later change of the same field stands in the way of an undo; ``clash`` has what undo would
    put back (``mine``) and what stands there now (``theirs``)."""

    code = "undo_refused"

    def __init__(self, message: str, *, clash: Clash) -> None:
        self.clash = clash
        super().__init__(message)


class RulesMoved(Conflict):
    """The rules in the file are not those that were looked at; ``theirs`` are those that stand there."""

    code = "rules_moved"

    def __init__(self, theirs: str) -> None:
        self.theirs = theirs
        super().__init__("the rules in the file were changed since they were looked at")
