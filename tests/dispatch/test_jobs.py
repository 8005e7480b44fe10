"""Jobs by themselves: a job that comes twice, a feed that is ill, tables that are brought up to date."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from aggregator.bootstrap import App, open_app
from aggregator.daemon.tick import RunningDesk
from aggregator.daemon.worker import DeskHands
from aggregator.dispatch.queue import ProcrastinateQueue
from aggregator.dispatch.schema import bring_up_to_date, require_up_to_date
from aggregator.domain.dispatching import DispatchError, Work
from aggregator.domain.errors import ConfigError, SchemaMismatch, UsageError
from aggregator.domain.visits import Outcome
from tests.fixtures.http import Answer, serve
from tests.fixtures.processes import queue_config
from tests.fixtures.program import MARCH_4, RELEASE, opened, write_config


@contextmanager
def app_on(
    folder: Path, port: int, url: str, *, now: datetime = MARCH_4, spacing: str = "0s"
) -> Iterator[App]:
    """The program with its queue's tables, its clock standing, all feeds at one host."""
    file = queue_config(folder, port)
    text = re.sub(r"www\.(msit|closed|maintenance)\.example", "www.molit.example", file.read_text())
    file.write_text(text.replace('spacing = "0s"', f'spacing = "{spacing}"'))
    app = open_app(file, now=now, environ={"AGG_DATABASE": url})
    app.dispatcher(prepares=True)
    app.sync()
    try:
        yield app
    finally:
        app.close()


def visit(app: App, *feed_ids: str) -> None:
    """Carry out jobs of these feeds one after another, as one worker after another would."""

    async def go() -> None:
        queue = app.dispatcher()
        for feed_id in feed_ids:
            desk = RunningDesk.open(app)
            async with queue.claims() as claims:
                await DeskHands(desk=desk, claims=claims).visit(feed_id)
            await desk.aclose()

    asyncio.run(go())


def test_a_job_that_comes_twice_does_nothing_the_second_time(
    tmp_path: Path, postgres_url: str
) -> None:
    """The tables say that nothing is due any more."""
    with serve(Answer(body=RELEASE)) as office, app_on(tmp_path, office.port, postgres_url) as app:
        visit(app, "molit", "molit")
        assert 1 == len(app.desk.store.visits("molit"))
    assert 4 == len(office.asked)


def test_a_feed_that_is_ill_is_a_visit_that_failed(tmp_path: Path, postgres_url: str) -> None:
    """The job ends well; what is wrong is the feed's state."""
    with serve(Answer(status=500)) as office, app_on(tmp_path, office.port, postgres_url) as app:
        visit(app, "molit")
        assert [Outcome.FAILED] == [one.outcome for one in app.desk.store.visits("molit")]


def test_a_job_of_a_feed_that_nobody_knows_does_nothing(tmp_path: Path, postgres_url: str) -> None:
    """It was taken out of the configuration while its job waited."""
    with app_on(tmp_path, 1, postgres_url) as app:
        visit(app, "gone")
        assert [] == app.desk.store.visits("molit")


def test_another_worker_leaves_a_host_its_pause(tmp_path: Path, postgres_url: str) -> None:
    """One that comes while the host rests does nothing; one request at a time, the pause between two."""

    async def go(one: App, other: App) -> None:
        queue = one.dispatcher()
        async with queue.claims() as mine, queue.claims() as theirs:
            first, second = RunningDesk.open(one), RunningDesk.open(other)
            await DeskHands(desk=first, claims=mine).visit("molit")
            hands = DeskHands(desk=second, claims=theirs)
            await hands.visit("molit")
            assert 4 == len(office.asked)
            async with asyncio.timeout(30):
                while len(office.asked) < 8:
                    await asyncio.sleep(0.02)
                    await hands.visit("molit")
            await first.aclose()
            await second.aclose()

    later = MARCH_4 + timedelta(days=7)
    with (
        serve(Answer(body=RELEASE)) as office,
        app_on(tmp_path, office.port, postgres_url, spacing="1s") as one,
        app_on(tmp_path, office.port, postgres_url, spacing="1s", now=later) as other,
    ):
        asyncio.run(go(one, other))
    asked = sorted(office.asked, key=lambda request: request.began)
    # The server notes the end of an exchange before the program does: the pause is never shorter.
    gaps = [later.began - earlier.ended for earlier, later in itertools.pairwise(asked)]
    assert min(gaps) >= 1.0


def test_what_a_host_asked_of_one_worker_holds_for_all(tmp_path: Path, postgres_url: str) -> None:
    """Retry-After is in the tables: another worker does not ask before its time."""
    rest = Answer(status=429, headers=[("Retry-After", "86400")])
    later = MARCH_4 + timedelta(hours=20)
    with serve(rest) as office, app_on(tmp_path, office.port, postgres_url) as one:
        visit(one, "molit")
        with app_on(tmp_path, office.port, postgres_url, now=later) as other:
            visit(other, "msit", "molit")
    assert 1 == len(office.asked)


def test_what_waits_is_not_deferred_again(tmp_path: Path, postgres_url: str) -> None:
    """One job for each feed, and one for each work, however often they are asked for."""

    async def go(queue: ProcrastinateQueue) -> None:
        async with queue.opened():
            assert 2 == await queue.defer_visits(["a", "b"])
            assert 1 == await queue.defer_visits(["a", "b", "c"])
            assert 1 == await queue.defer_work([Work.DESK])
            assert 0 == await queue.defer_work([Work.DESK])
            assert 3 == await queue.visits_left()

    bring_up_to_date(postgres_url)
    asyncio.run(go(ProcrastinateQueue(postgres_url)))


def test_a_name_is_had_by_one_at_a_time(postgres_url: str) -> None:
    """By another session, and by the same; given back it is free."""

    async def go() -> None:
        queue = ProcrastinateQueue(postgres_url)
        async with queue.claims() as one, queue.claims() as other:
            async with one.hold("x") as first, one.hold("x") as again, other.hold("x") as second:
                assert (True, False, False) == (first, again, second)
            async with asyncio.timeout(10):
                while True:
                    async with other.hold("x") as second:
                        if second:
                            break
                    await asyncio.sleep(0.05)

    asyncio.run(go())


def test_tables_are_made_once_and_the_desks_stay_alone(tmp_path: Path, postgres_url: str) -> None:
    """A second time nothing is missing; a database with the queue's tables still counts as empty."""
    with pytest.raises(DispatchError, match="not there yet"):
        require_up_to_date(postgres_url)
    assert bring_up_to_date(postgres_url)
    assert [] == bring_up_to_date(postgres_url)
    require_up_to_date(postgres_url)
    with app_on(tmp_path, 1, postgres_url) as app:
        assert {"molit", "msit"} <= {feed.id for feed in app.desk.feeds}


def test_tables_of_a_newer_version_are_left_alone(postgres_url: str) -> None:
    """Another machine has a newer package."""
    bring_up_to_date(postgres_url)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("INSERT INTO procrastinate.desk_migrations VALUES ('99.sql')")
    with pytest.raises(SchemaMismatch, match="install the version"):
        bring_up_to_date(postgres_url)


def test_a_queue_beside_sqlite_is_refused(tmp_path: Path) -> None:
    """With what to write instead."""
    with pytest.raises(ConfigError, match="the database is SQLite"):
        open_app(queue_config(tmp_path, 1), now=None, environ={})


def test_without_a_queue_workers_say_so(tmp_path: Path) -> None:
    """dispatch = "local" has none."""
    write_config(tmp_path, 1)
    with opened(tmp_path, 1) as app, pytest.raises(UsageError, match="aggregator run"):
        app.dispatcher()
