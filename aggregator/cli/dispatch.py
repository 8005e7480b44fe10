"""The verbs worker, scheduler and web: what ``run`` does in one process, in many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import click

from aggregator.bootstrap import open_app
from aggregator.cli.app import State
from aggregator.cli.logs import set_up_logs
from aggregator.domain.dispatching import Queue

MOST_AT_ONCE = 256


@click.command()
@click.option(
    "--only",
    type=click.Choice([queue.value for queue in Queue]),
    help="Take visits only, or all else only  [default: both]",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, MOST_AT_ONCE),
    default=16,
    show_default=True,
    help="Jobs at the same time.",
)
@click.pass_obj
def worker(state: State, only: str | None, at_once: int) -> None:
    """Take jobs from the queue, on this machine or another, until stopped."""
    from aggregator.daemon.worker import run_worker

    set_up_logs(verbose=state.verbose, daemon=True)
    app = open_app(state.config, now=state.now, environ=state.environ, running=True)
    try:
        queue = app.dispatcher()
        app.sync()
        queues = [Queue(only)] if only else list(Queue)
        said = ready("takes jobs: " + " and ".join(queues))
        asyncio.run(run_worker(app, queue, queues, at_once=at_once, on_ready=said))
    finally:
        app.close()


@click.command()
@click.pass_obj
def scheduler(state: State) -> None:
    """Hand out what is due to workers, each minute, until stopped; of several one leads."""
    from aggregator.daemon.scheduler import run_scheduler

    set_up_logs(verbose=state.verbose, daemon=True)
    app = open_app(state.config, now=state.now, environ=state.environ, running=True)
    try:
        queue = app.dispatcher(prepares=True)
        app.sync()
        said = ready("hands out what is due while it leads")
        asyncio.run(run_scheduler(app, queue, on_ready=said))
    finally:
        app.close()


def ready(what: str) -> Callable[[], None]:
    """What says that a process is at work."""

    def say() -> None:
        click.echo(f"{what}; stop with Ctrl-C")

    return say
