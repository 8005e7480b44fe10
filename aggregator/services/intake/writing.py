"""What visits brought, written together.

A transaction costs more than what most visits bring: what arrives within a moment, and while others
are written, shares one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aggregator.domain.errors import SchemaMismatch, StoreBusy, StoreFull, StoreUnavailable
from aggregator.observe import get_logger
from aggregator.ports.refreshing import Arrived, FeedStore

log = get_logger(__name__)

OF_THE_STORE = (StoreBusy, StoreFull, StoreUnavailable, SchemaMismatch)
"""Faults of the store that every feed would meet; any other one is that feed's own."""

GATHERED_FOR = 0.05
"""Seconds for which what arrives waits for others."""

MOST_TOGETHER = 50
"""Visits in one transaction,"""

MOST_ITEMS = 500
"""and their items,"""

MOST_BYTES = 4 * 1024 * 1024
"""and the bytes of their documents, so that no other writer waits long. One visit may have more."""


@dataclass(slots=True, kw_only=True)
class Writer:
    """Writes what visits brought. One event loop uses it."""

    store: FeedStore
    _waiting: list[tuple[Arrived, asyncio.Future[None]]] = field(default_factory=list)
    _writing: asyncio.Task[None] | None = None

    async def write(self, arrived: Arrived) -> None:
        """Write what one visit brought, soon. Raises what ``FeedStore.apply_refresh`` raises; where
        this is cancelled it is written all the same, before ``finish`` returns."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrived, written))
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write_all())
        await written

    async def finish(self) -> None:
        """Wait until nothing waits any more."""
        while self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHERED_FOR)
                many = _how_many([arrived for arrived, _ in self._waiting])
                some, self._waiting = self._waiting[:many], self._waiting[many:]
                faults = await self._apply_beside([arrived for arrived, _ in some])
                for (_, written), fault in zip(some, faults, strict=True):
                    _tell(written, fault)
        finally:
            self._writing = None

    async def _apply_beside(self, some: Sequence[Arrived]) -> Sequence[Exception | None]:
        try:
            return await asyncio.to_thread(self._apply, some)
        except Exception as fault:  # noqa: BLE001 - no thread to be had, say: nobody may wait for ever
            return [fault] * len(some)

    def _apply(self, some: Sequence[Arrived]) -> list[Exception | None]:
        """Write these; for each what is wrong with it."""
        if len(some) > 1:
            try:
                self.store.apply_refreshes(some)
            except OF_THE_STORE as fault:
                return [fault] * len(some)
            except Exception as fault:  # noqa: BLE001 - whose it is turns out below
                # Nothing is written yet: one of them cannot be, and the others are to be.
                log.info("written_one_by_one", visits=len(some), why=type(fault).__name__)
            else:
                return [None] * len(some)
        found: list[Exception | None] = []
        for number, one in enumerate(some):
            told = self._apply_one(one)
            if isinstance(told, OF_THE_STORE):
                return [*found, *[told] * (len(some) - number)]
            found.append(told)
        return found

    def _apply_one(self, one: Arrived) -> Exception | None:
        try:
            self.store.apply_refresh(
                one.plan, one.state, one.visit, memory=one.memory, payloads=one.payloads
            )
        except Exception as fault:  # noqa: BLE001 - raised where it was asked for
            return fault
        return None


def _how_many(waiting: Sequence[Arrived]) -> int:
    """How many of the visits that wait share the next transaction."""
    items = size = 0
    for number, one in enumerate(waiting[:MOST_TOGETHER]):
        items += len(one.plan.new) + len(one.plan.changed)
        size += sum(len(payload.body) for payload in one.payloads)
        if number and (items > MOST_ITEMS or size > MOST_BYTES):
            return number
    return min(len(waiting), MOST_TOGETHER)


def _tell(written: asyncio.Future[None], fault: Exception | None) -> None:
    # Whoever was cancelled does not listen any more.
    with suppress(asyncio.InvalidStateError):
        if fault is None:
            written.set_result(None)
        else:
            written.set_exception(fault)
