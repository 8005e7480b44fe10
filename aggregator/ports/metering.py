"""What is counted while the program works, and what is read of the store when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.domain.health import Health
from aggregator.domain.mailing import Outcome
from aggregator.domain.visits import Chore, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the desk stands, as its store says: configured feeds by state, how many are due and for how
    long the first of them (seconds), when chores are due and were done, mails and pings that wait, the size
    of the database in bytes, when the last tick ended."""

    feeds: Mapping[Health, int]
    due: int
    oldest_lateness: float
    chores_due: Mapping[Chore, datetime]
    chores_done: Mapping[Chore, datetime]
    mails_waiting: int
    pings_waiting: int
    store_bytes: int
    ticked_at: datetime | None


class Meter(Protocol):
    """Counts what is done. No method raises, and none keeps what grows with feeds or visitors;
    durations are in seconds. Any thread may call."""

    def ticked(self, *, seconds: float, failed: bool, at: datetime) -> None:
        """A tick has ended; ``failed``: some step of it did."""
        ...

    def did_chore(self, chore: Chore, *, seconds: float, failed: bool) -> None:
        """A chore was done, or failed."""
        ...

    def visited(self, visit: Visit) -> None:
        """A visit to a feed has ended."""
        ...

    def curated(self, *, items: int, placed: int, seconds: float) -> None:
        """A run of curation that had something to do has ended."""
        ...

    def mailed(self, outcome: Outcome) -> None:
        """A mail of an issue was handed over, or not."""
        ...

    def pinged(self, *, taken: int, refused: int) -> None:
        """The hub was told of so many feeds, and was given up for so many."""
        ...

    def told(self, way: str, *, failed: bool) -> None:
        """A digest went to the operator."""
        ...

    def answered(self, route: str, *, status: int, seconds: float) -> None:
        """A request was answered; ``route`` is a name of the table of roles, or "none"."""
        ...

    def text(self, figures: Figures | None) -> bytes:
        """All metrics in the text format of Prometheus (version 0.0.4); None where the store could
        not be read now."""
        ...
