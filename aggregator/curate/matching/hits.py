"""Hits: the words found in the fields of a story, with their points, and what these come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from aggregator.curate.matching.words import NOTHING, Matcher, Worth, find_spans, to_thousandths

_NO_POINTS: Mapping[str, Worth] = {}
_NO_MARKS: Mapping[str, int] = {}


class Hit(TypedDict):
    """A word of a group in a field, as the trace has it. ``start`` and ``end`` span the original text;
    ``points`` are 0 for a repeated word and for words beyond the group's cap."""

    group: str
    word: str
    field: str
    start: int
    end: int
    points: float


@dataclass(slots=True, kw_only=True)
class Tally:
    """The hits of one story, by field in their order, then by place. ``thousandths`` of points are
    summed up by group; ``bits`` are what the hits mark of the sections' conditions."""

    hits: list[Hit]
    thousandths: dict[str, int]
    bits: int

    def add(self, hit: Hit, bits: int) -> None:
        """Count one more hit."""
        group = hit["group"]
        self.hits.append(hit)
        self.thousandths[group] = self.thousandths.get(group, 0) + to_thousandths(hit["points"])
        self.bits |= bits

    def points(self) -> dict[str, float]:
        """The points by group, in the order of their names."""
        sums = self.thousandths
        return {group: sums[group] / 1000 for group in sorted(sums)}

    def points_of(self, groups: Iterable[str]) -> float:
        """The points of these groups together."""
        sums = self.thousandths
        return sum([sums.get(group, 0) for group in groups]) / 1000


def find_hits(matcher: Matcher, texts: Mapping[str, str]) -> list[Hit]:
    """Every hit in ``texts`` (field to plain text), by field in their order, then by place."""
    return tally_hits(matcher, texts).hits


def tally_hits(matcher: Matcher, texts: Mapping[str, str]) -> Tally:
    """The same with what the hits come to."""
    names = [name for name, text in texts.items() if text]
    given = [texts[name] for name in names]
    hits: list[Hit] = []
    sums: dict[str, int] = {}
    cap, words = matcher.rules.group_cap, matcher.words
    bits = base = limit = place = 0
    for begin, stop, number in find_spans(matcher, given):
        while begin >= limit:
            name = names[place]
            points = matcher.points.get(name, _NO_POINTS)
            marks = matcher.sections.marks.get(name, _NO_MARKS)
            base, limit = limit, limit + len(given[place]) + 1
            place += 1
            left: dict[str, int] = {}
            counted: set[int] = set()
        group, word = words[number]
        more = left.get(group)
        if more is None:
            more = left[group] = cap
            bits |= marks.get(group, 0)
            sums.setdefault(group, 0)
        worth = 0.0
        if more > 0 and number not in counted:
            counted.add(number)
            left[group] = more - 1
            worth, thousandths = points.get(group, NOTHING)
            sums[group] += thousandths
        hits.append(
            {
                "group": group,
                "word": word,
                "field": name,
                "start": begin - base,
                "end": -stop - base,
                "points": worth,
            }
        )
    return Tally(hits=hits, thousandths=sums, bits=bits)
