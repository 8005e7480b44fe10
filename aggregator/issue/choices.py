"""What selection looks at and what it answers: candidates, choices, and why something waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from aggregator.domain.items import EventFacts

UNDATED = date.min
"""Sorts a story without a day behind all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What selection looks at in a story.

    ``section`` is the one the rules chose, ``title_groups`` the word groups with a hit in the
    title, ``body_name`` how its body is called in reasons (its id where that is not known) and
    ``body_order`` the administrative order of its body.
    """

    story_id: int
    public_id: str
    section: str
    score: float
    day: date | None
    body: str
    body_order: int
    first_seen_at: datetime
    body_name: str = ""
    title_groups: frozenset[str] = frozenset()
    event: EventFacts | None = None

    @property
    def office(self) -> str:
        """Its body as a reason names it."""
        return self.body_name or self.body or "no body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A story with a pick: its section ("" when it is not printed) and its body."""

    section: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The last issue that had a story: its number, and under which headline where that was another
    story, which said the same."""

    number: int
    headline: str = ""

    def __str__(self) -> str:
        """As a reason: "printed in No. 47"."""
        return f"printed in No. {self.number}" + (f" as {self.headline!r}" if self.headline else "")


class Wait(StrEnum):
    """Why a story that fits the issue has no place in it."""

    FULL = "full"
    BODY = "body"
    LEAD = "lead"
    NO_DAYS = "no-days"
    PRINTED = "printed"
    CARRIED = "carried"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A candidate with the section it is printed in and the reason for its place or its waiting.

    ``wait`` is the kind of a reason for waiting, None for a place. ``carried`` says from where a
    story was carried over, "" for one of this issue's own.
    """

    candidate: Candidate
    section: str
    why: str = ""
    wait: Wait | None = None
    carried: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Each in printed order: ``proposed`` for the free places; ``late``, which arrived after they
    were filled; ``waiting``, which fit the issue but found no place; ``carried``, which found none
    in the issue before and has none here."""

    proposed: tuple[Choice, ...]
    late: tuple[Choice, ...]
    waiting: tuple[Choice, ...]
    carried: tuple[Choice, ...] = ()


def printed_order(day: date | None, body_order: int, public_id: str) -> tuple[int, int, str]:
    """The sort key inside a section: newest day first, then administrative order, then id."""
    return (-(day or UNDATED).toordinal(), body_order, public_id)
