"""Feeds as configured, and what is known of each after its visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DESK_FEED_ID = "desk"
"""Id of the feed that holds what editors typed in; it is never fetched and no file may claim it."""


class FeedKind(StrEnum):
    """How a feed is got."""

    FEED = "feed"
    HTML_LIST = "html_list"
    PRESS_API = "press_api"
    MANUAL = "manual"


class Carries(StrEnum):
    """What a feed brings; ``article`` is a portal's own piece, which is no release."""

    PRESS = "press"
    NOTICE = "notice"
    ARTICLE = "article"
    VIDEO = "video"
    PAPER = "paper"
    EVENT = "event"


class Issuer(StrEnum):
    """Where the issuing body of an entry is read: the feed's own body, or a field of the entry.

    Portals carry the releases of many bodies and name the body in the author or category.
    """

    BODY = "body"
    AUTHOR = "author"
    CATEGORY = "category"


class Identity(StrEnum):
    """Which part of an entry is its identity within its feed."""

    AUTO = "auto"
    GUID = "guid"
    LINK = "link"
    TITLE_DATE = "title+date"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSelectors:
    """Where a page that lists releases says what: CSS selectors, within ``item`` but for itself.

    ``@name`` at the end of one takes that attribute, not the text; alone, it is the item's own.
    """

    item: str
    title: str
    link: str
    date: str | None = None
    summary: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One configured feed, with the defaults already applied.

    ``body`` is the id of the publishing body, ``language`` an RFC 5646 tag, ``timezone`` an IANA
    name for dates without a zone, ``encoding`` overrides every charset claim, ``max_bytes`` bounds
    the body before and after decompression, ``authority`` decides whose item represents a story,
    ``method`` is the HTTP method of a visit, ``select`` the places in a page of the kind ``html_list``.
    """

    id: str
    url: str
    title: str
    body: str
    kind: FeedKind = FeedKind.FEED
    method: str = "GET"
    select: ListSelectors | None = None
    carries: Carries = Carries.PRESS
    issuer: Issuer = Issuer.BODY
    identity: Identity = Identity.AUTO
    authority: int = 90
    language: str = "ko"
    timezone: str = "Asia/Seoul"
    encoding: str | None = None
    licence: str = ""
    active: bool = True
    every: timedelta = timedelta(hours=1)
    max_interval: timedelta = timedelta(hours=24)
    timeout: timedelta = timedelta(seconds=20)
    max_bytes: int = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What earlier visits left behind; instants are UTC, validators verbatim.

    ``url`` is the feed's address as it was last configured, for one that is no longer.
    """

    feed_id: str
    url: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    title: str = ""
    link: str | None = None
    next_check_at: datetime | None = None
    last_try_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    failures: int = 0
    error_code: str | None = None
    error_text: str | None = None


DESK_FEED = Feed(
    id=DESK_FEED_ID,
    url="desk:typed-in",
    title="Desk",
    body="",
    kind=FeedKind.MANUAL,
    authority=100,
)
"""The feed of what editors typed in."""


class Outcome(StrEnum):
    """How one visit to a feed ended."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit: when it began (UTC), how long it took (ms), what came (bytes, counts of items)."""

    feed_id: str
    started_at: datetime
    milliseconds: int
    outcome: Outcome
    status: int | None = None
    body_bytes: int = 0
    new: int = 0
    changed: int = 0
    error_code: str | None = None
