"""Two runs of words held against each other, in bounded time whatever they are."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CLOSE_LOOK = 400
"""Words of one run up to which ``difflib`` compares: it may take their cube in steps."""

MOST_LOOKED_AT = 8000
"""Words that it compares in all; what is beyond that counts as replaced."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words ``old[i1:i2]`` which are ``new[j1:j2]`` now: the same ones, or others in their place."""

    i1: int
    i2: int
    j1: int
    j2: int
    same: bool


def diff_words(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """How ``new`` is made of ``old``: spans in order that cover both, a changed one between two
    that are the same. Texts of any length take time in proportion to it."""
    spans: list[Span] = []
    for span in _Looking(old, new).spans():
        if span.i1 == span.i2 and span.j1 == span.j2:
            continue
        if spans and spans[-1].same == span.same:
            spans[-1] = Span(spans[-1].i1, span.i2, spans[-1].j1, span.j2, same=span.same)
        else:
            spans.append(span)
    return spans


class _Looking:
    """One comparison, with how much of it may still be looked at closely."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old, self._new = old, new
        self._left = MOST_LOOKED_AT

    def spans(self) -> Iterator[Span]:
        i1, i2, j1, j2 = self._trimmed(0, len(self._old), 0, len(self._new))
        yield Span(0, i1, 0, j1, same=True)
        if max(i2 - i1, j2 - j1) <= CLOSE_LOOK:
            yield from self._close(i1, i2, j1, j2)
        else:
            yield from self._between_anchors(i1, i2, j1, j2)
        yield Span(i2, len(self._old), j2, len(self._new), same=True)

    def _trimmed(self, i1: int, i2: int, j1: int, j2: int) -> tuple[int, int, int, int]:
        """The range without the words that both begin and end with."""
        while i1 < i2 and j1 < j2 and self._old[i1] == self._new[j1]:
            i1, j1 = i1 + 1, j1 + 1
        while i1 < i2 and j1 < j2 and self._old[i2 - 1] == self._new[j2 - 1]:
            i2, j2 = i2 - 1, j2 - 1
        return i1, i2, j1, j2

    def _between_anchors(self, i1: int, i2: int, j1: int, j2: int) -> Iterator[Span]:
        """What lies between the words that both have once, where these keep their order."""
        i, j = i1, j1
        for anchor_i, anchor_j in (*self._anchors(i1, i2, j1, j2), (i2, j2)):
            a1, a2, b1, b2 = self._trimmed(i, anchor_i, j, anchor_j)
            yield Span(i, a1, j, b1, same=True)
            yield from self._close(a1, a2, b1, b2)
            yield Span(a2, anchor_i, b2, anchor_j, same=True)
            i, j = anchor_i, anchor_j

    def _anchors(self, i1: int, i2: int, j1: int, j2: int) -> list[tuple[int, int]]:
        here, there = Counter(self._old[i1:i2]), Counter(self._new[j1:j2])
        place = {self._new[j]: j for j in range(j1, j2) if there[self._new[j]] == 1}
        pairs = [
            (i, place[self._old[i]])
            for i in range(i1, i2)
            if here[self._old[i]] == 1 and self._old[i] in place
        ]
        return _longest_rise(pairs)

    def _close(self, i1: int, i2: int, j1: int, j2: int) -> Iterator[Span]:
        longest = max(i2 - i1, j2 - j1)
        if i1 == i2 or j1 == j2 or longest > min(CLOSE_LOOK, self._left):
            yield Span(i1, i2, j1, j2, same=False)
            return
        self._left -= longest
        matcher = SequenceMatcher(None, self._old[i1:i2], self._new[j1:j2])
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            yield Span(i1 + a1, i1 + a2, j1 + b1, j1 + b2, same=tag == "equal")


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of these pairs, sorted by their first, whose second ones rise, too."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        at = bisect_left(tops, j)
        before.append(ends[at - 1] if at else -1)
        if at == len(tops):
            tops.append(j)
            ends.append(number)
        else:
            tops[at], ends[at] = j, number
    found = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
