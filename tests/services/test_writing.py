"""Visits that brought something, written together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.domain.errors import Conflict, StoreBusy, StoreError, StoreFull
from aggregator.domain.items import Item
from aggregator.domain.visits import FeedState
from aggregator.ports.refreshing import Arrived, Moved, RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.intake.writing import MOST_TOGETHER, Writer
from aggregator.store.schema import open_store
from tests.fixtures.records import NOW, make_feed, make_item, make_visit


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.sync_feeds([make_feed(f"f{number}") for number in range(60)], NOW)
    yield store
    store.close()


@pytest.fixture
def groups(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many visits each transaction held."""
    sizes: list[int] = []
    apply = store.apply_refreshes

    def counted(arrived: Sequence[Arrived]) -> None:
        sizes.append(len(arrived))
        apply(arrived)

    monkeypatch.setattr(store, "apply_refreshes", counted)
    return sizes


def arrived(feed_id: str, moved: tuple[Moved, ...] = ()) -> Arrived:
    item = make_item(f"{feed_id}-a", feed_id=feed_id)
    return Arrived(
        plan=RefreshPlan(feed_id=feed_id, seen_at=NOW, new=(item,), moved=moved),
        state=FeedState(feed_id=feed_id, etag="new"),
        visit=make_visit(feed_id),
    )


def write(store: Store, *all_of_them: Arrived) -> list[BaseException | None]:
    """Write these at once; how each ended."""

    async def go() -> list[BaseException | None]:
        writer = Writer(store=store)
        ended = await asyncio.gather(*map(writer.write, all_of_them), return_exceptions=True)
        await writer.finish()
        return ended

    return asyncio.run(go())


def stored(store: Store) -> list[str]:
    return [one.item.feed_id for one in store.items()]


def test_what_arrives_together_shares_a_transaction(store: Store, groups: list[int]) -> None:
    """A bounded number of visits, each whole: items, state, visit."""
    names = [f"f{number}" for number in range(60)]
    assert [None] * 60 == write(store, *map(arrived, names))
    assert [MOST_TOGETHER, 60 - MOST_TOGETHER] == groups
    assert sorted(names) == sorted(stored(store))
    states = store.feed_states()
    assert {"new"} == {states[name].etag for name in names}
    assert [1] * 60 == [len(store.visits(name)) for name in names]


@pytest.mark.parametrize(
    ("ill", "kind"),
    [
        (arrived("never-synced"), StoreError),
        (arrived("f1", (Moved(item_id=99, old_key="x", new_key="y"),)), Conflict),
    ],
)
def test_what_cannot_be_written_keeps_nobody_else(
    store: Store, ill: Arrived, kind: type[StoreError]
) -> None:
    """The others are stored, and it alone is told why."""
    first, second, third = write(store, arrived("f0"), ill, arrived("f2"))
    assert (None, None) == (first, third)
    assert isinstance(second, kind)
    assert ["f0", "f2"] == stored(store)


def test_a_full_disk_is_told_to_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of one of them, and nothing is tried one by one."""

    def full(_: object) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr(store, "apply_refreshes", full)
    ended = write(store, arrived("f0"), arrived("f1"))
    assert [StoreFull, StoreFull] == [type(one) for one in ended]
    assert [] == stored(store)


def test_what_nobody_waits_for_any_more_is_written(store: Store) -> None:
    """A visit that is given up had brought its items already."""

    async def go() -> None:
        writer = Writer(store=store)
        visit = asyncio.ensure_future(writer.write(arrived("f0")))
        await asyncio.sleep(0)
        visit.cancel()
        await writer.finish()

    asyncio.run(go())
    assert ["f0"] == stored(store)


def test_nobody_waits_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thread can be started either, who waits is told."""

    async def none_left(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "to_thread", none_left)
        ended = write(store, arrived("f0"), arrived("f1"))
    assert [RuntimeError, RuntimeError] == [type(one) for one in ended]
    assert [None] == write(store, arrived("f0"))


def test_a_transaction_holds_a_bounded_number_of_items(store: Store, groups: list[int]) -> None:
    """So that another process never waits long for its turn."""
    many = [
        replace(one, plan=replace(one.plan, new=items_of(one.plan.feed_id, 300)))
        for one in map(arrived, ("f0", "f1", "f2"))
    ]
    assert [None] * 3 == write(store, *many)
    assert [1, 1, 1] == groups
    assert 900 == len(stored(store))


def items_of(feed_id: str, count: int) -> tuple[Item, ...]:
    return tuple(make_item(f"{feed_id}-{number}", feed_id=feed_id) for number in range(count))


def test_a_store_in_use_is_asked_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of fifty would wait for it as long."""
    tried: list[int] = []

    def apply(some: Sequence[Arrived]) -> None:
        tried.append(len(some))
        raise Conflict("again") if len(some) > 1 else StoreBusy("in use")

    monkeypatch.setattr(store, "apply_refreshes", apply)
    ended = write(store, *map(arrived, ("f0", "f1", "f2")))
    assert [StoreBusy] * 3 == [type(one) for one in ended]
    assert [3, 1] == tried
