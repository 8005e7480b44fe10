"""Days of items drawn for tests, and what their indexes are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from unittest.mock import patch

import numpy as np
from hypothesis import strategies as st

from aggregator.curate.copies import day_index
from aggregator.curate.copies.day_index import DayIndex, Ints
from aggregator.curate.copies.features import Outline
from aggregator.curate.copies.fingerprints import fingerprints, keys_of, lead_hash, rank_of
from aggregator.domain.stories import DayPrint
from tests.curate.make import LEAD

Numbered = list[tuple[int, Outline]]

TITLES = st.sampled_from(
    [
        "",
        "가",
        "드론",
        "스마트도시데이터표준마련",
        "스마트도시데이터표준안내",
        "겨울철산불예방대책발표",
        "😀😀",
    ]
)
LEADS = st.sampled_from(["", LEAD, LEAD[:100], LEAD[::-1], f"{LEAD[:60]}{LEAD[::-1]}"])
ADDRESSES = st.sampled_from(["", "https://a.example/1", "https://b.example/1?newsId=156635793"])
OUTLINES = st.builds(
    lambda address, title, lead: Outline(address=address, title=title, lead=lead),
    ADDRESSES,
    TITLES,
    LEADS,
)


def days(first: int = 1, max_size: int = 8) -> st.SearchStrategy[Numbered]:
    """Outlines of the items of a day, under numbers from ``first`` on."""
    numbers = st.lists(st.integers(first, first + 99), unique=True, max_size=max_size)
    return numbers.flatmap(
        lambda ids: st.tuples(*(st.tuples(st.just(one), OUTLINES) for one in ids))
    ).map(list)


def rank(number: int) -> int:
    """The rank of the item with this number."""
    return rank_of("molit-press", f"{number}")


def prints(numbered: Sequence[tuple[int, Outline]]) -> list[DayPrint]:
    """Fingerprints of these outlines under their numbers."""
    made = fingerprints([one for _, one in numbered])
    return [
        DayPrint(
            item_id=number,
            lead=lead_hash(one.lead_key) if one.lead else None,
            rank=rank(number),
            bits=bits,
        )
        for (number, one), bits in zip(numbered, made, strict=True)
    ]


def index_of(numbered: Sequence[tuple[int, Outline]]) -> DayIndex:
    """The index of a day with these items."""
    return DayIndex.of(prints(numbered))


def every(index: DayIndex) -> Ints:
    """The rows of all its items."""
    return np.arange(len(index))


def same(one: DayIndex, other: DayIndex) -> bool:
    """Whether two indexes are equal in each part; the owners of one key stand in any order."""
    plain = [part.name for part in fields(one) if part.name != "owner"]
    return _owned(one) == _owned(other) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in plain
    )


def _owned(index: DayIndex) -> list[tuple[int, int]]:
    return sorted(zip(index.keys.tolist(), index.owner.tolist(), strict=True))


def crowd(limit: int) -> AbstractContextManager[int]:
    """Meanwhile a key may stand so often on a day."""
    return patch.object(day_index, "CROWD", limit)


def is_crowded(key: int, rows: Sequence[DayPrint], limit: int) -> bool:
    """Whether more items than that have the key."""
    return sum(key in keys_of(one.bits) for one in rows) > limit
