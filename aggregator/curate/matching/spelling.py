"""Text folded for matching: case, width and spaces gone, every character traced to its origin."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

_QUOTES = str.maketrans("‘’‛`´“”‟", "'''''\"\"\"")
_HYPHENS = frozenset("-‐‑‒–—")
_FIRST_MEDIAL_JAMO = 0x1160
_LAST_FINAL_JAMO = 0x11FF

_PLAIN = "\n -_a-~·※\u2190-\u21ff\u2500-\u27bf\u3001-\u3035\u4e00-\u9fff가-힣"
"""The blank, the line end, and characters of which nothing but the case is folded; "-" is one of
them where it does not join Latin characters. Nearly all texts are of these alone."""

LATIN = frozenset(
    map(
        chr,
        (
            *range(0x30, 0x3A),
            *range(0x41, 0x5B),
            *range(0x61, 0x7B),
            *range(0xC0, 0x250),
            *range(0xFF21, 0xFF5B),
        ),
    )
)
"""Letters of the Latin script, wide ones too, and ASCII digits."""

_LATIN = "A-Za-z0-9\u00c0-\u024f\uff21-\uff5a"
_COMMON = (("’", "'"), ("‘", "'"), ("”", '"'), ("“", '"'), ("\u00a0", " "))
"""What stands in a third of all texts; the rest is done one by one."""

_NOT_PLAIN = re.compile(f"[^{_PLAIN}]")
_JOINT = re.compile(f"-(?<=[{_LATIN}]-)(?=[{_LATIN}])")
"""A hyphen that joins. It begins with the hyphen itself, which is looked for at once."""


class Folded:
    """``text`` is the original without white space but line ends, case and width unified.

    ``original`` is what it came from: each folded character comes from one character of it, or in
    decomposed text from a character with its marks. Where ``has_gaps``, a place in ``text`` is the
    one in ``original`` less the ``gaps`` up to it and more the ``swollen`` ones up to it: places of
    what is the second or a later character of one of the original.
    """

    __slots__ = ("_gaps", "_is_simple", "_pieces", "has_gaps", "original", "swollen", "text")

    def __init__(
        self, original: str, pieces: list[str], swollen: Sequence[int] = (), *, is_simple: bool
    ) -> None:
        """``pieces`` is what stood between the characters left out; ``is_simple`` says that these were
        blanks."""
        self.original = original
        self.text = "".join(pieces).casefold()
        self.swollen = swollen
        self.has_gaps = True
        self._pieces = pieces
        self._is_simple = is_simple
        self._gaps: list[int] | None = None

    @property
    def gaps(self) -> list[int]:
        """The folded places before which a character of the original was left out, ascending; the
        last is the end of the text. One stands there as often as characters were left out."""
        if self._gaps is None:
            self._gaps = [*accumulate(map(len, self._pieces))]
        return self._gaps

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original that ``text[start:end]`` came from."""
        return self.locate(start, end)[:2]

    def spaces(self, start: int, end: int) -> tuple[int, ...]:
        """Offsets within ``text[start:end]`` before which the original has white space."""
        return self.locate(start, end)[2]

    def locate(self, start: int, end: int) -> tuple[int, int, tuple[int, ...]]:
        """The span, and the spaces in it."""
        gaps, swollen = self.gaps, self.swollen
        first = bisect_right(gaps, start)
        last = first if gaps[first] >= end else bisect_right(gaps, end - 1)
        begin, stop = start + first, end + last
        if swollen:
            begin -= bisect_right(swollen, start)
            stop -= bisect_right(swollen, end - 1)
        if last == first:
            return begin, stop, ()
        if last - first == 1 and self._is_simple:
            return begin, stop, (gaps[first] - start,)
        spaces = [gaps[gap] - start for gap in range(first, last) if self._is_blank(gap)]
        return begin, stop, tuple(dict.fromkeys(spaces))

    def _is_blank(self, gap: int) -> bool:
        place = self.gaps[gap]
        return self.original[place + gap - bisect_right(self.swollen, place)].isspace()


