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

from aggregator.domain.errors import (
    AggregatorError,
    BadStatus,
    FetchError,
    HostHeld,
    ReadError,
    SchemaMismatch,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
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
    after_error,
    after_hold,
    after_unchanged,
)
from aggregator.services.batch import Batch
from aggregator.services.gathering import gather
from aggregator.services.intake import RENUMBERED, Intake
from aggregator.services.leases import RENEWED_AFTER, Leases
from aggregator.services.visit_address import address_of
from aggregator.text.hosts import host_of
from aggregator.text.secrets import masked
from aggregator.watch.next_visit import due_feeds

__all__ = ["RENUMBERED", "Refreshed", "Refresher"]

log = get_logger(__name__)

AT_ONCE = 128
"""Hosts in flight at the same time; each gets one exchange at a time."""

IN_USE = "another process is visiting its host just now"
VISITED = "another process has visited it just now"

_OF_THE_STORE = (StoreBusy, StoreFull, StoreUnavailable, SchemaMismatch)
"""Faults of the store that every feed would meet; any other one is that feed's own."""


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
        self,
        feeds: Sequence[Feed],
        *,
        only_due: bool = False,
        on_done: Callable[[Refreshed], None] = lambda _: None,
    ) -> list[Refreshed]:
        """Visit these feeds now and store what they bring; one report each, in their order.
        ``only_due``: those that another process visited meanwhile are left out.

        A feed that fails is recorded and never stops another. Store errors are raised. Where it is
        cancelled, what has ended is stored and the rest is given back.
        """
        run = _Run(refresher=self, on_done=on_done)
        return await run.visit_all([*{feed.id: feed for feed in feeds}.values()], only_due=only_due)


