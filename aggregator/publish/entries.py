"""Which entries, ids, dates and links the feeds carry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from aggregator.catalogue import Catalogue
from aggregator.domain.feeds import DESK_FEED_ID, Feed
from aggregator.domain.issues import Edition, Section
from aggregator.domain.items import SEOUL, Item, StoredItem
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.domain.visits import FeedState
from aggregator.publish.addresses import Tags, absolute_url, public_feed_url, public_url
from aggregator.publish.feed_records import (
    HTML_TYPE,
    AtomSource,
    Category,
    FeedDocument,
    FeedEntry,
    FeedFormat,
    Link,
)
from aggregator.publish.layout import Layout
from aggregator.publish.river import (
    body_name,
    is_misdated,
    newest_stories,
    other_places,
    section_label,
    series_title,
    shown_stories,
    updated_at,
)
from aggregator.publish.titles import short_title
from aggregator.text.clean import one_line, with_links
from aggregator.text.xml_chars import xml_safe

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContext:
    """What every entry is made with: the planet, where things stand, and each feed's atom:source."""

    planet: Planet
    layout: Layout
    catalogue: Catalogue
    tags: Tags
    atom_sources: Mapping[str, AtomSource]

    @classmethod
    def of(cls, planet: Planet, layout: Layout, catalogue: Catalogue) -> FeedContext:
        """Gather it, once for all feeds. Raises RenderError for a bad tag authority."""
        tags = Tags(authority=planet.options.tag_authority)
        return cls(
            planet=planet,
            layout=layout,
            catalogue=catalogue,
            tags=tags,
            atom_sources=_sources(planet, tags, layout.default),
        )


def story_feed(
    context: FeedContext,
    path: str,
    section: Section | None,
    form: FeedFormat = FeedFormat.ATOM,
) -> FeedDocument:
    """The newest stories, of one section where it is given, as the feed at ``path``.

    A feed without entries is as old as the tag authority's date: the oldest instant at which it
    can have come to be, and the same in every build.
    """
    planet, layout, tags = context.planet, context.layout, context.tags
    language = layout.default
    stories = [
        placed
        for placed in shown_stories(planet)
        if section is None or placed.section == section.id
    ]
    options = planet.options
    chosen = newest_stories(stories, options.feed_limit, options.feed_days)
    entries = tuple(story_entry(placed, context, form) for placed in chosen)
    series = series_title(planet, language)
    if section is None:
        title = context.catalogue.text("feed.all_title", language, series=series)
        page = layout.index(language)
        feed_id = tags.uri("feed", "all")
    else:
        label = section_label(section, language)
        title = context.catalogue.text("feed.section_title", language, series=series, section=label)
        page = layout.section(section.id, language)
        feed_id = tags.uri("feed", "section", section.id)
    return FeedDocument(
        path=path,
        format=form,
        id=feed_id,
        title=one_line(title),
        subtitle=one_line(planet.series.taglines.get(language, "")) or one_line(title),
        author=one_line(series),
        language=language,
        updated=max((entry.updated for entry in entries), default=tags.since()),
        links=feed_links(planet, path, page, language, form),
        entries=entries,
    )


def issue_feed(context: FeedContext, path: str) -> FeedDocument:
    """The newest published issues as the feed at ``path``, newest first; ``feed_limit`` bounds
    their number. An empty feed is as old as the tag authority's date."""
    planet, layout, tags = context.planet, context.layout, context.tags
    language = layout.default
    issues = sorted(planet.issues, key=lambda issue: issue.number, reverse=True)
    entries = tuple(
        issue_entry(issue, context)
        for issue in issues[: planet.options.feed_limit]
        if issue.editions
    )
    series = series_title(planet, language)
    title = one_line(context.catalogue.text("feed.issues_title", language, series=series))
    return FeedDocument(
        path=path,
        format=FeedFormat.ATOM,
        id=tags.uri("feed", "issues"),
        title=title,
        subtitle=one_line(planet.series.taglines.get(language, "")) or title,
        author=one_line(series),
        language=language,
        updated=max((entry.updated for entry in entries), default=tags.since()),
        links=feed_links(planet, path, layout.archive(language), language, FeedFormat.ATOM),
        entries=entries,
    )


