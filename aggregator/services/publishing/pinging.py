"""The word to the WebSub hub: which feeds have changed, after their files are live, each once.

What the hub was told of is kept as a digest of each feed's bytes and held against the files of every
build. So a crash between the files and the queue loses nothing: the next build finds the difference. A
ping is claimed with a lease, sent, and settled by the hub's answer; it goes a second time only where
the answer was lost, which costs the hub one look at an unchanged feed.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.domain.errors import StoreError
from aggregator.domain.mailing import DeliveryState, Outcome
from aggregator.domain.pings import HubAnswer, Ping
from aggregator.observe import get_logger
from aggregator.ports.clock import Clock
from aggregator.ports.pinging import Hub, PingStore
from aggregator.ports.publishing import Artefact
from aggregator.services.desk import Desk
from aggregator.services.publishing.trying_again import doubled

log = get_logger(__name__)

LEASE = timedelta(minutes=2)
"""For how long a claimed ping is nobody else's: longer than any exchange with a hub."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 12
"""A ping that is not taken is sent again after 1 minute, then 2, 4 … at most 6 hours, about a day
together; then it is given up until its feed changes again."""

SILENT_AFTER = 3
"""Pings in a row that a hub fails to take before it is left alone with the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a round of pings came to: how many the hub took, how many it will never take or were given
    up, how many wait for another time, and the last thing that it said against one."""

    taken: int = 0
    refused: int = 0
    waiting: int = 0
    reason: str = ""


def queue_pings(desk: Desk, artefacts: Sequence[Artefact]) -> None:
    """Let the hub be told of the feeds among these files, which are live, that it was not told of.
    Where that cannot be written, the next build does it: no feed waits for its hub."""
    feeds = {one.topic: hashlib.sha256(one.body).hexdigest() for one in artefacts if one.topic}
    if not feeds:
        return
    try:
        changed = desk.store.queue_pings(feeds, desk.clock.now())
    except StoreError as error:
        log.warning("pings_not_queued", code=error.code, error=str(error))
        return
    if changed:
        log.info("pings_queued", feeds=changed)


def pause_after(attempts: int) -> timedelta:
    """How long a ping waits that was not taken for the ``attempts``-th time."""
    return doubled(FIRST_PAUSE, attempts, LONGEST_PAUSE)


def settle(claimed: Ping, answer: HubAnswer, now: datetime) -> Ping:
    """What becomes of a claimed ping by the hub's answer."""
    attempts = claimed.attempts + (0 if answer.is_unsent else 1)
    known = replace(
        claimed, attempts=attempts, error=answer.reason, lease_until=None, lease_token=""
    )
    if answer.outcome is Outcome.TAKEN:
        return replace(known, state=DeliveryState.SENT, settled_at=now)
    if answer.outcome is Outcome.REFUSED or attempts >= MOST_ATTEMPTS:
        return replace(known, state=DeliveryState.FAILED, settled_at=now)
    asked = (now + answer.wait if answer.wait else now, answer.until or now)
    again = max(now + pause_after(attempts), *asked)
    return replace(known, state=DeliveryState.PENDING, next_try_at=again)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinger:
    """Sends pings to ``hub``, for one event loop."""

    store: PingStore
    clock: Clock
    hub: Hub

    async def send_due(self, *, seconds: float = float("inf")) -> Told:
        """Send every ping that is due, one after the other; begin none after ``seconds``. A hub that
        does not answer is asked once, and the others wait as long as that one. Raises StoreError."""
        deadline = time.monotonic() + seconds
        found: list[Ping] = []
        given_up = in_vain = 0
        while time.monotonic() < deadline:
            now, token = self.clock.now(), secrets.token_hex(8)
            claimed = await asyncio.to_thread(
                self.store.claim_ping, now=now, until=now + LEASE, token=token
            )
            if claimed is None:
                break
            began = time.monotonic()
            answer = await self.hub.tell(claimed.topic)
            now = self.clock.now()
            settled = settle(claimed, answer, now)
            _log_ping(settled, answer, began)
            await asyncio.to_thread(self.store.settle_ping, settled, token)
            found.append(settled)
            in_vain = in_vain + 1 if answer.outcome is Outcome.LATER else 0
            if answer.is_silent or in_vain >= SILENT_AFTER:
                given_up += await asyncio.to_thread(
                    self.store.put_off_pings,
                    _waiting(settled, now),
                    now,
                    most=MOST_ATTEMPTS,
                    counts=not answer.is_unsent,
                )
                break
        return await self._summed_up(found, given_up)

    async def _summed_up(self, found: Sequence[Ping], given_up: int) -> Told:
        """The round in figures; what will not be tried again is one line of the log."""
        if not found:
            return Told()
        states = [one.state for one in found]
        pings = await asyncio.to_thread(self.store.pings)
        told = Told(
            taken=states.count(DeliveryState.SENT),
            refused=states.count(DeliveryState.FAILED) + given_up,
            waiting=sum(one.state is DeliveryState.PENDING for one in pings),
            reason=next((one.error for one in reversed(found) if one.error), ""),
        )
        if told.refused:
            log.warning("pings_given_up", feeds=told.refused, reason=told.reason)
        log.info("hub_told", feeds=told.taken, waiting=told.waiting, reason=told.reason)
        return told

    async def aclose(self) -> None:
        """Give back connections. Raises StoreError."""
        await self.hub.aclose()


def _log_ping(settled: Ping, answer: HubAnswer, began: float) -> None:
    log.info(
        "hub_asked",
        topic=settled.topic,
        outcome=answer.outcome.value,
        attempts=settled.attempts,
        ms=round((time.monotonic() - began) * 1000),
        reason=answer.reason,
    )


def _waiting(settled: Ping, now: datetime) -> Ping:
    """The ping by which the others wait: one that was given up just now would let them wait not at
    all."""
    if settled.state is DeliveryState.PENDING:
        return settled
    return replace(settled, next_try_at=now + LONGEST_PAUSE)
