"""The daemon: one tick a minute does what is due, and the site is served beside it.

The only importer of APScheduler and uvicorn.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable
from datetime import timedelta

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator.bootstrap import App
from aggregator.domain.errors import AggregatorError, PortTaken
from aggregator.domain.feeds import FeedState
from aggregator.observe import get_logger
from aggregator.services.cadence import is_due
from aggregator.services.draft import open_draft
from aggregator.services.publish import build_site
from aggregator.web.app import make_web_app

log = get_logger(__name__)

TICK = timedelta(minutes=1)
GRACE = timedelta(minutes=10)
"""A tick that comes late (the machine slept) is still run once."""


def listen_on(host: str, port: int) -> socket.socket:
    """A socket bound to the address, before anything else is started. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(128)
    except OSError as error:
        bound.close()
        reason = (
            "another program listens there"
            if error.errno == errno.EADDRINUSE
            else error.strerror or "it cannot be bound"
        )
        raise PortTaken(
            f"cannot serve on {host}:{port}: {reason}"
            " (choose another address with --listen or server.listen)"
        ) from error
    return bound


async def run_daemon(app: App, bound: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Serve and tick until SIGINT or SIGTERM; what is under way is finished first."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
        "interval",
        args=[app],
        id="tick",
        seconds=TICK.total_seconds(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=round(GRACE.total_seconds()),
    )
    config = uvicorn.Config(
        make_web_app(app),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    scheduler.start()
    first = asyncio.create_task(tick(app))
    on_ready()
    try:
        await server.serve(sockets=[bound])
    finally:
        scheduler.shutdown(wait=False)
        with contextlib.suppress(asyncio.CancelledError):
            await first


async def tick(app: App) -> None:
    """Do what is due: refresh feeds, curate, open or fill the draft, rebuild the site.

    A failure is logged and the next tick tries again; nothing is carried from tick to tick.
    """
    try:
        await _refresh_due(app)
        await asyncio.to_thread(_make, app)
    except AggregatorError as error:
        log.error("tick_failed", code=error.code, error=str(error))  # noqa: TRY400 - one line


async def _refresh_due(app: App) -> None:
    states = await asyncio.to_thread(app.desk.store.feed_states)
    now = app.clock.now()
    due = [
        feed
        for feed in app.desk.feeds
        if feed.active
        and is_due(states.get(feed.id, FeedState(feed_id=feed.id)).next_check_at, now)
    ]
    if not due:
        return
    fetcher = app.new_fetcher()
    try:
        await app.refresher(fetcher).refresh(due)
    finally:
        await fetcher.aclose()


def _make(app: App) -> None:
    app.curator.curate()
    open_draft(app.desk)
    build_site(app.desk, app.press)
