"""How hosts are treated: the ledger equals the server's log, and a host that asked for rest has it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from aggregator.domain.errors import FetchError, HostHeld, Throttled
from aggregator.domain.visits import HostHold, Manners
from aggregator.fetch.http import HttpFetcher
from aggregator.fetch.pacing import Held, HostPacing
from aggregator.ports.fetching import Fetched, FetchRequest
from tests.fetch.make import AGENT, guard_for
from tests.fixtures.http import Answer, Asked, Office, redirect, serve

NOW = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class HandClock:
    """A clock that somebody moves."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Desk:
    """A fetcher in a loop of its own, step by step."""

    office: Office
    spacing: float = 0.0
    clock: HandClock = field(default_factory=HandClock)
    taken: tuple[list[Manners], list[HostHold]] = ([], [])

    def run(self, *steps: list[FetchRequest] | HostHold | timedelta) -> list[object]:
        """Fetch lists at once, note holds, move the clock; what came of the fetches."""
        return asyncio.run(self._run(steps))

    async def _run(
        self, steps: tuple[list[FetchRequest] | HostHold | timedelta, ...]
    ) -> list[object]:
        came: list[object] = []
        fetcher = HttpFetcher(
            guard=guard_for(self.office), user_agent=AGENT, spacing=self.spacing, clock=self.clock
        )
        async with fetcher:
            for step in steps:
                if isinstance(step, HostHold):
                    fetcher.hold([step])
                elif isinstance(step, timedelta):
                    self.clock.at += step
                else:
                    came += await asyncio.gather(*map(fetcher.fetch, step), return_exceptions=True)
            self.taken = fetcher.take_manners()
            assert ([], []) == fetcher.take_manners()
        return came


def at(host: str, path: str = "/", **more: object) -> FetchRequest:
    return FetchRequest(feed_id="f", url=f"http://{host}.example{path}", timeout=5.0, **more)  # type: ignore[arg-type]


def test_the_ledger_equals_the_servers_log() -> None:
    """Requests, 304s, bytes and gaps, of hops and failures too, for each host by itself."""
    sent: Counter[str] = Counter()

    def script(asked: Asked) -> Answer:
        host = asked.headers["host"]
        answer = {
            "/304": Answer(status=304),
            "/404": Answer(status=404, body=b"not here"),
            "/cut": Answer(body=b"half", length=100),
            "/gone-by": redirect("http://b.example/body"),
        }.get(asked.path, Answer(body=b"x" * 5000))
        sent[host] += len(answer.body)
        return answer

    paths = ["/304", "/404", "/cut", "/gone-by", "/body", "/body"]
    with serve(script) as office:
        requests = [at("a", path, etag='"1"', known_bytes=700) for path in paths]
        desk = Desk(office, spacing=0.03)
        desk.run([*requests, at("c", "/304", etag='"1"')])
    manners, holds = desk.taken
    by_host = {one.host: one for one in manners}
    log = Counter(asked.headers["host"] for asked in office.asked)
    assert log == {host: one.requests for host, one in by_host.items()}
    assert {"a.example": 6, "b.example": 1, "c.example": 1} == log
    assert {"a.example": 1, "b.example": 0, "c.example": 1} == {
        host: one.not_modified for host, one in by_host.items()
    }
    assert {host: sent[host] for host in by_host} == {h: one.bytes for h, one in by_host.items()}
    assert (700, 0) == (by_host["a.example"].bytes_saved, by_host["c.example"].bytes_saved)
    assert [] == holds
    began = [asked for asked in office.asked if asked.headers["host"] == "a.example"]
    shortest = min(later.began - earlier.ended for earlier, later in pairwise(began))
    assert by_host["b.example"].shortest_gap is None
    gap = by_host["a.example"].shortest_gap
    assert gap is not None
    assert 0.03 <= gap <= shortest + 0.005


def test_what_was_never_sent_is_not_counted() -> None:
    """A connection that was refused burdened nobody."""
    with serve(Answer()) as office:
        closed = FetchRequest(feed_id="f", url="http://127.0.0.1:1/")
        desk = Desk(office)
        desk.run([closed])
    assert ([], []) == desk.taken


def test_a_host_that_asked_for_rest_has_it() -> None:
    """It and no other; nothing is sent to it before its time, and then it is asked again."""

    def script(asked: Asked) -> Answer:
        if asked.headers["host"] == "a.example" and len(office.asked) == 0:
            return Answer(status=429, headers=[("Retry-After", "60")])
        return Answer(body=b"x")

    with serve(script) as office:
        desk = Desk(office)
        first, second, other, third = desk.run(
            [at("a")],
            timedelta(seconds=59),
            [at("a"), at("b")],
            timedelta(seconds=1),
            [at("a")],
        )
    assert isinstance(first, Throttled)
    assert isinstance(second, HostHeld)
    assert NOW + timedelta(seconds=60) == second.until
    assert "a.example asked to be left alone until 2024-02-29 21:01 KST" == str(second)
    assert isinstance(other, Fetched)
    assert isinstance(third, Fetched)
    hold = HostHold(host="a.example", until=NOW + timedelta(seconds=60), status=429)
    assert [hold] == desk.taken[1]
    assert 3 == len(office.asked)


