"""How much is kept of what came, how it is thrown away, and what that asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, CursorResult, event, insert, text

from aggregator.domain.visits import FeedState, Payload
from aggregator.ports.refreshing import RefreshPlan
from aggregator.store import upkeep
from aggregator.store.sql import SqlStore
from aggregator.store.tables import fetch_log
from tests.fixtures.records import NOW, make_feed, make_visit

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG_AGO = NOW - 1000 * DAY


@contextmanager
def heard(store: SqlStore, beginning: str) -> Iterator[list[tuple[str, object, int]]]:
    """The statements that begin so: each with its parameters and how many rows it met."""
    found: list[tuple[str, object, int]] = []

    def hear(
        _c: Connection, cursor: CursorResult[Any], sql: str, values: object, _x: object, _m: object
    ) -> None:
        if sql.startswith(beginning):
            found.append((sql, values, cursor.rowcount))

    engines = {id(one): one for one in (store._db.writer, store._db.reader)}.values()
    for engine in engines:
        event.listen(engine, "after_cursor_execute", hear)
    yield found
    for engine in engines:
        event.remove(engine, "after_cursor_execute", hear)


def plan_of(store: SqlStore, statement: str, parameters: object) -> str:
    """How the database would run it, where it takes an index if it can."""
    with store._db.writer.begin() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)  # type: ignore[arg-type]
            return "\n".join(row[-1] for row in rows)
        connection.execute(text("SET LOCAL enable_seqscan TO off"))
        rows = connection.exec_driver_sql("EXPLAIN " + statement, parameters)  # type: ignore[arg-type]
        return "\n".join(row[0] for row in rows)


def keep(store: SqlStore, feed_id: str, hour: int, *sizes: int) -> None:
    """A visit that brought documents of these sizes."""
    at = NOW + hour * HOUR
    store.apply_refresh(
        RefreshPlan(feed_id=feed_id, seen_at=at),
        FeedState(feed_id=feed_id),
        make_visit(feed_id, at),
        payloads=[Payload(feed_id=feed_id, seen_at=at, body=b"x" * size) for size in sizes],
    )


def kept(store: SqlStore, feed_id: str) -> list[tuple[int, int]]:
    """The hours of visits and the sizes of the documents that are still there."""
    return [
        ((one.seen_at - NOW) // HOUR, len(one.body)) for one in store.payloads(feed_ids=[feed_id])
    ]


def test_the_last_visit_before_an_instant(store: SqlStore) -> None:
    """Its document and its further pages in their order, of that feed alone."""
    store.sync_feeds([make_feed("a"), make_feed("b")], NOW)
    keep(store, "a", 1, 5)
    keep(store, "a", 2, 7, 3)
    keep(store, "b", 3, 9)
    keep(store, "a", 4, 1)

    assert [7, 3] == [len(one.body) for one in store.payloads_before("a", NOW + 4 * HOUR)]
    assert [] == store.payloads_before("a", NOW + HOUR)


def fill_log(store: SqlStore, count: int) -> None:
    """So many visits of long ago."""
    with store._db.writing() as connection:
        rows = [
            {
                "feed_id": "a",
                "started_at": LONG_AGO + timedelta(minutes=number),
                "milliseconds": 1,
                "outcome": "fetched",
                "body_bytes": 0,
                "new": 0,
                "changed": 0,
            }
            for number in range(count)
        ]
        connection.execute(insert(fetch_log), rows)


def test_whether_a_visit_is_logged_is_looked_up_once_and_by_index(store: SqlStore) -> None:
    """One look for a batch, however long the log of all feeds is."""
    store.sync_feeds([make_feed("a"), make_feed("b")], NOW)
    with heard(store, "SELECT fetch_log") as looked:
        store.record_visits(
            [
                (FeedState(feed_id=name), make_visit(name, NOW + at * HOUR))
                for name in "ab"
                for at in (0, 1)
            ]
        )
    ((statement, parameters, _),) = looked
    assert "ix_fetch_log_feed_id_started_at" in plan_of(store, statement, parameters)


def test_a_visit_is_logged_once(store: SqlStore) -> None:
    """In a batch and after it; one that differs in anything is another."""
    store.sync_feeds([make_feed("a")], NOW)
    state, visit = FeedState(feed_id="a"), make_visit("a")
    store.record_visits([(state, visit), (state, visit)])
    store.record_visits([(state, visit), (state, make_visit("a", status=200))])
    assert [200, None] == [one.status for one in store.visits("a")]
    assert [2] == [day.visits for day in store.feed_days(date(2024, 1, 1))["a"]]


def test_the_last_state_of_a_feed_in_a_batch_counts(store: SqlStore) -> None:
    """Two visits of one feed are both logged."""
    store.sync_feeds([make_feed("a")], NOW)
    visits = [
        (FeedState(feed_id="a", failures=number), make_visit("a", NOW + number * HOUR))
        for number in (1, 2)
    ]
    store.record_visits(visits)
    assert (2, 2) == (store.feed_states()["a"].failures, len(store.visits("a")))


def test_a_feeds_documents_are_bounded_in_bytes(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest visits go, each as a whole, of that feed alone."""
    monkeypatch.setattr(upkeep, "PAYLOADS_MOST_BYTES", 100)
    store.sync_feeds([make_feed("a"), make_feed("b")], NOW)
    keep(store, "b", 0, 90)
    keep(store, "a", 0, 20)
    keep(store, "a", 1, 1, 30)
    keep(store, "a", 2, 49)
    assert [(0, 20), (1, 1), (1, 30), (2, 49)] == kept(store, "a")
    keep(store, "a", 3, 25)
    assert [(2, 49), (3, 25)] == kept(store, "a")
    assert [(0, 90)] == kept(store, "b")


