"""What an issue looks like before it is published: the part of the site that its page is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aggregator.domain.issues import Issue, IssueStatus
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.domain.stories import Story
from aggregator.issue.windows import next_number
from aggregator.ports.publishing import Pictures
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.printed import printed_issue
from aggregator.services.publishing.publish import as_printed


def preview_planet(desk: Desk, pictures: Pictures, draft: Draft) -> Planet:
    """A planet of this issue as it would be published now (or is read now), with its neighbours and the
    stories that it prints. The page of the issue is the same as that of the whole site."""
    printed = as_printed(desk, draft)
    urls = sorted(thumbnails_of(printed))
    return Planet(
        series=desk.series,
        stories=tuple(_placed(desk, draft, printed)),
        issues=(printed, *_neighbours(desk, draft)),
        feeds=desk.feeds,
        states={},
        bodies=desk.bodies,
        options=desk.options,
        thumbnails={url: path for url in urls if (path := pictures.path_of(url))},
    )


def thumbnails_of(printed: PrintedIssue) -> set[str]:
    """The addresses of the pictures that an issue shows."""
    items = (item for one in printed.editions for part in one.sections for item in part.items)
    return {item.thumbnail for item in items} - {""}


def _placed(desk: Desk, draft: Draft, printed: PrintedIssue) -> Iterator[PlacedStory]:
    """The stories of the issue that may be read now; of a published one those that it printed."""
    now = desk.clock.now()
    sections = {one.story.id: one.pick.section for one in draft.picked}
    for story in _stories(desk, draft, printed):
        if not story.primary.is_held(now):
            yield PlacedStory(story=story, section=sections.get(story.id))


def _stories(desk: Desk, draft: Draft, printed: PrintedIssue) -> list[Story]:
    known = {one.story.public_id: one.story for one in draft.picked}
    items = (item for one in printed.editions for part in one.sections for item in part.items)
    lacking = {item.story for item in items} - known.keys()
    ids = desk.store.living_stories(sorted(lacking)) if lacking else {}
    more = desk.store.shown_stories(ids=[*ids.values()]) if ids else []
    return [*known.values(), *more]


def _neighbours(desk: Desk, draft: Draft) -> Iterator[PrintedIssue]:
    """The issues before and after, to which the page leads."""
    heads = desk.store.issue_heads(desk.series.id)
    out = sorted(
        (one for one in heads if one.status is IssueStatus.PUBLISHED and one.id != draft.issue.id),
        key=lambda one: one.number or 0,
    )
    number = draft.issue.number or next_number(desk.series, heads)
    ids = _beside(out, number)
    for issue in desk.store.issues(desk.series.id, ids=ids) if ids else ():
        if (printed := printed_issue(desk, issue)) is not None:
            yield printed


def _beside(issues: Sequence[Issue], number: int) -> list[int]:
    before = [one.id for one in issues if (one.number or 0) < number][-1:]
    after = [one.id for one in issues if (one.number or 0) > number][:1]
    return before + after
