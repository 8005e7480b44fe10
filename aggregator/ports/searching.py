"""Search: the part of the store that keeps the index in step with stories, and asks it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from aggregator.domain.searching import Candidate, Waiting, Wanted


class SearchStore(Protocol):
    """An index of pairs of characters. What it gives out are candidates: it knows which pieces a story
    has, not whether they stand together."""

    def index_stories(self, most: int) -> int:
        """Bring so many stories up to date in the index, in one transaction; how many were due of
        them. 0 says that the index is in step with the stories."""
        ...

    def waiting(self) -> Waiting:
        """What the index does not know yet."""
        ...

    def candidates(self, wanted: Wanted, *, below: int | None, most: int) -> list[Candidate]:
        """Stories whose texts at the depth asked for or above have all the pieces, those with the
        highest places first; only places ``below`` one. Bodies come where they are asked for."""
        ...

    def titled(self, pieces: Sequence[str], *, since: date, most: int) -> list[int]:
        """Places of the stories of this day or later whose titles have all these pieces, the newest
        first."""
        ...

    def titles_at(self, places: Collection[int]) -> list[tuple[int, str]]:
        """Id and title, squashed, of the items of the stories at these places, in no order."""
        ...

    def numbers_of(self, story_ids: list[int]) -> dict[int, list[int]]:
        """The numbers of the published issues that print each of these stories."""
        ...
