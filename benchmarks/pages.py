"""Every page of the desk, and what editors wait for: ``python -m benchmarks.pages --help``.

What is measured is said in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import structlog
from sqlalchemy import Engine, event
from starlette.applications import Starlette
from starlette.routing import Route

from aggregator.bootstrap import App
from aggregator.daemon.serving import settle
from aggregator.domain.people import Role
from aggregator.web.app import make_web_app
from aggregator.web.doors.roles import ROLES
from benchmarks.pages_asked import Known, forms_of, known_of, pages_of
from benchmarks.pages_store import PASSWORD, PEOPLE, make, open_copy

ROUNDS = 7
GROWN = 50
HOST = "127.0.0.1:8080"
_PAGE = 4096
_UNCOUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A page or form: milliseconds of the processor and of the clock of the first time, the median and
    the worst of the others; bytes of the answer, statements that the database was sent."""

    name: str
    address: str
    first_cpu: float
    cpu: float
    worst_cpu: float
    wall: float
    worst_wall: float
    bytes: int
    statements: int


@dataclass
class Counter:
    """How many statements databases were sent so far."""

    count: int = 0

    def note(self, _: object, __: object, statement: str, *___: object) -> None:
        """One more, unless it is about the transaction alone."""
        self.count += not statement.startswith(_UNCOUNTED)


class Browser:
    """Somebody who is logged in, and asks the application itself. The same loop all the time, so that
    threads are kept as by a server."""

    def __init__(self, runner: asyncio.Runner, web: Starlette, name: str) -> None:
        self._runner = runner
        transport = httpx.ASGITransport(app=web, client=("127.0.0.1", 1))
        headers = {"accept-language": "ko", "sec-fetch-site": "same-origin"}
        self._client = httpx.AsyncClient(
            transport=transport, base_url=f"http://{HOST}", headers=headers
        )
        answer = self.post("/desk/login", {"name": name, "password": PASSWORD})
        _check(answer, "/desk/login")

    def get(self, address: str) -> httpx.Response:
        """Open a page."""
        return self._runner.run(self._client.get(address))

    def post(self, address: str, form: Mapping[str, str]) -> httpx.Response:
        """Send a form as the script does."""
        sent = self._client.post(address, data=dict(form), headers={"accept": "application/json"})
        return self._runner.run(sent)


def _check(answer: httpx.Response, address: str) -> None:
    if answer.status_code not in {200, 303}:
        raise RuntimeError(f"{address} answered {answer.status_code}: {answer.text[:300]}")


def addresses(web: Starlette, known: Known) -> Iterator[tuple[str, str, str]]:
    """Name, what is asked, and address of every page, as the table of routes has them. Raises
    LookupError for a route of which nothing says how it is asked."""
    pages = pages_of(known)
    for route in web.routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()):
            if route.name not in pages:
                raise LookupError(f"benchmarks/pages_asked.py says nothing of {route.name}")
            for told, address in pages[route.name].items():
                yield route.name, told, address


def measure(name: str, address: str, work: Callable[[], httpx.Response], counter: Counter) -> Timed:
    """Do it several times."""
    cpus, walls, counts, size = [], [], [], 0
    for _ in range(ROUNDS):
        counter.count, wall, cpu = 0, time.perf_counter(), time.process_time()
        answer = work()
        cpus.append((time.process_time() - cpu) * 1e3)
        walls.append((time.perf_counter() - wall) * 1e3)
        counts.append(counter.count)
        _check(answer, address)
        size = len(answer.content)
    return Timed(
        name=name,
        address=address,
        first_cpu=round(cpus[0], 1),
        cpu=round(statistics.median(cpus[1:]), 1),
        worst_cpu=round(max(cpus[1:]), 1),
        wall=round(statistics.median(walls[1:]), 1),
        worst_wall=round(max(walls[1:]), 1),
        bytes=size,
        statements=round(statistics.median(counts)),
    )


