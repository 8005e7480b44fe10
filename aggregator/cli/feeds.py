"""Verbs about feeds and their items: refresh, status, items."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection, Iterable
from difflib import get_close_matches

import click
from rich.console import Console
from rich.table import Table

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.forms import counted, feed_form, instant, item_form, to_json
from aggregator.cli.progress import bar
from aggregator.domain.errors import AggregatorError, UsageError
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState, Outcome
from aggregator.services.refresh import Refreshed
from aggregator.watch.next_visit import due_feeds

WIDTH = 200
"""Columns of a table that no terminal reads."""

CUT = {
    "too-many-entries": "its document has too many entries; those at its end were not read",
    "cut-off": "its document breaks off before its end; what came was read",
    "text-cut": "its document has a text that is too long; only the beginning was taken",
}
"""By the slug of a warning: what a person must know, since something of the feed was not taken."""


@click.command()
@click.argument("feed", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Visit every active feed, due or not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each feed visited.")
@click.pass_obj
def refresh(state: State, feed: tuple[str, ...], *, every: bool, as_json: bool) -> int:
    """Fetch the feeds that are due (or the ones named, or all), curate, rebuild the site.

    Exit status 1 when a feed failed; the others are stored all the same.
    """
    app = state.synced()
    feeds = _chosen(app, feed, every=every)
    reports = refresh_feeds(app, feeds)
    keeper = app.housekeeper
    with bar("Folding and placing items") as progress:
        keeper.curate(on_step=progress.show)
    written = keeper.build_if_due()
    failed = [report for report in reports if report.error]
    if as_json:
        for report in reports:
            click.echo(to_json(_report_form(report)))
    else:
        _print_reports(reports, written)
    return AggregatorError.exit_status if failed else 0


def refresh_feeds(app: App, feeds: list[Feed]) -> list[Refreshed]:
    """Visit these feeds with a bar; one report each."""

    async def go() -> list[Refreshed]:
        fetcher, reader = app.new_fetcher(), app.new_document_reader()
        try:
            with bar("Fetching feeds", len(feeds)) as progress:
                refresher = app.refresher(fetcher, reader)
                return await refresher.refresh(feeds, on_done=lambda _: progress.step())
        finally:
            await fetcher.aclose()
            await reader.aclose()

    return asyncio.run(go())


def _chosen(app: App, names: tuple[str, ...], *, every: bool) -> list[Feed]:
    known = {feed.id: feed for feed in app.desk.feeds}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"no feed is called {', '.join(unknown)} ({hint(unknown, known)})")
    if names:
        return [known[name] for name in names]
    if every:
        return [feed for feed in app.desk.feeds if feed.active]
    return due_feeds(app.desk.feeds, app.desk.store.feed_states(), app.clock.now())


def hint(unknown: Iterable[str], known: Collection[str]) -> str:
    """The nearest names, or where to find all of them."""
    near = [n for name in unknown for n in get_close_matches(name, known, n=2)]
    return f"did you mean {' or '.join(near)}?" if near else "aggregator status lists all feeds"


def _state(states: dict[str, FeedState], feed: Feed) -> FeedState:
    return states.get(feed.id) or FeedState(feed_id=feed.id)


def _report_form(report: Refreshed) -> dict[str, object]:
    visit = report.visit
    return {
        "feed": visit.feed_id,
        "outcome": str(visit.outcome),
        "status": visit.status,
        "new": visit.new,
        "changed": visit.changed,
        "error": visit.error_code,
        "says": report.error or None,
        "warnings": list(dict.fromkeys(report.warnings)),
    }


def _print_reports(reports: list[Refreshed], written: int) -> None:
    new = sum(report.visit.new for report in reports)
    changed = sum(report.visit.changed for report in reports)
    quiet = sum(r.visit.outcome in {Outcome.NOT_MODIFIED, Outcome.UNCHANGED} for r in reports)
    failed = [report for report in reports if report.error]
    click.echo(
        f"{counted(len(reports), 'feed')} visited: {counted(new, 'new item')}, {changed} changed,"
        f" {counted(quiet, 'feed')} without change, {len(failed)} failed;"
        f" {counted(written, 'file')} written"
    )
    for report in failed:
        click.echo(f"  {report.visit.feed_id}: {report.error}", err=True)
    for report in reports:
        for slug, sentence in CUT.items():
            if slug in report.warnings:
                click.echo(f"  {report.visit.feed_id}: warning: {sentence}", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each feed.")
@click.pass_obj
def status(state: State, *, as_json: bool) -> None:
    """Show each feed with its items, last success and illness in plain words."""
    app = state.app()
    states = app.desk.store.feed_states()
    counts = app.desk.store.count_items()
    rows = [(feed, _state(states, feed), counts.get(feed.id, 0)) for feed in app.desk.feeds]
    if as_json:
        for row in rows:
            click.echo(to_json(feed_form(*row)))
        return
    table = Table("feed", "body", "items", "last success", "state", box=None, pad_edge=False)
    for feed, known, items in rows:
        table.add_row(
            feed.id, feed.body, str(items), instant(known.last_ok_at) or "never", _says(feed, known)
        )
    # What servers say is printed as it is, never read as markup.
    Console(
        width=None if sys.stdout.isatty() else WIDTH, markup=False, emoji=False, highlight=False
    ).print(table)


def _says(feed: Feed, state: FeedState) -> str:
    if not feed.active:
        return "switched off"
    if state.error_text:
        times = "once" if state.failures == 1 else f"{state.failures} times in a row"
        return f"{state.error_text} (failed {times})"
    return "ok" if state.last_ok_at else "not visited yet"


@click.command()
@click.option("--feed", help="Only this feed's items.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each item.")
@click.pass_obj
def items(state: State, feed: str | None, *, as_json: bool) -> None:
    """List stored items in the order of feed, day and key."""
    app = state.app()
    known = {one.id for one in app.desk.feeds} | app.desk.store.feed_states().keys()
    if feed is not None and feed not in known:
        raise UsageError(f"no feed is called {feed} ({hint([feed], known)})")
    for stored in app.desk.store.items(feed):
        form = item_form(stored)
        if as_json:
            click.echo(to_json(form))
        else:
            click.echo(f"{form['published'] or '-':<25} {form['feed']:<16} {form['title']}")
