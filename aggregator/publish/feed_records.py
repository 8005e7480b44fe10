"""What the feeds carry, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

ATOM_TYPE = "application/atom+xml"
RSS_TYPE = "application/rss+xml"
HTML_TYPE = "text/html"


class FeedFormat(StrEnum):
    """How a feed is written; the value is its media type."""

    ATOM = ATOM_TYPE
    RSS = RSS_TYPE


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
    source: AtomSource | None = None
    rights: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One feed to write, entries newest first."""

    path: str
    format: FeedFormat
    id: str
    title: str
    subtitle: str
    author: str
    language: str
    updated: datetime
    links: tuple[Link, ...]
    entries: tuple[FeedEntry, ...] = field(default_factory=tuple)
