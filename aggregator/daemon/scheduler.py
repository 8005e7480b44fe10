"""A scheduler: while it leads, each tick defers what is due instead of doing it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aggregator.bootstrap import App
from aggregator.daemon.stopping import heeded
from aggregator.daemon.tick import PATIENCE, RunningDesk
from aggregator.daemon.worker import due_by_host
from aggregator.domain.dispatching import Work
from aggregator.domain.errors import AggregatorError
from aggregator.domain.visits import Chore
from aggregator.observe import get_logger
from aggregator.ports.dispatching import Dispatcher

log = get_logger(__name__)

TICK = 60.0
"""Seconds between two ticks."""

LOOKED_AFTER = 0.5
"""Seconds between two looks whether the visits of a tick have ended."""


@dataclass(slots=True, kw_only=True)
class Ticking:
    """The tick of the one that leads."""

    desk: RunningDesk
    queue: Dispatcher

    async def lead(self) -> None:
        """Tick at once and each minute, until cancelled. The first tick rebuilds the site whatever is
        due, as the daemon's does."""
        loop = asyncio.get_running_loop()
        is_first = True
        while True:
            began = loop.time()
            await self.tick(rebuild=is_first)
            is_first = False
            await asyncio.sleep(max(1.0, began + TICK - loop.time()))

    async def tick(self, *, rebuild: bool = False) -> None:
        """Sweep what dead workers left, defer visits, and once they have ended, or after a while, the
        rest: stories are folded, and drafts filled, of what they brought."""
        try:
            await self.desk.look_again()
            swept = await self.queue.sweep()
            if rebuild:
                keeper = self.desk.app.housekeeper
                await asyncio.to_thread(keeper.ask_for, Chore.BUILD)
            due = await asyncio.to_thread(due_by_host, self.desk.app)
            # One job a host: whoever takes it visits all that is due there, one after another.
            visits = await self.queue.defer_visits([feeds[0].id for feeds in due.values()])
            await self._wait()
            work = await self.queue.defer_work(list(Work))
            await asyncio.to_thread(self.desk.note_tick)
        except AggregatorError as error:
            log.error("tick_failed", code=error.code, error=str(error))  # noqa: TRY400 - one line
        except Exception:
            # The edge of the tick: a fault of the program must not end the scheduler.
            log.exception("tick_broke_down")
        else:
            log.info("ticked", visits=visits, work=work, swept=swept)

    async def _wait(self) -> None:
        for _ in range(round(PATIENCE / LOOKED_AFTER)):
            if not await self.queue.visits_left():
                return
            await asyncio.sleep(LOOKED_AFTER)


async def run_scheduler(app: App, queue: Dispatcher, *, on_ready: Callable[[], None]) -> None:
    """Lead, or wait to lead, until SIGINT or SIGTERM; SIGHUP reads the configuration again."""
    desk = RunningDesk.open(app)
    stopping = asyncio.Event()
    with heeded(stopping.set, desk.file.ask):
        on_ready()
        try:
            async with queue.opened():
                await queue.lead(Ticking(desk=desk, queue=queue).lead, stopping=stopping)
        finally:
            await desk.aclose()
    log.info("scheduler_stopped")
