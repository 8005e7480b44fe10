"""Feeds and their visits as the store keeps them, and what a refresh writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item, When
from aggregator.domain.visits import (
    Chore,
    ChoreState,
    FeedDay,
    FeedMemory,
    FeedState,
    HostHold,
    Manners,
    Move,
    Payload,
    Visit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What the store already has under a key: its identity, and what an entry is recognised by
    that comes under another key. ``title`` and ``summary`` are as shown."""

    id: int
    key: str
    hash: str
    rev: int
    guid: str = ""
    link: str = ""
    canonical_url: str = ""
    title: str = ""
    summary: str = ""
    published: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A stored item that is known under another key from now on.

    ``public_ids`` are those that a story gets which is made of the old key. They stay with their
    stories, for another entry may come under that key.
    """

    item_id: int
    old_key: str
    new_key: str
    public_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """A stored item, at its revision ``rev``, whose row is renewed without a new revision."""

    item_id: int
    rev: int
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPlan:
    """What one refresh of one feed writes.

    ``moved`` comes first: stored items that get another key. Everything else names items by the
    keys that hold then: ``new`` to insert, ``changed`` with a new revision, ``relinked`` to renew
    without one, ``unchanged`` keys that were merely seen again. ``cosmetic`` are the keys of those
    changed that say word for word the same: the instant of their last real change stays.
    ``renumbered``: the feed gave so
    many of its entries other keys that it must have been renumbered as a whole.
    """

    feed_id: str
    seen_at: datetime
    new: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    cosmetic: frozenset[str] = frozenset()
    unchanged: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    relinked: tuple[Relinked, ...] = ()
    renumbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What a visit that brought something writes: the items by their plan, the state with its
    validators, the visit, what the document was made of, and the documents themselves."""

    plan: RefreshPlan
    state: FeedState
    visit: Visit
    memory: FeedMemory | None = None
    payloads: tuple[Payload, ...] = ()


class FeedStore(Protocol):
    """Feeds and what their visits left."""

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Mirror the configuration: new and changed feeds are written, missing ones turned
        inactive and never deleted. Where nothing differs nothing is written, so that it needs no
        write lock."""
        ...

    def known_items(self, feed_id: str, keys: Collection[str]) -> dict[str, KnownItem]:
        """What is stored of these keys of the feed."""
        ...

    def items_like(
        self, feed_id: str, *, titles: Collection[str], days: Collection[date]
    ) -> list[KnownItem]:
        """Items of the feed with one of these titles (or one that begins alike) or of one of these
        days, the latest first and a bounded number of them: among these is what came under another
        key before."""
        ...

    def apply_refresh(
        self,
        plan: RefreshPlan,
        state: FeedState,
        visit: Visit,
        *,
        memory: FeedMemory | None = None,
        payloads: Sequence[Payload] = (),
    ) -> None:
        """One transaction: keys, items and revisions first, then state with its validators, then
        the visit, what the document was made of, and the documents themselves. Where something differs
        for readers the site is due. Applying the same plan twice stores nothing twice.

        Raises Conflict, with nothing written, where the plan is stale: a moved item is under
        neither of its two keys, its new one is another item's, or a new item's key is stored with
        other words.
        """
        ...

    def apply_refreshes(self, arrived: Sequence[Arrived]) -> None:
        """As ``apply_refresh`` for each, all in one transaction: where one cannot be written, none
        is."""
        ...


class VisitStore(Protocol):
    """How feeds are, who visits them, how visits went."""

    def feed_states(self, feed_ids: Collection[str] | None = None) -> dict[str, FeedState]:
        """The state by id of every known feed, or of these; a feed never visited has an empty one."""
        ...

    def moves(self) -> dict[str, Move]:
        """Where feeds have moved to or may be moving, by id; most have not."""
        ...

    def claim_feeds(
        self, wanted: Mapping[str, str], *, now: datetime, until: datetime, token: str
    ) -> list[str]:
        """Lease these feeds (their hosts by id) until ``until`` and say which were got, in the
        order asked for. A feed is not got while another lease on it, or on another feed of its
        host, has not run out."""
        ...

    def lease_tokens(self) -> list[str]:
        """The tokens of all leases that were not given back, run out or not."""
        ...

    def release_feeds(self, token: str) -> None:
        """Give back every lease of ``token``: what was not visited is due as it was."""
        ...

    def record_visit(self, state: FeedState, visit: Visit) -> None:
        """As ``record_visits``, for one."""
        ...

    def record_visits(
        self,
        visits: Sequence[tuple[FeedState, Visit]],
        *,
        before: Mapping[str, FeedState] = MappingProxyType({}),
        manners: Sequence[Manners] = (),
        holds: Sequence[HostHold] = (),
    ) -> None:
        """Write states and log visits of feeds that brought nothing or failed, add to the ledger
        how hosts were treated, and note which asked to be left alone; all in one transaction. Of
        several states of a feed the last one counts. A visit of the outcome ``held`` is none: its
        state is written and nothing is logged. ``before`` are states as they are stored, by feed:
        of those only what has changed is written."""
        ...

    def visits(self, feed_id: str, limit: int = 20) -> list[Visit]:
        """The latest visits of a feed, newest first."""
        ...

    def feed_days(
        self, since: date, feed_ids: Collection[str] | None = None
    ) -> dict[str, list[FeedDay]]:
        """The days of each feed, or of these, from ``since`` on, by feed id, oldest first."""
        ...

    def feed_memory(self, feed_id: str) -> FeedMemory | None:
        """What the feed's last document was made of."""
        ...


