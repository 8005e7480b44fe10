"""The offices of the demo, and its hub: one loopback server that answers for every ``.example``
host."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

from aggregator.demo import interface
from aggregator.demo.documents import PACKAGE, document, styles
from aggregator.observe import get_logger

log = get_logger(__name__)

FEED_FOLDER = "/rss/"
DEAD_FEED = "/rss/closed-office.xml"
MAINTENANCE = "/rss/under-maintenance.xml"

MAINTENANCE_PAGE = """<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>시스템 점검 안내</title></head>
<body><h1>시스템 점검 중입니다</h1><p>보다 나은 서비스를 위해 점검하고 있습니다.</p></body></html>
"""


@cache
def _boards() -> Mapping[str, str]:
    """The offices that have a page and no feed, by the path of the page."""
    return {style.path: feed for feed, style in styles().items() if style.is_board}


class Offices(BaseHTTPRequestHandler):
    """Answers GET for feeds and pictures, with validators, and misbehaves where it is meant to; POST
    is for the hub."""

    protocol_version = "HTTP/1.1"

    def __init__(
        self,
        *args: object,
        titles: Mapping[str, tuple[str, str]],
        closed: frozenset[str],
        **more: object,
    ) -> None:
        self.titles = titles
        self.closed = closed
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Serve one address."""
        path, _, query = self.path.partition("?")
        if path == interface.PATH and interface.FEED not in self.closed:
            told = interface.answer(query, *self.titles.get(interface.FEED, ("", "ko")))
            self._send(*told, "application/xml; charset=utf-8")
        elif path == DEAD_FEED:
            self._send(HTTPStatus.NOT_FOUND, b"gone", "text/plain")
        elif path == MAINTENANCE:
            self._send(HTTPStatus.OK, MAINTENANCE_PAGE.encode(), "text/html; charset=utf-8")
        elif path in _boards():
            self._feed(_boards()[path])
        elif path.startswith(FEED_FOLDER):
            self._feed(path.removeprefix(FEED_FOLDER).removesuffix(".xml"))
        else:
            self._picture(path.lstrip("/"))

    def do_POST(self) -> None:
        """Take a word to the hub, which this server plays as well."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def _feed(self, feed: str) -> None:
        if feed not in styles() or feed not in self.titles or feed in self.closed:
            self._send(HTTPStatus.NOT_FOUND, b"not found", "text/plain")
            return
        title, language = self.titles[feed]
        # No charset in the header: the document's own declaration has to be believed, or not.
        kind = "text/html" if styles()[feed].is_board else "application/xml"
        self._send(HTTPStatus.OK, document(feed, title, language), kind)

    def _picture(self, name: str) -> None:
        folder = resources.files(PACKAGE).joinpath("pictures")
        known = {file.name: file for file in folder.iterdir()}
        if name not in known:
            self._send(HTTPStatus.NOT_FOUND, b"not found", "text/plain")
            return
        self._send(HTTPStatus.OK, known[name].read_bytes(), "image/png")

    def _send(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status is HTTPStatus.OK and self.headers.get("If-None-Match") == etag:
            status, body = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the terminal for the demo's own words; what is asked of an interface has a key."""
        log.debug("demo_request", line=(format % args).partition("?")[0])


@contextmanager
def serve_offices(
    titles: Mapping[str, tuple[str, str]], *, closed: frozenset[str] = frozenset()
) -> Iterator[int]:
    """Serve the demo's feeds on a free loopback port until the block ends; yields the port.

    ``titles`` maps a feed id to its title and language; ``closed`` feeds answer 404.
    """
    handler = partial(Offices, titles=titles, closed=closed)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="demo-offices", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
