"""Folding and placing of new items: ``python -m benchmarks.curation --help``.

What is measured is said in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from aggregator.config.load import load_config
from aggregator.config.records import Config
from aggregator.domain.feeds import Feed
from aggregator.ports.refreshing import RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.curation.curate import Curator
from aggregator.services.rebuilding.replay import ReplayClock, apply
from aggregator.store.schema import open_store
from benchmarks.curation_corpus import DAYS, START, Made, releases

FEEDS = tuple(
    Feed(id=f"feed-{number:03d}", url=f"https://feed-{number:03d}.example/rss", title="", body="")
    for number in range(300)
)
END = START + timedelta(days=DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """So many ``new`` items folded and placed where ``stored`` were before: seconds of the processor
    (those in the store's methods apart) and of the clock, and the process's memory at its highest,
    before and after, in MiB."""

    stored: int
    new: int
    stories: int
    cpu: float
    stored_cpu: float
    wall: float
    memory_before: int
    memory: int


class Clocked:
    """A store that adds up how much time of the processor its methods take, in seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.cpu = 0.0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A method of the store."""
        method = getattr(self._store, name)

        def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes
            begun = time.process_time()
            try:
                return method(*given, **named)
            finally:
                self.cpu += time.process_time() - begun

        return timed


def run(store: Store, config: Config, *, stored: int, new: int, seed: int) -> Run:
    """Put new items in, as a refresh does, and curate them; the putting in does not count."""
    put(store, releases(new, seed=seed, feeds=[feed.id for feed in FEEDS]))
    clocked = Clocked(store)
    curator = Curator(
        store=cast("Store", clocked),
        clock=ReplayClock(END),
        feeds=FEEDS,
        bodies=config.bodies,
        rules=config.rules,
        issuer=config.issuer,
    )
    before, wall, cpu = _memory(), time.perf_counter(), time.process_time()
    curated = curator.curate()
    return Run(
        stored=stored,
        new=curated.items,
        stories=curated.stories,
        cpu=round(time.process_time() - cpu, 3),
        stored_cpu=round(clocked.cpu, 3),
        wall=round(time.perf_counter() - wall, 3),
        memory_before=before,
        memory=_memory(),
    )


def put(store: Store, made: Iterable[Made]) -> None:
    """Write items as new ones of their feeds."""
    by_feed: defaultdict[str, list[Made]] = defaultdict(list)
    for one in made:
        by_feed[one.item.feed_id].append(one)
    for feed_id, some in by_feed.items():
        items = tuple(one.item for one in some)
        apply(store, RefreshPlan(feed_id=feed_id, seen_at=END, new=items))


def line(one: Run) -> str:
    """A run for a person."""
    return (
        f"{one.new:>8,} new beside {one.stored:>8,}: {one.new / one.cpu:>7,.0f} items a second of"
        f" the processor ({one.cpu / one.new * 1e6:,.0f} us each, {one.stored_cpu / one.new * 1e6:,.0f}"
        f" of them in the store), {one.stories:,} stories,"
        f" {one.memory} MiB (+{one.memory - one.memory_before})"
    )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and keep the figures where asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.curation", description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000, help="items that are there already")
    parser.add_argument("--new", type=int, default=2_000, help="items of one run")
    parser.add_argument("--empty", type=int, default=8_000, help="items into an empty store")
    parser.add_argument("--reps", type=int, default=3, help="runs of each")
    parser.add_argument("--database", type=Path, help="keep the filled store here and use it again")
    parser.add_argument("--config", type=Path, default=Path("feeds.toml"), help="the rules")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    wanted = parser.parse_args(arguments)
    config = load_config(wanted.config, {})
    print(f"Python {platform.python_version()}, {platform.machine()}", flush=True)  # noqa: T201
    runs: list[Run] = []
    with TemporaryDirectory(prefix="aggregator-curation-") as folder:
        for number in range(wanted.reps):
            store = open_store(f"sqlite:///{Path(folder) / f'empty-{number}.db'}")
            store.sync_feeds(FEEDS, START)
            runs.append(run(store, config, stored=0, new=wanted.empty, seed=1))
            store.close()
            print(line(runs[-1]), flush=True)  # noqa: T201
        file = wanted.database or Path(folder) / "filled.db"
        is_filled = file.exists()
        store = open_store(f"sqlite:///{file}")
        if not is_filled:
            store.sync_feeds(FEEDS, START)
            run(store, config, stored=0, new=wanted.stored, seed=1)
        for _ in range(wanted.reps):
            there = sum(store.count_items().values())
            runs.append(run(store, config, stored=there, new=wanted.new, seed=there))
            print(line(runs[-1]), flush=True)  # noqa: T201
        store.close()
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) for one in runs], indent=1))


if __name__ == "__main__":
    main()