class ConditionStore(Protocol):
    """How the database itself is."""

    def size(self) -> int:
        """Its bytes."""
        ...

    def schema_version(self) -> str:
        """The version of its schema, as it is there now."""
        ...

    def server_time(self) -> datetime | None:
        """What its server's clock says (UTC); None where there is no server."""
        ...

    def faults(self) -> list[str]:
        """What a quick check of the whole finds wrong, a few lines at most."""
        ...


class UpkeepStore(Protocol):
    """How hosts were treated, work with a due time, kept documents."""

    def manners(self) -> list[Manners]:
        """How each host was treated so far, by host; what was folded comes last."""
        ...

    def holds(self, now: datetime) -> list[HostHold]:
        """Hosts that are to be left alone at ``now``."""
        ...

    def chores(self) -> dict[Chore, ChoreState]:
        """Every chore's state; one that was never asked for has an empty one."""
        ...

    def save_chore(self, state: ChoreState, *, planned: datetime | None = None) -> None:
        """Write a chore's state. ``planned`` is the due time that was written before the work began:
        where another one stands there by now somebody asked meanwhile, and the earlier of both
        stays."""
        ...

    def merge_note(
        self,
        chore: Chore,
        changes: Mapping[str, Mapping[str, object]],
        *,
        drop: Mapping[str, Mapping[str, object]] | None = None,
        due_at: datetime | None = None,
        done_at: datetime | None = None,
    ) -> None:
        """Write these entries into the parts of a chore's note and leave all others; entries of
        ``drop`` go where they still have that value. The times stay where none is given."""
        ...

    def claim_chore(
        self, chore: Chore, *, now: datetime, until: datetime, token: str
    ) -> ChoreState | None:
        """Let nobody else do a chore until an instant, and say its state as it is by then; None
        while another token has it. The claim stands in the note, under ``claim``."""
        ...

    def release_chore(self, chore: Chore, token: str) -> None:
        """Give back what ``token`` has claimed; where another one has it by now nothing happens."""
        ...

    def payloads(
        self, *, since: datetime | None = None, feed_ids: Collection[str] | None = None
    ) -> Iterator[Payload]:
        """Kept documents from ``since`` on, of these feeds or all, in the order they came."""
        ...

    def payloads_before(self, feed_id: str, before: datetime) -> list[Payload]:
        """The kept documents of a feed's last visit before an instant, in the order they came."""
        ...

    def throw_away(self, *, now: datetime, payloads_before: datetime) -> dict[str, int]:
        """Forget visits older than 90 days, days of feeds older than 400 and payloads from before
        an instant, and fold what the ledger has of hosts at which no feed is where there are too
        many, in many short transactions; how many rows of what went."""
        ...
