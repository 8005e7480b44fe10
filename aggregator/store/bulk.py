"""Many rows put into a table or read at once, for less than it costs as statements of SQLAlchemy's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    bindparam,
    func,
    insert,
    select,
)

Values = tuple[Any, ...]
"""One row's, in the order of its columns."""

_Processor = Callable[[Any], Any] | None


def insert_rows(
    connection: Connection, columns: Sequence[Column[Any]], rows: Sequence[Values]
) -> None:
    """Insert rows of these columns, which are of one table and given in one order. Their values are
    made what the database holds as SQLAlchemy would, column by column."""
    if not rows:
        return
    prepared = _prepared(connection.dialect, tuple(columns))
    sides = [*zip(*rows, strict=True)]
    processed = [
        sides[at] if process is None else _processed(process, sides[at])
        for at, process in zip(prepared.order, prepared.processors, strict=True)
    ]
    made = [*zip(*processed, strict=True)]
    if prepared.is_positional:
        connection.exec_driver_sql(prepared.statement, made)
    else:
        names = [columns[at].name for at in prepared.order]
        connection.exec_driver_sql(
            prepared.statement, [dict(zip(names, row, strict=True)) for row in made]
        )


def is_one_of(
    connection: Connection, column: Column[Any], values: Collection[int] | Collection[str]
) -> ColumnElement[bool]:
    """Whether ``column`` is one of these numbers or texts.

    SQLite takes them as one parameter. Of a thousand the statement is then as short as of one, is
    the same for however many, and so is compiled once: the program of each length took a hundred
    kilobytes, and as much time as many of the searches in it.
    """
    if connection.dialect.name != "sqlite":
        return column.in_(values)
    told = func.json_each(json.dumps([*values])).table_valued("value")
    return column.in_(select(told.c.value))


def rows_where(
    connection: Connection,
    columns: Sequence[Column[Any]],
    key: Column[Any],
    value: object,
    after: int,
) -> list[Values]:
    """These columns of all rows in which ``key`` is ``value`` and the first column is greater than
    ``after``, in the order of that, as the driver gives them: good for numbers, texts and bytes."""
    statement, process = _asking(connection.dialect, tuple(columns), key)
    given = value if process is None else process(value)
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(statement, (given, after))
        return [*cursor.fetchall()]


def _processed(process: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """What a column's values become. Many rows have the same instant or word, or nothing: what is
    equal is made once."""
    first = values[0]
    if isinstance(first, Mapping):
        empty = process({})
        return [process(value) if value else empty for value in values]
    made: dict[Any, Any] = {}
    for value in values:
        if value not in made:
            made[value] = process(value)
    return [made[value] for value in values]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver wants it; ``order`` says which of the columns stands at each of its
    places, and ``processors`` make its values what the driver takes."""

    statement: str
    is_positional: bool
    order: tuple[int, ...]
    processors: tuple[_Processor, ...]


@lru_cache(maxsize=64)
def _prepared(dialect: Dialect, columns: tuple[Column[Any], ...]) -> _Prepared:
    table = columns[0].table
    if not isinstance(table, Table):
        raise TypeError(f"{table} is no table")
    names = [column.name for column in columns]
    compiled = insert(table).compile(dialect=dialect, column_keys=names)
    # Whatever order they are asked for in, they stand in that of the table.
    order = tuple(names.index(column.name) for column in table.columns if column.name in names)
    types = [columns[at].type.dialect_impl(dialect) for at in order]
    return _Prepared(
        statement=str(compiled),
        is_positional=compiled.positional,
        order=order,
        processors=tuple(one.bind_processor(dialect) for one in types),
    )


@lru_cache(maxsize=16)
def _asking(
    dialect: Dialect, columns: tuple[Column[Any], ...], key: Column[Any]
) -> tuple[str, _Processor]:
    """A statement with a place for a value of the column ``key`` and one for what the first column is
    greater than, and what makes the value what the driver takes."""
    asked = select(*columns).where(key == bindparam("value", type_=key.type))
    asked = asked.where(columns[0] > bindparam("after", type_=columns[0].type))
    compiled = asked.order_by(columns[0]).compile(dialect=dialect)
    process = key.type.dialect_impl(dialect).bind_processor(dialect)
    return re.sub(r"%\((?:value|after)\)s", "%s", str(compiled)), process