def test_a_feeds_documents_are_bounded_in_number(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages count each, and go with their visit."""
    monkeypatch.setattr(upkeep, "PAYLOADS_MOST_ROWS", 4)
    store.sync_feeds([make_feed("a")], NOW)
    keep(store, "a", 0, 1, 2)
    keep(store, "a", 1, 3)
    keep(store, "a", 2, 4, 5)
    assert [(1, 3), (2, 4), (2, 5)] == kept(store, "a")


def test_the_newest_document_stays(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large it is, with all its pages."""
    monkeypatch.setattr(upkeep, "PAYLOADS_MOST_BYTES", 100)
    store.sync_feeds([make_feed("a")], NOW)
    for hour in range(2):
        keep(store, "a", hour, 90, 80)
    assert [(1, 90), (1, 80)] == kept(store, "a")


def test_documents_within_bounds_are_only_counted(store: SqlStore) -> None:
    """One look into an index for each visit, which reads no document; nothing is deleted."""
    store.sync_feeds([make_feed("a")], NOW)
    with heard(store, "SELECT") as looked, heard(store, "DELETE FROM payloads") as deleted:
        keep(store, "a", 0, 10, 10)
    looks = [one for one in looked if "FROM payloads" in one[0]]
    ((statement, parameters, _),) = looks
    assert "ix_payloads_feed_id_seen_at_size" in plan_of(store, statement, parameters)
    assert [] == deleted


def test_old_rows_go_in_short_transactions(store: SqlStore) -> None:
    """At most 500 rows of the log at a time, so that others can write in between."""
    store.sync_feeds([make_feed("a")], NOW)
    fill_log(store, 1001)
    commits: list[int] = []
    with heard(store, "DELETE FROM fetch_log") as deleted:
        event.listen(store._db.writer, "commit", lambda _: commits.append(len(deleted)))
        gone = store.throw_away(now=NOW, payloads_before=NOW)
    assert [500, 500, 1] == [rows for _, _, rows in deleted]
    assert [1, 2, 3] == sorted({count for count in commits if count})
    assert 1001 == gone["visits"]


def test_old_documents_go_few_at_a_time(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large ones fewer: it is their bytes that take time. One goes however large it is."""
    monkeypatch.setattr(upkeep, "_BYTES_AT_ONCE", 100)
    store.sync_feeds([make_feed("a")], NOW)
    for hour, size in enumerate((60, 50, 50, 300, 1)):
        keep(store, "a", hour, size)
    with heard(store, "DELETE FROM payloads") as deleted:
        gone = store.throw_away(now=NOW, payloads_before=NOW + 4 * HOUR)
    assert [1, 2, 1] == [rows for _, _, rows in deleted]
    assert (4, [(4, 1)]) == (gone["payloads"], kept(store, "a"))


def test_nothing_old_takes_no_turn_to_write(store: SqlStore) -> None:
    """Others are not kept waiting for nothing."""
    store.sync_feeds([make_feed("a")], NOW)
    keep(store, "a", 0, 1)
    with heard(store, "DELETE") as deleted:
        gone = store.throw_away(now=NOW, payloads_before=NOW)
    assert [] == deleted
    assert {"payloads": 0, "visits": 0, "feed_days": 0, "hosts": 0} == gone


def test_old_rows_are_found_by_index(store: SqlStore) -> None:
    """However much was kept since."""
    store.sync_feeds([make_feed("a")], NOW)
    with heard(store, "SELECT") as looked:
        store.throw_away(now=NOW, payloads_before=NOW)
    plans = [plan_of(store, *one[:2]) for one in looked]
    for index in ("ix_fetch_log_started_at", "ix_payloads_seen_at", "ix_feed_days_day"):
        assert any(index in plan for plan in plans), index


def test_days_are_kept_for_400_days(store: SqlStore) -> None:
    """Days of Seoul; what is older goes."""
    store.sync_feeds([make_feed("a")], NOW)
    for days in (400, 401, 402):
        store.record_visit(FeedState(feed_id="a"), make_visit("a", NOW - days * DAY))
    gone = store.throw_away(now=NOW, payloads_before=NOW)
    assert [(NOW - 400 * DAY).date()] == [one.day for one in store.feed_days(date(2000, 1, 1))["a"]]
    assert 2 == gone["feed_days"]
