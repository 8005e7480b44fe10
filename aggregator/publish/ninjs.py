"""Stories and issues as IPTC ninjs, the news industry's JSON."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from aggregator.catalogue import Catalogue
from aggregator.domain.issues import Edition, Phrase, PrintedItem, PrintedSection, Shape
from aggregator.domain.items import SEOUL, StoredItem
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.issue.corrected import split_byline
from aggregator.issue.event_facts import source_bullets
from aggregator.issue.headline import shown_headline
from aggregator.issue.lines import authors_line
from aggregator.publish.addresses import Tags, absolute_url, reader_url
from aggregator.publish.correction_views import (
    correction_line,
    corrections_of,
    withdrawn_stories,
)
from aggregator.publish.layout import Layout
from aggregator.publish.licences import licence_words
from aggregator.publish.river import (
    authors_of,
    body_name,
    is_misdated,
    other_places,
    section_label,
    updated_at,
)
from aggregator.publish.titles import short_title
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url
from aggregator.text.xml_chars import xml_safe

STANDARD = {
    "name": "ninjs",
    "version": "3.2",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.2.json",
}
_PLAIN = "text/plain"
_HTML = "text/html"


def story_ninjs(placed: PlacedStory, planet: Planet, language: str, catalogue: Catalogue) -> bytes:
    """The story as it is now: the primary item's own headline and lead, an event's facts, a paper's
    authors or the body that issued it, its section with a label in ``language``, its licence, and where else it stands.

    ``uri`` is the id that the feeds give it. A date of which only the day is known is midnight in
    Asia/Seoul; one that cannot be true is left out.
    """
    tags = Tags(authority=planet.options.tag_authority)
    story, item = placed.story, placed.story.primary.item
    changed = max(updated_at(story.primary), story.primary_changed_at or story.first_seen_at)
    places = ((place.name, place.url) for place in other_places(placed, planet, language))
    feed = next((feed for feed in planet.feeds if feed.id == item.feed_id), None)
    made = {
        "uri": tags.uri("story", story.public_id),
        "type": "text",
        "representationType": "partial",
        "standard": STANDARD,
        "pubStatus": "usable",
        "firstCreated": _instant(story.first_seen_at),
        "versionCreated": _instant(max(changed, story.first_seen_at)),
        "contentCreated": _published(story.primary),
        "language": one_line(item.language),
        "headlines": _headline(shown_headline(item.title)),
        "descriptions": _texts("summary", item.summary),
        "bodies": _texts("facts", _facts(story.primary, language, catalogue)),
        "by": one_line(
            authors_line(authors_of(placed, planet)) or body_name(item, planet, language)
        ),
        "organisations": _issuer(item.body, planet, language, tags),
        "subjects": _subject(placed.section, planet, language, tags),
        "usageTerms": one_line(item.licence) or (one_line(feed.licence) if feed else ""),
        "infoSources": [
            {"name": one_line(name), "role": "other place", "uri": _uri(url)}
            for name, url in places
        ],
        "renditions": _web(reader_url(item.link)),
    }
    return _written(made)


def _facts(stored: StoredItem, language: str, catalogue: Catalogue) -> str:
    lines = (one.line(language, catalogue) for one in source_bullets(stored, language))
    return _lines(lines)


def _lines(lines: Iterable[Sequence[Phrase]]) -> str:
    return "\n".join(one_line("".join(p.text for p in line)) for line in lines)


def issue_ninjs(
    issue: PrintedIssue, edition: Edition, planet: Planet, layout: Layout, catalogue: Catalogue
) -> bytes:
    """An edition as a package of its items in their order; each has the id of its story, its text
    is the edition's own. What was put right is a description of its own, and what is withdrawn is
    canceled."""
    tags = Tags(authority=planet.options.tag_authority)
    language = edition.language
    own = () if language == layout.default else (language,)
    page = absolute_url(planet.options.base_url, layout.issue(issue, language))
    made = {
        "uri": tags.uri("issue", str(issue.number), *own),
        "type": "composite",
        "representationType": "full",
        "standard": STANDARD,
        "pubStatus": "usable",
        "firstCreated": _instant(issue.published_at),
        "versionCreated": _instant(issue.corrected.get(language, issue.published_at)),
        "language": language,
        "title": one_line(edition.heading),
        "headlines": _headline(f"{edition.title} {edition.heading}"),
        "descriptions": _texts("summary", edition.tagline),
        "renditions": _web(page),
        "associations": [
            {
                "name": f"{section.id}-{place}",
                "rel": "item",
                **_item(item, section, tags),
                **_issued(item, edition, planet, tags, catalogue),
                **_put_right(issue, edition, item, catalogue),
            }
            for section in edition.sections
            for place, item in enumerate(section.items, 1)
        ],
    }
    return _written(made)


def _item(item: PrintedItem, section: PrintedSection, tags: Tags) -> dict[str, object]:
    made = {
        "uri": tags.uri("story", item.story),
        "type": "video" if item.shape is Shape.MEDIA else "text",
        "representationType": "partial",
        "language": item.headline.language,
        "headlines": _headline(item.headline.text),
        "descriptions": _texts("summary", _text(item.blurb)),
        "bodies": _texts("facts", _lines(item.lines)),
        "subjects": [
            {
                "name": one_line(section.label),
                "rel": "section",
                "uri": tags.uri("sections", section.id),
                "literal": section.id,
            }
        ],
    }
    return _filled(made)


def _issued(
    item: PrintedItem, edition: Edition, planet: Planet, tags: Tags, catalogue: Catalogue
) -> dict[str, object]:
    """Who issued an item and on which day, under which licence, where it is, and its poster. A day
    is midnight in Asia/Seoul."""
    day, name = split_byline(item.byline)
    language = edition.language
    bodies = (body.id for body in planet.bodies.values() if body.print_name(language) == name)
    poster = planet.thumbnails.get(item.thumbnail, "")
    made = {
        "by": one_line(_text(item.authors)) or one_line(name),
        "contentCreated": _midnight(day),
        "organisations": _issuer(next(bodies, ""), planet, language, tags),
        "usageTerms": licence_words(item.licence, language, catalogue),
        "renditions": [
            *_web(public_url(item.url)),
            *(_poster(absolute_url(planet.options.base_url, poster)) if poster else []),
        ],
    }
    return _filled(made)


def _midnight(day: str) -> str:
    """The beginning of a printed day, ``2024.2.15``; "" for what is none."""
    try:
        year, month, number = (int(part) for part in day.split("."))
        return _instant(datetime(year, month, number, tzinfo=SEOUL))
    except ValueError:
        return ""


def _poster(url: str) -> list[dict[str, str]]:
    kind, _ = mimetypes.guess_type(url)
    return [{"name": "poster", "href": _uri(url), "contentType": kind}] if kind else []


def _put_right(
    issue: PrintedIssue, edition: Edition, item: PrintedItem, catalogue: Catalogue
) -> dict[str, object]:
    """What corrections change in the form of an item."""
    told = [
        description
        for one in corrections_of(issue, edition, item.story)
        for description in _texts("correction", correction_line(one, edition.language, catalogue))
    ]
    if not told:
        return {}
    made: dict[str, object] = {"descriptions": [*_texts("summary", _text(item.blurb)), *told]}
    if item.story in withdrawn_stories(issue):
        made["pubStatus"] = "canceled"
    return made


def _issuer(body_id: str, planet: Planet, language: str, tags: Tags) -> list[dict[str, str]]:
    body = planet.bodies.get(body_id)
    if body is None:
        return []
    name = one_line(body.print_name(language))
    uri = tags.uri("bodies", body.id)
    return [{"name": name, "rel": "issuer", "uri": uri, "literal": body.id}]


def _subject(
    section_id: str | None, planet: Planet, language: str, tags: Tags
) -> list[dict[str, str]]:
    section = planet.series.section(section_id) if section_id is not None else None
    if section is None:
        return []
    name = one_line(section_label(section, language))
    uri = tags.uri("sections", section.id)
    return [{"name": name, "rel": "section", "uri": uri, "literal": section.id}]


def _headline(text: str) -> list[dict[str, str]]:
    return _texts("main", short_title(one_line(text)))


def _texts(role: str, text: str) -> list[dict[str, str]]:
    shown = xml_safe(text).strip()
    return [{"role": role, "contentType": _PLAIN, "value": shown}] if shown else []


def _text(phrase: Phrase | None) -> str:
    return phrase.text if phrase is not None else ""


def _web(url: str) -> list[dict[str, str]]:
    return [{"name": "web", "href": _uri(url), "contentType": _HTML}] if url else []


def _published(stored: StoredItem) -> str:
    published = stored.item.published
    return "" if published is None or is_misdated(stored) else _instant(published.at)


def _instant(at: datetime) -> str:
    """RFC 3339 with the offset of Asia/Seoul, to the second."""
    return at.astimezone(SEOUL).replace(microsecond=0).isoformat()


def _uri(url: str) -> str:
    """An address as a URI: letters of other scripts coded (RFC 3987 section 3.1)."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")


def _filled(made: Mapping[str, object]) -> dict[str, object]:
    """Without the properties that have nothing to say."""
    empty: tuple[object, ...] = ("", [])
    return {name: value for name, value in made.items() if value not in empty}


def _written(made: Mapping[str, object]) -> bytes:
    text = json.dumps(_filled(made), ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "replace")


def story_path(public_id: str) -> str:
    """Where the story's file stands below ``public/``."""
    return f"stories/{public_id}.ninjs.json"


def chosen_stories(
    stories: Sequence[PlacedStory], issues: Sequence[PrintedIssue], newest: Sequence[PlacedStory]
) -> list[PlacedStory]:
    """The stories that get a file, in the order of ``stories``: the ``newest``, and what any issue
    printed."""
    wanted = {placed.story.public_id for placed in newest}
    wanted |= {
        item.story
        for issue in issues
        for edition in issue.editions
        for section in edition.sections
        for item in section.items
    }
    return [placed for placed in stories if placed.story.public_id in wanted]
