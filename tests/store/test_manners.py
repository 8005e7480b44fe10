"""The ledger of manners does not grow with the hosts that redirects name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.domain.visits import OTHER_HOSTS, FeedState, HostHold, Manners
from aggregator.store import manners
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_feed, make_visit

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def room_for_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hosts at which no feed is keep their rows."""
    monkeypatch.setattr(manners, "STRANGERS_MOST", 2)


def asked(store: SqlStore, **requests: int) -> None:
    """So many requests of each host below ``.example``, each of ten bytes."""
    store.record_visits(
        [],
        manners=[
            Manners(
                host=f"{name}.example", requests=count, bytes=10 * count, shortest_gap=float(count)
            )
            for name, count in requests.items()
        ],
    )


def ledger(store: SqlStore) -> list[tuple[str, int]]:
    return [(one.host.removesuffix(".example"), one.requests) for one in store.manners()]


def upkeep(store: SqlStore) -> int:
    return store.throw_away(now=NOW, payloads_before=NOW)["hosts"]


def test_hosts_that_were_asked_least_are_folded_into_one(store: SqlStore) -> None:
    """The sums stay, and so does the shortest pause."""
    asked(store, a=1, b=9, c=8, d=2)
    assert 2 == upkeep(store)
    assert [("b", 9), ("c", 8), (OTHER_HOSTS, 3)] == ledger(store)
    assert Manners(host=OTHER_HOSTS, requests=3, bytes=30, shortest_gap=1.0) == store.manners()[-1]


def test_it_goes_on_where_it_was(store: SqlStore) -> None:
    """What is folded later is added, and a host that comes again has a row again."""
    asked(store, a=1, b=9, c=8)
    upkeep(store)
    asked(store, a=10, d=1)
    assert [("a", 10), ("b", 9), ("c", 8), ("d", 1), (OTHER_HOSTS, 1)] == ledger(store)
    assert 2 == upkeep(store)
    assert [("a", 10), ("b", 9), (OTHER_HOSTS, 10)] == ledger(store)


def test_where_there_is_room_nothing_is_folded(store: SqlStore) -> None:
    """Nor written."""
    asked(store, a=1, b=1)
    assert 0 == upkeep(store)
    assert [("a", 1), ("b", 1)] == ledger(store)


def test_the_hosts_of_feeds_keep_their_rows(store: SqlStore) -> None:
    """Where they are configured, at whatever port, and where they have moved to."""
    store.sync_feeds([make_feed("home", url="https://HOME.example:8443/rss")], NOW)
    store.record_visit(FeedState(feed_id="home", host="moved.example"), make_visit("home"))
    asked(store, a=7, b=8, c=9, home=1, moved=1)
    assert 1 == upkeep(store)
    assert [("b", 8), ("c", 9), ("home", 1), ("moved", 1), (OTHER_HOSTS, 7)] == ledger(store)


def test_a_host_that_wants_rest_keeps_its_row_until_then(store: SqlStore) -> None:
    """Else it would be asked before its time."""
    asked(store, a=1, b=8, c=9)
    hold = HostHold(host="a.example", until=LATER, status=429)
    store.record_visits([], holds=[hold])
    assert (0, [hold]) == (upkeep(store), store.holds(NOW))
    assert 1 == store.throw_away(now=LATER, payloads_before=NOW)["hosts"]
    assert [("b", 8), ("c", 9), (OTHER_HOSTS, 1)] == ledger(store)
