"""The fingerprints of one day's items, and which of them may be copies of which others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from aggregator.curate.fingerprints import ADDRESS_KIND, KIND_BITS, Words, unpack
from aggregator.curate.likeness import (
    LIKE_LEAD,
    LIKE_TITLE,
    RELATED_TITLE,
    RETOLD_LEAD,
    REWORDED_TITLE,
)
from aggregator.domain.stories import Fingered

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

CROWD = 200
"""Items of one day that may have one key. Where more have it, it says nothing of any item of that
day: a feed that calls everything "보도자료" must not have each entry compared with each."""

_KIND = np.uint64((1 << KIND_BITS) - 1)
_SLACK = 1e-6
"""So that no rounding tells two items apart that are just alike enough."""

_BLOCK = 8192
"""Pairs whose bit maps are compared at once: what fits into a processor's cache."""


@dataclass(frozen=True, slots=True)
class DayIndex:
    """One day. Rows are items, in the order of their ids; ``keys`` of all are sorted, ``owner`` is the
    row of each; a key that is ``crowded`` says nothing. ``counts`` are those of ``unpack``."""

    ids: Ints
    leads: Ints
    counts: Ints
    title_maps: Words
    lead_maps: Words
    keys: Words
    owner: Ints
    crowded: Flags

    @classmethod
    def of(cls, items: Iterable[Fingered]) -> DayIndex:
        """The index of these items."""
        rows = sorted(items, key=lambda one: one.item_id)
        counts, titles, leads, keys, many = unpack([one.bits for one in rows])
        return cls._sorted(
            ids=np.array([one.item_id for one in rows], np.int64),
            leads=np.array([one.lead or 0 for one in rows], np.int64),
            counts=counts.astype(np.int64),
            title_maps=titles,
            lead_maps=leads,
            keys=keys,
            owner=np.repeat(np.arange(len(rows)), many),
        )

    @classmethod
    def _sorted(
        cls,
        *,
        ids: Ints,
        leads: Ints,
        counts: Ints,
        title_maps: Words,
        lead_maps: Words,
        keys: Words,
        owner: Ints,
    ) -> DayIndex:
        order = np.lexsort((owner, keys))
        return cls(
            ids=ids,
            leads=leads,
            counts=counts,
            title_maps=title_maps,
            lead_maps=lead_maps,
            keys=keys[order],
            owner=owner[order],
            crowded=_crowded(keys[order]),
        )

    def changed(self, items: Iterable[Fingered], gone: Collection[int]) -> DayIndex:
        """The index without the items ``gone``, and with these."""
        kept = ~np.isin(self.ids, np.array([*gone], np.int64))
        added = DayIndex.of(items)
        row = np.cumsum(kept) - 1
        owns = kept[self.owner]
        ids = np.concatenate((self.ids[kept], added.ids))
        order = np.argsort(ids, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        owner = np.concatenate((row[self.owner[owns]], added.owner + int(kept.sum())))

        def joined(mine: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate((mine[kept], others))[order]

        return self._sorted(
            ids=ids[order],
            leads=joined(self.leads, added.leads),
            counts=joined(self.counts, added.counts),
            title_maps=joined(self.title_maps, added.title_maps),
            lead_maps=joined(self.lead_maps, added.lead_maps),
            keys=np.concatenate((self.keys[owns], added.keys)),
            owner=place[owner],
        )

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.ids)

    def rows_of(self, item_ids: Collection[int]) -> Ints:
        """The rows of these items, those that are not here left out."""
        wanted = np.array(sorted(item_ids), np.int64)
        at = np.searchsorted(self.ids, wanted)
        at[at == len(self.ids)] = 0
        return at[self.ids[at] == wanted] if len(self.ids) else at[:0]

    def in_crowds(self) -> Ints:
        """The items with a crowded key."""
        return self.ids[np.unique(self.owner[self.crowded])]

    def crowds(self) -> dict[int, frozenset[int]]:
        """The items under each crowded key."""
        keys, owner = self.keys[self.crowded], self.owner[self.crowded]
        return {
            int(key): frozenset(self.ids[owner[keys == key]].tolist()) for key in np.unique(keys)
        }

    def meet(self, rows: Ints, other: DayIndex) -> Meeting:
        """The items of these rows with the items of another day, or of this one, with which they
        have a key in common that is crowded on neither."""
        mine, theirs, by_address = self._sharing(rows, other)
        return Meeting.of(self, mine, other, theirs, by_address)

    def _sharing(self, rows: Ints, other: DayIndex) -> tuple[Ints, Ints, Flags]:
        """Rows here and there, each pair once, and whether they share a key of an address."""
        asked = np.zeros(len(self), np.bool_)
        asked[rows] = True
        asks = asked[self.owner] & ~self.crowded
        keys, owner = self.keys[asks], self.owner[asks]
        left = np.searchsorted(other.keys, keys, "left")
        many = np.searchsorted(other.keys, keys, "right") - left
        mine = np.repeat(owner, many)
        first = np.cumsum(many) - many
        at = np.arange(len(mine)) - np.repeat(first, many) + np.repeat(left, many)
        theirs = other.owner[at]
        is_two = ~other.crowded[at]
        if other is self:
            is_two &= mine != theirs
        width = max(len(other), 1)
        pairs = (mine * width + theirs)[is_two]
        is_address = np.repeat(keys & _KIND == ADDRESS_KIND, many)[is_two]
        once = np.unique(pairs)
        return once // width, once % width, np.isin(once, pairs[is_address])


@dataclass(frozen=True, slots=True)
class Meeting:
    """Pairs that share a key, by the ids of their items (``mine`` of those that were asked for), and
    what their bit maps say of titles and leads. Pieces may share a bit: what may be the same is taken
    for closer than it is or right, never for farther."""

    mine: Ints
    theirs: Ints
    by_address: Flags
    near_title: Flags
    half_title: Flags
    like_title: Flags
    near_lead: Flags
    like_lead: Flags
    leads: tuple[Ints, Ints]

    @classmethod
    def of(
        cls, here: DayIndex, mine: Ints, there: DayIndex, theirs: Ints, by_address: Flags
    ) -> Meeting:
        """Compare these rows of two days, pair by pair."""
        a, b = here.counts[mine], there.counts[theirs]
        titles = _common(here.title_maps, mine, there.title_maps, theirs)
        leads = _common(here.lead_maps, mine, there.lead_maps, theirs)
        most_titles = titles + np.minimum(a[:, 1], b[:, 1])
        most_leads = leads + np.minimum(a[:, 3], b[:, 3])
        both = a[:, 0] + b[:, 0]
        fewer = np.minimum(a[:, 2], b[:, 2])
        # Whoever contains the other's title has all its pieces.
        contains = (titles >= np.minimum(a[:, 0], b[:, 0])) & (titles > 0)
        return cls(
            mine=here.ids[mine],
            theirs=there.ids[theirs],
            by_address=by_address,
            near_title=contains | (2 * most_titles + _SLACK >= REWORDED_TITLE * both),
            half_title=2 * most_titles + _SLACK >= LIKE_TITLE * both,
            like_title=2 * titles >= RELATED_TITLE * both,
            near_lead=(fewer > 0) & (most_leads + _SLACK >= RETOLD_LEAD * fewer),
            like_lead=(fewer > 0) & (most_leads + _SLACK >= LIKE_LEAD * fewer),
            leads=(here.leads[mine], there.leads[theirs]),
        )

    def leads_at_stake(self) -> set[int]:
        """The leads of which it matters whether they are boilerplate."""
        mine, theirs = self.leads
        return {*mine[self.like_lead].tolist(), *theirs[self.like_lead].tolist()}

    def alike(self, empty: Collection[int]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The pairs that take a closer look, and those that are related and no more; ``empty`` are
        leads that count as absent."""
        says = ~_is_any_of(self.leads[0], empty) & ~_is_any_of(self.leads[1], empty)
        close = (
            self.by_address
            | self.near_title
            | says & (self.near_lead | self.like_lead & self.half_title)
        )
        related = ~close & (self.like_title | says & self.like_lead)
        return self._pairs(close), self._pairs(related)

    def _pairs(self, chosen: Flags) -> list[tuple[int, int]]:
        return [*zip(self.mine[chosen].tolist(), self.theirs[chosen].tolist(), strict=True)]


def _crowded(keys: Words) -> Flags:
    """Which of these sorted keys stand there more than CROWD times."""
    if len(keys) <= CROWD:
        return np.zeros(len(keys), np.bool_)
    left = np.searchsorted(keys, keys, "left")
    return np.searchsorted(keys, keys, "right") - left > CROWD


def _common(here: Words, mine: Ints, there: Words, theirs: Ints) -> Ints:
    """How many bits each pair has in common."""
    found = np.empty(len(mine), np.int64)
    for start in range(0, len(mine), _BLOCK):
        part = slice(start, start + _BLOCK)
        both = here[mine[part]] & there[theirs[part]]
        found[part] = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
    return found


def _is_any_of(values: Ints, some: Collection[int]) -> Flags:
    return np.isin(values, np.array([*some], np.int64))
