"""The ledger of how hosts were treated, and which asked to be left alone."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from aggregator.domain.visits import OTHER_HOSTS, HostHold, Manners
from aggregator.store.engine import PAUSE, Database
from aggregator.store.rows import Values, batches, bounded, fields_of
from aggregator.store.tables import feed_state
from aggregator.store.tables import feeds as configured
from aggregator.store.tables import manners as ledger
from aggregator.text.hosts import host_of

STRANGERS_MOST = 1000
"""Hosts with a row of their own at which no feed is: any redirect or link may name one."""


class MannersRows:
    """The part of the store that keeps the ledger."""

    _db: Database

    def manners(self) -> list[Manners]:
        """How each host was treated so far, by host; what was folded comes last."""
        query = select(ledger).order_by(ledger.c.host == OTHER_HOSTS, ledger.c.host)
        with self._db.reading() as connection:
            rows = connection.execute(query).mappings()
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
    _make_rows(connection, [host for host in hosts if host not in known])
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


def fold_strangers(db: Database, now: datetime) -> int:
    """Fold the rows of hosts at which no feed is into the one of OTHER_HOSTS, but for the
    STRANGERS_MOST that were asked most; how many went. The sums stay what they were.

    Hosts of feeds, and such as want to be left alone at ``now``, keep theirs.
    """
    query = (
        select(ledger.c.host_id, ledger.c.host)
        .where(ledger.c.host != OTHER_HOSTS, _is_free(now))
        .order_by(ledger.c.requests.desc(), ledger.c.host)
    )
    with db.reading() as connection:
        rows = connection.execute(query).all()
        homes = _homes(connection) if len(rows) > STRANGERS_MOST else set()
    surplus = [host_id for host_id, host in rows if host not in homes][STRANGERS_MOST:]
    gone = 0
    for batch in batches(surplus):
        with db.writing() as connection:
            gone += _fold(connection, batch, now)
        time.sleep(PAUSE)
    return gone


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(ledger.c.hold_until.is_(None), ledger.c.hold_until <= now)


def _homes(connection: Connection) -> set[str]:
    """The hosts of feeds: where they are configured, and where they are visited."""
    hosts = set(connection.scalars(select(feed_state.c.host)))
    return hosts | {host_of(url) for url in connection.scalars(select(configured.c.url))}


def _fold(connection: Connection, host_ids: Collection[str], now: datetime) -> int:
    # Read again: one of them may have been asked since, or have asked to be left alone.
    these = ledger.c.host_id.in_(host_ids), _is_free(now)
    rows = connection.execute(select(ledger).where(*these)).mappings().all()
    known = _known_manners(connection, [OTHER_HOSTS])
    total = known.get(OTHER_HOSTS, Manners(host=OTHER_HOSTS))
    for row in rows:
        total = total.plus(_manners_of(row))
    _make_rows(connection, [] if known else [OTHER_HOSTS])
    _write(connection, [fields_of(total)])
    connection.execute(delete(ledger).where(*these))
    return len(rows)


def _manners_of(row: RowMapping) -> Manners:
    names = ("host", "requests", "not_modified", "bytes", "bytes_saved", "shortest_gap")
    return Manners(**{name: row[name] for name in names})


def _make_rows(connection: Connection, hosts: Sequence[str]) -> None:
    """An empty row for hosts that have none."""
    if hosts:
        rows = [fields_of(Manners(host=host)) | {"host_id": bounded(host)} for host in hosts]
        connection.execute(insert(ledger), rows)


def _write(connection: Connection, rows: Sequence[Values]) -> None:
    """Write the same columns of hosts that have a row."""
    if rows:
        this = update(ledger).where(ledger.c.host_id == bindparam("whose"))
        connection.execute(this, [row | {"whose": bounded(row["host"])} for row in rows])
