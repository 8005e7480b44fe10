"""The whole program beside the hostile internet: its configuration, its runs, its memory."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from aggregator.config.load import load_config
from aggregator.domain.errors import ConfigError
from aggregator.domain.health import Health
from tests.faults.fault import Door, Fault
from tests.faults.wire import Place
from tests.fixtures.newsletter import NEWSLETTER

ROOT = Path(__file__).parents[2]
RESOLVER = Path(__file__).parent / "resolver"
PROGRAM = (sys.executable, "-m", "aggregator")
LONGEST = 300.0
"""Seconds after which a run is held to hang."""

EVERY = 0.05
"""Seconds between two looks at the memory."""

STAND_INS = {
    "blocked_address": Health.BLOCKED_ADDRESS,
    "certificate": Health.CERTIFICATE,
    "connect_failed": Health.UNREACHABLE,
    "refused": Health.REFUSED,
    "timeout": Health.SLOW,
    "too_large": Health.TOO_LARGE,
    "redirect_loop": Health.REDIRECT_LOOP,
    "bad_status": Health.HTTP_ERROR,
    "gone": Health.GONE,
    "throttled": Health.THROTTLED,
    "host_held": Health.THROTTLED,
    "undecodable": Health.UNDECODABLE,
    "not_a_feed": Health.NOT_A_FEED,
    "html_page": Health.HTML,
    "empty_body": Health.EMPTY,
    "too_deep": Health.TOO_DEEP,
    "reader_killed": Health.READER_KILLED,
}


@dataclass(slots=True, kw_only=True)
class Internet:
    """The running server: where it stands and what it noted."""

    place: Place
    folder: Path
    faults: Sequence[Fault]

    def requests(self, name: str = "") -> list[dict[str, Any]]:
        """What was asked so far, of one fault or of all, in the order in which it ended."""
        lines = _json_lines(self.folder / "requests.jsonl")
        return [line for line in lines if not name or line["name"] == name]

    def answered(self) -> int:
        """How many requests have been answered or broken off so far."""
        file = self.folder / "requests.jsonl"
        return file.read_bytes().count(b"\n") if file.exists() else 0

    def touched(self) -> list[dict[str, Any]]:
        """Who came to a canary."""
        return _json_lines(self.folder / "canary.jsonl")

    def url(self, fault: Fault) -> str:
        """The address under which a fault is configured."""
        place = self.place
        address = place.addresses[fault.name]
        if fault.url:
            known = {"addresses": place.addresses, "http": place.http, "https": place.https}
            return fault.url.format(address=address, **known)
        if fault.door is Door.HTTPS:
            return f"https://{address}:{place.https}/feed.xml"
        return f"http://{address}:{place.http}/feed.xml"

    def names(self) -> dict[str, list[list[str]]]:
        """What the name servers of this internet answer, in turn."""
        own = self.place.addresses
        first = next(iter(own.values()))
        return {
            "inside.test": [["10.0.0.5"]],
            "loopback.test": [["127.0.0.1"]],
            "six.test": [["::1"]],
            "metadata.test": [["169.254.169.254"]],
            "mixed.test": [["127.0.0.1", first]],
            "mixed-last.test": [[first, "127.0.0.1"]],
            "rebinding.test": [[own.get("rebinding", first)], ["127.0.0.1"]],
        }


def _json_lines(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@contextmanager
def internet(cast: str, faults: Sequence[Fault], folder: Path) -> Iterator[Internet]:
    """The server of a module's ``FAULTS``, in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    command = (sys.executable, "-m", "tests.faults.server", "--cast", cast, "--folder", str(folder))
    with (folder / "server.txt").open("w", encoding="utf-8") as complaints:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            ready = process.stdout.readline()
            assert ready, (folder / "server.txt").read_text(encoding="utf-8")
            yield Internet(place=Place(**json.loads(ready)), folder=folder, faults=faults)
        finally:
            process.stdin.close()
            process.stdout.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the program: what it said, how long it took, and the most memory of its tree."""

    status: int
    out: str
    err: str
    seconds: float
    memory: int
    shares: tuple[int, ...] = ()

    def lines(self) -> list[dict[str, Any]]:
        """Standard output, one JSON document a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(slots=True, kw_only=True)
