"""The daemon's life: it serves and ticks until it is told to stop.

The only importer of APScheduler and uvicorn.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
from collections.abc import Callable, Collection, Coroutine, Iterator
from datetime import timedelta
from itertools import count

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from aggregator.bootstrap import App
from aggregator.calendar.clocks import SystemClock
from aggregator.daemon.tick import RunningDesk
from aggregator.domain.errors import PortTaken
from aggregator.web.app import make_web_app

TICK = timedelta(minutes=1)
GRACE = timedelta(minutes=10)
"""A tick that comes late (the machine slept) is still run once."""

LAST_SECONDS = 5
"""What requests and a tick under way get to end when the daemon is stopped."""


HEADER_SECONDS = 10.0
"""How long a request may take until its headers are there, and a connection until it has one."""

MOST_CONNECTIONS = 512
"""Connections at a time; what comes beyond is answered with 503."""


def listen_on(host: str, port: int) -> socket.socket:
    """A socket bound to the address, before anything else is started. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(128)
    except (OSError, UnicodeError) as error:
        bound.close()
        number = error.errno if isinstance(error, OSError) else None
        reason = (
            "another program listens there"
            if number == errno.EADDRINUSE
            else getattr(error, "strerror", None) or "it cannot be bound"
        )
        raise PortTaken(
            f"cannot serve on {host}:{port}: {reason}"
            " (choose another address with --listen or server.listen)"
        ) from error
    return bound


class _Server(uvicorn.Server):
    """A server that leaves signals to the daemon: it would raise them again after its end, and
    the process would die of a signal instead of ending well."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class ImpatientProtocol(HttpToolsProtocol):
    """HTTP that hangs up on whoever does not say what he wants in ``HEADER_SECONDS``: half a request
    costs its sender nothing, and would hold a connection for ever."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """Wait anew: each request of a connection has its own time."""
        super().on_message_begin()
        if self._waiting is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEADER_SECONDS, self._hang_up)

    def _hang_up(self) -> None:
        self._waiting = None
        self.transport.close()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


async def run_daemon(
    app: App, bound: socket.socket, *, on_ready: Callable[[], None], ticks: bool = True
) -> None:
    """Serve and tick until SIGINT or SIGTERM; SIGHUP reads the configuration again.

    What is under way then gets a few seconds to end, and is given back; what it has not stored
    comes again after the next start. ``on_ready`` is called once signals are heeded.
    Without ``ticks`` others do what is due, and each minute only the configuration is looked at.
    """
    desk = RunningDesk.open(app)
    running: set[asyncio.Task[None]] = set()

    async def turn(*, rebuild: bool = False) -> None:
        await (desk.tick(rebuild=rebuild) if ticks else desk.look_again())

    scheduler = _schedule(_tracked_tick(turn, running))
    config = uvicorn.Config(
        make_web_app(lambda: desk.app),
        log_config=None,
        access_log=False,
        # Whose word on other addresses counts is configured ([desk] proxies), not "this machine's".
        proxy_headers=False,
        lifespan="off",
        http=ImpatientProtocol,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    server = _Server(config)

    def reload() -> None:
        desk.file.ask()
        # In a task of its own: the scheduler would leave out a tick that another one is in the way of.
        task = asyncio.create_task(turn())
        running.add(task)
        task.add_done_callback(running.discard)

    with _signals_stop(server, reload):
        scheduler.start()
        on_ready()
        try:
            await server.serve(sockets=[bound])
        finally:
            scheduler.shutdown(wait=False)
            desk.stop()
            await _end(running)
            await desk.aclose()


def _tracked_tick(
    turn: Callable[..., Coroutine[None, None, None]], running: set[asyncio.Task[None]]
) -> Callable[[], Coroutine[None, None, None]]:
    """The job: a tick in a task of its own, which stands in ``running`` while it is under way."""
    # The first tick rebuilds the site whatever is due: the program may be another than yesterday's.
    numbers = count()

    async def job() -> None:
        # Not the scheduler's own task: that one it gives up at once when it is shut down.
        number = next(numbers)
        task = asyncio.create_task(turn(rebuild=number == 0))
        running.add(task)
        task.add_done_callback(running.discard)
        if number == 0:
            task.add_done_callback(lambda _: settle())
        # Being stopped is no fault of the job, as which the scheduler would log it.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)

    return job


def settle() -> None:
    """Let the collector of cycles pass over what is loaded by now: it stays for as long as the process,
    and to look through it again takes longer than to make a page."""
    gc.collect()
    gc.freeze()


def _schedule(job: Callable[[], Coroutine[None, None, None]]) -> AsyncIOScheduler:
    """A scheduler, not yet started, that does the job at once and each minute, never twice at a
    time."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        job,
        "interval",
        id="tick",
        seconds=TICK.total_seconds(),
        next_run_time=SystemClock().now(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=round(GRACE.total_seconds()),
    )
    return scheduler


@contextlib.contextmanager
def _signals_stop(server: uvicorn.Server, reload: Callable[[], None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the server while the block runs, and SIGHUP call ``reload``."""
    loop = asyncio.get_running_loop()

    def stop(number: signal.Signals) -> None:
        server.handle_exit(number, None)

    heeded = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Only the main thread of some systems can listen; elsewhere the interpreter's way stays.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop, number)
            heeded.append(number)
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
        loop.add_signal_handler(signal.SIGHUP, reload)
        heeded.append(signal.SIGHUP)
    try:
        yield
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)


async def _end(running: Collection[asyncio.Task[None]]) -> None:
    """Wait a little for what is under way, then give it up."""
    tasks = list(running)
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=LAST_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
