"""Mails of issues: queued once, claimed by one process at a time, settled by whoever claimed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from aggregator.domain.mailing import Delivery, DeliveryKind, DeliveryState, NewDelivery
from aggregator.store.corrections import mark_mailed
from aggregator.store.delivery_tables import deliveries
from aggregator.store.engine import Database
from aggregator.store.leased import RELEASED, claim_row, is_due, is_held, is_in
from aggregator.store.tables import issues

_PENDING = is_in(deliveries, DeliveryState.PENDING)
_SENDING = is_in(deliveries, DeliveryState.SENDING)
_FAILED = is_in(deliveries, DeliveryState.FAILED)

MOST = 10
"""A mail that was claimed so often and never settled is claimed no more, unless asked otherwise."""


class DeliveryRows:
    """The part of the store that keeps mails."""

    _db: Database

    def deliveries(self, series: str, *, issue_id: int | None = None) -> list[Delivery]:
        """All mails of a series or of one issue, in the order in which they were queued."""
        query = _query().where(issues.c.series == series).order_by(deliveries.c.id)
        if issue_id is not None:
            query = query.where(deliveries.c.issue_id == issue_id)
        with self._db.reading() as connection:
            return [_delivery_of(row) for row in connection.execute(query).mappings()]

    def queue_deliveries(self, issue_id: int, new: Sequence[NewDelivery], now: datetime) -> None:
        """Let the mails of an issue be due now: those that wait or were given up, and of ``new``
        those in whose language it has none. What was sent or is being sent stays as it is."""
        mine = deliveries.c.issue_id == issue_id
        due = {"state": DeliveryState.PENDING.value, "next_try_at": now}
        anew = due | {"attempts": 0, "settled_at": None}
        with self._db.writing() as connection:
            connection.execute(update(deliveries).where(mine, _PENDING).values(due))
            connection.execute(update(deliveries).where(mine, _FAILED).values(anew))
            pairs = select(deliveries.c.kind, deliveries.c.language).where(mine)
            known = {(kind, language) for kind, language in connection.execute(pairs)}
            missing = [one for one in new if (one.kind.value, one.language) not in known]
            write_deliveries(connection, issue_id, missing, now)

    def claim_delivery(
        self,
        series: str,
        *,
        now: datetime,
        until: datetime,
        token: str,
        issue_id: int | None = None,
        queued_before: datetime | None = None,
        most: int = MOST,
    ) -> Delivery | None:
        """Let nobody else send one of the mails that are due until an instant, and say which it
        is; None where none is due. One whose lease ran out is due again, but given up where it was
        claimed ``most`` times.

        ``issue_id`` asks for that issue's, ``queued_before`` for those queued until then.
        """
        query = _query().where(issues.c.series == series, is_due(deliveries, now))
        if issue_id is not None:
            query = query.where(deliveries.c.issue_id == issue_id)
        if queued_before is not None:
            query = query.where(deliveries.c.queued_at <= queued_before)
        query = query.order_by(deliveries.c.next_try_at, deliveries.c.id).limit(1)
        lease = {"lease_until": until, "lease_token": token}
        row = claim_row(
            self._db,
            deliveries,
            query,
            lease,
            first=lambda connection: _give_up(connection, now, most),
            counts=True,
        )
        return _delivery_of(row) if row is not None else None

    def settle_delivery(
        self, delivery: Delivery, token: str, *, out_with: Collection[str] | None = None
    ) -> bool:
        """Write what became of a claimed mail, and give its lease back. False, with nothing
        written, where ``token`` holds it no more.

        ``out_with`` says that it is out, or may be, and which corrections it was made with, by their
        public ids: all others of its issue are marked as not mailed in its language.
        """
        values = {
            "address": delivery.address,
            "state": delivery.state.value,
            "next_try_at": delivery.next_try_at,
            "settled_at": delivery.settled_at,
            "message_id": delivery.message_id,
            "error": delivery.error,
            **RELEASED,
        }
        this = update(deliveries).where(is_held(deliveries, delivery.id, token))
        with self._db.writing() as connection:
            if connection.execute(this.values(values)).rowcount != 1:
                return False
            if out_with is not None:
                mark_mailed(connection, delivery.issue_id, delivery.language, out_with)
            return True


def _give_up(connection: Connection, now: datetime, most: int) -> None:
    """Give up the mails whose senders died again and again."""
    these = update(deliveries).where(
        _SENDING, deliveries.c.lease_until <= now, deliveries.c.attempts >= most
    )
    values = {
        "state": DeliveryState.FAILED.value,
        "settled_at": now,
        **RELEASED,
        "error": f"whoever sent it never came to an end, {most} times",
    }
    connection.execute(these.values(values))


def write_deliveries(
    connection: Connection, issue_id: int, new: Sequence[NewDelivery], now: datetime
) -> None:
    """Queue mails of an issue that has no such yet."""
    rows = [
        {
            "kind": one.kind.value,
            "issue_id": issue_id,
            "language": one.language,
            "address": one.address,
            "state": DeliveryState.PENDING.value,
            "queued_at": now,
            "next_try_at": now,
            "attempts": 0,
            "lease_token": "",
            "message_id": "",
            "error": "",
        }
        for one in new
    ]
    if rows:
        connection.execute(insert(deliveries), rows)


def _query() -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(*deliveries.c, issues.c.number).join(
        issues, issues.c.id == deliveries.c.issue_id
    )
    return query


def _delivery_of(row: RowMapping | dict[str, Any]) -> Delivery:
    values = {**row, "kind": DeliveryKind(row["kind"]), "state": DeliveryState(row["state"])}
    return Delivery(**values)
