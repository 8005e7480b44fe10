"""Items folded into stories: a whole component of candidates is decided anew, in any order alike."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, islice
from types import MappingProxyType
from typing import Any, Protocol

from aggregator.curate.copies.features import Features
from aggregator.curate.copies.pairs import PairDecision, Sameness, decide_pair, glance_at_pair
from aggregator.domain.stories import (
    RELATED_MAX,
    CurationPlan,
    Membership,
    StoryDraft,
    Verdict,
)

DEFAULT_AUTHORITY = 90
FIRST_RULE = "first"
VERDICT_RULE = "verdict"

_ID_LENGTH = 16
NOTHING_DECIDED: Mapping[tuple[int, int], PairDecision] = MappingProxyType({})
_STRANGE = PairDecision(sameness=Sameness.UNLIKE, rule="veto:crowd")
_Place = tuple[date, str, str]
_Pair = tuple[int, int]


class Foldable(Protocol):
    """What folding looks at in an item besides its features."""

    @property
    def id(self) -> int:
        """The item's."""
        ...

    @property
    def rev(self) -> int:
        """Its revision."""
        ...

    @property
    def day(self) -> date:
        """The printed day."""
        ...

    @property
    def feed_id(self) -> str:
        """The feed that brought it."""
        ...

    @property
    def key(self) -> str:
        """Its identity within the feed."""
        ...

    @property
    def summary_length(self) -> int:
        """Characters of its summary."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is already decided about the items: ``existing`` story by item, the ``public_ids`` of
    these stories, editors' ``verdicts``, and ``taken`` public ids that no new story may get.

    All members of every story in ``existing`` must be among the items that are folded: a story
    none of whose members is left counts as emptied.
    """

    existing: Mapping[int, int] = field(default_factory=dict)
    public_ids: Mapping[int, str] = field(default_factory=dict)
    verdicts: Sequence[Verdict] = ()
    taken: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    """An accepted pair: the rule and figures that a membership shows."""

    rule: str
    detail: Mapping[str, Any]


class _Decisions:
    """How the items of one component stand to each other.

    Which pairs are the same, or related, is found by glances. Whether a veto keeps apart two that are
    not the same takes longer, and is decided where it is asked: of few pairs it ever matters.
    """

    def __init__(
        self,
        pairs: Iterable[_Pair],
        features: Mapping[int, Features],
        boilerplate_leads: Collection[str],
        strangers: Collection[_Pair],
        decided: Mapping[_Pair, PairDecision],
    ) -> None:
        self._features = features
        self._empty = boilerplate_leads
        self._apart: dict[_Pair, bool] = {}
        self._known = {
            pair: _STRANGE if pair in strangers else decided.get(pair) or self._glance(pair)
            for pair in pairs
        }

    def _glance(self, pair: _Pair) -> PairDecision:
        return glance_at_pair(self._features[pair[0]], self._features[pair[1]], self._empty)

    def __getitem__(self, pair: _Pair) -> PairDecision:
        """As ``glance_at_pair`` says."""
        return self._known[pair]

    def accepted(self) -> list[_Pair]:
        """The pairs that are the same."""
        return [pair for pair, one in self._known.items() if one.sameness is Sameness.SAME]

    def keep_apart(self, pair: _Pair) -> bool:
        """Whether a rule keeps the two out of one story."""
        found = self._known[pair]
        if found.sameness is Sameness.SAME or found.is_veto:
            return found.is_veto
        if pair not in self._apart:
            one, other = (self._features[item_id] for item_id in pair)
            self._apart[pair] = decide_pair(one, other, self._empty).is_veto
        return self._apart[pair]


