"""Verbs about feeds and their items: refresh, items."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.forms import counted, item_form, to_json
from aggregator.cli.hub import tell_hub
from aggregator.cli.progress import bar
from aggregator.domain.errors import AggregatorError, UsageError
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import Outcome
from aggregator.services.intake.taken import WINDOW_PASSED
from aggregator.services.visits.refresh import Refreshed
from aggregator.watch.next_visit import due_feeds

if TYPE_CHECKING:
    from aggregator.services.curation.curate import Curated

CUT = {
    "too-many-entries": "its document has too many entries; those at its end were not read",
    "cut-off": "its document breaks off before its end; what came was read",
    "window-passed": "all its entries are new: others may have come and gone since the last visit",
    "text-cut": "its document has a text that is too long; only the beginning was taken",
}
"""By the slug of a warning: what a person must know, since something of the feed was not taken."""


@click.command()
@click.argument("feed", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Visit every active feed, due or not.")
@click.option("--fetch-only", is_flag=True, help="Leave folding, sections and site to a later run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each feed visited.")
@click.pass_obj
def refresh(
    state: State, feed: tuple[str, ...], *, every: bool, fetch_only: bool, as_json: bool
) -> int:
    """Fetch the feeds that are due (or the ones named, or all), curate, rebuild the site.

    Exit status 1 when a feed failed; the others are stored all the same.
    """
    app = state.synced()
    feeds = _chosen(app, feed, every=every)
    reports = refresh_feeds(app, feeds, only_due=not (feed or every))
    lost = [one.visit.feed_id for one in reports if WINDOW_PASSED in one.warnings]
    if lost:
        from aggregator.services.reports.digest import remember_losses

        remember_losses(app.desk, lost, app.clock.now())
    curated, written = (None, 0) if fetch_only else _make(app)
    failed = [report for report in reports if report.visit.outcome is Outcome.FAILED]
    if as_json:
        for report in reports:
            click.echo(to_json(_report_form(report)))
    else:
        _print_reports(reports, curated, written)
    if not fetch_only:
        tell_hub(app)
    return AggregatorError.exit_status if failed else 0


def _make(app: App) -> tuple[Curated, int]:
    """Fold and place what is new, and make the site anew where that is due; what the first came to,
    and how many files were written."""
    keeper = app.housekeeper
    with bar("Folding and placing items") as progress:
        curated = keeper.curate(on_step=progress.show)
    return curated, keeper.build_if_due(anyway=not (app.public / "index.html").exists())


def refresh_feeds(app: App, feeds: list[Feed], *, only_due: bool = False) -> list[Refreshed]:
    """Visit these feeds with a bar; one report each."""

    async def go() -> list[Refreshed]:
        fetcher, reader = app.new_fetcher(), app.new_document_reader()
        try:
            with bar("Fetching feeds", len(feeds)) as progress:
                refresher = app.refresher(fetcher, reader)
                return await refresher.refresh(
                    feeds, only_due=only_due, on_done=lambda _: progress.step()
                )
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
        return [known[name] for name in dict.fromkeys(names)]
    if every:
        return [feed for feed in app.desk.feeds if feed.active]
    return due_feeds(app.desk.feeds, app.desk.store.feed_states(), app.clock.now())


def hint(unknown: Iterable[str], known: Collection[str]) -> str:
    """The nearest names, or where to find all of them."""
    near = [n for name in unknown for n in get_close_matches(name, known, n=2)]
    return f"did you mean {' or '.join(near)}?" if near else "aggregator status lists all feeds"


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


def _print_reports(reports: list[Refreshed], curated: Curated | None, written: int) -> None:
    new = sum(report.visit.new for report in reports)
    changed = sum(report.visit.changed for report in reports)
    quiet = sum(r.visit.outcome in {Outcome.NOT_MODIFIED, Outcome.UNCHANGED} for r in reports)
    failed = [report for report in reports if report.visit.outcome is Outcome.FAILED]
    held = sum(report.visit.outcome is Outcome.HELD for report in reports)
    left_out = f", {held} left out" if held else ""
    click.echo(
        f"{counted(len(reports) - held, 'feed')} visited: {counted(new, 'new item')},"
        f" {changed} changed, {counted(quiet, 'feed')} without change, {len(failed)} failed"
        f"{left_out}; {counted(written, 'file')} written"
    )
    if curated is not None and curated.anew:
        click.echo(
            f"the rules have changed: {counted(curated.anew, 'story', 'stories')} placed anew,"
            f" {curated.moved or 'none'} of them in another section than before, or in none"
        )
    for report in reports:
        if report.error:
            click.echo(f"  {report.visit.feed_id}: {report.error}", err=True)
    for report in reports:
        for slug, sentence in CUT.items():
            if slug in report.warnings:
                click.echo(f"  {report.visit.feed_id}: warning: {sentence}", err=True)


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
