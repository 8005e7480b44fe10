"""Refresh: visit many feeds, each host by itself.

Visits that changed nothing are written together: a crash before that repeats them and loses nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aggregator.domain.errors import StoreError
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.observe import get_logger
from aggregator.ports.clock import Clock
from aggregator.ports.fetching import PoliteFetcher
from aggregator.ports.reading import DocumentReader
from aggregator.ports.storing import Store
from aggregator.services.asking.visit_address import address_of
from aggregator.services.intake.batch import Batch
from aggregator.services.intake.taken import RENUMBERED
from aggregator.services.intake.writing import Writer
from aggregator.services.visits.leases import RENEWED_AFTER, Leases
from aggregator.services.visits.visiting import Refreshed, Visitor
from aggregator.text.hosts import host_of
from aggregator.watch.next_visit import due_feeds

__all__ = ["RENUMBERED", "Refreshed", "Refresher"]

log = get_logger(__name__)

AT_ONCE = 128
"""Hosts in flight at the same time; each gets one exchange at a time."""

IN_USE = "another process is visiting its host just now"
VISITED = "another process has visited it just now"


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
    writer: Writer = field(init=False)
    visitor: Visitor = field(init=False)
    reports: dict[str, Refreshed] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = self.refresher
        self.leases = Leases(store=parts.store)
        self.batch = Batch(store=parts.store, fetcher=parts.fetcher)
        self.writer = Writer(store=parts.store)
        self.visitor = Visitor(
            store=parts.store,
            writer=self.writer,
            fetcher=parts.fetcher,
            clock=parts.clock,
            reader=parts.reader,
            environ=parts.environ,
            keeps=parts.keeps,
        )

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
        moves = await asyncio.to_thread(self.refresher.store.moves)
        wanted = {
            feed.id: host_of(address_of(feed, FeedState(feed_id=feed.id, move=moves.get(feed.id))))
            for feed in feeds
        }
        got = await asyncio.to_thread(self.leases.take, wanted, self.refresher.clock.now())
        self.left = {feed_id: wanted[feed_id] for feed_id in got}
        return set(got)

    def _leave(self, feed: Feed, why: str) -> None:
        now = self.refresher.clock.now()
        visit = Visit(feed_id=feed.id, started_at=now, milliseconds=0, outcome=Outcome.HELD)
        self._done(Refreshed(visit=visit, error=why))

    async def _visit_hosts(self, feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> None:
        """One task for each host, so that feeds which wait for their host keep nobody waiting."""
        hosts: dict[str, list[Feed]] = defaultdict(list)
        for feed in feeds:
            hosts[self.left[feed.id]].append(feed)
        gate = asyncio.Semaphore(AT_ONCE)

        async def visit_host(queue: Sequence[Feed]) -> None:
            for number, feed in enumerate(queue, start=1):
                async with gate:
                    try:
                        follows = number < len(queue)
                        await self._visit(feed, states.get(feed.id), follows=follows)
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

    async def _visit(self, feed: Feed, stored: FeedState | None, *, follows: bool) -> None:
        """Visit one feed, and let what it changed wait until it is written with others."""
        state = stored or FeedState(feed_id=feed.id)
        ended = await self.visitor.visit(feed, state, follows=follows)
        if ended.state is not None:
            self.batch.add(ended.state, ended.report.visit, stored)
        self._done(ended.report)
        if ended.state is not None and self.batch.is_due:
            await self.batch.write()

    async def _finish(self) -> None:
        """Write what has ended and give back the rest, also where this is cancelled."""
        try:
            await _to_its_end(self.writer.finish())
        finally:
            try:
                await self.batch.write()
            finally:
                await _to_its_end(asyncio.to_thread(self.leases.give_back))

    def _done(self, report: Refreshed) -> None:
        self.left.pop(report.visit.feed_id, None)
        self.reports[report.visit.feed_id] = report
        log.info("feed_refreshed", **_line(report))
        try:
            self.on_done(report)
        except Exception:
            # What only watches must not undo a visit.
            log.exception("watching_broke_down", feed_id=report.visit.feed_id)


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for some work to end, also where this is cancelled meanwhile; then it still is."""
    doing = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not doing.done():
        try:
            await asyncio.wait([doing])
        except asyncio.CancelledError as error:
            cancelled = error
    doing.result()
    if cancelled is not None:
        raise cancelled


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
