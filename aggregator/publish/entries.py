"""What the feeds carry, as plain records: which entries, ids, dates and links, decided here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from aggregator.catalogue import Catalogue
from aggregator.domain.feeds import Feed, FeedState
from aggregator.domain.issues import Edition, Section
from aggregator.domain.items import SEOUL, Item
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.publish.addresses import Tags, absolute_url, public_url
from aggregator.publish.layout import Layout
from aggregator.publish.river import (
    body_name,
    newest_stories,
    other_sources,
    section_label,
    series_title,
    shown_stories,
    updated_at,
)
from aggregator.publish.xml_text import one_line
from aggregator.text.clean import xml_safe

ATOM_TYPE = "application/atom+xml"
RSS_TYPE = "application/rss+xml"
HTML_TYPE = "text/html"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One atom:link; empty attributes are left out. ``length`` in bytes, 0 where unknown."""

    href: str
    rel: str
    type: str = ""
    hreflang: str = ""
    title: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The feed an entry was taken from (RFC 4287, section 4.2.11)."""

    id: str
    title: str
    updated: datetime
    links: tuple[Link, ...]
    rights: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A section, by a term that never changes and a label for people."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, of one story or one issue. Instants are in +09:00, to the second; texts are
    plain, but ``content`` is HTML; ``language`` is "" where it is the feed's own."""

    id: str
    title: str
    author: str
    updated: datetime
    published: datetime | None = None
    summary: str = ""
    content: str = ""
    language: str = ""
    links: tuple[Link, ...] = ()
    category: Category | None = None
    source: Source | None = None
    rights: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One feed to write, entries newest first."""

    path: str
    id: str
    title: str
    subtitle: str
    author: str
    language: str
    updated: datetime
    links: tuple[Link, ...]
    entries: tuple[FeedEntry, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What every entry is made with: the planet, where things stand, and each feed's source."""

    planet: Planet
    layout: Layout
    catalogue: Catalogue
    tags: Tags
    sources: Mapping[str, Source]

    @classmethod
    def of(cls, planet: Planet, layout: Layout, catalogue: Catalogue) -> Press:
        """Gather it, once for all feeds. Raises RenderError for a bad tag authority."""
        tags = Tags(authority=planet.options.tag_authority)
        newest: dict[str, datetime] = {}
        for placed in planet.stories:
            for member in placed.story.members:
                feed_id, at = member.item.feed_id, updated_at(member)
                newest[feed_id] = max(newest.get(feed_id, at), at)
        oldest = tags.since()
        sources = {
            feed.id: _source(feed, planet.states.get(feed.id), newest.get(feed.id, oldest), tags)
            for feed in planet.feeds
        }
        return cls(planet=planet, layout=layout, catalogue=catalogue, tags=tags, sources=sources)


def story_feed(press: Press, path: str, section: Section | None) -> FeedDocument:
    """The newest stories, of one section where it is given, as the feed at ``path``.

    A feed without entries is as old as the tag authority's date: the oldest instant at which it
    can have come to be, and the same in every build.
    """
    planet, layout, tags = press.planet, press.layout, press.tags
    language = layout.default
    stories = [
        placed
        for placed in shown_stories(planet)
        if section is None or placed.section == section.id
    ]
    options = planet.options
    chosen = newest_stories(stories, options.feed_limit, options.feed_days)
    entries = tuple(story_entry(placed, press) for placed in chosen)
    series = series_title(planet, language)
    if section is None:
        title = press.catalogue.text("feed.all_title", language, series=series)
        page = layout.index(language)
        feed_id = tags.uri("feed", "all")
    else:
        label = section_label(section, language)
        title = press.catalogue.text("feed.section_title", language, series=series, section=label)
        page = layout.section(section.id, language)
        feed_id = tags.uri("feed", "section", section.id)
    return FeedDocument(
        path=path,
        id=feed_id,
        title=one_line(title),
        subtitle=one_line(planet.series.taglines.get(language, "")) or one_line(title),
        author=one_line(series),
        language=language,
        updated=max((entry.updated for entry in entries), default=tags.since()),
        links=_feed_links(planet, path, page, language),
        entries=entries,
    )


def issue_feed(press: Press, path: str) -> FeedDocument:
    """The newest published issues as the feed at ``path``, newest first; ``feed_limit`` bounds
    their number. An empty feed is as old as the tag authority's date."""
    planet, layout, tags = press.planet, press.layout, press.tags
    language = layout.default
    issues = sorted(planet.issues, key=lambda issue: issue.number, reverse=True)
    entries = tuple(
        issue_entry(issue, press) for issue in issues[: planet.options.feed_limit] if issue.editions
    )
    series = series_title(planet, language)
    title = one_line(press.catalogue.text("feed.issues_title", language, series=series))
    return FeedDocument(
        path=path,
        id=tags.uri("feed", "issues"),
        title=title,
        subtitle=one_line(planet.series.taglines.get(language, "")) or title,
        author=one_line(series),
        language=language,
        updated=max((entry.updated for entry in entries), default=tags.since()),
        links=_feed_links(planet, path, layout.archive(language), language),
        entries=entries,
    )


