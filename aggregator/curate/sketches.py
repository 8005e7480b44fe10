"""Items in little room, by which most pairs are told apart before anybody looks closely.

What two texts share is counted in bit maps: each piece of a text sets one of a few hundred bits.
Pieces may share a bit, so a likeness is taken for too high or right, never for too low.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aggregator.curate.features import LEAD_GRAM, TITLE_GRAM, Outline

_TITLE_BITS = 512
_LEAD_BITS = 2048
_POWERS = tuple(1 << n for n in range(_LEAD_BITS))


@dataclass(frozen=True, slots=True)
class BitMap:
    """The pieces of one text: their ``bits``, how ``many`` bits are set, and how many pieces came
    to a bit that was set already (``lost``), the same piece again or another."""

    bits: int
    many: int
    lost: int

    def most(self, other: BitMap) -> int:
        """How many different pieces the two texts have in common at most."""
        return (self.bits & other.bits).bit_count() + min(self.lost, other.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """One item: where it stands in the order of arrival (``day``, ``feed``, ``key``), and an
    outline of what is compared besides its address."""

    day: date
    feed: str
    key: str
    title: str
    title_map: BitMap
    lead_map: BitMap

    @property
    def place(self) -> tuple[date, str, str]:
        """The order in which nothing depends on arrival."""
        return (self.day, self.feed, self.key)


def sketch(one: Outline, *, day: date, feed: str, key: str) -> Sketch:
    """The sketch of an item whose outline this is."""
    return Sketch(
        day=day,
        feed=feed,
        key=key,
        title=one.title,
        title_map=_map(one.title, TITLE_GRAM, _TITLE_BITS),
        lead_map=_map(one.lead, LEAD_GRAM, _LEAD_BITS),
    )


def _map(text: str, size: int, bits: int) -> BitMap:
    pieces = max(1, len(text) - size + 1) if text else 0
    # Python's own hash differs from process to process, but a sketch never leaves its process.
    places = {hash(text[start : start + size]) % bits for start in range(pieces)}
    packed = sum([_POWERS[place] for place in places])
    return BitMap(packed, len(places), pieces - len(places))
