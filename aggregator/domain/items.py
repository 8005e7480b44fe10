"""What feeds bring, by stage: an Entry as parsed, an Item as normalised, a StoredItem as kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
"""The zone in which days are printed."""


LONGEST_HOLD = timedelta(days=7)
"""The longest time for which a source is believed that an item is not to be shown yet."""


class Precision(StrEnum):
    """How much of a date its source gave."""

    TIME = "time"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """An instant as its source meant it. ``at`` is aware; a day alone is midnight in Asia/Seoul.

    ``clamped``: the source named a later instant, too far ahead to be true, and ``at`` is when the
    item was first seen.
    """

    at: datetime
    precision: Precision = Precision.TIME
    clamped: bool = False

    @property
    def day(self) -> date:
        """The printed day: the local day in Asia/Seoul."""
        return self.at.astimezone(SEOUL).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author of a paper."""

    name: str
    affiliation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """When and where an event takes place; days are inclusive and local."""

    name: str
    starts_on: date
    ends_on: date
    venues: tuple[str, ...] = ()
    subject: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that a feed attaches; ``length`` in bytes, 0 where the feed does not say."""

    url: str
    media_type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document that belongs to a release. ``kind`` is its file type in lower case (``hwp``,
    ``hwpx``, ``pdf``, …), ``name`` what the source calls it, "" where it does not."""

    url: str
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that a source shows. ``credit`` and ``licence`` are what the source says of this
    picture itself; the licence of a text never covers its pictures, so "" is "all reserved"."""

    url: str
    alt: str = ""
    credit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry exactly as its feed has it: raw strings, nothing decided.

    ``published`` and ``updated`` are the raw date strings; ``authors`` the raw names; ``images``
    the pictures of media elements (those within markup are not taken out yet); ``rights`` the raw
    notice, ``comments`` an address, ``source`` the title of the feed it was taken from; ``fields``
    holds further raw elements by name (event days, regdate, …).
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    published: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    thumbnail: str = ""
    images: tuple[Image, ...] = ()
    rights: str = ""
    comments: str = ""
    source: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A whole document. ``claimed`` is the charset it names, ``encoding`` the one it is in.

    ``updated`` is the raw date string; ``self_url`` and ``hub_url`` are what the feed says of
    itself (RFC 4287 section 4.2.7.2, WebSub section 4), "" where it does not; ``minutes_to_live``
    is RSS's ttl or what the syndication module says, 0 for none; ``skip_hours`` are hours of GMT (0
    to 23), ``skip_days`` days of the week (Monday 0). ``warnings`` are named oddities (slugs) that did not stop the reading.
    """

    version: str
    title: str
    link: str
    language: str
    encoding: str
    claimed: str
    entries: tuple[Entry, ...]
    subtitle: str = ""
    id: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: str = ""
    rights: str = ""
    generator: str = ""
    self_url: str = ""
    hub_url: str = ""
    minutes_to_live: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry made comparable: identity, canonical link, true dates, plain text.

    ``key`` is the identity within the feed; ``guid`` the feed's own id or ""; ``body`` the id of
    the issuing body; ``title`` plain text as shown; ``summary`` the first paragraph as plain text
    ("" where the source has none); ``content`` sanitised HTML or ""; ``published`` None where the
    date is unknown or unsure; ``embargo_until`` the aware instant before which the source asks not
    to print it; ``licence`` what the source says of this text (``KOGL-1``, …), "" where it says
    nothing and the feed's own holds; ``hash`` changes only when something a reader can see changes.
    ``raw`` is the entry's own text, kept with every revision.
    """

    feed_id: str
    key: str
    guid: str
    link: str
    canonical_url: str
    title: str
    summary: str
    content: str
    body: str
    language: str
    published: When | None = None
    updated: When | None = None
    authors: tuple[Person, ...] = ()
    thumbnail: str = ""
    event: EventFacts | None = None
    enclosures: tuple[Enclosure, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Image, ...] = ()
    licence: str = ""
    embargo_until: datetime | None = None
    hash: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to print or to follow; such an item is not kept."""
        return not (self.title or self.link or self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item as kept. Instants UTC; ``rev`` counts from 1; ``changed_at`` is the last real change
    (the source's ``updated`` where it gives one, else when we saw it), None while ``rev`` is 1."""

    id: int
    item: Item
    rev: int
    first_seen_at: datetime
    last_seen_at: datetime
    changed_at: datetime | None = None
    story_id: int | None = None

    @property
    def feed_id(self) -> str:
        """The feed that brought it."""
        return self.item.feed_id

    @property
    def key(self) -> str:
        """Its identity within the feed."""
        return self.item.key

    @property
    def summary_length(self) -> int:
        """Characters of its summary."""
        return len(self.item.summary)

    @property
    def day(self) -> date:
        """The printed day, or where the source gives none the day it was first seen."""
        published = self.item.published
        return published.day if published else self.first_seen_at.astimezone(SEOUL).date()

    def is_held(self, now: datetime) -> bool:
        """Whether its source wants it to be read later than ``now``: an embargo, or a date ahead;
        never longer than LONGEST_HOLD after the first sight of it."""
        item = self.item
        ahead = (item.embargo_until, item.published.at if item.published else None)
        longest = self.first_seen_at + LONGEST_HOLD
        return any(instant is not None and now < instant <= longest for instant in ahead)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An item as it was from one instant on (UTC): what readers saw, and the entry's own text.
    ``facts`` are what was read beside the texts (``changes.RevisionFacts``), None where an earlier
    version of the program kept none."""

    item_id: int
    rev: int
    seen_at: datetime
    hash: str
    link: str
    title: str
    summary: str
    content: str
    raw: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] | None = None