def story_entry(
    placed: PlacedStory, context: FeedContext, form: FeedFormat = FeedFormat.ATOM
) -> FeedEntry:
    """A story's entry: its primary item, with the other members as related links.

    It is updated when the item changes, and when another item takes the primary's place.
    """
    planet, tags = context.planet, context.tags
    language = context.layout.default
    stored = placed.story.primary
    item = stored.item
    section = planet.series.section(placed.section) if placed.section is not None else None
    source = context.atom_sources.get(item.feed_id)
    own = language_tag(item.language)
    updated = updated_at(stored)
    return FeedEntry(
        id=tags.uri("story", placed.story.public_id),
        title=short_title(one_line(item.title)),
        author=one_line(body_name(item, planet, language)),
        updated=to_second(max(updated, placed.story.primary_changed_at or updated)),
        published=_published(stored, form),
        summary=xml_safe(item.summary).strip(),
        content=_content(item),
        language=own if own != language else "",
        links=_entry_links(placed, context),
        category=Category(
            scheme=tags.uri("sections"), term=section.id, label=section_label(section, "ko")
        )
        if section is not None
        else None,
        source=source,
        rights=one_line(item.licence) or (source.rights if source is not None else ""),
    )


def issue_entry(issue: PrintedIssue, context: FeedContext) -> FeedEntry:
    """An issue's entry: links to its pages, and the headlines of its first edition as content;
    a correction after publication dates the update."""
    planet, layout = context.planet, context.layout
    edition = layout.first_edition(issue)
    at = to_second(issue.published_at)
    links = tuple(
        Link(
            href=absolute_url(planet.options.base_url, layout.issue(issue, one.language)),
            rel="alternate",
            type=HTML_TYPE,
            hreflang=one.language,
        )
        for one in (edition, *(e for e in issue.editions if e is not edition))
    )
    return FeedEntry(
        id=context.tags.uri("issue", str(issue.number)),
        title=one_line(f"{edition.title} {edition.heading}"),
        author=one_line(series_title(planet, edition.language)),
        updated=to_second(issue.updated_at) if issue.updated_at is not None else at,
        published=at,
        summary=one_line(edition.tagline),
        content=_headlines(edition),
        language=edition.language if edition.language != layout.default else "",
        links=links,
    )


def feed_links(
    planet: Planet, path: str, page: str, language: str, form: FeedFormat
) -> tuple[Link, ...]:
    """Rel self with the feed's exact address, the hub where there is one, the page last."""
    base = planet.options.base_url
    links = [Link(href=absolute_url(base, path), rel="self", type=form.value)]
    if planet.options.hub:
        links.append(Link(href=planet.options.hub, rel="hub"))
    page_url = absolute_url(base, page)
    links.append(Link(href=page_url, rel="alternate", type=HTML_TYPE, hreflang=language))
    return tuple(links)


def _entry_links(placed: PlacedStory, context: FeedContext) -> tuple[Link, ...]:
    """The release itself (the story's place on the site where it has no link), the other places
    where it stands, and the files attached to it."""
    planet, layout = context.planet, context.layout
    item = placed.story.primary.item
    url = public_url(item.link)
    own = language_tag(item.language)
    if not url:
        page = absolute_url(planet.options.base_url, layout.home_of(placed, planet.bodies))
        url = f"{page}#story-{placed.story.public_id}"
    links = [Link(href=url, rel="alternate", type=HTML_TYPE, hreflang=own)]
    links += [
        Link(
            href=place.url,
            rel="related",
            type=HTML_TYPE,
            hreflang=language_tag(place.language),
            title=one_line(place.name),
        )
        for place in other_places(placed, planet, layout.default)
    ]
    links += [
        Link(
            href=public_url(file.url),
            rel="enclosure",
            type=one_line(file.media_type),
            length=max(file.length, 0),
        )
        for file in item.enclosures
        if public_url(file.url)
    ]
    return tuple(links)