class _Clusters:
    """Growing groups of items with the pairs that joined them.

    ``apart`` are the pairs that an editor keeps apart, ``decisions`` say which ones a rule does. The ``kin``
    of an item are those of its group that rules alone put together with it: what an editor merged
    holds several kins, and a veto counts within one of them only. A copy of one member may so join,
    whatever the rules say of it and of a member that is like nothing but by an editor's word.
    """

    def __init__(self, ids: Sequence[int], apart: Collection[_Pair], decisions: _Decisions) -> None:
        self.group_of = {item_id: frozenset({item_id}) for item_id in ids}
        self.kin_of = dict(self.group_of)
        self.edges: dict[_Pair, _Edge] = {}
        self._apart, self._decisions = apart, decisions

    def join_by_word(self, pair: _Pair, edge: _Edge) -> None:
        """Join the groups of a pair unless an editor keeps two of their items apart."""
        left, right = (self.group_of[item_id] for item_id in pair)
        if left == right or any(pair in self._apart for pair in _pairs(left, right)):
            return
        self.edges[pair] = edge
        _unite(self.group_of, left | right)

    def join_by_rule(self, pair: _Pair, edge: _Edge) -> None:
        """The same, unless a veto stands between the kins of the two either."""
        left, right = (self.kin_of[item_id] for item_id in pair)
        if left == right or any(map(self._decisions.keep_apart, _pairs(left, right))):
            return
        self.join_by_word(pair, edge)
        if self.group_of[pair[0]] == self.group_of[pair[1]]:
            _unite(self.kin_of, left | right)

    def groups(self) -> list[frozenset[int]]:
        """Every group once."""
        return list(dict.fromkeys(self.group_of.values()))


def _pairs(left: Collection[int], right: Collection[int]) -> Iterator[_Pair]:
    return (_pair(a, b) for a in left for b in right)


def _unite(group_of: dict[int, frozenset[int]], group: frozenset[int]) -> None:
    for item_id in group:
        group_of[item_id] = group


def fold_component(
    items: Sequence[Foldable],
    *,
    features: Mapping[int, Features],
    boilerplate_leads: Collection[str],
    authority: Mapping[str, int],
    known: Known,
    strangers: Collection[_Pair] = (),
    decided: Mapping[_Pair, PairDecision] = NOTHING_DECIDED,
) -> CurationPlan:
    """Decide which of ``items`` are one story each, whatever order they come in.

    ``features`` are by item id, ``authority`` by feed id (higher represents a story). Verdicts come
    before rules, then the strongest acceptances first; a veto between any two members keeps groups
    apart, but not from what an editor's word brought in. A story keeps its public id and stays with its earliest member's group; new ids come from
    that member's feed id and key. Calling again with the outcome changes nothing. ``strangers``
    (pairs of ids, the smaller first) have nothing in common but what too many have: they are not
    compared and no rule puts them in one story. What was ``decided`` of pairs already (that they are
    the same, or that a veto keeps them apart) is not decided again, and features are asked for of
    the others alone.
    """
    by_id = {item.id: item for item in sorted(items, key=_place)}
    pairs = (_pair(a, b) for a, b in combinations(by_id, 2))
    decisions = _Decisions(pairs, features, boilerplate_leads, strangers, decided)
    clusters = _fold(by_id, decisions, known.verdicts)
    groups = [[item_id for item_id in by_id if item_id in group] for group in clusters.groups()]
    groups.sort(key=lambda group: _place(by_id[group[0]]))
    owners = _assign_stories(groups, known.existing)
    ids = _assign_public_ids(groups, owners, by_id, known)
    ranked = [_rank(group, by_id, authority) for group in groups]
    stories = {known.existing[item_id] for item_id in by_id if item_id in known.existing}
    return CurationPlan(
        stories=tuple(
            StoryDraft(
                id=owners.get(index),
                public_id=ids[index],
                item_ids=tuple(group),
                memberships=_explain(group, clusters.edges),
                related_item_ids=_related(index, ranked, decisions),
            )
            for index, group in enumerate(ranked)
        ),
        emptied=tuple(sorted(stories - set(owners.values()))),
        curated={item.id: item.rev for item in by_id.values()},
    )


def mint_public_id(feed_id: str, key: str, salt: int = 0) -> str:
    """16 hex digits that are the same for the same feed and entry key."""
    text = f"{feed_id}\x00{key}" + (f"\x00{salt}" if salt else "")
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]


def new_public_id(feed_id: str, key: str, taken: Collection[str]) -> str:
    """The first public id of an entry that is not ``taken``."""
    salt = 0
    while (public_id := mint_public_id(feed_id, key, salt)) in taken:
        salt += 1
    return public_id


def draft_alone(
    item_id: int, feed_id: str, key: str, taken: Collection[str], related: tuple[int, ...] = ()
) -> StoryDraft:
    """The new story of an item that is the same as nothing: what ``fold_component`` makes of it.
    ``related`` are the items that stand beside it."""
    return StoryDraft(
        id=None,
        public_id=new_public_id(feed_id, key, taken),
        item_ids=(item_id,),
        memberships=(Membership(item_id=item_id, rule=FIRST_RULE),),
        related_item_ids=related,
    )


