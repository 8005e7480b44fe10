"""A text that two have changed, each for himself: put together word by word where that is plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aggregator.text.word_diff import diff_words


class Outcome(StrEnum):
    """What came of it: only ``mine`` differs; only ``theirs`` does, or both alike; both do, in other
    places; both do, in one place."""

    UNCHANGED = "unchanged"
    TAKEN = "taken"
    MERGED = "merged"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay:
    """Both texts with what they were made of. ``text`` is what they come to; "" for a conflict,
    which somebody must decide."""

    outcome: Outcome
    text: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Words ``start`` to ``end`` of the base, which are others now."""

    start: int
    end: int
    words: tuple[str, ...]

    def meets(self, other: _Hunk) -> bool:
        """Whether the two overlap, or stand side by side: what a word stands beside belongs to what
        it says."""
        return max(self.start, other.start) <= min(self.end, other.end)


def three_way(base: str, mine: str, theirs: str) -> ThreeWay:
    """What ``mine`` and ``theirs`` come to, which were both made of ``base``. White space alone is no
    difference; what is merged has single spaces."""
    old, one, other = base.split(), mine.split(), theirs.split()

    def told(outcome: Outcome, text: str) -> ThreeWay:
        return ThreeWay(outcome=outcome, text=text, base=base, mine=mine, theirs=theirs)

    if other == old:
        return told(Outcome.UNCHANGED, mine)
    if one in (old, other):
        return told(Outcome.TAKEN, theirs)
    hunks = _together(_hunks(old, one), _hunks(old, other))
    if hunks is None:
        return told(Outcome.CONFLICT, "")
    return told(Outcome.MERGED, " ".join(_applied(old, hunks)))


def _hunks(old: Sequence[str], new: Sequence[str]) -> list[_Hunk]:
    return [
        _Hunk(span.i1, span.i2, tuple(new[span.j1 : span.j2]))
        for span in diff_words(old, new)
        if not span.same
    ]


def _together(mine: Sequence[_Hunk], theirs: Sequence[_Hunk]) -> list[_Hunk] | None:
    """All hunks in order, what both did alike once; None where two of them meet."""
    if any(one.meets(other) and one != other for one in mine for other in theirs):
        return None
    return sorted({*mine, *theirs}, key=lambda hunk: (hunk.start, hunk.end))


def _applied(old: Sequence[str], hunks: Sequence[_Hunk]) -> list[str]:
    words: list[str] = []
    at = 0
    for hunk in hunks:
        words += old[at : hunk.start]
        words += hunk.words
        at = hunk.end
    return [*words, *old[at:]]
