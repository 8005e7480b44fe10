"""An issue as an action finds it, read without all that might come into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from aggregator.domain.errors import NotFound
from aggregator.domain.issues import Issue, Pick
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked, in_printed_order
from aggregator.issue.windows import issue_day, working_window
from aggregator.services.curation.published_changes import last_changed
from aggregator.services.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """An issue and its picks, by the id of their story."""

    issue: Issue
    picks: Mapping[int, Pick]

    def pick(self, story: Story) -> Pick | None:
        """The story's pick, None where it has none."""
        return self.picks.get(story.id)


def working_issue(desk: Desk) -> Issue:
    """The issue that is being worked on, opened where it is not yet; no place of it is filled."""
    now = desk.clock.now()
    window = working_window(desk.series, desk.store.issue_heads(desk.series.id), now)
    return desk.store.open_issue(desk.series.id, window, issue_day(window), now)


def issue_by_id(desk: Desk, issue_id: int) -> Issue:
    """The issue of that id, of this series. Raises NotFound."""
    issue = desk.store.issue(issue_id)
    if issue.series != desk.series.id:
        raise NotFound(f"the issue {issue_id} is none of {desk.series.id}")
    return issue


def hand_of(desk: Desk, issue_id: int) -> Hand:
    """The issue as it is now. Raises NotFound."""
    issue = issue_by_id(desk, issue_id)
    picks = desk.store.picks(issue_id)
    return Hand(issue=issue, picks={pick.story_id: pick for pick in picks})


def story_of(desk: Desk, public_id: str) -> Story:
    """The story of this public id. Raises NotFound for one that is none, or has no items any more."""
    ids = desk.store.living_stories([public_id])
    found = desk.store.stories(ids=ids.values()) if ids else []
    if not found:
        raise NotFound(f"there is no story {public_id!r}, or it has gone into another one")
    return found[0]


def picked_of(desk: Desk, issue: Issue) -> list[Picked]:
    """The issue's picks with their stories: what is in by printed order, then the others."""
    everything = with_stories(desk, desk.store.picks(issue.id))
    inside = [one for one in everything if one.pick.state.is_in]
    outside = [one for one in everything if not one.pick.state.is_in]
    return [*in_printed_order(inside, desk.series, desk.bodies), *outside]


def the_pick(desk: Desk, issue_id: int, story: str) -> Picked | None:
    """One pick with its story, None where the story has none in the issue."""
    ids = desk.store.living_stories([story])
    picks = [one for one in desk.store.picks(issue_id) if one.story_id in ids.values()]
    return next(iter(with_stories(desk, picks)), None)


def section_in_order(desk: Desk, hand: Hand, section: str, more: Sequence[Pick] = ()) -> list[int]:
    """The stories of a section as they are printed, by id; ``more`` are picks in place of those of
    the same stories."""
    replaced = {pick.story_id: pick for pick in more}
    picks = [replaced.get(pick.story_id, pick) for pick in hand.picks.values()]
    picks += [pick for pick in more if pick.story_id not in hand.picks]
    here = [pick for pick in picks if pick.section == section and pick.state.is_in]
    stories = _shown(desk, [pick.story_id for pick in here])
    picked = [Picked(pick=p, story=stories[p.story_id]) for p in here if p.story_id in stories]
    return [one.story.id for one in in_printed_order(picked, desk.series, desk.bodies)]


def with_stories(desk: Desk, picks: Sequence[Pick]) -> list[Picked]:
    """Picks with their stories as they are shown; one whose story has gone into another one is left
    out."""
    return paired(desk, picks, _shown(desk, [pick.story_id for pick in picks]).values())


def paired(desk: Desk, picks: Sequence[Pick], found: Collection[Story]) -> list[Picked]:
    """Each pick with its story among those that were ``found``, and whether its source has changed
    since; one without is left out."""
    stories = {story.id: story for story in found}
    primaries = [story.primary.id for story in found]
    changed = last_changed(desk.store.changes(item_ids=primaries))
    return [
        Picked(
            pick=pick,
            story=story,
            source_changed=changed.get(story.primary.id, 0) > pick.source_rev > 0,
        )
        for pick in picks
        if (story := stories.get(pick.story_id)) is not None
    ]


def _shown(desk: Desk, ids: Collection[int]) -> dict[int, Story]:
    return {story.id: story for story in desk.store.shown_stories(ids=ids)}
