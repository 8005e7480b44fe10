"""The fetcher that heeds and keeps what the store knows of hosts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from aggregator.domain.errors import StoreBusy, Throttled
from aggregator.domain.visits import FeedState, HostHold, Manners, Visit
from aggregator.ports.fetching import Fetched, FetchRequest
from aggregator.services.visits.remembering import RememberingFetcher
from tests.fixtures.records import NOW

REQUEST = FetchRequest(feed_id="", url="http://a.example/")
LATER = HostHold(host="a.example", until=NOW + timedelta(hours=1), status=429)


@dataclass
class Still:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Shelf:
    """A store with holds, which cannot write as often as it is ``busy``."""

    busy: int = 0
    held: list[HostHold] = field(default_factory=list)
    written: list[int] = field(default_factory=list)

    def holds(self, now: datetime) -> list[HostHold]:
        return [hold for hold in self.held if hold.until > now]

    def record_visits(
        self,
        visits: Sequence[tuple[FeedState, Visit]],
        *,
        before: Mapping[str, FeedState],
        manners: Sequence[Manners] = (),
        holds: Sequence[HostHold] = (),
    ) -> None:
        assert not visits
        assert not before
        if self.busy:
            self.busy -= 1
            raise StoreBusy("in use")
        self.held += holds
        self.written += [one.requests for one in manners]


@dataclass
class Wire:
    """A fetcher that sends what is asked for, and fails where ``throttled``."""

    throttled: bool = False
    heard: list[HostHold] = field(default_factory=list)
    closed: bool = False
    _sent: int = 0

    async def fetch(self, request: FetchRequest) -> Fetched:
        self._sent += 1
        if self.throttled:
            wait = timedelta(hours=1)
            raise Throttled("429", feed_id="", url=request.url, status=429, retry_after=wait)
        return Fetched(
            url=request.url,
            status=200,
            body=b"x",
            media_type="",
            charset="",
            etag=None,
            last_modified=None,
        )

    async def aclose(self) -> None:
        self.closed = True

    def hold(self, holds: Sequence[HostHold]) -> None:
        self.heard = [*holds]

    def done_with(self, feed_id: str) -> None:
        raise AssertionError(feed_id)

    def take_manners(self) -> tuple[list[Manners], list[HostHold]]:
        sent, self._sent = self._sent, 0
        manners = [Manners(host="a.example", requests=sent)] if sent else []
        return manners, [LATER] if sent and self.throttled else []


def remembering(wire: Wire, shelf: Shelf) -> RememberingFetcher:
    return RememberingFetcher(fetcher=wire, store=shelf, clock=Still())  # type: ignore[arg-type]


def test_what_others_were_told_meanwhile_is_heeded() -> None:
    """The store is asked before each exchange, for another process may have been told."""
    wire, shelf = Wire(), Shelf()

    async def go() -> None:
        fetcher = remembering(wire, shelf)
        await fetcher.fetch(REQUEST)
        shelf.held.append(LATER)
        await fetcher.fetch(REQUEST)

    asyncio.run(go())
    assert [LATER] == wire.heard


def test_a_wish_for_rest_is_written_at_once() -> None:
    """Although the exchange failed, and the verb may go on for long."""
    wire, shelf = Wire(throttled=True), Shelf()

    async def go() -> None:
        with pytest.raises(Throttled):
            await remembering(wire, shelf).fetch(REQUEST)

    asyncio.run(go())
    assert ([LATER], [1]) == (shelf.held, shelf.written)


def test_what_cannot_be_written_waits() -> None:
    """A busy store costs no answer; the end writes all of it, once."""
    wire, shelf = Wire(), Shelf(busy=2)

    async def go() -> bytes:
        fetcher = remembering(wire, shelf)
        await fetcher.fetch(REQUEST)
        answer = await fetcher.fetch(REQUEST)
        await fetcher.aclose()
        assert isinstance(answer, Fetched)
        return answer.body

    assert b"x" == asyncio.run(go())
    assert ([2], True) == (shelf.written, wire.closed)


def test_what_is_never_written_is_told() -> None:
    """Connections are given back all the same."""
    wire, shelf = Wire(), Shelf(busy=2)

    async def go() -> None:
        fetcher = remembering(wire, shelf)
        await fetcher.fetch(REQUEST)
        with pytest.raises(StoreBusy):
            await fetcher.aclose()

    asyncio.run(go())
    assert wire.closed
