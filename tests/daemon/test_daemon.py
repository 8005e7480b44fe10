"""The daemon: its first tick, its ends, and what it survives."""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from aggregator.bootstrap import App
from aggregator.cli.daemon import address
from aggregator.daemon import listen_on, run_daemon, serving
from aggregator.daemon.tick import RunningDesk
from aggregator.domain.errors import PortTaken, StoreFull, UsageError
from aggregator.observe import configure_logging
from tests.fixtures.http import Answer, Asked, serve
from tests.fixtures.program import RELEASE, opened, write_config

ROOT = Path(__file__).parents[2]
OFFICES = Answer(body=RELEASE)


def tick(app: App) -> None:
    """One tick of a desk that is opened for it."""

    app.sync()

    async def go() -> None:
        desk = RunningDesk.open(app)
        try:
            await desk.tick()
        finally:
            await desk.aclose()

    asyncio.run(go())


def test_a_port_in_use_is_one_line() -> None:
    """Who else wants the address is told so, and where to choose another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            listen_on("127.0.0.1", port)
    assert (
        f"cannot serve on 127.0.0.1:{port}: another program listens there"
        " (choose another address with --listen or server.listen)"
    ) == str(caught.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "a" * 70 + ".invalid"])
def test_an_address_of_somebody_else_is_one_line(host: str) -> None:
    """An address that is not this machine's, or none at all, cannot be bound."""
    with pytest.raises(PortTaken) as caught:
        listen_on(host, 8080)
    assert 1 == len(str(caught.value).splitlines())


@pytest.mark.parametrize(
    "text", ["8080", ":8080", "localhost", "a:b", "a:²", "a:65536", "a:-1", "a:"]
)
def test_listen_wants_host_and_port(tmp_path: Path, text: str) -> None:
    """Anything else is refused with an example."""
    with opened(tmp_path, 1) as app, pytest.raises(UsageError, match=r"127\.0\.0\.1:8080"):
        address(app, text)


def test_listen_takes_names_and_ipv6(tmp_path: Path) -> None:
    """Brackets around IPv6 are taken off; without the option the configuration holds."""
    with opened(tmp_path, 1) as app:
        assert ("::1", 80) == address(app, "[::1]:80")
        assert ("localhost", 0) == address(app, "localhost:0")
        assert ("127.0.0.1", 8080) == address(app, None)


def test_a_tick_fetches_curates_drafts_and_builds(tmp_path: Path) -> None:
    """From nothing to a site with the release on it, which searches find, in one go; the next tick
    finds nothing due."""
    with serve(OFFICES) as office, opened(tmp_path, office.port) as app:
        tick(app)
        (issue,) = app.desk.store.issues(app.desk.series.id)
        assert 1 == len(app.desk.store.picks(issue.id))
        assert "스마트도시 데이터 허브" in (app.public / "feed.atom").read_text()
        assert (0, 0) == app.desk.store.waiting()
        asked = len(office.asked)
        tick(app)
        assert asked == len(office.asked)


def test_a_switched_off_feed_is_not_visited(tmp_path: Path) -> None:
    """active = false keeps a feed from being asked."""
    with serve(OFFICES) as office:
        file = write_config(tmp_path, office.port)
        text = file.read_text().replace('id = "msit"', 'id = "msit"\nactive = false', 1)
        file.write_text(text)
        from aggregator.bootstrap import open_app  # noqa: PLC0415

        app = open_app(file, now=None, environ={})
        tick(app)
        app.close()
    hosts = {asked.headers["host"] for asked in office.asked}
    assert "www.molit.example" in hosts
    assert "www.msit.example" not in hosts


