"""One connection: the request goes out, the answer comes in.

The only importer of httptools. A connection is made for one name, one checked address and one way
of speaking TLS. It serves another request only where the answer before ended beyond doubt. What
comes is bounded before it is understood.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_MOST_HEADERS = 200
_LONGEST_HEAD = 64 * 1024
"""Bytes of status line and headers."""

_MOST_FRAMING = 256 * 1024
"""Bytes beside the body (headers, sizes of chunks, trailers) that an answer may have, beside
``_FRAMING_FACTOR`` for each byte of the body."""

_FRAMING_FACTOR = 8
_ENOUGH = 64 * 1024
"""Bytes that may wait to be read before the sender is left waiting."""

_INFORMATIONAL = range(100, 200)
_SWITCHING = 101
_OK = 200
_BODILESS = frozenset({204, 304})
_FRAMING_HEADERS = frozenset({b"content-length", b"transfer-encoding"})


class NotHttp(Exception):
    """What came is no HTTP answer; the message is our own."""


class Broken(Exception):
    """The connection ended before the answer did. ``early``: before anything came."""

    def __init__(self, *, early: bool) -> None:
        self.early = early
        super().__init__("the connection ended")


class ProxyRefused(Exception):
    """The proxy makes no connection to the server; ``status`` is what it answered."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Whom to connect to: checked ``addresses`` in the order to try them, and how.

    ``tls`` with ``server_name`` for https. ``tunnel`` is the request that asks a proxy for a
    connection to the server, b"" where none is needed.
    """

    addresses: tuple[str, ...]
    port: int
    tls: ssl.SSLContext | None = None
    server_name: str = ""
    tunnel: bytes = b""


@dataclass(slots=True)
class _Answer:
    """What has come of an answer."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body_bytes: int = 0
    all_bytes: int = 0
    has_head: bool = False
    is_whole: bool = False
    is_framed: bool = False
    """Whether the headers say where the body ends; else it ends with the connection."""

    keeps_open: bool = False
    """Whether the server keeps the connection, and its answer ended where it said."""


