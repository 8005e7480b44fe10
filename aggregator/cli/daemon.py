"""The verbs run, the daemon, and web, its site alone."""

from __future__ import annotations

import asyncio
import gc
import socket

import click

from aggregator.bootstrap import App, open_app
from aggregator.cli.app import State
from aggregator.cli.logs import set_up_logs
from aggregator.daemon import listen_on, run_daemon
from aggregator.domain.errors import UsageError

HIGHEST_PORT = 65535
LOOKED_AFTER = (700, 10, 10)
"""Python's own thresholds."""


@click.command()
@click.option("--listen", help="host:port to serve on, instead of server.listen.")
@click.pass_obj
def run(state: State, listen: str | None) -> None:
    """Fetch by schedule, draft on the draft day, serve the site and /status, until stopped."""
    set_up_logs(verbose=state.verbose, daemon=True)
    app = open_app(state.config, now=state.now, environ=state.environ, running=True)
    try:
        serve(app, listen_on(*address(app, listen)))
    finally:
        app.close()


@click.command()
@click.option("--listen", help="host:port to serve on, instead of server.listen.")
@click.pass_obj
def web(state: State, listen: str | None) -> None:
    """Serve the site, /status and the desk, and leave all else to others, until stopped."""
    set_up_logs(verbose=state.verbose, daemon=True)
    app = open_app(state.config, now=state.now, environ=state.environ, running=True)
    try:
        serve(app, listen_on(*address(app, listen)), ticks=False)
    finally:
        app.close()


def serve(app: App, bound: socket.socket, *, ticks: bool = True) -> None:
    """Run the daemon on a bound socket until it is stopped; without ``ticks`` it only serves."""
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host

    def ready() -> None:
        click.echo(f"serving {app.public} on http://{shown}:{port}/ (status: /status)")
        if not app.accounts.all():
            click.echo("nobody can log in yet: aggregator user add NAME --role admin")
        click.echo("stop with Ctrl-C")

    app.sync()
    # What was loaded stays; cycles of a year's work are looked for as Python does by itself.
    gc.freeze()
    gc.set_threshold(*LOOKED_AFTER)
    asyncio.run(run_daemon(app, bound, on_ready=ready, ticks=ticks))


def address(app: App, listen: str | None) -> tuple[str, int]:
    """The host and port to serve on. Raises UsageError for what is no host:port."""
    if listen is None:
        return app.config.listen.host, app.config.listen.port
    host, _, port = listen.rpartition(":")
    sound = port.isascii() and port.isdigit() and len(port) <= len(str(HIGHEST_PORT))
    if not host or not sound or int(port) > HIGHEST_PORT:
        raise UsageError(f"--listen wants host:port such as 127.0.0.1:8080, not {listen!r}")
    return host.strip("[]"), int(port)
