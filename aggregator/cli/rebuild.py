"""The verb rebuild: items and stories made again of kept documents, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from aggregator.cli.app import State
from aggregator.cli.forms import counted, instant, to_json
from aggregator.cli.hub import tell_hub
from aggregator.cli.progress import bar
from aggregator.cli.stories import DAY
from aggregator.domain.errors import AggregatorError, UsageError
from aggregator.domain.items import SEOUL

if TYPE_CHECKING:
    from aggregator.bootstrap import App
    from aggregator.services.rebuilding.rebuild import Rebuilt
    from aggregator.services.rebuilding.stock import Stock


@click.command()
@click.option("--from-raw", is_flag=True, help="Work from the documents as they came (needed).")
@click.option("--since", type=DAY, required=True, help="From this day on (YYYY-MM-DD, KST).")
@click.option("--feed", "feeds", multiple=True, metavar="ID", help="Compare this feed alone.")
@click.option("--apply", "applies", is_flag=True, help="Write what differs into the database.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def rebuild(
    state: State,
    *,
    from_raw: bool,
    since: datetime,
    feeds: tuple[str, ...],
    applies: bool,
    as_json: bool,
) -> int:
    """Make items and stories again of the documents kept since a day, by the program as it is now,
    and compare them with the database.

    Exit status 1 when they differ, and when nothing was there to compare. The database is changed
    only with --apply.
    """
    if not from_raw:
        raise UsageError("there is one source to rebuild from: write --from-raw")
    app = state.synced() if applies else state.app()
    _refuse_unknown(app, feeds)
    written = 0
    with app.rebuilder() as rebuilder:
        with bar("Reading documents again") as progress:
            rebuilt = rebuilder.rebuild(
                since.replace(tzinfo=SEOUL),
                app.clock.now(),
                feed_ids=feeds or None,
                on_step=lambda done: progress.show(done, done),
            )
        if applies and not rebuilt.is_equal:
            written = rebuilder.apply(rebuilt, app.clock.now())
    if written:
        _fold(app)
    if as_json:
        click.echo(to_json(_form(rebuilt, since, written=written if applies else None)))
    else:
        _tell_unread(rebuilt)
        if rebuilt.is_compared:
            _print(rebuilt, since, written=written if applies else None)
    complaints = [*_complaints(rebuilt, since, feeds)]
    for complaint in complaints:
        click.echo(f"aggregator: {complaint}", err=True)
    if written:
        tell_hub(app)
    is_fine = rebuilt.is_equal and not complaints
    return 0 if is_fine else AggregatorError.exit_status


def _complaints(rebuilt: Rebuilt, since: datetime, feeds: tuple[str, ...]) -> Iterator[str]:
    """What could not be compared for want of documents: nobody may take that for equal."""
    missing = [name for name in dict.fromkeys(feeds) if name not in rebuilt.scope.begins]
    whose = f" of {', '.join(missing)}" if missing else ""
    kept = f"no document{whose} is kept since {since.date()}"
    if not rebuilt.is_compared:
        yield f"nothing was compared: {kept} (keep.raw says for how long documents are)"
    elif missing:
        yield f"not compared: {kept}"


def _refuse_unknown(app: App, feeds: tuple[str, ...]) -> None:
    from aggregator.cli.feeds import hint

    known = {feed.id for feed in app.desk.feeds}
    if unknown := [name for name in feeds if name not in known]:
        raise UsageError(f"no feed is called {', '.join(unknown)} ({hint(unknown, known)})")


def _fold(app: App) -> None:
    from aggregator.services.publishing.publish import build_site

    app.curator.curate()
    build_site(app.desk, app.press)


def _tell_unread(rebuilt: Rebuilt) -> None:
    for feed_id in rebuilt.unknown:
        click.echo(f"left out: documents of {feed_id}, which is not configured", err=True)
    for sentence in rebuilt.unreadable:
        click.echo(f"could not be read: {sentence}", err=True)


def _print(rebuilt: Rebuilt, since: datetime, *, written: int | None) -> None:
    begins = rebuilt.scope.begins
    click.echo(
        f"{counted(rebuilt.documents, 'document')} since {since.date()} read again,"
        f" {counted(len(begins), 'feed')} compared"
    )
    for name, stock in (("stored", rebuilt.stored), ("recomputed", rebuilt.recomputed)):
        stories = f"{len(stock.stories)} {'story' if len(stock.stories) == 1 else 'stories'}"
        click.echo(f"{name:<11} {stock.digest}  {counted(len(stock.items), 'item')}, {stories}")
    if rebuilt.is_equal:
        click.echo("equal")
        return
    click.echo(f"not equal: {counted(rebuilt.differing, 'difference')}")
    for sentence in rebuilt.differs:
        click.echo(f"  {sentence}")
    if rebuilt.differing > len(rebuilt.differs):
        click.echo(f"  … and {rebuilt.differing - len(rebuilt.differs)} more")
    if written is not None:
        click.echo(f"{counted(written, 'item')} written")


def _form(rebuilt: Rebuilt, since: datetime, *, written: int | None) -> dict[str, Any]:
    return {
        "since": since.date().isoformat(),
        "documents": rebuilt.documents,
        "feeds": {name: instant(at) for name, at in sorted(rebuilt.scope.begins.items())},
        "stored": _stock_form(rebuilt.stored),
        "recomputed": _stock_form(rebuilt.recomputed),
        "equal": rebuilt.is_equal if rebuilt.is_compared else None,
        "differences": rebuilt.differing,
        "differs": list(rebuilt.differs),
        "unreadable": list(rebuilt.unreadable),
        "unknown_feeds": list(rebuilt.unknown),
        "written": written,
    }


def _stock_form(stock: Stock) -> dict[str, Any]:
    return {
        "digest": stock.digest,
        "items": len(stock.items),
        "stories": len(stock.stories),
    }
