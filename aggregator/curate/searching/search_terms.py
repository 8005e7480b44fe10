"""What a search looks for, found in a text as the rules find their words: whatever the spaces, the case
and the width, but not across the edges of words; and the pieces by which an index knows texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.curate.matching.edges import Term, has_free_edges, make_term, stands_free
from aggregator.curate.matching.spelling import Folded, fold_text, is_hangul, is_word

PIECES = 16
"""Pieces of one term that an index is asked for: enough to be nearly sure."""

_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_LONG_NUMBER = re.compile(r"([0-9]{4,})")
_THOUSANDS = re.compile(r"[0-9]{3}(?![0-9])")


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A word or a phrase. ``letters`` are its letters and digits; ``pattern`` finds it where a number
    may be written with commas or without, None where it has no such number."""

    shown: str
    letters: str
    term: Term
    pattern: re.Pattern[str] | None

    @property
    def pieces(self) -> tuple[str, ...]:
        """What a text must have to have the term; at most PIECES of them."""
        if len(self.letters) == 1:
            return (self.letters,)
        pairs = [*dict.fromkeys(_pairs(self.letters))]
        step = -(-len(pairs) // PIECES)
        return tuple(pairs[::step])


def make_search_term(text: str) -> SearchTerm | None:
    """The term of what somebody typed; None where it has no letter and no digit."""
    folded = fold_text(" ".join(text.split()))
    plain = _COMMA.sub("", folded.text)
    letters = letters_of(plain)
    if not letters:
        return None
    # In small letters: no word of a search is an acronym that wants capitals.
    term = make_term(0, folded.text, folded, is_mask=True)
    pattern = re.compile(_with_commas(plain)) if _LONG_NUMBER.search(plain) else None
    return SearchTerm(text, letters, term, pattern)


def _with_commas(text: str) -> str:
    """An expression for the text in which numbers may have commas."""
    numbers = _LONG_NUMBER.split(text)
    return "".join(
        _grouped(part) if place % 2 else re.escape(part) for place, part in enumerate(numbers)
    )


def _grouped(number: str) -> str:
    head = len(number) % 3
    groups = [number[:head]] if head else []
    groups += [number[at : at + 3] for at in range(head, len(number), 3)]
    return ",?".join(groups)


def find_term(term: SearchTerm, folded: Folded) -> list[tuple[int, int]]:
    """Where the term stands in a text: spans of the text as it was before it was folded, in their
    order, none within another."""
    found: list[tuple[int, int]] = []
    at = 0
    while (span := _next(term, folded.text, at)) is not None:
        begin, stop = folded.span(*span)
        if _stands(term, folded, span, begin, stop):
            found.append((begin, stop))
            at = span[1]
        else:
            at = span[0] + 1
    return found


def has_term(term: SearchTerm, folded: Folded) -> bool:
    """Whether the term stands in a text."""
    at = 0
    while (span := _next(term, folded.text, at)) is not None:
        if _stands(term, folded, span, *folded.span(*span)):
            return True
        at = span[0] + 1
    return False


def _next(term: SearchTerm, text: str, at: int) -> tuple[int, int] | None:
    if term.pattern is not None:
        match = term.pattern.search(text, at)
        return match.span() if match else None
    start = text.find(term.term.folded, at)
    return None if start < 0 else (start, start + len(term.term.folded))


def _stands(term: SearchTerm, folded: Folded, span: tuple[int, int], begin: int, stop: int) -> bool:
    text = folded.original
    if not has_free_edges(text, begin, stop) or _cuts_a_number(text, begin, stop):
        return False
    if len(term.letters) == 1 and is_hangul(term.letters) and begin and is_word(text[begin - 1]):
        return False
    spaces = folded.spaces(*span)
    if not spaces:
        return True
    asked = term.term
    if term.pattern is not None:
        asked = asked._replace(folded=folded.text[slice(*span)])
    return stands_free(asked, text, (begin, stop), spaces, (0,))


def _cuts_a_number(text: str, begin: int, stop: int) -> bool:
    """Whether a number goes on beyond a comma: 400 in 2,400."""
    if begin > 1 and text[begin - 1] == "," and text[begin - 2].isdigit():
        return _THOUSANDS.match(text, begin) is not None
    if stop < len(text) and text[stop] == "," and text[stop - 1].isdigit():
        return _THOUSANDS.match(text, stop + 1) is not None
    return False


# --- pieces ---------------------------------------------------------------------------------------


def letters_of(folded: str) -> str:
    """The letters and digits of a folded text."""
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def text_pieces(texts: Iterable[str]) -> set[str]:
    """The pieces of texts: each two letters that follow each other, whatever stands between them, and
    the last letter of each text. What has a term has the term's pieces."""
    found: set[str] = set()
    for text in texts:
        letters = letters_of(fold_text(text).text)
        found.update(_pairs(letters))
        found.add(letters[-1:])
    found.discard("")
    return found


def _pairs(letters: str) -> Iterable[str]:
    return map(str.__add__, letters, letters[1:])
