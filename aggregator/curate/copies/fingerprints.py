"""Items in little room: keys that copies share, and bit maps that tell nearly all pairs apart.

Everything is made of the pieces of a text, its substrings of three characters (titles) or five
(leads): a small MinHash names bands of them, of which alike texts share some, and each piece sets one
of some hundred bits. Many items are done at once; nothing depends on process, machine or order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from aggregator.curate.copies.features import LEAD_GRAM, TITLE_GRAM, Outline

Words: TypeAlias = NDArray[np.uint64]
Keys: TypeAlias = NDArray[np.uint32]
Counts: TypeAlias = NDArray[np.uint16]

TITLE_WORDS = 8
"""Words of 64 bits in the bit map of a title."""

LEAD_WORDS = 32
"""The same for a lead."""

KIND_BITS = 5
"""The lowest bits of a key say what it was made of."""

ADDRESS_KIND = 0
"""The kind of a key that comes from an item's address: items of one release share such a key."""

_TITLE_KIND = 1
_LEAD_KIND = 2
_HEAD_KIND = 3
_TITLE_BANDS = tuple(range(4, 12))
_LEAD_BANDS = tuple(range(12, 17))
_COUNT_KIND = 17
_NAME_KIND = 18
LEAD_KINDS = frozenset({_LEAD_KIND, *_LEAD_BANDS, _COUNT_KIND, _NAME_KIND})
"""The kinds of keys that come from an item's lead."""

_TITLE_ROWS = 2
_LEAD_ROWS = 3
"""Minima in one band. Leads have many pieces in common by mere habit of speech; two copies of one
mostly begin alike, and are then found by that."""

_KIND_MASK = (1 << KIND_BITS) - 1
COUNTS = 4
"""Numbers of 16 bits in front of a stored fingerprint: set bits of title and lead, and how many
pieces of each came to a bit that was set already."""

_TOGETHER = 100
"""Items whose pieces are hashed at once: what fits into a processor's cache."""

_HEAD = 10
"""Letters of a title's beginning that make a key: a title with a second half that the other lacks
shares few pieces with it."""

_COUNTS_KEPT = 3
_NAMES_KEPT = 2
"""Counts and quoted names of a lead that make keys: always the same ones of a set, whatever words
stand around them."""

_EXACT = 5 + _COUNTS_KEPT + _NAMES_KEPT
KEYS = _EXACT + len(_TITLE_BANDS) + len(_LEAD_BANDS)
"""Keys of a stored fingerprint. One that an item has not is 0."""

_MAPS = 2 * COUNTS
_LEADS = _MAPS + 8 * TITLE_WORDS
_KEYS = _LEADS + 8 * LEAD_WORDS
SIZE = _KEYS + 4 * KEYS
"""Bytes of a stored fingerprint: counts, bit maps of title and lead, keys."""


def fingerprints(outlines: Sequence[Outline]) -> list[bytes]:
    """The fingerprints of these outlines as they are stored, in their order."""
    return [
        made
        for start in range(0, len(outlines), _TOGETHER)
        for made in _some(outlines[start : start + _TOGETHER])
    ]


def _some(outlines: Sequence[Outline]) -> list[bytes]:
    titles = _Pieces.of([one.title for one in outlines], TITLE_GRAM)
    leads = _Pieces.of([one.lead for one in outlines], LEAD_GRAM)
    title_map, title_lost = titles.bit_map(TITLE_WORDS)
    lead_map, lead_lost = leads.bit_map(LEAD_WORDS)
    counts = np.stack([_ones(title_map), title_lost, _ones(lead_map), lead_lost], axis=1).astype(
        "<u2"
    )
    keys = np.zeros((len(outlines), KEYS), "<u4")
    for row, one in zip(keys, outlines, strict=True):
        exact = _exact_keys(one)
        row[: len(exact)] = exact
    keys[:, _EXACT : _EXACT + len(_TITLE_BANDS)] = titles.bands(_TITLE_BANDS, _TITLE_ROWS)
    keys[:, _EXACT + len(_TITLE_BANDS) :] = leads.bands(_LEAD_BANDS, _LEAD_ROWS)
    rows = np.concatenate(
        [
            counts.view(np.uint8),
            title_map.view(np.uint8),
            lead_map.view(np.uint8),
            keys.view(np.uint8),
        ],
        axis=1,
    )
    made = rows.tobytes()
    return [made[start : start + SIZE] for start in range(0, len(made), SIZE)]


def keys_of(bits: bytes) -> frozenset[int]:
    """The keys of a fingerprint, under which copies are found: two copies share at least one."""
    return frozenset(np.frombuffer(bits, "<u4", offset=_KEYS).tolist()) - {0}


def lead_hash(lead_key: str) -> int:
    """A signed number of 64 bits that stands for the start of a lead."""
    return _signed(lead_key)


def rank_of(feed_id: str, key: str) -> int:
    """A signed number of 64 bits that orders items in a way that does not depend on arrival."""
    return _signed(f"{feed_id}\0{key}")


