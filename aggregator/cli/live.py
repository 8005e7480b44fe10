"""check --live: the configured feeds visited once, and a table of what answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.feeds import WIDTH, hint
from aggregator.cli.forms import instant, to_json
from aggregator.cli.progress import bar
from aggregator.domain.errors import AggregatorError, BadStatus, SinkError, UsageError
from aggregator.domain.feeds import Feed
from aggregator.publish.addresses import public_feed_url
from aggregator.services.probe import Probe, Prober, Verdict, can_visit

COLUMNS = (
    "feed", "HTTP", "type", "bytes", "ms", "encoding", "version", "entries", "newest",
    "guid/date/text", "verdict",
)  # fmt: skip
NUMBERS = frozenset({"HTTP", "bytes", "ms", "entries", "guid/date/text"})
_COLOURS = {
    Verdict.WORKS: "green",
    Verdict.LACKS: "yellow",
    Verdict.NO_FEED: "red",
    Verdict.UNREACHABLE: "red",
}


def check_live(
    state: State, names: Sequence[str], *, every: bool, out: Path | None, as_json: bool
) -> int:
    """Visit the active feeds, or those named, or with ``every`` all that can be fetched; show what
    answers, and write it to ``out`` as Markdown. Status 1 when an active feed failed."""
    app = state.app()
    feeds = _chosen(app, names, every=every)
    probes = _probe(app, feeds)
    if as_json:
        for one in probes:
            click.echo(to_json(probe_form(one)))
    else:
        _print(probes)
    if out is not None:
        _write(out, markdown(probes, f"{instant(app.clock.now())}"))
    return AggregatorError.exit_status if any(p.failed and p.feed.active for p in probes) else 0


def _chosen(app: App, names: Sequence[str], *, every: bool) -> list[Feed]:
    known = {feed.id: feed for feed in app.config.feeds}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"no feed is called {', '.join(unknown)} ({hint(unknown, known)})")
    chosen = [known[name] for name in dict.fromkeys(names)] or [*known.values()]
    beyond = [feed.id for feed in chosen if not can_visit(feed)]
    if names and beyond:
        raise UsageError(
            f"this program does not fetch {', '.join(beyond)} yet: see kind and method"
        )
    return [feed for feed in chosen if can_visit(feed) and (feed.active or every or names)]


def _probe(app: App, feeds: Sequence[Feed]) -> list[Probe]:
    async def go() -> list[Probe]:
        fetcher = app.new_fetcher()
        prober = Prober(
            fetcher=fetcher,
            clock=app.clock,
            issuer=app.config.issuer,
            spacing=app.config.spacing.total_seconds(),
        )
        try:
            with bar("Visiting feeds", len(feeds)) as progress:
                return await prober.probe(feeds, on_done=lambda _: progress.step())
        finally:
            await fetcher.aclose()

    return asyncio.run(go())


def probe_form(one: Probe) -> dict[str, Any]:
    """What a feed answered, for JSON."""
    contents = one.contents
    return {
        "feed": one.feed.id,
        "url": one.feed.url,
        "active": one.feed.active,
        "answered": one.url,
        "status": one.status,
        "error": one.error_code,
        "media_type": one.media_type or None,
        "bytes": one.body_bytes,
        "milliseconds": one.milliseconds,
        "encoding": contents.encoding if contents else None,
        "header": (contents and contents.header) or None,
        "declaration": (contents and contents.declaration) or None,
        "version": contents.version if contents else None,
        "title": contents.title if contents else None,
        "entries": contents.entries if contents else None,
        "newest": contents.newest.isoformat() if contents and contents.newest else None,
        "with_guid": contents.with_guid if contents else None,
        "with_date": contents.with_date if contents else None,
        "with_text": contents.with_text if contents else None,
        "warnings": list(contents.warnings) if contents else [],
        "verdict": str(one.verdict),
        "says": one.says or None,
    }


def _cells(one: Probe) -> list[str]:
    """The row of a feed, in the order of COLUMNS."""
    contents = one.contents
    came = one.status is not None and one.error_code != BadStatus.code
    size = str(one.body_bytes) if came else ""
    status = str(one.status) if one.status else "-"
    head = [one.feed.id, status, _plain(one.media_type), size, str(one.milliseconds)]
    if contents is None:
        return [*head, *[""] * 5, str(one.verdict)]
    shares = (contents.with_guid, contents.with_date, contents.with_text)
    return [
        *head,
        _plain(_encoding(contents.encoding, contents.header, contents.declaration)),
        contents.version,
        str(contents.entries),
        contents.newest.isoformat() if contents.newest else "",
        "/".join(map(str, shares)),
        str(one.verdict),
    ]


def _remarks(one: Probe) -> str:
    """What is to be said of a feed besides its row, "" where there is nothing."""
    has_moved = one.contents is not None and one.url != one.feed.url
    moved = (
        f"it has moved to {public_feed_url(one.url) or 'a private address'}" if has_moved else ""
    )
    warnings = one.contents.warnings if one.contents else ()
    told = (one.says, moved, f"warnings {', '.join(warnings)}" if warnings else "")
    return _plain("; ".join(part for part in told if part))


def _encoding(found: str, header: str, declaration: str) -> str:
    """The charset found, and the claims that name another."""
    claims = (("header", header.lower()), ("declared", declaration))
    others = [f"{who} {name}" for who, name in claims if name and name != found]
    return f"{found} ({', '.join(others)})" if others else found


def _plain(text: str) -> str:
    """A foreign text on one line, without what would move a terminal's cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


def _print(probes: Sequence[Probe]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in NUMBERS else "left", overflow="fold")
    for one in probes:
        *cells, verdict = _cells(one)
        table.add_row(*map(Text, cells), Text(verdict, style=_COLOURS[one.verdict]))
    Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False).print(table)
    for one in probes:
        if remarks := _remarks(one):
            click.echo(f"{one.feed.id}: {remarks}")
    click.echo(summary(probes))


def summary(probes: Sequence[Probe]) -> str:
    """How many feeds have which verdict."""
    counts = {verdict: sum(one.verdict is verdict for one in probes) for verdict in Verdict}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    return f"{len(probes)} feeds visited: {told}" if told else "no feeds to visit"


def markdown(probes: Sequence[Probe], at: str) -> str:
    """The table as a Markdown document; ``at`` is when it was made."""
    return "\n".join(_markdown_lines(probes, at)) + "\n"


def _markdown_lines(probes: Sequence[Probe], at: str) -> Iterator[str]:
    yield "# What answers at the feeds' addresses"
    yield ""
    yield f"{at}. {summary(probes)}."
    yield ""
    yield f"| {' | '.join((*COLUMNS, 'remarks'))} |"
    yield f"|{' --- |' * (len(COLUMNS) + 1)}"
    for one in probes:
        cells = [_escaped(cell) for cell in (*_cells(one), _remarks(one))]
        yield f"| {' | '.join(cells)} |"


def _escaped(cell: str) -> str:
    """A cell in which nothing means something to Markdown or HTML."""
    text = cell.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\|`*_[]" else c for c in text)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SinkError(f"cannot write {path}: {error.strerror}") from error
