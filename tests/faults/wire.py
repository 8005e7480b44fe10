"""One exchange as a hostile server sees it: what was asked, and anything at all as the answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from typing import TypeAlias

HeaderValue: TypeAlias = str | bytes
Headers: TypeAlias = tuple[tuple[str, HeaderValue], ...]
Body: TypeAlias = bytes | Callable[[], bytes]
"""A body, or what makes it: large ones are made when somebody asks for them."""

LONGEST_WAIT = 120.0
"""Seconds after which a server that hangs lets go, so that no test leaves a task behind."""

PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that is HTTP. ``length`` is the Content-Length that is claimed: the true one by
    default, none at all for -1."""

    status: int = 200
    reason: str = "OK"
    headers: Headers = ()
    body: Body = b""
    length: int | None = None


@dataclass(slots=True, kw_only=True)
class Place:
    """Where the servers stand: ports, and the address of each fault by its name."""

    http: int
    https: int
    canary: int
    addresses: Mapping[str, str]

    def url(self, name: str, path: str = "/feed.xml") -> str:
        """An address of another fault's server."""
        return f"http://{self.addresses[name]}:{self.http}{path}"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A request and the means to answer it. ``turn`` counts the requests for this path of this
    host, from 0; header names are in lower case, octets read as Latin-1."""

    host: str
    method: str
    path: str
    headers: Mapping[str, str]
    sent: bytes
    turn: int
    place: Place
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    began: float
    status: int | None = None
    head_bytes: int = 0
    body_bytes: int = 0

    async def send(self, data: bytes) -> None:
        """Send octets as they are."""
        self.writer.write(data)
        await self.writer.drain()
        self.body_bytes += len(data)

    async def head(self, reply: Reply, *, length: int | None) -> None:
        """Send status line and headers; no length for None."""
        lines = [f"HTTP/1.1 {reply.status} {reply.reason}".encode("latin-1")]
        for name, value in reply.headers:
            octets = value if isinstance(value, bytes) else value.encode()
            lines.append(name.encode("latin-1") + b": " + octets)
        if length is not None:
            lines.append(f"Content-Length: {length}".encode())
        data = b"\r\n".join([*lines, b"Connection: close", b"", b""])
        self.status = reply.status
        self.head_bytes += len(data)
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, reply: Reply) -> None:
        """Send a whole answer."""
        body = reply.body() if callable(reply.body) else reply.body
        length = len(body) if reply.length is None else reply.length
        await self.head(reply, length=None if length < 0 else length)
        for start in range(0, len(body), PIECE):
            await self.send(body[start : start + PIECE])

    async def flood(self, piece: bytes, *, pause: float = 0.0) -> None:
        """Send a piece again and again until the other side has had enough."""
        until = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < until:
            await self.send(piece)
            await asyncio.sleep(pause)

    async def drip(self, data: bytes, *, every: float) -> None:
        """Send one octet at a time."""
        for octet in data:
            await self.send(bytes([octet]))
            await asyncio.sleep(every)

    async def hang(self, seconds: float = LONGEST_WAIT) -> None:
        """Say nothing until the other side goes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while await self.reader.read(PIECE):
                    pass

    def reset(self) -> None:
        """Break the connection off: closing with a linger of zero seconds resets it."""
        raw: socket.socket | None = self.writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Serve: TypeAlias = Callable[[Exchange], Awaitable[None]]


def says(reply: Reply) -> Serve:
    """The same answer to everything."""

    async def serve(exchange: Exchange) -> None:
        await exchange.answer(reply)

    return serve


def in_turn(*replies: Reply) -> Serve:
    """One answer after the other, the last one for ever."""

    async def serve(exchange: Exchange) -> None:
        await exchange.answer(replies[min(exchange.turn, len(replies) - 1)])

    return serve


def by_path(paths: Mapping[str, Serve]) -> Serve:
    """Another answer for each path; 404 for what is not in the table."""
    missing = says(Reply(status=404, reason="Not Found"))

    async def serve(exchange: Exchange) -> None:
        await paths.get(exchange.path.partition("?")[0], missing)(exchange)

    return serve


def raw(data: Body, *, then_reset: bool = False) -> Serve:
    """Octets that need not be HTTP, and the end of the connection."""

    async def serve(exchange: Exchange) -> None:
        body = data() if callable(data) else data
        for start in range(0, len(body), PIECE):
            await exchange.send(body[start : start + PIECE])
        if then_reset:
            # The other side has read what came before the connection breaks.
            await asyncio.sleep(0.2)
            exchange.reset()

    return serve


@dataclass(slots=True)
class Log:
    """One JSON line for each request that was answered or broken off."""

    file: TextIOWrapper
    turns: dict[tuple[str, str], int] = field(default_factory=dict)

    def next_turn(self, host: str, path: str) -> int:
        """How often this path of this host was asked for before."""
        turn = self.turns.get((host, path), 0)
        self.turns[host, path] = turn + 1
        return turn

    def note(self, name: str, exchange: Exchange) -> None:
        """Write down an exchange that has ended."""
        line = {
            "name": name,
            "host": exchange.host,
            "method": exchange.method,
            "path": exchange.path,
            "headers": exchange.headers,
            "sent": exchange.sent.decode("latin-1"),
            "turn": exchange.turn,
            "began": exchange.began,
            "ended": time.monotonic(),
            "status": exchange.status,
            "head_bytes": exchange.head_bytes,
            "body_bytes": exchange.body_bytes,
        }
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
