"""The server of ``benchmarks/refresh.py``, a process of its own: ``python -m benchmarks.refresh_server``.

It listens on many loopback addresses at one port, which it prints when it is ready, and is told
what to do over HTTP: ``/do/load?FOLDER`` serves the documents of a folder, ``/do/delay?MS`` makes
each feed answer after a delay of its own about that median (0: none), ``/do/counts`` answers with
the statuses since the last time. ``/feed/00001`` has ETag and Last-Modified and may be a 304;
``/plain/00001`` is the same document without validators. ``/month/00001`` is a feed as it stands at
the minute that ``/do/minute?N`` said.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import random
import socket
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path

from benchmarks.refresh_corpus import released, render_month

HOSTS = 250
"""Addresses that the feeds are spread over."""

_LONGEST = 5.0
"""Seconds that no delay is beyond."""

_SPREAD = 0.8
"""Sigma of the log-normal delays."""

_MODIFIED = 1_700_000_000
"""Last-Modified of the first folder, in seconds; each further one is an hour younger."""


def host(number: int) -> str:
    """The address of a feed."""
    return f"127.1.0.{number % HOSTS + 1}"


@dataclass(slots=True, kw_only=True)
class _Documents:
    """What is served: compressed body and ETag by name, delays, and statuses so far."""

    bodies: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)
    modified: bytes = b""
    loaded: dict[Path, int] = field(default_factory=dict)
    median: float = 0.0
    minute: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    def do(self, order: str) -> bytes:
        """Carry out an order and answer it."""
        what, _, value = order.partition("?")
        if what == "load":
            folder = Path(value)
            age = self.loaded.setdefault(folder, len(self.loaded))
            self.modified = formatdate(_MODIFIED + 3600 * age, usegmt=True).encode()
            for path in folder.iterdir():
                body = path.read_bytes()
                tag = hashlib.sha256(body).hexdigest()[:16]
                self.bodies[path.stem.encode()] = (body, f'"{tag}"'.encode())
        elif what == "delay":
            self.median = float(value) / 1000
        elif what == "minute":
            self.minute = int(value)
        statuses, self.statuses = self.statuses, Counter()
        return json.dumps(statuses).encode()

    def delay(self, path: bytes) -> float:
        """Seconds that this feed lets wait."""
        chance = random.Random(path)  # noqa: S311
        return min(_LONGEST, self.median * chance.lognormvariate(0, _SPREAD))

    def answer(self, path: bytes, request: bytes) -> bytes:
        """The whole response."""
        kind, _, name = path.lstrip(b"/").partition(b"/")
        if kind == b"do":
            return _response(200, self.do(name.decode()))
        if kind == b"month":
            body, tag = _as_of(int(name), released(int(name), self.minute))
        elif name in self.bodies:
            body, tag = self.bodies[name]
        else:
            self.statuses[404] += 1
            return _response(404, b"")
        validators = b""
        if kind != b"plain":
            validators = b"ETag: %s\r\nLast-Modified: %s\r\n" % (tag, self.modified)
            if b"\r\nif-none-match: " + tag in request:
                self.statuses[304] += 1
                return b"HTTP/1.1 304 Not Modified\r\n" + validators + b"\r\n"
        self.statuses[200] += 1
        head = b"Content-Type: application/xml\r\n" + validators
        if b"gzip" in request.partition(b"accept-encoding:")[2].partition(b"\r\n")[0]:
            return _response(200, body, head + b"Content-Encoding: gzip\r\n")
        return _response(200, gzip.decompress(body), head)


@lru_cache(maxsize=4096)
def _as_of(number: int, count: int) -> tuple[bytes, bytes]:
    """A feed's compressed document and ETag when it has brought so many items."""
    return gzip.compress(render_month(number, count), 5, mtime=0), b'"%d-%d"' % (number, count)


def _response(status: int, body: bytes, head: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d -\r\n%sContent-Length: %d\r\n\r\n%s" % (status, head, len(body), body)


class _Connection(asyncio.Protocol):
    """One connection: requests without bodies, one after the other."""

    def __init__(self, documents: _Documents) -> None:
        self.documents = documents
        self.came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - a TCP server has no other
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer a request that is whole, after the feed's delay."""
        self.came += data
        head, end, rest = self.came.partition(b"\r\n\r\n")
        if not end:
            return
        self.came = rest
        path = head.split(b" ", 2)[1]
        if self.documents.median and not path.startswith(b"/do/"):
            loop, seconds = asyncio.get_running_loop(), self.documents.delay(path)
            loop.call_later(seconds, self.answer, path, head.lower())
        else:
            self.answer(path, head.lower())

    def answer(self, path: bytes, request: bytes) -> None:
        """Send what there is to say, if somebody is still there."""
        if self.transport.is_closing():
            return
        self.transport.write(self.documents.answer(path, request))
        if b"\r\nconnection: close" in request:
            self.transport.close()


def _sockets() -> list[socket.socket]:
    """One for each address, all on the port that the first one got."""
    port, sockets = 0, []
    for number in range(HOSTS):
        each = socket.create_server((host(number), port), backlog=1024)
        port = each.getsockname()[1]
        sockets.append(each)
    return sockets


async def serve() -> None:
    """Serve until the process is ended."""
    documents, loop = _Documents(), asyncio.get_running_loop()
    sockets = _sockets()
    for each in sockets:
        await loop.create_server(lambda: _Connection(documents), sock=each)
    print(sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
