"""Telling a WebSub hub that feeds have changed: what is kept of it, and what the hub answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.domain.mailing import DeliveryState, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """The word to the hub that one feed has changed; there is one row of each feed.

    ``topic`` is the feed's own address, ``digest`` the SHA-256 of the bytes that it is told of.
    ``attempts`` counts what was sent in vain since these bytes were there; ``settled_at`` is when the
    hub took it, or when it was given up.
    """

    id: int
    topic: str
    digest: str
    state: DeliveryState
    queued_at: datetime
    next_try_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    lease_token: str = ""
    settled_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAnswer:
    """What a hub made of a ping, and one line that says why it did not take it.

    ``wait`` and ``until`` are what it asked for before it is asked again. ``is_silent``: it answers
    nobody now, so that other pings need not be tried; ``is_unsent``: it was not even asked.
    """

    outcome: Outcome
    reason: str = ""
    wait: timedelta | None = None
    until: datetime | None = None
    is_silent: bool = False
    is_unsent: bool = False
