"""Feeds as mirrored from the configuration, their state, their visits, and what a refresh writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, delete, insert, select, update

from aggregator.domain.errors import StoreError
from aggregator.domain.feeds import DESK_FEED, DESK_FEED_ID, Feed, FeedState, Visit
from aggregator.ports import KnownItem, RefreshPlan
from aggregator.store.engine import Database
from aggregator.store.rows import (
    Values,
    feed_values,
    state_of,
    state_values,
    visit_of,
    visit_values,
)
from aggregator.store.tables import feed_state, fetch_log
from aggregator.store.tables import feeds as configured
from aggregator.store.taking_in import known_like, known_under, take_in

LOG_KEPT = timedelta(days=90)
"""How long the log of visits goes back."""

_READING = ("url", "encoding", "timezone", "identity", "issuer", "body", "language", "carries")
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

    def feed_states(self) -> dict[str, FeedState]:
        """Every known feed's state by id; a feed never visited has an empty one."""
        columns = [column for column in feed_state.c if column.name != "feed_id"]
        whose = (configured.c.id.label("feed_id"), configured.c.url)
        query = select(*whose, *columns).outerjoin_from(configured, feed_state)
        with self._db.reading() as connection:
            rows = connection.execute(
                query.order_by(configured.c.place, configured.c.id)
            ).mappings()
            return {row["feed_id"]: state_of(row) for row in rows}

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

    def apply_refresh(self, plan: RefreshPlan, state: FeedState, visit: Visit) -> None:
        """One transaction: keys, items and revisions first, then state with its validators, then
        the visit. Applying the same plan twice stores nothing twice: an item is written only where
        the stored one has another hash or key. Raises StoreError for a feed that was never synced,
        and Conflict, with nothing written, where a moved item is under neither of its two keys or
        its new one is another item's."""
        with self._db.writing() as connection:
            _require_feed(connection, plan.feed_id, plan.seen_at, self._db.place)
            take_in(connection, plan)
            _write_state(connection, state)
            _write_visit(connection, visit)

    def record_visit(self, state: FeedState, visit: Visit) -> None:
        """Write the state and log the visit of a feed that brought nothing or failed."""
        with self._db.writing() as connection:
            _require_feed(connection, state.feed_id, visit.started_at, self._db.place)
            _write_state(connection, state)
            _write_visit(connection, visit)

    def visits(self, feed_id: str, limit: int = 20) -> list[Visit]:
        """The latest visits of a feed, newest first; the log goes back 90 days."""
        query = (
            select(fetch_log)
            .where(fetch_log.c.feed_id == feed_id)
            .order_by(fetch_log.c.started_at.desc(), fetch_log.c.id.desc())
            .limit(limit)
        )
        with self._db.reading() as connection:
            return [visit_of(row) for row in connection.execute(query).mappings()]


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
        .values(etag=None, last_modified=None, body_hash=None, next_check_at=None)
    )


def _require_feed(connection: Connection, feed_id: str, now: datetime, place: str) -> None:
    if connection.execute(select(configured.c.id).where(configured.c.id == feed_id)).first():
        return
    if feed_id != DESK_FEED_ID:
        raise StoreError(f"{place}: feed {feed_id!r} is unknown; sync the configuration first")
    connection.execute(insert(configured), feed_values(DESK_FEED, -1) | {"synced_at": now})


def _write_state(connection: Connection, state: FeedState) -> None:
    connection.execute(delete(feed_state).where(feed_state.c.feed_id == state.feed_id))
    connection.execute(insert(feed_state), state_values(state))


def _write_visit(connection: Connection, visit: Visit) -> None:
    values = visit_values(visit)
    same = and_(*(fetch_log.c[name].is_not_distinct_from(value) for name, value in values.items()))
    if connection.execute(select(fetch_log.c.id).where(same)).first() is None:
        connection.execute(insert(fetch_log), values)
    connection.execute(
        delete(fetch_log).where(
            fetch_log.c.feed_id == visit.feed_id,
            fetch_log.c.started_at < visit.started_at - LOG_KEPT,
        )
    )
