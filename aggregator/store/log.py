"""The log of edits: who changed what, when and why; append-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, RowMapping, insert, select

from aggregator.domain.issues import Edit
from aggregator.store.tables import edits as edit_rows


def write_log(connection: Connection, edits: Sequence[Edit]) -> None:
    """Append these lines, in their order."""
    if edits:
        connection.execute(insert(edit_rows), [asdict(edit) for edit in edits])


def read_log(connection: Connection, target: str) -> list[RowMapping]:
    """The lines of a target, oldest first, and those of the picks that became it: a line of the
    field ``story`` names the story under which such a one stood."""
    found: dict[str, list[RowMapping]] = {}
    waiting = [target]
    while waiting:
        one = waiting.pop()
        query = select(edit_rows).where(edit_rows.c.target == one)
        found[one] = list(connection.execute(query).mappings())
        place, _, _ = one.rpartition(":")
        names = [f"{place}:{row['old']}" for row in found[one] if row["field"] == "story"]
        waiting += [name for name in names if name not in found]
    return sorted((row for rows in found.values() for row in rows), key=lambda row: row["id"])
