"""Which verdicts a split or a merge comes to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.curate.copies.rulings import told_by_merge, told_by_split
from aggregator.domain.stories import Verdict
from tests.curate.make import NINE


def verdict(a: int, b: int, *, same: bool) -> Verdict:
    return Verdict(item_a=a, item_b=b, same=same, by="editor", at=NINE)


def test_a_split_tells_each_that_goes_from_each_that_stays() -> None:
    """Those that go are one story, those that stay are told nothing as long as they hold."""
    told = told_by_split([4, 1], [2, 3], said=(), kin=[(2, 3)])

    apart = {(2, 4): False, (3, 4): False, (1, 2): False, (1, 3): False}
    assert apart | {(1, 4): True} == told.pairs


def test_a_split_holds_what_would_fall_apart() -> None:
    """Two that were alike only through the one that goes stay in one story."""
    told = told_by_split([1], [2, 3], said=(), kin=[(2,), (3,)])

    assert {(1, 2): False, (1, 3): False, (2, 3): True} == told.pairs


def test_a_split_keeps_a_merge_that_went_through_what_was_taken() -> None:
    """What an editor once put together stays so, even where rules would do today."""
    said = [verdict(1, 2, same=True), verdict(1, 3, same=True)]

    told = told_by_split([1], [2, 3, 4], said=said, kin=[(2, 3, 4)])

    assert {(1, 2): False, (1, 3): False, (1, 4): False, (2, 3): True} == told.pairs


def test_a_merge_forgets_what_kept_its_items_apart() -> None:
    """And nothing that is said of others."""
    said = [verdict(2, 3, same=False), verdict(1, 3, same=False), verdict(3, 9, same=False)]

    told = told_by_merge([[1, 2], [3]], said=said)

    assert {(1, 2): True, (1, 3): True} == told.pairs
    assert {(2, 3)} == told.forgotten


@given(st.lists(st.integers(1, 60), min_size=2, max_size=8, unique=True), st.data())
def test_pairs_are_ordered(ids: list[int], data: st.DataObject) -> None:
    """The smaller id first, as the table wants them."""
    cut = data.draw(st.integers(1, len(ids) - 1))
    split = told_by_split(ids[:cut], ids[cut:], said=(), kin=[tuple(ids[cut:])])
    merge = told_by_merge([ids[:cut], ids[cut:]], said=())

    assert all(a < b for a, b in (*split.pairs, *merge.pairs))
