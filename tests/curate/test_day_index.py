"""The index of a day: whose keys stand there, and which of them say nothing."""

from __future__ import annotations

import random
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies import day_index
from aggregator.curate.copies.day_index import DayIndex
from aggregator.curate.copies.fingerprints import keys_of, unpack
from tests.curate.days import Numbered, crowd, days, every, index_of, is_crowded, prints, rank, same
from tests.curate.make import make_item, outline_of


@settings(max_examples=60)
@given(days(), days(), st.sets(st.integers(1, 100)), st.integers(1, 4))
def test_a_changed_index_is_that_of_the_changed_items(
    before: Numbered, now: Numbered, gone: set[int], limit: int
) -> None:
    """Whatever goes, stays, comes and comes back as another."""
    gone |= {number for number, _ in now}
    kept = [one for one in before if one[0] not in gone]
    with crowd(limit):
        assert same(index_of(before).changed(prints(now), gone), index_of([*kept, *now]))


@settings(max_examples=60)
@given(days(), days(101), st.integers(1, 4))
def test_what_is_newer_is_added_behind(before: Numbered, now: Numbered, limit: int) -> None:
    """Most of what comes has higher ids than all that is there."""
    with crowd(limit):
        assert same(index_of(before).changed(prints(now), ()), index_of([*before, *now]))


@settings(max_examples=60)
@given(days())
def test_an_index_says_what_fingerprints_say(day: Numbered) -> None:
    """A row for each item, in the order of their ids, and each of its keys with that row."""
    rows = sorted(prints(day), key=lambda one: one.item_id)
    index = index_of(day)
    counts, titles, leads, _ = unpack([one.bits for one in rows])
    assert [one.item_id for one in rows] == index.ids.tolist()
    assert [one.lead or 0 for one in rows] == index.leads.tolist()
    assert [rank(one.item_id) for one in rows] == index.ranks.tolist()
    for expected, part in (
        (counts, index.counts),
        (titles, index.title_maps),
        (leads, index.lead_maps),
    ):
        assert np.array_equal(expected, part)
    assert sorted(index.keys.tolist()) == index.keys.tolist()
    for at, one in enumerate(rows):
        assert sorted(keys_of(one.bits)) == index.keys[index.owner == at].tolist()


@settings(max_examples=60)
@given(days(), days(101), st.sampled_from([3, 1 << 16]), st.integers(1, 4))
def test_a_packed_index_is_the_same_unpacked(
    day: Numbered, later: Numbered, narrow: int, limit: int
) -> None:
    """In little room or wide, and it can be changed like any other."""
    with crowd(limit), patch.object(day_index, "_NARROW", narrow):
        index = index_of(day)
        found = DayIndex.unpacked(index.packed())
        assert found is not None
        assert same(index, found)
        assert same(index.changed(prints(later), ()), found.changed(prints(later), ()))


def test_what_was_packed_in_another_way_is_not_unpacked() -> None:
    """Nor is nothing, or a part."""
    piece = index_of([(1, outline_of(make_item()))]).packed()
    other = (99).to_bytes(8, "little") + piece[8:]
    assert [None] * 3 == [DayIndex.unpacked(one) for one in (other, b"", piece[:8])]


@given(days(), st.sets(st.integers(0, 101)))
def test_rows_are_found_by_ids(day: Numbered, asked: set[int]) -> None:
    """Those that are not of the day are left out."""
    index = index_of(day)
    here = sorted({number for number, _ in day} & asked)
    assert here == index.ids[index.rows_of(asked)].tolist()
    assert len(day) == len(index)


@given(days(), st.sets(st.integers(1, 100)), st.integers(1, 4))
def test_keys_are_told_of_these_rows(day: Numbered, asked: set[int], limit: int) -> None:
    """Those that are not crowded, each with the place of its owner among the rows, in their order."""
    rows = sorted(prints(day), key=lambda one: one.item_id)
    with crowd(limit):
        index = index_of(day)
    keys, owner = index.keys_of(index.rows_of(asked))
    wanted = [one for one in rows if one.item_id in asked]
    expected = [
        (at, key)
        for at, one in enumerate(wanted)
        for key in sorted(keys_of(one.bits))
        if not is_crowded(key, rows, limit)
    ]
    assert expected == sorted(zip(owner.tolist(), keys.tolist(), strict=True))
    assert sorted(keys.tolist()) == keys.tolist()


@given(days(), st.integers(1, 4))
def test_crowds_are_told(day: Numbered, limit: int) -> None:
    """Each key that too many have, with all who have it."""
    rows = prints(day)
    with crowd(limit):
        index = index_of(day)
    expected = {
        key: {one.item_id for one in rows if key in keys_of(one.bits)}
        for one in rows
        for key in keys_of(one.bits)
        if is_crowded(key, rows, limit)
    }
    assert expected == index.crowds()
    assert sorted({one for ids in expected.values() for one in ids}) == index.in_crowds().tolist()


def test_an_empty_day_has_nobody() -> None:
    """Nor has a day that all left."""
    empty, day = DayIndex.of([]), index_of([(1, outline_of(make_item(1)))])
    assert [] == empty.rows_of([1]).tolist()
    assert [[], []] == [part.tolist() for part in empty.keys_of(every(empty))]
    assert ([], {}) == (empty.in_crowds().tolist(), empty.crowds())
    assert same(empty, day.changed([], {1}))
    assert same(empty, empty.changed([], []))
    assert not same(empty, day)


@given(days(), st.randoms())
def test_days_do_not_depend_on_the_order_of_their_items(
    day: Numbered, chance: random.Random
) -> None:
    """An index has its items by their ids, whatever the store gave first."""
    moved = [*day]
    chance.shuffle(moved)
    assert same(index_of(day), index_of(moved))
