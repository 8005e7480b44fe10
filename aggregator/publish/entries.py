"""Which entries, ids, dates and links the feeds carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from urllib.parse import unquote, urlsplit

from aggregator.catalogue import Catalogue
from aggregator.domain.issues import Edition
from aggregator.domain.items import Enclosure, Item, StoredItem
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.issue.event_facts import source_bullets
from aggregator.observe import get_logger
from aggregator.publish.addresses import Tags, absolute_url, reader_url
from aggregator.publish.arrivals import arrivals
from aggregator.publish.correction_views import (
    ANCHOR,
    correction_line,
    corrections_of,
    headline_of,
)
from aggregator.publish.feed_records import HTML_TYPE, AtomSource, Category, FeedEntry, Link
from aggregator.publish.layout import Layout
from aggregator.publish.licences import attribution, licence_url, licence_words
from aggregator.publish.river import (
    authors_of,
    body_name,
    is_misdated,
    other_places,
    section_label,
    series_title,
    shown_stories,
    updated_at,
)
from aggregator.publish.sources import as_copied, atom_sources, to_second
from aggregator.publish.titles import short_title, shown_title
from aggregator.text.clean import one_line, with_breaks, with_links
from aggregator.text.public_url import public_url
from aggregator.text.xml_chars import xml_safe

UNUSABLE = (ArithmeticError, LookupError, TypeError, ValueError)
"""What a stored thing raises that is not as it should be."""

_log = get_logger(__name__)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_FILE_NAME = re.compile(
    r"\w\.(?:hwpx?|pdf|docx?|xlsx?|pptx?|odt|zip|jpe?g|png|mp[34])$", re.IGNORECASE
)
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]*/[A-Za-z0-9][\w.+-]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContext:
    """What every entry is made with: the planet, where things stand, and each feed's atom:source.
    ``shown`` are the stories that feeds may hold, newest first, ``arrived`` says by public id when
    they came."""

    planet: Planet
    layout: Layout
    catalogue: Catalogue
    tags: Tags
    atom_sources: Mapping[str, AtomSource]
    shown: tuple[PlacedStory, ...]
    arrived: Mapping[str, datetime]

    @classmethod
    def of(cls, planet: Planet, layout: Layout, catalogue: Catalogue) -> FeedContext:
        """Gather it, once for all feeds. Raises RenderError for a bad tag authority."""
        tags = Tags(authority=planet.options.tag_authority)
        return cls(
            planet=planet,
            layout=layout,
            catalogue=catalogue,
            tags=tags,
            atom_sources=atom_sources(planet, tags, layout.default),
            shown=shown_stories(planet),
            arrived=arrivals(planet.stories),
        )

    def only(self, stories: Iterable[PlacedStory]) -> FeedContext:
        """The same with these shown stories alone: what is said of their sources depends on no
        other."""
        shown = tuple(stories)
        planet = replace(self.planet, stories=shown)
        sources = atom_sources(planet, self.tags, self.layout.default)
        return replace(self, planet=planet, atom_sources=sources, shown=shown)


def story_entries(stories: Iterable[PlacedStory], context: FeedContext) -> tuple[FeedEntry, ...]:
    """The entries of these stories. One of which none can be made is left out and logged: it must
    not take the others away."""
    found = []
    for placed in stories:
        try:
            found.append(story_entry(placed, context))
        except UNUSABLE as problem:
            _log.warning("entry_left_out", story=placed.story.public_id, reason=str(problem))
    return tuple(found)


def story_entry(placed: PlacedStory, context: FeedContext) -> FeedEntry:
    """A story's entry: its primary item, with the other members as related links.

    It is updated when the item changes, and when another item takes the primary's place.
    """
    planet, tags = context.planet, context.tags
    language = context.layout.default
    stored = placed.story.primary
    item = stored.item
    section = planet.series.section(placed.section) if placed.section is not None else None
    own = language_tag(item.language)
    updated = updated_at(stored)
    source = as_copied(context.atom_sources.get(item.feed_id), updated)
    rights = rights_of(item, source)
    return FeedEntry(
        id=tags.uri("story", placed.story.public_id),
        title=shown_title(item.title),
        author=one_line(body_name(item, planet, language)),
        updated=to_second(max(updated, placed.story.primary_changed_at or updated)),
        published=None if is_misdated(stored) else _date(stored),
        listed_at=to_second(stored.first_seen_at) if is_misdated(stored) else _date(stored),
        summary=xml_safe(item.summary).strip(),
        content=_content(placed, context),
        language=own if own != language else "",
        links=(*_entry_links(placed, context), *licence_links(rights)),
        category=Category(
            scheme=tags.uri("sections"), term=section.id, label=section_label(section, "ko")
        )
        if section is not None
        else None,
        source=source,
        rights=rights_words(rights, item, context),
        authors=tuple(name for one in authors_of(placed, planet) if (name := one_line(one.name))),
    )


def issue_entry(issue: PrintedIssue, context: FeedContext, language: str) -> FeedEntry | None:
    """The entry of an issue's edition in ``language``: links to its page first, then to those of
    the other editions, and its headlines and corrections as content. A correction of this edition after publication
    dates the update.

    Where there is no such edition, the default language has the first there is; None in any other.
    """
    planet, layout, tags = context.planet, context.layout, context.tags
    is_default = language == layout.default
    edition = layout.edition(issue, language)
    if edition.language != language and not is_default:
        return None
    at = to_second(issue.published_at)
    corrected = issue.corrected.get(edition.language)
    links = tuple(
        Link(
            href=absolute_url(planet.options.base_url, layout.issue(issue, one.language)),
            rel="alternate",
            type=HTML_TYPE,
            hreflang=one.language,
        )
        for one in (edition, *(e for e in issue.editions if e is not edition))
    )
    number = str(issue.number)
    return FeedEntry(
        id=tags.uri("issue", number) if is_default else tags.uri("issue", number, language),
        title=one_line(f"{edition.title} {edition.heading}"),
        author=one_line(series_title(planet, edition.language)),
        updated=to_second(corrected) if corrected is not None else at,
        published=at,
        listed_at=at,
        summary=one_line(edition.tagline),
        content=_headlines(edition) + _put_right(issue, edition, context),
        language=edition.language if edition.language != language else "",
        links=links,
    )


def entry_id(context: FeedContext, language: str, kind: str, name: str) -> str:
    """The id of an entry that is told in several languages: in another than the first it has its
    own, as it is another text."""
    parts = (kind, name) if language == context.layout.default else (kind, name, language)
    return context.tags.uri(*parts)


def _entry_links(placed: PlacedStory, context: FeedContext) -> tuple[Link, ...]:
    """The release itself (the story's place on the site where it has no link), the other places
    where it stands, and the files attached to it."""
    planet, layout = context.planet, context.layout
    item = placed.story.primary.item
    url = reader_url(item.link)
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
    names = {file.url: file.name for file in item.attachments}
    links += [
        _file_link(file, names.get(file.url, ""))
        for file in item.enclosures
        if public_url(file.url)
    ]
    return tuple(links)


def _file_link(file: Enclosure, name: str) -> Link:
    """An attached file: an enclosure where its type and length are known, which readers count on;
    else a related document, by the name that its source or its address gives it."""
    media_type = file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else ""
    if media_type and file.length > 0:
        return Link(href=public_url(file.url), rel="enclosure", type=media_type, length=file.length)
    url = public_url(file.url)
    in_address = unquote(urlsplit(url).path.rpartition("/")[2])
    title = one_line(name) or (one_line(in_address) if _FILE_NAME.search(in_address) else "")
    return Link(href=url, rel="related", type=media_type, title=title)


def rights_of(item: Item, source: AtomSource | None) -> str:
    """The licence of a release: its own, else that of its feed."""
    return one_line(item.licence) or (source.rights if source is not None else "")


def rights_words(rights: str, item: Item, context: FeedContext) -> str:
    """A licence as people read it, with the office that is to be named."""
    planet, language = context.planet, context.layout.default
    words = licence_words(rights, language, context.catalogue)
    return attribution(words, body_name(item, planet, language))


def licence_links(rights: str) -> tuple[Link, ...]:
    """A link to the text of the licence (RFC 4946), where there is one."""
    url = licence_url(rights)
    return (Link(href=url, rel="license", type=HTML_TYPE),) if url else ()


def _date(stored: StoredItem) -> datetime | None:
    """The release's own date, to the second."""
    published = stored.item.published
    return to_second(published.at) if published is not None else None


def _content(placed: PlacedStory, context: FeedContext) -> str:
    """The item's own HTML, its links to what the public cannot reach undone, the paragraphs of a
    plain text made such, behind the facts of an event; for one that has neither that nor both a link
    and a summary, its summary or title."""
    item = placed.story.primary.item
    own = with_breaks(with_links(xml_safe(item.content).strip(), reader_url))
    if facts := _facts(placed.story.primary, context):
        return facts + (own or paragraphs(item.summary))
    if own or (public_url(item.link) and xml_safe(item.summary).strip()):
        return own
    return paragraphs(item.summary.strip() or item.title)


def _facts(stored: StoredItem, context: FeedContext) -> str:
    """An event's facts as an HTML list, with labels in the feed's language."""
    language = context.layout.default
    lines = (one.line(language, context.catalogue) for one in source_bullets(stored, language))
    texts = (one_line("".join(phrase.text for phrase in line)) for line in lines)
    rows = "".join(f"<li>{escape(text, quote=False)}</li>" for text in texts)
    return f"<ul>{rows}</ul>" if rows else ""


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


def _put_right(issue: PrintedIssue, edition: Edition, context: FeedContext) -> str:
    """The corrections of an edition as HTML, so that readers who see it updated see why: each
    behind the headline of its item, which leads to where the page tells of it."""
    language, catalogue = edition.language, context.catalogue
    path = context.layout.issue(issue, language)
    page = absolute_url(context.planet.options.base_url, path)
    rows = ""
    for one in corrections_of(issue, edition):
        headline = escape(short_title(one_line(headline_of(one, edition).text)), quote=False)
        line = escape(correction_line(one, language, catalogue), quote=False)
        place = escape(f"{page}#{ANCHOR}{one.public_id}")
        rows += f'<li><a href="{place}">{headline}</a><br>{line}</li>'
    head = escape(catalogue.text("correction.head", language), quote=False) if rows else ""
    return f"<h2>{head}</h2><ul>{rows}</ul>" if rows else ""


def language_tag(language: str) -> str:
    """``language`` where it has the form of a language tag (RFC 5646), else ""."""
    return language if _LANGUAGE.fullmatch(language) else ""
