"""Feeds and what their visits leave in the store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from aggregator.domain.errors import Conflict, StoreError
from aggregator.domain.feeds import DESK_FEED_ID
from aggregator.domain.items import (
    Attachment,
    Enclosure,
    EventFacts,
    Image,
    Person,
    StoredItem,
    When,
)
from aggregator.domain.stories import CurationPlan, StoryDraft
from aggregator.domain.visits import FeedState, Outcome
from aggregator.ports.refreshing import KnownItem, Moved, RefreshPlan, Relinked
from aggregator.store.sql import SqlStore
from aggregator.store.tables import feeds, fetch_log, item_revisions
from aggregator.store.types import storable
from tests.fixtures.records import NOW, make_feed, make_item, make_visit, on_day, take_in

if TYPE_CHECKING:
    from aggregator.ports.storing import Store

    def is_a_store(store: SqlStore) -> Store:
        """The type checker sees that nothing of the protocol is missing."""
        return store


LATER = NOW + timedelta(hours=1)
URL = "https://molit.example/rss"
STATE = FeedState(
    feed_id="molit",
    url=URL,
    etag='W/"1"',
    last_modified="Mon, 04 Mar 2024 00:00:00 GMT",
    body_hash="abc",
    title="국토교통부",
    link="https://molit.example/",
    next_check_at=LATER,
    last_try_at=NOW,
    last_ok_at=NOW,
    last_new_at=NOW,
)


def _plan(**parts: object) -> RefreshPlan:
    return RefreshPlan(feed_id="molit", seen_at=parts.pop("at", NOW), **parts)  # type: ignore[arg-type]


def _revisions(store: SqlStore) -> list[tuple[int, str, dict[str, str]]]:
    query = select(item_revisions.c.rev, item_revisions.c.title, item_revisions.c.raw)
    with store._db.reading() as connection:
        rows = connection.execute(query.order_by(item_revisions.c.item_id, item_revisions.c.rev))
        return [(row.rev, row.title, row.raw) for row in rows]


def test_sync_writes_each_feed_once(store: SqlStore) -> None:
    """Syncing the same feeds again changes nothing."""
    feeds_now = [make_feed("molit"), make_feed("seoul")]
    store.sync_feeds(feeds_now, NOW)
    store.sync_feeds(feeds_now, LATER)
    with store._db.reading() as connection:
        synced = connection.execute(select(feeds.c.id, feeds.c.synced_at).order_by(feeds.c.id))
        assert [("molit", NOW), ("seoul", NOW)] == [tuple(row) for row in synced]


def test_a_feed_gone_from_the_file_turns_inactive(store: SqlStore) -> None:
    """A feed that the configuration no longer names stays, inactive, with its items."""
    take_in(store, make_item("a"))
    store.sync_feeds([make_feed("seoul")], LATER)
    with store._db.reading() as connection:
        active = connection.execute(select(feeds.c.id, feeds.c.active).order_by(feeds.c.id))
        assert [("molit", False), ("seoul", True)] == [tuple(row) for row in active]
    assert {"molit": 1} == store.count_items()


def test_a_new_address_forgets_the_validators(store: SqlStore) -> None:
    """Validators belong to the address they came from; with another one the feed is due."""
    store.sync_feeds([make_feed()], NOW)
    store.record_visit(STATE, make_visit())
    store.sync_feeds([make_feed(title="Other title")], NOW)
    assert STATE == store.feed_states()["molit"]
    store.sync_feeds([make_feed(url="https://molit.example/new")], LATER)
    state = store.feed_states()["molit"]
    assert (
        state.etag,
        state.last_modified,
        state.body_hash,
        state.next_check_at,
    ) == (None, None, None, None)


def test_a_feed_never_visited_has_an_empty_state(store: SqlStore) -> None:
    """Feeds are known from their first sync on."""
    store.sync_feeds([make_feed()], NOW)
    assert {"molit": FeedState(feed_id="molit", url=URL)} == store.feed_states()


def test_an_item_comes_back_as_it_was_stored(store: SqlStore) -> None:
    """Every field of an item survives, with dates as instants."""
    item = make_item(
        "a",
        published=on_day(date(2024, 2, 29)),
        updated=When(at=datetime(2024, 3, 1, 3, 4, 5, 678901, tzinfo=UTC)),
        authors=(Person(name="김지원", affiliation="서울대학교"), Person(name="박")),
        event=EventFacts(
            name="설명회",
            starts_on=date(2024, 3, 10),
            ends_on=date(2024, 3, 12),
            venues=("코엑스", "온라인"),
            subject="공모 안내",
            phone="02-000-0000",
        ),
        enclosures=(Enclosure(url="https://molit.example/a.pdf", length=12),),
        thumbnail="https://molit.example/a.png",
        attachments=(Attachment(url="https://molit.example/a.hwp", name="본문.hwp", kind="hwp"),),
        images=(Image(url="https://molit.example/a.png", alt="조감도", credit="국토교통부"),),
        licence="KOGL-1",
        embargo_until=datetime(2024, 3, 1, 21, tzinfo=UTC),
    )
    (stored,) = take_in(store, item)
    assert item == stored.item
    assert (
        stored.rev,
        stored.first_seen_at,
        stored.last_seen_at,
        stored.changed_at,
        stored.story_id,
    ) == (1, NOW, NOW, None, None)


def test_the_same_plan_twice_stores_nothing_twice(store: SqlStore) -> None:
    """A refresh that is repeated leaves one item, one revision and one line in the log."""
    store.sync_feeds([make_feed()], NOW)
    plan = _plan(new=(make_item("a"), make_item("a"), make_item("b")))
    store.apply_refresh(plan, STATE, make_visit(new=2))
    before = list(store.items())
    store.apply_refresh(plan, STATE, make_visit(new=2))
    assert before == list(store.items())
    assert 2 == len(_revisions(store))
    assert [make_visit(new=2)] == store.visits("molit")


def test_a_change_adds_a_revision_with_its_own_text(store: SqlStore) -> None:
    """Earlier texts stay beside the new one, and the change is applied once."""
    take_in(store, make_item("a"))
    plan = _plan(changed=(make_item("a", title="정정", raw={"title": "[정정]"}),), at=LATER)
    for _ in range(2):
        store.apply_refresh(plan, STATE, make_visit(at=LATER))
    (stored,) = store.items()
    assert (
        stored.rev,
        stored.item.title,
        stored.first_seen_at,
        stored.last_seen_at,
        stored.changed_at,
    ) == (2, "정정", NOW, LATER, LATER)
    assert [
        (1, "스마트도시 a", {"title": "스마트도시 a"}),
        (2, "정정", {"title": "[정정]"}),
    ] == _revisions(store)


def test_the_source_says_when_it_changed(store: SqlStore) -> None:
    """The source's own date of change counts before the time we saw it."""
    take_in(store, make_item("a"))
    when = When(at=NOW + timedelta(minutes=7))
    store.apply_refresh(
        _plan(changed=(make_item("a", title="x", updated=when),), at=LATER), STATE, make_visit()
    )
    assert [when.at] == [one.changed_at for one in store.items()]


