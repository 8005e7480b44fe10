"""Fingerprints of new items written, and which older items must be decided anew because of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from aggregator.curate.copies.features import outline
from aggregator.curate.copies.fingerprints import fingerprints, lead_hash, rank_of
from aggregator.curate.copies.pairs import find_boilerplate
from aggregator.domain.stories import DayPrint, Fingered
from aggregator.ports.storing import Compared, Store
from aggregator.services.curation.day_indexes import DayIndexes
from aggregator.services.curation.known_features import KnownFeatures
from aggregator.services.many import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprinter:
    """Writes fingerprints. ``days`` are the indexes that are kept true meanwhile."""

    store: Store
    features: KnownFeatures
    days: DayIndexes

    def take(self, new: Sequence[int], on_chunk: Callable[[], None]) -> list[int]:
        """Write the fingerprints of new or changed items; the other items that must be decided anew
        because a lead of theirs now counts as boilerplate or a key of theirs as crowded, or no
        longer does.

        These are made due before the fingerprints are written, so that a run which ends in between
        loses nothing. ``on_chunk`` is called where that may be.
        """
        again: dict[int, None] = {}
        for chunk in chunks(new):
            on_chunk()
            found = self.write(self.store.compared(chunk))
            again.update(dict.fromkeys(found))
        mine = set(new)
        return [one for one in again if one not in mine]

    def write(self, items: Sequence[Compared]) -> list[int]:
        """Write the fingerprints of these items; the others that are due again for it, made so."""
        made = self._made(items)
        before = self.store.fingerprints_of([one.item_id for one in made])
        turned = [*self._turned_leads(made, before), *self._turned_crowds(made, before)]
        if turned:
            self.store.make_due(turned)
        self.store.save_fingerprints(made)
        return turned

    def _made(self, items: Sequence[Compared]) -> list[Fingered]:
        facts = self.features.of(items, evicts=False)
        outlines = [outline(facts[one.id]) for one in items]
        return [
            Fingered(
                item_id=one.place.id,
                day=one.place.day,
                title=told.title,
                lead=lead_hash(told.lead_key) if told.lead else None,
                rank=rank_of(one.feed_id, one.key),
                bits=made,
            )
            for one, told, made in zip(items, outlines, fingerprints(outlines), strict=True)
        ]

    def _turned_leads(self, made: Sequence[Fingered], before: Sequence[Fingered]) -> set[int]:
        """The other items under leads that say nothing once these items are written and did before,
        or the other way round."""
        mine = {one.item_id for one in made}
        stored: defaultdict[int, set[str]] = defaultdict(set)
        others: defaultdict[int, set[str]] = defaultdict(set)
        holders: defaultdict[int, set[int]] = defaultdict(set)
        for lead, title, item_id in self.store.under_leads(_leads(made) | _leads(before)):
            stored[lead].add(title)
            if item_id not in mine:
                others[lead].add(title)
                holders[lead].add(item_id)
        after = {lead: set(titles) for lead, titles in others.items()}
        for one in made:
            if one.lead is not None and one.lead in after:
                after[one.lead].add(one.title)
        turned = find_boilerplate(stored) ^ find_boilerplate(after)
        return {item_id for lead in turned for item_id in holders[lead]}

    def _turned_crowds(self, made: Sequence[Fingered], before: Sequence[Fingered]) -> set[int]:
        """The other items with a key that is crowded on their day once these items are written and
        was not before, or the other way round."""
        mine = {one.item_id for one in made}
        turned: set[int] = set()
        for day in sorted({one.day for one in (*made, *before)}):
            old = self.days.on(day)
            new = old.changed([_of_day(one) for one in made if one.day == day], mine)
            self.days.put(day, new)
            was, becomes = old.crowds(), new.crowds()
            for key in was.keys() ^ becomes.keys():
                turned |= (was.get(key) or becomes[key]) - mine
        return turned


def _of_day(one: Fingered) -> DayPrint:
    return DayPrint(one.item_id, one.lead, one.rank, one.bits)


def _leads(rows: Iterable[Fingered]) -> set[int]:
    return {one.lead for one in rows if one.lead is not None}
