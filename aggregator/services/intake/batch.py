"""Visits that brought nothing, written together with how hosts were treated."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from aggregator.domain.visits import FeedState, HostHold, Manners, Visit
from aggregator.ports.fetching import PoliteFetcher
from aggregator.ports.refreshing import VisitStore

WRITTEN_AFTER = 500
"""Visits that wait at most."""

WRITTEN_WITHIN = 5.0
"""Seconds after which a smaller batch is written, too."""


@dataclass(slots=True, kw_only=True)
class Batch:
    """What waits to be written. Nothing of it is lost where a write fails or is cancelled: it waits
    for the next one."""

    store: VisitStore
    fetcher: PoliteFetcher
    _waiting: dict[str, tuple[FeedState, Visit]] = field(default_factory=dict)
    _before: dict[str, FeedState] = field(default_factory=dict)
    _manners: list[Manners] = field(default_factory=list)
    _holds: list[HostHold] = field(default_factory=list)
    _write_at: float = field(default_factory=lambda: time.monotonic() + WRITTEN_WITHIN)

    def add(self, state: FeedState, visit: Visit, before: FeedState | None = None) -> None:
        """Let a visit wait; a later one of the same feed takes its place. ``before`` is the state
        that is stored, where it is known: what did not change is not written."""
        if before is not None and state.feed_id not in self._waiting:
            self._before[state.feed_id] = before
        self._waiting[state.feed_id] = state, visit

    @property
    def is_due(self) -> bool:
        """Whether enough has gathered, or waited long enough."""
        return len(self._waiting) >= WRITTEN_AFTER or time.monotonic() > self._write_at

    async def write(self) -> None:
        """Write what waits. Raises StoreError; it then waits for the next call. Where this is
        cancelled the write that has begun still ends."""
        waiting, self._waiting = self._waiting, {}
        before, self._before = self._before, {}
        self._write_at = time.monotonic() + WRITTEN_WITHIN
        manners, holds = self.fetcher.take_manners()
        manners, self._manners = [*self._manners, *manners], []
        holds, self._holds = [*self._holds, *holds], []
        writing = asyncio.ensure_future(
            asyncio.to_thread(
                self.store.record_visits,
                [*waiting.values()],
                before=before,
                manners=together(manners),
                holds=holds,
            )
        )
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])
            raise
        finally:
            if writing.done() and not writing.cancelled() and writing.exception() is not None:
                self._waiting = waiting | self._waiting
                self._before |= before
                self._manners = [*manners, *self._manners]
                self._holds = [*holds, *self._holds]


def together(manners: list[Manners]) -> list[Manners]:
    """One line for each host."""
    found: dict[str, Manners] = {}
    for one in manners:
        found[one.host] = found[one.host].plus(one) if one.host in found else one
    return [*found.values()]
