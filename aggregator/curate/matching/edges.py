"""Where a word of the rules stands as that word: its edges, the spaces in it, what is around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from aggregator.curate.matching.spelling import LATIN, Folded, is_hangul, is_latin, is_word

_SHORT = 2
_JOSA = re.compile(
    r"(?:들)?(?:은|는|이|가|을|를|의|에|에서|에서는|에게|에는|에도|에서도|으로|로|으로는|로는|와|과|도|만|까지|"
    r"부터|보다|이나|나|처럼|이란|란|라는|이라는|이라|라|으로서|로서|으로써|로써|이다|다|입니다)?(?![가-힣A-Za-z0-9])",
)
_PREFIXES = frozenset(
    "신구대소고저무재초각본타전현군민관총제시도한북남동서중친반탈비원주내외항육해"
)
"""Single syllables that stand before a two-syllable word without making another word of it."""


FREE = 2
"""The ease of a word of which nothing more is asked."""


class Term(NamedTuple):
    """One folded spelling of the word that has this ``number``, with what must hold around it.
    ``breaks`` are the places in ``folded`` at which the word itself is written with a space.

    ``ease`` says what is asked of a match with free edges that crosses no space: 2 nothing, 1 nothing
    where no syllable stands before it, 0 more.
    """

    number: int
    ease: int
    folded: str
    breaks: tuple[int, ...]
    is_acronym: bool
    is_short: bool


def make_term(number: int, word: str, folded: Folded, *, is_mask: bool) -> Term:
    """The term of a word in one of its forms, folded."""
    text = folded.text
    is_acronym = word.isascii() and word.isupper()
    is_short = not is_mask and len(text) <= _SHORT and all(map(is_hangul, text))
    return Term(
        number,
        0 if is_acronym else FREE - is_short,
        text,
        folded.spaces(0, len(text)),
        is_acronym,
        is_short,
    )


def has_free_edges(text: str, begin: int, stop: int) -> bool:
    """Whether Latin letters stand only between Latin edges: no other ones before or behind them."""
    if begin and text[begin - 1] in LATIN and text[begin] in LATIN:
        return False
    return not (stop < len(text) and text[stop] in LATIN and text[stop - 1] in LATIN)


def stands_free(
    term: Term,
    text: str,
    span: tuple[int, int],
    spaces: tuple[int, ...],
    begins: Sequence[int],
) -> bool:
    """Whether a match with free edges is the word itself. ``spaces`` are the places in the folded
    match at which ``text`` has a space; ``begins`` is where each of the texts begins that ``text``
    is joined of by line ends."""
    begin, stop = span
    if spaces and not _may_cross(term, text, begin, stop, spaces):
        return False
    if term.is_acronym and not _reads_as_acronym(text, begin, stop, begins):
        return False
    return not (term.is_short and _is_tail_of_word(text, begin))


def _may_cross(term: Term, text: str, begin: int, stop: int, spaces: tuple[int, ...]) -> bool:
    """Whether a match may cross these spaces: it starts at a word's edge, and ends at one too
    where the word itself is written without the space."""
    if begin and is_word(text[begin - 1]):
        return False
    unexpected = [offset for offset in spaces if offset not in term.breaks]
    if any(is_latin(term.folded[o - 1]) and is_latin(term.folded[o]) for o in unexpected):
        return False
    return not unexpected or _JOSA.match(text, stop) is not None


def _reads_as_acronym(text: str, begin: int, stop: int, begins: Sequence[int]) -> bool:
    """``its`` in an English sentence is no ITS: small letters count only outside Latin company."""
    written = text[begin:stop]
    if not any(char.islower() for char in written):
        return True
    number = bisect_right(begins, begin)
    left = text[begins[number - 1] : begin].rstrip()
    right = text[stop : begins[number] if number < len(begins) else None].lstrip()
    return not (left and is_latin(left[-1])) and not (right and is_latin(right[0]))


def _is_tail_of_word(text: str, begin: int) -> bool:
    """Whether a two-syllable word is the end of another one (``에드론``, ``세수소폭``): one single
    syllable stands before it, and it is none that commonly does."""
    if begin == 0 or not is_hangul(text[begin - 1]):
        return False
    alone = begin == 1 or not is_word(text[begin - 2])
    return alone and text[begin - 1] not in _PREFIXES
