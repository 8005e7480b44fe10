"""A placed story as selection looks at it."""

from __future__ import annotations

from aggregator.domain.bodies import Body
from aggregator.domain.stories import Story
from aggregator.issue.choices import Candidate
from aggregator.issue.edition import LAST, day_of


def candidate_of(story: Story, body: Body | None) -> Candidate | None:
    """The story as a candidate; None where the rules have no section for it. ``body`` is its
    primary item's, None where that is unknown."""
    placement = story.placement
    if placement is None or placement.section is None:
        return None
    item = story.primary.item
    hits = placement.trace.get("hits", ())
    return Candidate(
        story_id=story.id,
        public_id=story.public_id,
        section=placement.section,
        score=placement.score,
        day=day_of(story),
        body=item.body,
        body_order=body.order if body else LAST,
        body_name=body.print_name("ko") if body else "",
        first_seen_at=story.first_seen_at,
        title_groups=frozenset(hit["group"] for hit in hits if hit["field"] == "title"),
        event=item.event,
    )
