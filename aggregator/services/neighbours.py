"""Which items resemble which: found by block keys, told apart by sketches, decided by features."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar

from aggregator.curate.features import (
    ADDRESS_KEY,
    FeatureContext,
    Features,
    Outline,
    block_keys,
    features,
    outline,
)
from aggregator.curate.pairs import WINDOW, Sameness, decide_pair, find_boilerplate, glance
from aggregator.curate.sketches import Sketch, sketch
from aggregator.domain.items import StoredItem
from aggregator.ports.storing import BlockKeys, Compared, Store

CHUNK = 500
"""Items that are read, compared and written together."""

FEATURES_KEPT = 1000
"""Items whose features are remembered: some tens of kilobytes each."""

SKETCHES_KEPT = 50_000
"""Items whose sketches are remembered: about a kilobyte each."""

CROWD = 200
"""Items of one day that may have one block key. Where more have it, it says nothing of any item of
that day: a feed that calls everything "보도자료" must not have each entry compared with each."""

CLOSE_KEPT = 100_000
"""Pairs whose closer look is remembered."""

FOUND_KEPT = 500_000
"""Neighbours that are remembered, of all items."""

_LEAD_KEYS = ("l:", "n")
"""How block keys begin that come from an item's lead."""

Neighbour = tuple[int, Sameness]
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Neighbours:
    """What one run of curation knows of items: their sketches, what resembles them, and which
    revision was read in which story. The store is asked for many items at once."""

    store: Store
    context: FeatureContext
    revs: dict[int, int] = field(default_factory=dict)
    story_of: dict[int, int | None] = field(default_factory=dict)
    _sketches: dict[int, Sketch] = field(default_factory=dict)
    _found: dict[int, tuple[Neighbour, ...]] = field(default_factory=dict)
    _features: dict[int, tuple[int, Features]] = field(default_factory=dict)
    _empty: dict[str, bool] = field(default_factory=dict)
    _close: dict[tuple[int, int], Sameness] = field(default_factory=dict)
    _crowded: set[int] = field(default_factory=set)
    _held: int = 0

    def take_keys(self, new: Sequence[int], on_chunk: Callable[[], None]) -> list[int]:
        """Write the block keys of new items; the older items that must be decided anew because a
        lead of theirs now counts as boilerplate or a key of theirs as crowded, or no longer does.

        These are made due before anything else is written, so that a run which ends here loses
        nothing. ``on_chunk`` is called where that may be.
        """
        keys: list[BlockKeys] = []
        for chunk in chunks(new):
            on_chunk()
            found = self.store.compared(chunk)
            keys.extend(self._keys_of(found[one]) for one in chunk if one in found)
        turned = self._turned(keys)
        lost = {
            key
            for one in keys
            if one.lead in turned
            for key in one.keys
            if key.startswith(_LEAD_KEYS)
        }
        again = self.store.items_under_keys(lost) if lost else []
        crowds = self._turned_crowds(keys)
        again = [*dict.fromkeys((*again, *crowds))]
        if again:
            self.store.make_due(again)
        for some in chunks(keys):
            on_chunk()
            self.store.save_block_keys(some)
        return again

    def _turned(self, keys: Sequence[BlockKeys]) -> set[str]:
        """The leads that say nothing once these keys are written and did before, or the other way
        round."""
        titles: defaultdict[str, set[str]] = defaultdict(set)
        for one in keys:
            if one.lead:
                titles[one.lead].add(one.title)
        mine = {one.item_id for one in keys}
        turned: set[str] = set()
        for some in chunks([*titles]):
            before = find_boilerplate(self.store.lead_titles(some))
            others = self.store.lead_titles(some, without=mine)
            after = find_boilerplate({lead: others[lead] | titles[lead] for lead in some})
            self._empty.update((lead, lead in after) for lead in some)
            turned |= before ^ after
        return turned

    def _turned_crowds(self, keys: Sequence[BlockKeys]) -> list[int]:
        """The other items that have a key on a day on which it is crowded once these keys are
        written and was not before, or the other way round."""
        if not keys:
            return []
        mine = {one.item_id for one in keys}
        coming = Counter((key, one.day) for one in keys for key in set(one.keys))
        days = [one.day for one in keys]
        span = min(days), max(days)
        many = {key for (key, _), count in coming.items() if count > CROWD // 2}
        few = {key for key, _ in coming} - many
        near = self.store.crowds_of(few, *span, more_than=CROWD // 2)
        near |= self.store.crowds_of(many, *span, more_than=0)
        # What an item of another revision leaves, and the day that it leaves.
        near |= self.store.crowds(mine, date.min, date.max, more_than=CROWD)
        turned: set[int] = set()
        for some in chunks(sorted(near)):
            for crowd, ids in self.store.items_in_crowds(some).items():
                others = ids - mine
                after = len(others) + coming[crowd]
                if len(others) <= CROWD < after or len(ids) > CROWD >= after:
                    turned |= others
        return sorted(turned)

    def renew(self, item_ids: Iterable[int]) -> None:
        """Forget what was read of these items and what it came to, and read them again; whichever
        has another revision gets the keys of that one."""
        wanted = [*item_ids]
        self._empty.clear()
        self._found.clear()
        self._held = 0
        self._close.clear()
        for one in wanted:
            self._features.pop(one, None)
        changed = []
        for found in self.store.compared(wanted).values():
            if found.rev != self.revs.get(found.id, found.rev):
                changed.append(self._keys_of(found))
            self.revs[found.id] = found.rev
            self._note(found)
        if changed:
            self.store.save_block_keys(changed)

    def of(self, item_id: int) -> tuple[Neighbour, ...]:
        """What resembles an item that was looked up, in the order of arrival."""
        return self._found[item_id]

    def strangers(self, item_ids: Collection[int]) -> set[tuple[int, int]]:
        """The pairs of these items of which one has a crowded key, and which nothing else makes
        alike."""
        if not self._crowded:
            return set()
        self.look_up(item_ids)
        alike = {one: {other for other, _ in self._found[one]} for one in item_ids}
        return {
            (min(one, other), max(one, other))
            for one in self._crowded.intersection(item_ids)
            for other in item_ids
            if other != one and other not in alike[one]
        }

    def place(self, item_id: int) -> Sketch:
        """The sketch of an item."""
        self._sketch([item_id])
        return self._sketches[item_id]

    def look_up(self, item_ids: Iterable[int]) -> None:
        """Find what resembles these items; what was found already is not looked for again."""
        if self._held > FOUND_KEPT:
            self._found.clear()
            self._held = 0
        wanted = [one for one in dict.fromkeys(item_ids) if one not in self._found]
        for chunk in chunks(wanted):
            self._make_room()
            self._sketch(chunk)
            for some, start, end in self._by_day(chunk):
                self._compare(some, self._candidates(some, start, end))

    def features_of(self, items: Collection[StoredItem]) -> dict[int, Features]:
        """The features of these items as they are given."""
        if len(self._features) + len(items) > FEATURES_KEPT:
            self._features.clear()
        facts = {}
        for one in items:
            rev, found = self._features.get(one.id, (None, None))
            if found is None or rev != one.rev:
                found = features(one, self.context)
                self._features[one.id] = one.rev, found
            facts[one.id] = found
        return facts

    def boilerplate(self, leads: Collection[str]) -> frozenset[str]:
        """Those of the leads that stand under several unlike titles and so say nothing."""
        unknown = [lead for lead in leads if lead and lead not in self._empty]
        for some in chunks(unknown):
            empty = find_boilerplate(self.store.lead_titles(some))
            self._empty.update((lead, lead in empty) for lead in some)
        return frozenset(lead for lead in leads if self._empty.get(lead, False))

    # --- sketches -----------------------------------------------------------------------------------

    def _keys_of(self, one: Compared) -> BlockKeys:
        told = outline(address=one.address, title=one.title, text=one.text, context=self.context)
        self._note(one, told)
        return BlockKeys(
            item_id=one.id,
            keys=block_keys(told),
            lead=told.lead_key,
            title=told.title,
            day=one.day,
        )

    def _note(self, one: Compared, told: Outline | None = None) -> None:
        if told is None:
            told = outline(
                address=one.address,
                title=one.title,
                text=one.text,
                context=self.context,
                title_key=one.title_key,
                lead_key=one.lead_key,
            )
        self._sketches[one.id] = sketch(told, day=one.day, feed=one.feed_id, key=one.key)
        # Something may be known of the revision read first, though its sketch was dropped. While
        # that one stands here a plan that rests on it is refused, and the item is renewed.
        self.revs.setdefault(one.id, one.rev)
        self.story_of[one.id] = one.story_id

    def _sketch(self, item_ids: Collection[int]) -> None:
        unknown = [one for one in item_ids if one not in self._sketches]
        if unknown:
            for one in self.store.compared(unknown).values():
                self._note(one)

    def _make_room(self) -> None:
        over = len(self._sketches) - SKETCHES_KEPT
        if over > 0:
            for one in list(islice(self._sketches, over + SKETCHES_KEPT // 4)):
                del self._sketches[one]

    # --- pairs --------------------------------------------------------------------------------------

    def _by_day(self, item_ids: Collection[int]) -> Iterator[tuple[list[int], date, date]]:
        """The items in groups without a window between their days, each with the first and the last
        day on which a copy may stand."""
        group: list[int] = []
        last = date.min
        for one in sorted(item_ids, key=lambda one: self._sketches[one].day):
            day = self._sketches[one].day
            if group and day - last > WINDOW:
                yield group, *_span(self._sketches[group[0]].day, last)
                group = []
            group.append(one)
            last = day
        if group:
            yield group, *_span(self._sketches[group[0]].day, last)

    def _candidates(
        self, item_ids: Collection[int], start: date, end: date
    ) -> dict[int, dict[int, bool]]:
        """The items that share a key with each of these, and whether that is one of an address."""
        found: defaultdict[int, dict[int, bool]] = defaultdict(dict)
        crowds = self.store.crowds(item_ids, start, end, more_than=CROWD)
        self._crowded.difference_update(item_ids)
        for ids in self.store.items_in_crowds(crowds).values():
            self._crowded.update(ids.intersection(item_ids))
        for one, other, shares_address in self.store.sharing_keys(
            item_ids, start, end, prefix=f"{ADDRESS_KEY}:", without=crowds
        ):
            found[one][other] = shares_address
        self._sketch({other for others in found.values() for other in others})
        return found

    def _compare(
        self, item_ids: Collection[int], candidates: Mapping[int, Mapping[int, bool]]
    ) -> None:
        alike: defaultdict[int, dict[int, Sameness]] = defaultdict(dict)
        close: list[tuple[int, int]] = []
        for one in item_ids:
            mine = self._sketches[one]
            for other, shares_address in candidates.get(one, {}).items():
                theirs = self._sketches[other]
                sameness = None if shares_address else glance(mine, theirs)
                if sameness is Sameness.UNLIKE or abs(mine.day - theirs.day) > WINDOW:
                    continue
                if sameness is None:
                    close.append((one, other))
                else:
                    alike[one][other] = sameness
        self._look_closely({(min(pair), max(pair)) for pair in close})
        for one, other in close:
            sameness = self._close[min(one, other), max(one, other)]
            if sameness is not Sameness.UNLIKE:
                alike[one][other] = sameness
        for one in item_ids:
            others = sorted(alike[one].items(), key=lambda pair: self._sketches[pair[0]].place)
            self._found[one] = tuple(others)
            self._held += len(others)

    def _look_closely(self, pairs: Collection[tuple[int, int]]) -> None:
        """Decide these pairs by their features; each is decided once in most runs."""
        if len(self._close) + len(pairs) > CLOSE_KEPT:
            self._close.clear()
        for some in chunks(
            sorted(pair for pair in pairs if pair not in self._close), FEATURES_KEPT // 4
        ):
            ids = {one for pair in some for one in pair}
            facts = {one: self._features[one][1] for one in ids if self._is_kept(one)}
            unknown = [one for one in ids if one not in facts]
            facts |= self.features_of([*self.store.items_by_id(unknown).values()])
            empty = self.boilerplate({one.lead_key for one in facts.values()})
            for a, b in some:
                self._close[a, b] = decide_pair(facts[a], facts[b], empty).sameness

    def _is_kept(self, item_id: int) -> bool:
        """Whether the features are known of the revision that counts."""
        return item_id in self._features and self._features[item_id][0] == self.revs[item_id]


def chunks(values: Sequence[T], size: int = 0) -> Iterator[Sequence[T]]:
    """The values in their order, so many at once; CHUNK for 0."""
    size = size or CHUNK
    return (values[start : start + size] for start in range(0, len(values), size))


def _span(first: date, last: date) -> tuple[date, date]:
    """The days on which a copy of something between two days may stand."""
    reach = WINDOW.days
    return (
        date.fromordinal(max(first.toordinal() - reach, date.min.toordinal())),
        date.fromordinal(min(last.toordinal() + reach, date.max.toordinal())),
    )
