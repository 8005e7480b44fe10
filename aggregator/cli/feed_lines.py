"""Feeds and hosts for a terminal: tables, and one feed in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table
from rich.text import Text

from aggregator.catalogue import Catalogue
from aggregator.cli.forms import counted, instant
from aggregator.domain.health import Health
from aggregator.domain.visits import OTHER_HOSTS, FeedDay, HostHold, Manners, Visit
from aggregator.services.reports.feed_reports import (
    PICTURED,
    FeedReport,
    Mark,
    height_of,
    last_days,
    mark_of,
    rhythm_words,
    state_name,
)

ROOMY = 100
"""Columns from which on the rhythm has one of its own."""

LONGEST = 300
"""Characters of one value that a terminal shows; --json has the whole."""

BARS = "▂▃▄▅▆▇█"
MARKS = {Mark.ABSENT: "·", Mark.CALM: "▁", Mark.REMARKED: "~", Mark.FAILED: "×"}
LEGEND = "· not visited  ▁ nothing new  ▂-█ new items  ~ remarked  × failed"

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_KIB = 1024
_LABEL = 12
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_TRUSTS_ANYBODY = "its server need not prove who it is (tls): anybody on the way can change it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Where words come from, and the present to which times are told."""

    catalogue: Catalogue
    now: datetime

    def name(self, report: FeedReport) -> str:
        """The name of its state."""
        return self.catalogue.text(report.name, "en")

    def what(self, report: FeedReport) -> str:
        """What its state means."""
        return self.catalogue.text(report.meaning, "en")

    def found(self, visit: Visit) -> str:
        """The name of the state that a visit found."""
        return self.catalogue.text(state_name(visit.health, visit.status), "en")

    def do(self, report: FeedReport) -> str:
        """What to do."""
        return self.catalogue.text(report.advice, "en")

    def age(self, at: datetime | None, missing: str = "never") -> str:
        """How long ago, or how far ahead, in its largest unit: "5m", "in 3h"."""
        if at is None:
            return missing
        seconds = (self.now - at).total_seconds()
        length = _length(abs(seconds))
        return length if seconds >= 0 else f"in {length}"

    def due(self, report: FeedReport) -> str:
        """When the next visit is: "now" where its time has come, "-" for one that is none."""
        state = report.state
        if not report.feed.active or state.suspended_at is not None:
            return "-"
        if state.next_check_at is None or state.next_check_at <= self.now:
            return "now"
        return self.age(state.next_check_at)


def _length(seconds: float) -> str:
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if seconds >= unit:
            return f"{int(seconds // unit)}{name}"
    return f"{int(seconds)}s"


def feed_table(reports: Iterable[FeedReport], words: Words, width: int) -> Table:
    """A row for each feed. Times are told by how far away they are; the rhythm is left out where
    ``width`` columns have no room for it."""
    table = Table(box=None, pad_edge=False)
    table.add_column("feed", overflow="fold")
    table.add_column("state", no_wrap=True)
    for name in ("since", "items", "last ok", "next"):
        table.add_column(name, no_wrap=True, justify="right")
    if width >= ROOMY:
        table.add_column("rhythm", no_wrap=True)
    for report in reports:
        state = report.state
        row: list[Text | str] = [
            Text(report.feed.id),
            Text(words.name(report), style=_style(report.health)),
            words.age(report.since, "-"),
            str(report.items),
            words.age(state.last_ok_at),
            words.due(report),
        ]
        if width >= ROOMY:
            row.append(rhythm_words(state.rhythm, words.catalogue, "en"))
        table.add_row(*row)
    return table


def _style(health: Health) -> str:
    if health.is_ill:
        return "bold red"
    return "yellow" if health in {Health.MOVED, Health.QUIET} else ""


def ill_lines(report: FeedReport, words: Words) -> Iterator[Text | Table]:
    """What ails a feed: what it saw, and what to do."""
    yield Text()
    yield _heading(report, words)
    yield _grid([*_illness(report, words), *_warnings(report)])


def warned(report: FeedReport) -> Iterator[Text | Table]:
    """What must be said of a feed that is not ill: how it is reached."""
    if warnings := [*_warnings(report)]:
        yield Text()
        yield Text(report.feed.id, style="bold")
        yield _grid(warnings)


def _heading(report: FeedReport, words: Words) -> Text:
    heading = Text()
    heading.append(f"{report.feed.id}: {words.name(report)}", style="bold")
    return heading.append(_times(report.state.failures))


def _illness(report: FeedReport, words: Words) -> Iterator[tuple[str, str]]:
    evidence = report.state.condition.evidence
    yield "means", words.what(report)
    yield "since", instant(report.since) or ""
    yield "says", report.says
    yield "status", "" if evidence.status is None else str(evidence.status)
    yield "at", evidence.url
    yield "saw", evidence.head
    yield "do", words.do(report)