@contextmanager
def logged() -> Iterator[StringIO]:
    """What is logged as errors while the block runs."""
    stream = StringIO()
    import logging  # noqa: PLC0415

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(level=logging.ERROR, stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def test_a_failing_store_is_one_line_and_the_next_tick_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is logged once, with its words; when there is room again all goes on."""

    def full() -> None:
        raise StoreFull("desk.db: no room to write")

    with serve(OFFICES) as office, opened(tmp_path, office.port) as app, logged() as lines:
        with monkeypatch.context() as patch:
            patch.setattr(app.desk.store, "feed_states", full)
            tick(app)
        (line, *_) = lines.getvalue().splitlines()
        assert ("tick_failed", "store_full", "desk.db: no room to write") == tuple(
            json.loads(line)[name] for name in ("event", "code", "error")
        )
        tick(app)
        assert (app.public / "feed.atom").exists()


def test_a_fault_of_the_program_does_not_end_the_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong in a tick is logged with where it was, and the next one runs."""

    def trip() -> None:
        raise ZeroDivisionError

    with opened(tmp_path, 1) as app, logged() as lines:
        monkeypatch.setattr(app.desk.store, "feed_states", trip)
        tick(app)
    assert "tick_broke_down" in lines.getvalue()
    assert "ZeroDivisionError" in lines.getvalue()


def run_until(app: App, enough: int, seconds: float = 5.0) -> tuple[list[float], int]:
    """Run the daemon with a counting tick until it ticked often enough; when ticks began, and the
    most at a time."""
    began: list[float] = []
    now = most = 0

    async def counting(_: RunningDesk, *, rebuild: bool) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        began.append(time.monotonic())
        await asyncio.sleep(0.12)
        now -= 1
        if len(began) >= enough:
            os.kill(os.getpid(), signal.SIGTERM)

    async def go() -> None:
        async with asyncio.timeout(seconds):
            await run_daemon(app, listen_on("127.0.0.1", 0), on_ready=lambda: None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunningDesk, "tick", counting)
        patch.setattr(serving, "TICK", timedelta(seconds=0.05))
        asyncio.run(go())
    return began, most


def test_the_scheduler_ticks_at_once_and_again_but_never_twice_at_a_time(tmp_path: Path) -> None:
    """A tick that lasts longer than the interval is not overtaken by the next."""
    with opened(tmp_path, 1) as app:
        began, most = run_until(app, 3)
    assert len(began) >= 3
    assert 1 == most


@contextmanager
def running(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program's own daemon in a process of its own, and its address."""
    command = [sys.executable, "-m", "aggregator", "--config", str(write_config(folder, port))]
    command += ["--now", "2024-03-04T10:00", "run", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            ready, _, _ = select.select([process.stdout], [], [], 20)
            line = process.stdout.readline() if ready else ""
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            if found is None:
                process.kill()
                pytest.fail(f"{line!r}, {process.communicate()}")
            yield process, found.group()
        finally:
            process.kill()


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, list[str], float]:
    """Send the signal; exit status, what was complained about, and how long it took."""
    began = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    taken = time.monotonic() - began
    return process.returncode, [one for one in said.splitlines() if not _is_news(one)], taken


def _is_news(line: str) -> bool:
    """Whether a line on standard error is a log line of no more than information."""
    return line.startswith("{") and json.loads(line)["level"] in {"debug", "info"}


def wait_for(condition: Path) -> None:
    deadline = time.monotonic() + 20
    while not condition.exists():
        assert time.monotonic() < deadline, f"{condition} was not made"
        time.sleep(0.02)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(tmp_path: Path, number: signal.Signals) -> None:
    """Started, served, stopped: status 0, no complaint, nothing left in the way of a new start."""
    with serve(OFFICES) as office, running(tmp_path, office.port) as (process, url):
        wait_for(tmp_path / "public" / "feed.atom")
        with urlopen(f"{url}healthz", timeout=10) as answer:  # noqa: S310 - always http
            assert b"ok\n" == answer.read()
        status, errors, seconds = end(process, number)
    assert (0, []) == (status, errors)
    assert seconds < 8


@pytest.mark.long
def test_a_signal_ends_it_while_a_feed_hangs(tmp_path: Path) -> None:
    """A feed that never answers holds up the end for a few seconds only."""

    def script(_: Asked) -> Answer:
        (tmp_path / "asked").touch()
        return Answer(pause=60)

    with serve(script) as office, running(tmp_path, office.port) as (process, _):
        wait_for(tmp_path / "asked")
        status, errors, seconds = end(process, signal.SIGTERM)
    assert (0, []) == (status, errors)
    assert seconds < serving.LAST_SECONDS + 6


@pytest.mark.long
def test_nobody_says_where_he_comes_from(tmp_path: Path) -> None:
    """Without a configured proxy, not even from this machine: logins are throttled by addresses."""
    with serve(OFFICES) as office, running(tmp_path, office.port) as (process, url):
        request = Request(  # noqa: S310 - always http
            f"{url}desk/login",
            data=b"name=kim&password=wrong",
            headers={"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": "203.0.113.7"},
        )
        with pytest.raises(HTTPError) as caught:
            urlopen(request, timeout=20)  # noqa: S310 - always http
        caught.value.close()
        status, complaints, _ = end(process, signal.SIGTERM)

    assert (401, 0) == (caught.value.code, status)
    (line,) = map(json.loads, complaints)
    assert ("login_failed", "127.0.0.1", None) == tuple(
        line[key] for key in ("event", "address", "account")
    )
