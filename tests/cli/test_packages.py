"""The four packages at the heart of the program are at work on its path."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedgen.feed
import feedparser.api
import httpx
import pytest

from tests.cli.conftest import NOW, Program

DAEMON = """
    import sys
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    for name in ("add_job", "start", "shutdown"):
        def watched(self, *args, _name=name, _true=getattr(AsyncIOScheduler, name), **more):
            print("scheduler", _name, more.get("id", ""), flush=True)
            return _true(self, *args, **more)
        setattr(AsyncIOScheduler, name, watched)
    from aggregator.cli.app import main
    main()
"""


def watch(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, calls: list[str]) -> None:  # noqa: ANN401 - any class or module
    """Note each call of ``owner.name`` and let it through."""
    true: Callable[..., object] = getattr(owner, name)

    def watched(*args: object, **more: object) -> object:
        calls.append(name)
        return true(*args, **more)

    monkeypatch.setattr(owner, name, watched)


UNUSUAL = (
    '<rss version="2.0" xml:base="https://news.example/"><channel><title>소식</title>'
    "<item><title>제목</title><link>/1</link></item></channel></rss>"
)


def test_fetching_reading_and_writing(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refresh makes each request with httpx and writes each Atom feed with feedgen; what parses
    each feed that is not plain, in a process of its own, is feedparser."""
    calls: list[str] = []
    watch(monkeypatch, httpx.Request, "__init__", calls)
    watch(monkeypatch, feedgen.feed.FeedGenerator, "atom_str", calls)

    assert 0 == program("refresh", "--all").status

    written = list((program.folder / "public").rglob("*.atom"))
    assert {"__init__": 2, "atom_str": len(written)} == Counter(calls)
    watch(monkeypatch, feedparser.api.StrictFeedParser, "endDocument", calls)
    assert 0 == program("check", str(written[0])).status
    assert 0 == Counter(calls)["endDocument"]
    unusual = program.folder / "unusual.xml"
    unusual.write_text(UNUSUAL, encoding="utf-8")
    assert 0 == program("check", str(unusual)).status
    assert 1 == Counter(calls)["endDocument"]


def wait_for(file: Path) -> None:
    """Until it is there, at most twenty seconds."""
    deadline = time.monotonic() + 20
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.long
def test_the_daemon_ticks(program: Program) -> None:
    """Its one job is APScheduler's; the first tick fetches and publishes, Ctrl-C ends it."""
    command = [sys.executable, "-c", textwrap.dedent(DAEMON), "--config", str(program.config)]
    with subprocess.Popen(
        [*command, "--now", NOW, "run", "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(4)]
        wait_for(program.folder / "public" / "feed.atom")
        process.send_signal(signal.SIGINT)
        rest, complaints = process.communicate(timeout=30)

    assert ["scheduler add_job tick\n", "scheduler start \n"] == said[:2]
    assert said[2].startswith("serving ")
    assert "scheduler shutdown" in rest
    assert "Traceback" not in complaints
    assert 4 == len(program("items").out.splitlines())
