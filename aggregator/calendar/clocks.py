"""Clocks: the machine's, one that stands still, and one that is put forward or back (the port
``Clock``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

    at: datetime

    def now(self) -> datetime:
        """The fixed instant in UTC."""
        return self.at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """A clock that runs, ``shift`` away from the machine's."""

    shift: timedelta

    @classmethod
    def starting_at(cls, start: datetime) -> ShiftedClock:
        """A clock that shows ``start`` now and runs on."""
        return cls(start.astimezone(UTC) - datetime.now(UTC))

    def now(self) -> datetime:
        """The shifted instant in UTC."""
        return datetime.now(UTC) + self.shift
