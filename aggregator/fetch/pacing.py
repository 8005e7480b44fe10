"""One request at a time to a host, and a pause between two."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class HostPacing:
    """Holds each host to one exchange at a time with ``spacing`` seconds between two."""

    def __init__(self, spacing: float) -> None:
        self._spacing = spacing
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and keep it until the block ends."""
        async with self._locks[host]:
            now = asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, self._free_at.get(host, now) - now))
            try:
                yield
            finally:
                self._free_at[host] = asyncio.get_running_loop().time() + self._spacing
