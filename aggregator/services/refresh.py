"""Refresh: fetch, read and store feeds. Items first, validators last, one transaction a feed.

Visits that changed nothing are written together: a crash before that repeats them and loses nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from aggregator.domain.errors import AggregatorError, BadStatus, FetchError, HostHeld, ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.observe import get_logger
from aggregator.ports import (
    Clock,
    DocumentReader,
    Fetched,
    FetchRequest,
    NotModified,
    PoliteFetcher,
    Store,
)
from aggregator.services import digests
from aggregator.services.after_visit import (
    Arrival,
    address_of,
    after_error,
    after_hold,
    after_unchanged,
    host_of,
)
from aggregator.services.gathering import gather
from aggregator.services.intake import RENUMBERED, Intake
from aggregator.services.leases import RENEWED_AFTER, Leases

__all__ = ["RENUMBERED", "Refreshed", "Refresher"]

log = get_logger(__name__)

AT_ONCE = 256
"""Hosts in flight at the same time; each gets one exchange at a time."""

WRITTEN_AFTER = 200
"""Visits that brought nothing are written in batches of so many, and at the end."""

WRITTEN_WITHIN = 2.0
"""Seconds after which a smaller batch is written, too."""

IN_USE = "another process is visiting its host just now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """How the refresh of one feed ended; ``error`` is one plain sentence, "" when all is well.

    ``warnings`` are slugs of oddities that did not stop the reading.
    """

    visit: Visit
    error: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresher:
    """The parts a refresh needs. ``environ`` holds the keys of interfaces, ``keeps``: documents are
    kept as they came."""

    store: Store
    fetcher: PoliteFetcher
    clock: Clock
    reader: DocumentReader
    environ: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = True

    async def refresh(
        self, feeds: Sequence[Feed], *, on_done: Callable[[Refreshed], None] = lambda _: None
    ) -> list[Refreshed]:
        """Visit these feeds now and store what they bring; one report each, in their order.

        A feed that fails is recorded and never stops another. Store errors are raised. Where it is
        cancelled, what has ended is stored and the rest is given back.
        """
        run = _Run(refresher=self, on_done=on_done)
        return await run.visit_all(feeds)


@dataclass(slots=True, kw_only=True)
class _Run:
    """One refresh under way: leases, reports so far, and visits that wait to be written."""

    refresher: Refresher
    on_done: Callable[[Refreshed], None]
    leases: Leases = field(init=False)
    reports: dict[str, Refreshed] = field(default_factory=dict)
    waiting: list[tuple[FeedState, Visit]] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    write_at: float = field(default_factory=lambda: time.monotonic() + WRITTEN_WITHIN)

    def __post_init__(self) -> None:
        self.leases = Leases(store=self.refresher.store)

    async def visit_all(self, feeds: Sequence[Feed]) -> list[Refreshed]:
        store, clock = self.refresher.store, self.refresher.clock
        states = await asyncio.to_thread(store.feed_states)
        held = await asyncio.to_thread(store.holds, clock.now())
        self.refresher.fetcher.hold(held)
        wanted = {
            feed.id: host_of(address_of(feed, states.get(feed.id) or FeedState(feed_id=feed.id)))
            for feed in feeds
        }
        got = set(await asyncio.to_thread(self.leases.take, wanted, clock.now()))
        self.left = {feed_id: host for feed_id, host in wanted.items() if feed_id in got}
        for feed in feeds:
            if feed.id not in got:
                self._done(feed, Refreshed(visit=self._begun(feed, Outcome.HELD), error=IN_USE))
        try:
            await self._visit_hosts([feed for feed in feeds if feed.id in got], states)
        finally:
            await self._finish()
        return [self.reports[feed.id] for feed in feeds]

    async def _visit_hosts(self, feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> None:
        """One task for each host, so that feeds which wait for their host keep nobody waiting."""
        hosts: dict[str, list[Feed]] = defaultdict(list)
        for feed in feeds:
            hosts[self.left[feed.id]].append(feed)
        gate = asyncio.Semaphore(AT_ONCE)

        async def visit_host(queue: Sequence[Feed]) -> None:
            for feed in queue:
                async with gate:
                    state = states.get(feed.id) or FeedState(feed_id=feed.id)
                    try:
                        await self._visit(feed, state)
                    finally:
                        self.refresher.fetcher.done_with(feed.id)

        # A task group would wrap a full disk in an exception group; the first error is the error.
        tasks = [asyncio.ensure_future(visit_host(queue)) for queue in hosts.values()]
        tasks.append(asyncio.ensure_future(self._renew_leases()))
        try:
            await asyncio.gather(*tasks[:-1])
        finally:
            for task in tasks:
                task.cancel()
            # Whoever closes the fetcher next must find nobody fetching.
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(RENEWED_AFTER.total_seconds())
            await asyncio.to_thread(self.leases.renew, dict(self.left), self.refresher.clock.now())

    async def _visit(self, feed: Feed, state: FeedState) -> None:
        visit = self._begun(feed, Outcome.NOT_MODIFIED)
        started = time.perf_counter()
        came: Fetched | None = None
        try:
            asked = address_of(feed, state)
            answer = await gather(
                _Keeping(fetcher=self.refresher.fetcher),
                feed,
                _as_known(feed, state),
                now=visit.started_at,
                environ=self.refresher.environ,
            )
            visit = replace(visit, milliseconds=_since(started))
            if isinstance(answer, NotModified):
                arrival = Arrival.of(answer, asked)
                after = after_unchanged(feed, state, arrival, visit.started_at)
                await self._wait(after, replace(visit, status=answer.status), feed)
                return
            came = answer.first
            intake = Intake(
                store=self.refresher.store,
                fetcher=self.refresher.fetcher,
                reader=self.refresher.reader,
                keeps=self.refresher.keeps,
            )
            taken = await intake.take_in(feed, state, answer, visit, asked)
            if taken.is_written:
                self._done(feed, Refreshed(visit=taken.visit, warnings=taken.warnings))
            else:
                await self._wait(taken.state, taken.visit, feed)
        except HostHeld as held:
            visit = replace(visit, outcome=Outcome.HELD)
            self.waiting.append((after_hold(state, held.until), visit))
            self._done(feed, Refreshed(visit=visit, error=str(held)))
        except (FetchError, ReadError) as error:
            await self._fail(feed, state, error, replace(visit, milliseconds=_since(started)), came)
        except AggregatorError:
            raise
        except Exception as fault:
            # The edge of a feed: a fault of the program in one must not end the others.
            log.exception("visit_broke_down", feed_id=feed.id)
            told = ReadError(f"the visit broke down: {type(fault).__name__} in the program")
            await self._fail(feed, state, told, replace(visit, milliseconds=_since(started)), came)

    async def _fail(
        self,
        feed: Feed,
        state: FeedState,
        error: FetchError | ReadError,
        visit: Visit,
        came: Fetched | None,
    ) -> None:
        status = error.status if isinstance(error, BadStatus) else came.status if came else None
        ill = after_error(feed, state, error, visit.started_at, came=came)
        visit = replace(
            visit,
            outcome=Outcome.FAILED,
            status=status,
            body_bytes=len(came.body) if came else 0,
            error_code=error.code,
        )
        await self._wait(ill, visit, feed, error=str(error))

    async def _wait(self, state: FeedState, visit: Visit, feed: Feed, *, error: str = "") -> None:
        """Let a visit that brought nothing wait until it is written with others."""
        visit = replace(visit, health=state.condition.health)
        self.waiting.append((state, visit))
        self._done(feed, Refreshed(visit=visit, error=error))
        if len(self.waiting) >= WRITTEN_AFTER or time.monotonic() > self.write_at:
            await self._write()

    async def _write(self) -> None:
        waiting, self.waiting = self.waiting, []
        self.write_at = time.monotonic() + WRITTEN_WITHIN
        manners, holds = self.refresher.fetcher.take_manners()
        await asyncio.to_thread(
            self.refresher.store.record_visits, waiting, manners=manners, holds=holds
        )

    async def _finish(self) -> None:
        """Write what has ended and give back the rest, also where this is cancelled."""
        try:
            await asyncio.shield(self._write())
        finally:
            with suppress(asyncio.CancelledError):
                await asyncio.shield(asyncio.to_thread(self.leases.give_back))

    def _begun(self, feed: Feed, outcome: Outcome) -> Visit:
        return Visit(
            feed_id=feed.id,
            started_at=self.refresher.clock.now(),
            milliseconds=0,
            outcome=outcome,
        )

    def _done(self, feed: Feed, report: Refreshed) -> None:
        self.left.pop(feed.id, None)
        self.reports[feed.id] = report
        self.on_done(report)
        log.info("feed_refreshed", **_line(report))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keeping:
    """The fetcher, told that its bodies are in use until the visit is over."""

    fetcher: PoliteFetcher

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """As the fetcher's."""
        return await self.fetcher.fetch(replace(request, kept=True))

    async def aclose(self) -> None:
        """The fetcher is somebody else's to close."""


def _as_known(feed: Feed, state: FeedState) -> FeedState:
    """The state without validators where what they stand for was read by another reader, since
    "not modified" would keep it."""
    if (state.body_hash or "").startswith(f"{digests.reader_mark(feed)}:"):
        return state
    return replace(state, etag=None, last_modified=None, body_hash=None)


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _line(report: Refreshed) -> dict[str, object]:
    """The figures of the log line for one refresh."""
    visit = report.visit
    line: dict[str, object] = {
        "feed_id": visit.feed_id,
        "outcome": visit.outcome.value,
        "health": visit.health.value,
        "status": visit.status,
        "bytes": visit.body_bytes,
        "new": visit.new,
        "changed": visit.changed,
        "ms": visit.milliseconds,
    }
    if report.error:
        line |= {"error_code": visit.error_code, "error": report.error}
    if report.warnings:
        line["warnings"] = sorted(set(report.warnings))
    return line
