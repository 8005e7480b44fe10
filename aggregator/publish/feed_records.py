"""What the feeds carry, as plain records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.publish.addresses import absolute_url

ATOM_TYPE = "application/atom+xml"
RSS_TYPE = "application/rss+xml"
JSON_TYPE = "application/feed+json"
HTML_TYPE = "text/html"

MAX_BYTES = 1_000_000
"""Every feed is smaller than this many bytes: readers refuse what is much larger."""


class FeedFormat(StrEnum):
    """How a feed is written; the value is its media type."""

    ATOM = ATOM_TYPE
    RSS = RSS_TYPE
    JSON = JSON_TYPE

    @property
    def ending(self) -> str:
        """How the names of its files end, without the dot."""
        return self.name.lower()


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
class AtomSource:
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
    plain, but ``content`` is HTML; ``language`` is "" where it is the feed's own. ``author`` is who
    issued it, ``authors`` are the persons who wrote it, where they are to be named instead.

    ``listed_at`` is the date that RSS shows, which has no other than this one.
    """

    id: str
    title: str
    author: str
    updated: datetime
    published: datetime | None = None
    listed_at: datetime | None = None
    summary: str = ""
    content: str = ""
    language: str = ""
    links: tuple[Link, ...] = ()
    category: Category | None = None
    source: AtomSource | None = None
    rights: str = ""
    authors: tuple[str, ...] = ()

    @property
    def bylines(self) -> tuple[str, ...]:
        """Whom formats name as its authors."""
        return self.authors or (self.author,)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One feed to write, in each of ``formats``, entries newest first.

    ``stem`` is its path below ``public/`` without the ending, ``page`` the path of the page that it
    belongs to. ``history`` are the links to documents with older and newer entries, and
    ``is_archive`` marks one whose entries are complete (RFC 5005). It will be smaller than
    ``max_bytes``.
    """

    stem: str
    base_url: str
    page: str
    id: str
    title: str
    subtitle: str
    author: str
    language: str
    updated: datetime
    hub: str = ""
    entries: tuple[FeedEntry, ...] = ()
    formats: tuple[FeedFormat, ...] = tuple(FeedFormat)
    history: tuple[Link, ...] = ()
    is_archive: bool = False
    max_bytes: int = MAX_BYTES

    def path(self, form: FeedFormat) -> str:
        """Where it stands in this format."""
        return f"{self.stem}.{form.ending}"

    def url(self, form: FeedFormat) -> str:
        """Its public address in this format."""
        return absolute_url(self.base_url, self.path(form))

    @property
    def home(self) -> Link:
        """The page that it belongs to."""
        href = absolute_url(self.base_url, self.page)
        return Link(href=href, rel="alternate", type=HTML_TYPE, hreflang=self.language)

    def links(self, form: FeedFormat) -> tuple[Link, ...]:
        """Its own exact address first, the hub where there is one, its page, itself in the other
        formats, and where it goes on."""
        hubs = [Link(href=self.hub, rel="hub")] if self.hub else []
        others = [
            Link(href=self.url(other), rel="alternate", type=other.value)
            for other in self.formats
            if other is not form
        ]
        return (
            Link(href=self.url(form), rel="self", type=form.value),
            *hubs,
            self.home,
            *others,
            *(self.history if form is FeedFormat.ATOM else ()),
        )