class Program:
    """The program with its own folder. ``refused`` are feeds that its configuration cannot have,
    with what it says of them; they stand there as inactive."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def start(self, *args: str, now: datetime | None = None) -> subprocess.Popen[bytes]:
        """Start a verb; its output goes into files of the folder."""
        at = () if now is None else ("--now", now.isoformat())
        with (
            (self.folder / "out.txt").open("wb") as out,
            (self.folder / "err.txt").open("wb") as err,
        ):
            return subprocess.Popen(
                (*PROGRAM, *at, *args), cwd=self.folder, env=self._environ(), stdout=out, stderr=err
            )

    def run(self, *args: str, now: datetime | None = None, longest: float = LONGEST) -> Run:
        """Run a verb to its end, watching its memory. Fails where it hangs."""
        started = time.monotonic()
        process = self.start(*args, now=now)
        with _watching(process.pid) as memory:
            try:
                status = process.wait(timeout=longest)
            except subprocess.TimeoutExpired:
                end_tree(process)
                raise AssertionError(f"{args} hangs: {self._said('err')[-2000:]}") from None
        return Run(
            status=status,
            out=self._said("out"),
            err=self._said("err"),
            seconds=time.monotonic() - started,
            memory=memory[0],
            shares=tuple(memory[1:]),
        )

    def _said(self, stream: str) -> str:
        return (self.folder / f"{stream}.txt").read_text(encoding="utf-8", errors="replace")

    def _environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AGG_", "COV_"))}
        return {**kept, "AGG_CONFIG": "feeds.toml", **self.environ}


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a process of ours and its children."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait()


@contextmanager
def _watching(pid: int) -> Iterator[list[int]]:
    """The most memory that a process and its children had together while the block ran, and that
    of each of them at that moment."""
    most: list[int] = [0]
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(EVERY):
            now = _memory_of_tree(pid)
            if sum(now) > most[0]:
                most[:] = [sum(now), *now]

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        is_over.set()
        thread.join()


def _memory_of_tree(pid: int) -> list[int]:
    """Bytes by process; what several share is divided among them, else it would count for each."""
    found = []
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                found.append(process.memory_full_info().pss)
    return found


def make_program(
    folder: Path, web: Internet, *, defaults: str = "", names: Collection[str] = ()
) -> Program:
    """The program configured with the internet's faults (or those named), every limit at its
    default but for ``defaults``."""
    faults = [one for one in web.faults if not names or one.name in names]
    folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join((str(RESOLVER), str(ROOT)))
    environ = {"FAULTS_NAMES": json.dumps(web.names()), "PYTHONPATH": path}
    program = Program(folder=folder, environ=environ)
    program.refused = _write_config(folder / "feeds.toml", web, faults, defaults)
    return program


def _write_config(
    file: Path, web: Internet, faults: Sequence[Fault], defaults: str
) -> dict[str, str]:
    """Write the file; feeds that are refused are switched off, with the reason by their names."""
    refused: dict[str, str] = {}
    while True:
        file.write_text(_config(web, faults, defaults, refused), encoding="utf-8")
        try:
            load_config(file, {})
        except ConfigError as error:
            told = {_feed_of(problem.path, faults): str(problem) for problem in error.problems}
            if told.keys() <= refused.keys() | {""}:
                raise
            refused |= told
        else:
            return refused


def _feed_of(path: str, faults: Sequence[Fault]) -> str:
    """The name of the feed that a TOML path such as ``feeds[3].url`` lies in."""
    number = path.removeprefix("feeds[").partition("]")[0]
    return faults[int(number)].name if path.startswith("feeds[") else ""


def _config(web: Internet, faults: Sequence[Fault], defaults: str, refused: Collection[str]) -> str:
    place = web.place
    head = (
        'schema = 1\ndata_dir = "."\n'
        f'allow_private = ["127.40.0.0/16:{place.http}", "127.40.0.0/16:{place.https}"]\n'
    )
    if defaults:
        head += f"defaults = {{ {defaults} }}\n"
    return head + "".join(_table(web, one, one.name in refused) for one in faults) + NEWSLETTER


def _table(web: Internet, one: Fault, is_off: bool) -> str:  # noqa: FBT001 - one caller
    lines = [
        "[[feeds]]",
        f'id = "{one.name}"',
        f'url = "{web.url(one)}"',
        'body = "molit"',
        "active = false" if is_off else one.config.replace("{folder}", str(web.folder)),
    ]
    return "\n" + "\n".join(line for line in lines if line) + "\n"


def health_of(status: dict[str, Any]) -> Health:
    """A feed's state, from a line of ``status --json``.

    Where that has no field for it, it is guessed from the error, as far as that goes.
    """
    if status.get("health"):
        return Health(status["health"])
    if status["error"] is None:
        return Health.OK if status["last_ok"] else Health.NEW
    return STAND_INS.get(status["error"], Health.NEW)
