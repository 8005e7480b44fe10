"""Search: what indexing and asking cost. ``python -m benchmarks.search --help``.

What is measured is said in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from sqlalchemy import text

from aggregator.catalogue import Catalogue
from aggregator.config.load import load_config
from aggregator.curate.copies.fold_stories import mint_public_id
from aggregator.domain.items import Item
from aggregator.domain.stories import CurationPlan, Membership, Placement, StoryDraft
from aggregator.ports.refreshing import RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.answers.search import INDEXED_TOGETHER, Asked, search
from aggregator.services.desk import Desk
from aggregator.services.many import chunks
from aggregator.services.rebuilding.replay import ReplayClock, apply
from aggregator.store.schema import open_store
from aggregator.store.sql import SqlStore
from benchmarks.curation import END, FEEDS, put
from benchmarks.curation_corpus import DAYS, START, releases

ASKED = (
    Asked(words="사업"),
    Asked(words="스마트도시"),
    Asked(words="스마트 도시 서비스"),
    Asked(words='"주민 참여형" 도서관'),
    Asked(words="시"),
    Asked(words="AI"),
    Asked(words="229억"),
    Asked(words="밝혔다"),
    Asked(words="사업 -지원"),
    Asked(words="반도체 OR 이차전지"),
    Asked(words="사업", section="trend"),
    Asked(words="사업", since=(START + timedelta(days=3)).date(), until=(START + timedelta(days=4)).date()),
    Asked(words="담당자", body=True),
    Asked(words="없는낱말"),
    Asked(words="사업 시민 추진 지원 지역 운영 확대"),
)  # fmt: skip
PAGES = 3
"""Pages of each search; and one far in it."""

RUNS = 5
TURNS = 16
_UNMARKED = (
    "DROP TRIGGER search_mark_4",
    "DROP INDEX ix_stories_unsearched",
)
"""What of a write is there for searches."""


def fill(store: Store, count: int, *, seed: int = 1) -> None:
    """So many stories of one item each; one in five has a body of some 1,000 characters, one in ten is
    placed in a section."""
    bodies: list[str] = []
    made = []
    for number, one in enumerate(releases(count, seed=seed, feeds=[feed.id for feed in FEEDS])):
        bodies = [*bodies[-4:], one.item.summary]
        body = f"<p>담당자 연락처</p><p>{' '.join(bodies)}</p>" if number % 5 == 0 else ""
        made.append(replace(one, item=replace(one.item, content=body)))
    put(store, made)
    for ids in chunks(store.uncurated_ids()):
        tell(store, ids)


def tell(store: Store, ids: Sequence[int]) -> None:
    """A story for each of these items."""
    placed = store.placed(ids)
    drafts = tuple(
        StoryDraft(
            id=None,
            public_id=mint_public_id(placed[one].feed_id, placed[one].key),
            item_ids=(one,),
            memberships=(Membership(item_id=one, rule="first"),),
        )
        for one in ids
    )
    plan = CurationPlan(stories=drafts, curated={one: placed[one].rev for one in ids})
    made = store.apply_curation(plan, END)
    placement = Placement(section="trend", score=3.0, ruleset="r")
    store.save_placements(dict.fromkeys(made[::10], placement), END)


def cpu_of(work: Callable[[], object]) -> float:
    """Seconds of the processor, SQLite's among them."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def intake(folder: Path, count: int) -> tuple[float, float]:
    """Microseconds for each of so many items that are put in and become stories, with what marks them
    for searches and without: the same items in turns, and the best turn of each."""
    items = [one.item for one in releases(count * TURNS, seed=7, feeds=["feed-000"])]
    spent: dict[bool, list[float]] = {True: [], False: []}
    stores: dict[bool, SqlStore] = {}
    for is_marked in spent:
        stores[is_marked] = store = open_store(f"sqlite:///{folder / f'intake-{is_marked}.db'}")
        store.sync_feeds(FEEDS, START)
        if not is_marked:
            with store._db.writing() as connection:  # noqa: SLF001 - there is no other way
                for statement in _UNMARKED:
                    connection.execute(text(statement))
    for number, some in enumerate(chunks(items, count)):
        for is_marked in (True, False) if number % 2 else (False, True):
            spent[is_marked].append(cpu_of(lambda: _take(stores[is_marked], some)))  # noqa: B023
    for store in stores.values():
        store.close()
    with_marks, without = (min(spent[one]) / count * 1e6 for one in (True, False))
    return with_marks, without


def _take(store: Store, some: Sequence[Item]) -> None:
    apply(store, RefreshPlan(feed_id="feed-000", seen_at=END, new=tuple(some)))
    tell(store, store.uncurated_ids())


def index(store: SqlStore) -> tuple[float, float]:
    """Seconds of the processor for all that is due, and of the clock for the longest transaction."""
    longest = 0.0
    begun = time.process_time()
    while True:
        at = time.perf_counter()
        if not store.index_stories(INDEXED_TOGETHER):
            return time.process_time() - begun, longest
        longest = max(longest, time.perf_counter() - at)


def queries(desk: Desk) -> list[dict[str, object]]:
    """Each search with its pages: milliseconds of the processor, medians of some runs."""
    rows: list[dict[str, object]] = []
    for asked in ASKED:
        page, times, shown = asked, [], 0
        for _ in range(PAGES):
            times.append(statistics.median(cpu_of(lambda: search(desk, page)) for _ in range(RUNS)))  # noqa: B023
            found = search(desk, page)
            shown += len(found.hits)
            if not found.next:
                break
            page = replace(page, after=found.next)
        row = {"words": _named(asked), "shown": shown, "ms": [round(one * 1e3, 1) for one in times]}
        rows.append(row)
        print(f"  {row['words']:<44} {shown:>3} shown  {row['ms']} ms", flush=True)  # noqa: T201
    return rows


def _named(asked: Asked) -> str:
    more = [name for name in ("body", "section", "since") if getattr(asked, name)]
    return f"{asked.words} {' '.join(f'--{name}' for name in more)}".strip()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and keep the figures where asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.search", description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000, help="stories that are searched")
    parser.add_argument("--new", type=int, default=500, help="items of one turn of the intake")
    parser.add_argument("--database", type=Path, help="keep the filled store here and use it again")
    parser.add_argument("--config", type=Path, default=Path("feeds.toml"), help="the sections")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    wanted = parser.parse_args(arguments)
    config = load_config(wanted.config, {})
    environment = (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {platform.machine()}, {DAYS} days"
    )
    print(environment, flush=True)  # noqa: T201
    with TemporaryDirectory(prefix="aggregator-search-") as folder:
        with_marks, without = intake(Path(folder), wanted.new)
        print(  # noqa: T201
            f"an item put in and told: {with_marks:.1f} us with marks for searches,"
            f" {without:.1f} us without",
            flush=True,
        )
        file = wanted.database or Path(folder) / "filled.db"
        is_filled = file.exists()
        store = open_store(f"sqlite:///{file}")
        if not is_filled:
            store.sync_feeds(FEEDS, START)
            fill(store, wanted.stored)
        due = store.waiting().stories
        spent, longest = index(store)
        if due:
            print(  # noqa: T201
                f"{due:,} stories indexed: {spent / due * 1e6:.0f} us each, the longest"
                f" transaction {longest * 1e3:.0f} ms",
                flush=True,
            )
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
        rows = queries(desk)
        store.close()
    if wanted.json:
        found = {
            "environment": environment,
            "intake_us": [with_marks, without],
            "index_us": spent / due * 1e6 if due else None,
            "queries": rows,
        }
        wanted.json.write_text(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
