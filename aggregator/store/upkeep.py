"""Work with a due time, kept payloads, and what is thrown away in time."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from aggregator.domain.items import SEOUL
from aggregator.domain.visits import Chore, ChoreState, Payload
from aggregator.store.engine import PAUSE, Database
from aggregator.store.manners import fold_strangers
from aggregator.store.rows import batches
from aggregator.store.tables import chores, feed_days, fetch_log, payloads
from aggregator.store.visits import LOG_KEPT

PAYLOADS_MOST_BYTES = 64 * 2**20
"""How many bytes of documents are kept of one feed; its newest visit stays even so."""

PAYLOADS_MOST_ROWS = 2000
"""How many documents and further pages are kept of one feed, likewise."""

FEED_DAYS_KEPT = timedelta(days=400)
"""How long the days of feeds go back."""

_ROWS_AT_ONCE = 500
_BYTES_AT_ONCE = 64 * 2**20

_CLAIM = "claim"
_NOT_IN_A_PAYLOAD = {"id", "size"}


class UpkeepRows:
    """The part of the store that keeps house."""

    _db: Database

    def chores(self) -> dict[Chore, ChoreState]:
        """Every chore's state; one that was never asked for has an empty one."""
        found = {chore: ChoreState(chore=chore) for chore in Chore}
        with self._db.reading() as connection:
            for row in connection.execute(select(chores)).mappings():
                if row["chore"] in found:
                    values = {**row, "chore": Chore(row["chore"])}
                    found[values["chore"]] = ChoreState(**values)
        return found

    def save_chore(self, state: ChoreState, *, planned: datetime | None = None) -> None:
        """Write a chore's state. ``planned`` is the due time that was written before the work began:
        where another one stands there by now somebody asked meanwhile, and the earlier of both
        stays."""
        with self._db.writing() as connection:
            this = chores.c.chore == state.chore.value
            old = connection.scalar(select(chores.c.due_at).where(this))
            values = asdict(state) | {"chore": state.chore.value}
            if planned is not None and old is not None and old != planned:
                values["due_at"] = min(old, state.due_at or old)
            connection.execute(delete(chores).where(this))
            connection.execute(insert(chores), values)

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
        with self._db.writing() as connection:
            row = _row_of(connection, chore)
            note: dict[str, Any] = dict(row["note"]) if row else {}
            for part, gone in (drop or {}).items():
                note[part] = {k: v for k, v in note.get(part, {}).items() if gone.get(k) != v}
            for part, entries in changes.items():
                note[part] = {**note.get(part, {}), **entries}
            _write_chore(connection, chore, row, note, due_at=due_at, done_at=done_at)

    def claim_chore(
        self, chore: Chore, *, now: datetime, until: datetime, token: str
    ) -> ChoreState | None:
        """Let nobody else do a chore until an instant, and say its state as it is by then; None
        while another token has it. The claim stands in the note, under ``claim``."""
        with self._db.writing() as connection:
            row = _row_of(connection, chore)
            note: dict[str, Any] = dict(row["note"]) if row else {}
            held: Mapping[str, str] = note.get(_CLAIM) or {}
            holds = bool(held) and datetime.fromisoformat(held["until"]) > now
            if holds and held["token"] != token:
                return None
            note[_CLAIM] = {"token": token, "until": until.isoformat()}
            return _write_chore(connection, chore, row, note)

    def release_chore(self, chore: Chore, token: str) -> None:
        """Give back what ``token`` has claimed; where another one has it by now nothing happens."""
        with self._db.writing() as connection:
            row = _row_of(connection, chore)
            if row and (row["note"].get(_CLAIM) or {}).get("token") == token:
                rest = {part: value for part, value in row["note"].items() if part != _CLAIM}
                _write_chore(connection, chore, row, rest)

    def payloads(
        self, *, since: datetime | None = None, feed_ids: Collection[str] | None = None
    ) -> Iterator[Payload]:
        """Kept documents from ``since`` on, of these feeds or all, in the order they came."""
        query = select(payloads.c.id).order_by(payloads.c.seen_at, payloads.c.id)
        if since is not None:
            query = query.where(payloads.c.seen_at >= since)
        if feed_ids is not None:
            query = query.where(payloads.c.feed_id.in_(feed_ids))
        with self._db.reading() as connection:
            ids = connection.scalars(query).all()
        for number in ids:
            with self._db.reading() as connection:
                one = select(payloads).where(payloads.c.id == number)
                row = connection.execute(one).mappings().first()
            if row is not None:
                yield _payload_of(row)

    def payloads_before(self, feed_id: str, before: datetime) -> list[Payload]:
        """The kept documents of a feed's last visit before an instant, in the order they came."""
        mine = payloads.c.feed_id == feed_id
        last = select(func.max(payloads.c.seen_at)).where(mine, payloads.c.seen_at < before)
        query = select(payloads).where(mine, payloads.c.seen_at == last.scalar_subquery())
        with self._db.reading() as connection:
            rows = connection.execute(query.order_by(payloads.c.id)).mappings().all()
        return [_payload_of(row) for row in rows]

    def throw_away(self, *, now: datetime, payloads_before: datetime) -> dict[str, int]:
        """Forget visits older than 90 days, days of feeds older than 400 and payloads from before
        an instant, and fold the ledger's rows of hosts at which no feed is where there are too
        many (``fold_strangers``), in many short transactions; how many rows of what went."""
        first = (now - FEED_DAYS_KEPT).astimezone(SEOUL).date()
        return {
            "payloads": self._forget(payloads, payloads.c.seen_at < payloads_before),
            "visits": self._forget(fetch_log, fetch_log.c.started_at < now - LOG_KEPT),
            "feed_days": self._forget_days(first),
            "hosts": fold_strangers(self._db, now),
        }

    def _forget(self, table: Table, old: ColumnElement[bool]) -> int:
        size = table.c.get("size", literal(0))
        query = select(table.c.id, size).where(old).limit(_ROWS_AT_ONCE)
        gone = 0
        while True:
            with self._db.reading() as connection:
                found = connection.execute(query).all()
            if not found:
                return gone
            sums = accumulate(size for _, size in found)
            ids = [
                row[0] for row, total in zip(found, sums, strict=True) if total <= _BYTES_AT_ONCE
            ]
            ids = ids or [found[0][0]]
            with self._db.writing() as connection:
                # A number may be another row's by now.
                connection.execute(delete(table).where(table.c.id.in_(ids), old))
            gone += len(ids)
            time.sleep(PAUSE)

    def _forget_days(self, first: date) -> int:
        old = select(feed_days.c.day, func.count()).where(feed_days.c.day < first)
        with self._db.reading() as connection:
            found = connection.execute(old.group_by(feed_days.c.day)).all()
        for day, _ in found:
            with self._db.writing() as connection:
                connection.execute(delete(feed_days).where(feed_days.c.day == day))
        return sum(count for _, count in found)


