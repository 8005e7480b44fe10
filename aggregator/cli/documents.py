"""The verb check: the configuration, what a document would become, or what answers at the feeds'
addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import click

from aggregator.cli.app import State
from aggregator.cli.forms import counted, to_json
from aggregator.cli.given import STDIN, Given, shown_name
from aggregator.domain.errors import AggregatorError, ConfigError, UsageError
from aggregator.domain.feeds import Feed


@click.command()
@click.argument("what", nargs=-1, metavar="[FILE-OR-URL]...")
@click.option("--base", default="", help="The address the document came from, for its links.")
@click.option("--feed", default="", metavar="ID", help="Read it as this configured feed would.")
@click.option("--timezone", default="", metavar="ZONE", help="The zone of dates that name none.")
@click.option("--encoding", default="", metavar="CHARSET", help="Read it in this charset.")
@click.option("--content-type", default="", help="The Content-Type that came with a file.")
@click.option("--live", is_flag=True, help="Visit the configured feeds (or those named) instead.")
@click.option("--all", "every", is_flag=True, help="With --live: inactive feeds, too.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="With --live: write the table as Markdown."
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the configuration file.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of lines.")
@click.pass_obj
def check(
    state: State,
    /,
    what: tuple[str, ...],
    *,
    live: bool,
    every: bool,
    out: Path | None,
    schema: bool,
    as_json: bool,
    **given: str,
) -> int:
    """Check the configuration; or show what each FILE-OR-URL would become as a feed (- reads
    standard input); or, with --live, what answers at the addresses of the configured feeds.

    Exit status 2 for mistakes in the configuration, 1 for a document that is no feed and for an
    active feed that failed. Nothing is stored but how hosts were treated.
    """
    _refuse_mixtures(what, Given(**given), live=live, live_only=every or out is not None)
    if schema:
        if what or live:
            raise UsageError("--schema stands alone")
        from aggregator.config.schema import json_schema

        click.echo(to_json(json_schema()))
        return 0
    if live:
        from aggregator.cli.live import check_live

        return check_live(state, what, every=every, out=out, as_json=as_json)
    if not what:
        return _check_config(state, as_json=as_json)
    told = replace(Given(**given), encoding=given["encoding"].lower())
    return _check_documents(state, what, told, as_json=as_json)


def _refuse_mixtures(what: tuple[str, ...], given: Given, *, live: bool, live_only: bool) -> None:
    of_documents = any(asdict(given).values())
    if live_only and not live:
        raise UsageError("--all and --out belong to check --live")
    if of_documents and live:
        raise UsageError("--live visits feeds as they are configured; leave the other options out")
    if of_documents and not what:
        raise UsageError("name a file or address to read (check --live FEED visits a feed)")
    if "" in what:
        raise UsageError("an empty name names neither a file nor an address")
    if what.count(STDIN) > 1:
        raise UsageError("standard input can be read once: write - once")


def _check_config(state: State, *, as_json: bool) -> int:
    from aggregator.config.load import load_config

    config = load_config(state.config, state.environ)
    active = sum(feed.active for feed in config.feeds)
    if as_json:
        warnings = [asdict(problem) for problem in config.warnings]
        click.echo(
            to_json(
                {
                    "file": str(config.path),
                    "feeds": len(config.feeds),
                    "active": active,
                    "warnings": warnings,
                }
            )
        )
        return 0
    for problem in config.warnings:
        click.echo(f"{config.path}: warning: {problem}", err=True)
    sections = ", ".join(section.id for section in config.series.sections)
    count = len(config.warnings)
    verdict = f"no mistakes, {counted(count, 'warning')}" if count else "fine"
    click.echo(
        f"{config.path}: {verdict}. {len(config.feeds)} feeds ({active} active), series"
        f" {config.series.id} with sections {sections}"
    )
    return 0


def _check_documents(state: State, what: tuple[str, ...], given: Given, *, as_json: bool) -> int:
    from aggregator.cli.document_form import document_form
    from aggregator.cli.document_lines import document_lines
    from aggregator.cli.inspection import open_source, read_source

    feed, issuer = _reader(state, given)
    status = 0
    for one in what:
        try:
            checked = read_source(state, open_source(state, one, given, feed), given, feed, issuer)
        except ConfigError:
            raise
        except AggregatorError as error:
            status = max(status, error.exit_status)
            # What is wrong with an address itself may be a password in it.
            is_named = isinstance(error, UsageError)
            told = str(error) if is_named else _with_name(one, str(error))
            click.echo(f"aggregator: {told}", err=True)
            continue
        if as_json:
            click.echo(to_json(document_form(checked)))
        else:
            for line in document_lines(checked):
                click.echo(line)
    return status


def _with_name(what: str, message: str) -> str:
    """A complaint about a document, which it names once."""
    name = shown_name(what)
    return message if name in message else f"{name}: {message}"


def _reader(state: State, given: Given) -> tuple[Feed | None, Callable[[str], str | None]]:
    """The configured feed that is named, and what finds the offices that entries name."""
    _refuse_values(given)
    if not given.feed:
        return None, lambda _: None
    from aggregator.cli.feeds import hint
    from aggregator.config.load import load_config

    config = load_config(state.config, state.environ)
    known = {feed.id: feed for feed in config.feeds}
    if given.feed not in known:
        raise UsageError(f"no feed is called {given.feed} ({hint([given.feed], known)})")
    return known[given.feed], config.issuer


def _refuse_values(given: Given) -> None:
    from aggregator.config.addresses import read_url
    from aggregator.config.values import BadValue, read_charset, read_timezone

    try:
        if given.timezone:
            read_timezone(given.timezone)
        if given.encoding:
            read_charset(given.encoding)
        if given.base:
            read_url(given.base)
    except BadValue as error:
        raise UsageError(f"{error.message} ({error.remedy})") from error
