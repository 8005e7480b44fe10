"""Which items resemble which: found by the keys of their fingerprints, told apart by bit maps, decided
by features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import NamedTuple

from aggregator.curate.copies.features import FeatureContext, Features, features, features_of
from aggregator.curate.copies.fingerprints import lead_hash
from aggregator.curate.copies.meetings import Meeting
from aggregator.curate.copies.pairs import (
    BOILERPLATE_TITLES,
    PairDecision,
    Sameness,
    find_boilerplate,
    glance_at_pair,
)
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import RELATED_MAX
from aggregator.ports.storing import Compared, Placed, Store
from aggregator.services.curation.day_indexes import DayIndexes
from aggregator.services.curation.fingerprinting import Fingerprinter
from aggregator.services.many import chunks

FEATURES_KEPT = 150
"""Items whose features are remembered: some tens of kilobytes each."""

READ_TOGETHER = 200
"""Pairs of which the texts are read at once: features take far more room than they do."""

PLACES_KEPT = 10_000
"""Items whose places are remembered."""

CLOSE_KEPT = 20_000
"""Pairs whose closer look is remembered."""

FOUND_KEPT = 200_000
"""Neighbours that are remembered, of all items."""

TOGETHER = 2000
"""Items that are looked up at once, so that each day around them is met once."""

RELATED_KEPT = RELATED_MAX
"""Related items of one item that are remembered."""

_Pair = tuple[int, int]


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
    _features: dict[int, tuple[int, Features]] = field(default_factory=dict)
    _empty: dict[int, bool] = field(default_factory=dict)
    _close: dict[_Pair, PairDecision] = field(default_factory=dict)
    _crowded: set[int] = field(default_factory=set)
    _held: int = 0

    def __post_init__(self) -> None:
        """Nothing was read yet."""
        self._days = DayIndexes(store=self.store)

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
        self._empty.clear()
        self._found.clear()
        self._held = 0
        self._close.clear()
        changed = []
        is_overtaken = False
        for one in self.store.compared(wanted):
            item_id, rev = one.place.id, one.place.rev
            known = self.revs.get(item_id), self.story_of.get(item_id)
            is_overtaken |= known != (rev, one.place.story_id)
            self._features.pop(item_id, None)
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

    def strangers(self, item_ids: Collection[int]) -> set[_Pair]:
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

    def make_room(self) -> None:
        """Forget what was found where that is much: called where nothing of it is needed."""
        if self._held > FOUND_KEPT:
            self._found.clear()
            self._held = 0

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
        if len(self._features) + len(items) > FEATURES_KEPT:
            self._features.clear()
        facts = {}
        for one in items:
            rev, found = self._features.get(one.id, (None, None))
            if found is None or rev != one.rev:
                found = features_of(one, self.context)
                self._features[one.id] = one.rev, found
            facts[one.id] = found
        return facts

    def decided(self, item_ids: Collection[int]) -> dict[_Pair, PairDecision]:
        """Those pairs of these items that were looked at closely and are the same, with the rule."""
        close = ((pair, self._close.get(pair)) for pair in combinations(sorted(item_ids), 2))
        return {pair: one for pair, one in close if one and one.sameness is Sameness.SAME}

    def boilerplate(self, leads: Collection[str]) -> frozenset[str]:
        """Those of the leads that stand under several unlike titles and so say nothing."""
        hashed = {lead: lead_hash(lead) for lead in leads if lead}
        empty = self._empty_leads(hashed.values())
        return frozenset(lead for lead, number in hashed.items() if number in empty)

    def _fingerprinter(self) -> Fingerprinter:
        return Fingerprinter(store=self.store, context=self.context, days=self._days)

    def _empty_leads(self, leads: Collection[int]) -> set[int]:
        unknown = [lead for lead in leads if lead not in self._empty]
        for some in chunks(unknown):
            titles: defaultdict[int, set[str]] = defaultdict(set)
            for lead, title, _ in self.store.under_leads(some, least=BOILERPLATE_TITLES):
                titles[lead].add(title)
            empty = find_boilerplate(titles)
            self._empty.update((lead, lead in empty) for lead in some)
        return {lead for lead in leads if self._empty[lead]}

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
        close, related = meeting.alike(self._empty_leads(meeting.leads_at_stake()))
        pairs = close.pairs()
        self._look_closely({*pairs})
        decided = [self._close[pair].sameness for pair in pairs]
        same = close.only([one is Sameness.SAME for one in decided])
        related = related.and_more(close.only([one is Sameness.RELATED for one in decided]))
        self._read_places({*same.theirs.tolist()})
        copies = same.nearest(len(pairs))
        beside = related.nearest(RELATED_KEPT, crowded)
        for one in item_ids:
            found = _Found(tuple(sorted(copies.get(one, ()))), beside.get(one, ()))
            self._found[one] = found
            self._held += len(found.same) + len(found.related)

    def _look_closely(self, pairs: Collection[_Pair]) -> None:
        """Decide these pairs by their features; each is decided once in most runs."""
        if len(self._close) + len(pairs) > CLOSE_KEPT:
            self._close.clear()
        unknown = _side_by_side(pair for pair in pairs if pair not in self._close)
        for some in chunks(unknown, READ_TOGETHER):
            ids = {one for pair in some for one in pair if not self._is_kept(one)}
            read = {one.place.id: one for one in self.store.compared(ids)}
            for few in chunks(some, FEATURES_KEPT // 3):
                self._decide(few, read)

    def _decide(self, pairs: Sequence[_Pair], read: Mapping[int, Compared]) -> None:
        """Decide few pairs, of the items that were ``read`` and those that are remembered."""
        ids = {one for pair in pairs for one in pair}
        facts = {one: self._features[one][1] for one in ids if self._is_kept(one)}
        lacking = [read[one] for one in ids if one in read and one not in facts]
        if forgotten := [one for one in ids if one not in read and one not in facts]:
            lacking += self.store.compared(forgotten)
        facts |= self.features_as_read(lacking)
        empty = self.boilerplate({one.lead_key for one in facts.values()})
        for a, b in pairs:
            self._close[a, b] = glance_at_pair(facts[a], facts[b], empty)

    def _is_kept(self, item_id: int) -> bool:
        """Whether the features are known of the revision that counts."""
        known = self._features.get(item_id)
        return known is not None and known[0] == self.revs.get(item_id)


def _side_by_side(pairs: Iterable[_Pair]) -> list[_Pair]:
    """The pairs in an order in which those of one item and of its copies follow each other."""
    ordered = sorted(pairs)
    first: dict[int, int] = {}
    for a, b in ordered:
        first.setdefault(b, first.setdefault(a, a))
    return sorted(ordered, key=lambda pair: (first[pair[0]], pair))
