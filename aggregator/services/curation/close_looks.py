"""Pairs that are decided by the features of their items, and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from aggregator.curate.copies.fingerprints import lead_hash
from aggregator.curate.copies.pairs import (
    BOILERPLATE_TITLES,
    PairDecision,
    Sameness,
    find_boilerplate,
    glance_at_pair,
)
from aggregator.ports.storing import Store
from aggregator.services.curation.known_features import KnownFeatures
from aggregator.services.many import chunks

READ_TOGETHER = 200
"""Pairs of which the texts are read at once."""

CLOSE_KEPT = 10_000
"""Pairs whose closer look is remembered."""

LEADS_KEPT = 20_000
"""Leads of which it is remembered whether they say nothing."""

Pair = tuple[int, int]
"""Two items, the smaller id first."""


@dataclass(slots=True, kw_only=True)
class CloseLooks:
    """Decides pairs; each is decided once in most runs."""

    store: Store
    features: KnownFeatures
    _decided: dict[Pair, PairDecision] = field(default_factory=dict)
    _empty: dict[int, bool] = field(default_factory=dict)

    def at(self, pairs: Collection[Pair], revs: Mapping[int, int]) -> list[Sameness]:
        """How the two of each pair stand to each other, by the revisions that count."""
        if len(self._decided) + len(pairs) > CLOSE_KEPT:
            self._decided.clear()
        unknown = _side_by_side({pair for pair in pairs if pair not in self._decided})
        for some in chunks(unknown, READ_TOGETHER):
            facts = self.features.read({one for pair in some for one in pair}, revs)
            empty = self.boilerplate({one.lead_key for one in facts.values()})
            for a, b in some:
                self._decided[a, b] = glance_at_pair(facts[a], facts[b], empty)
        return [self._decided[pair].sameness for pair in pairs]

    def known_of(self, item_ids: Collection[int]) -> dict[Pair, PairDecision]:
        """Those pairs of these items that were looked at and are the same, or kept apart by a veto,
        with the rule."""
        close = ((pair, self._decided.get(pair)) for pair in combinations(sorted(item_ids), 2))
        return {
            pair: one
            for pair, one in close
            if one and (one.sameness is Sameness.SAME or one.is_veto)
        }

    def forget(self) -> None:
        """Decide each pair, and each lead, anew when it is asked for."""
        self._decided.clear()
        self._empty.clear()

    def boilerplate(self, leads: Collection[str]) -> frozenset[str]:
        """Those of the leads that stand under several unlike titles and so say nothing."""
        hashed = {lead: lead_hash(lead) for lead in leads if lead}
        empty = self.empty_leads(hashed.values())
        return frozenset(lead for lead, number in hashed.items() if number in empty)

    def empty_leads(self, leads: Collection[int]) -> set[int]:
        """The same, of leads by their numbers."""
        if len(self._empty) + len(leads) > LEADS_KEPT:
            self._empty.clear()
        unknown = [lead for lead in leads if lead not in self._empty]
        for some in chunks(unknown):
            titles: defaultdict[int, set[str]] = defaultdict(set)
            for lead, title, _ in self.store.under_leads(some, least=BOILERPLATE_TITLES):
                titles[lead].add(title)
            empty = find_boilerplate(titles)
            self._empty.update((lead, lead in empty) for lead in some)
        return {lead for lead in leads if self._empty[lead]}


def _side_by_side(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs in an order in which those of one item and of its copies follow each other."""
    ordered = sorted(pairs)
    first: dict[int, int] = {}
    for a, b in ordered:
        first.setdefault(b, first.setdefault(a, a))
    return sorted(ordered, key=lambda pair: (first[pair[0]], pair))
