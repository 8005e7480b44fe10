"""The card of a page: what it says of itself in JSON-LD, Open Graph, citation tags and its title.

A person looks at what comes of it before anything is stored, so the surest word wins and no word is
a fault: JSON-LD before citation tags (journals have both, and only those name all authors), these
before Open Graph, that before the plain title.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.domain.items import SEOUL, EventFacts, Person, When
from aggregator.read.boards.page import HtmlPage, read_page
from aggregator.read.cards.linked import Node, linked_objects, list_at, text_at, types_of
from aggregator.read.dates.when import parse_when
from aggregator.read.links.addresses import absolute, is_web
from aggregator.text.clean import one_line

MAX_TITLE = 500
MAX_SUMMARY = 2000
MAX_PEOPLE = 50

_ARTICLES = frozenset(
    {"Article", "NewsArticle", "Report", "ReportageNewsArticle", "BlogPosting", "ScholarlyArticle",
     "Thesis", "VideoObject", "CreativeWork", "SpecialAnnouncement"}
)  # fmt: skip
_EVENTS = ("Event", "Festival", "Hackathon")
_JOINTS = (" | ", " - ", " – ", " :: ", " : ", " < ", " ≪ ")
"""What stands between the headline and the site's name in a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A page in few words; "", None and () for what it does not say. ``issuers`` are names under which
    somebody published it, the surest first; ``url`` is where it says that it is."""

    title: str = ""
    summary: str = ""
    url: str = ""
    published: When | None = None
    issuers: tuple[str, ...] = ()
    picture: str = ""
    people: tuple[Person, ...] = ()
    event: EventFacts | None = None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """Everything that a page says of itself: its ``meta`` by name, objects, and its title."""

    page: HtmlPage
    meta: Mapping[str, list[str]]
    nodes: Sequence[Node] = field(default_factory=tuple)

    def first(self, *names: str) -> str:
        """The first meta of these names that says anything."""
        return next((self.meta[name][0] for name in names if self.meta.get(name)), "")

    def node(self, kinds: frozenset[str]) -> Node:
        """The first object of one of these types, an empty one where there is none."""
        return next((one for one in self.nodes if types_of(one) & kinds), {})


def read_card(body: bytes, *, charset: str = "", url: str = "") -> Card:
    """The card of the page in ``body``, which came from ``url``.

    Raises EmptyBody, Undecodable and TooDeep, as ``read_page``.
    """
    page = read_page(body, charset=charset, url=url)
    scripts = [
        one.text or ""
        for one in page.root.iter("script")
        if (one.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"
    ]
    said = _Said(page=page, meta=_meta(page), nodes=linked_objects(scripts))
    article, event = said.node(_ARTICLES), _event_node(said.nodes)
    return Card(
        title=_title(said, article, event),
        summary=_summary(said, article, event),
        url=_address(said),
        published=_published(said, article),
        issuers=tuple(dict.fromkeys(_issuers(said, article))),
        picture=_picture(said, article),
        people=tuple(_people(said, article))[:MAX_PEOPLE],
        event=_event(event),
        language=page.language.partition("-")[0].lower(),
    )


def _meta(page: HtmlPage) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in page.root.iter("meta"):
        name = (one.get("property") or one.get("name") or one.get("itemprop") or "").lower()
        text = one_line((one.get("content") or "")[:MAX_SUMMARY])
        if name and text and len(found[name]) < MAX_PEOPLE:
            found[name].append(text)
    return {name: texts for name, texts in found.items() if texts}


def _title(said: _Said, article: Node, event: Node) -> str:
    title = (
        text_at(article, "headline")
        or said.first("citation_title", "dc.title")
        or said.first("og:title", "twitter:title")
        or text_at(article, "name")
        or text_at(event, "name")
        or said.page.title
    )
    return _without_site(title, said.first("og:site_name"))[:MAX_TITLE]


def _without_site(title: str, site: str) -> str:
    """A title without the name of the site behind it."""
    for joint in _JOINTS:
        head, found, tail = title.rpartition(joint)
        if found and site and tail.strip().casefold() == site.casefold() and head.strip():
            return head.strip()
    return title


def _summary(said: _Said, article: Node, event: Node) -> str:
    text = (
        text_at(article, "abstract", "description")
        or said.first("citation_abstract")
        or said.first("og:description", "description", "twitter:description", "dc.description")
        or text_at(event, "description")
    )
    return text[:MAX_SUMMARY]


def _address(said: _Said) -> str:
    links = (
        one.get("href") or ""
        for one in said.page.root.iter("link")
        if (one.get("rel") or "").lower() == "canonical"
    )
    for link in (*links, said.first("og:url")):
        found = absolute(link, said.page.base)
        if found and is_web(found):
            return found
    return ""


def _published(said: _Said, article: Node) -> When | None:
    given = (
        text_at(article, "datePublished", "uploadDate", "dateCreated"),
        said.first("article:published_time", "og:article:published_time"),
        said.first("citation_publication_date", "citation_online_date", "dc.date", "date"),
        said.first("pubdate", "publishdate", "datepublished", "og:pubdate"),
        *_times(said.page),
    )
    return next((when for raw in given if raw and (when := parse_when(raw, zone=SEOUL))), None)


def _times(page: HtmlPage) -> Iterator[str]:
    for number, one in enumerate(page.root.iter("time")):
        if number >= MAX_PEOPLE:
            return
        yield one.get("datetime") or ""


def _issuers(said: _Said, article: Node) -> Iterator[str]:
    names = (
        text_at(article, "publisher", "sourceOrganization", "provider"),
        *(_name(one) for one in list_at(article, "author")[:MAX_PEOPLE]),
        said.first("dc.publisher", "citation_publisher"),
        said.first("article:author", "author", "dc.creator"),
        said.first("og:site_name", "application-name", "twitter:site"),
        *(piece for joint in _JOINTS for piece in said.page.title.split(joint)[1:]),
    )
    for name in names:
        if name and not is_web(name):
            yield name[:MAX_TITLE]


def _name(one: object) -> str:
    if isinstance(one, str):
        return one_line(one[:MAX_TITLE])
    return text_at(one, "name") if isinstance(one, dict) else ""


def _picture(said: _Said, article: Node) -> str:
    given = (
        said.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image"),
        text_at(article, "thumbnailUrl", "image"),
    )
    for link in given:
        found = absolute(link, said.page.base) if link else ""
        if found and is_web(found):
            return found
    return ""


def _people(said: _Said, article: Node) -> Iterator[Person]:
    """The authors: citation tags name them one by one, each with what follows as affiliation."""
    names = said.meta.get("citation_author", [])
    if names:
        places = said.meta.get("citation_author_institution", [])
        alone = len(places) != len(names)
        for number, name in enumerate(names):
            yield Person(name=name, affiliation="" if alone else places[number])
        return
    for one in list_at(article, "author")[:MAX_PEOPLE]:
        if isinstance(one, dict) and "Person" in types_of(one) and _name(one):
            yield Person(name=_name(one), affiliation=text_at(one, "affiliation", "worksFor"))


def _event_node(nodes: Sequence[Node]) -> Node:
    return next((one for one in nodes if any(name.endswith(_EVENTS) for name in types_of(one))), {})


def _event(node: Node) -> EventFacts | None:
    """The event's days and venues; None without a first day."""
    starts = parse_when(text_at(node, "startDate"), zone=SEOUL)
    if starts is None:
        return None
    ends = parse_when(text_at(node, "endDate"), zone=SEOUL)
    last = ends.day if ends is not None and ends.day >= starts.day else starts.day
    venues = tuple(name for one in list_at(node, "location")[:10] if (name := _name(one)))
    return EventFacts(
        name=text_at(node, "name")[:MAX_TITLE], starts_on=starts.day, ends_on=last, venues=venues
    )
