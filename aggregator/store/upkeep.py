"""How hosts were treated, work with a due time, kept payloads, and what is thrown away in time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from aggregator.domain.visits import Chore, ChoreState, HostHold, Manners, Payload
from aggregator.store.engine import Database
from aggregator.store.rows import batches, bounded
from aggregator.store.tables import chores, payloads
from aggregator.store.tables import manners as ledger
from aggregator.store.visits import LOG_KEPT, forget_visits


class UpkeepRows:
    """The part of the store that keeps house."""

    _db: Database

    def add_manners(self, manners: Sequence[Manners], holds: Sequence[HostHold]) -> None:
        """Add to the ledger how hosts were treated, and note which asked to be left alone."""
        if not manners and not holds:
            return
        with self._db.writing() as connection:
            known = _known_manners(connection, [one.host for one in manners])
            for one in manners:
                total = known[one.host].plus(one) if one.host in known else one
                _write(connection, one.host, asdict(total))
            for hold in holds:
                _write(
                    connection, hold.host, {"hold_until": hold.until, "hold_status": hold.status}
                )

    def manners(self) -> list[Manners]:
        """How each host was treated so far, by host."""
        with self._db.reading() as connection:
            rows = connection.execute(select(ledger).order_by(ledger.c.host)).mappings()
            return [_manners_of(row) for row in rows]

    def holds(self, now: datetime) -> list[HostHold]:
        """Hosts that are to be left alone at ``now``."""
        query = select(ledger.c.host, ledger.c.hold_until, ledger.c.hold_status)
        with self._db.reading() as connection:
            rows = connection.execute(query.where(ledger.c.hold_until > now)).all()
        return [HostHold(host=host, until=until, status=status) for host, until, status in rows]

    def chores(self) -> dict[Chore, ChoreState]:
        """Every chore's state; one that was never asked for has an empty one."""
        found = {chore: ChoreState(chore=chore) for chore in Chore}
        with self._db.reading() as connection:
            for row in connection.execute(select(chores)).mappings():
                if row["chore"] in found:
                    values = {**row, "chore": Chore(row["chore"])}
                    found[values["chore"]] = ChoreState(**values)
        return found

    def save_chore(self, state: ChoreState, *, unless_asked_since: datetime | None = None) -> None:
        """Write a chore's state. ``unless_asked_since``: a due time of that instant or later stays,
        because somebody asked again while the chore was being done."""
        with self._db.writing() as connection:
            this = chores.c.chore == state.chore.value
            old = connection.scalar(select(chores.c.due_at).where(this))
            values = asdict(state) | {"chore": state.chore.value}
            if unless_asked_since is not None and old is not None and old >= unless_asked_since:
                values["due_at"] = old
            connection.execute(delete(chores).where(this))
            connection.execute(insert(chores), values)

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
                yield Payload(**{name: value for name, value in row.items() if name != "id"})

    def throw_away(self, *, now: datetime, payloads_before: datetime) -> dict[str, int]:
        """Forget visits older than 90 days and payloads from before an instant; how many rows of
        what went."""
        with self._db.writing() as connection:
            old = payloads.c.seen_at < payloads_before
            count = select(func.count()).select_from(payloads).where(old)
            gone = {"payloads": connection.scalar(count) or 0}
            connection.execute(delete(payloads).where(old))
            forget_visits(connection, now - LOG_KEPT)
        return gone


def ask_for(connection: Connection, chore: Chore, at: datetime) -> None:
    """Let a chore be due at ``at``, or earlier where it is already."""
    this = chores.c.chore == chore.value
    if connection.execute(select(chores.c.chore).where(this)).first() is None:
        connection.execute(insert(chores), {"chore": chore.value, "due_at": at, "note": {}})
        return
    later = or_(chores.c.due_at.is_(None), chores.c.due_at > at)
    connection.execute(update(chores).where(this, later).values(due_at=at))


def write_payload(connection: Connection, payload: Payload) -> None:
    """Keep a document."""
    connection.execute(insert(payloads), asdict(payload))


def _known_manners(connection: Connection, hosts: Collection[str]) -> dict[str, Manners]:
    found = {}
    for batch in batches(map(bounded, hosts)):
        query = select(ledger).where(ledger.c.host_id.in_(batch))
        for row in connection.execute(query).mappings():
            found[row["host"]] = _manners_of(row)
    return found


def _manners_of(row: RowMapping) -> Manners:
    names = ("host", "requests", "not_modified", "bytes", "bytes_saved", "shortest_gap")
    return Manners(**{name: row[name] for name in names})


def _write(connection: Connection, host: str, values: Mapping[str, object]) -> None:
    host_id = bounded(host)
    this = ledger.c.host_id == host_id
    done = connection.execute(update(ledger).where(this).values(**values))
    if not done.rowcount:
        empty = asdict(Manners(host=host)) | {"host_id": host_id}
        connection.execute(insert(ledger), empty | dict(values))
