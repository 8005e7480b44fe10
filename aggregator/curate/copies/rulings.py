"""Which verdicts on pairs an editor's split or merge comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.domain.stories import Verdict

_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of pairs of items: of each, the smaller first, whether the two are the same."""

    pairs: Mapping[_Pair, bool]
    forgotten: frozenset[_Pair] = frozenset()


def told_by_split(
    taken: Sequence[int],
    rest: Sequence[int],
    *,
    said: Iterable[Verdict],
    kin: Iterable[Collection[int]],
) -> Told:
    """What it takes so that the items ``taken`` out of a story are one of their own, and those of
    the ``rest`` stay one, whatever comes later.

    Each that was taken is told apart from each that stays: a third one that is like both joins one
    side, and never brings the two together. ``said`` are the verdicts so far, some of which may
    have held the rest together through an item that was taken; ``kin`` is what the rest comes to by
    the rules and the verdicts that are left. Where it falls apart it is held by word.
    """
    pairs = dict.fromkeys((_pair(one, other) for one in taken for other in rest), False)
    pairs |= dict.fromkeys(_star(taken), True)
    mine = {*taken, *rest}
    words = [v.pair for v in said if v.same and mine.issuperset(v.pair)]
    for group in _linked(mine, words):
        if not group.isdisjoint(taken):
            pairs |= dict.fromkeys(_star([one for one in rest if one in group]), True)
    pairs |= dict.fromkeys(_star([min(group) for group in kin]), True)
    return Told(pairs=pairs)


def told_by_merge(stories: Sequence[Sequence[int]], *, said: Iterable[Verdict]) -> Told:
    """What it takes so that the members of these stories are one, whatever becomes of their texts
    and of the rules: each is told the same as the first, and no verdict between two of them that
    kept them apart is left."""
    everything = [item_id for members in stories for item_id in members]
    pairs = dict.fromkeys(_star(everything), True)
    mine = set(everything)
    apart = (v.pair for v in said if not v.same and mine.issuperset(v.pair))
    return Told(pairs=pairs, forgotten=frozenset(apart) - pairs.keys())


def _star(items: Sequence[int]) -> list[_Pair]:
    return [_pair(items[0], other) for other in items[1:]]


def _linked(items: Collection[int], pairs: Iterable[_Pair]) -> list[set[int]]:
    """The items in groups, those of a pair in one."""
    group_of = {item_id: {item_id} for item_id in items}
    for one, other in pairs:
        both = group_of[one] | group_of[other]
        group_of.update(dict.fromkeys(both, both))
    return [*{id(group): group for group in group_of.values()}.values()]


def _pair(a: int, b: int) -> _Pair:
    return (a, b) if a < b else (b, a)
