"""What an issue's page holds, in the words of schema.org: each item by the shape of its section.

The texts are those of the print with its corrections, and so are the days of an event. What only the release
knows (the instant, the licence) is taken from it where it still says what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aggregator.domain.issues import Edition, Phrase, PrintedItem, Shape
from aggregator.domain.publishing import PlacedStory, PrintedIssue
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
_SHORT_YEAR = 2
_YEAR = r"['’‘]?(\d{4}|(?<=['’‘])\d{2})"
_EVENT_LINE = re.compile(
    rf"[^:]*:\s*{_YEAR}\.\s?(\d{{1,2}})\.\s?(\d{{1,2}})\.?"
    rf"(?:\s?[~–-]\s?(?:(?:{_YEAR}\.\s?)?(\d{{1,2}})\.\s?)?(\d{{1,2}})\.?)?(?:\s*/\s*(.+))?"
)
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
    """An event with the days and the place that are printed, as they may have been corrected, or
    without days where none can be read. A work where neither print nor release has days."""
    lines = [plain("".join(phrase.text for phrase in line)) for line in item.lines]
    said = next((found for line in lines if (found := _when_where(line))), None)
    event = placed.story.primary.item.event if placed is not None else None
    if said is None and event is None:
        return common | {"@type": "CreativeWork", "description": " ".join(lines)}
    first, last, place = said or ("", "", "")
    # An event is no work: it has neither a language nor a licence.
    kept = {name: common[name] for name in ("@id", "name", "url")}
    return kept | {
        "@type": "Event",
        "startDate": first,
        "endDate": last,
        "location": {"@type": "Place", "name": place, "address": place} if place else None,
        "description": " ".join(lines),
    }


def _when_where(line: str) -> tuple[str, str, str] | None:
    """First day, last day and place of ``일시·장소: '24.3.19~23 / 타이베이``; None for a line that
    begins with no day that there is, or says of its days something else as well."""
    found = _EVENT_LINE.fullmatch(line)
    if found is None:
        return None
    year, month, day, *later, place = found.groups()
    last_year, last_month, last_day = (
        new or old for new, old in zip(later, (year, month, day), strict=True)
    )
    first = _day([_full(year), month, day])
    last = _day([_full(last_year), last_month, last_day])
    if first is None or last is None or last < first:
        return None
    return first.isoformat(), last.isoformat(), place or ""


def _full(year: str) -> str:
    return f"20{year}" if len(year) == _SHORT_YEAR else year
