"""Curation: new items are folded into stories, and stories placed in a section."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from aggregator.curate.copies.features import FeatureContext
from aggregator.curate.copies.office_names import build_aliases, offices_of
from aggregator.curate.gazetteer import homes_of
from aggregator.curate.matching.words import Matcher
from aggregator.curate.placing.classify import ClassifyInput
from aggregator.domain.bodies import Body
from aggregator.domain.feeds import DESK_FEED, Feed
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import Placement, Story
from aggregator.observe import get_logger
from aggregator.ports.clock import Clock
from aggregator.ports.storing import Store
from aggregator.services.curation.folding import SALTS, Folder
from aggregator.services.curation.neighbours import TOGETHER, Neighbours
from aggregator.services.curation.noticing import notice_changes
from aggregator.services.curation.placing import Placer
from aggregator.services.curation.resting import resting_collector
from aggregator.services.many import chunks

__all__ = ["SALTS", "Curated", "Curator"]

log = get_logger(__name__)

PLACED_TOGETHER = 1000
"""Stories that are read, placed and written together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """What one run did. Of the stories ``placed``, ``anew`` had been placed by other rules, and of
    these ``moved`` are in another section now, or in none, or in one at last."""

    items: int
    stories: int
    placed: int
    anew: int = 0
    moved: int = 0


@dataclass(frozen=True, kw_only=True)
class Curator:
    """Folds and places. ``issuer`` finds a body's id by any of its names."""

    store: Store
    clock: Clock
    feeds: tuple[Feed, ...]
    bodies: Mapping[str, Body]
    rules: RuleSet
    issuer: Callable[[str], str | None]

    @cached_property
    def _placer(self) -> Placer:
        return Placer(feeds=self._by_feed, bodies=self.bodies, rules=self.rules)

    @property
    def matcher(self) -> Matcher:
        """The words of the rules, ready to be found."""
        return self._placer.matcher

    @cached_property
    def _by_feed(self) -> Mapping[str, Feed]:
        return {feed.id: feed for feed in (*self.feeds, DESK_FEED)}

    @cached_property
    def context(self) -> FeatureContext:
        """What an item alone does not say when it is compared with others."""
        carries = {feed.id: feed.carries for feed in self._by_feed.values()}
        bodies = self.bodies.values()
        return FeatureContext(
            aliases=build_aliases(bodies),
            carries=carries,
            homes=homes_of(bodies),
            offices=offices_of(bodies),
        )

    def curate(self, *, on_step: Callable[[int, int], None] = lambda _, __: None) -> Curated:
        """Fold everything new or changed, then place what has no placement by these rules. What
        sources changed in releases that were picked or published is noticed before.

        ``on_step`` is told how many of how many items and stories are done, of items alone until
        the stories are known. What it raises ends the run there, which loses nothing: what is
        written stays, the rest is due. Each new item decides its whole component of candidates
        anew, so that the stories do not depend on the order of arrival. Idempotent.
        """
        with resting_collector() as collect:
            return self._curate(_Steps(on_step, collect))

    def _curate(self, steps: _Steps) -> Curated:
        began = time.perf_counter()
        new = self.store.uncurated_ids()
        if new:
            notice_changes(self.store)
        folded = self._fold(new, steps) if new else 0
        done = replace(self._place(steps), items=len(new), stories=folded)
        if new or done.placed:
            ms = round((time.perf_counter() - began) * 1000)
            log.info("items_curated", items=len(new), stories=folded, placed=done.placed, ms=ms)
        if done.anew:
            log.info("rules_changed", placed_anew=done.anew, moved=done.moved)
        return done

    def _fold(self, new: list[int], steps: _Steps) -> int:
        """Fold these items and what they touch; how many stories were written."""
        neighbours = self.neighbours()
        steps.expect(len(new))
        turned = neighbours.take(new, steps.tell)
        pending = [*dict.fromkeys((*new, *turned))]
        steps.expect(len(pending) - len(new))
        folder = Folder(
            store=self.store,
            clock=self.clock,
            neighbours=neighbours,
            authority={feed.id: feed.authority for feed in self._by_feed.values()},
        )
        for chunk in chunks(pending, TOGETHER):
            folder.make_room()
            folder.fold_alone(chunk)
            steps.reach(len(folder.done))
            folder.fold(chunk, lambda: steps.reach(len(folder.done)))
        neighbours.keep_sheets()
        steps.reach(len(pending))
        return folder.stories

    def neighbours(self) -> Neighbours:
        """What knows which items resemble which, as folding asks it; nothing is written by making
        one."""
        return Neighbours(store=self.store, context=self.context)

    # --- placing ----------------------------------------------------------------------------------

    def _place(self, steps: _Steps) -> Curated:
        """Place what is due, and say what that came to."""
        due = self.store.unplaced_ids(self.rules.hash)
        before = self.store.sections_of_other_rules(self.rules.hash) if due else {}
        if due:
            for word, reach in self.matcher.short_sighted.items():
                _tell_once(word, reach)
        anew = moved = 0
        done = steps.expect(len(due))
        for number, chunk in enumerate(chunks(due, PLACED_TOGETHER)):
            steps.reach(done + number * PLACED_TOGETHER)
            placements = {
                one.story_id: self._placer.decide(one) for one in self.store.placeable(chunk)
            }
            self.store.save_placements(placements, self.clock.now())
            known = placements.keys() & before.keys()
            anew += len(known)
            moved += sum(placements[one].section != before[one] for one in known)
        if due:
            steps.reach(done + len(due))
        return Curated(items=0, stories=0, placed=len(due), anew=anew, moved=moved)

    def place(self, story: Story) -> Placement:
        """Where the rules put a story, with the whole explanation."""
        return self._placer.place(story)

    def look_at(self, story: Story) -> ClassifyInput:
        """What the rules look at in a story."""
        return self._placer.look_at(story)


class _Steps:
    """How far a run is. It never goes back, though more may turn out to be done. Garbage is
    collected (``collect``) before each step is told."""

    def __init__(self, on_step: Callable[[int, int], None], collect: Callable[[], None]) -> None:
        self._on_step = on_step
        self._collect = collect
        self._done = self._all = 0

    def expect(self, more: int) -> int:
        """Let there be more to do; how much there was."""
        before, self._all = self._all, self._all + more
        return before

    def reach(self, done: int) -> None:
        """Say that so much is done."""
        self._done = max(self._done, min(done, self._all))
        self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        self._collect()
        self._on_step(self._done, self._all)


@cache
def _tell_once(word: str, reach: int) -> None:
    log.warning("pattern_may_take_long", word=word, characters_read=reach)