def _fold(
    by_id: Mapping[int, Foldable],
    decisions: _Decisions,
    verdicts: Sequence[Verdict],
) -> _Clusters:
    known = {
        _pair(v.item_a, v.item_b): v
        for v in sorted(verdicts, key=lambda v: (v.at, v.item_a, v.item_b))
        if v.item_a in by_id and v.item_b in by_id
    }
    clusters = _Clusters(
        list(by_id),
        apart={pair for pair, verdict in known.items() if not verdict.same},
        decisions=decisions,
    )

    def order(pair: _Pair) -> tuple[_Place, _Place]:
        first, second = sorted((_place(by_id[pair[0]]), _place(by_id[pair[1]])))
        return first, second

    for pair in sorted((p for p, v in known.items() if v.same), key=order):
        detail = {"by": known[pair].by, "reason": known[pair].reason}
        clusters.join_by_word(pair, _Edge(VERDICT_RULE, detail))
    accepted = sorted(decisions.accepted(), key=lambda p: (-decisions[p].strength, order(p)))
    for pair in accepted:
        decision = decisions[pair]
        clusters.join_by_rule(pair, _Edge(decision.rule, decision.detail))
    return clusters


def _assign_stories(groups: Sequence[Sequence[int]], existing: Mapping[int, int]) -> dict[int, int]:
    """Group index to story id: each story goes with its earliest member, at most one to a group."""
    position = {item_id: index for index, group in enumerate(groups) for item_id in group}
    heads: dict[int, int] = {}
    for item_id in _in_place_order(groups):
        story = existing.get(item_id)
        if story is not None and story not in heads:
            heads[story] = item_id
    owners: dict[int, int] = {}
    for story, item_id in heads.items():
        owners.setdefault(position[item_id], story)
    return owners


def _in_place_order(groups: Sequence[Sequence[int]]) -> list[int]:
    return [item_id for group in groups for item_id in group]


def _assign_public_ids(
    groups: Sequence[Sequence[int]],
    owners: Mapping[int, int],
    by_id: Mapping[int, Foldable],
    known: Known,
) -> list[str]:
    """The kept public ids, and new ones that are nobody else's."""
    taken = set(known.taken) | set(known.public_ids.values())
    ids = []
    for index, group in enumerate(groups):
        if index in owners:
            ids.append(known.public_ids[owners[index]])
            continue
        item = by_id[group[0]]
        public_id = new_public_id(item.feed_id, item.key, taken)
        taken.add(public_id)
        ids.append(public_id)
    return ids


def _rank(
    group: Sequence[int], by_id: Mapping[int, Foldable], authority: Mapping[str, int]
) -> list[int]:
    """Members with the one that represents the story first."""

    def order(item_id: int) -> tuple[int, date, int, str, str]:
        stored = by_id[item_id]
        rank = authority.get(stored.feed_id, DEFAULT_AUTHORITY)
        day, feed_id, key = _place(stored)
        return (-rank, day, -stored.summary_length, feed_id, key)

    return sorted(group, key=order)


def _explain(group: Sequence[int], edges: Mapping[_Pair, _Edge]) -> tuple[Membership, ...]:
    """Each member with the accepted pair that leads it towards the story's first member."""
    memberships = {group[0]: Membership(item_id=group[0], rule=FIRST_RULE)}
    queue = [group[0]]
    while queue:
        origin = queue.pop(0)
        for item_id in group:
            edge = edges.get(_pair(origin, item_id))
            if edge is not None and item_id not in memberships:
                memberships[item_id] = Membership(
                    item_id=item_id, rule=edge.rule, with_item=origin, detail=edge.detail
                )
                queue.append(item_id)
    return tuple(memberships[item_id] for item_id in group)


def _related(index: int, groups: Sequence[Sequence[int]], decisions: _Decisions) -> tuple[int, ...]:
    """The first items of other stories that something in this one is like, RELATED_MAX at most."""
    like = (
        other[0]
        for place, other in enumerate(groups)
        if place != index
        and any(
            decisions[_pair(a, b)].sameness is not Sameness.UNLIKE
            for a in groups[index]
            for b in other
        )
    )
    return tuple(islice(like, RELATED_MAX))


def _place(stored: Foldable) -> _Place:
    """The order in which nothing depends on arrival."""
    return (stored.day, stored.feed_id, stored.key)


def _pair(a: int, b: int) -> _Pair:
    return (a, b) if a < b else (b, a)
