"""Items that have something in common with items of other days, and how alike their bit maps say
they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aggregator.curate.copies.day_index import DayIndex, Flags, Ints, Rows
from aggregator.curate.copies.fingerprints import (
    ADDRESS_KIND,
    KIND_BITS,
    LEAD_KINDS,
    Counts,
    Keys,
    Words,
)
from aggregator.curate.copies.likeness import (
    LIKE_LEAD,
    LIKE_TITLE,
    RELATED_TITLE,
    RETOLD_LEAD,
    REWORDED_TITLE,
    SAME_LEAD,
    SAME_TITLE,
    SAME_TOPIC,
)
from aggregator.curate.copies.vetoes import RETOLD_WINDOW, WINDOW

_KIND = np.uint32((1 << KIND_BITS) - 1)
_BY_ADDRESS = 1
_BY_LEAD = 2
_BITS = 4
_SHARED = np.array(
    [
        _BY_ADDRESS * (kind == ADDRESS_KIND) + _BY_LEAD * (kind in LEAD_KINDS)
        for kind in range(1 << KIND_BITS)
    ],
    np.int64,
)
"""What it says that two items share a key of each kind, as bits."""

_SLACK = 1e-6
"""So that no rounding tells two items apart that are just alike enough."""

_HALF_TITLE = min(LIKE_TITLE, REWORDED_TITLE)

_BLOCK = 1 << 15
"""Words of bit maps that are compared at once: three times that fits into a processor's cache, and takes
a fifth of the time of what does not."""


_BYTE = np.uint64(8)
_EVERY_OTHER = np.uint64(0x00FF00FF00FF00FF)
_ONES = np.uint64(0x0001000100010001)
_TOP = np.uint64(48)


class Near(NamedTuple):
    """Pairs by the ids of their items (``mine`` of those that were asked for), with the days between
    them and the rank of the other one."""

    mine: Ints
    theirs: Ints
    gaps: Ints
    ranks: Ints

    def only(self, chosen: Flags | Sequence[bool]) -> Near:
        """Some of the pairs."""
        flags = np.asarray(chosen, np.bool_)
        return Near(*(part[flags] for part in self))

    def and_more(self, other: Near) -> Near:
        """These pairs and others."""
        return Near(*(np.concatenate(both) for both in zip(self, other, strict=True)))

    def pairs(self) -> list[tuple[int, int]]:
        """The ids, the smaller first."""
        low, high = np.minimum(self.mine, self.theirs), np.maximum(self.mine, self.theirs)
        return [*zip(low.tolist(), high.tolist(), strict=True)]

    def nearest(self, most: int, whole: Collection[int] = ()) -> dict[int, tuple[int, ...]]:
        """The others of each item, those of the nearest days first and so many at most, but all of
        those of the items ``whole``."""
        order = np.lexsort((self.ranks, self.gaps, self.mine))
        theirs = self.theirs[order]
        owners, many = np.unique(self.mine, return_counts=True)
        found: dict[int, tuple[int, ...]] = {}
        start = 0
        for one, count in zip(owners.tolist(), many.tolist(), strict=True):
            end = start + (count if one in whole else min(count, most))
            found[one] = tuple(theirs[start:end].tolist())
            start += count
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """Items that are asked for, in the order of their ``days`` (ordinals). ``keys`` are those that are
    not crowded on the item's own day, ascending, so that they are found quickly; ``owner`` is the row
    of each. ``in_crowds`` are the ids of those that have a crowded key."""

    ids: Ints
    days: Ints
    leads: Ints
    counts: Counts
    title_maps: Words
    lead_maps: Words
    keys: Keys
    owner: Rows
    in_crowds: Ints

    @classmethod
    def of(cls, parts: Iterable[tuple[int, DayIndex, Ints]]) -> Asked:
        """Rows of the indexes of several days (ordinals), each given once, in any order. An index is
        not held any longer once the next one is asked for."""
        by_day = {day: _asked_of(index, rows) for day, index, rows in parts}
        days = sorted(by_day)
        made = [by_day[day] for day in days]
        ids, leads, counts, titles, maps, keys, owner, crowds = (
            np.concatenate(part) for part in zip(*made, strict=True)
        )
        sizes = [len(part[0]) for part in made]
        base = np.repeat(np.cumsum(sizes) - sizes, [len(part[-2]) for part in made])
        # Those of one day are in order already.
        order = np.argsort(keys, kind="stable")
        return cls(
            ids=ids,
            days=np.repeat(np.array(days, np.int64), sizes),
            leads=leads,
            counts=counts,
            title_maps=titles,
            lead_maps=maps,
            keys=keys[order],
            owner=(owner + base)[order].astype(np.int32),
            in_crowds=crowds,
        )

    def meet(self, day: int, there: DayIndex) -> Meeting:
        """The asked items of the days around with those of another day, or of one of theirs, with
        which they have a key in common that is crowded on neither."""
        first = np.searchsorted(self.days, day - WINDOW.days, "left")
        last = np.searchsorted(self.days, day + WINDOW.days, "right")
        keys, owner = self.keys, self.owner
        if first or last < len(self.days):
            is_near = np.flatnonzero((owner >= first) & (owner < last))
            keys, owner = keys.take(is_near), owner[is_near]
        if not len(there.keys):
            keys, owner = keys[:0], owner[:0]
        if len(there.crowded):
            says = ~np.isin(keys, there.crowded)
            keys, owner = keys[says], owner[says]
        # Few keys are found, and the rest is asked of these alone.
        left = np.searchsorted(there.keys, keys, "left")
        left[left == len(there.keys)] = 0
        found = np.flatnonzero(there.keys[left] == keys)
        keys, owner, left = keys.take(found), owner[found], left.take(found)
        many = np.searchsorted(there.keys, keys, "right") - left
        mine = np.repeat(owner.astype(np.int64), many)
        at = np.arange(len(mine)) - np.repeat(np.cumsum(many) - many - left, many)
        theirs = there.owner[at]
        shared = np.repeat(_SHARED.take(keys & _KIND), many)
        return Meeting.of(self, there, _Pairs.of(mine, theirs, shared, len(there)), day)


def _asked_of(index: DayIndex, rows: Ints) -> tuple[NDArray[Any], ...]:
    """These rows of a day: ids, leads, counts, both bit maps, keys with their owners, and which ids
    have a crowded key."""
    ids = index.ids[rows]
    keys, owner = index.keys_of(rows)
    parts = (index.leads, index.counts, index.title_maps, index.lead_maps)
    crowds = np.intersect1d(ids, index.in_crowds()) if len(index.crowded) else ids[:0]
    return ids, *(part[rows] for part in parts), keys, owner, crowds


class _Pairs(NamedTuple):
    """Rows here and there, each pair once, and whether the two share a key of their addresses, or one
    of their leads."""

    mine: Ints
    theirs: Ints
    by_address: Flags
    by_lead: Flags

    @classmethod
    def of(cls, mine: Ints, theirs: Rows, shared: Ints, width: int) -> _Pairs:
        """Each pair of these once; ``shared`` are bits, ``width`` is the number of rows there."""
        codes = (mine * width + theirs) * _BITS + shared
        codes.sort()
        pairs = codes // _BITS
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        bits = np.bitwise_or.reduceat(codes % _BITS, first) if len(first) else codes
        once = pairs[first]
        return cls(once // width, once % width, bits & _BY_ADDRESS > 0, bits & _BY_LEAD > 0)

    def at(self, places: Ints) -> _Pairs:
        """Those at these places."""
        return _Pairs(
            self.mine.take(places),
            self.theirs.take(places),
            self.by_address.take(places),
            self.by_lead.take(places),
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """Pairs that may be alike, and what their bit maps say of titles and leads. Pieces may share a bit:
    what may be the same is taken for closer than it is or right, never for farther."""

    mine: Ints
    theirs: Ints
    gaps: Ints
    ranks: Ints
    my_leads: Ints
    their_leads: Ints
    by_address: Flags
    same_title: Flags
    half_title: Flags
    like_title: Flags
    same_lead: Flags
    retold_lead: Flags
    like_lead: Flags

    @classmethod
    def of(cls, asked: Asked, there: DayIndex, met: _Pairs, day: int) -> Meeting:
        """Compare these rows, pair by pair; those that are alike in nothing are left out.

        Leads are not compared where only the titles share a key, and are unlike all the same.
        """
        # Places are taken rather than flags: they are found once for all that is taken by them.
        met = met.at(np.flatnonzero(asked.ids.take(met.mine) != there.ids.take(met.theirs)))
        titles = _common(asked.title_maps, met.mine, there.title_maps, met.theirs)
        my_bits, their_bits = asked.counts[:, 0].take(met.mine), there.counts[:, 0].take(met.theirs)
        # Whoever contains the other's title has all its pieces.
        contains = (titles >= np.minimum(my_bits, their_bits)) & (titles > 0)
        both = my_bits.astype(np.int64) + their_bits
        is_worth = met.by_address | met.by_lead | contains | (2 * titles >= SAME_TOPIC * both)
        worth = np.flatnonzero(is_worth)
        met, titles = met.at(worth), titles.take(worth)
        both, contains = both.take(worth), contains.take(worth)
        mine, theirs, by_address = met.mine, met.theirs, met.by_address
        a, b = asked.counts.take(mine, 0), there.counts.take(theirs, 0)
        leads = _common(asked.lead_maps, mine, there.lead_maps, theirs)
        most_titles = titles + np.minimum(a[:, 1], b[:, 1])
        most_leads = leads + np.minimum(a[:, 3], b[:, 3])
        fewer = np.minimum(a[:, 2], b[:, 2])
        same_title = contains | (2 * most_titles + _SLACK >= SAME_TITLE * both)
        like_title = 2 * titles >= RELATED_TITLE * both
        half_title = 2 * most_titles + _SLACK >= _HALF_TITLE * both
        like_lead = _may_share(LIKE_LEAD, most_leads, fewer)
        like = np.flatnonzero(by_address | same_title | half_title | like_title | like_lead)
        mine, theirs = mine.take(like), theirs.take(like)
        fewer, most_leads = fewer.take(like), most_leads.take(like)
        return cls(
            mine=asked.ids.take(mine),
            theirs=there.ids.take(theirs),
            gaps=np.abs(asked.days.take(mine) - day),
            ranks=there.ranks.take(theirs),
            my_leads=asked.leads.take(mine),
            their_leads=there.leads.take(theirs),
            by_address=by_address.take(like),
            same_title=same_title.take(like),
            half_title=half_title.take(like),
            like_title=like_title.take(like),
            same_lead=_may_share(SAME_LEAD, most_leads, fewer),
            retold_lead=_may_share(RETOLD_LEAD, most_leads, fewer),
            like_lead=like_lead.take(like),
        )

    @classmethod
    def joined(cls, parts: Sequence[Meeting]) -> Meeting:
        """The pairs of all of these, at least one."""
        return cls(
            *(np.concatenate([getattr(one, part.name) for one in parts]) for part in fields(cls))
        )

    def leads_at_stake(self) -> set[int]:
        """The leads of which it matters whether they are boilerplate."""
        chosen = self.like_lead | self.half_title & (self.gaps <= RETOLD_WINDOW.days)
        return {*self.my_leads[chosen].tolist(), *self.their_leads[chosen].tolist()} - {0}

    def alike(self, empty: Collection[int]) -> tuple[Near, Near]:
        """The pairs that take a closer look, and those that are related and no more; ``empty`` are
        leads that count as absent.

        Whatever ``decide_pair`` may call the same takes a closer look: what two titles and leads
        must have in common for that depends on the days between.
        """
        says = self._says(self.my_leads, empty) & self._says(self.their_leads, empty)
        close = self.by_address | self.same_title | says & self.same_lead
        close |= says & self.like_lead & self.half_title
        in_time = self.gaps <= RETOLD_WINDOW.days
        close |= in_time & (says & self.retold_lead | ~says & self.half_title)
        related = ~close & (self.like_title | says & self.like_lead)
        near = Near(self.mine, self.theirs, self.gaps, self.ranks)
        return near.only(close), near.only(related)

    @staticmethod
    def _says(leads: Ints, empty: Collection[int]) -> Flags:
        said: Flags = leads != 0
        return said & ~np.isin(leads, np.array([*empty], np.int64)) if empty else said


def _may_share(least: float, most: Ints, fewer: Ints) -> Flags:
    """Whether two leads may have this share of the shorter one's pieces in common; ``most`` are the
    pieces that they may have, ``fewer`` those of the shorter one."""
    found: Flags = (fewer > 0) & (most + _SLACK >= least * fewer)
    return found


def _common(here: Words, mine: Ints, there: Words, theirs: Ints) -> Ints:
    """How many bits each pair has in common."""
    found = np.empty(len(mine), np.int64)
    width = here.shape[1]
    many = min(_BLOCK // width, max(len(mine), 1))
    left, right = np.empty((2, many, width), np.uint64)
    counts = np.empty((many, width), np.uint8)
    for start in range(0, len(mine), many):
        part = slice(start, start + many)
        size = len(mine[part])
        a, b, ones = left[:size], right[:size], counts[:size]
        # Without a mode of its own numpy would write what it takes into a buffer first.
        here.take(mine[part], 0, out=a, mode="clip")
        there.take(theirs[part], 0, out=b, mode="clip")
        np.bitwise_and(a, b, out=a)
        found[part] = _sums(np.bitwise_count(a, out=ones))
    return found


def _sums(counts: NDArray[np.uint8]) -> Words:
    """The sum of each row: of eight numbers at once, which takes a third of the time."""
    eight = counts.view(np.uint64)
    sums: Words = ((eight & _EVERY_OTHER) + (eight >> _BYTE & _EVERY_OTHER)) * _ONES >> _TOP
    total = sums[:, 0].copy()
    for column in range(1, sums.shape[1]):
        total += sums[:, column]
    return total
