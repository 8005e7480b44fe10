"""The ledger of how hosts were treated, and which asked to be left alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from aggregator.domain.visits import HostHold, Manners
from aggregator.store.engine import Database
from aggregator.store.rows import Values, batches, bounded, fields_of
from aggregator.store.tables import manners as ledger


class MannersRows:
    """The part of the store that keeps the ledger."""

    _db: Database

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


def write_manners(
    connection: Connection, manners: Sequence[Manners], holds: Sequence[HostHold]
) -> None:
    """Add to the ledger how hosts were treated, and note which asked to be left alone."""
    hosts = dict.fromkeys([*(one.host for one in manners), *(one.host for one in holds)])
    known = _known_manners(connection, hosts)
    if fresh := [Manners(host=host) for host in hosts if host not in known]:
        rows = [fields_of(one) | {"host_id": bounded(one.host)} for one in fresh]
        connection.execute(insert(ledger), rows)
    totals = [fields_of(known[one.host].plus(one) if one.host in known else one) for one in manners]
    _write(connection, totals)
    _write(
        connection,
        [{"host": one.host, "hold_until": one.until, "hold_status": one.status} for one in holds],
    )


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


def _write(connection: Connection, rows: Sequence[Values]) -> None:
    """Write the same columns of hosts that have a row."""
    if rows:
        this = update(ledger).where(ledger.c.host_id == bindparam("whose"))
        connection.execute(this, [row | {"whose": bounded(row["host"])} for row in rows])