def test_seen_again_moves_only_the_last_sight(store: SqlStore) -> None:
    """An unchanged item is no change."""
    take_in(store, make_item("a"))
    store.apply_refresh(_plan(unchanged=("a",), at=LATER), STATE, make_visit())
    (stored,) = store.items()
    assert (stored.rev, stored.first_seen_at, stored.last_seen_at) == (1, NOW, LATER)


def test_known_items_by_key(store: SqlStore) -> None:
    """Many keys are asked at once; unknown ones are left out."""
    item = make_item("a", published=When(at=NOW, clamped=True))
    (stored,) = take_in(store, item)
    keys = ["a", *(f"k{number}" for number in range(1200))]
    known = KnownItem(
        id=stored.id,
        key="a",
        hash=item.hash,
        rev=1,
        guid="a",
        link=item.link,
        canonical_url=item.canonical_url,
        title=item.title,
        summary=item.summary,
        published=item.published,
    )
    assert {"a": known} == store.known_items("molit", keys)
    assert {} == store.known_items("seoul", keys)


def _moved(stored: StoredItem, key: str, *public_ids: str) -> Moved:
    return Moved(
        item_id=stored.id, old_key=stored.item.key, new_key=key, public_ids=tuple(public_ids)
    )


def test_moved_items_can_swap_their_keys(store: SqlStore) -> None:
    """Keys go round, a new item takes one that came free, and a second time does nothing."""
    a, b, c = take_in(store, *(make_item(key) for key in "abc"))
    plan = _plan(
        moved=(_moved(a, "b"), _moved(b, "a"), _moved(c, "d")),
        new=(make_item("c", title="새 소식"),),
        unchanged=("a", "b", "d"),
        at=LATER,
    )
    for _ in range(2):
        store.apply_refresh(plan, STATE, make_visit(at=LATER))
    kept = {one.item.key: (one.id, one.rev, one.last_seen_at) for one in store.items()}
    new = kept.pop("c")
    assert {"b": (a.id, 1, LATER), "a": (b.id, 1, LATER), "d": (c.id, 1, LATER)} == kept
    assert (1, LATER) == new[1:]


