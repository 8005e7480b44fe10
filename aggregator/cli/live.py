"""check --live: the configured feeds visited once, and a table of what answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.feeds import hint
from aggregator.cli.forms import counted, instant, to_json
from aggregator.cli.progress import bar
from aggregator.domain.errors import AggregatorError, BadStatus, SinkError, UsageError
from aggregator.domain.feeds import Feed
from aggregator.publish.addresses import public_feed_url
from aggregator.services.trials.probe import Probe, Prober, Verdict, can_visit
from aggregator.text.secrets import masked

COLUMNS = (
    "feed", "HTTP", "type", "bytes", "ms", "encoding", "claimed", "version", "entries", "newest",
    "guid/date/text", "verdict",
)  # fmt: skip
SPARED = ("type", "bytes", "ms", "claimed", "version", "guid/date/text", "encoding", "HTTP")
"""What a narrow terminal goes without, the first first."""
GAP = 2
"""Columns between two cells."""

NUMBERS = frozenset({"HTTP", "bytes", "ms", "entries", "guid/date/text"})
_COLOURS = {
    Verdict.WORKS: "green",
    Verdict.LACKS: "yellow",
    Verdict.NO_FEED: "red",
    Verdict.UNREACHABLE: "red",
    Verdict.HELD: "yellow",
}


def check_live(
    state: State, names: Sequence[str], *, every: bool, out: Path | None, as_json: bool
) -> int:
    """Visit the active feeds, or those named, or with ``every`` all that can be fetched; show what
    answers, and write it to ``out`` as Markdown. Status 1 when an active feed failed."""
    app = state.app()
    feeds = _chosen(app, names, every=every)
    probes = _probe(app, feeds, state.environ)
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
        raise UsageError(f"this program does not fetch {', '.join(beyond)} yet: see kind")
    return [feed for feed in chosen if can_visit(feed) and (feed.active or every or names)]


def _probe(app: App, feeds: Sequence[Feed], environ: Mapping[str, str]) -> list[Probe]:
    async def go() -> list[Probe]:
        fetcher = app.new_remembering_fetcher()
        prober = Prober(
            fetcher=fetcher,
            clock=app.clock,
            issuer=app.config.issuer,
            spacing=app.config.spacing.total_seconds(),
            environ=environ,
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
        "url": masked(one.feed.url),
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
        return [*head, *[""] * 6, str(one.verdict)]
    shares = (contents.with_guid, contents.with_date, contents.with_text)
    return [
        *head,
        contents.encoding,
        _plain(_claimed(contents.header.lower(), contents.declaration)),
        contents.version,
        str(contents.entries),
        contents.newest.isoformat() if contents.newest else "",
        "/".join(map(str, shares)),
        str(one.verdict),
    ]


def _remarks(one: Probe) -> str:
    """What is to be said of a feed besides its row, "" where there is nothing."""
    is_elsewhere = one.contents is not None and one.url != one.feed.url
    moved = (
        f"redirected to {public_feed_url(one.url) or 'a private address'}" if is_elsewhere else ""
    )
    warnings = one.contents.warnings if one.contents else ()
    told = (one.says, moved, f"warnings {', '.join(warnings)}" if warnings else "")
    return _plain("; ".join(part for part in told if part))


def _claimed(header: str, declaration: str) -> str:
    """The charset claimed; by whom, unless header and declaration say the same."""
    if header == declaration:
        return header
    claims = (("header", header), ("declared", declaration))
    return ", ".join(f"{who} {name}" for who, name in claims if name)


def _plain(text: str) -> str:
    """A foreign text on one line, without what would move a terminal's cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


def _print(probes: Sequence[Probe]) -> None:
    rows = [_cells(one) for one in probes]
    is_terminal = sys.stdout.isatty()
    console = Console(width=None if is_terminal else _width(rows, COLUMNS), highlight=False)
    shown = fitting(rows, console.width)
    table = Table(box=None, pad_edge=False)
    for name in shown:
        table.add_column(name, justify="right" if name in NUMBERS else "left", overflow="fold")
    for one, cells in zip(probes, rows, strict=True):
        row = dict(zip(COLUMNS, cells, strict=True))
        style = {"verdict": _COLOURS[one.verdict]}
        table.add_row(*(Text(row[name], style=style.get(name, "")) for name in shown))
    console.print(table)
    if left_out := [name for name in COLUMNS if name not in shown]:
        click.echo(f"not shown for want of width: {', '.join(left_out)}")
    for one in probes:
        if remarks := _remarks(one):
            click.echo(f"{one.feed.id}: {remarks}")
    click.echo(summary(probes))


def fitting(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The columns that have room in ``width``, in their order; ``rows`` have a cell for each."""
    shown = [*COLUMNS]
    for name in SPARED:
        if _width(rows, shown) <= width:
            break
        shown.remove(name)
    return shown


def _width(rows: Sequence[Sequence[str]], names: Sequence[str]) -> int:
    widest = {
        name: max(map(cell_len, (name, *cells)))
        for name, *cells in zip(COLUMNS, *rows, strict=True)
    }
    return sum(widest[name] + GAP for name in names) - GAP


def summary(probes: Sequence[Probe]) -> str:
    """How many feeds have which verdict."""
    counts = {verdict: sum(one.verdict is verdict for one in probes) for verdict in Verdict}
    told = ", ".join(f"{verdict} {count}" for verdict, count in counts.items() if count)
    return f"{counted(len(probes), 'feed')} visited: {told}" if told else "no feeds to visit"


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
