"""The verb capture: what a feed's server sends, kept as it comes."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.cli.app import State
from aggregator.cli.forms import counted, instant
from aggregator.domain.errors import AggregatorError, FetchError, ReadError, UsageError
from aggregator.domain.feeds import Feed

if TYPE_CHECKING:
    from aggregator.bootstrap import App
    from aggregator.services.trials.capture import Capture, Mask

_CASE_NAME = re.compile(r"\d{3}-[a-z0-9]+(?:-[a-z0-9]+)*\.json")


@click.command()
@click.argument("feed", nargs=-1, required=True)
@click.option("--list", "lists", is_flag=True, help="Show the documents that the database keeps.")
@click.option(
    "--last",
    type=click.IntRange(min=1, max=50),
    metavar="N",
    help="Take the documents of the last N visits from the database; visit nobody.",
)
@click.option(
    "--case",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Make one document into a case of the zoo: FILE is a new NNN-name.json.",
)
@click.pass_obj
def capture(
    state: State, feed: tuple[str, ...], *, lists: bool, last: int | None, case: Path | None
) -> int:
    """Visit each FEED once and keep what its server sends below captures/ of the data folder.

    Nothing is taken in, and the feed's schedule stays. Exit status 1 when nothing came.
    """
    _refuse_mixtures(feed, lists=lists, last=last, case=case)
    app = state.app()
    feeds = _chosen(app, feed)
    if lists:
        for one in feeds:
            _list(state, app, one)
        return 0
    status = 0
    for one in feeds:
        try:
            found = _captures(state, app, one, last)
        except (FetchError, ReadError) as error:
            status = AggregatorError.exit_status
            click.echo(f"aggregator: {one.id}: {error}", err=True)
            continue
        if not found:
            status = AggregatorError.exit_status
            click.echo(f"aggregator: {one.id}: no document of it is kept", err=True)
        for each in found:
            if case is not None:
                _write_case(app, each, one, case)
            else:
                _keep(app, each)
    return status


def _refuse_mixtures(
    feed: tuple[str, ...], *, lists: bool, last: int | None, case: Path | None
) -> None:
    if lists and (last is not None or case is not None):
        raise UsageError("--list only shows; leave the other options out")
    if case is None:
        return
    if len(feed) > 1 or (last or 1) > 1:
        raise UsageError("a case is made of one document: name one feed, with --last 1 or without")
    if not _CASE_NAME.fullmatch(case.name):
        raise UsageError(
            f"{case.name} names no case: write NNN-name.json, such as 301-odd-date.json"
        )


def _chosen(app: App, names: tuple[str, ...]) -> list[Feed]:
    from aggregator.cli.feeds import hint

    known = {feed.id: feed for feed in app.desk.feeds}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no feed is called {', '.join(unknown)} ({hint(unknown, known)})")
    return [known[name] for name in dict.fromkeys(names)]


def _list(state: State, app: App, feed: Feed) -> None:
    """One line for each document kept of a feed, the oldest first."""
    mask = _mask(state, feed)
    for payload in app.desk.store.payloads(feed_ids=[feed.id]):
        coding = f" {payload.coding}" if payload.coding else ""
        click.echo(
            f"{feed.id:<16} {instant(payload.seen_at)} {len(payload.body):>9} bytes{coding}"
            f"  {payload.media_type or '-'}  {mask.of_url(payload.url or feed.url)}"
        )


def _captures(state: State, app: App, feed: Feed, last: int | None) -> list[Capture]:
    """What the feed's server sends now, or what is kept of its last visits, if it can be had without
    the feed's key. Raises ReadError where it cannot."""
    from aggregator.services.trials.capture import refuse_told
    from aggregator.services.trials.inline_reader import read_safely

    mask = _mask(state, feed)
    found = _unread(state, app, feed, last, mask)
    for one in found:
        refuse_told(one, feed, mask, partial(read_safely, issuer=app.config.issuer))
    return found


def _unread(state: State, app: App, feed: Feed, last: int | None, mask: Mask) -> list[Capture]:
    from aggregator.services.intake.payloads import by_visit
    from aggregator.services.trials.capture import capture_answer, capture_visit
    from aggregator.services.trials.probe import ask, can_visit

    if last is not None:
        kept = by_visit(app.desk.store.payloads(feed_ids=[feed.id]))
        return [capture_visit(visit, feed, mask) for visit in deque(kept, maxlen=last)]
    if not can_visit(feed):
        raise UsageError(f"{feed.id} is of a kind that is not visited ({feed.kind.value})")
    seen_at = app.clock.now()
    fetcher = app.new_remembering_fetcher()

    async def get() -> Capture:
        try:
            asked = await ask(fetcher, feed, now=seen_at, environ=state.environ)
            return capture_answer(feed, asked.first, seen_at, mask)
        finally:
            await fetcher.aclose()

    return [asyncio.run(get())]


def _mask(state: State, feed: Feed) -> Mask:
    from aggregator.publish.addresses import public_feed_url
    from aggregator.services.trials.capture import mask_of

    return mask_of(feed, state.environ, public_feed_url)


def _keep(app: App, found: Capture) -> None:
    from aggregator.services.trials.capture import files_of
    from aggregator.store.captures import CaptureFolder

    folder = CaptureFolder(app.config.data_dir / "captures")
    made = folder.keep(found.feed_id, found.name, files_of(found))
    size = sum(len(one.body) for one in found.documents)
    click.echo(f"{made}: {counted(len(found.documents), 'document')}, {size} bytes")


def _write_case(app: App, found: Capture, feed: Feed, case: Path) -> None:
    from aggregator.cli.subscriptions import write_new
    from aggregator.services.rebuilding.replay import reader_for
    from aggregator.services.trials.zoo_case import case_of

    if len(found.documents) > 1:
        raise UsageError(f"{feed.id}: a visit of several pages makes no case")
    (document,) = found.documents
    file = case.with_suffix(f".{document.extension}")
    for path in (case, file):
        if path.exists():
            raise UsageError(f"{path} is there already: name a new case")
    text = case_of(document, file.name, feed, found.seen_at, reader_for(app.config.issuer))
    write_new(case, text.encode())
    write_new(file, document.body)
    click.echo(f"{case} with {file.name}: correct what is wrong in it, and say what is marked TODO")
