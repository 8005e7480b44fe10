"""States, claims, visits and days of feeds, and the ledger of manners, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aggregator.domain.errors import StoreError
from aggregator.domain.health import Condition, Evidence, Health
from aggregator.domain.visits import (
    FeedDay,
    FeedMemory,
    FeedState,
    HostHold,
    Manners,
    Move,
    Outcome,
    OwnSchedule,
    Payload,
    Rhythm,
)
from aggregator.ports.refreshing import RefreshPlan
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_feed, make_item, make_visit

LATER = NOW + timedelta(minutes=2)
HOSTS = {"a": "one.example", "b": "one.example", "c": "two.example"}


def synced(store: SqlStore, *names: str) -> SqlStore:
    store.sync_feeds([make_feed(name) for name in names], NOW)
    return store


def test_a_state_comes_back_as_it_was_written(store: SqlStore) -> None:
    """Every part of it, on both databases."""
    state = FeedState(
        feed_id="a",
        url="https://a.example/rss",
        host="a.example",
        etag='W/"1"',
        last_modified="Mon, 04 Mar 2024 00:00:00 GMT",
        body_hash="x:y",
        wire_bytes=2**40,
        title="가",
        link="https://a.example/",
        next_check_at=LATER,
        last_try_at=NOW,
        last_ok_at=NOW,
        last_new_at=NOW,
        failures=3,
        error_code="timeout",
        error_text="no answer",
        condition=Condition(
            health=Health.SLOW,
            since=NOW,
            says="no answer",
            evidence=Evidence(status=504, url="https://a.example/rss", head="<html>점검"),
        ),
        rhythm=Rhythm(working=0.5, off=0.25, working_hours=10, off_hours=20),
        schedule=OwnSchedule(minutes_to_live=60, skip_hours=(1, 2), skip_days=(6,)),
        move=Move(url="https://b.example/", days=(date(2024, 3, 3), date(2024, 3, 4)), kept=True),
        suspended_at=NOW,
    )
    synced(store, "a").record_visit(state, make_visit("a"))
    assert state == store.feed_states()["a"]
    store.record_visit(replace(state, move=None, suspended_at=None), make_visit("a", LATER))
    assert store.feed_states()["a"].move is None


CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "times": {"last_ok_at": LATER, "next_check_at": LATER + timedelta(hours=1)},
    "validators": {"etag": None, "last_modified": "Tue, 05 Mar 2024 00:00:00 GMT"},
    "health": {"condition": Condition(health=Health.GONE, since=LATER, says="gone")},
    "rhythm": {"rhythm": Rhythm(working=1.5, off=0.25, working_hours=90.0, off_hours=12.0)},
    "schedule": {"schedule": OwnSchedule(minutes_to_live=90, skip_days=(6,))},
    "move": {"move": Move(url="https://b.example/", days=(date(2024, 3, 4),), kept=False)},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_what_changed_of_a_state_is_written(store: SqlStore, changes: dict[str, Any]) -> None:
    """Whatever it is, beside others that change something else."""
    before = {one: FeedState(feed_id=one, url=f"https://{one}.example/", etag="x") for one in "ab"}
    store.sync_feeds([make_feed(one, url=before[one].url) for one in before], NOW)
    for one, state in before.items():
        store.record_visit(state, make_visit(one))
    after = replace(before["a"], **changes)
    other = replace(before["b"], failures=1)

    store.record_visits(
        [(after, make_visit("a", started_at=LATER)), (other, make_visit("b", started_at=LATER))],
        before=before,
    )

    assert {"a": after, "b": other} == store.feed_states()


def test_what_a_visit_left_as_it_was_is_not_written(store: SqlStore) -> None:
    """Another process forgot the validators meanwhile, since a setting changed; they stay forgotten."""
    synced(store, "a")
    before = FeedState(feed_id="a", etag="old")
    store.record_visit(replace(before, etag=None), make_visit("a"))

    after = replace(before, last_ok_at=LATER)
    store.record_visits([(after, make_visit("a", started_at=LATER))], before={"a": before})

    state = store.feed_states()["a"]
    assert (None, LATER) == (state.etag, state.last_ok_at)


def test_a_visit_that_was_overtaken_writes_no_state(store: SqlStore) -> None:
    """The feed's address changed under it, and the new one is to be asked at once."""
    synced(store, "a")
    store.claim_feeds({"a": "a.example"}, now=NOW, until=LATER, token="mine")
    before = store.feed_states()["a"]
    store.sync_feeds([make_feed("a", url="https://elsewhere.example/")], NOW)

    after = replace(before, next_check_at=LATER, last_ok_at=NOW, lease_until=None, lease_token=None)
    store.record_visits([(after, make_visit("a"))], before={"a": before})

    state = store.feed_states()["a"]
    assert (None, None, None) == (state.next_check_at, state.last_ok_at, state.lease_token)


