"""Feeds as mirrored from the configuration, and what a refresh of one writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, insert, null, select, update

from aggregator.domain.feeds import DESK_FEED, DESK_FEED_ID, Feed
from aggregator.domain.visits import Chore, FeedMemory, FeedState, Payload, Visit
from aggregator.ports.refreshing import Arrived, KnownItem, RefreshPlan
from aggregator.store.engine import Database
from aggregator.store.feed_rows import feed_values
from aggregator.store.rows import Values
from aggregator.store.tables import feed_state
from aggregator.store.tables import feeds as configured
from aggregator.store.taking_in import known_like, known_under, take_in
from aggregator.store.upkeep import ask_for, write_payloads
from aggregator.store.visits import require_feeds, write_memories, write_states, write_visits

_READING = (
    "url",
    "encoding",
    "timezone",
    "identity",
    "issuer",
    "body",
    "language",
    "carries",
    "asks",
)
"""Settings that decide what is read; with another value the last body must be read again."""


class FeedRows:
    """The part of the store that keeps feeds and takes in what they bring."""

    _db: Database

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Mirror the configuration: new and changed feeds are written, missing ones turned
        inactive and never deleted; the desk needs no entry there. Where a setting changed that
        decides what is read, the validators go and the feed is due at once. Where nothing differs
        nothing is written, so that it needs no write lock."""
        with self._db.reading() as connection:
            if not _difference(connection, feeds):
                return
        with self._db.writing() as connection:
            # What was read before the turn to write may have changed since.
            for feed_id, values in _difference(connection, feeds).items():
                _write_feed(connection, feed_id, values | {"synced_at": now})

    def known_items(self, feed_id: str, keys: Collection[str]) -> dict[str, KnownItem]:
        """What is stored of these keys of the feed."""
        with self._db.reading() as connection:
            return known_under(connection, feed_id, keys)

    def items_like(
        self, feed_id: str, *, titles: Collection[str], days: Collection[date]
    ) -> list[KnownItem]:
        """Items of the feed with one of these titles (or one that begins alike) or of one of these
        days, the latest first and a bounded number of them."""
        with self._db.reading() as connection:
            return known_like(connection, feed_id, titles=titles, days=days)

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
        the visit. Applying the same plan twice stores nothing twice: an item is written only where
        the stored one has another hash or key. Raises StoreError for a feed that was never synced,
        and Conflict, with nothing written, where a moved item is under neither of its two keys or
        its new one is another item's."""
        one = Arrived(plan=plan, state=state, visit=visit, memory=memory, payloads=tuple(payloads))
        self.apply_refreshes([one])

    def apply_refreshes(self, arrived: Sequence[Arrived]) -> None:
        """As ``apply_refresh`` for each, all in one transaction: where one cannot be written, none
        is."""
        plans = [one.plan for one in arrived]
        with self._db.writing() as connection:
            desk = [plan.seen_at for plan in plans if plan.feed_id == DESK_FEED_ID]
            if desk:
                _make_desk(connection, desk[0])
            require_feeds(connection, (plan.feed_id for plan in plans), self._db.place)
            for plan in plans:
                take_in(connection, plan)
            write_states(connection, [one.state for one in arrived])
            write_visits(connection, [one.visit for one in arrived])
            write_memories(
                connection, {one.plan.feed_id: one.memory for one in arrived if one.memory}
            )
            write_payloads(connection, [payload for one in arrived for payload in one.payloads])
            if seen := [plan.seen_at for plan in plans if _is_news(plan)]:
                ask_for(connection, Chore.BUILD, min(seen))


def _is_news(plan: RefreshPlan) -> bool:
    return bool(plan.new or plan.changed or plan.moved or plan.relinked)


def _difference(connection: Connection, feeds: Sequence[Feed]) -> dict[str, Values]:
    """What is to be written, by feed id: all of a new feed, the changed settings of a known one."""
    stored = {row["id"]: row for row in connection.execute(select(configured)).mappings()}
    found: dict[str, Values] = {}
    for place, feed in enumerate(feeds):
        values, old = feed_values(feed, place), stored.get(feed.id)
        found[feed.id] = {
            name: value for name, value in values.items() if old is None or old[name] != value
        }
    for feed_id in stored.keys() - found.keys() - {DESK_FEED_ID}:
        found[feed_id] = {"active": False} if stored[feed_id]["active"] else {}
    return {feed_id: values for feed_id, values in found.items() if values}


def _write_feed(connection: Connection, feed_id: str, values: Values) -> None:
    if "id" in values:
        connection.execute(insert(configured), values)
        return
    connection.execute(update(configured).where(configured.c.id == feed_id).values(**values))
    if not values.keys().isdisjoint(_READING):
        _forget_validators(connection, feed_id)


def _forget_validators(connection: Connection, feed_id: str) -> None:
    connection.execute(
        update(feed_state)
        .where(feed_state.c.feed_id == feed_id)
        .values(
            etag=None,
            last_modified=None,
            body_hash=None,
            next_check_at=None,
            suspended_at=None,
            move=null(),
            # A visit that is under way asked for something else, and has nothing to say of this.
            lease_until=None,
            lease_token=None,
        )
    )


def _make_desk(connection: Connection, now: datetime) -> None:
    """The feed of what editors type in needs no configuration."""
    desk = configured.c.id == DESK_FEED_ID
    if connection.execute(select(configured.c.id).where(desk)).first() is None:
        connection.execute(insert(configured), feed_values(DESK_FEED, -1) | {"synced_at": now})
