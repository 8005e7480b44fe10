"""Rows that wait to be sent: due at an instant, claimed by one process at a time, settled by it alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, and_, or_, update

from aggregator.domain.mailing import DeliveryState
from aggregator.store.engine import Database

RELEASED = {"lease_until": None, "lease_token": ""}
"""The values of a row that nobody holds."""


def is_in(table: Table, state: DeliveryState) -> ColumnElement[bool]:
    """That a row is in this state."""
    return table.c.state == state.value


def is_due(table: Table, now: datetime) -> ColumnElement[bool]:
    """That a row waits and its time has come, or that the lease of whoever claimed it ran out."""
    return or_(
        and_(is_in(table, DeliveryState.PENDING), table.c.next_try_at <= now),
        and_(is_in(table, DeliveryState.SENDING), table.c.lease_until <= now),
    )


def is_held(table: Table, number: int, token: str) -> ColumnElement[bool]:
    """That the row is the one of this id, and this token holds it."""
    sending = is_in(table, DeliveryState.SENDING)
    return and_(table.c.id == number, sending, table.c.lease_token == token)


def claim_row(
    database: Database,
    table: Table,
    query: Select[Any],
    lease: Mapping[str, object],
    *,
    first: Callable[[Connection], object] | None = None,
    counts: bool = False,
) -> dict[str, object] | None:
    """Give the first row of ``query`` a lease (``lease_until`` and ``lease_token``), and say how it
    stands then; None where there is none. Nothing is locked where there is none to begin with.

    ``first`` is carried out before, in the same transaction; ``counts`` makes it one attempt more.
    """
    with database.reading() as connection:
        if connection.execute(query).first() is None:
            return None
    with database.writing() as connection:
        if first is not None:
            first(connection)
        row: RowMapping | None = connection.execute(query).mappings().first()
        if row is None:
            return None
        values = {"state": DeliveryState.SENDING.value, **lease}
        if counts:
            values["attempts"] = row["attempts"] + 1
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))
        return {**dict(row), **values}
