"""A page that an editor pasted the address of: fetched through the guard, read apart, and told as what
would be typed in of it. Nothing is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from aggregator.domain.errors import ReadError, UsageError
from aggregator.domain.feeds import DESK_FEED, Feed
from aggregator.domain.items import Item, ParsedFeed
from aggregator.ports.fetching import Fetched, Fetcher, FetchRequest
from aggregator.ports.reading import Document, DocumentReader, Inspected
from aggregator.read.cards.page_card import read_card
from aggregator.read.links.addresses import canonical_url, is_web, untracked

TIMEOUT = 10.0
"""Seconds for a page: somebody waits for it."""

MAX_BYTES = 1024 * 1024
ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
LONGEST = 2000
"""Characters of an address."""

_PAGES = frozenset({"", "text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """What a page says of itself, as an item that nobody stored; ``body`` is the id of the body that
    issued it, "" where that is not sure."""

    item: Item
    body: str


async def look_at_page(
    fetcher: Fetcher,
    reader: DocumentReader,
    url: str,
    *,
    now: datetime,
    feeds: Iterable[Feed] = (),
    issuer: Callable[[str], str | None] = lambda _: None,
) -> PageLook:
    """Fetch the page at ``url`` and read what it says of itself.

    Its body is that of the feeds of its host where they agree, else the first name on the page that
    is a body's. Raises UsageError for what is no web address, FetchError (BlockedAddress for one
    that nobody may be sent to), and ReadError for what is no page.
    """
    url = url.strip()
    if len(url) > LONGEST or not is_web(url):
        raise UsageError(f"{url[:80]!r} is no http or https address")
    answer = await fetcher.fetch(
        FetchRequest(
            feed_id="", url=url, headers={"Accept": ACCEPT}, timeout=TIMEOUT, max_bytes=MAX_BYTES
        )
    )
    if not isinstance(answer, Fetched):
        raise ReadError("the page answered 304 Not Modified without being asked")
    if answer.media_type.lower() not in _PAGES:
        raise ReadError(f"it is {answer.media_type}, no page")
    document = Document(
        body=answer.body,
        feed=DESK_FEED,
        now=now,
        charset=answer.charset,
        media_type=answer.media_type,
        url=answer.url,
    )
    (item,) = (await reader.read(document)).items
    return PageLook(item=item, body=_body(item, answer.url, feeds, issuer))


def _body(item: Item, url: str, feeds: Iterable[Feed], issuer: Callable[[str], str | None]) -> str:
    host = urlsplit(url).hostname
    homes = {feed.body for feed in feeds if feed.body and urlsplit(feed.url).hostname == host}
    if len(homes) == 1:
        return homes.pop()
    names = item.raw.get("issuers", "").split("\n")
    return next((found for name in names if name and (found := issuer(name))), "")


def card_reader() -> Callable[[Document], Inspected]:
    """What reads pages, for a process of its own."""
    return read_as_item


def read_as_item(document: Document) -> Inspected:
    """The card of a page as an item. Raises ReadError."""
    card = read_card(document.body, charset=document.charset, url=document.url)
    link = untracked(card.url if _same_host(card.url, document.url) else document.url)
    item = Item(
        feed_id=document.feed.id,
        key="page:" + hashlib.sha256(link.encode()).hexdigest()[:24],
        guid="",
        link=link,
        canonical_url=canonical_url(link),
        title=card.title,
        summary=card.summary,
        content="",
        body="",
        language=card.language,
        published=card.published,
        authors=card.people,
        thumbnail=card.picture,
        event=card.event,
        raw={"issuers": "\n".join(card.issuers)},
    )
    parsed = ParsedFeed(
        version="html", title="", link="", language="", encoding="", claimed="", entries=()
    )
    return Inspected(parsed=parsed, items=(item,), warnings=())


def _same_host(one: str, other: str) -> bool:
    """A page may name its lasting address, but on its own host: elsewhere it might be anybody's."""
    return bool(one) and urlsplit(one).hostname == urlsplit(other).hostname
