"""A small MinHash over the pieces of a text, with the values of many pieces computed at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from zlib import crc32

_ROWS = 2
"""Minima in one band."""

_MOST_BANDS = 8
_PRIME_BITS = 61
_PRIME = (1 << _PRIME_BITS) - 1
_SEEDS = tuple(
    (
        int.from_bytes(blake2b(b"a%d" % n, digest_size=7).digest(), "big") | 1,
        int.from_bytes(blake2b(b"b%d" % n, digest_size=7).digest(), "big"),
    )
    for n in range(_MOST_BANDS * _ROWS)
)
_FEW = 48
"""So many pieces are those of a headline, which other headlines have as well."""

_LANE = 128
"""Bits of a lane: two words, of which a value needs one after the reduction."""

_ROUNDED = 32
"""Lanes are computed for a multiple of so many values, so that few sets of constants are kept."""


def bands(shingles: Iterable[str], count: int) -> Iterator[str]:
    """``count`` short names (8 at most) of which alike sets of pieces share some; nothing for no
    pieces. Stable across processes and machines."""
    values = [*{crc32(shingle.encode()) for shingle in shingles}]
    if not values:
        return
    if len(values) <= _FEW:
        least = [min(column) for column in zip(*map(_values_of, values), strict=True)]
    else:
        least = _minima(values, count * _ROWS)
    for band in range(count):
        yield digest(",".join(map(str, least[band * _ROWS : (band + 1) * _ROWS])))


def digest(text: str) -> str:
    """16 hex digits that stand for a text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=16_384)
def _values_of(value: int) -> tuple[int, ...]:
    """(a * value + b) % prime for all seeds a, b."""
    return tuple([(a * value + b) % _PRIME for a, b in _SEEDS])


def _minima(values: list[int], rows: int) -> list[int]:
    """For each of the first ``rows`` seeds a, b the least (a * value + b) % prime.

    Each product has a lane of its own in one long number, so that one multiplication and one
    reduction make those of all values. The prime is 2**61 - 1: what stands above 61 bits is added
    to what stands below.
    """
    lanes = -(-len(values) // _ROUNDED) * _ROUNDED
    values += values[:1] * (lanes - len(values))
    fixed = _constants(lanes)
    packed = int.from_bytes(fixed.layout.pack(*values), "little")
    read, size = fixed.layout.unpack, fixed.layout.size
    least = []
    for (factor, _), summand in zip(_SEEDS[:rows], fixed.summands, strict=False):
        sums = packed * factor + summand
        folded = (sums & fixed.mask) + ((sums >> _PRIME_BITS) & fixed.mask)
        row = read(folded.to_bytes(size, "little"))
        if (folded + fixed.ones) & fixed.above:
            # One addition can leave the prime or a little more, which is 0 or a little more.
            row = tuple(value % _PRIME for value in row)
        least.append(min(row))
    return least


@dataclass(frozen=True, slots=True, kw_only=True)
class _Constants:
    """For one number of lanes: 1, the prime and the bit above it in each, the seeds' summands in
    each, and how lanes are read."""

    ones: int
    mask: int
    above: int
    summands: tuple[int, ...]
    layout: Struct


@lru_cache(maxsize=32)
def _constants(lanes: int) -> _Constants:
    ones = sum(1 << (_LANE * n) for n in range(lanes))
    return _Constants(
        ones=ones,
        mask=ones * _PRIME,
        above=ones << _PRIME_BITS,
        summands=tuple(ones * b for _, b in _SEEDS),
        layout=Struct("<" + "Q8x" * lanes),
    )
