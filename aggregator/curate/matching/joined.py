"""Texts that are searched all at once."""

from __future__ import annotations

from collections.abc import Sequence

_DOTLESS = "\u0131"
"""Stands for ``i`` where case is ignored, and for itself where it is folded."""


class Joined:
    """Texts joined by line ends: the ``whole``, and where each of the ``texts`` begins in it."""

    __slots__ = ("_folded", "begins", "texts", "whole")

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.whole = "\n".join(texts)
        self.begins = [0]
        for text in texts[:-1]:
            self.begins.append(self.begins[-1] + len(text) + 1)
        self._folded: str | None = None

    @property
    def folded(self) -> str:
        """The whole with its case folded, each character in its place; "" where that cannot be, or
        where a letter in it may be found that it does not show."""
        if self._folded is None:
            folded = self.whole.casefold()
            is_even = len(folded) == len(self.whole) and _DOTLESS not in folded
            self._folded = folded if is_even else ""
        return self._folded
