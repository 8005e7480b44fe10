"""Feeds as configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from aggregator.domain.net import STRICT_TLS, TlsProfile

DESK_FEED_ID = "desk"
"""Id of the feed that holds what editors typed in; it is never fetched and no file may claim it."""


KEY_PLACE = "{key}"
"""Where in a feed's address its key belongs, which comes from the environment."""


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


class Parser(StrEnum):
    """What reads a feed's XML."""

    AUTO = "auto"
    """Plain documents are read the quick way, all others by feedparser; both say the same."""
    FEEDPARSER = "feedparser"


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
    Where ``link`` gives no address but a call such as ``fn_view('1234')``, ``link_pattern`` is a
    regular expression that is looked for in it and ``link_template`` the address, in which ``{1}``,
    ``{2}`` … are its groups. ``body`` is looked for on the page that the link leads to.
    """

    item: str
    title: str
    link: str
    date: str | None = None
    summary: str | None = None
    body: str | None = None
    link_pattern: str | None = None
    link_template: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One configured feed, with the defaults already applied.

    ``body`` is the id of the publishing body, ``language`` an RFC 5646 tag, ``timezone`` an IANA
    name for dates without a zone, ``encoding`` overrides every charset claim, ``parser`` says
    what reads its XML, ``max_bytes`` bounds the body before and after decompression, ``authority`` decides whose item represents a story,
    ``method`` is the HTTP method of a visit, ``form`` the fields that a POST sends, ``headers``
    what is sent besides, ``proxy`` the address of a proxy or "".

    ``select`` are the places in a page of the kind ``html_list``, ``pages`` how many pages of the
    list are read, ``page_url`` the address of a further one, with ``{page}`` for its number.
    ``key_env`` is the environment variable that holds the key of a ``press_api``, or the one whose
    place in ``url`` is KEY_PLACE; ``days`` is how many days back an interface is asked for.
    """

    id: str
    url: str
    title: str
    body: str
    kind: FeedKind = FeedKind.FEED
    method: str = "GET"
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    tls: TlsProfile = STRICT_TLS
    select: ListSelectors | None = None
    pages: int = 1
    page_url: str = ""
    key_env: str = ""
    days: int = 3
    carries: Carries = Carries.PRESS
    issuer: Issuer = Issuer.BODY
    identity: Identity = Identity.AUTO
    authority: int = 90
    language: str = "ko"
    timezone: str = "Asia/Seoul"
    encoding: str | None = None
    parser: Parser = Parser.AUTO
    licence: str = ""
    active: bool = True
    every: timedelta = timedelta(hours=1)
    max_interval: timedelta = timedelta(hours=24)
    timeout: timedelta = timedelta(seconds=20)
    max_bytes: int = 5 * 1024 * 1024


DESK_FEED = Feed(
    id=DESK_FEED_ID,
    url="desk:typed-in",
    title="Desk",
    body="",
    kind=FeedKind.MANUAL,
    authority=100,
)
"""The feed of what editors typed in."""
