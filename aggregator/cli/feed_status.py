"""The verb status: how each feed is, one feed in full, and how hosts were treated."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from rich.console import Console

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.feed_form import feed_form, host_form
from aggregator.cli.feed_lines import Words, feed_in_full, feed_table, host_table, ill_lines, warned
from aggregator.cli.feeds import hint
from aggregator.cli.forms import to_json
from aggregator.domain.errors import UsageError
from aggregator.services.reports.feed_reports import FeedReport, report_feeds, worst_first

WIDTH = 200
"""Columns of a table that no terminal reads."""


@click.command()
@click.argument("feed", nargs=-1)
@click.option("--ill", is_flag=True, help="Only feeds that somebody should look at.")
@click.option("--hosts", is_flag=True, help="How each host was treated, instead of the feeds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each feed or host.")
@click.pass_obj
def status(state: State, feed: tuple[str, ...], *, ill: bool, hosts: bool, as_json: bool) -> None:
    """Show how each feed is, the most ill first; with FEED that one in full."""
    app = state.app()
    if hosts:
        if feed or ill:
            raise UsageError("--hosts shows hosts: leave out FEED and --ill")
        _show_hosts(app, as_json=as_json)
        return
    known = {one.id for one in app.desk.feeds}
    if unknown := [name for name in feed if name not in known]:
        raise UsageError(f"no feed is called {', '.join(unknown)} ({hint(unknown, known)})")
    reports = report_feeds(app.desk, app.clock.now(), feed)
    if ill:
        reports = [report for report in reports if report.health.is_ill]
    if as_json:
        for report in reports:
            click.echo(to_json(feed_form(report, app.desk.catalogue)))
    elif feed:
        _show_in_full(app, reports)
    else:
        _show_all(app, worst_first(reports))


def _console() -> Console:
    # What servers say is printed as it is, never read as markup.
    return Console(
        width=None if sys.stdout.isatty() else WIDTH, markup=False, emoji=False, highlight=False
    )


def _show_all(app: App, reports: Sequence[FeedReport]) -> None:
    words = Words(catalogue=app.desk.catalogue, now=app.clock.now())
    console = _console()
    console.print(feed_table(reports, words, console.width))
    for report in reports:
        lines = ill_lines(report, words) if report.health.is_ill else warned(report)
        for line in lines:
            console.print(line)


def _show_in_full(app: App, reports: Sequence[FeedReport]) -> None:
    words = Words(catalogue=app.desk.catalogue, now=app.clock.now())
    console = _console()
    for number, report in enumerate(reports):
        if number:
            console.print()
        visits = app.desk.store.visits(report.feed.id)
        for part in feed_in_full(report, visits, words):
            console.print(part)


def _show_hosts(app: App, *, as_json: bool) -> None:
    manners = app.desk.store.manners()
    holds = {hold.host: hold for hold in app.desk.store.holds(app.clock.now())}
    if as_json:
        for one in manners:
            click.echo(to_json(host_form(one, holds.get(one.host))))
        return
    _console().print(host_table(manners, holds))