def _published(stored: StoredItem, form: FeedFormat) -> datetime | None:
    """The release's own date. Of a misdated one Atom says nothing; RSS, which has no other date
    than this, says when it was first seen."""
    published = stored.item.published
    if published is None:
        return None
    if is_misdated(stored):
        return to_second(stored.first_seen_at) if form is FeedFormat.RSS else None
    return to_second(published.at)


def _sources(planet: Planet, tags: Tags, language: str) -> dict[str, AtomSource]:
    """Every feed as its entries name it, by id: those of the configuration, and those that are no
    longer in it but brought a story that is still shown.

    ``updated`` is the newest change among the items that it brought, so that a visit that brings
    nothing leaves every byte as it was.
    """
    newest: dict[str, StoredItem] = {}
    for placed in planet.stories:
        for member in placed.story.members:
            known = newest.setdefault(member.item.feed_id, member)
            if (updated_at(member), member.id) > (updated_at(known), known.id):
                newest[member.item.feed_id] = member
    found = {}
    for feed in planet.feeds:
        brought = newest.pop(feed.id, None)
        updated = tags.since() if brought is None else updated_at(brought)
        found[feed.id] = _source(feed, planet.states.get(feed.id), updated, tags)
    typed_in = newest.pop(DESK_FEED_ID, None)
    if typed_in is not None:
        found[DESK_FEED_ID] = _desk_source(planet, updated_at(typed_in), tags, language)
    for feed_id, member in newest.items():
        state = planet.states.get(feed_id)
        gone = Feed(
            id=feed_id,
            url=state.url if state is not None else "",
            title=(one_line(state.title) if state is not None else "")
            or body_name(member.item, planet, language),
            body=member.item.body,
        )
        found[feed_id] = _source(gone, state, updated_at(member), tags)
    return found


def _desk_source(planet: Planet, updated: datetime, tags: Tags, language: str) -> AtomSource:
    """What editors typed in has this site as its source."""
    base = planet.options.base_url
    return AtomSource(
        id=tags.uri("source", DESK_FEED_ID),
        title=short_title(series_title(planet, language)),
        updated=to_second(updated),
        links=(
            Link(href=f"{base}/feed.atom", rel="self"),
            Link(href=f"{base}/", rel="alternate", type=HTML_TYPE),
        ),
    )


def _source(feed: Feed, state: FeedState | None, updated: datetime, tags: Tags) -> AtomSource:
    """One feed, with the links that readers can follow."""
    links = []
    if address := public_feed_url(feed.url):
        links.append(Link(href=address, rel="self"))
    if state is not None and state.link and public_url(state.link):
        links.append(Link(href=public_url(state.link), rel="alternate", type=HTML_TYPE))
    return AtomSource(
        id=tags.uri("source", feed.id),
        title=short_title(one_line(feed.title)),
        updated=to_second(updated),
        links=tuple(links),
        rights=one_line(feed.licence),
    )


def _content(item: Item) -> str:
    """The item's own HTML, its links to what the public cannot reach undone; for one that has
    neither that nor a link, its summary or title."""
    own = with_links(xml_safe(item.content).strip(), public_url)
    if own or public_url(item.link):
        return own
    return paragraphs(item.summary or item.title)


def paragraphs(text: str) -> str:
    """Plain text as HTML paragraphs, one for each line."""
    lines = (line.strip() for line in xml_safe(text).splitlines())
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def _headlines(edition: Edition) -> str:
    """The headlines of an edition by section, as HTML."""
    parts = []
    for section in edition.sections:
        titles = (short_title(one_line(item.headline.text)) for item in section.items)
        rows = "".join(f"<li>{escape(title, quote=False)}</li>" for title in titles)
        if rows:
            parts.append(f"<h2>{escape(one_line(section.label), quote=False)}</h2><ul>{rows}</ul>")
    return "".join(parts) or paragraphs(edition.heading)


def to_second(at: datetime) -> datetime:
    """The instant in +09:00, without fractions of a second."""
    return at.astimezone(SEOUL).replace(microsecond=0)


def language_tag(language: str) -> str:
    """``language`` where it has the form of a language tag (RFC 5646), else ""."""
    return language if _LANGUAGE.fullmatch(language) else ""