def story_entry(placed: PlacedStory, press: Press) -> FeedEntry:
    """A story's entry: its primary item, with the other members as related links."""
    planet, tags = press.planet, press.tags
    language = press.layout.default
    stored = placed.story.primary
    item = stored.item
    section = planet.series.section(placed.section) if placed.section is not None else None
    source = press.sources.get(item.feed_id)
    own = _language_tag(item.language)
    return FeedEntry(
        id=tags.uri("story", placed.story.public_id),
        title=one_line(item.title),
        author=one_line(body_name(item, planet, language)),
        updated=_second(updated_at(stored)),
        published=_second(item.published.at) if item.published is not None else None,
        summary=xml_safe(item.summary).strip(),
        content=xml_safe(item.content).strip() or _needed_content(item),
        language=own if own != language else "",
        links=_entry_links(placed, press),
        category=Category(
            scheme=tags.uri("sections"), term=section.id, label=section_label(section, "ko")
        )
        if section is not None
        else None,
        source=source,
        rights=source.rights if source is not None else "",
    )


def issue_entry(issue: PrintedIssue, press: Press) -> FeedEntry:
    """An issue's entry: links to its pages, and the headlines of its first edition as content."""
    planet, layout = press.planet, press.layout
    edition = layout.first_edition(issue)
    at = _second(issue.published_at)
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
        id=press.tags.uri("issue", str(issue.number)),
        title=one_line(f"{edition.title} {edition.heading}"),
        author=one_line(series_title(planet, edition.language)),
        updated=at,
        published=at,
        summary=one_line(edition.tagline),
        content=_headlines(edition),
        language=edition.language if edition.language != layout.default else "",
        links=links,
    )


def _feed_links(planet: Planet, path: str, page: str, language: str) -> tuple[Link, ...]:
    """Rel self with the feed's exact address, the hub where there is one, the page last."""
    base = planet.options.base_url
    kind = RSS_TYPE if path.endswith(".rss") else ATOM_TYPE
    links = [Link(href=absolute_url(base, path), rel="self", type=kind)]
    if planet.options.hub:
        links.append(Link(href=planet.options.hub, rel="hub"))
    page_url = absolute_url(base, page)
    links.append(Link(href=page_url, rel="alternate", type=HTML_TYPE, hreflang=language))
    return tuple(links)


def _entry_links(placed: PlacedStory, press: Press) -> tuple[Link, ...]:
    """The release itself (the story's place on the site where it has no link), the other places
    where it stands, and the files attached to it."""
    planet, layout = press.planet, press.layout
    item = placed.story.primary.item
    url = public_url(item.link)
    own = _language_tag(item.language)
    if not url:
        page = absolute_url(planet.options.base_url, layout.home_of(placed, planet.bodies))
        url = f"{page}#story-{placed.story.public_id}"
    links = [Link(href=url, rel="alternate", type=HTML_TYPE, hreflang=own)]
    links += [
        Link(
            href=source.url,
            rel="related",
            type=HTML_TYPE,
            hreflang=_language_tag(source.language),
            title=one_line(source.name),
        )
        for source in other_sources(placed, planet, layout.default)
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


def _source(feed: Feed, state: FeedState | None, updated: datetime, tags: Tags) -> Source:
    """The feed as its entries name it. ``updated`` is the newest change among the items that it
    brought, so that a visit that brings nothing leaves every byte as it was."""
    links = []
    if public_url(feed.url):
        links.append(Link(href=public_url(feed.url), rel="self"))
    if state is not None and state.link and public_url(state.link):
        links.append(Link(href=public_url(state.link), rel="alternate", type=HTML_TYPE))
    return Source(
        id=tags.uri("source", feed.id),
        title=one_line(feed.title),
        updated=_second(updated),
        links=tuple(links),
        rights=one_line(feed.licence),
    )


def _needed_content(item: Item) -> str:
    """Content for an item that has neither a link nor HTML of its own: its summary or title."""
    return "" if public_url(item.link) else paragraphs(item.summary or item.title)


def paragraphs(text: str) -> str:
    """Plain text as HTML paragraphs, one for each line."""
    lines = (line.strip() for line in xml_safe(text).splitlines())
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def _headlines(edition: Edition) -> str:
    """The headlines of an edition by section, as HTML."""
    parts = []
    for section in edition.sections:
        titles = (escape(one_line(item.headline.text), quote=False) for item in section.items)
        rows = "".join(f"<li>{title}</li>" for title in titles)
        if rows:
            parts.append(f"<h2>{escape(one_line(section.label), quote=False)}</h2><ul>{rows}</ul>")
    return "".join(parts) or paragraphs(edition.heading)


def _second(at: datetime) -> datetime:
    """The instant in +09:00, without fractions of a second."""
    return at.astimezone(SEOUL).replace(microsecond=0)


def _language_tag(language: str) -> str:
    """``language`` where it has the form of a language tag (RFC 5646), else ""."""
    return language if _LANGUAGE.fullmatch(language) else ""
