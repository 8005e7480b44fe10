"""Workers and schedulers as processes on a real PostgreSQL: jobs, ends, and whose place is taken."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from aggregator.store.schema import open_store
from tests.fixtures.http import Answer, Asked, serve
from tests.fixtures.processes import queue_config, running, until
from tests.fixtures.program import RELEASE

pytestmark = pytest.mark.long

FEEDS = 4
"""Feeds of the small configuration, each at a host of its own."""

OFFICES = Answer(body=RELEASE)
TAKEN_OVER = 30.0
"""Seconds in which another scheduler leads, whatever happens to the one that did."""


def jobs(url: str, status: str = "") -> int:
    """How many jobs are in the queue, or in one state."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        query = (
            "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE %s IN ('', status::text)"
        )
        row = connection.execute(query, [status]).fetchone()
    assert row is not None
    return int(row[0])


def test_a_scheduler_and_a_worker_do_what_the_daemon_does(
    tmp_path: Path, postgres_url: str
) -> None:
    """Feeds are visited, the release is on the site, no job is left; SIGTERM ends both well."""
    with serve(OFFICES) as office, ExitStack() as stack:
        config = queue_config(tmp_path, office.port)
        scheduler = stack.enter_context(running(config, postgres_url, "scheduler"))
        until(lambda: scheduler.says("hands out"))
        worker = stack.enter_context(running(config, postgres_url, "worker"))
        feed = tmp_path / "public" / "feed.atom"
        until(feed.exists)
        until(lambda: "스마트도시 데이터 허브" in feed.read_text(encoding="utf-8"))
        until(lambda: jobs(postgres_url) == 0)
        for process in (worker, scheduler):
            process.send(signal.SIGTERM)
            assert 0 == process.ended(20)
    paths = [asked.path for asked in office.asked]
    assert FEEDS == len(paths) == len(set(paths))


def test_a_worker_before_the_tables_says_what_to_start(tmp_path: Path, postgres_url: str) -> None:
    """One line, status 1, and nothing was made in the database."""
    config = queue_config(tmp_path, 1)
    with running(config, postgres_url, "worker") as worker:
        assert 1 == worker.ended()
        said = worker.log.read_text(encoding="utf-8")
    assert "the tables of the queue are not there yet: start aggregator scheduler" in said
    assert 1 == len(said.splitlines())


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_another_scheduler_leads_when_one_is_gone(
    tmp_path: Path, postgres_url: str, fate: signal.Signals
) -> None:
    """Killed, or hanging with its connection open: the second leads within thirty seconds."""
    config = queue_config(tmp_path, 1)
    with running(config, postgres_url, "scheduler") as first:
        until(lambda: first.says("leader_elected"))
        with running(config, postgres_url, "scheduler") as second:
            until(lambda: second.says("hands out"))
            assert not second.says("leader_elected")
            first.send(fate)
            took = until(lambda: second.says("leader_elected"), TAKEN_OVER)
            print(f"taken over after {signal.Signals(fate).name}: {took:.1f} s")  # noqa: T201


def test_a_leader_that_lost_its_connection_leads_no_more(tmp_path: Path, postgres_url: str) -> None:
    """The server ends its session: one of both leads again, within thirty seconds."""
    config = queue_config(tmp_path, 1)
    with running(config, postgres_url, "scheduler") as only:
        until(lambda: only.says("leader_elected"))
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            )
        until(lambda: only.says("leader_cut_off"), TAKEN_OVER)
        elected = "leader_elected"
        until(lambda: only.log.read_text("utf-8").count(elected) == 2, TAKEN_OVER)
        assert only.process.poll() is None


def test_what_a_killed_worker_held_is_done_by_another(tmp_path: Path, postgres_url: str) -> None:
    """kill -9 in the middle of a visit: the feed is visited again and stored once."""
    held: list[Asked] = []

    def script(asked: Asked) -> Answer:
        held.append(asked)
        return Answer(body=RELEASE, pause=30.0 if len(held) == 1 else 0.0)

    with serve(script) as office, ExitStack() as stack:
        config = queue_config(tmp_path, office.port)
        scheduler = stack.enter_context(running(config, postgres_url, "scheduler"))
        until(lambda: scheduler.says("hands out"))
        first = stack.enter_context(running(config, postgres_url, "worker"))
        until(lambda: held)
        first.send(signal.SIGKILL)
        first.ended()
        second = stack.enter_context(running(config, postgres_url, "worker"))
        until(lambda: jobs(postgres_url, "todo") == 0)
        until(lambda: stored(postgres_url) == FEEDS, 150)
        assert second.process.poll() is None
        # Its job is swept once nothing was heard of it for half a minute.
        until(lambda: scheduler.says("jobs_swept"), 120)


def test_sigterm_gives_back_a_visit_under_way(tmp_path: Path, postgres_url: str) -> None:
    """A server that does not answer keeps no worker from ending; its feed stays due, unleased."""
    slow = Answer(body=RELEASE, pause=40.0)
    with serve(slow) as office, ExitStack() as stack:
        config = queue_config(tmp_path, office.port)
        scheduler = stack.enter_context(running(config, postgres_url, "scheduler"))
        until(lambda: scheduler.says("hands out"))
        worker = stack.enter_context(running(config, postgres_url, "worker"))
        until(lambda: leased(postgres_url))
        until(lambda: office.connections)
        worker.send(signal.SIGTERM)
        assert 0 == worker.ended(25)
        assert not leased(postgres_url)


def stored(url: str) -> int:
    """How many items are stored."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) FROM items").fetchone()
    assert row is not None
    return int(row[0])


def leased(url: str) -> list[str]:
    """The tokens of leases that were not given back."""
    store = open_store(url)
    try:
        return store.lease_tokens()
    finally:
        store.close()
