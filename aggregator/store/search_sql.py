"""The index of pieces in either database: SQLite's FTS5 without contents, PostgreSQL's tsvector.

A piece is two characters, marked with the depth of its text (``a`` for titles). The index says which
stories have which pieces; it knows no order of them, so both databases come to the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, text

from aggregator.domain.searching import Need
from aggregator.store.search_tables import search_docs

DEPTHS = "abc"
"""The mark of the pieces of each depth."""

_OTHER_WAYS = ("enable_seqscan", "enable_indexscan", "jit")


def is_postgres(connection: Connection) -> bool:
    """Whether the connection is one to PostgreSQL."""
    return connection.dialect.name == "postgresql"


def insert_pieces(connection: Connection, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Add the pieces of places that are not in the index."""
    if not rows:
        return
    if is_postgres(connection):
        connection.execute(
            text("INSERT INTO search_index (place, pieces) VALUES (:place, array_to_tsvector(:p))"),
            [{"place": place, "p": list(pieces)} for place, pieces in rows],
        )
        return
    connection.exec_driver_sql(
        "INSERT INTO search_index (rowid, pieces) VALUES (?, ?)",
        [(place, " ".join(pieces)) for place, pieces in rows],
    )


def delete_pieces(connection: Connection, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Take places out of the index. An index without contents has to be told what it holds."""
    if not rows:
        return
    if is_postgres(connection):
        connection.execute(
            text("DELETE FROM search_index WHERE place = :place"),
            [{"place": place} for place, _ in rows],
        )
        return
    connection.exec_driver_sql(
        "INSERT INTO search_index (search_index, rowid, pieces) VALUES ('delete', ?, ?)",
        [(place, " ".join(pieces)) for place, pieces in rows],
    )


def delete_all_pieces(connection: Connection) -> None:
    """Empty the index."""
    if is_postgres(connection):
        connection.execute(text("DELETE FROM search_index"))
    else:
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")


def ask(
    connection: Connection,
    columns: Sequence[ColumnElement[Any]],
    needs: Sequence[Need],
    *,
    depth: int,
    conditions: Sequence[str],
    values: Mapping[str, Any],
    most: int,
) -> list[Any]:
    """As ``find_places``, but the rows of ``search_docs`` there."""
    places = find_places(
        connection, needs, depth=depth, conditions=conditions, values=values, most=most
    )
    query = select(*columns).where(search_docs.c.place.in_(places))
    return [*connection.execute(query.order_by(search_docs.c.place.desc())).all()]


def find_places(
    connection: Connection,
    needs: Sequence[Need],
    *,
    depth: int,
    conditions: Sequence[str],
    values: Mapping[str, Any],
    most: int,
) -> list[int]:
    """The places of stories that have what is needed at this depth or above, the highest first.
    ``conditions`` are on ``{place}``, the place in the index, with their ``values``."""
    depths = DEPTHS[: depth + 1]
    if is_postgres(connection):
        asked, place, match = (
            _as_tsquery(needs, depths),
            "place",
            "pieces @@ CAST(:needs AS tsquery)",
        )
    else:
        asked, place, match = _as_match(needs, depths), "rowid", "search_index MATCH :needs"
    wanted = " AND ".join(
        [match, *(one.replace("{place}", f"search_index.{place}") for one in conditions)]
    )
    found = text(
        f"SELECT {place} FROM search_index WHERE {wanted} ORDER BY {place} DESC LIMIT :most"  # noqa: S608
    )
    _go_by_pieces(connection)
    return [*connection.scalars(found, {**values, "needs": asked, "most": most})]


def _go_by_pieces(connection: Connection) -> None:
    """Let PostgreSQL find places by their pieces, for the rest of the transaction. It takes it for a
    bargain to go through them from the newest until there are enough, which for a word that few have
    is all of them; and it would compile what takes a millisecond."""
    if is_postgres(connection):
        for way in _OTHER_WAYS:
            connection.execute(text(f"SET LOCAL {way} = off"))


def _as_match(needs: Sequence[Need], depths: str) -> str:
    """The needs as FTS5 asks them. Pieces are letters and digits, and stand in quotes."""

    def piece(mark: str, one: str) -> str:
        return f'"{mark}{one}"' + ("*" if len(one) == 1 else "")

    return _joined(needs, depths, piece, (" AND ", " OR "))


def _as_tsquery(needs: Sequence[Need], depths: str) -> str:
    """The needs as PostgreSQL asks them."""

    def piece(mark: str, one: str) -> str:
        return f"'{mark}{one}'" + (":*" if len(one) == 1 else "")

    return _joined(needs, depths, piece, (" & ", " | "))


def _joined(needs: Sequence[Need], depths: str, piece: Any, words: tuple[str, str]) -> str:  # noqa: ANN401
    both, either = words
    return both.join(
        "("
        + either.join(
            "(" + both.join(piece(mark, one) for one in pieces) + ")"
            for pieces in alternatives
            for mark in depths
        )
        + ")"
        for alternatives in needs
    )
