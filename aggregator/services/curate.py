"""Curation: new items are folded into stories, and stories placed in a section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from aggregator.curate.classify import ClassifyInput, classify
from aggregator.curate.features import FeatureContext, Features, block_keys, features
from aggregator.curate.normal_form import build_aliases
from aggregator.curate.pairs import WINDOW
from aggregator.curate.stories import Known, fold_component
from aggregator.curate.words import Matcher, compile_rules
from aggregator.domain.bodies import Body, Level
from aggregator.domain.feeds import Carries, Feed
from aggregator.domain.items import StoredItem
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import Placement, Story
from aggregator.observe import get_logger
from aggregator.ports import BlockKeys, Clock, Store
from aggregator.services.desk import DESK_FEED
from aggregator.text.clean import plain_text

log = get_logger(__name__)

COMPONENT_MAX = 80
"""Items that are decided together at most; beyond it only direct candidates are looked at."""

BOILERPLATE_TITLES = 4
"""A lead that stands under so many different titles says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """What one run did."""

    items: int
    stories: int
    placed: int


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

    def curate(self) -> Curated:
        """Fold everything new or changed, then place what has no placement by these rules.

        Each new item decides its whole component of candidates anew, so that the stories do not
        depend on the order of arrival. Idempotent.
        """
        pending = self.store.uncurated_items()
        self.store.save_block_keys([self._keys(stored) for stored in pending])
        done: set[int] = set()
        stories = 0
        for stored in pending:
            if stored.id not in done:
                component = self._component(stored)
                stories += self._fold(component)
                done |= {member.id for member in component}
        placed = self._place()
        self._features.clear()
        if pending or placed:
            log.info("items_curated", items=len(pending), stories=stories, placed=placed)
        return Curated(items=len(pending), stories=stories, placed=placed)

    # --- folding ----------------------------------------------------------------------------------

    def _features_of(self, stored: StoredItem) -> Features:
        known = self._features.get((stored.id, stored.rev))
        if known is None:
            known = features(stored, self._context)
            self._features[stored.id, stored.rev] = known
        return known

    def _keys(self, stored: StoredItem) -> BlockKeys:
        facts = self._features_of(stored)
        return BlockKeys(
            item_id=stored.id,
            keys=block_keys(facts),
            lead=facts.lead_key,
            title=facts.title,
            day=facts.day,
        )

    def _component(self, start: StoredItem) -> list[StoredItem]:
        """The item with all candidates of its candidates, and whole stories of each."""
        found = {start.id: start}
        frontier = [start]
        while frontier and len(found) <= COMPONENT_MAX:
            near = self._candidates(frontier)
            frontier = [stored for stored in near if stored.id not in found]
            found |= {stored.id: stored for stored in frontier}
        stories = {stored.story_id for stored in found.values() if stored.story_id is not None}
        for members in self.store.members_of(stories).values():
            found |= {member.id: member for member in members}
        return list(found.values())

    def _candidates(self, items: Iterable[StoredItem]) -> list[StoredItem]:
        facts = [self._features_of(stored) for stored in items]
        keys = {key for one in facts for key in block_keys(one)}
        days = [one.day for one in facts]
        reach = timedelta(days=WINDOW.days)
        return self.store.items_sharing_keys(keys, min(days) - reach, max(days) + reach)

    def _fold(self, component: Sequence[StoredItem]) -> int:
        facts = {stored.id: self._features_of(stored) for stored in component}
        leads = {one.lead_key for one in facts.values() if one.lead_key}
        existing = {s.id: s.story_id for s in component if s.story_id is not None}
        plan = fold_component(
            component,
            features=facts,
            boilerplate_leads=self._boilerplate(leads),
            authority={feed.id: feed.authority for feed in self._by_feed.values()},
            known=Known(
                existing=existing,
                public_ids=self.store.public_ids(set(existing.values())),
                verdicts=self.store.verdicts(list(facts)),
            ),
        )
        return len(self.store.apply_curation(plan, self.clock.now()))

    def _boilerplate(self, leads: set[str]) -> set[str]:
        titles = self.store.lead_titles(leads)
        return {lead for lead, under in titles.items() if len(under) >= BOILERPLATE_TITLES}

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
