"""Where the combined feed goes on (RFC 5005, section 4): all that it held, for readers who come late.

A story stands at the moment in which it came to the site. Those of the first day of a site, which
begins with what its sources hold, stand at their own date. What comes later stands behind all that is
there, so a month or day that is over gets no more stories, and its document stays as it is. Readers
keep what they have once fetched, so nothing may be added at an address that they know: what is still
growing has another address whenever it has grown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape

from aggregator.domain.items import SEOUL
from aggregator.domain.publishing import PlacedStory
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import absolute_url
from aggregator.publish.arrivals import came_at
from aggregator.publish.entries import FeedContext, story_entries
from aggregator.publish.feed_records import ATOM_TYPE, FeedDocument, FeedFormat, Link
from aggregator.publish.feeds import Rendering, feed_artefacts, rendering
from aggregator.publish.river import ranked_at

MAX_ARCHIVE_BYTES = 16_000_000
"""What a document of the archive stays below: readers ask for it once, and it should leave nothing
out."""

HISTORY = timedelta(days=1)
"""For how long what a new site finds is what was there before it."""

SLACK = timedelta(hours=1)
"""How long after midnight a day is closed: what was seen before may be stored behind it."""

_MONTH, _DAY, _MOMENT = "%Y-%m", "%Y-%m-%d", "%Y-%m-%d-%H%M%S"

Dated = tuple[datetime, PlacedStory]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Stories that one document of the archive holds, and its name."""

    name: str
    stories: tuple[PlacedStory, ...]


def combined_artefacts(combined: FeedDocument, context: FeedContext) -> list[Artefact]:
    """The documents of the archive, the oldest first, then ``combined`` with a link to the newest,
    as files to publish. Raises RenderError.

    Each month that is over has one. Of the last month each day that is over has one, until the
    month is over, and for a month more, for whoever is on the way. What came since then stands in
    ``combined``; where that has no room for all of it, in a last document, whose name says until when
    it goes and what it holds. Each links the one before, none the one behind it, which comes only
    later.
    """
    dated = _dated(context.shown)
    if not dated:
        return feed_artefacts(combined)
    closed_on = f"{max(at for at, _ in dated) - SLACK:{_DAY}}"
    made = _Maker(combined=combined, context=context)
    months = _parts(_MONTH, (one for one in dated if f"{one[0]:{_MONTH}}" < closed_on[:7]))
    days = _parts(_DAY, (one for one in dated if f"{one[0]:{_DAY}}" < closed_on))
    walked = [*months, *(day for day in days if day.name >= closed_on[:7])]
    passed = [day for day in days if months and day.name.startswith(months[-1].name)]
    documents = [*made.chain(passed, months[:-1]), *made.chain(walked)]
    before = walked[-1].name if walked else ""
    rest = [one for one in dated if f"{one[0]:{_DAY}}" >= closed_on]
    return [
        *(file for document in documents for file in feed_artefacts(document)),
        *made.head(_tail(rest), before),
    ]


def _dated(stories: Sequence[PlacedStory]) -> list[Dated]:
    """Each story with the moment, in Seoul, at which it stands, in their order."""
    begun = min((placed.story.first_seen_at for placed in stories), default=None)
    found = []
    for placed in stories:
        at = came_at(placed.story)
        if begun is not None and at < begun + HISTORY:
            at = min(at, ranked_at(placed.story.primary))
        found.append((at.astimezone(SEOUL), placed))
    return found


def _parts(form: str, dated: Iterable[Dated]) -> list[_Part]:
    """The stories by month or day, the oldest first."""
    found: dict[str, list[PlacedStory]] = {}
    for at, placed in dated:
        found.setdefault(f"{at:{form}}", []).append(placed)
    return [_Part(name=name, stories=tuple(found[name])) for name in sorted(found)]


def _tail(rest: Sequence[Dated]) -> _Part:
    """What is still growing. Its name differs whenever it holds anything else, even where all of it
    came in one second."""
    held = ",".join(sorted(placed.story.public_id for _, placed in rest))
    digest = hashlib.sha256(held.encode()).hexdigest()[:8]
    name = f"{max(at for at, _ in rest):{_MOMENT}}-{digest}"
    return _Part(name=name, stories=tuple(placed for _, placed in rest))


def _holds(feed: Rendering, tail: FeedDocument) -> bool:
    """Whether the feed as it is written has all entries of a document."""
    body = feed.body.decode()
    return all(f"<id>{escape(entry.id, quote=False)}</id>" in body for entry in tail.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes documents of the archive: the same feed, with other entries."""

    combined: FeedDocument
    context: FeedContext

    def head(self, last: _Part, before: str) -> list[Artefact]:
        """The feed itself, behind the document ``before``, and between them one of the ``last``
        stories where the feed has no room for them."""
        feed = replace(self.combined, history=self.before(before))
        atom = rendering(feed, FeedFormat.ATOM)
        tail = self.document(last, before)
        if _holds(atom, tail):
            return feed_artefacts(feed, [atom])
        feed = replace(self.combined, history=self.before(last.name))
        return [*feed_artefacts(tail), *feed_artefacts(feed)]

    def chain(self, parts: Sequence[_Part], behind: Sequence[_Part] = ()) -> Iterator[FeedDocument]:
        """A document for each part, the first linked with the last of those that lie ``behind``."""
        before = behind[-1].name if behind else ""
        for part in parts:
            yield self.document(part, before)
            before = part.name

    def document(self, part: _Part, before: str) -> FeedDocument:
        """One of them. Nobody subscribes to it, so it names no hub."""
        context = self.context.only(part.stories)
        entries = story_entries(context.shown, context)
        feed = Link(href=self.combined.url(FeedFormat.ATOM), rel="current", type=ATOM_TYPE)
        return replace(
            self.combined,
            stem=context.layout.archived_feed(part.name),
            updated=max((entry.updated for entry in entries), default=self.combined.updated),
            hub="",
            entries=entries,
            formats=(FeedFormat.ATOM,),
            history=(feed, *self.before(before)),
            is_archive=True,
            max_bytes=MAX_ARCHIVE_BYTES,
        )

    def before(self, name: str) -> tuple[Link, ...]:
        """The link to the document before, where there is one."""
        if not name:
            return ()
        path = f"{self.context.layout.archived_feed(name)}.{FeedFormat.ATOM.ending}"
        href = absolute_url(self.context.planet.options.base_url, path)
        return (Link(href=href, rel="prev-archive", type=ATOM_TYPE),)
