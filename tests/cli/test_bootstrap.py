"""The composition root: clocks, and parts that are made when first asked for."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from aggregator.bootstrap import open_app
from aggregator.calendar.clocks import FixedClock, ShiftedClock, SystemClock
from aggregator.domain.items import SEOUL
from tests.cli.conftest import Program

START = datetime(2024, 3, 4, 10, tzinfo=SEOUL)


def test_a_fixed_clock_stands_still() -> None:
    """It shows its instant in UTC."""
    clock = FixedClock(START)
    time.sleep(0.01)

    assert datetime(2024, 3, 4, 1, tzinfo=UTC) == clock.now()
    assert UTC == clock.now().tzinfo


def test_a_shifted_clock_runs_from_its_start() -> None:
    """As fast as the machine's."""
    clock = ShiftedClock.starting_at(START)
    first = clock.now()
    time.sleep(0.01)

    assert timedelta(0) <= first - START < timedelta(seconds=5)
    assert first < clock.now()


def test_the_machines_clock_is_in_utc() -> None:
    """Every instant of the program is aware."""
    assert UTC == SystemClock().now().tzinfo


def test_parts_are_made_when_asked_for(program: Program) -> None:
    """Reading the configuration opens no database; asking for the desk does."""
    app = open_app(program.config, now=START, environ={})
    assert not program.database.exists()

    assert app.desk is app.desk
    assert program.database.exists()
    assert {} == app.store.feed_states()
    app.sync()
    assert {"molit", "seoul", "closed", "desk"} == app.store.feed_states().keys()
    app.close()


def test_the_environment_names_another_database(program: Program) -> None:
    """Over the configuration's, relative to it."""
    app = open_app(program.config, now=None, environ={"AGG_DATABASE": "sqlite:///other.db"})
    _ = app.desk
    app.close()

    assert (program.folder / "other.db").exists()
    assert not program.database.exists()
