"""A document that says something new: read, compared with what is known, and written."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.domain.errors import Conflict, ReadError
from aggregator.domain.items import Item
from aggregator.domain.visits import Outcome, Payload
from aggregator.ports.fetching import Fetched, Fetcher
from aggregator.ports.reading import Document, DocumentReader, Inspected
from aggregator.ports.refreshing import Arrived, RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.asking.details import with_texts
from aggregator.services.intake.after_visit import after_reading
from aggregator.services.intake.part_reading import fresh_part, memory_of, stands_alone
from aggregator.services.intake.planning import plan_for
from aggregator.services.intake.refresh_plan import keys_of
from aggregator.services.intake.taken import RENUMBERED, WINDOW_PASSED, Came, Taken
from aggregator.services.intake.writing import Writer
from aggregator.watch.health import contents_of, may_have_lost

ATTEMPTS = 5
"""How often a plan is made anew when another process visits the same feed meanwhile."""

KEPT_CODINGS = frozenset({"gzip", "deflate"})
"""Codings in which documents are kept as they came."""

_QUICKLY = 1
"""The level of compression that costs least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocuments:
    """Reads documents and has them written. ``keeps``: also as they came."""

    store: Store
    writer: Writer
    fetcher: Fetcher
    reader: DocumentReader
    keeps: bool = True

    async def take_in(self, came: Came) -> Taken:
        """Read what is new or edited of a document, or all of it where that does not stand by
        itself."""
        document = came.gathered.document(came.feed, came.visit.started_at)
        if _may_be_divided(came):
            part = fresh_part(document, came.pieces, came.memory, came.mark)
            taken = None if part is None else await self._read_part(came, part)
            if taken is not None:
                return taken
        reader = came.gathered.quiet(self.reader)
        inspected = await reader.read(document)
        came, inspected = await self._with_texts(came, inspected)
        taken = await self._store(came, inspected, whole=True)
        if taken is None:
            raise AssertionError("a whole document is always taken")
        return taken

    async def _with_texts(self, came: Came, inspected: Inspected) -> tuple[Came, Inspected]:
        """Fetch the pages of a list's new releases, where it has selectors for them. A list of which
        some could not be had is looked at again at the next visit, changed or not."""
        feed = came.feed
        if feed.select is None or not feed.select.body:
            return came, inspected
        keys = keys_of(inspected.items)
        known = await asyncio.to_thread(self.store.known_items, feed.id, keys)
        hashes = {item.key: item.hash for item in inspected.items}
        same = {key for key, one in known.items() if hashes.get(key) == one.hash}
        now = came.visit.started_at
        reader = came.gathered.quiet(self.reader)
        found = await with_texts(self.fetcher, reader, feed, inspected.items, same, now=now)
        if not found.is_whole:
            again = replace(came.state, etag=None, last_modified=None, body_hash=None)
            came = replace(came, state=again)
        warnings = (*inspected.warnings, *found.warnings)
        return came, replace(inspected, items=found.items, warnings=warnings)

    async def _read_part(self, came: Came, part: Document) -> Taken | None:
        """Take in the new and edited entries of a document alone; None, and nothing written, where
        they do not stand by themselves."""
        try:
            inspected = await self.reader.read(part)
        except ReadError:
            return None
        return await self._store(came, inspected, whole=False)

    async def _store(self, came: Came, inspected: Inspected, *, whole: bool) -> Taken | None:
        """Write a document's items; None, and nothing written, where those of a part turn out to
        be more than new or edited ones."""
        for attempt in range(1, ATTEMPTS + 1):
            made = await asyncio.to_thread(self._made, came, inspected, whole=whole)
            if made is None:
                return None
            taken, arrived = made
            try:
                await self.writer.write(arrived)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
                continue
            return taken
        raise AssertionError("the last attempt returns or raises")

    def _made(
        self, came: Came, inspected: Inspected, *, whole: bool
    ) -> tuple[Taken, Arrived] | None:
        """What is to be written of a document, or of a part that stands by itself."""
        items = _telling(inspected)
        if not whole and not _stands_alone(came, inspected):
            return None
        planned = plan_for(self.store, came.feed, items, came.visit.started_at)
        if not whole and not planned.is_plain:
            return None
        taken = self._taken(came, inspected, items, planned.plan, whole=whole)
        keeps = self.keeps and came.gathered.may_be_kept(inspected)
        arrived = Arrived(
            plan=planned.plan,
            state=taken.state,
            visit=taken.visit,
            memory=memory_of(
                came.mark,
                came.pieces,
                items,
                None if whole else came.memory,
                came.feed.identity,
            ),
            payloads=_payloads(came) if keeps else (),
        )
        return taken, arrived

    def _taken(
        self,
        came: Came,
        inspected: Inspected,
        items: Sequence[Item],
        plan: RefreshPlan,
        *,
        whole: bool,
    ) -> Taken:
        warnings = [*inspected.warnings, *came.gathered.warnings]
        if not whole:
            # Of a part that is empty nothing is to be said.
            warnings = [slug for slug in warnings if slug != "no-entries"]
        if plan.renumbered:
            warnings.append(RENUMBERED)
        had_items = came.before.last_new_at is not None
        if whole and may_have_lost(known_before=had_items, entries=len(items), new=len(plan.new)):
            warnings.append(WINDOW_PASSED)
        state = after_reading(
            came.feed,
            came.state,
            came.arrival,
            came.visit.started_at,
            parsed=inspected.parsed,
            contents=contents_of(items, renumbered=plan.renumbered, whole=whole),
            new=plan.new,
        )
        visit = replace(
            came.visit,
            outcome=Outcome.FETCHED,
            new=len(plan.new),
            changed=len(plan.changed),
            health=state.condition.health,
        )
        return Taken(state=state, visit=visit, warnings=tuple(warnings), is_written=True)


def _may_be_divided(came: Came) -> bool:
    """Whether a part of a document may stand for it. What a part does not show may repeat the feed's
    key; and only a whole document tells that what was odd about the last one is gone."""
    return came.gathered.key is None and came.before.condition.document is None


def _stands_alone(came: Came, part: Inspected) -> bool:
    """Whether the rest of a document makes no difference to what was read of a part of it, nor to
    what is to be said of it: how many dates cannot be believed is told of all of them. An entry that
    says nothing, or becomes no item, may still change what another is."""
    if came.pieces is None or came.memory is None or contents_of(part.items).unsure:
        return False
    if len(part.items) != len(part.parsed.entries):
        return False
    return stands_alone(part.items, came.pieces, came.memory, came.feed.identity)


def _telling(inspected: Inspected) -> tuple[Item, ...]:
    return tuple(item for item in inspected.items if not item.says_nothing)


def _payloads(came: Came) -> tuple[Payload, ...]:
    answers = (came.gathered.first, *came.gathered.further)
    return tuple(_payload(came.feed.id, came.visit.started_at, answer) for answer in answers)


def _payload(feed_id: str, seen_at: datetime, answer: Fetched) -> Payload:
    """A document as it came, where it came in a coding that any version of the program undoes, else
    compressed by us."""
    is_kept = bool(answer.wire) and answer.coding in KEPT_CODINGS
    return Payload(
        feed_id=feed_id,
        seen_at=seen_at,
        body=answer.wire if is_kept else gzip.compress(answer.body, _QUICKLY, mtime=0),
        coding=answer.coding if is_kept else "gzip",
        charset=answer.charset,
        media_type=answer.media_type,
        url=answer.url,
    )