def test_a_move_that_is_out_of_date_writes_nothing(store: SqlStore) -> None:
    """Where another process has given the item or the key away, the plan is to be made anew."""
    a, b = take_in(store, make_item("a"), make_item("b"))
    for stale in (_moved(a, "b"), replace(_moved(a, "x"), old_key="z")):
        with pytest.raises(Conflict, match="refresh again"):
            store.apply_refresh(_plan(moved=(stale,)), STATE, make_visit())
    assert [(a.id, "a"), (b.id, "b")] == [(one.id, one.item.key) for one in store.items()]


def test_a_new_item_is_never_written_over_another(store: SqlStore) -> None:
    """Two visits at once that each found something new under one key: the later one plans anew."""
    (kept,) = take_in(store, make_item("a"))
    with pytest.raises(Conflict, match="refresh again"):
        store.apply_refresh(_plan(new=(make_item("a", title="다른 소식"),)), STATE, make_visit())
    assert [kept] == list(store.items())


def test_another_feed_has_the_same_keys(store: SqlStore) -> None:
    """What moves in one feed touches no other's items."""
    a, other = take_in(store, make_item("a"), make_item("a", feed_id="seoul"))
    take_in(store, make_item("b", feed_id="seoul"))
    store.apply_refresh(_plan(moved=(_moved(a, "b"),)), STATE, make_visit())
    (kept, _) = store.items("seoul")
    assert other == kept
    assert ["b"] == [one.item.key for one in store.items("molit")]


def test_a_relinked_item_keeps_its_revision(store: SqlStore) -> None:
    """The row is renewed as it is, unless it has gone on meanwhile."""
    (a,) = take_in(store, make_item("a"))
    item = replace(a.item, link="https://molit.example/new", hash="2:x", licence="KOGL-4")
    renewed = Relinked(item_id=a.id, rev=1, item=item)
    store.apply_refresh(_plan(relinked=(renewed,), at=LATER), STATE, make_visit())
    (kept,) = store.items()
    assert replace(a, item=replace(item, raw=a.item.raw), last_seen_at=LATER) == kept
    changed = replace(item, title="정정", hash="2:y")
    store.apply_refresh(_plan(changed=(changed,)), STATE, make_visit())
    store.apply_refresh(_plan(relinked=(renewed,)), STATE, make_visit())
    assert [("정정", 2)] == [(one.item.title, one.rev) for one in store.items()]


