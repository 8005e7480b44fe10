"""What the pages hold in the words of schema.org, as JSON-LD for search engines.

It stands in a ``script`` element of type ``application/ld+json``: a data block, which browsers neither
run nor submit to the Content-Security-Policy (HTML, "prepare the script element"), so that the policy
stays one under which nothing runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from aggregator.domain.bodies import Body, Level
from aggregator.domain.issues import Edition
from aggregator.domain.items import SEOUL
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.publish.addresses import absolute_url, ascii_url
from aggregator.publish.layout import Layout
from aggregator.publish.licences import licence_url
from aggregator.publish.river import body_name, is_misdated, series_title
from aggregator.publish.titles import short_title
from aggregator.publish.views import Page
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url
from aggregator.text.xml_chars import xml_safe

Thing = dict[str, object]
"""One thing of schema.org by its properties."""

LISTED = 30
"""How many stories of a page are named: the newest, as many as a search engine looks at."""

_OFFICES = frozenset(
    {Level.MINISTRY, Level.METRO, Level.PROVINCE, Level.CITY, Level.COUNTY, Level.DISTRICT}
)
_MARK = "assets/mark.svg"


def filled(thing: Mapping[str, object]) -> Thing:
    """Without the properties that have nothing to say."""
    empty: tuple[object, ...] = ("", None, [], {})
    return {name: value for name, value in thing.items() if value not in empty}


def plain(text: str) -> str:
    """A text in one line, without what neither JSON nor HTML has a place for."""
    return one_line(xml_safe(text))


def instant(at: datetime) -> str:
    """ISO 8601 with the offset of Asia/Seoul, to the second."""
    return at.astimezone(SEOUL).replace(microsecond=0).isoformat()


def midnight(day: date) -> str:
    """The beginning of a day in Asia/Seoul."""
    return instant(datetime.combine(day, time(), SEOUL))


def written(things: Sequence[Thing]) -> str:
    """The things as one document that may stand in a page: no text in it can end its element."""
    document = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(document, ensure_ascii=False, indent=0)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode("utf-8", "replace").decode()


def office(name: str, body: Body | None) -> Thing:
    """The office that issued something, by the name that is printed."""
    is_government = body is not None and body.level in _OFFICES
    return {
        "@type": "GovernmentOrganization" if is_government else "Organization",
        "name": plain(name),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedData:
    """Describes the pages of one planet."""

    planet: Planet
    layout: Layout

    def front(
        self, page: Page, stories: Sequence[PlacedStory], issues: Sequence[PrintedIssue]
    ) -> str:
        """The start page: the newsletter, its newest issue, the newest stories."""
        newest = [self.issue_thing(issue, page.language) for issue in issues[:1]]
        series = self.periodical(page.language) | filled({"hasPart": newest})
        return written([self._listing(page, stories), series, self.publisher(page.language)])

    def listing(
        self, page: Page, stories: Sequence[PlacedStory], about: Thing | None = None
    ) -> str:
        """A section's or body's page; ``about`` says what its stories have in common."""
        listed = self._listing(page, stories) | filled({"about": about})
        return written([listed, self.periodical(page.language), self.publisher(page.language)])

    def archive(self, page: Page, issues: Sequence[PrintedIssue]) -> str:
        """The list of all issues."""
        entries = [self.issue_thing(issue, page.language) for issue in issues]
        listed = self._collection(page, entries, len(entries))
        return written([listed, self.periodical(page.language), self.publisher(page.language)])

    def periodical(self, language: str) -> Thing:
        """The newsletter."""
        return {
            "@type": "Periodical",
            "@id": f"{self.planet.options.base_url}/#periodical",
            "name": plain(series_title(self.planet, language)),
            "url": self._absolute(self.layout.index(self._known(language))),
            "inLanguage": list(self.planet.series.languages),
            "publisher": {"@id": self._publisher_id},
        }

    def publisher(self, language: str) -> Thing:
        """Who publishes it: the newsletter's own desk, by the newsletter's name."""
        return {
            "@type": "Organization",
            "@id": self._publisher_id,
            "name": plain(series_title(self.planet, language)),
            "url": f"{self.planet.options.base_url}/",
            "logo": self._absolute(_MARK),
        }

    def issue_thing(self, issue: PrintedIssue, language: str) -> Thing:
        """An issue by the edition that a reader of ``language`` gets, without what is in it."""
        edition = self.layout.edition(issue, language)
        url = self._absolute(self.layout.issue(issue, edition.language))
        changed = issue.corrected.get(edition.language)
        return filled(
            {
                "@type": "PublicationIssue",
                "@id": url,
                "url": url,
                "name": plain(f"{edition.title} {edition.heading}"),
                "issueNumber": str(issue.number),
                "datePublished": instant(issue.published_at),
                "dateModified": instant(changed) if changed else "",
                "inLanguage": edition.language,
                "publisher": {"@id": self._publisher_id},
                "isPartOf": {"@id": f"{self.planet.options.base_url}/#periodical"},
                "workTranslation": self._others(issue, edition),
            }
        )

    def _others(self, issue: PrintedIssue, edition: Edition) -> list[Thing]:
        """The same issue in its other languages."""
        return [
            {"@id": self._absolute(self.layout.issue(issue, other.language))}
            for other in issue.editions
            if other.language != edition.language
        ]

    def licence(self, placed: PlacedStory | None) -> str:
        """The page of a story's licence, the feed's where the story names none; "" for none."""
        if placed is None:
            return ""
        item = placed.story.primary.item
        feed = next((feed for feed in self.planet.feeds if feed.id == item.feed_id), None)
        return licence_url(item.licence) or (licence_url(feed.licence) if feed else "")

    def _listing(self, page: Page, stories: Sequence[PlacedStory]) -> Thing:
        entries = [self._story(page, placed) for placed in stories[:LISTED]]
        return self._collection(page, entries, len(stories))

    def _collection(self, page: Page, entries: Sequence[Thing], total: int) -> Thing:
        rows: list[Thing] = [
            {"@type": "ListItem", "position": place, "item": entry}
            for place, entry in enumerate(entries, 1)
        ]
        return filled(
            {
                "@type": "CollectionPage",
                "@id": page.canonical,
                "url": page.canonical,
                "name": plain(page.title),
                "description": plain(page.description),
                "inLanguage": page.language,
                "isPartOf": {"@id": f"{self.planet.options.base_url}/#periodical"},
                "publisher": {"@id": self._publisher_id},
                "mainEntity": {
                    "@type": "ItemList",
                    "numberOfItems": total,
                    "itemListElement": rows,
                },
            }
        )

    def _story(self, page: Page, placed: PlacedStory) -> Thing:
        """A release as its source has it; its lead stands on the page and is not said twice."""
        stored = placed.story.primary
        item = stored.item
        dated = item.published is not None and not is_misdated(stored)
        changed = stored.changed_at
        return filled(
            {
                "@type": "NewsArticle",
                "@id": f"{page.canonical}#story-{placed.story.public_id}",
                "headline": plain(short_title(item.title)),
                "url": ascii_url(public_url(item.link)),
                "inLanguage": item.language,
                "datePublished": instant(item.published.at) if item.published and dated else "",
                "dateModified": instant(changed) if changed else "",
                "author": office(
                    body_name(item, self.planet, page.language), self.planet.bodies.get(item.body)
                ),
                "license": self.licence(placed),
            }
        )

    @property
    def _publisher_id(self) -> str:
        return f"{self.planet.options.base_url}/#publisher"

    def _known(self, language: str) -> str:
        return language if language in self.layout.languages else self.layout.default

    def _absolute(self, path: str) -> str:
        return absolute_url(self.planet.options.base_url, path)
