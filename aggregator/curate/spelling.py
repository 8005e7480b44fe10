"""Text folded for matching: case, width and spaces gone, every character traced to its origin."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

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
    starts: tuple[int, ...]
    ends: tuple[int, ...]

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


def fold_text(text: str) -> Folded:
    """Fold ``text``. Spaces vanish; a line break stays, so that nothing matches across it; a hyphen
    between Latin characters vanishes (``self-driving`` is ``self driving``)."""
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
    return Folded(original=text, text="".join(chars), starts=tuple(starts), ends=tuple(ends))


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
