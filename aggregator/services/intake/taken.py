"""A document on its way into the store, and how it was taken in."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedMemory, FeedState, Visit
from aggregator.read.parsing.pieces import Pieces
from aggregator.services.asking.gathered import Gathered
from aggregator.services.intake.after_visit import Arrival

RENUMBERED = "renumbered"
"""Warning: most entries of the feed came under other keys than before, and were known again."""

WINDOW_PASSED = "window-passed"
"""Warning: every entry is new, so that others may have come and gone since the last visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How a document was taken in. ``is_written``: state and visit are in the store already, for
    something came; else they may be written together with others."""

    state: FeedState
    visit: Visit
    warnings: tuple[str, ...] = ()
    is_written: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A document on its way into the store. ``before`` is the feed's state before the visit,
    ``state`` the one with the new validators, ``memory`` what was remembered of the last one."""

    feed: Feed
    before: FeedState
    state: FeedState
    visit: Visit
    arrival: Arrival
    gathered: Gathered
    mark: str
    pieces: Pieces | None
    memory: FeedMemory | None
