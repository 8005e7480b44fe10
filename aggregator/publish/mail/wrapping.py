"""Lines of plain text for people: a Hangul syllable is as wide as two Latin letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from aggregator.text.xml_chars import xml_safe

COLUMNS = 72
"""How wide a line of a text mail is; addresses are never broken."""

_WIDE = {"W", "F"}


def width(text: str) -> int:
    """The columns that ``text`` takes: two for wide characters, none for marks upon others."""
    return sum(map(_width_of, text))


@cache
def _width_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1


def wrap(text: str, columns: int = COLUMNS) -> list[str]:
    """``text`` in lines of at most ``columns``, broken at blanks; a word that is wider than a line
    is broken where the line is full. Every run of blanks is one."""
    lines: list[str] = []
    line, used = "", 0
    for word in _pieces(text, columns):
        wide = width(word)
        if line and used + 1 + wide > columns:
            lines.append(line)
            line, used = "", 0
        line, used = (f"{line} {word}", used + 1 + wide) if line else (word, wide)
    return [*lines, line] if line else lines


def _pieces(text: str, columns: int) -> Iterator[str]:
    """The words of ``text``, those wider than a line in pieces."""
    for word in text.split():
        if width(word) <= columns:
            yield word
            continue
        piece, used = "", 0
        for char in word:
            wide = width(char)
            if used + wide > columns:
                yield piece
                piece, used = "", 0
            piece, used = piece + char, used + wide
        yield piece


def fold(text: str, longest: int = 240) -> str:
    """``text`` with line ends in place of blanks, so that no line is much longer than ``longest``
    bytes, and without what XML forbids; HTML shows both the same."""
    lines: list[str] = []
    size = 0
    for word in xml_safe(text).split(" "):
        wide = len(word.encode()) + 1
        if lines and size + wide <= longest:
            lines[-1] += f" {word}"
            size += wide
        else:
            lines.append(word)
            size = wide
    return "\n".join(lines)
