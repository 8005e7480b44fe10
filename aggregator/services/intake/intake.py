"""Whether a gathered document says anything new; most visits end here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.ports.fetching import Fetcher
from aggregator.ports.reading import DocumentReader
from aggregator.ports.storing import Store
from aggregator.services.asking.gathered import Gathered, digest_of_all
from aggregator.services.intake import digests
from aggregator.services.intake.after_visit import Arrival, after_unchanged
from aggregator.services.intake.taken import Came, Taken
from aggregator.services.intake.writing import Writer

LARGE = 256 * 1024
"""Bytes from which a document is taken apart beside the event loop, not in it."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes documents into the store. ``keeps``: also as they came."""

    store: Store
    writer: Writer
    fetcher: Fetcher
    reader: DocumentReader
    keeps: bool = True

    async def take_in(
        self, feed: Feed, state: FeedState, gathered: Gathered, visit: Visit, asked: str
    ) -> Taken:
        """Store what a visit brought. Raises ReadError for what is no feed, and StoreError."""
        first = gathered.first
        mark, arrival, size = digests.reader_mark(feed), Arrival.of(first, asked), len(first.body)
        # A visit that could not get everything says nothing about the rest: it must be asked again.
        whole = gathered.is_whole
        digest = await _beside(size, digest_of_all, gathered, feed)
        told = replace(
            state,
            etag=first.etag if whole else None,
            last_modified=first.last_modified if whole else None,
            body_hash=f"{mark}:{digest}" if whole else None,
            wire_bytes=len(first.wire) or size,
        )
        visit = replace(visit, status=first.status, body_bytes=size)
        same = replace(visit, outcome=Outcome.UNCHANGED)
        if told.body_hash and told.body_hash == state.body_hash:
            return Taken(state=after_unchanged(feed, told, arrival, visit.started_at), visit=same)
        pieces = await _beside(size, digests.pieces_of, feed, gathered)
        memory = await asyncio.to_thread(self.store.feed_memory, feed.id) if pieces else None
        # Equal bytes that are said to be in another charset are another document.
        mark = f"{mark}:{first.charset}"
        if digests.says_the_same(memory, mark, pieces):
            return Taken(state=after_unchanged(feed, told, arrival, visit.started_at), visit=same)
        came = Came(
            feed=feed,
            before=state,
            state=told,
            visit=visit,
            arrival=arrival,
            gathered=gathered,
            mark=mark,
            pieces=pieces,
            memory=memory,
        )
        return await self._read(came)

    async def _read(self, came: Came) -> Taken:
        # Slow to load, and most visits bring nothing.
        from aggregator.services.intake.new_documents import NewDocuments  # noqa: PLC0415

        new = NewDocuments(
            store=self.store,
            writer=self.writer,
            fetcher=self.fetcher,
            reader=self.reader,
            keeps=self.keeps,
        )
        return await new.take_in(came)


async def _beside(size: int, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """The result of some work on a body, done in a thread where the body is large."""
    if size < LARGE:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)
