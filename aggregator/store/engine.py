"""Engines for both databases: how they are opened, how a transaction begins, what failures mean.

Everything that only one of the databases knows stands here.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from aggregator.domain.errors import StoreBusy, StoreError, StoreFull, StoreUnavailable

BUSY_TIMEOUT = 5.0
"""Seconds that a transaction waits for another process."""

PAUSE = 0.02
"""Seconds between two transactions of long work, in which others get their turn to write."""

_WRITER_LOCK = 7_203_455_118_271
"""Number of the advisory lock under which PostgreSQL lets one writer at a time in."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_WAL_PAGES = 4000
"""Pages of the write-ahead log (16 MB) after which it is copied into the database: with SQLite's 1000
nearly every batch of curation would do so, and copy the same pages again and again."""

_AGAIN = "can_be_had_again"
_PRIMARY_CODE = 0xFF
_NO_ROOM = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
}
_SQLITE_REASONS = {
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database; name another file or move it away",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; put a backup in its place",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and is writable",
    sqlite3.SQLITE_READONLY: "it is read-only; give this user the right to write it",
    sqlite3.SQLITE_PERM: "access was refused; give this user the right to read and write it",
    sqlite3.SQLITE_AUTH: "access was refused; give this user the right to read and write it",
    sqlite3.SQLITE_IOERR: "reading or writing the disk failed; check the disk",
}
_POSTGRES_FULL = ("53100",)
# Classes of states: connection, read-only server, login, name, rights or tables, shutdown, system.
_POSTGRES_UNUSABLE = ("08", "25", "28", "3D", "42", "57", "58", "XX")
_POSTGRES_BUSY = ("55P03", "57014", "40P01", "40001", "53300")


