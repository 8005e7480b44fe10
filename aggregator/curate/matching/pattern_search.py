"""Regular expressions of the rules, searched for in a text where that can find something."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, safe_reach
from aggregator.curate.matching.patterns import (
    DOTTED,
    required_hangul,
    required_head,
    required_pieces,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression with what a text must have for it to be found.

    One of the ``leads``, where there are any, is in the case-folded text of each field that it is
    found in; of each of ``hangul`` a piece is in the text as it is written. Every match begins with
    one of the ``heads``, where there are any, its case folded unless ``is_caseless``. It looks at ``reach`` characters of a field.
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


def search_pattern(pattern: Pattern, text: str) -> list[tuple[int, int]]:
    """The spans that a pattern finds in a text."""
    if pattern.heads and (folded := _folded(pattern, text)):
        starts = _places(pattern.heads, folded, pattern.reach)
        return _match_at(pattern, text, starts) if starts else []
    found: list[tuple[int, int]] = []
    if not may_be_found(pattern, text):
        return found
    reach = min(len(text), pattern.reach)
    at = 0
    search = _compiled(pattern.source).search
    while at <= reach and (match := search(text, at, reach)):
        begin, stop = match.span()
        if stop > begin:
            found.append((begin, stop))
        at = max(stop, begin + 1)
    return found


def _folded(pattern: Pattern, text: str) -> str:
    """The text in which the heads are looked for, "" where their places would not be those in
    ``text``, or where they may stand for letters of other words."""
    if pattern.is_caseless:
        return text
    folded = text.casefold()
    return folded if len(folded) == len(text) and DOTTED[1] not in text else ""


def _places(pieces: Iterable[str], text: str, reach: int) -> list[int]:
    """Where the pieces stand in a text, ascending."""
    places: list[int] = []
    for piece in pieces:
        at = text.find(piece, 0, reach)
        while at >= 0:
            places.append(at)
            at = text.find(piece, at + 1, reach)
    places.sort()
    return places


def _match_at(pattern: Pattern, text: str, starts: Iterable[int]) -> list[tuple[int, int]]:
    """What a search finds that can begin at these places alone: a match at the head of a word takes a
    small part of it."""
    found: list[tuple[int, int]] = []
    at = 0
    match = _compiled(pattern.source).match
    for start in starts:
        if start >= at and (one := match(text, start, pattern.reach)):
            at = one.end()
            found.append((start, at))
    return found