def _signed(text: str) -> int:
    # What was not stored yet may hold half a character.
    told = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "little", signed=True)


def unpack(bits: Sequence[bytes]) -> tuple[Counts, Words, Words, Keys]:
    """Stored fingerprints side by side, a row for each: their counts, bit maps of titles and of
    leads, and keys."""
    rows = np.frombuffer(b"".join(bits), np.uint8).reshape(-1, SIZE)

    def part(start: int, end: int, kind: str) -> NDArray[Any]:
        return np.ascontiguousarray(rows[:, start:end]).view(kind)

    return (
        part(0, _MAPS, "<u2"),
        part(_MAPS, _LEADS, "<u8"),
        part(_LEADS, _KEYS, "<u8"),
        part(_KEYS, SIZE, "<u4"),
    )


def _exact_keys(one: Outline) -> list[int]:
    keys = []
    if release := one.release:
        keys.append(_named(ADDRESS_KIND, release))
    if (number := one.number) is not None:
        keys.append(_named(ADDRESS_KIND, number.key))
    if one.title:
        keys.append(_named(_TITLE_KIND, one.title))
        keys.append(_named(_HEAD_KIND, one.title[:_HEAD]))
    if one.lead:
        keys.append(_named(_LEAD_KIND, one.lead_key))
    keys += _least(_COUNT_KIND, one.counts, _COUNTS_KEPT)
    keys += _least(_NAME_KIND, one.names, _NAMES_KEPT)
    return [*dict.fromkeys(keys)]


def _least(kind: int, texts: Sequence[str], many: int) -> list[int]:
    return sorted({_named(kind, text) for text in texts})[:many]


def _named(kind: int, text: str) -> int:
    # What was not stored yet may hold half a character.
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "little") & ~_KIND_MASK | kind


def _ones(bit_map: Words) -> NDArray[np.int64]:
    ones: NDArray[np.int64] = np.bitwise_count(bit_map).sum(axis=1, dtype=np.int64)
    return ones


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The hashed pieces of many texts, one after the other; ``owner`` says of which text each is,
    ``many`` how many each text has, 0 for one without characters."""

    hashes: Words
    owner: NDArray[np.int64]
    many: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str], size: int) -> _Pieces:
        """Pieces of ``size`` characters; a shorter text is one piece by itself."""
        # What is shorter than a piece is filled up with a character that no text holds.
        padded = [text.ljust(size, "\0") if text else "" for text in texts]
        lengths = np.array([len(text) for text in padded], np.int64)
        many = np.maximum(lengths - size + 1, 0)
        chars = np.frombuffer("".join(padded).encode("utf-32-le"), "<u4").astype(np.uint64)
        owner = np.repeat(np.arange(len(texts)), many)
        starts = np.cumsum(lengths) - lengths
        first = np.cumsum(many) - many
        at = np.arange(len(owner)) - np.repeat(first, many) + np.repeat(starts, many)
        # All pieces of the whole row of characters, and of these the ones that lie in one text.
        count = max(len(chars) - size + 1, 0)
        hashes = np.zeros(count, np.uint64)
        for step in range(size):
            hashes = hashes * _FACTOR + chars[step : step + count]
        return cls(_mixed(hashes.take(at)), owner, many)

    def bit_map(self, words: int) -> tuple[Words, NDArray[np.int64]]:
        """A bit map of so many words for each text, and how many of its pieces came to a bit that
        another one had set."""
        size = 64 * words
        is_set = np.zeros(len(self.many) * size, np.bool_)
        is_set[self.owner * size + (self.hashes % np.uint64(size)).astype(np.int64)] = True
        rows = is_set.reshape(len(self.many), size)
        packed = np.packbits(rows, axis=1, bitorder="little").view("<u8")
        return packed, self.many - rows.sum(axis=1)

    def bands(self, kinds: Sequence[int], rows: int) -> Keys:
        """A key of each kind for each text: of alike texts some are equal. What is there for a text
        without pieces means nothing."""
        found = np.zeros((len(self.many), len(kinds)), np.uint32)
        holds = np.flatnonzero(self.many)
        if not len(holds):
            return found
        begins = (np.cumsum(self.many) - self.many)[holds]
        for place, kind in enumerate(kinds):
            key = np.full(len(holds), kind, np.uint64)
            for row in range(rows):
                seed = _SEEDS[kind * _LEAD_ROWS + row]
                least = np.minimum.reduceat((self.hashes ^ seed) * _SPREAD, begins)
                key = _mixed(key * _FACTOR + least)
            short = (key >> np.uint64(32)).astype(np.uint32)
            found[holds, place] = short & ~np.uint32(_KIND_MASK) | np.uint32(kind)
        return found


def _mixed(values: Words) -> Words:
    """Each bit of a value on each bit of the result (the last steps of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_SEEDS = _mixed(np.arange(1, (1 << KIND_BITS) * _LEAD_ROWS + 1, dtype=np.uint64) * _FACTOR)
