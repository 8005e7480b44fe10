"""The verb check: the configuration, what a document would become, or what answers at the feeds'
addresses."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from aggregator.cli.app import State
from aggregator.cli.forms import to_json
from aggregator.domain.errors import AggregatorError, UnreadableFile, UsageError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import When

if TYPE_CHECKING:
    from aggregator.ports import Fetched
    from aggregator.services.inspect import Inspected, Reading

STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say of the documents, "" where they say nothing."""

    base: str = ""
    feed: str = ""
    timezone: str = ""
    encoding: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document with what came with it: ``header`` is the charset that the server said."""

    name: str
    body: bytes
    url: str = ""
    media_type: str = ""
    header: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A document as read by ``feed``, for whoever shows it. ``configured``: the feed is one of the
    configuration, not a blank one. ``updated`` is what the document's own date means."""

    source: Source
    found: Inspected
    readings: list[Reading]
    declaration: str
    feed: Feed
    configured: bool
    updated: When | None = None


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
    active feed that failed. Nothing is stored.
    """
    _refuse_mixtures(what, Given(**given), live=live, live_only=every or out is not None)
    if schema:
        from aggregator.config.schema import json_schema

        click.echo(to_json(json_schema()))
        return 0
    if live:
        from aggregator.cli.live import check_live

        return check_live(state, what, every=every, out=out, as_json=as_json)
    if not what:
        return _check_config(state, as_json=as_json)
    return _check_documents(state, what, Given(**given), as_json=as_json)


def _refuse_mixtures(what: tuple[str, ...], given: Given, *, live: bool, live_only: bool) -> None:
    of_documents = any(asdict(given).values())
    if live_only and not live:
        raise UsageError("--all and --out belong to check --live")
    if of_documents and live:
        raise UsageError("--live visits feeds as they are configured; leave the other options out")
    if of_documents and not what:
        raise UsageError("name a file or address to read (check --live FEED visits a feed)")
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
    click.echo(
        f"{config.path}: fine. {len(config.feeds)} feeds ({active} active), series"
        f" {config.series.id} with sections {sections}"
    )
    return 0


def _check_documents(state: State, what: tuple[str, ...], given: Given, *, as_json: bool) -> int:
    from aggregator.cli.document_form import document_form
    from aggregator.cli.document_lines import document_lines

    feed, issuer = _reader(state, given)
    failed = 0
    for one in what:
        try:
            checked = _read(state, _source(state, one, given, feed), given, feed, issuer)
        except AggregatorError as error:
            if len(what) == 1:
                raise
            failed += 1
            click.echo(f"aggregator: {one}: {error}", err=True)
            continue
        if as_json:
            click.echo(to_json(document_form(checked)))
        else:
            for line in document_lines(checked):
                click.echo(line)
    return 1 if failed else 0


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
    from aggregator.config.values import BadValue, read_charset, read_timezone

    try:
        if given.timezone:
            read_timezone(given.timezone)
        if given.encoding:
            read_charset(given.encoding)
    except BadValue as error:
        raise UsageError(f"{error.message} ({error.remedy})") from error


def _read(
    state: State,
    source: Source,
    given: Given,
    feed: Feed | None,
    issuer: Callable[[str], str | None],
) -> Checked:
    from aggregator.read.dates.when import parse_when
    from aggregator.services.inspect import declared_charset, inspect_document, readings

    reader = feed or Feed(id="check", url=source.url, title="", body="")
    reader = replace(
        reader,
        timezone=given.timezone or reader.timezone,
        encoding=given.encoding or reader.encoding,
    )
    now = state.moment()
    found = inspect_document(
        source.body,
        feed=reader,
        now=now,
        charset=source.header,
        media_type=source.media_type,
        base_url=source.url,
        issuer=issuer,
    )
    return Checked(
        source=source,
        found=found,
        readings=readings(found, reader, now),
        declaration=declared_charset(source.body),
        feed=reader,
        configured=feed is not None,
        updated=parse_when(found.parsed.updated, zone=ZoneInfo(reader.timezone)),
    )


def _source(state: State, what: str, given: Given, feed: Feed | None) -> Source:
    base = given.base or (feed.url if feed else "")
    if what.startswith(("http://", "https://")):
        answer = _fetch(state, what, feed)
        source = Source(
            name=what,
            body=answer.body,
            url=given.base or answer.url,
            media_type=answer.media_type,
            header=answer.charset,
        )
    else:
        source = Source(name=what, body=_bytes(what), url=base)
    if not given.content_type:
        return source
    from aggregator.fetch.headers import content_type

    media_type, charset = content_type([(b"Content-Type", given.content_type.encode())])
    return replace(source, media_type=media_type, header=charset)


def _fetch(state: State, url: str, feed: Feed | None) -> Fetched:
    from aggregator.ports import Fetched, FetchRequest

    fetcher = state.app().new_fetcher()
    limits = feed or Feed(id="check", url=url, title="", body="")
    request = FetchRequest(
        feed_id=limits.id,
        url=url,
        timeout=limits.timeout.total_seconds(),
        max_bytes=limits.max_bytes,
    )

    async def get() -> Fetched:
        try:
            answer = await fetcher.fetch(request)
        finally:
            await fetcher.aclose()
        if not isinstance(answer, Fetched):
            raise UsageError(f"{url} answered 304 without being asked")
        return answer

    return asyncio.run(get())


def _bytes(what: str) -> bytes:
    if what == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(what).read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot read {what}: {error.strerror}") from error
    except ValueError as error:
        raise UnreadableFile(f"cannot read {what!r}: it is no path") from error