@dataclass(slots=True, kw_only=True)
class _Run:
    """One refresh under way: leases, reports so far, and visits that wait to be written."""

    refresher: Refresher
    on_done: Callable[[Refreshed], None]
    leases: Leases = field(init=False)
    batch: Batch = field(init=False)
    reports: dict[str, Refreshed] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        store = self.refresher.store
        self.leases = Leases(store=store)
        self.batch = Batch(store=store, fetcher=self.refresher.fetcher)

    async def visit_all(self, feeds: Sequence[Feed], *, only_due: bool) -> list[Refreshed]:
        store, clock = self.refresher.store, self.refresher.clock
        self.refresher.fetcher.hold(await asyncio.to_thread(store.holds, clock.now()))
        got = await self._lease(feeds)
        # Read again: another process may have ended its visit while this one waited for its turn.
        states = await asyncio.to_thread(store.feed_states)
        due = {feed.id for feed in due_feeds(feeds, states, clock.now())} if only_due else got
        for feed in feeds:
            if feed.id not in got & due:
                self._leave(feed, IN_USE if feed.id not in got else VISITED)
        try:
            await self._visit_hosts([feed for feed in feeds if feed.id in got & due], states)
        finally:
            await self._finish()
        return [self.reports[feed.id] for feed in feeds]

    async def _lease(self, feeds: Sequence[Feed]) -> set[str]:
        """The feeds that this run may visit."""
        states = await asyncio.to_thread(self.refresher.store.feed_states)
        wanted = {
            feed.id: host_of(address_of(feed, states.get(feed.id) or FeedState(feed_id=feed.id)))
            for feed in feeds
        }
        got = await asyncio.to_thread(self.leases.take, wanted, self.refresher.clock.now())
        self.left = {feed_id: wanted[feed_id] for feed_id in got}
        return set(got)

    def _leave(self, feed: Feed, why: str) -> None:
        self._done(Refreshed(visit=self._begun(feed, Outcome.HELD), error=why))

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
            try:
                now = self.refresher.clock.now()
                await asyncio.to_thread(self.leases.renew, dict(self.left), now)
            except StoreError as error:
                # The next time is soon enough; a lease outlives three that fail.
                log.warning("leases_not_renewed", code=error.code, error=str(error))

    async def _visit(self, feed: Feed, state: FeedState) -> None:
        """Visit one feed; whatever happens to it is its own."""
        visit = self._begun(feed, Outcome.NOT_MODIFIED)
        started = time.perf_counter()
        came: list[Fetched] = []
        try:
            await self._exchange(feed, state, visit, started, came)
        except HostHeld as held:
            visit = replace(visit, outcome=Outcome.HELD)
            self.batch.add(after_hold(state, held.until), visit)
            self._done(Refreshed(visit=visit, error=str(held)))
        except (FetchError, ReadError) as error:
            await self._fail(feed, state, error, _timed(visit, started), came)
        except _OF_THE_STORE:
            raise
        except AggregatorError as error:
            told = ReadError(f"what came could not be stored: {error}")
            await self._fail(feed, state, told, _timed(visit, started), came)
        except Exception as fault:
            # The edge of a feed: a fault of the program in one must not end the others.
            log.exception("visit_broke_down", feed_id=feed.id)
            told = ReadError(f"the visit broke down: {type(fault).__name__} in the program")
            await self._fail(feed, state, told, _timed(visit, started), came)

    async def _exchange(
        self, feed: Feed, state: FeedState, visit: Visit, started: float, came: list[Fetched]
    ) -> None:
        """Ask, and take in what comes; ``came`` gets the document. Raises FetchError, ReadError and
        StoreError."""
        asked = address_of(feed, state)
        fetcher = _Keeping(fetcher=self.refresher.fetcher)
        answer = await gather(
            fetcher,
            feed,
            _as_known(feed, state),
            now=visit.started_at,
            environ=self.refresher.environ,
        )
        visit = _timed(visit, started)
        if isinstance(answer, NotModified):
            after = after_unchanged(feed, state, Arrival.of(answer, asked), visit.started_at)
            await self._wait(after, replace(visit, status=answer.status))
            return
        came.append(answer.first)
        intake = Intake(
            store=self.refresher.store,
            fetcher=fetcher,
            reader=self.refresher.reader,
            keeps=self.refresher.keeps,
        )
        taken = await intake.take_in(feed, state, answer, visit, asked)
        if taken.is_written:
            self._done(Refreshed(visit=taken.visit, warnings=taken.warnings))
        else:
            await self._wait(taken.state, taken.visit)

    async def _fail(
        self,
        feed: Feed,
        state: FeedState,
        error: FetchError | ReadError,
        visit: Visit,
        came: Sequence[Fetched],
    ) -> None:
        document = came[0] if came else None
        status = error.status if isinstance(error, BadStatus) else None
        ill = after_error(feed, state, error, visit.started_at, came=document)
        visit = replace(
            visit,
            outcome=Outcome.FAILED,
            status=document.status if document else status,
            body_bytes=len(document.body) if document else 0,
            error_code=error.code,
        )
        await self._wait(ill, visit, error=str(error))

    async def _wait(self, state: FeedState, visit: Visit, *, error: str = "") -> None:
        """Let a visit that brought nothing wait until it is written with others."""
        visit = replace(visit, health=state.condition.health)
        self.batch.add(state, visit)
        self._done(Refreshed(visit=visit, error=masked(error)))
        if self.batch.is_due:
            await self.batch.write()

    async def _finish(self) -> None:
        """Write what has ended and give back the rest, also where this is cancelled."""
        try:
            await self.batch.write()
        finally:
            giving = asyncio.ensure_future(asyncio.to_thread(self.leases.give_back))
            with suppress(asyncio.CancelledError):
                await asyncio.shield(giving)
            await asyncio.wait([giving])

    def _begun(self, feed: Feed, outcome: Outcome) -> Visit:
        return Visit(
            feed_id=feed.id,
            started_at=self.refresher.clock.now(),
            milliseconds=0,
            outcome=outcome,
        )

    def _done(self, report: Refreshed) -> None:
        self.left.pop(report.visit.feed_id, None)
        self.reports[report.visit.feed_id] = report
        log.info("feed_refreshed", **_line(report))
        try:
            self.on_done(report)
        except Exception:
            # What only watches must not undo a visit.
            log.exception("watching_broke_down", feed_id=report.visit.feed_id)


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


def _timed(visit: Visit, started: float) -> Visit:
    return replace(visit, milliseconds=round((time.perf_counter() - started) * 1000))


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
        line |= {"error_code": visit.error_code, "error": masked(report.error)}
    if report.warnings:
        line["warnings"] = sorted(set(report.warnings))
    return line
