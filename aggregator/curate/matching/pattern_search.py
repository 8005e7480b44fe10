"""Regular expressions of the rules, searched for in a text where that can find something."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, safe_reach
from aggregator.curate.matching.patterns import required_hangul, required_head, required_pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression with what a text must have for it to be found.

    One of the ``leads``, where there are any, is in the case-folded text of each field that it is
    found in, at its very beginning where ``is_head``. Of each of ``hangul`` a piece is in
    the text as it is written. It looks at ``reach`` characters of a field.
    """

    source: str
    leads: frozenset[str]
    is_head: bool
    hangul: tuple[tuple[str, ...], ...]
    reach: int


def make_pattern(word: str) -> Pattern:
    """The pattern of a word of the rules. Raises ``re.error`` for one that is none."""
    source = word.removeprefix(PATTERN_PREFIX)
    head = required_head(source)
    leads = head or required_pieces(source)
    return Pattern(
        source=source,
        leads=leads,
        is_head=bool(head),
        hangul=tuple(tuple(sorted(one)) for one in required_hangul(source) if one != leads),
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


def search_pattern(pattern: Pattern, text: str) -> list[tuple[int, int]]:
    """The spans that a pattern finds in a text."""
    found: list[tuple[int, int]] = []
    reach = min(len(text), pattern.reach)
    at = 0
    search = _compiled(pattern.source).search
    while at <= reach and (match := search(text, at, reach)):
        begin, stop = match.span()
        if stop > begin:
            found.append((begin, stop))
        at = max(stop, begin + 1)
    return found


def match_pattern(pattern: Pattern, text: str, starts: Iterable[int]) -> list[tuple[int, int]]:
    """The same of a pattern that begins with its leads, of which ``starts`` are all the places in
    ascending order: a match at the head of a word takes a small part of a search."""
    found: list[tuple[int, int]] = []
    reach = min(len(text), pattern.reach)
    at = 0
    match = _compiled(pattern.source).match
    for start in starts:
        if at <= start < reach and (one := match(text, start, reach)):
            at = one.end()
            found.append((start, at))
    return found
