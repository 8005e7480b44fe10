"""A store that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import delete, select

from aggregator.domain.errors import StoreUnavailable
from aggregator.store.engine import Database, open_database
from aggregator.store.schema import open_store
from aggregator.store.search_sql import delete_all_pieces
from aggregator.store.search_tables import search_docs
from aggregator.store.sql import SqlStore
from aggregator.store.tables import metadata


class SqlScratchStore(SqlStore):
    """A store that can be emptied, which costs a fraction of making another."""

    def empty(self) -> None:
        """Throw everything away that is in it."""
        with self._db.writing(can_be_had_again=True) as connection:
            if connection.execute(select(search_docs.c.place).limit(1)).first():
                delete_all_pieces(connection)
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))


@contextmanager
def scratch_store() -> Iterator[SqlScratchStore]:
    """An empty store in a folder for temporary files, which is removed in the end. Raises
    StoreUnavailable where there is no such folder."""
    with _folder() as folder:
        url = f"sqlite:///{folder / 'scratch.db'}"
        open_store(url).close()
        database: Database = open_database(url)
        try:
            yield SqlScratchStore(database)
        finally:
            database.close()


@contextmanager
def _folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="aggregator-")
    except OSError as error:
        raise StoreUnavailable(
            f"there is no room for temporary files: {error.strerror} (TMPDIR names the folder)"
        ) from error
    with folder as path:
        yield Path(path)