class FoldedByCharacter(Folded):
    """Decomposed text, with the ``starts`` and ``ends`` of where each character came from."""

    __slots__ = ("_ends", "_starts")

    def __init__(
        self, original: str, text: str, starts: Sequence[int], ends: Sequence[int]
    ) -> None:
        super().__init__(original, [text], is_simple=False)
        self.has_gaps = False
        self._starts = starts
        self._ends = ends

    def locate(self, start: int, end: int) -> tuple[int, int, tuple[int, ...]]:
        """The span of the original that ``text[start:end]`` came from, and the spaces in it."""
        begin, stop = self._starts[start], self._ends[end - 1]
        if stop - begin == end - start:
            return begin, stop, ()
        return begin, stop, tuple(p - start for p in range(start + 1, end) if self._has_space(p))

    def _has_space(self, place: int) -> bool:
        gap = self.original[self._ends[place - 1] : self._starts[place]]
        return any(char.isspace() for char in gap)


def is_latin(char: str) -> bool:
    """Whether ``char`` is a letter of the Latin script or an ASCII digit."""
    return char in LATIN


def is_hangul(char: str) -> bool:
    """Whether ``char`` is a precomposed Hangul syllable."""
    return "가" <= char <= "힣"


def is_word(char: str) -> bool:
    """Whether ``char`` can be part of a word."""
    return char.isalnum()


@lru_cache(maxsize=8192)
def fold_char(char: str) -> str:
    """One character (or one decomposed syllable) with case, width and quote style unified."""
    return unicodedata.normalize("NFKC", char).casefold().translate(_QUOTES)


def is_composed(text: str) -> bool:
    """Whether each character of ``text`` folds by itself."""
    return unicodedata.is_normalized("NFC", text)


def fold_text(text: str) -> Folded:
    """Fold ``text``. Spaces vanish; a line break stays, so that nothing matches across it; a hyphen
    between Latin characters vanishes (``self-driving`` is ``self driving``)."""
    if is_composed(text):
        return fold_composed(text)
    return _fold_by_character(text)


def fold_composed(text: str) -> Folded:
    """The same for text that is known to be composed, all of it at once."""
    spaced = text
    is_simple = True
    if "-" in text and _JOINT.search(text):
        spaced = _JOINT.sub(" ", text)
        is_simple = False
    if _NOT_PLAIN.search(spaced):
        for char, folded in _COMMON:
            spaced = spaced.replace(char, folded)
        if _NOT_PLAIN.search(spaced):
            return _fold_odd(text, spaced)
    return Folded(text, spaced.split(" "), is_simple=is_simple)


def _fold_odd(text: str, spaced: str) -> Folded:
    """Text with characters that fold to another one, to none or to several.

    What is left out becomes a blank first, so that only what swells moves what follows.
    """
    pieces: list[str] = []
    swollen: list[int] = []
    done = left_out = 0
    for odd in _NOT_PLAIN.finditer(spaced):
        place = odd.start()
        folded = _fold_one(text, place)
        left_out += spaced.count(" ", done, place) + (folded == " ")
        if len(folded) > 1:
            first = place - left_out + len(swollen) + 1
            swollen.extend(range(first, first + len(folded) - 1))
        pieces += (spaced[done:place], folded)
        done = place + 1
    pieces.append(spaced[done:])
    return Folded(text, "".join(pieces).split(" "), swollen, is_simple=False)


def _fold_one(text: str, place: int) -> str:
    """What a character that is not plain becomes, a blank where that is nothing."""
    char = text[place]
    if char in _HYPHENS and _joins_latin(text, place):
        return " "
    return _fold_alone(char)


@lru_cache(maxsize=8192)
def _fold_alone(char: str) -> str:
    return "".join(fold_char(char).split()) or " "


def _fold_by_character(text: str) -> Folded:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        piece = text[start:end]
        if piece == "\n":
            folded = piece
        elif piece.isspace() or _joins_latin(text, start):
            continue
        else:
            folded = fold_char(piece)
        for char in folded:
            if not char.isspace() or char == "\n":
                chars.append(char)
                starts.append(start)
                ends.append(end)
    return FoldedByCharacter(text, "".join(chars), starts, ends)


def _joins_latin(text: str, index: int) -> bool:
    return (
        text[index] in _HYPHENS
        and 0 < index < len(text) - 1
        and is_latin(text[index - 1])
        and is_latin(text[index + 1])
    )


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans that fold as one: single characters, or a decomposed character with its marks."""
    spans: list[tuple[int, int]] = []
    for index, char in enumerate(text):
        if spans and (unicodedata.combining(char) or _is_inner_jamo(char)):
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans.append((index, index + 1))
    return spans


def _is_inner_jamo(char: str) -> bool:
    return _FIRST_MEDIAL_JAMO <= ord(char) <= _LAST_FINAL_JAMO
