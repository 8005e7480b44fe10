"""Editors' words on pairs of items that the rules of folding would have decided otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from aggregator.curate.copies.features import FeatureContext
from aggregator.curate.copies.office_names import build_aliases
from aggregator.curate.copies.pairs import Sameness, decide_pair
from aggregator.domain.stories import Verdict
from aggregator.ports.storing import Store
from aggregator.services.curation.neighbours import Neighbours
from aggregator.services.lab.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A rule of folding, by its slug, that editors overruled: ``same`` is their word on these
    ``pairs`` of headlines."""

    rule: str
    same: bool
    pairs: tuple[tuple[str, str], ...]


class Contradictions:
    """Gathers the verdicts on items, then asks the rules about each pair."""

    def __init__(self, store: Store, book: Rulebook) -> None:
        self._store = store
        self._context = FeatureContext(
            aliases=build_aliases(book.bodies.values()),
            carries={feed.id: feed.carries for feed in book.feeds},
        )
        self._verdicts: dict[tuple[int, int], Verdict] = {}

    def note(self, item_ids: Collection[int]) -> None:
        """Take the verdicts on these items in."""
        for verdict in self._store.verdicts(item_ids):
            self._verdicts[verdict.item_a, verdict.item_b] = verdict

    def result(self) -> tuple[Contradiction, ...]:
        """The rules that were overruled, most often first."""
        neighbours = Neighbours(store=self._store, context=self._context)
        pairs: dict[tuple[str, bool], list[tuple[str, str]]] = defaultdict(list)
        for verdict in self._sorted():
            items = self._store.items_by_id((verdict.item_a, verdict.item_b))
            if len(items) != len({verdict.item_a, verdict.item_b}):
                continue
            told = neighbours.features_of(items.values())
            one, other = told[verdict.item_a], told[verdict.item_b]
            empty = neighbours.boilerplate((one.lead_key, other.lead_key))
            decision = decide_pair(one, other, empty)
            if (decision.sameness is Sameness.SAME) is not verdict.same:
                titles = (items[verdict.item_a].item.title, items[verdict.item_b].item.title)
                pairs[decision.rule, verdict.same].append(titles)
        found = [
            Contradiction(rule=rule, same=same, pairs=tuple(titles))
            for (rule, same), titles in pairs.items()
        ]
        return tuple(sorted(found, key=lambda one: (-len(one.pairs), one.rule, one.same)))

    def _sorted(self) -> Iterable[Verdict]:
        return (self._verdicts[pair] for pair in sorted(self._verdicts))
