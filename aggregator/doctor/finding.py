"""What one look found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: a fault stops work that is wanted, a warning may."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at (``check``, a slug), ``where``, what it ``says``, and the ``remedy`` ("" where
    there is nothing to mend). No text holds a secret."""

    level: Level
    check: str
    where: str
    says: str
    remedy: str = ""


def fine(check: str, where: str, says: str) -> Finding:
    """All is well."""
    return Finding(level=Level.OK, check=check, where=where, says=says)


def warn(check: str, where: str, says: str, remedy: str) -> Finding:
    """It may go wrong."""
    return Finding(level=Level.WARNING, check=check, where=where, says=says, remedy=remedy)


def fault(check: str, where: str, says: str, remedy: str) -> Finding:
    """It does."""
    return Finding(level=Level.FAULT, check=check, where=where, says=says, remedy=remedy)
