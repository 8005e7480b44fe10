"""The program at work in a folder of its own, its feeds on a loopback server."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aggregator.cli.app import main
from tests.fixtures.dumping import dump
from tests.fixtures.newsletter import NEWSLETTER

NOW = "2024-03-04T10:00"

_FEEDS = """\
schema = 1
data_dir = "."
allow_private = ["127.0.0.1:{port}"]
connect_to = {{ "*.example" = "127.0.0.1:{port}" }}
defaults = {{ spacing = "1s" }}

[[feeds]]
id = "molit"
url = "http://molit.example/molit.xml"
body = "molit"

[[feeds]]
id = "seoul"
url = "http://seoul.example/seoul.xml"
body = "seoul"
issuer = "author" # names none, so that its items are of Seoul; but it might bring any section's

[[feeds]]
id = "closed"
url = "http://closed.example/closed.xml"
body = "ulsan"
active = false
"""
_SECTIONS = """
[[sections]]
id = "trend"
series = "smart-city"
title = { ko = "정책동향", en = "Policy Trend" }
levels = ["metro", "city"]

[[sections]]
id = "news"
series = "smart-city"
title = { ko = "소식", en = "News" }
shape = "event"
levels = ["institute"]
"""


def rss(*titles: str, feed: str = "molit", day: int = 15) -> bytes:
    """A feed of these titles, all published on one day of February 2024."""
    entries = "".join(
        f"<item><title>{title}</title><link>https://{feed}.example/{number}</link>"
        f"<guid>{feed}-{number}</guid><description>{title}의 첫 문단이다.</description>"
        f"<pubDate>{day} Feb 2024 09:00:00 +0900</pubDate></item>"
        for number, title in enumerate(titles, start=1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{feed}</title><link>https://{feed}.example/</link><description>d</description>"
        f"{entries}</channel></rss>"
    ).encode()


@pytest.fixture
def web() -> dict[str, bytes]:
    """What the offices' server has under each path; it may be changed. Its port is ``port``."""
    return {
        "/molit.xml": rss("스마트시티 수출 지원", "하천 정비 계획"),
        "/seoul.xml": rss("스마트시티 연구 협력", "서울 스마트시티 교통", feed="seoul", day=20),
    }


@pytest.fixture
def port(web: Mapping[str, bytes]) -> Iterator[int]:
    """The loopback port that answers for every office."""

    class Office(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = web.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Office)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Done:
    """How a command ended: its status and what it said."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Program:
    """The command ``aggregator`` in a folder, run in this process."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "feeds.toml"

    @property
    def database(self) -> Path:
        """Its database."""
        return self.folder / "aggregator.db"

    def __call__(self, *args: object, now: str = NOW, stdin: bytes = b"") -> Done:
        """Carry out one command line."""
        words = ["aggregator", "--config", str(self.config), "--now", now, *map(str, args)]
        self.monkeypatch.setattr(sys, "argv", words)
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Done(status=ended.value.code, out=said.out, err=said.err)

    def rows(self) -> list[str]:
        """Everything that the database holds."""
        return dump(self.database)


@pytest.fixture
def quiet_logs() -> Iterator[None]:
    """The logging of the test run, put back after a command has set its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def program(
    tmp_path: Path,
    port: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    quiet_logs: None,
) -> Program:
    """The program with a small configuration and an empty folder."""
    monkeypatch.delenv("AGG_DATABASE", raising=False)
    text = _FEEDS.format(port=port) + NEWSLETTER + _SECTIONS
    (tmp_path / "feeds.toml").write_text(text, encoding="utf-8")
    return Program(tmp_path, capsys, monkeypatch)


@pytest.fixture
def fed(program: Program) -> Program:
    """The program after its first refresh."""
    assert 0 == program("refresh", "--all").status
    return program
