"""Refresh: fetch, read and store feeds. Items first, validators last, one transaction a feed."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.domain.errors import BadStatus, Conflict, FetchError, ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.observe import get_logger
from aggregator.ports import (
    Clock,
    Fetcher,
    NotModified,
    RefreshPlan,
    Store,
)
from aggregator.read.items.fingerprint import HASH_VERSION
from aggregator.services.cadence import next_check
from aggregator.services.gathering import Gathered, digest_of_all, gather
from aggregator.services.inspect import inspect_answer
from aggregator.services.refresh_plan import (
    doubtful_ids,
    keys_of,
    make_plan,
    match_items,
    wanted_candidates,
)

log = get_logger(__name__)

AT_ONCE = 16
"""Feeds in flight at the same time; each host still gets one exchange at a time."""

ATTEMPTS = 5
"""How often a plan is made anew when another process visits the same feed meanwhile."""

RENUMBERED = "renumbered"
"""Warning: most entries of the feed came under other keys than before, and were known again."""

READER_VERSION = "2"
"""Goes up when the program reads documents differently, so that unchanged ones are read again."""

_READING = (
    "body", "carries", "encoding", "identity", "issuer", "kind", "language", "timezone", "url"
)  # fmt: skip
"""Settings of a feed that decide what its documents become."""


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
    """The parts a refresh needs. ``issuer`` finds a body's id by the name a portal prints,
    ``environ`` holds the keys of interfaces."""

    store: Store
    fetcher: Fetcher
    clock: Clock
    issuer: Callable[[str], str | None]
    environ: Mapping[str, str] = field(default_factory=dict)

    async def refresh(
        self, feeds: Sequence[Feed], *, on_done: Callable[[Refreshed], None] = lambda _: None
    ) -> list[Refreshed]:
        """Visit these feeds now and store what they bring; one report each, in their order.

        A feed that fails is recorded and never stops another. Store errors are raised.
        """
        states = await asyncio.to_thread(self.store.feed_states)
        gate = asyncio.Semaphore(AT_ONCE)

        async def visit(feed: Feed) -> Refreshed:
            async with gate:
                report = await self._visit(feed, states.get(feed.id, FeedState(feed_id=feed.id)))
            on_done(report)
            return report

        # A task group would wrap a full disk in an exception group; the first error is the error.
        tasks = [asyncio.ensure_future(visit(feed)) for feed in feeds]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            # Whoever closes the fetcher next must find nobody fetching.
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _visit(self, feed: Feed, state: FeedState) -> Refreshed:
        visit = Visit(
            feed_id=feed.id,
            started_at=self.clock.now(),
            milliseconds=0,
            outcome=Outcome.NOT_MODIFIED,
        )
        started = time.perf_counter()

        def timed() -> Visit:
            return replace(visit, milliseconds=round((time.perf_counter() - started) * 1000))

        try:
            known, now = _as_known(feed, state), visit.started_at
            answer = await gather(self.fetcher, feed, known, now=now, environ=self.environ)
            report = await asyncio.to_thread(self._digest, feed, state, answer, timed())
        except (FetchError, ReadError) as error:
            report = await asyncio.to_thread(self._fail, feed, state, error, timed())
        log.info("feed_refreshed", **_line(report))
        return report

    def _digest(
        self, feed: Feed, state: FeedState, answer: Gathered | NotModified, visit: Visit
    ) -> Refreshed:
        """Store what a visit brought. Raises ReadError for a body that is no feed."""
        now = visit.started_at
        well = replace(
            state,
            last_try_at=now,
            last_ok_at=now,
            failures=0,
            error_code=None,
            error_text=None,
            next_check_at=next_check(feed, failures=0, now=now),
        )
        if isinstance(answer, NotModified):
            return self._record(well, replace(visit, status=answer.status))
        first, came = answer.first, (answer.first, *answer.further)
        size = sum(len(each.body) for each in came)
        visit = replace(visit, status=first.status, body_bytes=size)
        digest = f"{_reader(feed)}:{digest_of_all(answer, feed)}" if answer.is_whole else None
        etag, modified = (first.etag, first.last_modified) if answer.is_whole else (None, None)
        well = replace(well, etag=etag, last_modified=modified, body_hash=digest)
        if digest and digest == state.body_hash:
            return self._record(well, replace(visit, outcome=Outcome.UNCHANGED))
        return self._store(feed, well, visit, answer)

    def _store(self, feed: Feed, state: FeedState, visit: Visit, answer: Gathered) -> Refreshed:
        now, further = visit.started_at, answer.document(feed, visit.started_at).further
        inspected = inspect_answer(
            answer.first, feed=feed, now=now, issuer=self.issuer, further=further
        )
        parsed = inspected.parsed
        items = [item for item in inspected.items if not item.says_nothing]
        state = replace(state, title=parsed.title, link=parsed.link or None)
        for attempt in range(1, ATTEMPTS + 1):
            plan = self._plan(feed.id, items, visit.started_at)
            told = replace(
                visit, outcome=Outcome.FETCHED, new=len(plan.new), changed=len(plan.changed)
            )
            if plan.new:
                state = replace(state, last_new_at=visit.started_at)
            try:
                self.store.apply_refresh(plan, state, told)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
                continue
            renumbered = (RENUMBERED,) if plan.renumbered else ()
            warnings = (*inspected.warnings, *answer.warnings, *renumbered)
            return Refreshed(visit=told, warnings=warnings)
        raise AssertionError("the last attempt returns or raises")

    def _plan(self, feed_id: str, items: Sequence[Item], now: datetime) -> RefreshPlan:
        """What to write, decided from what the store has now."""
        known = self.store.known_items(feed_id, keys_of(items))
        wanted = wanted_candidates(known, items)
        like = (
            self.store.items_like(feed_id, titles=wanted.titles, days=wanted.days) if wanted else ()
        )
        matches = match_items(known, items, like)
        doubtful = doubtful_ids(matches)
        stored = self.store.items_by_id(doubtful) if doubtful else {}
        return make_plan(feed_id, matches, now, stored)

    def _record(self, state: FeedState, visit: Visit) -> Refreshed:
        self.store.record_visit(state, visit)
        return Refreshed(visit=visit)

    def _fail(
        self, feed: Feed, state: FeedState, error: FetchError | ReadError, visit: Visit
    ) -> Refreshed:
        failures = state.failures + 1
        now = visit.started_at
        visit = replace(
            visit,
            outcome=Outcome.FAILED,
            status=error.status if isinstance(error, BadStatus) else None,
            error_code=error.code,
        )
        ill = replace(
            state,
            last_try_at=now,
            failures=failures,
            error_code=error.code,
            error_text=str(error),
            next_check_at=next_check(feed, failures=failures, now=now),
        )
        self.store.record_visit(ill, visit)
        return Refreshed(visit=visit, error=str(error))


def _as_known(feed: Feed, state: FeedState) -> FeedState:
    """The state to ask with; without validators where what they stand for was read by another
    reader, since "not modified" would keep it."""
    is_ours = (state.body_hash or "").startswith(f"{_reader(feed)}:")
    return state if is_ours else replace(state, etag=None, last_modified=None, body_hash=None)


def _reader(feed: Feed) -> str:
    """Stands for how a feed's documents are read: another value means that equal bytes may
    become something else.

    The store forgets validators when it sees a setting change; this also holds when a process
    that still runs with the old settings visits the feed afterwards.
    """
    settings = [str(getattr(feed, name)) for name in _READING]
    text = "\x00".join([READER_VERSION, HASH_VERSION, *settings])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _line(report: Refreshed) -> dict[str, object]:
    """The figures of the log line for one refresh."""
    visit = report.visit
    line: dict[str, object] = {
        "feed_id": visit.feed_id,
        "outcome": visit.outcome.value,
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
