"""Work handed to other processes: who is to do it, and who says what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from aggregator.domain.dispatching import Queue, Work


class Hands(Protocol):
    """What a worker does with a job. Neither raises but for being cancelled; each does nothing where
    the tables say that nothing is due, for a job may come twice."""

    async def visit(self, feed_id: str) -> None:
        """Visit what is due at the host of this feed."""

    async def do(self, work: Work) -> None:
        """Do the work of this name."""


class Claims(Protocol):
    """Names that one process at a time has, until it gives them back, dies or is cut off."""

    def hold(self, name: str, *, rest: float = 0.0) -> AbstractAsyncContextManager[bool]:
        """Whether the name is got, which then is ours while the block runs and ``rest`` seconds more.
        Raises DispatchError."""


class Dispatcher(Protocol):
    """The queue. All methods raise DispatchError where it cannot be reached."""

    def opened(self) -> AbstractAsyncContextManager[None]:
        """The connections of one event loop, while the block runs."""

    async def defer_visits(self, feed_ids: Collection[str]) -> int:
        """Let these be visited; how many were not waiting already."""

    async def defer_work(self, work: Collection[Work]) -> int:
        """Let this be done; how much was not waiting already."""

    async def visits_left(self) -> int:
        """How many visits wait or are under way."""

    async def sweep(self) -> int:
        """Take away the jobs of workers that have not been heard of; how many. What they were for
        is due in the tables as it was."""

    async def work(
        self, hands: Hands, queues: Collection[Queue], *, at_once: int, stopping: asyncio.Event
    ) -> None:
        """Take jobs until ``stopping``. What is under way then gets a few seconds, and is cancelled."""

    async def lead(
        self, leading: Callable[[], Awaitable[None]], *, stopping: asyncio.Event
    ) -> None:
        """Until ``stopping``: wait to be the one that leads, and let ``leading`` run for as long as
        it is."""

    def claims(self) -> AbstractAsyncContextManager[Claims]:
        """Names to have, on a connection of their own."""
