"""Opening a database: made where there is none, brought up to date where it is behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from aggregator.domain.errors import SchemaMismatch, StoreUnavailable
from aggregator.store.engine import (
    BUSY_TIMEOUT,
    Database,
    file_of,
    open_database,
    parse_address,
    place_of,
)
from aggregator.store.sql import SqlStore

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
)
"""Every schema version this program knows, oldest first."""

HEAD = REVISIONS[-1]
"""The schema version this program works with."""


def open_store(url: str, *, create: bool = True, busy_timeout: float = BUSY_TIMEOUT) -> SqlStore:
    """The store at ``sqlite:///path`` or ``postgresql+psycopg://…``, at the newest schema.

    ``create`` makes a missing SQLite file with its folder, and the tables in an empty database;
    without it both are StoreUnavailable. A schema that is behind is upgraded in one transaction,
    by one process at a time. ``busy_timeout`` in seconds.

    Raises SchemaMismatch for a schema this program does not know, StoreUnavailable for what is no
    database of ours or cannot be opened, StoreBusy while another process holds it.
    """
    address = parse_address(url)
    file = file_of(address)
    if file is not None:
        _prepare_file(file, place_of(address), create=create)
    database = open_database(url, busy_timeout=busy_timeout)
    try:
        _bring_up_to_date(database, create=create)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


def open_as_it_is(url: str) -> SqlStore:
    """The store for whoever only looks: nothing is made and nothing brought up to date, so that what a
    schema that is behind lacks cannot be asked for. A connection is first made when it is needed.

    Raises StoreUnavailable for an address that is none, and for a file that is not there.
    """
    file = file_of(parse_address(url))
    if file is not None and not file.is_file():
        raise StoreUnavailable(f"database {file} is not there")
    return SqlStore(open_database(url))


def migration_config() -> Config:
    """Alembic's settings for these migrations, for developers who add one."""
    from alembic.config import Config  # noqa: PLC0415 - slow to load and rarely needed

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _prepare_file(file: Path, place: str, *, create: bool) -> None:
    try:
        if file.is_dir():
            raise StoreUnavailable(f"{place} is a folder: name a file")
        if not create and not file.exists():
            raise StoreUnavailable(f"there is no {place}: check the path")
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"{place} cannot be reached ({error.strerror}): check the folders above it"
        ) from error


def _bring_up_to_date(database: Database, *, create: bool) -> None:
    with database.reading() as connection:
        version = _version(connection, database)
    if version is None and not create:
        raise StoreUnavailable(f"{database.place} is empty: check the address")
    if version != HEAD:
        _upgrade(database)


def _version(connection: Connection, database: Database) -> str | None:
    """The schema's version; None in an empty database."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise StoreUnavailable(
                f"{database.place} holds other tables ({min(tables)}): name an empty database"
            )
        return None
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if version is not None and version not in REVISIONS:
        raise SchemaMismatch(
            f"{database.place} has schema version {version}, this program knows versions up to "
            f"{HEAD}: use the version of the program that wrote it, or a newer one"
        )
    return None if version is None else str(version)


def _upgrade(database: Database) -> None:
    from alembic import command  # noqa: PLC0415 - slow to load and rarely needed

    config = migration_config()
    with database.writing() as connection:
        if _version(connection, database) == HEAD:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
