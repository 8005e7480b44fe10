"""Entries of the feed of corrections: what editors put right in issues after they were published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import escape

from aggregator.catalogue import print_minute
from aggregator.domain.corrections import CorrectedText, Correction
from aggregator.domain.issues import Edition
from aggregator.domain.publishing import Planet, PrintedIssue
from aggregator.issue.corrected import shows
from aggregator.publish.addresses import absolute_url
from aggregator.publish.correction_views import (
    ANCHOR,
    field_name,
    headline_of,
    pieces_of,
    what_changed,
    with_note,
)
from aggregator.publish.differences import before_and_after, escaped, places
from aggregator.publish.entries import FeedContext, entry_id
from aggregator.publish.feed_records import HTML_TYPE, Category, FeedEntry, Link
from aggregator.publish.river import section_label, series_title
from aggregator.publish.sources import to_second
from aggregator.publish.titles import short_title
from aggregator.text.clean import one_line


def made_corrections(planet: Planet, language: str = "") -> list[tuple[PrintedIssue, Correction]]:
    """The newest corrections that a page shows, in this language where one is given, newest first, as many and
    as old as a feed may hold by the options."""
    found = [
        (issue, one)
        for issue in planet.issues
        for one in issue.corrections
        if any(
            shows(edition, one) for edition in issue.editions if language in {"", edition.language}
        )
    ]
    # Of those made in the same moment the later one of an issue comes first.
    found = sorted(found, key=lambda pair: (pair[1].at, pair[0].number))[::-1]
    chosen = found[: planet.options.feed_limit]
    oldest = chosen[0][1].at - timedelta(days=planet.options.feed_days) if chosen else None
    return [pair for pair in chosen if oldest is not None and pair[1].at >= oldest]


def correction_entry(
    issue: PrintedIssue, correction: Correction, context: FeedContext, language: str
) -> FeedEntry:
    """One correction: its id is the correction's own, its time when it was made, and it is never
    updated. It leads to the place on the issue's page where it is told."""
    text = context.catalogue.text
    at = to_second(correction.at)
    headline = short_title(one_line(_headline(issue, correction, context, language)))
    texts = dict(_changes(correction, language))
    what = what_changed(correction, texts, language, context.catalogue)
    return FeedEntry(
        id=entry_id(context, language, "correction", correction.public_id),
        title=text("correction.title", language, headline=headline),
        author=one_line(series_title(context.planet, language)),
        updated=at,
        published=at,
        listed_at=at,
        summary=with_note(what, correction, language),
        content=_content(issue, correction, context, language),
        links=_links(issue, correction, context, language),
        category=_category(issue, correction, context),
    )


def _headline(
    issue: PrintedIssue, correction: Correction, context: FeedContext, language: str
) -> str:
    """The item's headline when it was corrected; in another language than the first, as its edition
    has it now."""
    edition = _editions(issue, correction, language)[0]
    if language == context.layout.default or edition.language != language:
        return correction.title
    return headline_of(correction, edition).text


def _editions(issue: PrintedIssue, correction: Correction, language: str) -> list[Edition]:
    """The editions that tell of it, that in ``language`` first."""
    found = [edition for edition in issue.editions if shows(edition, correction)]
    return sorted(found, key=lambda edition: edition.language != language)


def _links(
    issue: PrintedIssue, correction: Correction, context: FeedContext, language: str
) -> tuple[Link, ...]:
    """The place on the issue's page, then that on the pages of its other editions."""
    base, layout = context.planet.options.base_url, context.layout
    return tuple(
        Link(
            href=f"{absolute_url(base, layout.issue(issue, edition.language))}"
            f"#{ANCHOR}{correction.public_id}",
            rel="related" if place else "alternate",
            type=HTML_TYPE,
            hreflang=edition.language,
        )
        for place, edition in enumerate(_editions(issue, correction, language))
    )


def _category(issue: PrintedIssue, correction: Correction, context: FeedContext) -> Category | None:
    """The section that the item is printed in."""
    edition = context.layout.first_edition(issue)
    printed = (s for s in edition.sections if any(i.story == correction.story for i in s.items))
    section = next((context.planet.series.section(one.id) for one in printed), None)
    if section is None:
        return None
    scheme = context.tags.uri("sections")
    return Category(scheme=scheme, term=section.id, label=section_label(section, "ko"))


def _changes(correction: Correction, language: str) -> list[tuple[str, CorrectedText]]:
    """Each change with its edition, that in ``language`` first; what is the same in several
    editions once."""
    texts = sorted(correction.texts.items(), key=lambda pair: pair[0] != language)
    seen: dict[tuple[str, str], tuple[str, CorrectedText]] = {}
    for edition, text in texts:
        seen.setdefault((text.old, text.new), (edition, text))
    return list(seen.values())


def _content(
    issue: PrintedIssue, correction: Correction, context: FeedContext, language: str
) -> str:
    """The correction as HTML: each text before and after, marked by elements and by words, then what
    the editors say of it."""
    text = context.catalogue.text
    heading = one_line(context.layout.edition(issue, language).heading)
    made = text("correction.made", language, issue=heading, at=print_minute(correction.at))
    parts = [f"<p>{escaped(made)}</p>"]
    changes = _changes(correction, language)
    if not changes:
        name = field_name(correction, "", language, context.catalogue)
        parts.append(f"<h3>{escaped(name)}</h3>")
    for edition, change in changes:
        named = edition if len(changes) > 1 else ""
        name = field_name(correction, named, language, context.catalogue)
        parts.append(f"<h3>{escaped(name)}</h3>")
        spoken = change.language if change.language != language else ""
        pieces = pieces_of(correction, change, language, context.catalogue)
        parts += [
            before_and_after(one, language, context.catalogue, spoken) for one in places(pieces)
        ]
    parts += list(_notes(correction, language))
    if correction.mailed:
        parts.append(f"<p>{escaped(text('correction.mail', language))}</p>")
    links = (link.href for link in _links(issue, correction, context, language)[:1])
    see = escaped(text("correction.page", language))
    parts += [f'<p><a href="{escaped(href)}">{see}</a></p>' for href in links]
    return "".join(parts)


def _notes(correction: Correction, language: str) -> Iterator[str]:
    """The notes as paragraphs, that in ``language`` first, each other marked as what it is."""
    notes = sorted(correction.notes.items(), key=lambda pair: pair[0] != language)
    for spoken, note in notes:
        mark = "" if spoken == language else f' lang="{escape(spoken)}"'
        yield f"<p{mark}>{escaped(one_line(note))}</p>"