def line(one: Timed) -> str:
    """A row for a person."""
    return (
        f"{one.name:<44} {one.cpu:>7.1f} {one.worst_cpu:>7.1f} {one.first_cpu:>8.1f} {one.wall:>8.1f}"
        f" {one.worst_wall:>8.1f} {one.statements:>5} {one.bytes / 1000:>7.1f}"
    )


HEAD = (
    f"{'':<44} {'CPU ms':>7} {'worst':>7} {'first':>8} {'wall ms':>8} {'worst':>8} {'SQL':>5}"
    f" {'kB':>7}"
)


def resident() -> int:
    """MiB of this process in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * _PAGE // 2**20


@contextmanager
def counted() -> Iterator[Counter]:
    """Count the statements of every database while the block runs."""
    counter = Counter()

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        counter.note(connection, cursor, statement, *more)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counter
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Desk:
    """The application with somebody of each role in front of it."""

    def __init__(self, runner: asyncio.Runner, app: App) -> None:
        self.app = app
        self.web = make_web_app(lambda: app)
        self.known = known_of(app)
        self._people = {role: Browser(runner, self.web, name) for name, role in PEOPLE.items()}

    def who(self, route: str) -> Browser:
        """An editor, or who else may open the page."""
        least = ROLES[route, "GET"]
        fits = [one for one in self._people if not isinstance(least, Role) or one.includes(least)]
        return self._people[fits[0]]

    @property
    def editor(self) -> Browser:
        """An editor."""
        return self._people[Role.EDITOR]

    def pages(self, counter: Counter, only: str) -> Iterator[Timed]:
        """Every page."""
        for route, told, address in addresses(self.web, self.known):
            name = f"{route} {told}".strip()
            if only in name:
                who = self.who(route)
                yield measure(name, address, lambda: who.get(address), counter)  # noqa: B023

    def forms(self, counter: Counter, only: str) -> Iterator[Timed]:
        """What editors send."""
        for name, sent in forms_of(self.known).items():
            if only in name:
                yield measure(name, "", lambda: self.editor.post(*next(sent)), counter)  # noqa: B023

    def grown(self) -> Iterator[tuple[int, int]]:
        """After how many rounds of all pages the process has how many MiB."""
        asked = [
            (self.who(route), address) for route, _, address in addresses(self.web, self.known)
        ]
        for turn in range(1, GROWN + 1):
            for who, address in asked:
                _check(who.get(address), address)
            if turn % 5 == 0:
                yield turn, resident()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and keep the figures where asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000, help="stored items")
    parser.add_argument("--folder", type=Path, help="keep the filled desk here and use it again")
    parser.add_argument("--config", type=Path, default=Path("feeds.toml"), help="the rules")
    parser.add_argument("--only", default="", help="pages and forms with this in their name")
    parser.add_argument(
        "--memory", action="store_true", help=f"ask every page {GROWN} times as well"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    wanted = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(f"{versions}, {platform.machine()}")  # noqa: T201
    rows: list[Timed] = []
    with TemporaryDirectory(prefix="aggregator-pages-") as temporary, asyncio.Runner() as runner:
        folder = wanted.folder or Path(temporary)
        is_made = (folder / "feeds.toml").exists()
        app = open_copy(folder, wanted.config)
        if not is_made:
            begun = time.process_time()
            make(app, wanted.stored)
            print(f"made in {time.process_time() - begun:.0f} s of the processor", flush=True)  # noqa: T201
        desk = Desk(runner, app)
        settle()
        print(desk.known.told, HEAD, sep="\n", flush=True)  # noqa: T201
        with counted() as counter:
            for found in (desk.pages(counter, wanted.only), desk.forms(counter, wanted.only)):
                for one in found:
                    rows.append(one)
                    print(line(one), flush=True)  # noqa: T201
        for turns, size in desk.grown() if wanted.memory else ():
            print(f"memory after {turns} rounds: {size} MiB", flush=True)  # noqa: T201
        app.close()
    if wanted.json:
        wanted.json.write_text(
            json.dumps([asdict(one) for one in rows], indent=1, ensure_ascii=False)
        )


if __name__ == "__main__":
    main()
