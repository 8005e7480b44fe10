"""Curation: new items are folded into stories, and stories placed in a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from aggregator.curate.classify import ClassifyInput, classify
from aggregator.curate.features import FeatureContext
from aggregator.curate.office_names import build_aliases
from aggregator.curate.words import Matcher, compile_rules
from aggregator.domain.bodies import Body, Level
from aggregator.domain.feeds import DESK_FEED, Carries, Feed
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import Placement, Story
from aggregator.observe import get_logger
from aggregator.ports.clock import Clock
from aggregator.ports.storing import Store
from aggregator.services.folding import SALTS, Folder
from aggregator.services.neighbours import Neighbours, chunks
from aggregator.text.clean import plain_text

__all__ = ["SALTS", "Curated", "Curator"]

log = get_logger(__name__)

PLACED_TOGETHER = 200
"""Stories that are read, placed and written together."""


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

        ``on_step`` is told how many of how many items and stories are done, of items alone until
        the stories are known. What it raises ends the run there, which loses nothing: what is
        written stays, the rest is due. Each new item decides its whole component of candidates
        anew, so that the stories do not depend on the order of arrival. Idempotent.
        """
        new = self.store.uncurated_ids()
        steps = _Steps(on_step)
        folded = self._fold(new, steps) if new else 0
        placed = self._place(steps)
        if new or placed:
            log.info("items_curated", items=len(new), stories=folded, placed=placed)
        return Curated(items=len(new), stories=folded, placed=placed)

    def _fold(self, new: list[int], steps: _Steps) -> int:
        """Fold these items and what they touch; how many stories were written."""
        neighbours = Neighbours(store=self.store, context=self._context)
        steps.expect(len(new))
        turned = neighbours.take_keys(new, steps.tell)
        pending = [*dict.fromkeys((*new, *turned))]
        steps.expect(len(pending) - len(new))
        folder = Folder(
            store=self.store,
            clock=self.clock,
            neighbours=neighbours,
            authority={feed.id: feed.authority for feed in self._by_feed.values()},
        )
        for chunk in chunks(pending):
            folder.fold_alone(chunk)
            steps.reach(len(folder.done))
        rest = [one for one in pending if one not in folder.done]
        folder.fold(rest, lambda: steps.reach(len(folder.done)))
        steps.reach(len(pending))
        return folder.stories

    # --- placing ----------------------------------------------------------------------------------

    def _place(self, steps: _Steps) -> int:
        """Place what is due; how many stories were placed."""
        due = self.store.unplaced_ids(self.rules.hash)
        done = steps.expect(len(due))
        for number, chunk in enumerate(chunks(due, PLACED_TOGETHER)):
            steps.reach(done + number * PLACED_TOGETHER)
            found = self.store.shown_stories(ids=chunk)
            placements = {story.id: self.place(story) for story in found}
            self.store.save_placements(placements, self.clock.now())
        if due:
            steps.reach(done + len(due))
        return len(due)

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


class _Steps:
    """How far a run is. It never goes back, though more may turn out to be done."""

    def __init__(self, on_step: Callable[[int, int], None]) -> None:
        self._on_step = on_step
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
        self._on_step(self._done, self._all)


def _longest_summary(story: Story) -> str:
    """What another member says where the primary's feed brings only a viewer frame."""
    return max((member.item.summary for member in story.members), key=len, default="")
