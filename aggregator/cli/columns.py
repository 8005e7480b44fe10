"""Text in columns: a Korean character takes two, and a line ends where the terminal does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

WIDTH = 80
"""Columns of a line."""

LONGEST = 300
"""Characters of one value that a terminal shows; --json has the whole."""

INDENT = "  "
_LABEL = 9
_CELL = 34
"""Columns of one cell of a table."""


def shown(text: str) -> str:
    """A foreign text on one line, without what would move a terminal's cursor, cut where it is too
    long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Columns as wide as what stands in them, the first to the left and the others to the right."""
    lines = [[_clipped(shown(str(cell)), _CELL) for cell in row] for row in (head, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    return [f"{INDENT}{_row(line, widths)}".rstrip() for line in lines]


def _clipped(text: str, width: int) -> str:
    return text if cell_len(text) <= width else f"{next(_pieces(text, width - 1))}…"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    gaps = [" " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
    rest = [gap + cell for gap, cell in zip(gaps[1:], cells[1:], strict=True)]
    return INDENT.join([cells[0] + gaps[0], *rest])


def labelled(label: str, *values: str) -> Iterator[str]:
    """Values under each other, wrapped, with a label on their left; empty ones are left out."""
    margin = _LABEL + len(INDENT)
    for value in values:
        for line in wrapped(value, WIDTH - margin):
            yield f"{label:>{_LABEL}}{INDENT}{line}"
            label = ""


def wrapped(text: str, width: int) -> Iterator[str]:
    """``text`` in lines of at most so many columns, broken between words, and within one only where
    it is longer than a line."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, width)
        yield from full
    if line:
        yield line


def _pieces(word: str, width: int) -> Iterator[str]:
    piece = ""
    for char in word:
        if piece and cell_len(piece + char) > width:
            yield piece
            piece = ""
        piece += char
    yield piece
