"""A worker: it takes jobs until it is told to stop, and the tables say what each comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from aggregator.bootstrap import App
from aggregator.daemon.stopping import heeded
from aggregator.daemon.tick import RunningDesk
from aggregator.domain.dispatching import Queue, Work
from aggregator.domain.errors import AggregatorError
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState
from aggregator.observe import get_logger
from aggregator.ports.dispatching import Claims, Dispatcher
from aggregator.services.asking.visit_address import address_of
from aggregator.text.hosts import host_of
from aggregator.watch.next_visit import due_feeds

log = get_logger(__name__)

LOOKED_AGAIN = 60.0
"""Seconds between two looks at the configuration file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskHands:
    """What a worker does with jobs, by the program of ``aggregator run``."""

    desk: RunningDesk
    claims: Claims

    async def visit(self, feed_id: str) -> None:
        """Visit what is due at the host of this feed, unless another worker is at it."""
        try:
            await self._visit(feed_id)
        except AggregatorError as error:
            log.error("job_failed", feed_id=feed_id, code=error.code, error=str(error))  # noqa: TRY400 - one line
        except Exception:
            # The edge of the job: a fault of the program must not end the worker.
            log.exception("job_broke_down", feed_id=feed_id)

    async def do(self, work: Work) -> None:
        """Do the work of this name, unless another worker is at it."""
        try:
            async with self.claims.hold(f"work:{work.value}") as is_ours:
                if is_ours:
                    await self.desk.do(work)
        except AggregatorError as error:
            log.error("job_failed", work=work.value, code=error.code, error=str(error))  # noqa: TRY400 - one line
        except Exception:
            # As above.
            log.exception("job_broke_down", work=work.value)

    async def _visit(self, feed_id: str) -> None:
        app = self.desk.app
        host = (await asyncio.to_thread(hosts_of, app)).get(feed_id)
        if host is None:
            # Switched off, or of a newer configuration than this worker has: it stays due.
            log.info("feed_not_known", feed_id=feed_id)
            return
        spacing = app.config.spacing.total_seconds()
        async with self.claims.hold(f"host:{host}", rest=spacing) as is_ours:
            if not is_ours:
                return
            # Read again: a job may come twice, and somebody may have visited the host meanwhile.
            due = (await asyncio.to_thread(due_by_host, app)).get(host)
            if due:
                await self.desk.visit(due)


def hosts_of(app: App) -> dict[str, str]:
    """The hosts of configured feeds, by id: where they have moved, the new one."""
    moves = app.desk.store.moves()
    return {
        feed.id: host_of(address_of(feed, FeedState(feed_id=feed.id, move=moves.get(feed.id))))
        for feed in app.desk.feeds
    }


def due_by_host(app: App) -> dict[str, list[Feed]]:
    """The feeds that are due, by host, in the order in which they are."""
    hosts = hosts_of(app)
    found: dict[str, list[Feed]] = {}
    for feed in due_feeds(app.desk.feeds, app.desk.store.feed_states(), app.clock.now()):
        found.setdefault(hosts[feed.id], []).append(feed)
    return found


async def run_worker(
    app: App,
    queue: Dispatcher,
    queues: Collection[Queue],
    *,
    at_once: int,
    on_ready: Callable[[], None],
) -> None:
    """Take jobs until SIGINT or SIGTERM; SIGHUP reads the configuration again.

    What is under way then gets a few seconds to end, and is given back.
    """
    desk = RunningDesk.open(app)
    stopping = asyncio.Event()

    def stop() -> None:
        stopping.set()
        desk.stop()

    with heeded(stop, desk.file.ask):
        looking = asyncio.ensure_future(_look_again(desk))
        on_ready()
        try:
            async with queue.claims() as claims:
                hands = DeskHands(desk=desk, claims=claims)
                await queue.work(hands, queues, at_once=at_once, stopping=stopping)
        finally:
            desk.stop()
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await desk.aclose()
    log.info("worker_stopped")


async def _look_again(desk: RunningDesk) -> None:
    while True:
        await asyncio.sleep(LOOKED_AGAIN)
        await desk.look_again()
