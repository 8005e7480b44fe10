"""Lines that fit into a terminal, where a Korean syllable takes two columns."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, set_cell_size

WORD_MAX = 40
"""Characters of a word of the rules that are shown; no word is longer, but patterns are."""

_ENDING = 16
"""Of these the last ones: patterns of one kind begin alike and end otherwise."""

USUAL = 80
"""Columns that lists are wrapped to."""


def fitted(line: str, width: int | None) -> str:
    """The line, its end cut where it is wider than ``width`` (None: nothing is cut)."""
    if width is None or cell_len(line) <= width:
        return line
    return set_cell_size(line, width - 1).rstrip() + "…"


def wrapped(
    words: Iterable[str], *, first: str, indent: int = 0, width: int | None = None
) -> Iterator[str]:
    """Words with commas between, behind ``first``, on lines of ``width`` columns (80 for None) of
    which all but the first begin with ``indent`` spaces (as many as ``first`` has, for 0)."""
    reach = min(width or USUAL, USUAL)
    line, is_empty = first, True
    begin = " " * (indent or cell_len(first))
    for word in words:
        more = word if is_empty else f", {word}"
        if not is_empty and cell_len(line) + cell_len(more) >= reach:
            yield f"{line},"
            line, more = begin, word
        line, is_empty = line + more, False
    if not is_empty:
        yield line


def short_word(word: str) -> str:
    """A word of the rules as it is named beside a text: of a long pattern its beginning and its
    end."""
    if len(word) <= WORD_MAX:
        return word
    return f"{word[: WORD_MAX - _ENDING - 1]}…{word[-_ENDING:]}"


def padded(text: str, width: int) -> str:
    """The text with spaces behind it up to ``width`` columns; a longer one as it is."""
    return text + " " * max(width - cell_len(text), 0)


def width_of_output() -> int | None:
    """The columns of the terminal that standard output is, None where it is none."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console

    return Console().width
