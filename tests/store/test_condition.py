"""How the database itself is, on both kinds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.domain.errors import StoreUnavailable
from aggregator.store.schema import HEAD, open_as_it_is, open_store
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_feed

NEAR = timedelta(minutes=5)


def test_a_sound_database(store: SqlStore) -> None:
    """Of the newest schema, with some bytes and no faults."""
    assert HEAD == store.schema_version()
    assert store.size() > 0
    assert [] == store.faults()


def test_only_a_server_has_a_clock(store: SqlStore) -> None:
    """In UTC; a file's clock is this machine's."""
    theirs = store.server_time()
    if store.place.endswith(".db"):
        assert theirs is None
    else:
        assert theirs is not None
        assert timedelta(0) == theirs.utcoffset()
        assert abs(theirs - datetime.now(UTC)) < NEAR


def test_it_grows_with_what_is_kept(store: SqlStore) -> None:
    """On either kind."""
    before = store.size()
    store.sync_feeds([make_feed(f"feed-{number}") for number in range(2000)], NOW)
    assert before < store.size()


def test_a_store_as_it_is_makes_nothing(tmp_path: Path) -> None:
    """Neither a file nor a schema."""
    with pytest.raises(StoreUnavailable, match="is not there"):
        open_as_it_is(f"sqlite:///{tmp_path / 'desk.db'}")
    assert [] == list(tmp_path.iterdir())


def test_a_store_as_it_is_is_not_brought_up_to_date(url: str) -> None:
    """It says the version that is there."""
    with_schema = open_store(url)
    with with_schema._db.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    with_schema.close()
    looking = open_as_it_is(url)
    assert "0003" == looking.schema_version()
    assert "0003" == looking.schema_version()
    looking.close()
