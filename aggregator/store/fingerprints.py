"""Fingerprints as rows, and those of whole days in one piece."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection, delete, func, insert, select, update

from aggregator.domain.stories import DayPrint, DaySheet, Fingered
from aggregator.store.bulk import insert_rows, is_one_of, rows_where
from aggregator.store.engine import Database
from aggregator.store.rows import batches
from aggregator.store.tables import day_sheets, fingerprints

_FINGERPRINT = (
    fingerprints.c.item_id,
    fingerprints.c.day,
    fingerprints.c.title,
    fingerprints.c.lead,
    fingerprints.c.rank,
    fingerprints.c.bits,
)
_FINGERED = select(*_FINGERPRINT)
_DAY_PRINT = (
    fingerprints.c.item_id,
    fingerprints.c.lead,
    fingerprints.c.rank,
    fingerprints.c.bits,
)
_SHEET = select(day_sheets.c.turn, day_sheets.c.upto, day_sheets.c.packed)
_NO_SHEET = DaySheet(turn=0, upto=0, packed=b"")


class FingerprintRows:
    """The part of the store that keeps fingerprints."""

    _db: Database

    def save_fingerprints(self, rows: Sequence[Fingered]) -> None:
        """Write the fingerprints of these items, in place of those that they had. The sheet of a day
        to which more came than later items is thrown away."""
        latest = {one.item_id: one for one in rows}
        with self._db.writing() as connection:
            changed = _delete(connection, latest)
            last = {
                day: connection.scalar(
                    select(func.max(fingerprints.c.item_id)).where(fingerprints.c.day == day)
                )
                for day in {one.day for one in latest.values()}
            }
            changed |= {one.day for one in latest.values() if one.item_id < (last[one.day] or 0)}
            insert_rows(
                connection,
                _FINGERPRINT,
                [
                    (one.item_id, one.day, one.title, one.lead, one.rank, one.bits)
                    for one in latest.values()
                ],
            )
            _turn_over(connection, changed)

    def fingerprints_on(self, day: date, after: int = 0) -> list[DayPrint]:
        """The fingerprints of the items of a day with an id ``after`` this one, in the order of
        their ids."""
        with self._db.reading() as connection:
            rows = rows_where(connection, _DAY_PRINT, fingerprints.c.day, day, after)
        return [*map(DayPrint._make, rows)]

    def day_sheet(self, day: date) -> DaySheet:
        """What was kept of a day's fingerprints in one piece."""
        with self._db.reading() as connection:
            row = connection.execute(_SHEET.where(day_sheets.c.day == day)).first()
        return DaySheet(*row) if row else _NO_SHEET

    def save_day_sheet(self, day: date, sheet: DaySheet) -> None:
        """Keep a day's fingerprints in one piece. Nothing happens where ``turn`` is not the stored
        one: what was packed is not what is stored any more."""
        mine = day_sheets.c.day == day
        # Whatever is lost here is made again of the rows.
        with self._db.writing(can_be_had_again=True) as connection:
            turn = connection.scalar(select(day_sheets.c.turn).where(mine))
            if (turn or 0) == sheet.turn:
                connection.execute(delete(day_sheets).where(mine))
                connection.execute(insert(day_sheets), {"day": day, **sheet._asdict()})

    def fingerprints_of(self, item_ids: Collection[int]) -> list[Fingered]:
        """The fingerprints of these items; those that have none are left out."""
        found: list[Fingered] = []
        with self._db.reading() as connection:
            for batch in batches(item_ids):
                query = _FINGERED.where(is_one_of(connection, fingerprints.c.item_id, batch))
                found += [
                    Fingered(item_id=item_id, day=day, title=title, lead=lead, rank=rank, bits=bits)
                    for item_id, day, title, lead, rank, bits in connection.execute(query).all()
                ]
        return found

    def under_leads(self, leads: Collection[int], *, least: int = 1) -> list[tuple[int, str, int]]:
        """Each of these leads with the normal title and the id of each item that has it, in the
        whole store; of leads alone that so many items have at ``least``."""
        columns = (fingerprints.c.lead, fingerprints.c.title, fingerprints.c.item_id)
        found: list[tuple[int, str, int]] = []
        with self._db.reading() as connection:
            for batch in batches(leads):
                mine = is_one_of(connection, fingerprints.c.lead, batch)
                if least > 1:
                    # Counted in the index alone, which is quicker than to read each item's row.
                    counted = select(fingerprints.c.lead).where(mine).group_by(fingerprints.c.lead)
                    often = counted.having(func.count() >= least)
                    mine = fingerprints.c.lead.in_([*connection.scalars(often)])
                found += [
                    (lead or 0, title, one)
                    for lead, title, one in connection.execute(select(*columns).where(mine)).all()
                ]
        return found


def _delete(connection: Connection, item_ids: Collection[int]) -> set[date]:
    """Delete the fingerprints of these items; the days on which there were any."""
    days: set[date] = set()
    for batch in batches(item_ids):
        mine = is_one_of(connection, fingerprints.c.item_id, batch)
        if found := set(connection.scalars(select(fingerprints.c.day).where(mine))):
            connection.execute(delete(fingerprints).where(mine))
            days |= found
    return days


def _turn_over(connection: Connection, days: Collection[date]) -> None:
    """Throw away the sheets of these days, and let none be kept that was begun before."""
    if not days:
        return
    mine = day_sheets.c.day.in_(days)
    known = set(connection.scalars(select(day_sheets.c.day).where(mine)))
    turned = update(day_sheets).where(mine).values(turn=day_sheets.c.turn + 1, upto=0, packed=b"")
    connection.execute(turned)
    if fresh := [{"day": day, "turn": 1, "upto": 0, "packed": b""} for day in {*days} - known]:
        connection.execute(insert(day_sheets), fresh)
