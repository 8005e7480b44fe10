"""Refresh cycles of the desk and of the library ``reader``: ``python -m benchmarks.refresh --help``.

Both run as whole processes from a cold start, in turn, over the same feeds on loopback. What is
measured and what each side does is said in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from benchmarks.refresh_corpus import Revision, write
from benchmarks.refresh_server import host

PHASES = {
    "cold": "cold: everything is new",
    "304": "all 304",
    "latency": "all 304, 150 ms away",
    "changed": "about 10 % changed",
    "lbd": "only the document's date changed",
    "plain": "unchanged 200s",
}
"""In the order in which they run. The last has feeds of its own, which have no validators."""

LATENCY = 150
"""Median of the feeds' delays in milliseconds."""

DATABASES = {"desk": ("var/aggregator.db", "items"), "reader": ("r.db", "entries")}
"""Where each side keeps what it has stored, and in which table."""

_DESK = """\
schema = 1
data_dir = "var"
allow_private = ["127.1.0.0/24:{port}"]
defaults = {{ spacing = "0s" }}
series = [{{ id = "news", title = {{ ko = "소식" }}, tagline = {{ ko = "이달의 소식" }} }}]
sections = [{{ id = "all", series = "news", title = {{ ko = "정책" }} }}]
publish = {{ base_url = "https://news.example", tag_authority = "news.example,2024" }}
groups.core = {{ weight = 3.0, words = ["스마트도시", "디지털 트윈"] }}
topic = {{ groups = ["core"], must_any = ["core"], threshold = 3.0 }}
"""
_ADD = (
    "from reader import make_reader\nr = make_reader('r.db')\nfor url in {urls!r}: r.add_feed(url)"
)
_UPDATE = (
    "from reader import make_reader\n"
    "make_reader('r.db').update_feeds(scheduled=False, workers={workers})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One refresh of one side: seconds of the clock and of the processor, items stored in all,
    answers of the server by status."""

    phase: str
    side: str
    wall: float
    cpu: float
    items: int
    statuses: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server under way."""

    port: int

    def do(self, order: str) -> dict[str, int]:
        """Tell it something; the statuses since the last time."""
        with urlopen(f"http://{host(0)}:{self.port}/do/{order}") as answer:
            counts: dict[str, int] = json.load(answer)
            return counts


@contextmanager
def serving() -> Iterator[Server]:
    """A server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.refresh_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            yield Server(port=int(process.stdout.readline()))
        finally:
            process.terminate()


def commands(side: str, phase: str, *, whole: bool) -> list[list[str]]:
    """What a side runs; where there are several, the quickest counts. ``whole``: the desk also
    folds, places and builds."""
    if side == "desk":
        more = [] if whole else ["--fetch-only"]
        return [[sys.executable, "-m", "aggregator", "refresh", "--all", *more]]
    counts = (20, 50) if phase == "latency" else (20,)
    return [[sys.executable, "-c", _UPDATE.format(workers=count)] for count in counts]


def prepare(side: str, folder: Path, urls: Sequence[str], port: int) -> None:
    """Subscribe to the feeds; this is not timed."""
    folder.mkdir()
    if side == "reader":
        add = [sys.executable, "-c", _ADD.format(urls=list(urls))]
        subprocess.run(add, cwd=folder, check=True)  # noqa: S603
        return
    feeds = [f'[[feeds]]\nid = "f{n}"\nurl = "{url}"\nbody = "molit"' for n, url in enumerate(urls)]
    (folder / "feeds.toml").write_text("\n".join([_DESK.format(port=port), *feeds]), "utf-8")


def measure(side: str, phase: str, folder: Path, server: Server, *, whole: bool) -> Run:
    """Run a side's phase. Raises where the program fails."""
    return min(
        (_once(side, phase, folder, server, c) for c in commands(side, phase, whole=whole)),
        key=_wall,
    )


def _wall(run: Run) -> float:
    return run.wall


def _once(side: str, phase: str, folder: Path, server: Server, command: list[str]) -> Run:
    server.do("counts")
    before, started = _spent(), time.perf_counter()
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    wall, cpu = time.perf_counter() - started, _spent() - before
    if ended.returncode:
        raise SystemExit(f"{side} failed in {phase}:\n{ended.stderr[-2000:]}")
    return Run(
        phase=phase,
        side=side,
        wall=wall,
        cpu=cpu,
        items=_count(side, folder),
        statuses=server.do("counts"),
    )


def _spent() -> float:
    """Seconds of processor of all children that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _count(side: str, folder: Path) -> int:
    name, table = DATABASES[side]
    with closing(sqlite3.connect(folder / name)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def repetition(
    folder: Path, corpora: Path, server: Server, wanted: argparse.Namespace
) -> list[Run]:
    """Every phase once, of one side and then of the other."""
    runs: list[Run] = []
    for side in DATABASES:
        for path, phases in (("feed", [*PHASES][:-1]), ("plain", ["cold", "plain"])):
            todo = [phase for phase in phases if phase in wanted.phases or phase == "cold"]
            if todo == ["cold"] and (path == "plain" or "cold" not in wanted.phases):
                continue
            home = folder / f"{side}-{path}"
            urls = [
                f"http://{host(number)}:{server.port}/{path}/{number:05}"
                for number in range(wanted.feeds)
            ]
            prepare(side, home, urls, server.port)
            server.do(f"load?{corpora / 'cold'}")
            for phase in todo:
                if (corpora / phase).exists():
                    server.do(f"load?{corpora / phase}")
                server.do(f"delay?{LATENCY if phase == 'latency' else 0}")
                run = measure(side, phase, home, server, whole=wanted.whole)
                told = f"{run.phase} {run.side}: {run.cpu:.2f} s cpu, {run.wall:.2f} s wall"
                print(told, file=sys.stderr, flush=True)  # noqa: T201
                if path == "feed" or phase == "plain":
                    runs.append(run)
    return runs


def write_corpora(folder: Path, feeds: int, phases: Sequence[str]) -> None:
    """The documents of the phases in which they differ from those before."""
    newest = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    has_news = "changed" in phases
    write(folder / "cold", feeds, Revision(newest=newest))
    if has_news:
        write(folder / "changed", feeds, Revision(newest=newest, has_news=True))
    if "lbd" in phases:
        write(folder / "lbd", feeds, Revision(newest=newest, minute=7, has_news=has_news))


def table(runs: Sequence[Run]) -> str:
    """Medians of both sides and their ratios, as Markdown."""
    lines = [
        "| phase | desk CPU s | reader CPU s | ratio | desk wall s | reader wall s | ratio | items | served |",
        "| --- |" + " ---: |" * 7 + " --- |",
    ]
    for phase, told in PHASES.items():
        sides = {
            side: [r for r in runs if (r.phase, r.side) == (phase, side)] for side in DATABASES
        }
        if not sides["desk"]:
            continue
        cells = [told]
        for name in ("cpu", "wall"):
            ours, theirs = (median(getattr(r, name) for r in each) for each in sides.values())
            cells += [f"{ours:.2f}", f"{theirs:.2f}", f"{theirs / ours:.1f}"]
        items = {each.items for side in sides.values() for each in side}
        cells.append(" or ".join(str(count) for count in sorted(items)))
        served = [
            json.dumps(each[-1].statuses).strip("{}").replace('"', "") for each in sides.values()
        ]
        cells.append(served[0] if len(set(served)) == 1 else " / ".join(served))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def environment() -> dict[str, str]:
    """What the figures depend on. Each side opens its databases with SQLite's own default of how
    safely it writes."""
    with closing(sqlite3.connect(":memory:")) as connection:
        synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    return {
        "CPUs": str(os.cpu_count()),
        "Python": platform.python_version(),
        "desk": version("press-newsletter-desk"),
        "reader": version("reader"),
        "SQLite": f"{sqlite3.sqlite_version}, synchronous {synchronous}",
    }


def unequal(runs: Sequence[Run]) -> list[str]:
    """The phases after which the sides had not stored equally many items."""
    found = {phase: {run.items for run in runs if run.phase == phase} for phase in PHASES}
    return [phase for phase, counts in found.items() if len(counts) > 1]


def _phases(text: str) -> list[str]:
    phases = text.split(",")
    if unknown := set(phases) - set(PHASES):
        raise argparse.ArgumentTypeError(
            f"no phase {min(unknown)!r}: there are {', '.join(PHASES)}"
        )
    return phases


def main() -> None:
    """Compare refresh cycles of the desk with those of the library reader."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refresh", description=main.__doc__)
    parser.add_argument("--feeds", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--phases", type=_phases, default=[*PHASES], help=",".join(PHASES))
    parser.add_argument("--reps", type=int, default=1, help="repetitions, of which medians count")
    parser.add_argument("--whole", action="store_true", help="the desk folds and builds, too")
    parser.add_argument("--json", type=Path, help="write every run and the environment there")
    wanted = parser.parse_args()
    runs: list[Run] = []
    with TemporaryDirectory() as name, serving() as server:
        folder = Path(name)
        (folder / "corpora").mkdir()
        write_corpora(folder / "corpora", wanted.feeds, wanted.phases)
        for number in range(wanted.reps):
            place = folder / f"run-{number}"
            place.mkdir()
            runs += repetition(place, folder / "corpora", server, wanted)
    told = ", ".join(f"{key} {value}" for key, value in environment().items())
    print(f"{wanted.feeds} feeds, {wanted.reps} repetitions; {told}\n\n{table(runs)}")  # noqa: T201
    if wanted.json:
        rows = {"environment": environment(), "runs": [asdict(run) for run in runs]}
        wanted.json.write_text(json.dumps(rows, indent=1), "utf-8")
    if different := unequal(runs):
        raise SystemExit(f"the sides stored different numbers of items: {', '.join(different)}")


if __name__ == "__main__":
    main()
