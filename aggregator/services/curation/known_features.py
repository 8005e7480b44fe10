"""The features of items as they were read, remembered in bounded room."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from aggregator.curate.copies.features import FeatureContext, Features, features_of
from aggregator.ports.storing import Compared, Store

ROOM = 1_500_000
"""Characters of all texts whose features are remembered, with ITEM more for each item. What is known of
an item takes some three bytes for each of these."""

ITEM = 1000


@dataclass(slots=True, kw_only=True)
class KnownFeatures:
    """Most items are asked about several times in one run: when they come, beside each of their
    copies, and when their story is decided. What came first is the first to be forgotten."""

    store: Store
    context: FeatureContext
    _kept: dict[int, tuple[int, Features]] = field(default_factory=dict)
    _taken: int = 0

    def of(self, items: Collection[Compared], *, evicts: bool = True) -> dict[int, Features]:
        """The features of what was read of these items, by id. Without ``evicts`` they are remembered
        only where there is room: who goes through many items for the first time would leave none of
        those with whom he will begin the next time."""
        facts: dict[int, Features] = {}
        for one in items:
            rev, found = self._kept.get(one.id, (None, None))
            if found is None or rev != one.rev:
                found = features_of(one, self.context)
                self._keep(one.id, one.rev, found, evicts=evicts)
            facts[one.id] = found
        return facts

    def read(self, item_ids: Collection[int], revs: Mapping[int, int]) -> dict[int, Features]:
        """The features of these items, as they are remembered of the revision in ``revs`` or else
        read; unknown ids are left out."""
        facts: dict[int, Features] = {}
        for one in item_ids:
            rev, found = self._kept.get(one, (None, None))
            if found is not None and rev == revs.get(one):
                facts[one] = found
        if len(facts) < len(item_ids):
            facts |= self.of(self.store.compared([one for one in item_ids if one not in facts]))
        return facts

    def forget(self, item_id: int) -> None:
        """Let the features of an item be made anew when they are asked for."""
        gone = self._kept.pop(item_id, None)
        if gone is not None:
            self._taken -= _size(gone[1])

    def _keep(self, item_id: int, rev: int, found: Features, *, evicts: bool) -> None:
        self.forget(item_id)
        if not evicts and self._taken + _size(found) > ROOM:
            return
        self._kept[item_id] = rev, found
        self._taken += _size(found)
        while self._taken > ROOM:
            self.forget(next(iter(self._kept)))


def _size(one: Features) -> int:
    return ITEM + sum(map(len, one.written))
