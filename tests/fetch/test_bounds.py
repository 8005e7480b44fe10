"""What hostile servers send without end is cut off early, in little memory."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from itertools import repeat

import pytest

from aggregator.domain.errors import ConnectFailed, FetchTimeout
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.fetch.names import Names
from aggregator.fetch.reading import LARGE_AT_ONCE
from aggregator.ports.fetching import Fetched, FetchRequest
from tests.fetch.make import AGENT

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 1024 * 1024


@contextlib.contextmanager
def flood(first: bytes, more: Callable[[], Iterator[bytes]]) -> Iterator[int]:
    """A port whose server sends ``first`` and then ``more`` until nobody listens."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as listener:
        thread = threading.Thread(target=_flood, args=(listener, first, more), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=10)


def _flood(listener: socket.socket, first: bytes, more: Callable[[], Iterator[bytes]]) -> None:
    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            connection.sendall(first)
            for piece in more():
                connection.sendall(piece)

    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def guard_of(port: int) -> Guard:
    """Every name leads to the server."""
    return Guard(
        allow=[AddressException(host="127.0.0.1", port=port)],
        connect_to=[ConnectTo(pattern="*.example", host="127.0.0.1", port=port)],
    )


def fetch_many(port: int, count: int = 1, **more: object) -> list[object]:
    """Fetch from as many hosts at once."""
    guard = guard_of(port)

    async def run() -> list[object]:
        async with HttpFetcher(guard=guard, user_agent=AGENT, spacing=0.0) as fetcher:
            requests = [
                FetchRequest(feed_id="f", url=f"http://h{n}.example/", **more)  # type: ignore[arg-type]
                for n in range(count)
            ]
            return list(await asyncio.gather(*map(fetcher.fetch, requests), return_exceptions=True))

    return asyncio.run(run())


def numbered() -> Iterator[bytes]:
    number = 0
    while True:
        yield b"".join(b"X-%d: 1\r\n" % n for n in range(number, number + 1000))
        number += 1000


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (OK, numbered),
        (OK + b"X-Long: ", lambda: repeat(b"x" * 65536)),
        (OK + b"X", lambda: repeat(b"x" * 65536)),
        (b"HTTP/1.1 200 ", lambda: repeat(b"x" * 65536)),
        (b"", lambda: repeat(b"HTTP/1.1 100 Continue\r\nX: 1\r\n\r\n" * 100)),
        (CHUNKED + b"1;a=", lambda: repeat(b"x" * 65536)),
        (CHUNKED + b"0\r\n", numbered),
        (CHUNKED + b"0\r\nX-Long: ", lambda: repeat(b"x" * 65536)),
        (CHUNKED, lambda: repeat(b"1;%s\r\nx\r\n" % (b"y" * 1000))),
        (OK + b"X: 1\r\n", lambda: repeat(b" folded\r\n" * 1000)),
    ],
    ids=[
        "headers", "value", "name", "reason", "interim", "extension", "trailers", "trailer",
        "extensions", "folded",
    ],
)  # fmt: skip
def test_what_is_no_body_is_cut_off(first: bytes, more: Callable[[], Iterator[bytes]]) -> None:
    """Long before the deadline, and before it takes more than a MiB or so."""
    with flood(first, more) as port:
        tracemalloc.start()
        try:
            started = time.monotonic()
            (error,) = fetch_many(port)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert isinstance(error, ConnectFailed)
    assert str(error).endswith(("end", "but an answer", "not HTTP"))
    assert time.monotonic() - started < 5
    assert peak < 4 * MIB


def test_an_endless_body_is_too_large() -> None:
    """It ends at the limit, and the sender waits meanwhile."""
    with flood(OK + b"\r\n", lambda: repeat(b"x" * 65536)) as port:
        (error,) = fetch_many(port, max_bytes=2 * MIB)
    assert "the answer of h0.example is larger than 2 MiB" == str(error)


