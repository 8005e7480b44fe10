"""The demo by three workers over PostgreSQL, one of them killed midway: the site is the one of the
embedded default, octet by octet."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from aggregator.bootstrap import App, open_app
from aggregator.cli.app import run_verb
from aggregator.daemon.worker import due_by_host
from aggregator.demo.interface import ENVIRON
from aggregator.demo.script import (
    START,
    demo_config,
    feed_titles,
    glossary_file,
    session_lines,
    translation_file,
)
from aggregator.demo.server import serve_offices
from aggregator.domain.dispatching import Work
from tests.fixtures.processes import ROOT

pytestmark = pytest.mark.long

WORKERS = 3
ROUNDS = 60
"""Rounds of two seconds in which everything must be done."""


def prepared(folder: Path, port: int, *, over_postgres: bool) -> Path:
    """The demo's folder with its configuration."""
    folder.mkdir()
    config = folder / "feeds.toml"
    head = 'dispatch = "postgres"\n' if over_postgres else ""
    config.write_text(head + demo_config(port), encoding="utf-8")
    (folder / "glossary.toml").write_text(glossary_file(), encoding="utf-8")
    (folder / "issue-48.en.po").write_text(translation_file(), encoding="utf-8")
    return config


def edit(config: Path, environ: Mapping[str, str]) -> None:
    """Fill the draft and carry out the recorded session, which publishes it."""
    for line in ["draft", *session_lines()]:
        words = [str(config.parent / w) if w.endswith(".po") else w for w in shlex.split(line)]
        run_verb(["--config", str(config), "--now", START.isoformat(), *words], environ=environ)


def site(folder: Path) -> dict[str, bytes]:
    """Every published file by its path."""
    public = folder / "public"
    return {
        file.relative_to(public).as_posix(): file.read_bytes()
        for file in sorted(public.rglob("*"))
        if file.is_file()
    }


@contextmanager
def workers(config: Path, environ: Mapping[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Three workers, ended in the end."""
    command = [sys.executable, "-m", "tests.fixtures.still_worker", str(config)]
    started = [
        subprocess.Popen(command, env={**os.environ, **environ}, cwd=ROOT) for _ in range(WORKERS)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


def visited(url: str) -> int:
    """How many visits are in the log."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) FROM fetch_log").fetchone()
    assert row is not None
    return int(row[0])


async def hand_out(app: App, url: str, started: list[subprocess.Popen[bytes]]) -> int:
    """Defer visits until none is due, kill a worker once some were made, then let the desk be kept;
    how many visits there were when it was killed."""
    queue = app.dispatcher()
    killed_at = 0
    async with queue.opened():
        for _ in range(ROUNDS):
            await queue.sweep()
            due = due_by_host(app)
            if not due:
                break
            await queue.defer_visits([feeds[0].id for feeds in due.values()])
            for _ in range(200):
                if not killed_at and visited(url) > 2:
                    killed_at = visited(url)
                    started[0].send_signal(signal.SIGKILL)
                await asyncio.sleep(0.01)
        await queue.defer_work([Work.DESK])
        for _ in range(ROUNDS):
            if not await work_left(url):
                break
            await asyncio.sleep(1)
    assert not due_by_host(app)
    return killed_at


async def work_left(url: str) -> int:
    """How many chores wait or are under way."""
    async with await psycopg.AsyncConnection.connect(url.replace("+psycopg", "")) as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE queue_name = 'chores'"
        )
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_three_workers_one_killed_make_the_same_site(tmp_path: Path, postgres_url: str) -> None:
    """The same files with the same octets, whoever visited whom in which order."""
    environ = {**ENVIRON, "AGG_DATABASE": postgres_url}
    with serve_offices(feed_titles()) as port:
        alone = prepared(tmp_path / "alone", port, over_postgres=False)
        run_verb(
            ["--config", str(alone), "--now", START.isoformat(), "refresh", "--all"],
            environ=ENVIRON,
        )
        edit(alone, ENVIRON)
        many = prepared(tmp_path / "many", port, over_postgres=True)
        app = open_app(many, now=START, environ=environ)
        app.dispatcher(prepares=True)
        app.sync()
        with workers(many, environ) as started:
            killed_at = asyncio.run(hand_out(app, postgres_url, started))
            active = sum(feed.active for feed in app.desk.feeds)
            assert 0 < killed_at < active
        app.close()
        edit(many, environ)
    mine, theirs = site(tmp_path / "alone"), site(tmp_path / "many")
    assert mine.keys() == theirs.keys()
    assert [] == [name for name in mine if mine[name] != theirs[name]]
    print(  # noqa: T201 - what scripts/same-bytes tells
        f"{len(mine)} files, {sum(map(len, mine.values()))} bytes, the same; killed at {killed_at}"
    )
