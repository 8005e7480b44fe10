"""Whether the desk is ready: the checks, and that asking costs nearly nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.errors import StoreUnavailable
from aggregator.domain.visits import Chore, ChoreState
from aggregator.services.reports.ready_checks import TICK_BOUND, Heard, ready_checks
from aggregator.web.readiness import Readiness
from tests.fixtures.asking import ask
from tests.fixtures.program import opened
from tests.fixtures.records import NOW


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk that has not ticked yet."""
    with opened(tmp_path, 1) as made:
        made.sync()
        yield made


def has_ticked(app: App, ago: timedelta) -> None:
    """Let the last tick have ended so long ago."""
    at = app.clock.now() - ago
    app.desk.store.save_chore(ChoreState(chore=Chore.TICK, done_at=at))


def states(heard: Heard | None) -> dict[str, str]:
    return {one.name: one.state for one in ready_checks(heard, wanted="0002", now=NOW)}


@pytest.mark.parametrize(
    ("ago", "state"),
    [(timedelta(0), "ok"), (TICK_BOUND, "ok"), (TICK_BOUND + timedelta(seconds=1), "late")],
)
def test_a_tick_may_be_ten_minutes_old(ago: timedelta, state: str) -> None:
    """No more."""
    heard = Heard(schema="0002", ticked_at=NOW - ago)
    assert {"database": "ok", "schema": "ok", "tick": state} == states(heard)


def test_a_schema_that_is_behind_is_not_ready() -> None:
    """It has a line of its own."""
    assert "behind" == states(Heard(schema="0001", ticked_at=NOW))["schema"]


def test_what_was_not_heard_is_not_known() -> None:
    """Only the database is at fault."""
    assert {"database": "fault", "schema": "unknown", "tick": "unknown"} == states(None)


def test_a_desk_that_ticks_is_ready(app: App) -> None:
    """The answer is not kept by anybody on the way."""
    has_ticked(app, timedelta(minutes=1))
    page = ask(app, "/readyz")
    assert (200, "database ok\nschema ok\ntick ok\n") == (page.status, page.text)
    assert "no-store" == page.headers["cache-control"]


def test_a_desk_that_never_ticked_is_not(app: App) -> None:
    """Its site was not made by this program yet."""
    page = ask(app, "/readyz")
    assert (503, "database ok\nschema ok\ntick never\n") == (page.status, page.text)


def test_a_database_that_refuses_says_nothing_to_the_world(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it said is for the log."""

    def refuses(_: object) -> str:
        raise StoreUnavailable("database /secret/place: it cannot be opened")

    monkeypatch.setattr(type(app.desk.store), "schema_version", refuses)
    page = ask(app, "/readyz")
    assert (503, "database fault\nschema unknown\ntick unknown\n") == (page.status, page.text)


def test_a_database_that_hangs_holds_one_thread(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is asked, and it is asked again once it has answered."""
    go_on, asked = threading.Event(), []

    def hangs(_: object) -> str:
        asked.append(1)
        go_on.wait(10)
        return app.schema

    monkeypatch.setattr(type(app.desk.store), "schema_version", hangs)
    monkeypatch.setattr("aggregator.web.readiness.KEPT", -1.0)
    has_ticked(app, timedelta(0))
    readiness = Readiness(lambda: app, patience=0.01)
    assert {"slow"} == {readiness.checks()[0].state for _ in range(3)}
    assert [1] == asked
    go_on.set()
    patient = Readiness(lambda: app, patience=10.0)
    assert "ok" == patient.checks()[0].state


def test_it_is_looked_at_once_a_second(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks more often gets the same answer."""
    asked = []

    def counted(_: object) -> str:
        asked.append(1)
        return app.schema

    monkeypatch.setattr(type(app.desk.store), "schema_version", counted)
    monkeypatch.setattr("aggregator.web.readiness.KEPT", 60.0)
    readiness = Readiness(lambda: app)
    assert 1 == len({readiness.checks() for _ in range(5)})
    assert [1] == asked