class Database:
    """One database: transactions to read and to write in, one writer at a time.

    ``place`` names it in messages, without secrets. All StoreErrors name it.
    """

    def __init__(self, *, writer: Engine, reader: Engine, place: str) -> None:
        self.place = place
        self.writer = writer
        self.reader = reader
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the whole database and cannot write."""
        with self._translated(), self.reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, can_be_had_again: bool = False) -> Iterator[Connection]:
        """The write transaction: nobody else writes meanwhile, in this process or another.

        ``can_be_had_again``: SQLite does not wait for the disk. Where the machine loses its power
        before the next transaction that does, this one may be gone, whole, never a part of it.
        Raises StoreBusy when another process does not let go within the busy timeout. Whatever is
        raised inside leaves the database as it was.
        """
        engine = self.writer.execution_options(**{_AGAIN: can_be_had_again})
        with self._turn, self._translated(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _WRITER_LOCK})
            yield connection

    def close(self) -> None:
        """Give back all connections."""
        self.reader.dispose()
        self.writer.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise explain(error, self.place) from error


def open_database(address: str, *, busy_timeout: float = BUSY_TIMEOUT) -> Database:
    """The database at ``sqlite:///path`` or ``postgresql+psycopg://…``; nothing is opened yet.

    ``busy_timeout`` in seconds. Raises StoreUnavailable for any other address.
    """
    url = parse_address(address)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, busy_timeout)
    return _open_postgres(url, busy_timeout)


def parse_address(address: str) -> URL:
    """The address in parts, with the driver filled in. Raises StoreUnavailable."""
    wanted = "use sqlite:///path/to/file.db or postgresql+psycopg://user@host/name"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreUnavailable(f"the database address cannot be read: {wanted}") from None
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite":
        if url.database in {None, "", ":memory:"}:
            raise StoreUnavailable(f"a database in memory would keep nothing: {wanted}")
        return url.set(drivername="sqlite+pysqlite")
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise StoreUnavailable(f"databases of the kind {backend!r} are not supported: {wanted}")


def place_of(url: URL) -> str:
    """How messages name the database: the file, or name and host; never user or password."""
    if url.get_backend_name() == "sqlite":
        return f"database {url.database}"
    host = url.host or url.query.get("host") or "the local socket"
    port = f":{url.port}" if url.port else ""
    return f"database {url.database or '(default)'} at {host}{port}"


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database, None for any other."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database)


def explain(error: SQLAlchemyError, place: str) -> Exception:
    """What a failure below means for the caller, as one line that names the database.

    A value that no column can take (a naive datetime) stays the ValueError it is.
    """
    if isinstance(error, PoolTimeout):
        return StoreBusy(f"{place}: all connections are in use; try again")
    if not isinstance(error, DBAPIError):
        if isinstance(error, StatementError) and isinstance(error.orig, Exception):
            return error.orig
        return StoreError(f"{place}: {_first_line(error)}")
    if isinstance(error.orig, sqlite3.Error):
        return _explain_sqlite(error.orig, place)
    return _explain_postgres(error, place)


def _explain_sqlite(error: sqlite3.Error, place: str) -> StoreError:
    extended = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    code = extended & _PRIMARY_CODE
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreBusy(f"{place} is in use by another process; try again when that has ended")
    if _NO_ROOM & {code, extended}:
        return StoreFull(
            f"{place}: no room to write; free space on its disk or raise the quota or limit"
        )
    if code in _SQLITE_REASONS:
        return StoreUnavailable(f"{place}: {_SQLITE_REASONS[code]}")
    return StoreError(f"{place}: {_first_line(error)}")


def _explain_postgres(error: DBAPIError, place: str) -> StoreError:
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRES_FULL:
        return StoreFull(f"{place}: no room to write; free space on the server's disk")
    if state in _POSTGRES_BUSY:
        return StoreBusy(f"{place} is in use by another process; try again when that has ended")
    if state is None or state[:2] in _POSTGRES_UNUSABLE:
        return StoreUnavailable(
            f"{place} cannot be used: {_first_line(error.orig)}; check server, name and rights"
        )
    return StoreError(f"{place}: {_first_line(error.orig)}")


def _first_line(error: object) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _open_sqlite(url: URL, busy_timeout: float) -> Database:
    def engine(size: int, overflow: int) -> Engine:
        return create_engine(
            url,
            pool_size=size,
            max_overflow=overflow,
            connect_args={"timeout": busy_timeout},
            json_serializer=_json,
            json_deserializer=_from_json,
        )

    def prepare_writer(dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.isolation_level = None
        dbapi.execute("PRAGMA foreign_keys = ON")
        _switch_to_wal(dbapi, busy_timeout)
        dbapi.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")

    def prepare_reader(dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.isolation_level = None
        dbapi.execute("PRAGMA query_only = ON")

    writer, reader = engine(1, 0), engine(4, 12)
    event.listen(writer, "connect", prepare_writer)
    event.listen(reader, "connect", prepare_reader)
    # A deferred transaction that reads before it writes cannot wait for another writer; it fails.
    event.listen(writer, "begin", _begin_writing)
    event.listen(reader, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    return Database(writer=writer, reader=reader, place=place_of(url))


def _begin_writing(connection: Connection) -> None:
    again = connection.get_execution_options().get(_AGAIN, False)
    # With a write-ahead log NORMAL keeps the database whole; what it may lose is the latest.
    connection.exec_driver_sql(f"PRAGMA synchronous = {'NORMAL' if again else 'FULL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _switch_to_wal(dbapi: sqlite3.Connection, busy_timeout: float) -> None:
    """Turn on the write-ahead log. The switch does not heed the busy timeout by itself."""
    deadline = time.monotonic() + busy_timeout
    while True:
        try:
            dbapi.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _open_postgres(url: URL, busy_timeout: float) -> Database:
    try:
        writer = create_engine(
            url,
            pool_size=4,
            max_overflow=12,
            pool_pre_ping=True,
            connect_args={"connect_timeout": max(2, round(busy_timeout))},
            json_serializer=_json,
            json_deserializer=_from_json,
        )
    except ModuleNotFoundError as error:
        raise StoreUnavailable(
            f"PostgreSQL needs the package {error.name}: install the extra 'postgres'"
        ) from error

    def prepare(dbapi: Any, _record: object) -> None:  # noqa: ANN401 - the driver may be absent
        dbapi.autocommit = True
        dbapi.execute("SET timezone TO 'UTC'")
        dbapi.execute(f"SET lock_timeout TO {round(busy_timeout * 1000)}")
        dbapi.autocommit = False

    event.listen(writer, "connect", prepare)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writer=writer, reader=reader, place=place_of(url))


def _json(value: object) -> str:
    """JSON with Korean as it is; a lone surrogate is escaped, as UTF-8 cannot hold it."""
    try:
        return msgspec.json.encode(value).decode("utf-8")
    except (UnicodeEncodeError, TypeError):
        # The quick encoder takes neither halves of characters nor read-only mappings.
        dumped = _ENCODER.encode(value)
        return dumped.encode("utf-8", "backslashreplace").decode("utf-8")


def _from_json(text: str | bytes) -> object:
    """What ``_json`` made of something."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        # The quick decoder does not know halves of characters.
        return json.loads(text)
