"""The verb hub: what the WebSub hub was told, and telling it; other verbs tell it of what they made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from aggregator.catalogue import print_minute
from aggregator.cli.app import State
from aggregator.cli.forms import counted, instant, to_json
from aggregator.domain.errors import AggregatorError, StoreError, UsageError
from aggregator.domain.mailing import DeliveryState
from aggregator.text.secrets import masked

if TYPE_CHECKING:
    from aggregator.bootstrap import App
    from aggregator.domain.pings import Ping
    from aggregator.services.publishing.pinging import Told

SECONDS = 20.0
"""For how long a verb that made the site goes on telling the hub of it."""


@click.group()
def hub() -> None:
    """Tell the WebSub hub which feeds have changed, or see what it was told."""


@hub.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed and line.")
@click.pass_obj
def status(state: State, *, as_json: bool) -> None:
    """List the feeds that the hub is told of: which it knows, which wait, which were given up."""
    app = state.app()
    pings = app.store.pings()
    if as_json:
        for ping in pings:
            click.echo(to_json(_form(ping)))
        return
    url = app.config.publish.hub
    click.echo(f"hub {masked(url)}" if url else "No hub is configured: see publish.hub.")
    for ping in pings:
        click.echo(f"{ping.topic}  {_said(ping)}")
    if url and not pings:
        click.echo("No feed has been published for it yet.")


@hub.command()
@click.pass_obj
def send(state: State) -> int:
    """Tell the hub now of every feed that waits or was given up.

    Exit status 1 where it did not take one.
    """
    app = state.app()
    if not app.config.publish.hub:
        raise UsageError("no hub is configured: see publish.hub in docs/config.md")
    app.store.repeat_pings(app.clock.now())
    told = asyncio.run(_tell(app, float("inf")))
    click.echo(
        f"{counted(told.taken, 'feed')} told, {told.refused} refused, {told.waiting} waiting"
    )
    if told.reason:
        click.echo(f"aggregator: {told.reason}", err=True)
    return AggregatorError.exit_status if told.refused or told.waiting else 0


def tell_hub(app: App) -> None:
    """Tell the hub of the feeds that a verb has made, for a while. What it does not take is one line
    on standard error, and no failure of the verb: the site is made."""
    if not app.config.publish.hub:
        return
    try:
        told = asyncio.run(_tell(app, SECONDS))
    except StoreError as error:
        click.echo(f"aggregator: note: the hub was not told: {error}", err=True)
        return
    if told.refused:
        note = f"{counted(told.refused, 'feed')} given up: {told.reason}"
        click.echo(f"aggregator: note: {note} (hub send tries again)", err=True)
    elif told.waiting:
        left = f"{counted(told.waiting, 'feed')} wait for the hub"
        said = f": {told.reason}" if told.reason else ""
        click.echo(f"aggregator: note: {left}{said} (run and hub send try again)", err=True)


async def _tell(app: App, seconds: float) -> Told:
    pinger = app.pinger()
    if pinger is None:
        raise UsageError("no hub is configured")
    try:
        return await pinger.send_due(seconds=seconds)
    finally:
        await pinger.aclose()


def _said(ping: Ping) -> str:
    """How far a ping has come, in one phrase."""
    if ping.state is DeliveryState.SENT and ping.settled_at is not None:
        return f"told {print_minute(ping.settled_at)}"
    if ping.state is DeliveryState.FAILED:
        return f"given up: {ping.error}"
    if ping.state is DeliveryState.SENDING:
        return "being told"
    again = f"to be told {print_minute(ping.next_try_at)}"
    return f"{again}; last time: {ping.error}" if ping.error else again


def _form(ping: Ping) -> dict[str, Any]:
    """A ping, for JSON."""
    waits = ping.state is DeliveryState.PENDING
    return {
        "feed": ping.topic,
        "state": ping.state.value,
        "changed": instant(ping.queued_at),
        "settled": instant(ping.settled_at),
        "next_try": instant(ping.next_try_at) if waits else None,
        "attempts": ping.attempts,
        "error": ping.error or None,
    }