def test_a_hold_ends_within_a_day() -> None:
    """However absurd the wish."""
    with serve(Answer(status=503, headers=[("Retry-After", "9999999999")])) as office:
        desk = Desk(office)
        desk.run([at("a")])
    hold = HostHold(host="a.example", until=NOW + timedelta(days=1), status=503)
    assert [hold] == desk.taken[1]


@pytest.mark.parametrize("headers", [[], [("Retry-After", "soon")], [("Retry-After", "0")]])
def test_a_host_that_names_no_time_is_not_held(headers: list[tuple[str, str]]) -> None:
    """Its feed is throttled, the others of the host are not."""
    with serve([Answer(status=429, headers=headers), Answer(body=b"x")]) as office:
        desk = Desk(office)
        first, second = desk.run([at("a")], [at("a", "/2")])
    assert isinstance(first, Throttled)
    assert isinstance(second, Fetched)
    assert [] == desk.taken[1]


def test_a_hold_of_an_earlier_run_is_heeded() -> None:
    """Also by redirects, and by those who wait in line."""
    hold = HostHold(host="b.example", until=NOW + timedelta(hours=1), status=429)
    with serve(redirect("http://b.example/")) as office:
        desk = Desk(office)
        direct, redirected = desk.run(hold, [at("b"), at("a")])
    assert isinstance(direct, HostHeld)
    assert isinstance(redirected, HostHeld)
    assert [302] == [hop.status for hop in redirected.hops]
    assert ["a.example"] == [asked.headers["host"] for asked in office.asked]
    assert [] == desk.taken[1]


def test_those_in_line_hear_of_a_hold() -> None:
    """Ten feeds of a host that throttles send one request, not ten."""
    with serve(Answer(status=429, headers=[("Retry-After", "60")], pause=0.05)) as office:
        came = Desk(office).run([at("a", f"/{n}") for n in range(10)])
    assert Counter({"HostHeld": 9, "Throttled": 1}) == Counter(type(one).__name__ for one in came)
    assert 1 == len(office.asked)


def test_redirects_on_a_host_keep_the_spacing() -> None:
    """A hop is a request like any other."""
    with serve([redirect("/a"), redirect("/b"), Answer(body=b"x")]) as office:
        Desk(office, spacing=0.05).run([at("a")])
    for earlier, later in pairwise(office.asked):
        assert 0.05 <= later.began - earlier.ended


def pacing(spacing: float = 0.0) -> HostPacing:
    return HostPacing(spacing, HandClock().now)


def test_whoever_waits_can_be_called_off() -> None:
    """And the one behind is next."""

    async def run() -> list[str]:
        line, order = pacing(), list[str]()

        async def take(name: str, seconds: float) -> None:
            async with line.turn("a"):
                order.append(name)
                await asyncio.sleep(seconds)

        tasks = [asyncio.create_task(take(name, 0.02)) for name in ("one", "two", "three")]
        await asyncio.sleep(0.005)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return order

    assert ["one", "three"] == asyncio.run(run())


def test_a_year_of_hosts_takes_no_room() -> None:
    """Hosts that nobody waits for are forgotten, those in use and the holds are not."""

    async def run() -> tuple[int, bool]:
        line = pacing()
        line.hold([HostHold(host="held", until=NOW + timedelta(hours=1), status=429)])
        async with line.turn("used"):
            for number in range(6000):
                async with line.turn(f"h{number}"):
                    pass
            known = len(line._lines), "used" in line._lines
        with pytest.raises(Held):
            async with line.turn("held"):
                pass
        return known

    assert (4096, True) == asyncio.run(run())


def test_holds_that_are_over_are_forgotten() -> None:
    """Each new one clears them away; a shorter hold does not cut a longer one."""
    clock = HandClock()
    line = HostPacing(0.0, clock.now)
    line.hold([HostHold(host="a", until=NOW + timedelta(seconds=1), status=429)])
    clock.at += timedelta(seconds=2)
    late = HostHold(host="b", until=NOW + timedelta(hours=2), status=429)
    line.hold([late])
    line.hold([HostHold(host="b", until=NOW + timedelta(hours=1), status=503)])
    assert {"b": late} == line._holds


def test_manners_add_up() -> None:
    """Both together, with the shorter of the gaps."""
    one = Manners(host="a", requests=1, bytes=2, shortest_gap=3.0)
    other = Manners(host="a", requests=1, not_modified=1, bytes_saved=5)
    both = Manners(host="a", requests=2, not_modified=1, bytes=2, bytes_saved=5, shortest_gap=3.0)
    assert both == one.plus(other)


def test_a_failed_fetch_is_an_error_of_its_own() -> None:
    """Nothing that a server does ends as another exception."""
    with serve(Answer(raw=b"\x00" * 100)) as office:
        (came,) = Desk(office).run([at("a")])
    assert isinstance(came, FetchError)
