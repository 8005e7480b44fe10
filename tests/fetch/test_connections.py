"""A connection serves the next question to its host only where nothing is in doubt."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from aggregator.domain.errors import FetchError
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.domain.visits import Manners
from aggregator.fetch import connections
from aggregator.fetch.connections import Connections
from aggregator.fetch.dialling import Dial
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.fetch.wire import Wire
from aggregator.ports.fetching import Fetched, FetchRequest
from tests.fetch.make import AGENT

TWO_LENGTHS = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"
    b"4\r\nbody\r\n0\r\n\r\n"
)
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"
BYE = b"bye"
"""What makes the server end the connection without a word."""


@dataclass(slots=True)
class Desk:
    """A server that answers the nth question (from 1) on a connection as ``says`` tells, and what
    it saw: for each connection the heads of the questions, when they came, and how many connections
    had ended before the fetcher was closed. ``closes``: it ends each after one answer, without
    a word; ``heeds_close``: where it is told to."""

    says: Callable[[int], bytes]
    closes: bool = False
    heeds_close: bool = False
    spacing: float = 0.0
    heads: list[list[str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    ended: int = 0
    ended_early: int = 0
    manners: list[Manners] = field(default_factory=list)
    serving: list[asyncio.Task[None]] = field(default_factory=list)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.append(asyncio.ensure_future(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(mine := [])
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                mine.append(head.decode("latin-1"))
                self.at.append(asyncio.get_running_loop().time())
                answer = self.says(len(mine))
                if answer == BYE:
                    break
                writer.write(answer)
                await writer.drain()
                if self.closes or (self.heeds_close and "Connection: close" in mine[-1]):
                    break
        self.ended += 1
        writer.close()

    def fetch(self, *requests: FetchRequest, pause: float = 0.0) -> list[object]:
        """Fetch these one after the other with a pause, in seconds, between two."""
        return asyncio.run(self._fetch(requests, pause))

    async def _fetch(self, requests: tuple[FetchRequest, ...], pause: float) -> list[object]:
        server = await asyncio.start_server(self._begin, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        guard = Guard(
            allow=[AddressException(host="127.0.0.1", port=port)],
            connect_to=[ConnectTo(pattern="*.example", host="127.0.0.1", port=port)],
        )
        came: list[object] = []
        fetcher = HttpFetcher(guard=guard, user_agent=AGENT, spacing=self.spacing)
        async with server:
            async with fetcher:
                for request in requests:
                    try:
                        came.append(await fetcher.fetch(request))
                    except FetchError as error:
                        # Not itself: its traceback leads to this list.
                        came.append(error.code)
                    await asyncio.sleep(pause)
                self.manners = fetcher.take_manners()[0]
                self.ended_early = self.ended
            await asyncio.gather(*self.serving)
        return came


def ask(host: str = "a", *, follows: bool = True, etag: str | None = None) -> FetchRequest:
    url = f"http://{host}.example/rss"
    return FetchRequest(feed_id="f", url=url, timeout=5.0, follows=follows, etag=etag)


def are_bodies(came: list[object]) -> bool:
    return all(isinstance(one, Fetched) and one.body == b"body" for one in came)


def test_questions_that_follow_one_another_share_a_connection() -> None:
    """Three feeds of a host cost one connection; the last question ends it."""
    desk = Desk(says=lambda _: WHOLE)

    came = desk.fetch(ask(), ask(), ask(follows=False))

    assert are_bodies(came)
    assert [3] == [len(mine) for mine in desk.heads]
    told = ["keep-alive" in head for head in desk.heads[0]]
    assert [True, True, False] == told
    assert "Connection: close" in desk.heads[0][2]


def test_a_question_that_nothing_follows_ends_its_connection() -> None:
    """The usual case: nobody holds a server's connection open for nothing."""
    desk = Desk(says=lambda _: WHOLE)

    assert are_bodies(desk.fetch(ask(follows=False), ask(follows=False)))
    assert [1, 1] == [len(mine) for mine in desk.heads]


def test_another_host_has_its_own_connection() -> None:
    """Two names at one address are two servers."""
    desk = Desk(says=lambda _: WHOLE)

    assert are_bodies(desk.fetch(ask("a"), ask("b"), ask("a", follows=False)))
    assert [2, 1] == [len(mine) for mine in desk.heads]


def test_a_connection_that_the_server_has_left_is_made_anew() -> None:
    """The server closes after each answer without saying so; the question is put once more."""
    desk = Desk(says=lambda nth: WHOLE if nth == 1 else BYE)

    assert are_bodies(desk.fetch(ask(), ask(follows=False)))
    assert [2, 1] == [len(mine) for mine in desk.heads]


def test_every_question_counts_and_a_host_is_asked_twice_once() -> None:
    """The server reads the second question and hangs up. It is told ``close`` from then on."""
    desk = Desk(says=lambda nth: WHOLE if nth == 1 else BYE)

    assert are_bodies(desk.fetch(*[ask()] * 4))
    assert [2, 1, 1, 1] == [len(mine) for mine in desk.heads]
    assert [5] == [one.requests for one in desk.manners]


def test_a_connection_that_was_closed_meanwhile_is_not_asked() -> None:
    """The usual end of a connection that waits: nothing is sent into it, and nothing counts twice."""
    desk = Desk(says=lambda _: WHOLE, closes=True)

    assert are_bodies(desk.fetch(ask(), ask(), pause=0.05))
    assert [1, 1] == [len(mine) for mine in desk.heads]
    assert [2] == [one.requests for one in desk.manners]