def _warnings(report: FeedReport) -> Iterator[tuple[str, str]]:
    if report.is_unverified:
        yield "warning", _TRUSTS_ANYBODY
    if report.proxy:
        yield "warning", f"it is read through the proxy {report.proxy}"


def _times(failures: int) -> str:
    if not failures:
        return ""
    return f" (failed {'once' if failures == 1 else f'{failures} times in a row'})"


def _grid(pairs: Iterable[tuple[str, str]]) -> Table:
    """Names on the left, values on the right; what is empty is left out."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=_LABEL, justify="right")
    grid.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            # What came from elsewhere moves no cursor.
            shown = "".join(c if c.isprintable() else " " for c in value)
            cut = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
            grid.add_row(name, Text(cut, style="yellow" if name == "warning" else ""))
    return grid


def feed_in_full(
    report: FeedReport, visits: Sequence[Visit], words: Words
) -> Iterator[Text | Table]:
    """One feed: its state with the evidence, its settings, its last days and visits."""
    yield _heading(report, words)
    yield _grid([*_illness(report, words), *_facts(report, words), *_warnings(report)])
    days = last_days(words.now)
    line = "".join(day_mark(report.days.get(day)) for day in days)
    yield Text()
    yield Text(line)
    yield Text(f"{PICTURED} days to {days[-1]}: {LEGEND}", style="dim")
    yield Text()
    yield visit_table(visits, words) if visits else Text("not visited in the last 90 days")


def _facts(report: FeedReport, words: Words) -> Iterator[tuple[str, str]]:
    feed, state = report.feed, report.state
    yield "address", report.address
    yield "body", feed.body
    yield "licence", feed.licence
    yield "items", str(report.items)
    yield "rhythm", rhythm_words(state.rhythm, words.catalogue, "en")
    yield "last ok", instant(state.last_ok_at) or "never"
    yield "last new", instant(state.last_new_at) or "never"
    yield "next", instant(state.next_check_at) or ("" if state.suspended_at else "now")
    yield "suspended", instant(state.suspended_at) or ""
    yield from _move(report)


def _move(report: FeedReport) -> Iterator[tuple[str, str]]:
    move = report.state.move
    if move is None:
        return
    seen = f"seen on {counted(len(move.days), 'day')}"
    yield "moved to", f"{move.url} ({seen}, {'followed' if move.kept else 'not yet followed'})"


def day_mark(day: FeedDay | None) -> str:
    """One character for a day."""
    mark = mark_of(day)
    if day is None or mark is not Mark.BROUGHT:
        return MARKS[mark]
    return BARS[height_of(day.new, len(BARS)) - 1]


def visit_table(visits: Iterable[Visit], words: Words) -> Table:
    """A row for each visit."""
    table = Table(box=None, pad_edge=False)
    table.add_column("visit", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    for name in ("status", "ms", "bytes", "new", "changed"):
        table.add_column(name, no_wrap=True, justify="right")
    table.add_column("state", overflow="fold")
    for visit in visits:
        table.add_row(
            f"{instant(visit.started_at)}"[:16].replace("T", " "),
            visit.outcome.value.replace("_", " "),
            str(visit.status or "-"),
            str(visit.milliseconds),
            size(visit.body_bytes),
            str(visit.new),
            str(visit.changed),
            Text(words.found(visit), style=_style(visit.health)),
        )
    return table


def host_table(manners: Iterable[Manners], holds: Mapping[str, HostHold]) -> Table:
    """A row for each host."""
    table = Table(box=None, pad_edge=False)
    table.add_column("host", overflow="fold")
    for name in ("requests", "304", "received", "saved", "gap"):
        table.add_column(name, no_wrap=True, justify="right")
    table.add_column("on hold until")
    for one in manners:
        hold = holds.get(one.host)
        table.add_row(
            Text(one.host if one.host != OTHER_HOSTS else "other hosts"),
            str(one.requests),
            str(one.not_modified),
            size(one.bytes),
            size(one.bytes_saved),
            "-" if one.shortest_gap is None else f"{one.shortest_gap:.1f}s",
            f"{instant(hold.until)} ({hold.status})" if hold else "-",
        )
    return table


def size(count: float) -> str:
    """Bytes in their largest unit: "512B", "1.5MiB"."""
    for unit in _UNITS[:-1]:
        if count < _KIB:
            return f"{count:.0f}{unit}" if unit == _UNITS[0] else f"{count:.1f}{unit}"
        count /= _KIB
    return f"{count:.1f}{_UNITS[-1]}"
