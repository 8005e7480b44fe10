"""Hits: the words found in the fields of a story, with their points, and what these come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from aggregator.curate.matching.words import Matcher, find_spans

_NO_POINTS: Mapping[str, float] = {}
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


class Tally:
    """The hits of one story, by field in their order, then by place. ``points`` are sums by group, and
    ``bits`` what the hits mark of the sections' conditions."""

    __slots__ = ("_has_sums", "bits", "hits", "points")

    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self.points: dict[str, float] = {}
        self.bits = 0
        self._has_sums = False

    def add_points(self, group: str, worth: float) -> None:
        """Count points for a group that has a hit."""
        known = self.points.get(group, 0.0)
        if known:
            self._has_sums = True
        self.points[group] = known + worth

    def rounded(self) -> dict[str, float]:
        """The points in the order of the groups' names."""
        points = self.points
        # What a single hit is worth is rounded already.
        if self._has_sums:
            return {group: round(points[group], 3) for group in sorted(points)}
        return {group: points[group] for group in sorted(points)}


def find_hits(matcher: Matcher, texts: Mapping[str, str]) -> list[Hit]:
    """Every hit in ``texts`` (field to plain text), by field in their order, then by place."""
    return tally_hits(matcher, texts).hits


def tally_hits(matcher: Matcher, texts: Mapping[str, str]) -> Tally:
    """The same with what the hits come to."""
    tally = Tally()
    names = [name for name, text in texts.items() if text]
    given = [texts[name] for name in names]
    hits, cap, words = tally.hits, matcher.rules.group_cap, matcher.words
    base = limit = place = 0
    for begin, stop, number in find_spans(matcher, given):
        while begin >= limit:
            name = names[place]
            points = matcher.points.get(name, _NO_POINTS)
            marks = matcher.sections.marks.get(name, _NO_MARKS)
            base, limit = limit, limit + len(given[place]) + 1
            place += 1
            counted: dict[str, list[int]] = {}
        group, word = words[number]
        seen = counted.get(group)
        if seen is None:
            seen = counted[group] = []
            tally.bits |= marks.get(group, 0)
            tally.points.setdefault(group, 0.0)
        worth = 0.0
        if len(seen) < cap and number not in seen:
            seen.append(number)
            worth = points.get(group, 0.0)
            tally.add_points(group, worth)
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
    return tally
