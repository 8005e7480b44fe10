"""The combined feed by months (RFC 5005, section 4): what it held, for readers who come late.

A story stands in the month in which it came to the site. Those of the first week of a site, which
begins with what its sources hold, stand in the month of their own date. So a month that is over, and
has another after it, gets no more stories, and its document stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aggregator.domain.items import SEOUL
from aggregator.domain.publishing import PlacedStory
from aggregator.publish.addresses import absolute_url
from aggregator.publish.arrivals import FIRST_LOAD, came_at
from aggregator.publish.entries import FeedContext, story_entries
from aggregator.publish.feed_records import ATOM_TYPE, FeedDocument, FeedFormat, Link
from aggregator.publish.river import ranked_at

MAX_ARCHIVE_BYTES = 16_000_000
"""What a month's document stays below: readers ask for it once, and it should leave nothing out."""


def with_archives(combined: FeedDocument, context: FeedContext) -> list[FeedDocument]:
    """The document of each month, the oldest first, then ``combined`` with a link to the newest of
    those that are closed.

    A closed month is one with a later month. Its document links the months around it. The last
    month is open: its document, to which only the month before links, is no archive yet.
    """
    months = _months(context.shown)
    names = sorted(months)
    made = []
    for place, name in enumerate(names):
        before = names[place - 1] if place else ""
        after = names[place + 1] if place + 1 < len(names) else ""
        current = Link(href=combined.url(FeedFormat.ATOM), rel="current", type=ATOM_TYPE)
        history = (current, *_around(context, before, after))
        made.append(_month(combined, context.only(months[name]), name, history, closed=bool(after)))
    before = names[-2] if len(names) > 1 else ""
    return [*made, replace(combined, history=_around(context, before, ""))]


def _months(stories: Sequence[PlacedStory]) -> dict[str, list[PlacedStory]]:
    """The stories of each month, written as ``2024-02``, in their order."""
    begun = min((placed.story.first_seen_at for placed in stories), default=None)
    months: dict[str, list[PlacedStory]] = {}
    for placed in stories:
        at = came_at(placed.story)
        if begun is not None and placed.story.first_seen_at < begun + FIRST_LOAD:
            at = ranked_at(placed.story.primary)
        months.setdefault(f"{at.astimezone(SEOUL):%Y-%m}", []).append(placed)
    return months


def _around(context: FeedContext, before: str, after: str) -> tuple[Link, ...]:
    """Links to the months before and after, where there are such."""
    base = context.planet.options.base_url
    return tuple(
        Link(
            href=absolute_url(base, f"{context.layout.month_feed(month)}.{FeedFormat.ATOM.ending}"),
            rel=rel,
            type=ATOM_TYPE,
        )
        for rel, month in (("prev-archive", before), ("next-archive", after))
        if month
    )


def _month(
    combined: FeedDocument,
    context: FeedContext,
    month: str,
    history: tuple[Link, ...],
    *,
    closed: bool,
) -> FeedDocument:
    """The document of one month, whose stories alone ``context`` has: the same feed, with other
    entries. Nobody subscribes to it, so it names no hub."""
    entries = story_entries(context.shown, context)
    return replace(
        combined,
        stem=context.layout.month_feed(month),
        updated=max((entry.updated for entry in entries), default=combined.updated),
        hub="",
        entries=entries,
        formats=(FeedFormat.ATOM,),
        history=history,
        is_archive=closed,
        max_bytes=MAX_ARCHIVE_BYTES,
    )
