"""Pings as kept: due when a feed's bytes change, claimed by one, settled by whoever has the lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.domain.mailing import DeliveryState
from aggregator.domain.pings import Ping
from aggregator.store.sql import SqlStore

NOW = datetime(2024, 3, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ATOM, RSS = "https://news.example/feed.atom", "https://news.example/feed.rss"
PENDING, SENT, FAILED = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.FAILED


def claim(store: SqlStore, holder: str = "one", at: datetime = NOW) -> Ping:
    found = store.claim_ping(now=at, until=at + HOUR, token=holder)
    assert found is not None
    return found


def send(store: SqlStore, at: datetime = NOW) -> None:
    """Let the hub take all that is due."""
    while (ping := store.claim_ping(now=at, until=at + HOUR, token="t")) is not None:
        assert store.settle_ping(replace(ping, state=SENT, settled_at=at), "t")


def states(store: SqlStore) -> dict[str, DeliveryState]:
    return {ping.topic: ping.state for ping in store.pings()}


def test_only_what_changed_is_due(store: SqlStore) -> None:
    """A feed with other bytes, and one that was not there; the same bytes are told once."""
    assert 1 == store.queue_pings({ATOM: "a"}, NOW)
    send(store)
    assert 0 == store.queue_pings({ATOM: "a"}, NOW + HOUR)
    assert 1 == store.queue_pings({ATOM: "a", RSS: "r"}, NOW + HOUR)
    assert {ATOM: SENT, RSS: PENDING} == states(store)

    assert 1 == store.queue_pings({ATOM: "b", RSS: "r"}, NOW + HOUR)
    assert {ATOM: PENDING, RSS: PENDING} == states(store)


def test_a_feed_that_is_gone_is_forgotten(store: SqlStore) -> None:
    """Nobody is told of it any more."""
    store.queue_pings({ATOM: "a", RSS: "r"}, NOW)
    assert 0 == store.queue_pings({RSS: "r"}, NOW)

    assert {RSS: PENDING} == states(store)


def test_a_claimed_ping_is_nobody_elses(store: SqlStore) -> None:
    """Until its lease runs out."""
    store.queue_pings({ATOM: "a"}, NOW)
    claim(store)

    assert store.claim_ping(now=NOW, until=NOW + HOUR, token="two") is None
    assert "two" == claim(store, "two", NOW + HOUR).lease_token


def test_who_lost_the_lease_settles_nothing(store: SqlStore) -> None:
    """Another has the ping."""
    store.queue_pings({ATOM: "a"}, NOW)
    first = claim(store)
    claim(store, "two", NOW + HOUR)

    assert not store.settle_ping(replace(first, state=SENT), "one")


def test_a_feed_that_changes_while_the_hub_is_told_is_told_of_again(store: SqlStore) -> None:
    """The hub may have looked before the new bytes were there."""
    store.queue_pings({ATOM: "a"}, NOW)
    ping = claim(store)
    store.queue_pings({ATOM: "b"}, NOW)

    assert not store.settle_ping(replace(ping, state=SENT), "one")
    assert {ATOM: PENDING} == states(store)
    assert "b" == claim(store).digest


def test_the_others_wait_as_long_as_one(store: SqlStore) -> None:
    """With its reason; one attempt is counted for each, and who has made the most is given up."""
    store.queue_pings({ATOM: "a", RSS: "r"}, NOW)
    ping = claim(store)
    settled = replace(ping, state=PENDING, next_try_at=NOW + HOUR, attempts=1, error="down")
    store.settle_ping(settled, "one")

    assert 0 == store.put_off_pings(settled, NOW, most=2, counts=True)
    assert store.claim_ping(now=NOW, until=NOW + HOUR, token="x") is None
    assert [(1, "down", NOW + HOUR)] * 2 == [
        (one.attempts, one.error, one.next_try_at) for one in store.pings()
    ]
    assert 1 == store.put_off_pings(settled, NOW + HOUR, most=2, counts=True)
    assert [FAILED] == [one.state for one in store.pings() if one.id != ping.id]


def test_what_the_hub_was_not_asked_is_no_attempt(store: SqlStore) -> None:
    """It wanted to be left alone."""
    store.queue_pings({ATOM: "a", RSS: "r"}, NOW)
    ping = claim(store)
    store.put_off_pings(replace(ping, next_try_at=NOW + HOUR), NOW, most=1, counts=False)

    assert [0, 0] == [one.attempts for one in store.pings()]


@pytest.mark.parametrize("state", [PENDING, FAILED])
def test_what_was_not_taken_can_be_repeated(store: SqlStore, state: DeliveryState) -> None:
    """At once, as if it had not been tried."""
    store.queue_pings({ATOM: "a"}, NOW)
    ping = claim(store)
    store.settle_ping(replace(ping, state=state, next_try_at=NOW + HOUR, attempts=9), "one")
    store.repeat_pings(NOW)

    assert 0 == claim(store).attempts


def test_what_was_told_is_not_repeated(store: SqlStore) -> None:
    """The hub knows it."""
    store.queue_pings({ATOM: "a"}, NOW)
    send(store)
    store.repeat_pings(NOW)

    assert {ATOM: SENT} == states(store)
