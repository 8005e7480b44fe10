"""Curation: new items are folded into stories, and stories placed in a section."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from aggregator.curate.classify import ClassifyInput, classify
from aggregator.curate.features import FeatureContext, Features, block_keys, features
from aggregator.curate.fold_stories import RELATED_MAX, Known, fold_component, mint_public_id
from aggregator.curate.office_names import build_aliases
from aggregator.curate.pairs import WINDOW, Sameness, decide_pair, find_boilerplate
from aggregator.curate.words import Matcher, compile_rules
from aggregator.domain.bodies import Body, Level
from aggregator.domain.errors import Conflict
from aggregator.domain.feeds import DESK_FEED, Carries, Feed
from aggregator.domain.items import StoredItem
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import CurationPlan, Placement, Story, StoryDraft
from aggregator.observe import get_logger
from aggregator.ports import BlockKeys, Clock, Store
from aggregator.text.clean import plain_text

log = get_logger(__name__)

COMPONENT_MAX = 80
"""Items whose candidates are looked up for one decision; what lies beyond has its own turn."""

FEATURES_KEPT = 1000
"""Items whose features are remembered while others are folded."""

CHUNK = 100
"""New items whose neighbours are looked up together."""

ATTEMPTS = 5
"""How often a component is decided anew when another process changes it meanwhile."""

SALTS = 3
"""Public ids that are asked about for each item: its own, and what it would get instead."""

_LEAD_KEYS = re.compile(r"[ln]\d*:")
"""Block keys that come from an item's lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """What one run did."""

    items: int
    stories: int
    placed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Component:
    """Items that are decided together. ``explored`` are the ids of those whose neighbours were
    looked up, ``related`` the items outside that resemble one of them, ``links`` their ids by the
    id of that one."""

    items: Sequence[StoredItem]
    explored: Collection[int]
    related: Sequence[StoredItem]
    links: Mapping[int, Collection[int]]

    def linked(self, draft: StoryDraft) -> StoryDraft:
        """The draft with what is related to one of its members outside."""
        outside = {other for one in draft.item_ids for other in self.links.get(one, ())}
        related = (*draft.related_item_ids, *sorted(outside))
        return replace(draft, related_item_ids=related[:RELATED_MAX])


