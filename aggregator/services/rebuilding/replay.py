"""Visits made again of what was kept of them: the same reading, matching and writing as a refresh,
at the instant of the visit, without any exchange."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from aggregator.domain.errors import Conflict, ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item
from aggregator.domain.visits import FeedState, Outcome, Payload, Visit
from aggregator.ports.reading import Document, Inspected
from aggregator.ports.refreshing import RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.intake.payloads import Unpack, document_of, unpack
from aggregator.services.intake.planning import plan_for
from aggregator.services.trials.inspect import read_for

Read: TypeAlias = Callable[[Document], Inspected]
"""Reads a document as a refresh does. Raises ReadError."""

ATTEMPTS = 5
"""How often a plan is made anew when another process visits the same feed meanwhile."""


def reader_for(issuer: Callable[[str], str | None]) -> Read:
    """Reading in this process; ``issuer`` finds a body's id by the name a portal prints."""
    return partial(read_for, issuer=issuer)


def items_of(
    visit: Sequence[Payload], feed: Feed, read: Read, unpacked: Unpack = unpack
) -> list[Item]:
    """What one visit of ``feed`` brought, read again as at its instant.

    ``visit`` is its document, then its further pages. Raises ReadError where it cannot be read.
    """
    document = document_of(tuple(visit), feed, unpacked)
    try:
        inspected = read(document)
    except ReadError:
        raise
    except Exception as error:
        # A document that trips the reader must not end the run.
        raise ReadError(
            f"the document could not be read: {type(error).__name__} in the program"
        ) from error
    return [item for item in inspected.items if not item.says_nothing]


def write(store: Store, feed: Feed, items: Sequence[Item], at: datetime) -> RefreshPlan:
    """Plan what these items of a feed mean for the store, and write it. Raises Conflict where
    others write the same again and again."""
    for attempt in range(1, ATTEMPTS + 1):
        plan = plan_for(store, feed, items, at).plan
        try:
            apply(store, plan)
        except Conflict:
            if attempt == ATTEMPTS:
                raise
            continue
        return plan
    raise AssertionError("the last attempt returns or raises")


def apply(
    store: Store,
    plan: RefreshPlan,
    state: FeedState | None = None,
    visit: Visit | None = None,
) -> None:
    """Write a plan; what the store is told of feed and visit is ``state`` and ``visit``, by default
    no more than that there was one."""
    made = Visit(
        feed_id=plan.feed_id,
        started_at=plan.seen_at,
        milliseconds=0,
        outcome=Outcome.FETCHED,
        new=len(plan.new),
        changed=len(plan.changed),
    )
    store.apply_refresh(plan, state or FeedState(feed_id=plan.feed_id), visit or made)


@dataclass(slots=True)
class ReplayClock:
    """Shows the instant of the visit that is made again."""

    at: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.at
