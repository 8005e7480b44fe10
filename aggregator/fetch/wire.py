"""One connection: the request goes out, the answer comes in.

The only importer of httptools. A connection is made for one name, one checked address and one way
of speaking TLS. It serves another request only where the answer before ended beyond doubt. What
comes is bounded before it is understood.
"""

from __future__ import annotations

import asyncio
import select
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
_BODILESS = frozenset({204, 304})
_FRAMING_HEADERS = frozenset({b"content-length", b"transfer-encoding"})


class NotHttp(Exception):
    """What came is no HTTP answer; the message is our own."""


class Broken(Exception):
    """The connection ended before the answer did. ``early``: before anything came."""

    def __init__(self, *, early: bool) -> None:
        self.early = early
        super().__init__("the connection ended")


class WentAway(Exception):
    """A connection that was to serve several questions does not; one of its own may serve this."""


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
    the one that was connected to. After ``patience`` seconds without anything new WentAway is
    raised; None waits as long as the caller does."""

    def __init__(self) -> None:
        self.address = ""
        self._transport: asyncio.Transport | None = None
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the answer before, and be ready for the next one."""
        parser = HttpResponseParser(self)
        # Servers of the nineties end lines with LF alone, pad the sizes of chunks and give a
        # length beside them. Whoever sends so confuses nobody but its own feeds: a connection
        # serves one host.
        parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_chunked_length=True,
            lenient_data_after_close=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )
        self._parser: HttpResponseParser | None = parser
        self._answer = _Answer()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self._has_failed = False
        self._is_paused = False
        self.patience: float | None = None

    @property
    def can_serve_again(self) -> bool:
        """Whether the answer was read to an end that is beyond doubt, and the connection is there
        for another request."""
        is_open = self._answer.keeps_open and not (self._waiting or self._has_failed)
        return is_open and self._transport is not None and not self._transport.is_closing()

    @property
    def is_silent(self) -> bool:
        """Whether nothing waits to be read that nobody asked for."""
        if self._transport is None:
            return False
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not poll.poll(0)

    @property
    def ends_with_connection(self) -> bool:
        """Whether nothing but the end of the connection tells where the body ends."""
        return not (self._answer.is_framed or self._answer.is_whole)

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
            self._raise_failure()
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
            self._raise_failure()
            self._resume()
            await self._wait()

    def _raise_failure(self) -> None:
        if self._has_failed:
            raise self._failure()

    def _failure(self) -> Exception:
        """What went wrong. It is kept neither here nor in a frame: its traceback leads back to both,
        and what came would stay in memory until Python looks for cycles."""
        error, self._error = self._error, None
        return error or Broken(early=False)

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
        answer, parser = self._answer, self._parser
        if answer.is_whole or self._has_failed or parser is None:
            # Nobody asked for it, and nobody bounds it.
            answer.keeps_open = False
            self.close()
            return
        answer.all_bytes += len(data)
        try:
            parser.feed_data(data)
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
        # It leads back here, and would keep what came in memory until Python looks for cycles.
        self._parser = None
        if answer.is_whole or self._has_failed:
            return
        if exc is None and answer.has_head and not answer.is_framed:
            answer.is_whole = True
        else:
            self._has_failed = True
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
        answer, parser = self._answer, self._parser
        if answer.is_whole or parser is None:
            return
        answer.status = parser.get_status_code()
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
            is_kept = self._parser is not None and self._parser.should_keep_alive()
            answer.keeps_open = is_kept and _ends_beyond_doubt(answer)

    def _check_bounds(self) -> None:
        answer = self._answer
        framing = answer.all_bytes - answer.body_bytes
        if len(answer.headers) > _MOST_HEADERS or (framing > _LONGEST_HEAD and not answer.has_head):
            self._fail(NotHttp("its header does not end"))
        elif framing > _MOST_FRAMING + _FRAMING_FACTOR * answer.body_bytes:
            self._fail(NotHttp("it sends everything but an answer"))

    def _fail(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed, self._error = True, error
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
        loop = asyncio.get_running_loop()
        waiter = self._waiter = loop.create_future()
        timer = None
        if self.patience is not None:
            timer = loop.call_later(self.patience, _end_patience, waiter)
        try:
            await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _end_patience(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(WentAway())


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
