"""A month of the daemon in minutes, for its memory: ``python -m benchmarks.month --help``.

What is simulated is said in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from aggregator.bootstrap import App
from aggregator.config import load_config
from aggregator.daemon.serving import settle
from aggregator.daemon.tick import RunningDesk
from benchmarks.refresh import Server, serving
from benchmarks.refresh_corpus import MONTH
from benchmarks.refresh_server import host

_MEGABYTE = 1 << 20
_CONFIG = """\
schema = 1
data_dir = "var"
allow_private = ["127.1.0.0/24:{port}"]
defaults = {{ spacing = "0s" }}
series = [{{ id = "news", title = {{ ko = "소식" }}, tagline = {{ ko = "이달의 소식" }} }}]
sections = [{{ id = "all", series = "news", title = {{ ko = "정책" }} }}]
publish = {{ base_url = "https://news.example", tag_authority = "news.example,2024" }}
groups.core = {{ weight = 3.0, words = ["스마트도시", "디지털 트윈", "교통", "개통"] }}
topic = {{ groups = ["core"], must_any = ["core"], threshold = 3.0 }}
"""


@dataclass(slots=True)
class _Clock:
    """A clock that is put forward by hand."""

    at: datetime

    def now(self) -> datetime:
        """The instant that it shows."""
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How it stood at the end of a day: items stored and visits made so far, and the memory of the
    daemon and of what reads its documents, in MiB."""

    day: int
    items: int
    visits: int
    daemon: float
    readers: float
    cpu: float


async def live(app: App, clock: _Clock, server: Server, wanted: argparse.Namespace) -> list[Day]:
    """Let the daemon tick through so many days."""
    desk = RunningDesk.open(app)
    days: list[Day] = []
    visits = 0
    try:
        for number in range(wanted.days):
            for minute in range(0, 24 * 60, wanted.step):
                clock.at = MONTH + timedelta(days=number, minutes=minute)
                visits += sum(
                    server.do(f"minute?{int((clock.at - MONTH) / timedelta(minutes=1))}").values()
                )
                await desk.tick(rebuild=not days and not minute)
                if desk.visits:
                    await asyncio.wait(desk.visits)
                if not days and not minute:
                    settle()
            days.append(_day(number + 1, app, visits))
            print(line(days[-1]), flush=True)  # noqa: T201
    finally:
        await desk.aclose()
    return days


def _day(number: int, app: App, visits: int) -> Day:
    return Day(
        day=number,
        items=sum(app.store.count_items().values()),
        visits=visits,
        daemon=_resident(os.getpid()),
        readers=sum(map(_resident, _children(os.getpid()))),
        cpu=round(time.process_time(), 1),
    )


def _resident(process: int) -> float:
    """Memory of a process in MiB; 0 for one that has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE, 1)


def _children(process: int) -> list[int]:
    """The processes that it started, and those that these started, but for the feeds' server."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            if b"refresh_server" not in Path(f"/proc/{child}/cmdline").read_bytes():
                found += [int(child), *_children(int(child))]
    return found


def line(one: Day) -> str:
    """A day for a person."""
    return (
        f"day {one.day:>3}: {one.items:>7,} items, {one.visits:>8,} visits, {one.cpu:>7,.1f} s of CPU,"
        f" daemon {one.daemon:.1f} MiB, readers {one.readers:.1f} MiB"
    )


def slope(days: Sequence[Day]) -> float:
    """By how many MiB a week the daemon grows, as the straight line through all days but those of
    the first week says."""
    later = [(one.day / 7, one.daemon) for one in days if one.day > 7]  # noqa: PLR2004
    if len(later) < 2:  # noqa: PLR2004
        return 0.0
    middle = fmean(week for week, _ in later), fmean(memory for _, memory in later)
    spread = sum((week - middle[0]) ** 2 for week, _ in later)
    return sum((week - middle[0]) * (memory - middle[1]) for week, memory in later) / spread


def main() -> None:
    """Let the daemon live through a month of many feeds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.month", description=main.__doc__)
    parser.add_argument("--feeds", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--days", type=int, default=31, help="days that are lived through")
    parser.add_argument("--step", type=int, default=10, help="minutes from tick to tick")
    parser.add_argument("--json", type=Path, help="write the days there as well")
    wanted = parser.parse_args()
    with TemporaryDirectory(prefix="aggregator-month-") as name, serving() as server:
        file = Path(name) / "feeds.toml"
        feeds = [
            f'[[feeds]]\nid = "f{n}"\nurl = "http://{host(n)}:{server.port}/month/{n:05}"\nbody = "molit"'
            for n in range(wanted.feeds)
        ]
        file.write_text("\n".join([_CONFIG.format(port=server.port), *feeds]), "utf-8")
        clock = _Clock(MONTH)
        app = App(load_config(file, {}), clock, {})
        app.sync()
        days = asyncio.run(live(app, clock, server, wanted))
        app.close()
    print(f"the daemon grows by {slope(days):+.2f} MiB a week after the first")  # noqa: T201
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) for one in days], indent=1), "utf-8")


if __name__ == "__main__":
    main()
