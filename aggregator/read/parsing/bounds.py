"""How much of a document is given to feedparser, whose work grows with what it is told."""

from __future__ import annotations

from aggregator.domain.errors import TooDeep
from aggregator.read.parsing.parts import MAX_ENTRIES

MAX_DEPTH = 200
"""Levels of elements within each other in an XML document. Pages of the field have 30."""

MAX_ELEMENTS = 60_000
"""Elements after which no further entry is begun; a feed of 100 releases has 2,000."""

_MAX_IN_ENTRY = 5000
"""Elements read of one entry; of further ones within its text only the text is kept."""

_ENTRY_NAMES = frozenset({"item", "entry"})


class Enough(Exception):
    """As many entries were read as are read of one document."""


class Bounds:
    """The elements of one document as they begin and end."""

    def __init__(self) -> None:
        self._open: list[bool] = []
        self._in_entry = 0
        self._all = 0

    def opens(self, name: str, entries: int, *, is_text: bool) -> bool:
        """Whether an element is to be read of which ``entries`` stand before it; ``is_text`` within
        the text of one. Raises Enough."""
        if not is_text and name.lower() in _ENTRY_NAMES:
            if entries >= MAX_ENTRIES or self._all > MAX_ELEMENTS:
                raise Enough
            self._in_entry = 0
        self._in_entry += 1
        is_read = self._in_entry <= _MAX_IN_ENTRY
        self._all += is_read
        return is_read

    def enters(self, name: str, entries: int, *, is_text: bool) -> bool:
        """As ``opens``, of an element that is left again. Raises TooDeep."""
        is_read = self.opens(name, entries, is_text=is_text)
        self._open.append(is_read)
        if len(self._open) > MAX_DEPTH:
            raise TooDeep(f"a document with more than {MAX_DEPTH} elements within each other")
        return is_read

    def leaves(self) -> bool:
        """Whether the element that ends here is read."""
        return self._open.pop()
