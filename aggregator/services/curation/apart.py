"""Why two stories are two: the pair of their items that keeps them apart, decided as folding does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.curate.copies.fold_stories import VERDICT_RULE
from aggregator.curate.copies.pairs import PairDecision, Sameness, decide_pair
from aggregator.curate.copies.rule_words import VETO
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Story, Verdict
from aggregator.ports.storing import Store
from aggregator.services.curation.neighbours import Neighbours

PAIRS = 400
"""Pairs of two stories that are looked at; no story that anybody reads of has as many copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Why ``mine`` and ``theirs``, items of two stories, are not one release: the rule and its
    figures. ``verdict`` is the editor's word, None where a rule decided. ``is_veto``: the two may not
    stand in one story, whatever else is alike."""

    mine: StoredItem
    theirs: StoredItem
    rule: str
    detail: Mapping[str, Any]
    is_veto: bool
    verdict: Verdict | None = None


def keep_apart(
    store: Store, neighbours: Neighbours, story: Story, others: Sequence[Story]
) -> dict[str, Apart]:
    """For each of the other stories, by public id, why it is not folded with ``story``: an editor's
    word first, then the veto between the two items that are most alike, then how alike these are.

    Left out is one that would be folded by now: it is due."""
    items = [*story.members, *(member for other in others for member in other.members)]
    verdicts = {
        (v.item_a, v.item_b): v for v in store.verdicts([m.id for m in story.members]) if not v.same
    }
    facts = neighbours.features_of(items)
    empty = neighbours.boilerplate({one.lead_key for one in facts.values()})
    found = {}
    for other in others:
        pairs = [(m, t) for m in story.members for t in other.members][:PAIRS]
        said = next((p for p in pairs if _key(p) in verdicts), None)
        if said is not None:
            found[other.public_id] = _by_word(*said, verdicts[_key(said)])
            continue
        decided = [(p, decide_pair(facts[p[0].id], facts[p[1].id], empty)) for p in pairs]
        best = max(
            (one for one in decided if one[1].sameness is not Sameness.SAME),
            key=lambda one: _telling(one[1]),
            default=None,
        )
        if best is not None:
            found[other.public_id] = _by_rule(*best)
    return found


def _key(pair: tuple[StoredItem, StoredItem]) -> tuple[int, int]:
    one, other = pair[0].id, pair[1].id
    return (one, other) if one < other else (other, one)


def _telling(decision: PairDecision) -> tuple[bool, float]:
    """Vetoes first, then the pair that is most alike."""
    likeness = [decision.detail.get(name) for name in ("title", "lead")]
    return decision.is_veto, sum(one for one in likeness if isinstance(one, float | int))


def _by_word(mine: StoredItem, theirs: StoredItem, verdict: Verdict) -> Apart:
    detail = {"by": verdict.by, "reason": verdict.reason}
    return Apart(
        mine=mine, theirs=theirs, rule=VERDICT_RULE, detail=detail, is_veto=True, verdict=verdict
    )


def _by_rule(pair: tuple[StoredItem, StoredItem], decision: PairDecision) -> Apart:
    return Apart(
        mine=pair[0],
        theirs=pair[1],
        rule=decision.rule,
        detail=dict(decision.detail),
        is_veto=decision.rule.startswith(VETO),
    )
