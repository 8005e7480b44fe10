"""Items and stories made again of the documents that were kept, and held against what is stored.

The documents are taken in as they were then: in their order, at the instants of their visits, by the
code that refreshes feeds, into an empty store. What no document tells comes from the live store
(``seeding``). Items are folded whenever the live store made stories, since the public id of a story
depends on what was there when it was made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from aggregator.domain.bodies import Body
from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import StoredItem
from aggregator.domain.rules import RuleSet
from aggregator.domain.visits import FeedState, Payload
from aggregator.ports.refreshing import RefreshPlan, Relinked
from aggregator.ports.storing import Store
from aggregator.services.curation.curate import Curator
from aggregator.services.intake.payloads import Unpack, by_visit, unpack
from aggregator.services.intake.planning import plan_for
from aggregator.services.rebuilding.replay import Read, ReplayClock, apply, items_of, write
from aggregator.services.rebuilding.seeding import Seeds
from aggregator.services.rebuilding.stock import (
    ItemName,
    Scope,
    Stock,
    differences,
    take_stock,
    with_ids_of,
)

SHOWN = 20
"""Differences that a report names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How a rebuild ended. ``documents`` were read, ``unreadable`` says in a sentence each which
    were not, ``unknown`` are feeds with documents that are not configured any more. ``differs``
    are the first differences in words, ``differing`` how many there are."""

    documents: int
    scope: Scope
    stored: Stock
    recomputed: Stock
    unreadable: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    differing: int = 0

    @property
    def is_compared(self) -> bool:
        """Whether a document of any feed was there. Without one both sides are empty, and equal."""
        return bool(self.scope.begins)

    @property
    def is_equal(self) -> bool:
        """Whether the store holds what its documents say."""
        return self.stored.digest == self.recomputed.digest


@dataclass(slots=True)
class _Progress:
    """What is known while the documents are taken in."""

    begins: dict[str, datetime] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    documents: int = 0
    is_dirty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilder:
    """The parts of a rebuild: the ``live`` store, an empty ``scratch`` one, and what the program
    reads, folds and places with."""

    live: Store
    scratch: Store
    feeds: Sequence[Feed]
    bodies: Mapping[str, Body]
    rules: RuleSet
    issuer: Callable[[str], str | None]
    read: Read
    unpacked: Unpack = unpack

    def rebuild(
        self,
        since: datetime,
        until: datetime,
        *,
        feed_ids: Collection[str] | None = None,
        on_step: Callable[[int], None] = lambda _: None,
    ) -> Rebuilt:
        """Make items and stories of the documents from ``since`` up to ``until`` (aware), and compare
        those of these feeds, or of all. The live store is only read. ``on_step`` is told how many
        visits are done."""
        progress = _Progress()
        seeds = Seeds(live=self.live, scratch=self.scratch, issuer=self.issuer)
        known = {feed.id: feed for feed in self.feeds}
        clock = ReplayClock(since)
        curator = self._curator(clock)
        # Stories join feeds: all are made again, also where only some are looked at.
        for visit in by_visit(self.live.payloads(since=since)):
            at = visit[0].seen_at
            if at > until:
                break
            if not progress.begins and not progress.documents:
                seeds.plant(self.feeds, at)
                progress.is_dirty = True
                clock.at = at
                self._fold(seeds, curator, progress)
            self._fold_until(at, seeds, curator, clock, progress)
            self._take(visit, known.get(visit[0].feed_id), seeds, progress)
            progress.documents += 1
            on_step(progress.documents)
        if progress.documents:
            self._fold_until(None, seeds, curator, clock, progress)
        begins = {
            feed_id: begin
            for feed_id, begin in progress.begins.items()
            if feed_ids is None or feed_id in feed_ids
        }
        return self._compare(progress, begins, until)

    def _take(
        self, visit: tuple[Payload, ...], feed: Feed | None, seeds: Seeds, progress: _Progress
    ) -> None:
        first = visit[0]
        if feed is None:
            progress.unknown[first.feed_id] = None
            return
        if seeds.grow(first.seen_at, progress.begins, inclusive=False):
            progress.is_dirty = True
        if feed.id not in progress.begins:
            progress.begins[feed.id] = first.seen_at
            progress.is_dirty |= self._take_last_before(first.seen_at, feed)
        try:
            items = items_of(visit, feed, self.read, self.unpacked)
        except ReadError as error:
            seen = first.seen_at.isoformat(timespec="seconds")
            progress.unreadable.append(f"{feed.id}, the document of {seen}: {error}")
            return
        seeds.renumber(feed.id, items, first.seen_at)
        progress.is_dirty |= _is_folded_anew(write(self.scratch, feed, items, first.seen_at))

    def _take_last_before(self, begin: datetime, feed: Feed) -> bool:
        """Take in what is kept of the feed's last visit before ``begin``; whether it changed anything.

        Where a board counted anew no revision tells: readers saw nothing of it. That document has
        the numbers that held when the first one to be compared came.
        """
        visit = self.live.payloads_before(feed.id, begin)
        if not visit:
            return False
        try:
            items = items_of(visit, feed, self.read, self.unpacked)
        except ReadError:
            # It is not one of those that are compared.
            return False
        return _is_folded_anew(write(self.scratch, feed, items, visit[0].seen_at))

    def _fold_until(
        self,
        at: datetime | None,
        seeds: Seeds,
        curator: Curator,
        clock: ReplayClock,
        progress: _Progress,
    ) -> None:
        """Fold at each instant before ``at`` (at all that are left, for None) at which the live
        store made stories, and once in the end."""
        while seeds.births and (at is None or seeds.births[0] < at):
            clock.at = seeds.births.pop(0)
            if seeds.grow(clock.at, progress.begins, inclusive=True):
                progress.is_dirty = True
            self._fold(seeds, curator, progress)
        if at is None:
            self._fold(seeds, curator, progress)

    def _fold(self, seeds: Seeds, curator: Curator, progress: _Progress) -> None:
        if progress.is_dirty:
            seeds.say_verdicts()
            curator.curate()
            progress.is_dirty = False

    def _curator(self, clock: ReplayClock) -> Curator:
        return Curator(
            store=self.scratch,
            clock=clock,
            feeds=tuple(self.feeds),
            bodies=self.bodies,
            rules=self.rules,
            issuer=self.issuer,
        )

    def _compare(
        self, progress: _Progress, begins: Mapping[str, datetime], until: datetime
    ) -> Rebuilt:
        again = {
            (stored.item.feed_id, stored.item.key)
            for feed_id, begin in begins.items()
            for stored in self.scratch.items(feed_id)
            if stored.first_seen_at < begin <= stored.last_seen_at
        }
        scope = Scope(begins=begins, until=until, again=again)
        stored = take_stock(self.live, scope)
        recomputed = with_ids_of(take_stock(self.scratch, scope), stored)
        found = differences(stored, recomputed)
        shown = tuple(islice(found, SHOWN))
        return Rebuilt(
            documents=progress.documents,
            scope=scope,
            stored=stored,
            recomputed=recomputed,
            unreadable=tuple(progress.unreadable),
            unknown=tuple(progress.unknown),
            differs=shown,
            differing=len(shown) + sum(1 for _ in found),
        )

    def apply(self, rebuilt: Rebuilt, now: datetime) -> int:
        """Write the recomputed items into the live store where they differ; how many were written.

        What readers see differently becomes a new revision, seen at ``now``; where only the row
        differs it is renewed; what was missing is added as first seen when its document came.
        Nothing is deleted, and nothing else of a feed changes.
        """
        written = 0
        for feed_id in sorted(rebuilt.scope.begins):
            mine = {
                (stored.item.feed_id, stored.item.key): stored
                for stored in self.scratch.items(feed_id)
                if rebuilt.scope.covers(stored)
            }
            for plan in self._plans(feed_id, mine, rebuilt, now):
                self._write(plan)
                written += len(plan.new) + len(plan.changed) + len(plan.relinked)
        return written

    def _write(self, plan: RefreshPlan) -> None:
        """Write a plan; the feed's state stays, and its last visit is logged already."""
        state = self.live.feed_states().get(plan.feed_id, FeedState(feed_id=plan.feed_id))
        last = next(iter(self.live.visits(plan.feed_id, 1)), None)
        apply(self.live, plan, state, last)

    def _plans(
        self, feed_id: str, mine: Mapping[ItemName, StoredItem], rebuilt: Rebuilt, now: datetime
    ) -> list[RefreshPlan]:
        """What to write of one feed: what came is first seen when it came, the rest is of now."""
        feed = next(feed for feed in self.feeds if feed.id == feed_id)
        plan = plan_for(self.live, feed, [stored.item for stored in mine.values()], now).plan
        relinked = (*plan.relinked, *self._renewed(feed_id, plan.unchanged, mine, rebuilt))
        changes = replace(plan, new=(), unchanged=(), relinked=relinked)
        arrived: defaultdict[datetime, list[StoredItem]] = defaultdict(list)
        seen = {stored.item.key: stored.first_seen_at for stored in mine.values()}
        for item in plan.new:
            first = seen.get(item.key, now)
            arrived[first].append(replace(mine[feed_id, item.key], item=item))
        plans = [changes] if changes.changed or changes.relinked or changes.moved else []
        for first, together in sorted(arrived.items(), key=lambda pair: pair[0]):
            new = tuple(stored.item for stored in together)
            plans.append(RefreshPlan(feed_id=feed_id, seen_at=first, new=new))
        return plans

    def _renewed(
        self,
        feed_id: str,
        keys: Sequence[str],
        mine: Mapping[ItemName, StoredItem],
        rebuilt: Rebuilt,
    ) -> list[Relinked]:
        """Items whose hash is the stored one though their row says something else."""
        names = [(feed_id, key) for key in keys]
        wrong = [
            key
            for _, key in names
            if rebuilt.stored.items.get((feed_id, key))
            != rebuilt.recomputed.items.get((feed_id, key))
        ]
        known = self.live.known_items(feed_id, wrong) if wrong else {}
        return [
            Relinked(item_id=known[key].id, rev=known[key].rev, item=mine[feed_id, key].item)
            for key in wrong
            if key in known
        ]


def _is_folded_anew(plan: RefreshPlan) -> bool:
    """Whether stories may be others after a plan."""
    return bool(plan.new or plan.changed or plan.moved)
