"""Bodies read from the wire: a few large ones at a time, so that many fetches fit into memory."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from aggregator.fetch.body import BodyTooLarge, BoundedBody
from aggregator.fetch.codings import BadCoding
from aggregator.fetch.wire import Broken, NotHttp

LARGE = 256 * 1024
"""Bytes, as sent and decoded together, above which a body waits for a place for large ones."""

LARGE_AT_ONCE = 6
_LONGEST_FOR_BEGINNING = 2.0
"""Seconds for the first bytes of an answer that is none; they are evidence, no more."""


class BodyReader:
    """Reads bodies whole, or the beginning of one.

    However many are read at once, no more than ``at_once`` of them take more than ``LARGE`` bytes;
    the others wait with what they have, and the waiting does not count against their deadline.
    A body that is read for an owner keeps its place until the owner is done with it: else bodies
    that wait to be understood would take any amount of memory.
    """

    def __init__(self, at_once: int = LARGE_AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._kept: Counter[str] = Counter()

    def done_with(self, owner: str) -> None:
        """Give back the places of an owner."""
        for _ in range(self._kept.pop(owner, 0)):
            self._places.release()

    async def read(
        self,
        chunks: AsyncGenerator[bytes, None],
        body: BoundedBody,
        deadline: asyncio.Timeout,
        *,
        owner: str = "",
    ) -> tuple[bytes, bytes]:
        """The whole body, and as it came. Raises BodyTooLarge, BadCoding, and what ``chunks``
        raises where the answer is cut. An owner has one place, however many bodies it reads."""
        has_place = bool(owner) and self._kept[owner] > 0
        keeps = False
        try:
            async with aclosing(chunks) as pieces:
                async for chunk in pieces:
                    for _ in body.feed(chunk):
                        if not has_place and body.held > LARGE:
                            await self._take_place(deadline)
                            has_place = True
            whole = body.finish()
            keeps = bool(owner) and has_place
            return whole
        finally:
            if keeps:
                self._kept[owner] = 1
            elif has_place and not (owner and self._kept[owner]):
                self._places.release()

    async def _take_place(self, deadline: asyncio.Timeout) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        when, loop = deadline.when(), asyncio.get_running_loop()
        left = None if when is None else when - loop.time()
        deadline.reschedule(None)
        await self._places.acquire()
        deadline.reschedule(None if left is None else loop.time() + left)


async def read_beginning(
    chunks: AsyncGenerator[bytes, None], coding: str, length: int, seconds: float
) -> bytes:
    """The first ``length`` bytes of a body, or what came of them within ``seconds`` and a limit.

    Whatever goes wrong, there is an answer: what was read so far.
    """
    found = b""
    with suppress(TimeoutError, BodyTooLarge, BadCoding, NotHttp, Broken, OSError):
        body = BoundedBody(coding, LARGE)
        async with (
            asyncio.timeout(min(seconds, _LONGEST_FOR_BEGINNING)),
            aclosing(chunks) as pieces,
        ):
            async for chunk in pieces:
                for _ in body.feed(chunk):
                    found = body.beginning(length)
                    if len(found) >= length:
                        return found
    return found