def test_a_host_is_claimed_by_one(store: SqlStore) -> None:
    """Another claim gets neither the feeds nor others of their hosts, until the lease runs out."""
    synced(store, *HOSTS)
    first = {"a": HOSTS["a"]}
    assert ["a"] == store.claim_feeds(first, now=NOW, until=LATER, token="me")
    assert ["c"] == store.claim_feeds(HOSTS, now=NOW, until=LATER, token="you")
    assert ["a", "b"] == store.claim_feeds(
        {"a": HOSTS["a"], "b": HOSTS["b"]}, now=LATER, until=LATER + timedelta(1), token="you"
    )


def test_a_claim_is_renewed_and_given_back(store: SqlStore) -> None:
    """Its holder may claim again; what is given back is free, and its tokens are gone."""
    synced(store, *HOSTS)
    assert list(HOSTS) == store.claim_feeds(HOSTS, now=NOW, until=LATER, token="me")
    assert list(HOSTS) == store.claim_feeds(HOSTS, now=NOW, until=LATER, token="me")
    assert ["me"] == store.lease_tokens()
    store.release_feeds("me")
    assert [] == store.lease_tokens()
    assert list(HOSTS) == store.claim_feeds(HOSTS, now=NOW, until=LATER, token="you")


def test_a_visit_ends_its_lease(store: SqlStore) -> None:
    """What a visit leaves has no lease any more."""
    synced(store, "a")
    store.claim_feeds({"a": "one.example"}, now=NOW, until=LATER, token="me")
    store.record_visit(FeedState(feed_id="a"), make_visit("a"))
    assert [] == store.lease_tokens()


def test_claims_at_once_never_get_a_feed_twice(store: SqlStore) -> None:
    """Eight threads over forty feeds of forty hosts: each feed is got exactly once."""
    names = [f"feed-{number}" for number in range(40)]
    synced(store, *names)
    got: list[str] = []

    def claim(number: int) -> None:
        wanted = {name: f"{name}.example" for name in names[number * 3 :] + names[: number * 3]}
        got.extend(store.claim_feeds(wanted, now=NOW, until=LATER, token=f"t{number}"))

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict.fromkeys(names, 1) == Counter(got)


def test_a_feed_that_was_never_synced_cannot_be_claimed(store: SqlStore) -> None:
    """One line names it."""
    with pytest.raises(StoreError, match="feed 'ghost' is unknown"):
        store.claim_feeds({"ghost": "x.example"}, now=NOW, until=LATER, token="me")


def test_visits_are_written_together(store: SqlStore) -> None:
    """States, log lines and manners of a batch are there, or none of them."""
    synced(store, "a", "b")
    batch = [(FeedState(feed_id=name), make_visit(name)) for name in ("a", "b")]
    with pytest.raises(StoreError):
        store.record_visits([*batch, (FeedState(feed_id="ghost"), make_visit("ghost"))])
    assert [] == store.visits("a")
    store.record_visits(batch, manners=[Manners(host="a.example", requests=1)])
    assert [1, 1, 1] == [len(store.visits("a")), len(store.visits("b")), len(store.manners())]


def test_a_visit_that_was_none_is_not_logged(store: SqlStore) -> None:
    """A host that is left alone: the feed's next time is written, and nothing else."""
    synced(store, "a")
    state = FeedState(feed_id="a", next_check_at=LATER)
    store.record_visits([(state, make_visit("a", outcome=Outcome.HELD))])
    assert ([], LATER, {}) == (
        store.visits("a"),
        store.feed_states()["a"].next_check_at,
        store.feed_days(date(2024, 1, 1)),
    )


def test_days_count_visits_in_seoul(store: SqlStore) -> None:
    """Visits, failures, new items, and the worst state of each local day."""
    synced(store, "a")
    evening = datetime(2024, 3, 4, 14, 59, tzinfo=UTC)
    visits = [
        make_visit("a", evening, new=3, health=Health.OK),
        make_visit("a", evening - timedelta(hours=1), outcome=Outcome.FAILED, health=Health.SLOW),
        make_visit("a", evening + timedelta(minutes=1), new=1, health=Health.QUIET),
    ]
    for visit in visits:
        store.record_visit(FeedState(feed_id="a"), visit)
    assert [
        FeedDay(feed_id="a", day=date(2024, 3, 4), visits=2, failed=1, new=3, health=Health.SLOW),
        FeedDay(feed_id="a", day=date(2024, 3, 5), visits=1, new=1, health=Health.QUIET),
    ] == store.feed_days(date(2024, 3, 4))["a"]
    assert [1] == [one.visits for one in store.feed_days(date(2024, 3, 5))["a"]]


