"""The fingerprints of one day's items, ready to be met by others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from aggregator.curate.copies.fingerprints import (
    COUNTS,
    LEAD_WORDS,
    TITLE_WORDS,
    Counts,
    Keys,
    Words,
    unpack,
)
from aggregator.domain.stories import DayPrint

Ints: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = NDArray[np.uint16] | NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

CROWD = 200
"""Items of one day that may have one key. Where more have it, it says nothing of any item of that
day: a feed that calls everything "보도자료" must not have each entry compared with each."""

_FORMAT = 1
"""How an index is packed. Another way to do that, or other fingerprints in it, takes another number."""

_HEAD = 3 * 8
_PARTS = {
    "ids": ("<i8", 1),
    "leads": ("<i8", 1),
    "ranks": ("<i8", 1),
    "lead_maps": ("<u8", LEAD_WORDS),
    "title_maps": ("<u8", TITLE_WORDS),
    "counts": ("<u2", COUNTS),
    "keys": ("<u4", 1),
    "owner": ("<u2", 1),
}
"""The parts of an index as they are packed, with the numbers of each row: the widest first, so that
each begins where its numbers may."""

_OF_KEYS = frozenset({"keys", "owner"})
_NARROW = 1 << 16
_OWNER_BITS = np.uint64(32)
_OWNER = np.uint64((1 << 32) - 1)


@dataclass(frozen=True, slots=True)
class DayIndex:
    """One day. Rows are items, in the order of their ids; ``keys`` of all are sorted, ``owner`` is the
    row of each; a key that is ``crowded`` says nothing. ``counts`` are those of ``unpack``."""

    ids: Ints
    leads: Ints
    ranks: Ints
    counts: Counts
    title_maps: Words
    lead_maps: Words
    keys: Keys
    owner: Rows
    crowded: Keys

    @classmethod
    def of(cls, items: Iterable[DayPrint]) -> DayIndex:
        """The index of these items."""
        rows = sorted(items)
        counts, titles, leads, keys = unpack([one.bits for one in rows])
        # What an item has no key of is 0.
        owner, place = keys.nonzero()
        return cls._sorted(
            ids=np.array([one.item_id for one in rows], np.int64),
            leads=np.array([one.lead or 0 for one in rows], np.int64),
            ranks=np.array([one.rank for one in rows], np.int64),
            counts=counts,
            title_maps=titles,
            lead_maps=leads,
            keys=keys[owner, place],
            owner=owner,
        )

    @classmethod
    def _sorted(
        cls,
        *,
        ids: Ints,
        leads: Ints,
        ranks: Ints,
        counts: Counts,
        title_maps: Words,
        lead_maps: Words,
        keys: Keys,
        owner: Ints,
    ) -> DayIndex:
        # Both in one number are sorted faster than one by the other.
        codes = keys.astype(np.uint64) << _OWNER_BITS | owner.astype(np.uint64)
        codes.sort()
        in_order = (codes >> _OWNER_BITS).astype(np.uint32)
        return cls(
            ids=ids,
            leads=leads,
            ranks=ranks,
            counts=counts,
            title_maps=title_maps,
            lead_maps=lead_maps,
            keys=in_order,
            owner=_narrow(codes & _OWNER, len(ids)),
            crowded=_crowded(in_order),
        )

    def changed(self, items: Iterable[DayPrint], gone: Collection[int]) -> DayIndex:
        """The index without the items ``gone``, and with these."""
        added = DayIndex.of(items)
        kept = ~np.isin(self.ids, np.array([*gone], np.int64))
        is_whole = bool(kept.all())
        if is_whole and len(self) and len(added) and added.ids[0] > self.ids[-1]:
            return self._followed_by(added)
        row = np.cumsum(kept) - 1
        owns = kept[self.owner]
        ids = np.concatenate((self.ids[kept], added.ids))
        order = np.argsort(ids, kind="stable")
        # What comes is mostly newer than what is there.
        is_appended = bool((order[1:] > order[:-1]).all())
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        owner = np.concatenate((row[self.owner[owns]], added.owner + int(kept.sum())))

        def joined(mine: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
            both = np.concatenate((mine if is_whole else mine[kept], others))
            return both if is_appended else both[order]

        return self._sorted(
            ids=ids[order],
            leads=joined(self.leads, added.leads),
            ranks=joined(self.ranks, added.ranks),
            counts=joined(self.counts, added.counts),
            title_maps=joined(self.title_maps, added.title_maps),
            lead_maps=joined(self.lead_maps, added.lead_maps),
            keys=np.concatenate((self.keys[owns], added.keys)),
            owner=place[owner],
        )

    def _followed_by(self, later: DayIndex) -> DayIndex:
        """The index with later items: most that come are, and then nothing is sorted again."""
        parts = {
            name: np.concatenate((getattr(self, name), getattr(later, name)))
            for name in _PARTS
            if name not in _OF_KEYS
        }
        count = len(self) + len(later)
        places = np.searchsorted(self.keys, later.keys, "right")
        keys = np.insert(self.keys, places, later.keys)
        mine = later.owner.astype(np.int64) + len(self)
        owner = np.insert(self.owner.astype(np.int64), places, mine)
        return DayIndex(**parts, keys=keys, owner=_narrow(owner, count), crowded=_crowded(keys))

    def packed(self) -> bytes:
        """All of it in one piece, from which it is there again at once."""
        head = np.array([_FORMAT, len(self.ids), len(self.keys)], "<i8")
        return b"".join(part.tobytes() for part in (head, *(getattr(self, n) for n in _PARTS)))

    @classmethod
    def unpacked(cls, piece: bytes) -> DayIndex | None:
        """What was packed; None for what is nothing, or was packed in another way."""
        if len(piece) < _HEAD:
            return None
        form, items, keys = np.frombuffer(piece, "<i8", _HEAD // 8).tolist()
        if form != _FORMAT:
            return None
        parts: dict[str, NDArray[Any]] = {}
        at = _HEAD
        for name, (kind, width) in _PARTS.items():
            rows = keys if name in _OF_KEYS else items
            is_wide = name == "owner" and items > _NARROW
            part = np.frombuffer(piece, "<i4" if is_wide else kind, rows * width, at)
            parts[name] = part.reshape(rows, width) if width > 1 else part
            at += part.nbytes
        return cls(**parts, crowded=_crowded(parts["keys"]))

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.ids)

    @property
    def last(self) -> int:
        """The greatest id of an item, 0 for none."""
        return int(self.ids[-1]) if len(self) else 0

    def count_after(self, item_id: int) -> int:
        """How many items have a greater id."""
        return len(self) - int(np.searchsorted(self.ids, item_id, "right"))

    def rows_of(self, item_ids: Collection[int]) -> Ints:
        """The rows of these items, those that are not here left out."""
        wanted = np.array(sorted(item_ids), np.int64)
        at = np.searchsorted(self.ids, wanted)
        at[at == len(self.ids)] = 0
        return at[self.ids[at] == wanted] if len(self.ids) else at[:0]

    def keys_of(self, rows: Ints) -> tuple[Keys, Rows]:
        """The keys of these rows that are not crowded, ascending, and at which place among the rows
        each has its owner."""
        places = np.full(len(self), -1, np.int32)
        places[rows] = np.arange(len(rows), dtype=np.int32)
        owner = places[self.owner]
        asks = owner >= 0
        if len(self.crowded):
            asks &= ~self._in_crowd()
        at = np.flatnonzero(asks)
        return self.keys[at], owner[at]

    def in_crowds(self) -> Ints:
        """The items with a crowded key."""
        ids: Ints = self.ids[np.unique(self.owner[self._in_crowd()])]
        return ids

    def crowds(self) -> dict[int, frozenset[int]]:
        """The items under each crowded key."""
        return {
            int(key): frozenset(self.ids[self.owner[self.keys == key]].tolist())
            for key in self.crowded
        }

    def _in_crowd(self) -> Flags:
        if not len(self.crowded):
            return np.zeros(len(self.keys), np.bool_)
        return np.isin(self.keys, self.crowded)


def _narrow(rows: NDArray[Any], count: int) -> Rows:
    """The same numbers in little room: there is one for each key of ``count`` items."""
    return rows.astype(np.uint16) if count <= _NARROW else rows.astype(np.int32)


def _crowded(keys: Keys) -> Keys:
    """Which of these sorted keys stand there more than CROWD times."""
    if len(keys) <= CROWD:
        return keys[:0]
    return np.unique(keys[CROWD:][keys[CROWD:] == keys[:-CROWD]])