@dataclass(frozen=True, kw_only=True)
class Curator:
    """Folds and places. ``issuer`` finds a body's id by any of its names."""

    store: Store
    clock: Clock
    feeds: tuple[Feed, ...]
    bodies: Mapping[str, Body]
    rules: RuleSet
    issuer: Callable[[str], str | None]
    _features: dict[tuple[int, int], Features] = field(default_factory=dict)
    _blocks: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _matcher(self) -> Matcher:
        return compile_rules(self.rules)

    @cached_property
    def _by_feed(self) -> Mapping[str, Feed]:
        return {feed.id: feed for feed in (*self.feeds, DESK_FEED)}

    @cached_property
    def _context(self) -> FeatureContext:
        carries = {feed.id: feed.carries for feed in self._by_feed.values()}
        return FeatureContext(aliases=build_aliases(self.bodies.values()), carries=carries)

    def curate(self, *, on_step: Callable[[int, int], None] = lambda _, __: None) -> Curated:
        """Fold everything new or changed, then place what has no placement by these rules.

        ``on_step`` is told how many of how many items are folded.
        Each new item decides its whole component of candidates anew, so that the stories do not
        depend on the order of arrival. Idempotent.
        """
        self._features.clear()
        self._blocks.clear()
        new = self.store.uncurated_items()
        pending = {stored.id: stored for stored in (*new, *self._take_keys(new))}
        done: set[int] = set()
        beside: dict[int, StoredItem] = {}
        stories = 0
        for chunk in _chunks([one for one in pending.values() if one.story_id is None]):
            done.update(alone := self._decide_lonely(chunk))
            stories += len(alone)
            on_step(len(done), len(pending))
        for stored in pending.values():
            if stored.id not in done:
                component, folded = self._decide(stored)
                stories += folded
                done.update(component.explored)
                beside |= {one.id: one for one in component.related}
            on_step(min(len(done), len(pending)), len(pending))
        # Those that the new ones are related to say so too.
        for stored in beside.values():
            if stored.id not in done:
                component, folded = self._decide(stored)
                stories += folded
                done.update(component.explored)
        placed = self._place()
        if pending or placed:
            log.info("items_curated", items=len(new), stories=stories, placed=placed)
        return Curated(items=len(new), stories=stories, placed=placed)

    def _take_keys(self, new: Sequence[StoredItem]) -> list[StoredItem]:
        """Write the block keys of new items; the older items that must be decided anew because a
        lead of theirs now counts as boilerplate, or no longer does."""
        leads = {self._features_of(one).lead_key for one in new}
        before = self._boilerplate(leads)
        self.store.save_block_keys([self._keys(stored) for stored in new])
        turned = before ^ self._boilerplate(leads)
        keys = {
            key
            for stored in new
            if self._features_of(stored).lead_key in turned
            for key in self._blocks_of(stored)
            if _LEAD_KEYS.match(key)
        }
        return self.store.items_sharing_keys(keys, date.min, date.max) if keys else []

    # --- folding ----------------------------------------------------------------------------------

    def _features_of(self, stored: StoredItem) -> Features:
        known = self._features.get((stored.id, stored.rev))
        if known is None:
            if len(self._features) >= FEATURES_KEPT:
                # A first run brings tens of thousands of items; all their features would fill the
                # memory of a small server, and those of long ago are seldom asked for again.
                self._features.clear()
                self._blocks.clear()
            known = features(stored, self._context)
            self._features[stored.id, stored.rev] = known
        return known

    def _blocks_of(self, stored: StoredItem) -> tuple[str, ...]:
        known = self._blocks.get((stored.id, stored.rev))
        if known is None:
            known = block_keys(self._features_of(stored))
            self._blocks[stored.id, stored.rev] = known
        return known

    def _keys(self, stored: StoredItem) -> BlockKeys:
        facts = self._features_of(stored)
        return BlockKeys(
            item_id=stored.id,
            keys=self._blocks_of(stored),
            lead=facts.lead_key,
            title=facts.title,
            day=facts.day,
        )

    def _decide(self, stored: StoredItem) -> tuple[_Component, int]:
        """Fold the component of an item; the number of stories written.

        What was read is checked when the plan is written: where another process changed it
        meanwhile it is read and decided anew. Raises Conflict when that happens again and again;
        the items then stay due.
        """
        for attempt in range(1, ATTEMPTS + 1):
            start = self.store.items_by_id([stored.id])[stored.id]
            component = self._component(start)
            try:
                return component, self._fold(component)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _decide_lonely(self, chunk: Sequence[StoredItem]) -> set[int]:
        """Those of these items without a story that nothing resembles: each is a story of its own,
        as its component would say, and all of them are written at once. None where another process
        changes one of them meanwhile; they then have their turns one by one."""
        facts = {stored.id: self._features_of(stored) for stored in chunk}
        met = {item_id for item_id, _, _ in self._neighbours(chunk)}
        for verdict in self.store.verdicts(list(facts)):
            met |= {verdict.item_a, verdict.item_b}
        alone = [stored for stored in chunk if stored.id not in met]
        if not alone:
            return set()
        known = Known(taken=self._living_ids(alone))
        authority = {feed.id: feed.authority for feed in self._by_feed.values()}
        plans = [
            fold_component(
                [stored],
                features={stored.id: facts[stored.id]},
                boilerplate_leads=frozenset(),
                authority=authority,
                known=known,
            )
            for stored in alone
        ]
        plan = CurationPlan(
            stories=tuple(draft for plan in plans for draft in plan.stories),
            read={one.id: (one.rev, one.story_id) for one in alone},
            curated={one: rev for plan in plans for one, rev in plan.curated.items()},
        )
        try:
            self.store.apply_curation(plan, self.clock.now())
        except Conflict:
            return set()
        return {stored.id for stored in alone}

    def _component(self, start: StoredItem) -> _Component:
        """The item with all that is the same, all that is the same as these, and whole stories of
        each.

        Nothing outside could change how these are folded, so the outcome is the same whichever of
        them comes first.
        """
        found = {start.id: start}
        explored: set[int] = set()
        related: defaultdict[int, set[int]] = defaultdict(set)
        beside: dict[int, StoredItem] = {}
        while len(explored) <= COMPONENT_MAX:
            frontier = [stored for stored in found.values() if stored.id not in explored]
            if not frontier:
                break
            explored |= {stored.id for stored in frontier}
            for item_id, other, sameness in self._neighbours(frontier):
                if sameness is Sameness.SAME:
                    found[other.id] = other
                else:
                    related[item_id].add(other.id)
                    beside[other.id] = other
            found |= self._fellows(found.values())
        return _Component(
            items=list(found.values()),
            explored=explored,
            related=[other for other in beside.values() if other.id not in found],
            links={one: others - found.keys() for one, others in related.items()},
        )

    def _fellows(self, items: Iterable[StoredItem]) -> dict[int, StoredItem]:
        """All members of the stories that hold one of these items."""
        stories = {stored.story_id for stored in items if stored.story_id is not None}
        members = self.store.members_of(stories).values() if stories else ()
        return {member.id: member for story in members for member in story}

    def _neighbours(
        self, items: Collection[StoredItem]
    ) -> Iterator[tuple[int, StoredItem, Sameness]]:
        """What is the same as one of ``items`` or related to it, with the id of that one: looked
        for among those that share a block key with it within its window."""
        facts = {stored.id: self._features_of(stored) for stored in items}
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for stored in items:
            for key in self._blocks_of(stored):
                holders[key].append(stored.id)
        days = [one.day for one in facts.values()]
        near = self.store.items_sharing_keys(holders, *_span(min(days), max(days)))
        features_of = {other.id: self._features_of(other) for other in near}
        empty = self._boilerplate(
            {one.lead_key for one in (*facts.values(), *features_of.values())}
        )
        for other in near:
            mine = features_of[other.id]
            sharing = {one for key in self._blocks_of(other) for one in holders.get(key, ())}
            for item_id in sorted(sharing - {other.id}):
                if abs(facts[item_id].day - mine.day) <= WINDOW:
                    sameness = decide_pair(facts[item_id], mine, empty).sameness
                    if sameness is not Sameness.UNLIKE:
                        yield item_id, other, sameness

    def _fold(self, component: _Component) -> int:
        facts = {stored.id: self._features_of(stored) for stored in component.items}
        existing = {s.id: s.story_id for s in component.items if s.story_id is not None}
        plan = fold_component(
            component.items,
            features=facts,
            boilerplate_leads=self._boilerplate({one.lead_key for one in facts.values()}),
            authority={feed.id: feed.authority for feed in self._by_feed.values()},
            known=Known(
                existing=existing,
                public_ids=self.store.public_ids(set(existing.values())),
                verdicts=self.store.verdicts(list(facts)),
                taken=self._living_ids(component.items),
            ),
        )
        plan = replace(
            plan,
            read={one.id: (one.rev, one.story_id) for one in component.items},
            stories=tuple(component.linked(draft) for draft in plan.stories),
            # An item whose own neighbours were not looked up stays due.
            curated={one: rev for one, rev in plan.curated.items() if one in component.explored},
        )
        return len(self.store.apply_curation(plan, self.clock.now()))

    def _living_ids(self, items: Iterable[StoredItem]) -> set[str]:
        """The public ids that these items would be given and that living stories bear."""
        minted = [
            mint_public_id(stored.item.feed_id, stored.item.key, salt)
            for stored in items
            for salt in range(SALTS)
        ]
        return set(self.store.living_stories(minted))

    def _boilerplate(self, leads: set[str]) -> frozenset[str]:
        """Those of the leads that stand under several unlike titles and so say nothing."""
        return find_boilerplate(self.store.lead_titles(leads - {""}))

    # --- placing ----------------------------------------------------------------------------------

    def _place(self) -> int:
        stories = self.store.unplaced_stories(self.rules.hash)
        placements = {story.id: self.place(story) for story in stories}
        if placements:
            self.store.save_placements(placements, self.clock.now())
        return len(placements)

    def place(self, story: Story) -> Placement:
        """Where the rules put a story, with the whole explanation."""
        item = story.primary.item
        body = self.bodies.get(item.body)
        feed = self._by_feed.get(item.feed_id)
        return classify(
            ClassifyInput(
                title=item.title,
                summary=item.summary or _longest_summary(story),
                content=plain_text(item.content) if item.content else "",
                level=body.level if body else Level.MEDIA,
                body=item.body,
                carries=feed.carries if feed else Carries.PRESS,
                language=item.language,
            ),
            self._matcher,
        )


def _longest_summary(story: Story) -> str:
    """What another member says where the primary's feed brings only a viewer frame."""
    return max((member.item.summary for member in story.members), key=len, default="")


def _chunks(items: Sequence[StoredItem]) -> Iterator[Sequence[StoredItem]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _span(first: date, last: date) -> tuple[date, date]:
    """The days on which a copy of something between two days may stand."""
    reach = WINDOW.days
    return (
        date.fromordinal(max(first.toordinal() - reach, date.min.toordinal())),
        date.fromordinal(min(last.toordinal() + reach, date.max.toordinal())),
    )