def test_items_like(store: SqlStore) -> None:
    """By the beginning of the title or by the day, of one feed, the latest first."""
    may, june = on_day(date(2024, 5, 1)), on_day(date(2024, 6, 1))
    long = "스마트도시 통합 플랫폼 " * 8
    take_in(
        store,
        make_item("a", title="외교부 인사", published=may),
        make_item("b", title="외교부  인사", published=june),
        make_item("c", title=f"{long} 1", published=june),
        make_item("d", title=f"{long} 2", published=may),
        make_item("e", feed_id="seoul", title="외교부 인사", published=may),
    )

    def keys(*titles: str, days: Sequence[date] = ()) -> list[str]:
        return [one.key for one in store.items_like("molit", titles=titles, days=days)]

    assert ["b", "a"] == keys("외교부 인사")
    assert ["c", "d"] == keys(f"{long} 3")
    assert ["d", "a"] == keys(days=[may.day])
    assert ["b", "a", "d"] == keys("외교부인사", days=[may.day])
    assert [] == keys("", "없는 소식", days=[date(2023, 1, 1)])


def test_validators_and_items_are_saved_together(store: SqlStore) -> None:
    """When the last statement fails, neither items nor validators are there."""
    store.sync_feeds([make_feed()], NOW)

    @event.listens_for(store._db.writer, "before_cursor_execute")
    def fail(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO fetch_log"):
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        store.apply_refresh(_plan(new=(make_item("a"),)), STATE, make_visit())
    event.remove(store._db.writer, "before_cursor_execute", fail)
    assert [] == list(store.items())
    assert {"molit": FeedState(feed_id="molit", url=URL)} == store.feed_states()
    store.apply_refresh(_plan(new=(make_item("a"),)), STATE, make_visit())
    assert {"molit": STATE} == store.feed_states()


def test_visits_newest_first(store: SqlStore) -> None:
    """The log gives the latest visits; what is older than 90 days is thrown away in time."""
    store.sync_feeds([make_feed()], NOW)
    for days in (0, 89, 91):
        visit = make_visit(
            at=NOW + timedelta(days=days), outcome=Outcome.FAILED, error_code="timeout"
        )
        store.record_visit(FeedState(feed_id="molit", failures=1), visit)
    store.throw_away(now=NOW + timedelta(days=91), payloads_before=NOW)
    assert [91, 89] == [(one.started_at - NOW).days for one in store.visits("molit")]
    assert [91] == [(one.started_at - NOW).days for one in store.visits("molit", limit=1)]
    assert Outcome.FAILED == store.visits("molit")[0].outcome


def test_an_unsynced_feed_is_refused(store: SqlStore) -> None:
    """Items of a feed that nobody configured are not taken in."""
    with pytest.raises(StoreError, match="feed 'ghost' is unknown"):
        store.record_visit(FeedState(feed_id="ghost"), make_visit("ghost"))


def test_the_desk_needs_no_configuration(store: SqlStore) -> None:
    """What editors type in is kept under the desk, which a sync leaves alone."""
    store.apply_refresh(
        RefreshPlan(
            feed_id=DESK_FEED_ID, seen_at=NOW, new=(make_item("typed", feed_id=DESK_FEED_ID),)
        ),
        FeedState(feed_id=DESK_FEED_ID),
        make_visit(DESK_FEED_ID),
    )
    store.sync_feeds([make_feed()], NOW)
    with store._db.reading() as connection:
        assert connection.scalar(select(feeds.c.active).where(feeds.c.id == DESK_FEED_ID))
    assert {DESK_FEED_ID: 1} == store.count_items()


def test_items_in_the_order_feed_day_key(store: SqlStore) -> None:
    """Order is by feed, printed day and key, by code point; one feed can be asked for."""
    may, june = on_day(date(2024, 5, 1)), on_day(date(2024, 6, 1))
    take_in(
        store,
        make_item("b", published=may),
        make_item("B", published=may),
        make_item("나", published=may),
        make_item("가", published=may),
        make_item("a", published=june),
        make_item("undated"),
        make_item("z", feed_id="Seoul", published=may),
    )
    expected = ["undated", "B", "b", "가", "나", "a"]
    assert ["z", *expected] == [one.item.key for one in store.items()]
    assert expected == [one.item.key for one in store.items("molit")]
    assert [*expected, "z"][-1:] == [one.item.key for one in store.items("Seoul")]


def test_items_can_be_written_while_they_are_read(store: SqlStore) -> None:
    """Reading goes on from the state it began with."""
    take_in(store, *(make_item(f"k{number}") for number in range(3)))
    reading = store.items()
    next(reading)
    take_in(store, make_item("late"))
    assert 2 == len(list(reading))
    assert 4 == len(list(store.items()))


def test_a_naive_datetime_is_refused(store: SqlStore) -> None:
    """An instant without a zone is a mistake of the program and changes nothing."""
    naive = datetime(2024, 3, 4, 1, 0)  # noqa: DTZ001 - what the test is about
    with pytest.raises(ValueError, match="naive datetime 2024-03-04T01:00:00"):
        store.sync_feeds([make_feed()], naive)
    assert {} == store.feed_states()


def test_the_log_counts_a_repeated_visit_once_only_if_it_is_the_same(store: SqlStore) -> None:
    """With a clock that stands still two different visits are two lines."""
    store.sync_feeds([make_feed()], NOW)
    for visit in (make_visit(), make_visit(), make_visit(milliseconds=1)):
        store.record_visit(STATE, visit)
    with store._db.reading() as connection:
        assert 2 == connection.scalar(select(func.count()).select_from(fetch_log))


def test_a_row_without_its_feed_is_refused(store: SqlStore) -> None:
    """Foreign keys hold in both databases, and the error is ours."""
    plan = CurationPlan(
        stories=(StoryDraft(id=7, public_id="x", item_ids=(99,), memberships=()),),
    )
    with pytest.raises(StoreError, match="database"):
        store.apply_curation(plan, NOW)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(codec=None), max_size=40), size=st.integers(1, 4000))
