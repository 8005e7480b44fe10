"""Locks that belong to a session with the database: the one that leads, and names that one has.

The server frees them when the session ends: with its process, with the connection, or because nothing
was heard of it for ``SILENCE`` (the process hangs, the network is gone).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import psycopg

from aggregator.dispatch.schema import first_line
from aggregator.domain.dispatching import DispatchError
from aggregator.observe import get_logger

log = get_logger(__name__)

SILENCE = 12
"""Seconds after which the server ends a session that it has not heard of."""

BEAT = 4.0
"""Seconds between two words of a session."""

PATIENCE = 8.0
"""Seconds that an answer may take before the connection counts as lost."""

KNOCK = 2.0
"""Seconds between two tries to lead."""

_LEADER = "leader"


def number_of(name: str) -> int:
    """The number of the advisory lock of a name: 64 bits, signed, apart from the store's own."""
    digest = hashlib.blake2b(f"press-newsletter-desk:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


async def lead(where: str, leading: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Let ``leading`` run while this process has the leader's lock, until ``stopping``."""
    while not stopping.is_set():
        try:
            async with _session(where) as session:
                await _stand(session, leading, stopping)
        except (psycopg.Error, TimeoutError) as error:
            log.warning("leader_cut_off", error=first_line(error))
        await wait_for(stopping, KNOCK)


async def _stand(
    session: psycopg.AsyncConnection,
    leading: Callable[[], Awaitable[None]],
    stopping: asyncio.Event,
) -> None:
    while not await _try(session, _LEADER):
        if await wait_for(stopping, KNOCK):
            return
    log.info("leader_elected")
    work = asyncio.ensure_future(leading())
    try:
        while not stopping.is_set() and not work.done():
            await asyncio.wait({work}, timeout=BEAT if not stopping.is_set() else 0)
            await _ask(session, "SELECT true", [])
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


@dataclass(slots=True)
class SessionClaims:
    """Names that this process has, on one session. A session that is lost is made anew: the names had
    by then may be had by others, too, as leases in the tables say."""

    where: str
    _session: psycopg.AsyncConnection | None = None
    _held: set[str] = field(default_factory=set)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _resting: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def hold(self, name: str, *, rest: float = 0.0) -> AsyncIterator[bool]:
        """As the port says."""
        # A session may have its own lock again and again.
        if name in self._held:
            yield False
            return
        self._held.add(name)
        try:
            got = await self._asked("SELECT pg_try_advisory_lock(%s)", name)
        except BaseException:
            self._held.discard(name)
            raise
        if not got:
            self._held.discard(name)
            yield False
            return
        try:
            yield True
        finally:
            task = asyncio.ensure_future(self._let_go(name, rest))
            self._resting.add(task)
            task.add_done_callback(self._resting.discard)

    async def beat(self) -> None:
        """Let the server hear of this session, until cancelled."""
        while True:
            await asyncio.sleep(BEAT)
            with suppress(DispatchError):
                await self._asked("SELECT true", None)

    async def aclose(self) -> None:
        """Give back what is held, once it has rested."""
        await asyncio.gather(*self._resting, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _let_go(self, name: str, rest: float) -> None:
        try:
            await asyncio.sleep(rest)
            with suppress(DispatchError):
                await self._asked("SELECT pg_advisory_unlock(%s)", name)
        finally:
            self._held.discard(name)

    async def _asked(self, query: str, name: str | None) -> bool:
        async with self._turn:
            try:
                if self._session is None:
                    self._session = await _connect(self.where)
                numbers = [] if name is None else [number_of(name)]
                return await _ask(self._session, query, numbers)
            except (psycopg.Error, TimeoutError) as error:
                if self._session is not None:
                    await self._session.close()
                    self._session = None
                raise DispatchError(f"the queue cannot be reached: {first_line(error)}") from error


@asynccontextmanager
async def claims(where: str) -> AsyncIterator[SessionClaims]:
    """Names to have, while the block runs."""
    made = SessionClaims(where)
    beat = asyncio.ensure_future(made.beat())
    try:
        yield made
    finally:
        await made.aclose()
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)


async def wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event came within some seconds."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def _connect(where: str) -> psycopg.AsyncConnection:
    session = await psycopg.AsyncConnection.connect(where, autocommit=True)
    await session.execute(f"SET idle_session_timeout TO {SILENCE * 1000}".encode())
    return session


@asynccontextmanager
async def _session(where: str) -> AsyncIterator[psycopg.AsyncConnection]:
    session = await _connect(where)
    try:
        yield session
    finally:
        await session.close()


async def _try(session: psycopg.AsyncConnection, name: str) -> bool:
    return await _ask(session, "SELECT pg_try_advisory_lock(%s)", [number_of(name)])


async def _ask(session: psycopg.AsyncConnection, query: str, values: list[int]) -> bool:
    async with asyncio.timeout(PATIENCE):
        cursor = await session.execute(query.encode(), values)
        row = await cursor.fetchone()
    return bool(row and row[0])
