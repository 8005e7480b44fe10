"""What an issue's page holds, in the words of schema.org: each item by the shape of its section.

The texts are those of the frozen print. What only the release knows (the instant, the days of an event,
the licence) is taken from it where it still says what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aggregator.domain.issues import Edition, Phrase, PrintedItem, Shape
from aggregator.domain.items import EventFacts
from aggregator.domain.publishing import PlacedStory, PrintedIssue
from aggregator.issue.lines import event_days
from aggregator.publish.addresses import absolute_url, ascii_url
from aggregator.publish.linked_data import (
    LinkedData,
    Thing,
    filled,
    instant,
    midnight,
    office,
    plain,
    written,
)
from aggregator.publish.titles import short_title
from aggregator.publish.views import Page
from aggregator.text.public_url import public_url

_BYLINE = re.compile(r"(?:(\d{4})\.(\d{1,2})\.(\d{1,2})(?: / |$))?(.*)")
_AUTHORS = re.compile(r"([^()]+?)(?: \((.+)\))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueData:
    """Describes the issues of one planet; ``stories`` are what it still shows, by public id."""

    base: LinkedData
    stories: Mapping[str, PlacedStory]

    def issue(self, page: Page, issue: PrintedIssue, edition: Edition) -> str:
        """The issue with its items; events are no works, so that the issue mentions them."""
        items = [item for section in edition.sections for item in section.items]
        things = [self._item(page, item) for item in items]
        known = self.base.issue_thing(issue, edition.language)
        whole = known | filled(
            {
                "description": plain(edition.tagline),
                "hasPart": [thing for thing in things if thing["@type"] != "Event"],
                "mentions": [thing for thing in things if thing["@type"] == "Event"],
            }
        )
        language = edition.language
        return written([whole, self.base.periodical(language), self.base.publisher(language)])

    def _item(self, page: Page, item: PrintedItem) -> Thing:
        placed = self.stories.get(item.story)
        common: Thing = {
            "@id": f"{page.canonical}#item-{item.story}",
            "name": plain(short_title(item.headline.text)),
            "url": ascii_url(public_url(item.url)),
            "inLanguage": item.headline.language,
            "license": self.base.licence(placed),
        }
        if item.shape is Shape.PAPER:
            return filled(common | _paper(item))
        if item.shape is Shape.EVENT:
            return filled(_event(common, item, placed))
        issued = self._issued(item, placed) | filled({"description": _said(item.blurb)})
        if item.shape is Shape.MEDIA:
            return filled(common | issued | self._video(item, issued))
        return filled({"@type": "NewsArticle", **common, "headline": common["name"], **issued})

    def _issued(self, item: PrintedItem, placed: PlacedStory | None) -> Thing:
        """Day and office as the byline prints them; the instant where the release still has it."""
        found = _BYLINE.fullmatch(item.byline)
        if found is None:
            return {}
        *numbers, name = found.groups()
        day = _day(numbers)
        stored = placed.story.primary if placed is not None else None
        published = stored.item.published if stored is not None else None
        same = published is not None and published.day == day
        at = instant(published.at) if published and same else midnight(day) if day else ""
        body = self.base.planet.bodies.get(stored.item.body) if stored is not None else None
        return filled({"datePublished": at, "author": office(name, body) if name else None})

    def _video(self, item: PrintedItem, issued: Thing) -> Thing:
        """A video where it has what one must have, a picture and a day; else a work."""
        planet = self.base.planet
        copy = planet.thumbnails.get(item.thumbnail, "")
        picture = absolute_url(planet.options.base_url, copy) if copy else ""
        picture = picture or ascii_url(public_url(item.thumbnail))
        if not picture or "datePublished" not in issued:
            return {"@type": "CreativeWork"}
        return {
            "@type": "VideoObject",
            "thumbnailUrl": picture,
            "uploadDate": issued["datePublished"],
            "description": issued.get("description") or plain(short_title(item.headline.text)),
        }


def _day(numbers: list[str]) -> date | None:
    try:
        year, month, day = (int(number) for number in numbers)
        return date(year, month, day)
    except (TypeError, ValueError):
        return None


def _said(phrase: Phrase | None) -> str:
    return plain(phrase.text) if phrase is not None else ""


def _paper(item: PrintedItem) -> Thing:
    """Authors share the affiliation that is printed behind the last of them."""
    people: list[Thing] = []
    for group in _said(item.authors).split(" / "):
        found = _AUTHORS.fullmatch(group)
        if found is None:
            continue
        house = {"@type": "Organization", "name": found[2]} if found[2] else None
        people += [
            filled({"@type": "Person", "name": name, "affiliation": house})
            for name in found[1].split(", ")
        ]
    return {
        "@type": "ScholarlyArticle",
        "headline": plain(short_title(item.headline.text)),
        "abstract": _said(item.blurb),
        "author": people,
    }


def _event(common: Thing, item: PrintedItem, placed: PlacedStory | None) -> Thing:
    """An event where it has what one must have, days and a place; else a work."""
    lines = [plain("".join(phrase.text for phrase in line)) for line in item.lines]
    event = placed.story.primary.item.event if placed is not None else None
    place = _place(lines, event)
    if event is None or not place:
        return common | {"@type": "CreativeWork", "description": " ".join(lines)}
    # An event is no work: it has neither a language nor a licence.
    kept = {name: common[name] for name in ("@id", "name", "url")}
    return kept | {
        "@type": "Event",
        "startDate": event.starts_on.isoformat(),
        "endDate": event.ends_on.isoformat(),
        "location": {"@type": "Place", "name": place, "address": place},
        "description": " ".join(lines),
    }


def _place(lines: list[str], event: EventFacts | None) -> str:
    """What is printed behind the event's days; "" where other days are printed."""
    if event is None:
        return ""
    days = f": {event_days(event)} / "
    found = (line.partition(days) for line in lines)
    return next((place for _, mark, place in found if mark), "")
