"""Pairs of releases folded as the daemon folds them, each pair alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Any

from aggregator.curate.copies.features import FeatureContext, features, outline
from aggregator.curate.copies.fingerprints import fingerprints, keys_of
from aggregator.curate.copies.pairs import decide_pair
from aggregator.curate.copies.vetoes import WINDOW
from aggregator.domain.items import Item
from aggregator.domain.rules import RuleSet
from aggregator.ports.storing import ScratchStore
from aggregator.services.curation.curate import Curator
from aggregator.services.evaluation.figures import Figures
from aggregator.services.evaluation.material import Arrival, Material, first_sight
from aggregator.services.evaluation.rows import Pair
from aggregator.services.rebuilding.replay import ReplayClock, write

OnStep = Callable[[int, int], None]
"""Is told how many of how many rows are done."""


class KeptApart(StrEnum):
    """Why two releases are never compared, whatever the rules would say of them."""

    NOT_STORED = "not_stored"
    NO_COMMON_KEY = "no_common_key"
    WINDOW = "window"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A pair with what became of it: whether it was folded, the ``rule`` that decided ("" where one
    is not stored) and its figures. ``kept_apart`` is None where the two are compared."""

    pair: Pair
    is_folded: bool
    rule: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    kept_apart: KeptApart | None = None

    @property
    def is_right(self) -> bool:
        """Whether people say the same."""
        return self.is_folded == self.pair.is_same


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrived:
    """A pair, both of which are stored."""

    pair: Pair
    a: Arrival
    b: Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJudge:
    """Decides pairs under the rules of a configuration, in a store of its own."""

    material: Material
    rules: RuleSet
    scratch: ScratchStore

    def decide(self, pairs: Sequence[Pair], on_step: OnStep = lambda _, __: None) -> list[Decided]:
        """What the daemon would make of each pair if nothing else were stored, in their order.

        Both releases come by feeds of their own into an empty store and are curated there. Pairs
        that have no key in common cannot know of each other, and so are stored together.
        """
        decided: dict[int, Decided] = {}
        arrived: list[_Arrived] = []
        for pair in pairs:
            one = self._arrive(pair)
            if isinstance(one, Decided):
                decided[pair.line] = one
            else:
                arrived.append(one)
            on_step(0, len(pairs))
        clock = ReplayClock(datetime.fromtimestamp(0, UTC))
        curator = self._curator(arrived, clock)
        keys = [_keys(one, curator.context) for one in arrived]
        for numbers in without_common_keys(keys):
            some = [arrived[number] for number in numbers]
            decided.update((one.pair.line, one) for one in self._fold(some, curator, clock))
            on_step(len(decided), len(pairs))
        return [decided[pair.line] for pair in pairs]

    def _arrive(self, pair: Pair) -> _Arrived | Decided:
        name = f"row-{pair.line}"
        # What has no date is seen together with the other one.
        sight = first_sight(pair.a, pair.b), first_sight(pair.b, pair.a)
        a = self.material.arrive(pair.a, name=name, side="a", seen_at=sight[0])
        b = self.material.arrive(pair.b, name=name, side="b", seen_at=sight[1])
        if a is None or b is None:
            return Decided(pair=pair, is_folded=False, kept_apart=KeptApart.NOT_STORED)
        return _Arrived(pair=pair, a=a, b=b)

    def _curator(self, arrived: Sequence[_Arrived], clock: ReplayClock) -> Curator:
        feeds = {each.feed.id: each.feed for one in arrived for each in (one.a, one.b)}
        return Curator(
            store=self.scratch,
            clock=clock,
            feeds=tuple(feeds.values()),
            bodies=self.material.bodies,
            rules=self.rules,
            issuer=self.material.issuer,
        )

    def _fold(
        self, some: Sequence[_Arrived], curator: Curator, clock: ReplayClock
    ) -> Iterator[Decided]:
        arrivals = [each for one in some for each in (one.a, one.b)]
        clock.at = max(one.seen_at for one in arrivals)
        self.scratch.empty()
        self.scratch.sync_feeds(curator.feeds, clock.at)
        for feed in curator.feeds:
            mine = [one for one in arrivals if one.feed.id == feed.id]
            for at, items in _visits(mine, clock.at).items():
                write(self.scratch, feed, items, at)
        curator.curate()
        story_of = {
            (member.item.feed_id, member.item.key): story
            for story in self.scratch.stories()
            for member in story.members
        }
        for one in some:
            story = story_of[one.a.name]
            if story.id != story_of[one.b.name].id:
                yield _unfolded(one, curator.context)
                continue
            why = story.memberships[-1]
            yield Decided(pair=one.pair, is_folded=True, rule=why.rule, detail=why.detail)


def figures_of(decided: Sequence[Decided]) -> Figures:
    """How right the folding is."""
    return Figures(
        right=sum(one.is_folded and one.pair.is_same for one in decided),
        found=sum(one.is_folded for one in decided),
        wanted=sum(one.pair.is_same for one in decided),
    )


def without_common_keys(keys: Sequence[Collection[Hashable]]) -> list[list[int]]:
    """The numbers of these sets of keys in groups, in each of which no two have a key in common."""
    taken: defaultdict[Hashable, set[int]] = defaultdict(set)
    groups: list[list[int]] = []
    for number, mine in enumerate(keys):
        refused = {group for key in mine for group in taken[key]}
        free = next(group for group in count() if group not in refused)
        if free == len(groups):
            groups.append([])
        groups[free].append(number)
        for key in mine:
            taken[key].add(free)
    return groups


def _keys(one: _Arrived, context: FeatureContext) -> frozenset[int]:
    return _keys_of(one.a, context) | _keys_of(one.b, context)


def _keys_of(arrival: Arrival, context: FeatureContext) -> frozenset[int]:
    """What two items must have in common to be compared."""
    (bits,) = fingerprints([outline(features(arrival.stored(0), context))])
    return keys_of(bits)


def _visits(arrivals: Sequence[Arrival], last: datetime) -> dict[datetime, list[Item]]:
    """The items of one feed by when they are first seen. Of those with a date that decides nothing,
    and so all of them are seen at the last instant."""
    visits: defaultdict[datetime, list[Item]] = defaultdict(list)
    for one in arrivals:
        visits[last if one.item.published else one.seen_at].append(one.item)
    return visits


def _unfolded(one: _Arrived, context: FeatureContext) -> Decided:
    """A pair that became two stories, with what the rules say of it."""
    a, b = features(one.a.stored(0), context), features(one.b.stored(0), context)
    decision = decide_pair(a, b, ())
    kept_apart = None
    if _keys_of(one.a, context).isdisjoint(_keys_of(one.b, context)):
        kept_apart = KeptApart.NO_COMMON_KEY
    elif abs(a.day - b.day) > WINDOW:
        kept_apart = KeptApart.WINDOW
    return Decided(
        pair=one.pair,
        is_folded=False,
        rule=decision.rule,
        detail=decision.detail,
        kept_apart=kept_apart,
    )