class Wire(asyncio.Protocol):
    """The receiving end of one connection. ``status`` and ``headers`` (names in lower case) are
    there when ``head`` has returned; ``body_bytes`` counts the body as it was sent. ``address`` is
    the one that was connected to."""

    def __init__(self) -> None:
        self.address = ""
        self._transport: asyncio.Transport | None = None
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the answer before, and be ready for the next one."""
        self._parser = HttpResponseParser(self)
        # Servers of the nineties end lines with LF alone, pad the sizes of chunks and give a
        # length beside them. One answer a connection makes nothing of that dangerous.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_chunked_length=True,
            lenient_data_after_close=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )
        self._answer = _Answer()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self._is_paused = False

    @property
    def can_serve_again(self) -> bool:
        """Whether the answer was read to an end that is beyond doubt, and the connection is there
        for another request."""
        is_there = self._transport is not None and not self._transport.is_closing()
        return is_there and self._answer.keeps_open and not (self._waiting or self._error)

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self._answer.status

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of the answer in their order."""
        return self._answer.headers

    @property
    def body_bytes(self) -> int:
        """Bytes of the body that have come, as they were sent."""
        return self._answer.body_bytes

    def send(self, message: bytes) -> None:
        """Send a whole request."""
        if self._transport is not None:
            self._transport.write(message)

    async def head(self) -> None:
        """Wait for status and headers. Raises NotHttp, Broken or OSError."""
        while not self._answer.has_head:
            if self._error is not None:
                raise self._error
            await self._wait()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes. Raises NotHttp, Broken or OSError where it is cut."""
        while True:
            while self._waiting:
                chunk = self._waiting.popleft()
                self._waiting_bytes -= len(chunk)
                yield chunk
            if self._answer.is_whole:
                return
            if self._error is not None:
                raise self._error
            self._resume()
            await self._wait()

    def close(self) -> None:
        """End the connection at once, whatever was still to come."""
        if self._transport is not None:
            self._transport.abort()

    async def upgrade(self, context: ssl.SSLContext, server_name: str) -> Wire:
        """Speak TLS from here on, through this connection. Raises OSError."""
        inner = Wire()
        if self._transport is None:
            raise ConnectionResetError
        transport = await asyncio.get_running_loop().start_tls(
            self._transport, inner, context, server_hostname=server_name
        )
        if transport is None:
            raise ConnectionResetError
        inner.connection_made(transport)
        return inner

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Understand what came, and stop listening when it is too much or nonsense."""
        answer = self._answer
        if answer.is_whole or self._error is not None:
            answer.keeps_open = False
            return
        answer.all_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            answer.is_whole = True
            answer.keeps_open = False
        except HttpParserError:
            answer.keeps_open = False
            if not answer.is_whole:
                self._fail(NotHttp("what came is not HTTP"))
        self._check_bounds()
        if self._waiting_bytes > _ENOUGH:
            self._pause()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Decide whether that was the end of the answer or one too early."""
        answer = self._answer
        answer.keeps_open = False
        if answer.is_whole or self._error is not None:
            return
        if exc is None and answer.has_head and not answer.is_framed:
            answer.is_whole = True
        else:
            self._error = Broken(early=not answer.all_bytes)
            self._error.__cause__ = exc
        self._wake()

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Note an answer to what nobody asked: where the one before ended is in doubt."""
        if self._answer.is_whole:
            self._answer.keeps_open = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header; what comes after the body is none."""
        answer = self._answer
        if not (answer.has_head or answer.is_whole) and len(answer.headers) <= _MOST_HEADERS:
            answer.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The head is there, unless it is that of an interim answer, or of a second one that nobody
        asked for."""
        answer = self._answer
        if answer.is_whole:
            return
        answer.status = self._parser.get_status_code()
        if answer.status not in _INFORMATIONAL or answer.status == _SWITCHING:
            answer.has_head = True
            answer.is_framed = any(
                name == b"content-length"
                or (name == b"transfer-encoding" and b"chunked" in value.lower())
                for name, value in answer.headers
            )

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body until it is read; what follows a whole answer is none of it."""
        if self._answer.is_whole:
            return
        self._answer.body_bytes += len(body)
        self._waiting.append(body)
        self._waiting_bytes += len(body)

    def on_message_complete(self) -> None:
        """The answer is whole, or the interim answer is over."""
        answer = self._answer
        if not answer.has_head:
            answer.headers.clear()
        elif not answer.is_whole:
            answer.is_whole = True
            answer.keeps_open = self._parser.should_keep_alive() and _ends_beyond_doubt(answer)

    def _check_bounds(self) -> None:
        answer = self._answer
        framing = answer.all_bytes - answer.body_bytes
        if len(answer.headers) > _MOST_HEADERS or (framing > _LONGEST_HEAD and not answer.has_head):
            self._fail(NotHttp("its header does not end"))
        elif framing > _MOST_FRAMING + _FRAMING_FACTOR * answer.body_bytes:
            self._fail(NotHttp("it sends everything but an answer"))

    def _fail(self, error: Exception) -> None:
        self._error = self._error or error
        self.close()

    def _pause(self) -> None:
        if self._transport is not None and not self._is_paused and not self._answer.is_whole:
            self._transport.pause_reading()
            self._is_paused = True

    def _resume(self) -> None:
        if self._transport is not None and self._is_paused:
            self._transport.resume_reading()
            self._is_paused = False

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _ends_beyond_doubt(answer: _Answer) -> bool:
    """Whether nobody could think that the answer ends elsewhere: it has one length, or chunks; and
    what has no body by its status (RFC 9112 section 6.3) announces none either."""
    told = [name for name, _ in answer.headers if name in _FRAMING_HEADERS]
    if answer.status in _BODILESS:
        return not told
    return len(told) == 1


def octets(
    method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]], content: bytes
) -> bytes:
    """A request as it goes over the wire."""
    lines = [method.encode("ascii") + b" " + target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", content])


async def connect(dial: Dial) -> Wire:
    """A connection as ``dial`` wants it; the first address that can be reached is taken.

    Raises OSError (ssl.SSLError is one), ValueError for a name that TLS refuses, ProxyRefused, or
    what ``Wire.head`` raises.
    """
    for address in dial.addresses[:-1]:
        try:
            return await _connect(dial, address)
        except ssl.SSLError:
            raise
        except OSError:
            continue
    return await _connect(dial, dial.addresses[-1])


async def _connect(dial: Dial, address: str) -> Wire:
    loop = asyncio.get_running_loop()
    if dial.tls is not None:
        # A name that TLS refuses (a label that is empty or too long) is found before there is a
        # connection: the loop would leave that one open.
        dial.tls.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=dial.server_name)
    if dial.tunnel or dial.tls is None:
        _, wire = await loop.create_connection(Wire, address, dial.port)
    else:
        _, wire = await loop.create_connection(
            Wire, address, dial.port, ssl=dial.tls, server_hostname=dial.server_name
        )
    if dial.tunnel and dial.tls is not None:
        try:
            wire = await _through(wire, dial.tunnel, dial.tls, dial.server_name)
        except BaseException:
            wire.close()
            raise
    wire.address = address
    return wire


async def _through(wire: Wire, tunnel: bytes, tls: ssl.SSLContext, server_name: str) -> Wire:
    """The connection behind a proxy."""
    wire.send(tunnel)
    await wire.head()
    if wire.status != _OK:
        raise ProxyRefused(wire.status)
    return await wire.upgrade(tls, server_name)
