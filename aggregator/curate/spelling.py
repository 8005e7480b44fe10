"""Text folded for matching: case, width and spaces gone, every character traced to its origin."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

_QUOTES = str.maketrans("‘’‛`´“”‟", "'''''\"\"\"")
_HYPHENS = frozenset("-‐‑‒–—")
_FIRST_MEDIAL_JAMO = 0x1160
_LAST_FINAL_JAMO = 0x11FF


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """``text`` without spaces, and for each of its characters the ``starts`` and ``ends`` of what
    it came from in the original."""

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original that ``text[start:end]`` came from."""
        return self.starts[start], self.ends[end - 1]

    def has_space(self, index: int) -> bool:
        """Whether the original has white space just before the folded character ``index``."""
        gap = self.original[self.ends[index - 1] : self.starts[index]]
        return any(char.isspace() for char in gap)

    def spaces(self, start: int, end: int) -> tuple[int, ...]:
        """Offsets within ``text[start:end]`` before which the original has white space."""
        if self.ends[end - 1] - self.starts[start] == end - start:
            return ()
        return tuple(i - start for i in range(start + 1, end) if self.has_space(i))


class _Next(Sequence[int]):
    """One more than each of some numbers, counted when it is asked for."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        """The number there, or those numbers."""
        if isinstance(index, slice):
            return _Next(self._numbers[index])
        return self._numbers[index] + 1


def is_latin(char: str) -> bool:
    """Whether ``char`` is a letter of the Latin script or an ASCII digit."""
    if char.isascii():
        return char.isalnum()
    return "\u00c0" <= char <= "\u024f" or "\uff21" <= char <= "\uff5a"


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


class _Plainly(dict[int, str]):
    """What ``str.translate`` makes of each character: nothing of white space, the one character that
    another folds to, or _ODD."""

    def __missing__(self, code: int) -> str:
        """What a character becomes that was not met before."""
        folded = fold_char(chr(code))
        plain = folded if len(folded) == 1 and not folded.isspace() else _ODD
        if len(self) < _PLAIN_KEPT:
            self[code] = plain
        return plain


_ODD = "\0"
_PLAIN_KEPT = 20_000
_BLANKS = frozenset(char for char in map(chr, range(0x3001)) if char.isspace()) - {"\n"}
"""All white space but the line end; there is none beyond the ideographic blank."""

_PLAINLY = _Plainly({ord(char): "" for char in _BLANKS} | {ord("\n"): "\n"})
_HYPHEN = re.compile(f"[{''.join(sorted(_HYPHENS))}]")


def fold_text(text: str) -> Folded:
    """Fold ``text``. Spaces vanish; a line break stays, so that nothing matches across it; a hyphen
    between Latin characters vanishes (``self-driving`` is ``self driving``)."""
    if unicodedata.is_normalized("NFC", text):
        return _fold_composed(text)
    return _fold_by_character(text)


def _fold_composed(text: str) -> Folded:
    """The same for composed text, all of it at once."""
    starts = [place for place, char in enumerate(text) if char not in _BLANKS]
    pieces: list[str] = []
    done = 0
    for hyphen in _HYPHEN.finditer(text):
        joint = hyphen.start()
        if _joins_latin(text, joint):
            del starts[bisect_left(starts, joint)]
            pieces.append(text[done:joint])
            done = joint + 1
    kept = "".join((*pieces, text[done:])) if pieces else text
    folded = kept.translate(_PLAINLY)
    if _ODD in folded:
        folded, starts = _expand(text, folded, starts)
    return Folded(original=text, text=folded, starts=starts, ends=_Next(starts))


def _expand(text: str, folded: str, starts: list[int]) -> tuple[str, list[int]]:
    """Characters that fold to none or to several, put in for their marks."""
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    at = folded.find(_ODD)
    while at >= 0:
        whole = "".join(fold_char(text[starts[at]]).split())
        pieces += (folded[done:at], whole)
        places += starts[done:at]
        places += [starts[at]] * len(whole)
        done = at + 1
        at = folded.find(_ODD, done)
    return "".join((*pieces, folded[done:])), places + starts[done:]


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
    return Folded(original=text, text="".join(chars), starts=starts, ends=ends)


def _joins_latin(text: str, index: int) -> bool:
    return (
        text[index] in _HYPHENS
        and 0 < index < len(text) - 1
        and is_latin(text[index - 1])
        and is_latin(text[index + 1])
    )


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans that fold as one: single characters, or a decomposed character with its marks."""
    if unicodedata.is_normalized("NFC", text):
        return [(i, i + 1) for i in range(len(text))]
    spans: list[tuple[int, int]] = []
    for index, char in enumerate(text):
        if spans and (unicodedata.combining(char) or _is_inner_jamo(char)):
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans.append((index, index + 1))
    return spans


def _is_inner_jamo(char: str) -> bool:
    return _FIRST_MEDIAL_JAMO <= ord(char) <= _LAST_FINAL_JAMO