def test_a_server_that_answers_one_question_a_connection_loses_no_visit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ignores every further one; after a while the question is put on a connection of its own."""
    monkeypatch.setattr(connections, "PATIENCE", 0.1)
    desk = Desk(says=lambda nth: WHOLE if nth == 1 else b"")

    assert are_bodies(desk.fetch(*[ask()] * 3))
    assert [2, 1, 1] == [len(mine) for mine in desk.heads]


def test_a_body_without_end_is_asked_for_on_a_connection_that_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No length, and the server closes only where it is told to."""
    monkeypatch.setattr(connections, "PATIENCE", 0.1)
    desk = Desk(says=lambda _: b"HTTP/1.1 200 OK\r\n\r\nbody", heeds_close=True)

    assert are_bodies(desk.fetch(*[ask()] * 2))
    assert ["keep-alive", "close", "close"] == [
        "close" if "Connection: close" in mine[0] else "keep-alive" for mine in desk.heads
    ]


def test_what_nobody_asked_for_ends_the_connection() -> None:
    """A stream after a whole answer is not taken in."""
    desk = Desk(says=lambda _: WHOLE + b"x" * 10_000_000)

    assert are_bodies(desk.fetch(ask(), pause=0.3))
    assert 1 == desk.ended_early


def test_an_answer_that_breaks_off_leaves_nothing_in_memory() -> None:
    """What failed is not kept alive by its own traceback until Python looks for cycles."""
    gc.collect()
    gc.disable()
    try:
        desk = Desk(says=lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody", closes=True)
        assert ["connect_failed"] == desk.fetch(ask())
        assert [] == [one for one in gc.get_objects() if isinstance(one, Wire)]
    finally:
        gc.enable()


def test_nonsense_on_a_kept_connection_is_asked_again_after_the_pause() -> None:
    """What came may belong to the answer before; both questions count, and keep their distance."""
    desk = Desk(says=lambda nth: WHOLE if nth == 1 else b"left over\r\n\r\n", spacing=0.2)

    assert are_bodies(desk.fetch(ask(), ask(follows=False)))
    assert [3] == [one.requests for one in desk.manners]
    assert 3 == len(desk.at)
    assert desk.at[2] - desk.at[1] >= 0.2


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE + b"more",
        WHOLE + WHOLE,
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody",
        b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody",
        TWO_LENGTHS,
    ],
    ids=["more", "twice", "close", "1.0", "two lengths"],
)
def test_an_answer_whose_end_is_in_doubt_ends_the_connection(answer: bytes) -> None:
    """The next question gets a connection of its own."""
    desk = Desk(says=lambda _: answer)

    assert are_bodies(desk.fetch(ask(), ask(follows=False), pause=0.05))
    assert [1, 1] == [len(mine) for mine in desk.heads]


@pytest.mark.parametrize(
    ("head", "connections_made"),
    [(b"ETag: x\r\n", 1), (b"Content-Length: 4\r\n", 2)],
    ids=["plain", "with a length"],
)
def test_a_304_keeps_the_connection_unless_it_announces_a_body(
    head: bytes, connections_made: int
) -> None:
    """Some servers send the body along with a 304 (RFC 9112 section 6.3 says that there is none)."""
    desk = Desk(says=lambda _: b"HTTP/1.1 304 Not Modified\r\n" + head + b"\r\n")

    desk.fetch(ask(etag="x"), ask(etag="x", follows=False))

    assert connections_made == len(desk.heads)


def test_chunks_keep_the_connection() -> None:
    """Their end is as clear as a length."""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
    desk = Desk(says=lambda _: chunked)

    assert are_bodies(desk.fetch(ask(), ask(follows=False)))
    assert [2] == [len(mine) for mine in desk.heads]


def test_a_post_has_a_connection_of_its_own() -> None:
    """Nobody could say whether it was heard before the connection broke."""
    desk = Desk(says=lambda _: WHOLE)

    desk.fetch(ask(), replace(ask(follows=False), method="POST", content=b"a=1"))

    assert ["GET /rss", "POST /rss"] == [" ".join(m[0].split(" ")[:2]) for m in desk.heads]


def test_a_kept_connection_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server need not wait for a question that does not come."""
    monkeypatch.setattr(connections, "_WAITS", 0.05)
    desk = Desk(says=lambda _: WHOLE)

    desk.fetch(ask(), pause=0.3)

    assert 1 == desk.ended_early


def test_an_address_that_is_not_checked_any_more_is_not_used() -> None:
    """A name that resolves elsewhere now is not asked through the old connection."""

    desk, other = Desk(says=lambda _: WHOLE), Desk(says=lambda _: WHOLE)

    async def ask_both() -> None:
        here = await asyncio.start_server(desk._begin, "127.0.0.1")
        port = here.sockets[0].getsockname()[1]
        there = await asyncio.start_server(other._begin, "127.0.0.2", port)
        kept = Connections()
        async with here, there:
            for address in ("127.0.0.1", "127.0.0.2"):
                dial = Dial(addresses=(address,), port=port, server_name="a.example")
                question = b"GET / HTTP/1.1\r\n\r\n"
                wire = await kept.ask(
                    dial, question, reuses=True, follows=True, note_sent=lambda _: None
                )
                assert [b"body"] == [chunk async for chunk in wire.chunks()]
                kept.let_go(dial, wire, follows=True)
            kept.close()
            await asyncio.gather(*desk.serving, *other.serving)

    asyncio.run(ask_both())

    assert (1, 1) == (len(desk.heads), len(other.heads))
