"""What goes wrong below: locked by others, no room left, writing through a reader."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from aggregator.domain.errors import StoreBusy, StoreFull, StoreUnavailable
from aggregator.domain.feeds import DESK_FEED
from aggregator.domain.issues import Window
from aggregator.domain.stories import CurationPlan
from aggregator.domain.visits import FeedState
from aggregator.ports.refreshing import RefreshPlan
from aggregator.store.engine import _WRITER_LOCK
from aggregator.store.schema import open_store
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_feed, make_item, make_visit, take_in

ROOT = Path(__file__).parents[2]
TIMEOUT = 0.3

HOLD = """
    import sqlite3, sys
    held = sqlite3.connect(sys.argv[1], isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    print("held", flush=True)
    sys.stdin.read()
"""

LIMITED = """
    import resource, sys
    from aggregator.domain.errors import StoreFull
    from aggregator.store.schema import open_store
    from tests.fixtures.records import make_item, take_in
    store = open_store(sys.argv[1])
    take_in(store, make_item("first"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        take_in(store, *(make_item(f"k{n}", content="x" * 9000) for n in range(200)))
    except StoreFull as error:
        print(error)
    print(store.count_items())
    store.close()
"""

WRITES: dict[str, Callable[[SqlStore], object]] = {
    "sync_feeds": lambda store: store.sync_feeds([make_feed("seoul")], NOW),
    "apply_refresh": lambda store: store.apply_refresh(
        RefreshPlan(feed_id="molit", seen_at=NOW, new=(make_item("b"),)),
        FeedState(feed_id="molit", etag="new"),
        make_visit(milliseconds=1),
    ),
    "apply_curation": lambda store: store.apply_curation(CurationPlan(stories=()), NOW),
    "skip_issue": lambda store: store.skip_issue(1, NOW),
}


@contextmanager
def _held_elsewhere(url: str) -> Iterator[None]:
    """Another process, or on a server another session, holds the database for writing."""
    if url.startswith("sqlite"):
        command = [sys.executable, "-c", textwrap.dedent(HOLD), url.removeprefix("sqlite:///")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            assert b"held\n" == holder.stdout.readline()
            yield
            holder.communicate()
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _WRITER_LOCK})
        yield
    engine.dispose()


@pytest.mark.parametrize("name", WRITES)
def test_a_held_database_is_busy(store: SqlStore, url: str, name: str) -> None:
    """Each write gives up after the busy timeout, changes nothing, and reading goes on."""
    take_in(store, make_item("a"))
    before = (list(store.items()), store.feed_states(), store.visits("molit"))
    with _held_elsewhere(url):
        began = time.monotonic()
        with pytest.raises(StoreBusy, match="is in use by another process; try again"):
            WRITES[name](store)
        assert TIMEOUT * 0.9 <= time.monotonic() - began < TIMEOUT + 2
        assert before == (list(store.items()), store.feed_states(), store.visits("molit"))
    store.sync_feeds([make_feed("seoul")], NOW)


def test_an_equal_configuration_needs_no_turn_to_write(store: SqlStore, url: str) -> None:
    """Syncing what is there already goes on while somebody else writes; so does an open issue."""
    feeds = [make_feed("seoul"), DESK_FEED]
    store.sync_feeds(feeds, NOW)
    window = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
    issue = store.open_issue("smart-city", window, date(2024, 3, 4), NOW)
    with _held_elsewhere(url):
        store.sync_feeds(feeds, NOW)
        assert issue == store.open_issue("smart-city", window, date(2024, 3, 4), NOW)
        with pytest.raises(StoreBusy):
            store.sync_feeds(feeds[::-1], NOW)


def test_a_waiting_writer_gets_its_turn(sqlite_url: str) -> None:
    """A writer that waits less than the timeout writes when the other has ended."""
    with open_store_closing(sqlite_url, busy_timeout=5) as store:
        file = sqlite_url.removeprefix("sqlite:///")
        code = f"import sqlite3,time; c=sqlite3.connect({file!r}, isolation_level=None)\n"
        code += "c.execute('BEGIN IMMEDIATE'); print(flush=True); time.sleep(.3); c.rollback()"
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            store.sync_feeds([make_feed()], NOW)
        assert {"molit"} == store.feed_states().keys()


def test_a_held_database_cannot_be_migrated(sqlite_url: str, tmp_path: Path) -> None:
    """A new database that somebody else holds is busy, not broken."""
    (tmp_path / "desk.db").touch()
    with _held_elsewhere(sqlite_url), pytest.raises(StoreBusy):
        open_store(sqlite_url, busy_timeout=TIMEOUT)
    open_store(sqlite_url).close()


def test_a_database_that_may_not_grow_is_full(sqlite_url: str) -> None:
    """When the database has no page left, the write is StoreFull and has left no trace."""
    with open_store_closing(sqlite_url) as store:
        take_in(store, make_item("a"))
        before = list(store.items())
        with store._db.writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreFull, match="no room to write; free space"):
            take_in(store, *(make_item(f"k{n}", content="x" * 9000) for n in range(50)))
        assert before == list(store.items())
        with store._db.writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        take_in(store, make_item("b"))


def test_a_limit_on_files_is_full(sqlite_url: str) -> None:
    """When the system refuses to let the file grow, the write is StoreFull; the rest stands."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LIMITED), sqlite_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told, counted = done.stdout.splitlines()
    assert "no room to write" in told
    assert "{'molit': 1}" == counted


def test_a_reader_cannot_write(store: SqlStore) -> None:
    """The connections that serve reading refuse every change."""
    with pytest.raises(StoreUnavailable), store._db.reading() as connection:
        connection.execute(text("DELETE FROM feeds"))


def test_the_file_is_safe_against_power_cuts(sqlite_url: str) -> None:
    """The write-ahead log is on, with every commit synced and foreign keys checked."""
    with open_store_closing(sqlite_url) as store, store._db.writing() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert ["wal", 2, 1, 5000] == settings


def test_what_can_be_fetched_again_does_not_wait_for_the_disk(sqlite_url: str) -> None:
    """A thousand visits are no thousand waits; the next transaction is synced as ever."""
    with open_store_closing(sqlite_url) as store:
        synced = []
        for again in (True, False):
            with store._db.writing(can_be_had_again=again) as connection:
                synced.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
    assert [1, 2] == synced


def test_a_damaged_file_is_told(sqlite_url: str, tmp_path: Path) -> None:
    """A file whose inside was overwritten is StoreUnavailable."""
    open_store(sqlite_url).close()
    file = tmp_path / "desk.db"
    body = file.read_bytes()
    file.write_bytes(body[:100] + b"\xff" * (len(body) - 100))
    with pytest.raises(StoreUnavailable, match="damaged"):
        open_store(sqlite_url)


def test_closing_leaves_one_file(sqlite_url: str, tmp_path: Path) -> None:
    """After the last connection the log is folded back, so that one file is the whole store."""
    open_store(sqlite_url).close()
    assert ["desk.db"] == [file.name for file in tmp_path.iterdir()]
    with sqlite3.connect(tmp_path / "desk.db") as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()


@contextmanager
def open_store_closing(url: str, busy_timeout: float = 5.0) -> Iterator[SqlStore]:
    """A store that is closed in the end."""
    store = open_store(url, busy_timeout=busy_timeout)
    try:
        yield store
    finally:
        store.close()
