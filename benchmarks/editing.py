"""The desk: what the inbox and an editor's actions cost. ``python -m benchmarks.editing --help``.

What is measured is said in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from aggregator.catalogue import Catalogue
from aggregator.config.load import load_config
from aggregator.domain.editing import LogFilter
from aggregator.domain.issues import Issue, PickField
from aggregator.domain.stories import Placement
from aggregator.ports.storing import Store
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, reject, reorder
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.inbox import InboxFilter, InboxPage, inbox
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.logbook import logbook
from aggregator.services.editing.undo import undo
from aggregator.services.rebuilding.replay import ReplayClock
from aggregator.store.schema import open_store
from benchmarks.curation import END, FEEDS
from benchmarks.curation_corpus import START
from benchmarks.search import cpu_of, fill

RUNS = 15
DECIDED = 200
"""Rows that are decided before anything is measured, half of them rejected."""
_SECTIONS = ("issue", "project", "trend")


def ms_of(work: Callable[[], object]) -> str:
    """Milliseconds of the processor, SQLite's among them: the median of some runs, and the longest."""
    times = [cpu_of(work) * 1e3 for _ in range(RUNS)]
    return f"{statistics.median(times):6.1f} ms, the longest {max(times):6.1f} ms"


def spread(store: Store) -> None:
    """Place what stands in one section in three, with scores of their own."""
    ids = [story.id for story in store.shown_stories(sections=["trend"])]
    placements = {
        one: Placement(section=_SECTIONS[one % 3], score=2.0 + one % 50 / 10, ruleset="r")
        for one in ids
    }
    store.save_placements(placements, END)


def last_page(desk: Desk, issue: Issue) -> InboxPage:
    """The last page of the inbox."""
    page = inbox(desk, issue, size=500)
    while page.next:
        page = inbox(desk, issue, after=page.next, size=500)
    return page


def pages(desk: Desk, issue: Issue) -> None:
    """What pages of the inbox cost."""
    whole = inbox(desk, issue)
    print(f"undecided: {whole.total:,} in {dict(whole.counts)}", flush=True)  # noqa: T201
    end = last_page(desk, issue).rows[0].key
    body = whole.rows[0].story.primary.item.body
    asked = {
        "first page of 100": lambda: inbox(desk, issue),
        "a page at the end": lambda: inbox(desk, issue, after=end),
        "a section": lambda: inbox(desk, issue, InboxFilter(section="trend")),
        "a body": lambda: inbox(desk, issue, InboxFilter(body=body)),
        "a day": lambda: inbox(desk, issue, InboxFilter(day=whole.rows[0].day)),
        "a part of the headline": lambda: inbox(desk, issue, InboxFilter(text="사업")),
        "nothing found": lambda: inbox(desk, issue, InboxFilter(text="없는낱말")),
    }
    for name, work in asked.items():
        print(f"  {name:<28} {ms_of(work)}", flush=True)  # noqa: T201


def actions(editor: Editor, issue: Issue) -> None:
    """What an editor's actions cost, with a few hundred decisions behind him."""
    desk = editor.desk
    rows = [row.story.public_id for row in inbox(desk, issue, size=500).rows]
    for number, story in enumerate(rows[:DECIDED]):
        if number % 2:
            reject(editor, issue.id, story, why="off topic")
        else:
            accept(editor, issue.id, story)
    free = iter(rows[DECIDED:])
    first = rows[0]
    where = Where(story=first, field=PickField.HEADLINE, language="en")
    texts = iter(f"Headline {number}" for number in range(1, 1000))
    seen = [""]

    def write() -> None:
        text = next(texts)
        edit_field(editor, issue.id, where, text, base=seen[0])
        seen[0] = text

    places = iter(range(1, 1000))
    asked: dict[str, Callable[[], object]] = {
        "accept": lambda: accept(editor, issue.id, next(free)),
        "reject": lambda: reject(editor, issue.id, next(free), why="off topic"),
        "a headline": write,
        "reorder": lambda: reorder(editor, issue.id, first, next(places)),
        "undo": lambda: undo(editor, issue.id),
        "a page of the log": lambda: logbook(desk),
        "the log of the issue": lambda: logbook(desk, LogFilter(issue_id=issue.id)),
        "the log of a story": lambda: logbook(desk, LogFilter(story=first)),
        "the log of nobody": lambda: logbook(desk, LogFilter(actor="nobody")),
    }
    for name, work in asked.items():
        print(f"  {name:<28} {ms_of(work)}", flush=True)  # noqa: T201


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.editing", description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000, help="stored stories")
    parser.add_argument("--database", type=Path, help="keep the filled store here and use it again")
    parser.add_argument("--config", type=Path, default=Path("feeds.toml"), help="the sections")
    wanted = parser.parse_args(arguments)
    config = load_config(wanted.config, {})
    print(  # noqa: T201
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {platform.machine()}",
        flush=True,
    )
    with TemporaryDirectory(prefix="aggregator-editing-") as folder:
        file = wanted.database or Path(folder) / "filled.db"
        is_filled = file.exists()
        store = open_store(f"sqlite:///{file}")
        if not is_filled:
            store.sync_feeds(FEEDS, START)
            fill(store, wanted.stored)
            spread(store)
        desk = Desk(
            store=cast("Store", store),
            clock=ReplayClock(END),
            series=config.series,
            feeds=FEEDS,
            bodies=config.bodies,
            rules=config.rules,
            options=config.publish,
            catalogue=Catalogue.load(),
        )
        curator = Curator(
            store=desk.store,
            clock=desk.clock,
            feeds=FEEDS,
            bodies=config.bodies,
            rules=config.rules,
            issuer={"": ""}.get,
        )
        issue = working_issue(desk)
        pages(desk, issue)
        actions(Editor.of(desk, curator, "kim"), issue)
        store.close()


if __name__ == "__main__":
    main()
