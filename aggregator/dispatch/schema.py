"""Procrastinate's tables: made, and brought up to date, by the migrations that its package carries.

Which of these were carried out is kept in a table beside them. The desk's own migrations stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager

from aggregator.dispatch.address import conninfo
from aggregator.domain.dispatching import DispatchError
from aggregator.domain.errors import SchemaMismatch

_LOCK = 7_203_455_118_272
"""Number of the advisory lock under which one process at a time brings the tables up to date."""

# The names of the migrations that were carried out.
_CREATE = "CREATE TABLE desk_migrations (name text PRIMARY KEY)"
_READ = "SELECT name FROM desk_migrations"
_NOTE = "INSERT INTO desk_migrations VALUES (%s)"


def bring_up_to_date(database_url: str) -> list[str]:
    """Make the queue's tables, or carry out what is missing; the names of the migrations that were.

    Workers of an older version are to be stopped before. Raises DispatchError, and SchemaMismatch
    where a newer version has been at work.
    """
    with _connected(database_url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        done = _done(connection)
        if done is None:
            return _make(connection)
        _refuse_newer(done)
        missing = [file for file in _migrations() if file.name not in done]
        for file in missing:
            # Each by itself: PostgreSQL lets a new value of a type be used in the next transaction only.
            with connection.transaction():
                connection.execute(file.read_bytes())
                _note(connection, [file.name])
        return [file.name for file in missing]


def require_up_to_date(database_url: str) -> None:
    """Raise DispatchError where the queue's tables are not there or behind, and SchemaMismatch where a
    newer version has been at work."""
    with _connected(database_url) as connection:
        done = _done(connection)
    remedy = "start aggregator scheduler, which brings them up to date, and then workers"
    if done is None:
        raise DispatchError(f"the tables of the queue are not there yet: {remedy}")
    _refuse_newer(done)
    if any(file.name not in done for file in _migrations()):
        raise DispatchError(f"the tables of the queue are of an older version: {remedy}")


def _migrations() -> list[Path]:
    """Procrastinate's migrations, oldest first."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _done(connection: psycopg.Connection) -> set[str] | None:
    """The migrations that were carried out, None where there are no tables."""
    row = connection.execute("SELECT to_regclass(%s)", ["procrastinate.desk_migrations"]).fetchone()
    if row is None or row[0] is None:
        return None
    return {name for (name,) in connection.execute(_READ)}


def _refuse_newer(done: set[str]) -> None:
    unknown = done - {file.name for file in _migrations()}
    if unknown:
        raise SchemaMismatch(
            f"the tables of the queue are newer ({max(unknown)}) than the installed procrastinate:"
            " install the version that the other machines have"
        )


def _make(connection: psycopg.Connection) -> list[str]:
    names = [file.name for file in _migrations()]
    with connection.transaction():
        connection.execute("CREATE SCHEMA IF NOT EXISTS procrastinate")
        connection.execute(SchemaManager.get_schema().encode())
        connection.execute(_CREATE)
        _note(connection, names)
    return names


def _note(connection: psycopg.Connection, names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_NOTE, [(name,) for name in names])


@contextmanager
def _connected(database_url: str) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(conninfo(database_url), autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        raise DispatchError(f"the queue's database cannot be used: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return (str(error).splitlines() or [type(error).__name__])[0]