def _row_of(connection: Connection, chore: Chore) -> RowMapping | None:
    query = select(chores).where(chores.c.chore == chore.value)
    return connection.execute(query).mappings().first()


def _write_chore(
    connection: Connection,
    chore: Chore,
    row: RowMapping | None,
    note: Mapping[str, object],
    *,
    due_at: datetime | None = None,
    done_at: datetime | None = None,
) -> ChoreState:
    """Write a chore with another note; times that are not given stay those of its ``row``."""
    state = ChoreState(
        chore=chore,
        due_at=due_at or (row["due_at"] if row else None),
        done_at=done_at or (row["done_at"] if row else None),
        note=note,
    )
    connection.execute(delete(chores).where(chores.c.chore == chore.value))
    connection.execute(insert(chores), asdict(state) | {"chore": chore.value})
    return state


def _payload_of(row: RowMapping) -> Payload:
    return Payload(**{name: row[name] for name in row if name not in _NOT_IN_A_PAYLOAD})


def ask_for(connection: Connection, chore: Chore, at: datetime) -> None:
    """Let a chore be due at ``at``, or earlier where it is already."""
    this = chores.c.chore == chore.value
    if connection.execute(select(chores.c.chore).where(this)).first() is None:
        connection.execute(insert(chores), {"chore": chore.value, "due_at": at, "note": {}})
        return
    later = or_(chores.c.due_at.is_(None), chores.c.due_at > at)
    connection.execute(update(chores).where(this, later).values(due_at=at))


def write_payloads(connection: Connection, kept: Sequence[Payload]) -> None:
    """Keep documents. Where a feed has more than PAYLOADS_MOST_BYTES or PAYLOADS_MOST_ROWS by then
    its oldest visits go, each as a whole: what a hostile feed sends must not fill the disk."""
    if not kept:
        return
    rows = [asdict(payload) | {"size": len(payload.body)} for payload in kept]
    connection.execute(insert(payloads), rows)
    for batch in batches(payload.feed_id for payload in kept):
        size, count = func.sum(payloads.c.size), func.count()
        query = (
            select(payloads.c.feed_id)
            .where(payloads.c.feed_id.in_(batch))
            .group_by(payloads.c.feed_id)
            .having(or_(size > PAYLOADS_MOST_BYTES, count > PAYLOADS_MOST_ROWS))
        )
        for feed_id in connection.scalars(query).all():
            _forget_oldest(connection, feed_id)


def _forget_oldest(connection: Connection, feed_id: str) -> None:
    """Throw away the visits of a feed that are over the bounds, counted from the newest."""
    mine = payloads.c.feed_id == feed_id
    query = (
        select(payloads.c.seen_at, func.sum(payloads.c.size), func.count())
        .where(mine)
        .group_by(payloads.c.seen_at)
        .order_by(payloads.c.seen_at.desc())
    )
    newest, *older = connection.execute(query).all()
    _, size, count = newest
    for seen_at, its_size, its_count in older:
        size, count = size + its_size, count + its_count
        if size > PAYLOADS_MOST_BYTES or count > PAYLOADS_MOST_ROWS:
            connection.execute(delete(payloads).where(mine, payloads.c.seen_at <= seen_at))
            return
