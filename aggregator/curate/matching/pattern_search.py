"""Regular expressions of the rules, searched for in a text where that can find something."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from aggregator.curate.matching.joined import Joined
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, safe_reach
from aggregator.curate.matching.patterns import (
    required_hangul,
    required_head,
    required_pieces,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression with what a text must have for it to be found.

    One of the ``leads``, where there are any, is in the case-folded text of each field that it is
    found in; of each of ``hangul`` a piece is in the text as it is written. Every match begins with
    one of the ``heads``, where there are any, which are Hangul alone where ``is_caseless``, else case
    folded. It looks at ``reach`` characters of a field.
    """

    source: str
    leads: frozenset[str]
    hangul: tuple[tuple[str, ...], ...]
    heads: tuple[str, ...]
    is_caseless: bool
    reach: int


def make_pattern(word: str) -> Pattern:
    """The pattern of a word of the rules. Raises ``re.error`` for one that is none."""
    source = word.removeprefix(PATTERN_PREFIX)
    leads = required_pieces(source)
    heads = required_head(source)
    return Pattern(
        source=source,
        leads=leads,
        hangul=tuple(tuple(sorted(one)) for one in required_hangul(source) if one != leads),
        heads=tuple(sorted(heads)),
        is_caseless=not any(char.isascii() and char.isalpha() for head in heads for char in head),
        reach=safe_reach(source),
    )


@lru_cache(maxsize=4096)
def _compiled(source: str) -> re.Pattern[str]:
    """Compiled when it is first searched for: most wait for a piece that few texts have."""
    return re.compile(source, re.IGNORECASE)


def may_be_found(pattern: Pattern, text: str) -> bool:
    """Whether a text has the Hangul that is asked for; one without it need not be searched."""
    for pieces in pattern.hangul:
        for piece in pieces:
            if piece in text:
                break
        else:
            return False
    return True


def search_pattern(pattern: Pattern, joined: Joined) -> list[tuple[int, int]]:
    """The spans that a pattern finds in each of the texts, as places in the whole."""
    if pattern.heads:
        folded = joined.whole if pattern.is_caseless else joined.folded
        if folded:
            return _match_at(pattern, joined, _places(pattern.heads, folded))
    found: list[tuple[int, int]] = []
    for text, base in zip(joined.texts, joined.begins, strict=True):
        if may_be_found(pattern, text):
            found += [(base + begin, base + stop) for begin, stop in _search(pattern, text)]
    return found


def _search(pattern: Pattern, text: str) -> Iterator[tuple[int, int]]:
    reach = min(len(text), pattern.reach)
    at = 0
    search = _compiled(pattern.source).search
    while at <= reach and (match := search(text, at, reach)):
        begin, stop = match.span()
        if stop > begin:
            yield begin, stop
        at = max(stop, begin + 1)


def _places(pieces: Iterable[str], text: str) -> list[int]:
    """Where the pieces stand in a text, ascending."""
    places: list[int] = []
    for piece in pieces:
        at = text.find(piece)
        while at >= 0:
            places.append(at)
            at = text.find(piece, at + 1)
    places.sort()
    return places


def _match_at(pattern: Pattern, joined: Joined, starts: Iterable[int]) -> list[tuple[int, int]]:
    """What a search finds that can begin at these places alone: a match at the head of a word takes a
    small part of it."""
    found: list[tuple[int, int]] = []
    at = 0
    match = _compiled(pattern.source).match
    for start in starts:
        if start >= at:
            place = bisect_right(joined.begins, start) - 1
            base = joined.begins[place]
            if one := match(joined.texts[place], start - base, pattern.reach):
                at = base + one.end()
                found.append((start, at))
    return found