def test_the_ledger_adds_up(store: SqlStore) -> None:
    """Counts are added, the shortest gap stays the shortest, hosts are apart."""
    first = Manners(host="a.example", requests=2, not_modified=1, bytes=10, bytes_saved=5)
    second = replace(first, shortest_gap=2.5)
    third = Manners(host="a.example", requests=1, shortest_gap=2.0)
    for one in (first, second, third):
        store.record_visits([], manners=[one, Manners(host="b.example", requests=1)])
    a, b = store.manners()
    assert (
        Manners(
            host="a.example", requests=5, not_modified=2, bytes=20, bytes_saved=10, shortest_gap=2.0
        )
        == a
    )
    assert ("b.example", 3, None) == (b.host, b.requests, b.shortest_gap)


def test_a_hold_is_kept_until_its_time(store: SqlStore) -> None:
    """With the status that asked for it; the ledger's counts stay."""
    hold = HostHold(host="a.example", until=LATER, status=429)
    store.record_visits([], manners=[Manners(host="a.example", requests=1)], holds=[hold])
    assert [hold] == store.holds(NOW)
    assert [] == store.holds(LATER)
    assert [1] == [one.requests for one in store.manners()]


def test_what_a_document_was_made_of_is_remembered(store: SqlStore) -> None:
    """The last one counts; a feed without one has none."""
    synced(store, "a")
    assert store.feed_memory("a") is None
    for number in range(2):
        memory = FeedMemory(
            reader="r", head=f"h{number}", entries=("x", "y"), marks={"x": ("m", "", "n")}
        )
        store.apply_refresh(
            RefreshPlan(feed_id="a", seen_at=NOW),
            FeedState(feed_id="a"),
            make_visit("a"),
            memory=memory,
        )
        assert memory == store.feed_memory("a")


def test_marks_of_an_earlier_version_are_none(store: SqlStore) -> None:
    """It did not tell whose they are: the next document is read whole, and nothing breaks."""
    synced(store, "a")
    memory = FeedMemory(reader="r", head="h", entries=("x",), marks=["m", "n"])  # type: ignore[arg-type]
    plan = RefreshPlan(feed_id="a", seen_at=NOW)
    store.apply_refresh(plan, FeedState(feed_id="a"), make_visit("a"), memory=memory)
    found = store.feed_memory("a")
    assert found is not None
    assert (("x",), {}) == (found.entries, found.marks)


def test_documents_are_kept_as_they_came(store: SqlStore) -> None:
    """In the order in which they came, pages of one visit in theirs; old ones go in time."""
    synced(store, "a", "b")
    kept = [
        Payload(feed_id=name, seen_at=NOW + timedelta(days=day), body=bytes([day, 0, 255]) * 9)
        for day, name in enumerate(["a", "b", "a"])
    ]
    kept.insert(1, replace(kept[0], body=b"page 2", coding="gzip", charset="euc-kr", url="u"))
    for one in (kept[2:3], kept[3:], kept[:2]):
        store.apply_refresh(
            RefreshPlan(feed_id=one[0].feed_id, seen_at=NOW),
            FeedState(feed_id=one[0].feed_id),
            make_visit(one[0].feed_id, one[0].seen_at),
            payloads=one,
        )
    assert kept == list(store.payloads())
    assert kept[2:] == list(store.payloads(since=NOW + timedelta(hours=1)))
    assert [kept[2]] == list(store.payloads(feed_ids=["b"]))
    gone = store.throw_away(now=NOW, payloads_before=NOW + timedelta(hours=1))
    assert (2, kept[2:]) == (gone["payloads"], list(store.payloads()))


def test_items_that_differ_make_the_site_due(store: SqlStore) -> None:
    """A document that brings nothing does not."""
    from aggregator.domain.visits import Chore  # noqa: PLC0415

    synced(store, "a")
    empty, full = (
        RefreshPlan(feed_id="a", seen_at=NOW, new=new) for new in ((), (make_item("x", "a"),))
    )
    store.apply_refresh(empty, FeedState(feed_id="a"), make_visit("a"))
    assert store.chores()[Chore.BUILD].due_at is None
    store.apply_refresh(full, FeedState(feed_id="a"), make_visit("a"))
    assert NOW == store.chores()[Chore.BUILD].due_at
