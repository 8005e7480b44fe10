"""How the database itself is: its size, its schema, its clock, whether it is whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from aggregator.store.engine import Database

FAULTS_SHOWN = 5


class ConditionRows:
    """The part of the store that looks at the database and changes nothing."""

    _db: Database

    def size(self) -> int:
        """Bytes of the database: the file with its write-ahead log, or what PostgreSQL counts."""
        with self._db.reading() as connection:
            if not _is_sqlite(connection):
                found = connection.scalar(text("SELECT pg_database_size(current_database())"))
                return int(found or 0)
            file = _file(connection)
        names = (file, file.with_name(f"{file.name}-wal"))
        return sum(one.stat().st_size for one in names if one.exists())

    def schema_version(self) -> str:
        """The version of the schema as the database has it now."""
        with self._db.reading() as connection:
            return str(connection.scalar(text("SELECT version_num FROM alembic_version")))

    def server_time(self) -> datetime | None:
        """What PostgreSQL's clock says (UTC); None for a file, whose clock is this machine's."""
        with self._db.reading() as connection:
            if _is_sqlite(connection):
                return None
            found: datetime | None = connection.scalar(text("SELECT clock_timestamp()"))
        return found.astimezone(UTC) if found else None

    def faults(self) -> list[str]:
        """What SQLite's quick check finds, a few lines at most; nothing for PostgreSQL, which has
        checksums of its own. It reads the whole file."""
        with self._db.reading() as connection:
            if not _is_sqlite(connection):
                return []
            rows = connection.exec_driver_sql(f"PRAGMA quick_check({FAULTS_SHOWN})")
            return [str(row[0]) for row in rows if row[0] != "ok"]


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _file(connection: Connection) -> Path:
    rows = connection.exec_driver_sql("PRAGMA database_list")
    return Path(next(row[2] for row in rows if row[1] == "main"))