def test_many_large_bodies_take_turns() -> None:
    """Sixty bodies of 3 MiB at once are never all in memory: a few are, and the beginnings of the
    others."""
    body = b"x" * (3 * MIB)
    with flood(OK + b"Content-Length: %d\r\n\r\n" % len(body), lambda: iter([body])) as port:

        async def run() -> int:
            async with HttpFetcher(guard=guard_of(port), user_agent=AGENT, spacing=0.0) as fetcher:

                async def one(number: int) -> int:
                    request = FetchRequest(feed_id="f", url=f"http://h{number}.example/")
                    answer = await fetcher.fetch(request)
                    assert isinstance(answer, Fetched)
                    return len(answer.body)

                return sum(await asyncio.gather(*map(one, range(60))))

        tracemalloc.start()
        try:
            assert 60 * len(body) == asyncio.run(run())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < LARGE_AT_ONCE * 2 * len(body) + 60 * MIB


def test_waiting_for_a_place_uses_up_no_time() -> None:
    """Slow large bodies do not time out those that wait behind them."""
    half = b"x" * 300_000

    def slowly() -> Iterator[bytes]:
        time.sleep(0.3)
        yield half

    with flood(OK + b"Content-Length: 600000\r\n\r\n" + half, slowly) as port:
        answers = fetch_many(port, 4 * LARGE_AT_ONCE, timeout=0.9)
    assert all(isinstance(answer, Fetched) for answer in answers)


def test_a_silent_large_body_meets_the_deadline() -> None:
    """A place is no way to stay."""

    def never() -> Iterator[bytes]:
        time.sleep(2)
        yield b""

    with flood(OK + b"Content-Length: 600000\r\n\r\n" + b"x" * 300_000, never) as port:
        answers = fetch_many(port, LARGE_AT_ONCE + 1, timeout=0.3)
    assert all(isinstance(answer, FetchTimeout) for answer in answers)


def test_a_name_that_hangs_meets_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that does not answer holds up no other work, nor the end of the program."""
    release = threading.Event()

    def getaddrinfo(*_: object) -> list[object]:
        release.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    started = time.monotonic()

    async def run() -> BaseException | object:
        async with HttpFetcher(guard=Guard(), user_agent=AGENT, spacing=0.0) as fetcher:
            request = FetchRequest(feed_id="f", url="http://www.molit.invalid/", timeout=0.2)
            (answer,) = await asyncio.gather(fetcher.fetch(request), return_exceptions=True)
            # The loop's own threads are free.
            await asyncio.to_thread(time.monotonic)
            return answer

    answer = asyncio.run(run())
    took = time.monotonic() - started
    release.set()
    assert isinstance(answer, FetchTimeout)
    assert took < 2


def test_few_threads_look_up_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names wait in line, each is answered, and the threads end."""
    busy, most, lock = 0, 0, threading.Lock()

    def getaddrinfo(host: str, *_: object) -> list[object]:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.002)
        with lock:
            busy -= 1
        if host == "h7":
            raise OSError(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"1.1.1.{host[1:]}", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    names = Names()

    async def run() -> list[object]:
        asked = (names.addresses(f"h{number}", 80) for number in range(100))
        return list(await asyncio.gather(*asked, return_exceptions=True))

    found = asyncio.run(run())
    assert ["1.1.1.99"] == found[99]
    assert isinstance(found[7], OSError)
    assert 1 < most <= 16
    deadline = time.monotonic() + 2
    while names._threads and time.monotonic() < deadline:
        time.sleep(0.01)
    assert 0 == names._threads


def test_a_name_that_turns_is_connected_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A second look would lead to loopback; there is none."""
    answers = [[("127.0.0.1", 0)], [("127.0.0.9", 0)]]
    asked: list[str] = []

    def getaddrinfo(host: str, *_: object) -> list[object]:
        asked.append(host)
        found = answers[min(len(asked), 2) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with flood(OK + b"Content-Length: 0\r\n\r\n", lambda: iter(())) as port:
        guard = Guard(allow=[AddressException(network=ip_network("127.0.0.1/32"), port=port)])

        async def run() -> object:
            async with HttpFetcher(guard=guard, user_agent=AGENT, spacing=0.0) as fetcher:
                return await fetcher.fetch(
                    FetchRequest(feed_id="f", url=f"http://turn.example:{port}/")
                )

        assert isinstance(asyncio.run(run()), Fetched)
    assert ["turn.example"] == asked
