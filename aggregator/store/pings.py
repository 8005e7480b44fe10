"""Pings to the hub: due when a feed's bytes change, claimed by one process at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, case, delete, insert, or_, select, update

from aggregator.domain.mailing import DeliveryState
from aggregator.domain.pings import Ping
from aggregator.store.engine import Database
from aggregator.store.leased import RELEASED, claim_row, is_due, is_held, is_in
from aggregator.store.ping_tables import pings

_PENDING = is_in(pings, DeliveryState.PENDING)
_FAILED = is_in(pings, DeliveryState.FAILED)
_NOT_TRIED = {
    "state": DeliveryState.PENDING.value,
    "attempts": 0,
    **RELEASED,
    "settled_at": None,
    "error": "",
}


class PingRows:
    """The part of the store that keeps pings."""

    _db: Database

    def pings(self) -> list[Ping]:
        """All of them, by address."""
        with self._db.reading() as connection:
            rows = connection.execute(select(pings).order_by(pings.c.topic)).mappings()
            return [_ping_of(row) for row in rows]

    def queue_pings(self, feeds: Mapping[str, str], now: datetime) -> int:
        """Let the ping of each feed be due now whose bytes are others than those it was queued for;
        how many these are. What is known of any feed that is not among ``feeds`` is forgotten."""
        with self._db.reading() as connection:
            if _known(connection) == dict(feeds):
                return 0
        with self._db.writing() as connection:
            known = _known(connection)
            due = {"queued_at": now, "next_try_at": now, **_NOT_TRIED}
            new = [
                {"topic": topic, "digest": digest, **due}
                for topic, digest in feeds.items()
                if topic not in known
            ]
            changed = [
                topic for topic, digest in feeds.items() if known.get(topic, digest) != digest
            ]
            for topic in known.keys() - feeds.keys():
                connection.execute(delete(pings).where(pings.c.topic == topic))
            for topic in changed:
                this = update(pings).where(pings.c.topic == topic)
                connection.execute(this.values(digest=feeds[topic], **due))
            if new:
                connection.execute(insert(pings), new)
            return len(new) + len(changed)

    def repeat_pings(self, now: datetime) -> None:
        """Let what waits or was given up be due now, as if it had not been tried."""
        these = update(pings).where(or_(_PENDING, _FAILED))
        with self._db.writing() as connection:
            connection.execute(these.values(next_try_at=now, **_NOT_TRIED))

    def claim_ping(self, *, now: datetime, until: datetime, token: str) -> Ping | None:
        """Let nobody else send one of the pings that are due until an instant, and say which it is;
        None where none is due. One whose lease ran out is due again."""
        query = select(pings).where(is_due(pings, now)).order_by(pings.c.next_try_at, pings.c.id)
        lease = {"lease_until": until, "lease_token": token}
        row = claim_row(self._db, pings, query.limit(1), lease)
        return _ping_of(row) if row is not None else None

    def settle_ping(self, ping: Ping, token: str) -> bool:
        """Write what became of a claimed ping, and give its lease back. False, with nothing written,
        where ``token`` holds it no more: its feed has changed again, or another has it."""
        values = {
            "state": ping.state.value,
            "next_try_at": ping.next_try_at,
            "attempts": ping.attempts,
            "settled_at": ping.settled_at,
            "error": ping.error,
            **RELEASED,
        }
        this = update(pings).where(is_held(pings, ping.id, token))
        with self._db.writing() as connection:
            return connection.execute(this.values(values)).rowcount == 1

    def put_off_pings(self, settled: Ping, now: datetime, *, most: int, counts: bool) -> int:
        """Let all others that are due wait as long as this one, for its reason; where that
        ``counts`` as an attempt, those with ``most`` of them are given up. How many were."""
        due = (_PENDING, pings.c.next_try_at <= now, pings.c.id != settled.id)
        attempts = pings.c.attempts + (1 if counts else 0)
        values = {
            "state": case((attempts >= most, DeliveryState.FAILED.value), else_=pings.c.state),
            "settled_at": case((attempts >= most, now), else_=None),
            "attempts": attempts,
            "next_try_at": settled.next_try_at,
            "error": settled.error,
        }
        with self._db.writing() as connection:
            given_up = select(pings.c.id).where(*due, attempts >= most)
            count = len(connection.execute(given_up).all())
            connection.execute(update(pings).where(*due).values(values))
            return count


def _known(connection: Connection) -> dict[str, str]:
    """The digest that each feed's ping is of, by the feed's address."""
    rows = connection.execute(select(pings.c.topic, pings.c.digest))
    return {row.topic: row.digest for row in rows}


def _ping_of(row: RowMapping | dict[str, Any]) -> Ping:
    return Ping(**{**row, "state": DeliveryState(row["state"])})