def test_any_text_can_be_kept(store: SqlStore, text: str, size: int) -> None:
    """Whatever a feed puts into its texts, keys and raw fields is stored and found again."""
    key = f"{text}{size}" * (1 + size // 8)
    digest = hashlib.sha256(repr(text).encode()).hexdigest()
    plan = _plan(new=(make_item(key, title=text, raw={"title": text}, hash=digest),))
    store.sync_feeds([make_feed()], NOW)
    store.apply_refresh(plan, STATE, make_visit())
    (known,) = store.known_items("molit", [key]).values()
    store.apply_refresh(plan, STATE, make_visit())
    assert [known] == list(store.known_items("molit", [key]).values())
    (kept,) = (one.item for one in store.items() if one.id == known.id)
    assert (storable(text), {"title": text}) == (kept.title, kept.raw)


def test_an_item_as_it_was(store: SqlStore) -> None:
    """The last revision before an instant; none of an item that came later."""
    one, other = take_in(store, make_item("a"), make_item("b"))
    later = make_item("a", title="스마트도시 개정", raw={"title": "개정"})
    at = NOW + timedelta(hours=1)
    plan = RefreshPlan(feed_id="molit", seen_at=at, changed=(later,))
    store.apply_refresh(plan, FeedState(feed_id="molit"), make_visit(at=at))
    (new,) = take_in(store, make_item("c"), at=at + timedelta(hours=1))

    found = store.revisions_before([one.id, other.id, new.id], at)
    assert {one.id: (1, "스마트도시 a"), other.id: (1, "스마트도시 b")} == {
        number: (each.rev, each.title) for number, each in found.items()
    }

    found = store.revisions_before([one.id], at + timedelta(seconds=1))
    assert (2, "스마트도시 개정", at, {"title": "개정"}) == (
        found[one.id].rev,
        found[one.id].title,
        found[one.id].seen_at,
        found[one.id].raw,
    )
