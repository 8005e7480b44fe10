"""What sources changed in releases that somebody has: the part of the store that keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.domain.changes import NoticedItem, SourceChange, Unnoticed
from aggregator.domain.items import Revision


class ChangeStore(Protocol):
    """Items that readers or editors have, and what their sources changed. An item whose story is
    put into an issue is watched from that transaction on."""

    def watch(self, shown: Mapping[int, int]) -> list[int]:
        """Watch these items from the revision on that is shown of each, by item id; those that are
        watched already stay so. The items that are new among them and have gone on since."""
        ...

    def unnoticed(self, item_ids: Collection[int] | None = None) -> list[Unnoticed]:
        """Watched items with revisions that were not compared yet: those of ``item_ids``, or those
        that are not curated either, by item id."""
        ...

    def revisions(self, item_id: int, since: int) -> list[Revision]:
        """The revisions of an item from one on, in their order."""
        ...

    def save_noticed(self, noticed: Sequence[NoticedItem]) -> int:
        """Keep what was noticed, each once: an item that somebody else has looked at meanwhile is
        left out. How many changes were kept."""
        ...

    def changes(
        self,
        *,
        since: datetime | None = None,
        item_ids: Collection[int] | None = None,
        newest: int | None = None,
    ) -> list[SourceChange]:
        """What sources changed, in the order it was seen: all of it, or what was seen since an
        instant, or of these items, or the ``newest`` ones."""
        ...
