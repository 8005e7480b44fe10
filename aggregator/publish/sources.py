"""The feeds that entries were taken from, as every entry names its own (atom:source)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aggregator.domain.feeds import DESK_FEED_ID, Feed
from aggregator.domain.items import SEOUL, StoredItem
from aggregator.domain.publishing import Planet
from aggregator.domain.visits import FeedState
from aggregator.publish.addresses import Tags, absolute_url, public_feed_url
from aggregator.publish.feed_records import HTML_TYPE, AtomSource, FeedFormat, Link
from aggregator.publish.layout import FEED
from aggregator.publish.river import body_name, series_title, updated_at
from aggregator.publish.titles import short_title
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url


def atom_sources(planet: Planet, tags: Tags, language: str) -> dict[str, AtomSource]:
    """Every feed as its entries name it, by id: those of the configuration, and those that are no
    longer in it but brought a story that is still shown. Their date is each entry's own to say
    (``as_copied``)."""
    newest: dict[str, StoredItem] = {}
    for placed in planet.stories:
        for member in placed.story.members:
            known = newest.setdefault(member.item.feed_id, member)
            if (updated_at(member), member.id) > (updated_at(known), known.id):
                newest[member.item.feed_id] = member
    found = {feed.id: _source(feed, planet.states.get(feed.id), tags) for feed in planet.feeds}
    if DESK_FEED_ID in newest:
        found[DESK_FEED_ID] = _desk_source(planet, tags, language)
    for feed_id, member in newest.items():
        if feed_id in found:
            continue
        state = planet.states.get(feed_id)
        gone = Feed(
            id=feed_id,
            url=state.url if state is not None else "",
            title=(one_line(state.title) if state is not None else "")
            or body_name(member.item, planet, language),
            body=member.item.body,
        )
        found[feed_id] = _source(gone, state, tags)
    return found


def as_copied(source: AtomSource | None, at: datetime) -> AtomSource | None:
    """The source of an entry that was copied from it ``at``: atom:source says what the feed was
    like then (RFC 4287, section 4.2.11).

    The feed may have changed since. To say so in every entry would make all of them differ whenever
    it brings one more, and readers that compare whole entries would take them for changed.
    """
    return replace(source, updated=to_second(at)) if source is not None else None


def _desk_source(planet: Planet, tags: Tags, language: str) -> AtomSource:
    """What editors typed in has this site as its source."""
    base = planet.options.base_url
    return AtomSource(
        id=tags.uri("source", DESK_FEED_ID),
        title=short_title(series_title(planet, language)),
        updated=tags.since(),
        links=(
            Link(href=absolute_url(base, f"{FEED}.{FeedFormat.ATOM.ending}"), rel="self"),
            Link(href=f"{base}/", rel="alternate", type=HTML_TYPE),
        ),
    )


def _source(feed: Feed, state: FeedState | None, tags: Tags) -> AtomSource:
    """One feed, with the links that readers can follow."""
    links = []
    if address := public_feed_url(feed.url):
        links.append(Link(href=address, rel="self"))
    if state is not None and state.link and public_url(state.link):
        links.append(Link(href=public_url(state.link), rel="alternate", type=HTML_TYPE))
    return AtomSource(
        id=tags.uri("source", feed.id),
        title=short_title(one_line(feed.title)),
        updated=tags.since(),
        links=tuple(links),
        rights=one_line(feed.licence),
    )


def to_second(at: datetime) -> datetime:
    """The instant in +09:00, without fractions of a second."""
    return at.astimezone(SEOUL).replace(microsecond=0)
