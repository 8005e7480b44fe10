"""Where the rules put a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aggregator.curate.matching.words import Matcher, compile_rules
from aggregator.curate.placing.classify import ClassifyInput, classify
from aggregator.domain.bodies import Body, Level
from aggregator.domain.feeds import Carries, Feed
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import Placement, Story
from aggregator.ports.storing import Placeable
from aggregator.text.clean import plain_text


@dataclass(frozen=True, kw_only=True)
class Placer:
    """Places stories. ``feeds`` and ``bodies`` are by id."""

    feeds: Mapping[str, Feed]
    bodies: Mapping[str, Body]
    rules: RuleSet

    @cached_property
    def matcher(self) -> Matcher:
        """The words of the rules, ready to be found."""
        return compile_rules(self.rules)

    def place(self, story: Story) -> Placement:
        """Where the rules put a story, with the whole explanation."""
        return classify(self.look_at(story), self.matcher)

    def decide(self, one: Placeable) -> Placement:
        """The same of what was read of a story."""
        return classify(self._texts(one), self.matcher)

    def look_at(self, story: Story) -> ClassifyInput:
        """What the rules look at in a story."""
        item = story.primary.item
        return self._texts(
            Placeable(
                story_id=story.id,
                feed_id=item.feed_id,
                body=item.body,
                language=item.language,
                title=item.title,
                summary=item.summary or _longest_summary(story),
                content=item.content,
            )
        )

    def _texts(self, one: Placeable) -> ClassifyInput:
        body = self.bodies.get(one.body)
        feed = self.feeds.get(one.feed_id)
        return ClassifyInput(
            title=one.title,
            summary=one.summary,
            content=plain_text(one.content) if one.content else "",
            level=body.level if body else Level.MEDIA,
            body=one.body,
            region=body.home_region if body else "",
            carries=feed.carries if feed else Carries.PRESS,
            language=one.language,
        )


def _longest_summary(story: Story) -> str:
    """What another member says where the primary's feed brings only a viewer frame."""
    return max((member.item.summary for member in story.members), key=len, default="")
