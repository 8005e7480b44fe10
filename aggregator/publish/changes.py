"""Entries of the feed of silent edits: what sources changed in releases that were published or picked."""

from __future__ import annotations

from html import escape

from aggregator.catalogue.days import print_minute
from aggregator.domain.publishing import ChangedRelease, PrintedIssue
from aggregator.publish.addresses import absolute_url
from aggregator.publish.differences import before_and_after, escaped, gist, places
from aggregator.publish.entries import FeedContext, entry_id, language_tag, licence_links, rights_of
from aggregator.publish.feed_records import HTML_TYPE, Category, FeedEntry, Link
from aggregator.publish.river import body_name, section_label
from aggregator.publish.sources import as_copied, to_second
from aggregator.publish.titles import short_title
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url


def change_entry(changed: ChangedRelease, context: FeedContext, language: str) -> FeedEntry:
    """One change: its id is the change's own, its time when it was seen, and it is never updated."""
    planet = context.planet
    change, item = changed.change, changed.stored.item
    at = to_second(change.at)
    headline = short_title(one_line(change.title))
    source = as_copied(context.atom_sources.get(item.feed_id), at)
    rights = rights_of(item, source)
    section_id = changed.placed.section if changed.placed is not None else None
    section = planet.series.section(section_id) if section_id is not None else None
    return FeedEntry(
        id=entry_id(context, language, "change", change.public_id),
        title=context.catalogue.text("change.title", language, headline=headline),
        author=one_line(body_name(item, planet, language)),
        updated=at,
        published=at,
        listed_at=at,
        summary=gist(change.fields, language, context.catalogue),
        content=_content(changed, context, language),
        links=(*_links(changed, context, language), *licence_links(rights)),
        category=Category(
            scheme=context.tags.uri("sections"),
            term=section.id,
            label=section_label(section, "ko"),
        )
        if section is not None
        else None,
        source=source,
        rights=rights,
    )


def _links(changed: ChangedRelease, context: FeedContext, language: str) -> tuple[Link, ...]:
    """The release itself, else its place on the site; then that place, and the issues."""
    planet = context.planet
    own = language_tag(changed.stored.item.language)
    url = public_url(changed.change.link)
    place = _place(changed, context)
    base = planet.options.base_url
    links = [
        Link(
            href=url or place or absolute_url(base, context.layout.index(language)),
            rel="alternate",
            type=HTML_TYPE,
            hreflang=own if url else (context.layout.default if place else language),
        )
    ]
    if url and place:
        links.append(
            Link(href=place, rel="related", type=HTML_TYPE, hreflang=context.layout.default)
        )
    links += [
        Link(href=href, rel="related", type=HTML_TYPE, title=name)
        for href, name in _issues(changed, context, language)
    ]
    return tuple(links)


def _place(changed: ChangedRelease, context: FeedContext) -> str:
    """Where its story stands on the site, "" where it does no more."""
    if changed.placed is None:
        return ""
    planet = context.planet
    page = absolute_url(
        planet.options.base_url, context.layout.home_of(changed.placed, planet.bodies)
    )
    return f"{page}#story-{changed.placed.story.public_id}"


def _issues(changed: ChangedRelease, context: FeedContext, language: str) -> list[tuple[str, str]]:
    """Address and heading of each issue that had printed the story when it changed, in order."""
    layout, base = context.layout, context.planet.options.base_url
    names = {changed.change.story}
    if changed.placed is not None:
        names.add(changed.placed.story.public_id)
    found = []
    for issue in sorted(context.planet.issues, key=lambda issue: issue.number):
        if issue.editions and issue.published_at <= changed.change.at and _prints(issue, names):
            edition = layout.edition(issue, language)
            href = absolute_url(base, layout.issue(issue, edition.language))
            found.append((href, one_line(edition.heading)))
    return found


def _prints(issue: PrintedIssue, stories: set[str]) -> bool:
    return any(
        item.story in stories
        for edition in issue.editions
        for section in edition.sections
        for item in section.items
    )


def _content(changed: ChangedRelease, context: FeedContext, language: str) -> str:
    """What changed as HTML: each place before and after, marked by elements and by words, so that
    it is understood without them, too."""
    text = context.catalogue.text
    body = one_line(body_name(changed.stored.item, context.planet, language))
    seen = text("change.seen", language, body=body, at=print_minute(changed.change.at))
    own = language_tag(changed.stored.item.language)
    spoken = own if own != language else ""
    parts = [f"<p>{escaped(seen)}</p>"]
    for one in changed.change.fields:
        parts.append(f"<h3>{escaped(text(f'change.field.{one.field.value}', language))}</h3>")
        parts += [
            before_and_after(place, language, context.catalogue, spoken)
            for place in places(one.pieces)
        ]
    parts.append(_where(changed, context, language))
    return "".join(parts)


def _where(changed: ChangedRelease, context: FeedContext, language: str) -> str:
    """Links to the release, to its place here, and to the issues that printed it."""
    text = context.catalogue.text
    links = [
        (public_url(changed.change.link), text("change.source", language)),
        (_place(changed, context), text("change.story", language)),
    ]
    links += [
        (href, text("change.printed", language, issue=name))
        for href, name in _issues(changed, context, language)
    ]
    told = [f'<a href="{escape(href)}">{escaped(name)}</a>' for href, name in links if href]
    return f"<p>{' · '.join(told)}</p>" if told else ""
