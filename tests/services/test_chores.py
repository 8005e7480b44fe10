"""Work with a due time: done when due, asked for again, and never in the way of other work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from aggregator.domain.errors import SinkError
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import Chore
from aggregator.services import chores
from aggregator.services.chores import Housekeeper, due_chores, next_at, next_draft
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from tests.fixtures.desk import (
    DRAFT_DAY,
    FEBRUARY_20,
    ISSUE_DAY,
    make_curator,
    make_desk,
    make_press,
    set_clock,
)

NOW = FEBRUARY_20
HOUR = timedelta(hours=1)

APART = {Chore.DIGEST, Chore.PUBLISH, Chore.TICK}
"""Done by others than the housekeeper."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, now=NOW)
    yield made
    made.store.close()


@pytest.fixture
def keeper(desk: Desk, tmp_path: Path) -> Housekeeper:
    return Housekeeper(
        desk=desk,
        curator=make_curator(desk),
        press=lambda: make_press(tmp_path),
        keep_raw=timedelta(days=90),
    )


def due(desk: Desk) -> list[Chore]:
    return due_chores(desk.store.chores(), desk.clock.now())


def test_what_was_never_done_is_due(desk: Desk) -> None:
    """A new desk looks after everything once, the draft before the site that shows it."""
    assert [Chore.DRAFT, Chore.BUILD, Chore.MAINTENANCE] == due(desk)


def test_what_was_done_is_due_again_in_its_time(desk: Desk, keeper: Housekeeper) -> None:
    """The site in ten minutes, old rows at night, the draft on its day."""
    keeper.do_due()
    assert [] == due(desk)
    states = desk.store.chores()
    assert {NOW} == {states[chore].done_at for chore in Chore if chore not in APART}
    assert NOW + timedelta(minutes=10) == states[Chore.BUILD].due_at
    assert datetime(2024, 2, 21, 3, 40, tzinfo=SEOUL) == states[Chore.MAINTENANCE].due_at
    assert DRAFT_DAY == states[Chore.DRAFT].due_at


def test_the_draft_is_filled_on_its_day(desk: Desk, keeper: Housekeeper) -> None:
    """Not before, and then the next window's day is due."""
    keeper.do_due()
    set_clock(desk, DRAFT_DAY)
    assert Chore.DRAFT in due(desk)
    keeper.do_due()
    assert open_draft(desk).issue.proposed_at is not None
    at = desk.store.chores()[Chore.DRAFT].due_at
    assert at is not None
    assert datetime(2024, 4, 1, tzinfo=SEOUL) == at.astimezone(SEOUL)


def test_a_draft_day_that_was_slept_through_is_due_at_once(desk: Desk) -> None:
    """The machine was off; the column says so."""
    set_clock(desk, ISSUE_DAY)
    assert Chore.DRAFT in due(desk)
    assert next_draft(desk, ISSUE_DAY) > ISSUE_DAY


def test_the_site_is_built_once_for_each_wish(desk: Desk, keeper: Housekeeper) -> None:
    """Asked for twice it is made once, and not again before it is asked for or ten minutes pass."""
    keeper.do_due()
    keeper.ask_for(Chore.BUILD)
    keeper.ask_for(Chore.BUILD)
    assert [Chore.BUILD] == due(desk)
    keeper.build_if_due()
    assert 0 == keeper.build_if_due()
    set_clock(desk, NOW + timedelta(minutes=10))
    assert Chore.BUILD in due(desk)


def test_a_wish_during_the_work_is_not_lost(
    desk: Desk, keeper: Housekeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes while the site is made may not be on it."""

    def build(*_: object) -> int:
        set_clock(desk, NOW + timedelta(seconds=5))
        keeper.ask_for(Chore.BUILD)
        return 0

    monkeypatch.setattr(chores, "build_site", build)
    keeper.do_due()
    assert [Chore.BUILD] == due(desk)


def test_a_chore_that_fails_keeps_no_other_waiting(
    desk: Desk, keeper: Housekeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again in ten minutes; the others are done."""

    def fail(*_: object) -> int:
        raise SinkError("no room")

    monkeypatch.setattr(chores, "build_site", fail)
    keeper.do_due()
    states = desk.store.chores()
    assert (None, NOW + timedelta(minutes=10)) == (
        states[Chore.BUILD].done_at,
        states[Chore.BUILD].due_at,
    )
    assert NOW == states[Chore.MAINTENANCE].done_at


@pytest.mark.parametrize(("hour", "day"), [(2, 20), (4, 21)], ids=["later today", "tomorrow"])
def test_a_time_of_day_comes_next(hour: int, day: int) -> None:
    """In Seoul, always ahead."""
    now = datetime(2024, 2, 20, hour, tzinfo=SEOUL)
    assert datetime(2024, 2, day, 3, 40, tzinfo=SEOUL) == next_at(time(3, 40), now)
