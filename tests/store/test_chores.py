"""Work with a due time, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from aggregator.domain.visits import Chore, ChoreState
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW

LATER = NOW + timedelta(hours=1)
PLANNED = NOW + timedelta(minutes=10)


def test_a_chore_that_was_never_done_has_an_empty_state(store: SqlStore) -> None:
    """Each of them is known."""
    assert {chore: ChoreState(chore=chore) for chore in Chore} == store.chores()


def test_a_state_comes_back_as_it_was_written(store: SqlStore) -> None:
    """With its note."""
    state = ChoreState(
        chore=Chore.DIGEST, due_at=LATER, done_at=NOW, note={"told": {"molit": "slow"}}
    )
    store.save_chore(state)
    assert state == store.chores()[Chore.DIGEST]


@pytest.mark.parametrize(
    ("stored", "due"),
    [(PLANNED, LATER), (NOW, NOW), (LATER + timedelta(1), LATER)],
    ids=["nobody asked", "asked", "later"],
)
def test_what_was_asked_for_meanwhile_is_not_lost(
    store: SqlStore, stored: datetime, due: datetime
) -> None:
    """The time that was planned gives way to the one that came out; a wish for earlier stays."""
    store.save_chore(ChoreState(chore=Chore.BUILD, due_at=stored))
    store.save_chore(ChoreState(chore=Chore.BUILD, due_at=LATER), planned=PLANNED)
    assert due == store.chores()[Chore.BUILD].due_at


def test_notes_are_merged(store: SqlStore) -> None:
    """Entry by entry; an entry goes only as it was read, and the times stay unless given."""
    store.merge_note(Chore.DIGEST, {"lost": {"a": "1", "b": "1"}}, due_at=LATER)
    store.merge_note(Chore.DIGEST, {"lost": {"b": "2"}})
    store.merge_note(
        Chore.DIGEST, {"ways": {"mail": 1}}, drop={"lost": {"a": "1", "b": "1"}}, done_at=NOW
    )
    assert (
        ChoreState(
            chore=Chore.DIGEST,
            due_at=LATER,
            done_at=NOW,
            note={"lost": {"b": "2"}, "ways": {"mail": 1}},
        )
        == store.chores()[Chore.DIGEST]
    )
