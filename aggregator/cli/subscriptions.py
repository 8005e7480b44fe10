"""Verbs about lists of feeds: import, export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.cli.app import State
from aggregator.cli.forms import counted
from aggregator.cli.given import STDIN, read_bytes, shown_name
from aggregator.domain.errors import AggregatorError, ReadError, UsageError

if TYPE_CHECKING:
    from aggregator.config.proposals import Present, Proposals
    from aggregator.read.lists.subscription import Subscription


@click.command("import")
@click.argument("file", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the blocks to this new file instead."
)
@click.pass_obj
def import_(state: State, file: tuple[str, ...], *, out: Path | None) -> int:
    """Make [[feeds]] blocks of the lists that other programs keep: OPML, the configuration of
    Planet or Venus, newsboat's urls (- reads standard input).

    The blocks go to standard output, what was left out to standard error. Nothing is fetched and
    the configuration is not changed. Exit status 1 when a FILE could not be read.
    """
    from aggregator.config.proposals import as_toml, propose

    if file.count(STDIN) > 1:
        raise UsageError("standard input can be read once: write - once")
    present = _present(state)
    subscriptions: list[tuple[str, Subscription]] = []
    status = 0
    for name in file:
        try:
            subscriptions += [(name, one) for one in _read(name)]
        except ReadError as error:
            status = AggregatorError.exit_status
            said = str(error)
            click.echo(f"aggregator: {said if name in said else f'{name}: {said}'}", err=True)
    done = propose([one for _, one in subscriptions], present)
    text = as_toml(done.taken)
    if out is None:
        click.echo(text, nl=False)
    elif text:
        write_new(out, text.encode())
    _report(done)
    return status


@click.command()
@click.option("--all", "every", is_flag=True, help="Inactive feeds, too.")
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this new file instead.")
@click.pass_obj
def export(state: State, *, every: bool, out: Path | None) -> None:
    """Print the configured feeds as OPML 2.0, for any other reader.

    Keys in addresses are left out, and so are feeds at private addresses.
    """
    from aggregator.domain.publishing import Planet
    from aggregator.publish.addresses import public_feed_url
    from aggregator.publish.opml import render_opml

    desk = state.app().desk
    chosen = [replace(feed, active=True) for feed in desk.feeds if feed.active or every]
    planet = Planet(
        series=desk.series,
        stories=(),
        issues=(),
        feeds=tuple(chosen),
        states=desk.store.feed_states(),
        bodies=desk.bodies,
        options=desk.options,
        thumbnails={},
    )
    body = render_opml(planet, desk.catalogue, desk.series.languages[0], every_source=True)
    if out is None:
        click.echo(body.decode(), nl=False)
    else:
        write_new(out, body)
    hidden = [feed.id for feed in chosen if not public_feed_url(feed.url)]
    if hidden:
        click.echo(f"left out, at a private address: {', '.join(hidden)}", err=True)


def write_new(out: Path, body: bytes) -> None:
    """Write a file that is not there yet. Raises UsageError where it is, or cannot be made."""
    try:
        with out.open("xb") as file:
            file.write(body)
    except FileExistsError:
        raise UsageError(f"{out} is there already: name a new file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot write {out}: {reason}") from error


def _present(state: State) -> Present:
    """What is configured. A configuration that is not there yet has no feeds and every body."""
    from aggregator.config.bodies import index_names, shipped_bodies
    from aggregator.config.load import load_config
    from aggregator.config.proposals import Present

    if not state.config.exists():
        return Present(feeds=(), issuers=index_names(shipped_bodies().values()))
    config = load_config(state.config, state.environ)
    return Present(feeds=config.feeds, issuers=config.issuers)


def _read(name: str) -> list[Subscription]:
    """The subscriptions of a file. Raises ReadError."""
    from aggregator.read.lists.recognise import read_subscriptions

    return read_subscriptions(read_bytes(name), shown_name(name))


def _report(done: Proposals) -> None:
    from aggregator.config.proposals import UNKNOWN_BODY

    for one in done.left_out:
        where = f" (line {one.line})" if one.line else ""
        click.echo(f"left out: {one.name}{where}: {one.why}", err=True)
    for taken in done.taken:
        if taken.key_env:
            where = f" (line {taken.line})" if taken.line else ""
            click.echo(
                f"key: {taken.id}{where}: put what stands in its address as {taken.key} into the"
                f" environment variable {taken.key_env}",
                err=True,
            )
    open_ones = sum(one.body == UNKNOWN_BODY for one in done.taken)
    click.echo(
        f"{counted(len(done.taken), 'feed')} to put into the configuration,"
        f" {open_ones} without a known body; {len(done.left_out)} left out."
        " Look them over: aggregator check says what is still missing",
        err=True,
    )
