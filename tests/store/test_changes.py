"""Watched items and what their sources changed, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregator.domain.changes import (
    ChangedField,
    FieldChange,
    NoticedItem,
    Piece,
    PieceKind,
    RevisionFacts,
    SourceChange,
)
from aggregator.domain.issues import Issue, Origin, Pick, PickState, Window
from aggregator.domain.items import Attachment, EventFacts, Item, Person, StoredItem
from aggregator.domain.visits import FeedState
from aggregator.ports.refreshing import RefreshPlan
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_item, make_visit, on_day, take_in, tell

LATER = NOW + timedelta(hours=1)


def told(store: SqlStore, name: str = "a") -> StoredItem:
    """An item in a story of its own, under its own name."""
    (item,) = take_in(store, make_item(name))
    tell(store, name, [item])
    return item


def go_on(store: SqlStore, name: str = "a", title: str = "다른 제목") -> StoredItem:
    """Its source says something else, and nobody has curated it yet."""
    return change_to(store, make_item(name, title=title))


def change_to(store: SqlStore, item: Item) -> StoredItem:
    """Store what a visit finds changed."""
    plan = RefreshPlan(feed_id=item.feed_id, seen_at=LATER, changed=(item,))
    store.apply_refresh(plan, FeedState(feed_id=item.feed_id), make_visit(at=LATER))
    stored = store.item_by_key(item.feed_id, item.key)
    assert stored is not None
    return stored


def make_change(item: StoredItem, rev: int = 2, **changes: object) -> SourceChange:
    pieces = (
        Piece(kind=PieceKind.REMOVED, text="120억"),
        Piece(kind=PieceKind.ADDED, text="130억"),
        Piece(kind=PieceKind.LEFT_OUT, text=""),
    )
    plain = SourceChange(
        public_id=f"c{item.id}-{rev}",
        item_id=item.id,
        from_rev=rev - 1,
        rev=rev,
        at=LATER,
        story="a",
        title="제목",
        link="https://molit.example/a",
        fields=(FieldChange(field=ChangedField.TEXT, pieces=pieces),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def noticed(item: StoredItem, *changes: SourceChange, before: int = 1) -> NoticedItem:
    return NoticedItem(item_id=item.id, before=before, looked=before + 1, changes=changes)


def test_an_item_is_watched_from_what_is_shown_of_it(store: SqlStore) -> None:
    """Its later revisions are still to be compared, under the story that it is in."""
    item = told(store)
    assert [] == store.watch({item.id: 1})
    assert [] == store.unnoticed()
    go_on(store)
    (due,) = store.unnoticed()
    assert (item.id, "molit", "a", 1, "a") == (
        due.item_id,
        due.feed_id,
        due.key,
        due.looked,
        due.story,
    )
    assert [due] == store.unnoticed([item.id])


def test_what_was_said_before_is_not_to_be_compared(store: SqlStore) -> None:
    """An item that is watched later, or not at all, is due for nothing that came before."""
    item = told(store)
    go_on(store)
    assert [] == store.unnoticed()
    assert [] == store.watch({item.id: 2})
    assert [] == store.unnoticed()


def test_what_goes_on_before_it_is_watched_is_told(store: SqlStore) -> None:
    """A revision that came between reading and watching is to be compared."""
    item = told(store)
    go_on(store)
    assert [item.id] == store.watch({item.id: 1})
    assert [item.id] == [one.item_id for one in store.unnoticed([item.id])]
    assert [] == store.watch({item.id: 2})


def test_a_change_comes_back_as_it_was(store: SqlStore) -> None:
    """Word for word, and its item is not due any more."""
    item = told(store)
    store.watch({item.id: 1})
    go_on(store)
    change = make_change(item)
    assert 1 == store.save_noticed([noticed(item, change)])
    assert [change] == store.changes()
    assert [] == store.unnoticed()


def test_a_change_is_kept_once(store: SqlStore) -> None:
    """Who was overtaken by another process, or does it again after a crash, keeps nothing."""
    item = told(store)
    store.watch({item.id: 1})
    go_on(store)
    store.save_noticed([noticed(item, make_change(item))])
    assert 0 == store.save_noticed([noticed(item, make_change(item, public_id="other"))])
    assert ["c1-2"] == [change.public_id for change in store.changes()]


def test_changes_are_chosen_by_time_and_item(store: SqlStore) -> None:
    """In the order they were seen; of the newest the last ones."""
    one, other = told(store, "a"), told(store, "b")
    store.watch({one.id: 1, other.id: 1})
    first, second = make_change(one, at=NOW), make_change(other, at=LATER)
    store.save_noticed([noticed(other, second), noticed(one, first)])
    assert [first, second] == store.changes()
    assert [second] == store.changes(since=LATER)
    assert [first] == store.changes(item_ids=[one.id])
    assert [second] == store.changes(newest=1)
    assert [] == store.changes(item_ids=[])


def test_revisions_are_read_from_one_on(store: SqlStore) -> None:
    """With what they say beside their texts."""
    event = EventFacts(
        name="서밋",
        starts_on=date(2024, 3, 19),
        ends_on=date(2024, 3, 23),
        venues=("타이베이",),
        phone="02-1",
    )
    item = make_item(
        "a",
        published=on_day(date(2024, 2, 20)),
        attachments=(Attachment(url="https://a.example/1", name="자료.hwp"), Attachment(url="x")),
        authors=(Person(name="강원평", affiliation="협회"),),
        event=event,
    )
    (stored,) = take_in(store, item)
    change_to(store, replace(item, hash="2", attachments=()))
    first, second = store.revisions(stored.id, 1)
    assert [second] == store.revisions(stored.id, 2)
    assert RevisionFacts(
        day="2024-02-20",
        files=("자료.hwp",),
        event="서밋 2024-03-19~2024-03-23 타이베이 02-1",
        authors="강원평 협회",
    ) == RevisionFacts.of(first.facts)
    assert () == RevisionFacts.of(second.facts).files
    assert datetime(2024, 3, 4, 2, tzinfo=UTC) == second.seen_at


def pick_of(issue: Issue, story_id: int, state: PickState) -> Pick:
    return Pick(
        issue_id=issue.id,
        story_id=story_id,
        section="trend",
        state=state,
        origin=Origin.EDITOR,
        version=0,
    )


def open_issue(store: SqlStore) -> Issue:
    window = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
    return store.open_issue("smart-city", window, date(2024, 3, 4), NOW)


@pytest.mark.parametrize("how", ["accepted", "proposed", "brought back"])
def test_a_picked_storys_items_are_watched(store: SqlStore, how: str) -> None:
    """From the transaction on that puts it into the issue."""
    item = told(store)
    issue = open_issue(store)
    story_id = store.items_by_id([item.id])[item.id].story_id or 0
    if how == "proposed":
        store.save_proposal(issue.id, [pick_of(issue, story_id, PickState.PROPOSED)], NOW)
    elif how == "accepted":
        store.save_pick(pick_of(issue, story_id, PickState.ACCEPTED), [])
    else:
        store.save_pick(pick_of(issue, story_id, PickState.DROPPED), [])
        go_on(store, title="이전의 제목")
        assert [] == store.unnoticed()
        (dropped,) = store.picks(issue.id)
        store.save_pick(replace(dropped, state=PickState.ACCEPTED, source_rev=0), [])
    assert [] == store.unnoticed()
    (pick,) = store.picks(issue.id)
    assert (2 if how == "brought back" else 1) == pick.source_rev
    go_on(store, title="그 뒤의 제목")
    assert [item.id] == [one.item_id for one in store.unnoticed()]


def test_a_dropped_storys_items_are_not_watched(store: SqlStore) -> None:
    """Nobody has it."""
    item = told(store)
    issue = open_issue(store)
    story_id = store.items_by_id([item.id])[item.id].story_id or 0
    store.save_pick(pick_of(issue, story_id, PickState.DROPPED), [])
    go_on(store)
    assert [] == store.unnoticed()
