"""The queue of jobs. The only importer of Procrastinate beside ``schema``.

A job of a feed has a ``queueing_lock``: it waits once, however often it is deferred. There are no
retries and no ``lock``: both keep jobs of dead workers in the way of others (Procrastinate 3). What is
lost is due in the tables as before, and the next tick defers it again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status

from aggregator.dispatch import sessions
from aggregator.dispatch.address import conninfo
from aggregator.dispatch.schema import first_line
from aggregator.domain.dispatching import DispatchError, Queue, Work
from aggregator.observe import get_logger
from aggregator.ports.dispatching import Claims, Hands

log = get_logger(__name__)

LAST_SECONDS = 5.0
"""What jobs under way get to end when the worker is stopped."""

POLLED = 5.0
"""Seconds after which a worker looks for jobs of which it was not notified."""

HEARTBEAT, SILENCE = 5.0, 30.0
"""Seconds between two heartbeats of a worker, and after which its jobs count as lost."""

AGAIN = 5.0
"""Seconds before a worker that lost the queue looks for it again."""

_VISIT, _WORK = "visit", "work"
_NAMES = {Queue.VISITS: _VISIT, Queue.CHORES: _WORK}


class ProcrastinateQueue:
    """The queue in the database at ``database_url``."""

    def __init__(self, database_url: str) -> None:
        self._where = conninfo(database_url)
        self._app = self._new_app()
        # Each job is a line of ours already.
        logging.getLogger("procrastinate").setLevel(logging.WARNING)

    def _new_app(self) -> App:
        return App(connector=PsycopgConnector(conninfo=self._where, min_size=1, max_size=4))

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """As the port says."""
        with _translated():
            await self._app.open_async()
        try:
            yield
        finally:
            await self._app.close_async()

    async def defer_visits(self, feed_ids: Collection[str]) -> int:
        """As the port says."""
        return await self._defer(Queue.VISITS, {feed_id: {"feed": feed_id} for feed_id in feed_ids})

    async def defer_work(self, work: Collection[Work]) -> int:
        """As the port says."""
        return await self._defer(Queue.CHORES, {one.value: {"name": one.value} for one in work})

    async def _defer(self, queue: Queue, jobs: dict[str, dict[str, str]]) -> int:
        with _translated():
            # A lock that is refused is an error in the server's log: most are known beforehand.
            waiting = await self._app.job_manager.list_jobs_async(
                queue=queue.value, status=Status.TODO.value
            )
            known = {job.queueing_lock for job in waiting}
            count = 0
            for name, arguments in jobs.items():
                lock = f"{queue.value}:{name}"
                if lock in known:
                    continue
                task = self._app.configure_task(
                    _NAMES[queue], queue=queue.value, queueing_lock=lock
                )
                try:
                    await task.defer_async(**arguments)
                except AlreadyEnqueued:
                    continue
                count += 1
            return count

    async def visits_left(self) -> int:
        """As the port says."""
        manager = self._app.job_manager
        with _translated():
            waiting = await manager.list_jobs_async(
                queue=Queue.VISITS.value, status=Status.TODO.value
            )
            doing = await manager.list_jobs_async(
                queue=Queue.VISITS.value, status=Status.DOING.value
            )
        return len([*waiting, *doing])

    async def sweep(self) -> int:
        """As the port says."""
        manager = self._app.job_manager
        with _translated():
            lost = [*await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE)]
            for job in lost:
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)
            await manager.prune_stalled_workers(SILENCE)
        if lost:
            log.warning("jobs_swept", count=len(lost))
        return len(lost)

    async def work(
        self, hands: Hands, queues: Collection[Queue], *, at_once: int, stopping: asyncio.Event
    ) -> None:
        """As the port says. Where the queue is lost it is looked for again."""
        while not stopping.is_set():
            app = self._new_app()
            _register(app, hands)
            try:
                with _translated():
                    async with app.open_async():
                        await _run(app, queues, at_once, stopping)
            except DispatchError as error:
                log.error("queue_lost", code=error.code, error=str(error))  # noqa: TRY400 - one line
            if not stopping.is_set():
                await sessions.wait_for(stopping, AGAIN)

    async def lead(
        self, leading: Callable[[], Awaitable[None]], *, stopping: asyncio.Event
    ) -> None:
        """As the port says."""
        await sessions.lead(self._where, leading, stopping)

    def claims(self) -> AbstractAsyncContextManager[Claims]:
        """As the port says."""
        return sessions.claims(self._where)


def _register(app: App, hands: Hands) -> None:
    @app.task(name=_VISIT, queue=Queue.VISITS.value)
    async def visit(feed: str) -> None:
        await hands.visit(feed)

    @app.task(name=_WORK, queue=Queue.CHORES.value)
    async def work(name: str) -> None:
        await hands.do(Work(name))


async def _run(app: App, queues: Collection[Queue], at_once: int, stopping: asyncio.Event) -> None:
    """Take jobs until ``stopping``, or until the worker gives up by itself."""
    worker = asyncio.ensure_future(
        app.run_worker_async(
            queues=[queue.value for queue in queues],
            concurrency=at_once,
            install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.ALWAYS,
            fetch_job_polling_interval=POLLED,
            shutdown_graceful_timeout=LAST_SECONDS,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=SILENCE,
        )
    )
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({worker, stop}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.cancel()
        worker.cancel()
        (ended,) = await asyncio.gather(worker, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ConnectorException, psycopg.Error) as error:
        cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
        raise DispatchError(f"the queue cannot be reached: {first_line(cause)}") from error
