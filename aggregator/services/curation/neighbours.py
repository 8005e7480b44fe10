"""Which items resemble which: found by the keys of their fingerprints, told apart by bit maps, decided
by features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from aggregator.curate.copies.features import FeatureContext, Features, features
from aggregator.curate.copies.meetings import Meeting
from aggregator.curate.copies.pairs import PairDecision, Sameness
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import RELATED_MAX
from aggregator.ports.storing import Compared, Placed, Store
from aggregator.services.curation.close_looks import CloseLooks, Pair
from aggregator.services.curation.day_indexes import DayIndexes
from aggregator.services.curation.fingerprinting import Fingerprinter
from aggregator.services.curation.known_features import KnownFeatures
from aggregator.services.many import chunks

PLACES_KEPT = 10_000
"""Items whose places are remembered."""

FOUND_KEPT = 50_000
"""Neighbours that are remembered, of all items."""

TOGETHER = 2000
"""Items that are looked up at once, so that each day around them is met once."""

RELATED_KEPT = RELATED_MAX
"""Related items of one item that are remembered."""


class _Found(NamedTuple):
    """What resembles an item."""

    same: tuple[int, ...]
    related: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Neighbours:
    """What one run of curation knows of items: what resembles them, and which revision was read in
    which story. The store is asked for many items at once."""

    store: Store
    context: FeatureContext
    revs: dict[int, int] = field(default_factory=dict)
    story_of: dict[int, int | None] = field(default_factory=dict)
    _days: DayIndexes = field(init=False)
    _places: dict[int, Placed] = field(default_factory=dict)
    _found: dict[int, _Found] = field(default_factory=dict)
    _features: KnownFeatures = field(init=False)
    _close: CloseLooks = field(init=False)
    _crowded: set[int] = field(default_factory=set)
    _held: int = 0

    def __post_init__(self) -> None:
        """Nothing was read yet."""
        self._days = DayIndexes(store=self.store)
        self._features = KnownFeatures(store=self.store, context=self.context)
        self._close = CloseLooks(store=self.store, features=self._features)

    def take(self, new: Sequence[int], on_chunk: Callable[[], None]) -> list[int]:
        """Write the fingerprints of new items; see ``Fingerprinter.take``."""
        self._days.keeps_sheets = True
        return self._fingerprinter().take(new, on_chunk)

    def keep_sheets(self) -> None:
        """Keep in one piece what days have come to be by now."""
        self._days.keep_sheets()

    def renew(self, item_ids: Iterable[int]) -> None:
        """Forget what was read of these items and what it came to, and read them again; whichever
        has another revision gets the fingerprint of that one."""
        wanted = [*item_ids]
        self._found.clear()
        self._held = 0
        self._close.forget()
        changed = []
        is_overtaken = False
        for one in self.store.compared(wanted):
            item_id, rev = one.place.id, one.place.rev
            known = self.revs.get(item_id), self.story_of.get(item_id)
            is_overtaken |= known != (rev, one.place.story_id)
            self._features.forget(item_id)
            if rev != self.revs.get(item_id, rev):
                changed.append(one)
            self.revs[item_id] = rev
            self._note(one.place)
        if is_overtaken:
            # Another process may have moved an item to another day, or brought new ones.
            self._days.clear()
        if changed:
            self._fingerprinter().write(changed)

    def same_as(self, item_id: int) -> tuple[int, ...]:
        """The items that are the same as one that was looked up, if nothing else is known of them."""
        return self._found[item_id].same

    def related_to(self, item_id: int) -> tuple[int, ...]:
        """The items that resemble one that was looked up and are not the same: of the nearest days,
        RELATED_KEPT at most, or all of them where it has a crowded key."""
        return self._found[item_id].related

    def strangers(self, item_ids: Collection[int]) -> set[Pair]:
        """The pairs of these items of which one has a crowded key, and which nothing else makes
        alike."""
        self.look_up(item_ids)
        crowded = self._crowded.intersection(item_ids)
        alike = {one: {*self.same_as(one), *self.related_to(one)} for one in crowded}
        return {
            (min(one, other), max(one, other))
            for one in crowded
            for other in item_ids
            if other != one and other not in alike[one]
        }

    def place(self, item_id: int) -> Placed:
        """Where an item stands in the order of arrival."""
        self._read_places([item_id])
        return self._places[item_id]

    def places(self, item_ids: Collection[int]) -> dict[int, Placed]:
        """The same of many."""
        self._read_places(item_ids)
        return {one: self._places[one] for one in item_ids}

    def make_room(self) -> bool:
        """Forget what was found where that is much, and which revisions and stories it rests on:
        called where nothing of it is needed. Whether that was so."""
        if self._held <= FOUND_KEPT:
            return False
        self._found.clear()
        self._places.clear()
        self.revs.clear()
        self.story_of.clear()
        self._held = 0
        return True

    def look_up(self, item_ids: Iterable[int]) -> None:
        """Find what resembles these items; what was found already is not looked for again."""
        wanted = [one for one in dict.fromkeys(item_ids) if one not in self._found]
        for chunk in chunks(wanted, TOGETHER):
            self._forget_places()
            self._read_places(chunk)
            self._look_up(chunk)

    def features_of(self, items: Collection[StoredItem]) -> dict[int, Features]:
        """The features of these items as they are given."""
        return {one.id: features(one, self.context) for one in items}

    def features_as_read(self, items: Collection[Compared]) -> dict[int, Features]:
        """The features of what was read of these items."""
        return self._features.of(items)

    def decided(self, item_ids: Collection[int]) -> dict[Pair, PairDecision]:
        """Those pairs of these items that were looked at closely and are the same, or kept apart by a
        veto, with the rule."""
        return self._close.known_of(item_ids)

    def boilerplate(self, leads: Collection[str]) -> frozenset[str]:
        """Those of the leads that stand under several unlike titles and so say nothing."""
        return self._close.boilerplate(leads)

    def _fingerprinter(self) -> Fingerprinter:
        return Fingerprinter(store=self.store, features=self._features, days=self._days)

    # --- places -------------------------------------------------------------------------------------

    def _note(self, one: Placed) -> None:
        self._places[one.id] = one
        # Something may be known of the revision read first, though its place was dropped. While
        # that one stands here a plan that rests on it is refused, and the item is renewed.
        self.revs.setdefault(one.id, one.rev)
        self.story_of[one.id] = one.story_id

    def _read_places(self, item_ids: Collection[int]) -> None:
        unknown = [one for one in item_ids if one not in self._places]
        if unknown:
            for one in self.store.placed(unknown).values():
                self._note(one)

    def _forget_places(self) -> None:
        if len(self._places) > PLACES_KEPT:
            self._places.clear()

    # --- pairs --------------------------------------------------------------------------------------

    def _look_up(self, item_ids: Sequence[int]) -> None:
        """Find what resembles these items, on all days around theirs at once."""
        by_day: defaultdict[date, list[int]] = defaultdict(list)
        for one in item_ids:
            by_day[self._places[one].day].append(one)
        asked = self._days.ask(by_day)
        crowded = {*asked.in_crowds.tolist()}
        self._crowded.difference_update(item_ids)
        self._crowded |= crowded
        meeting = Meeting.joined(
            [asked.meet(day, there) for day, there in self._days.around(by_day)]
        )
        close, related = meeting.alike(self._close.empty_leads(meeting.leads_at_stake()))
        pairs = close.pairs()
        decided = self._close.at(pairs, self.revs)
        same = close.only([one is Sameness.SAME for one in decided])
        related = related.and_more(close.only([one is Sameness.RELATED for one in decided]))
        self._read_places({*same.theirs.tolist()})
        copies = same.nearest(len(pairs))
        beside = related.nearest(RELATED_KEPT, crowded)
        for one in item_ids:
            found = _Found(tuple(sorted(copies.get(one, ()))), beside.get(one, ()))
            self._found[one] = found
            self._held += len(found.same) + len(found.related)
