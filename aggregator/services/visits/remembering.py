"""Politeness outside a refresh: what the store remembers of hosts is heeded, and every exchange lands
in its ledger, whichever verb asks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from aggregator.domain.errors import StoreError
from aggregator.ports.clock import Clock
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified, PoliteFetcher
from aggregator.ports.storing import Store
from aggregator.services.intake.batch import Batch


@dataclass(slots=True, kw_only=True)
class RememberingFetcher:
    """A fetcher that asks the store before each exchange which hosts are to be left alone, and writes
    after it how they were treated; see ``aggregator.ports.Fetcher``.

    A refresh does the same for its visits, many at a time. It takes the plain fetcher.
    """

    fetcher: PoliteFetcher
    store: Store
    clock: Clock
    _batch: Batch = field(init=False)

    def __post_init__(self) -> None:
        self._batch = Batch(store=self.store, fetcher=self.fetcher)

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """As the fetcher's, and raises StoreError where what is remembered cannot be read."""
        # Each time anew: another process may have been asked for rest meanwhile.
        self.fetcher.hold(await asyncio.to_thread(self.store.holds, self.clock.now()))
        try:
            return await self.fetcher.fetch(request)
        finally:
            # What cannot be written now waits for the next exchange, or for the end.
            with suppress(StoreError):
                await self._batch.write()

    async def aclose(self) -> None:
        """Write what is not written yet and give back connections. Raises StoreError."""
        try:
            await self._batch.write()
        finally:
            await self.fetcher.aclose()
