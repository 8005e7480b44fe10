"""Work with a due time, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from aggregator.domain.visits import Chore, ChoreState
from aggregator.store.schema import open_store
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


def test_a_claimed_chore_is_nobody_elses(store: SqlStore) -> None:
    """Until it is given back or the claim runs out; its holder may claim it again."""
    store.merge_note(Chore.DIGEST, {"lost": {"a": "1"}}, due_at=NOW)

    def got(token: str, now: datetime = NOW) -> bool:
        return store.claim_chore(Chore.DIGEST, now=now, until=LATER, token=token) is not None

    assert [True, False, True] == [got("me"), got("you"), got("me")]
    store.release_chore(Chore.DIGEST, "you")
    assert not got("you")
    store.release_chore(Chore.DIGEST, "me")
    assert [True, False, True] == [got("you"), got("me"), got("me", LATER)]


def test_a_claim_brings_the_state_as_it_is_by_then(store: SqlStore) -> None:
    """What was noted stays, also when it is given back."""
    assert store.claim_chore(Chore.DIGEST, now=NOW, until=LATER, token="me") is not None
    store.merge_note(Chore.DIGEST, {"lost": {"a": "1"}}, due_at=LATER, done_at=NOW)
    claimed = store.claim_chore(Chore.DIGEST, now=NOW, until=LATER, token="me")
    assert claimed == store.chores()[Chore.DIGEST]
    store.release_chore(Chore.DIGEST, "me")
    assert (
        ChoreState(chore=Chore.DIGEST, due_at=LATER, done_at=NOW, note={"lost": {"a": "1"}})
        == store.chores()[Chore.DIGEST]
    )


def test_of_many_that_claim_at_once_one_gets_it(url: str) -> None:
    """Each with a connection of its own, as processes have."""
    stores = [open_store(url) for _ in range(4)]

    def claim(number: int) -> bool:
        token = f"{number}"
        state = stores[number].claim_chore(Chore.DIGEST, now=NOW, until=LATER, token=token)
        return state is not None

    with ThreadPoolExecutor(len(stores)) as pool:
        assert 1 == sum(pool.map(claim, range(len(stores))))
    for one in stores:
        one.close()
