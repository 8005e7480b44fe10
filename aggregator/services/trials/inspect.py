"""What one document would become, without storing anything, and how each part of it was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from aggregator.domain.errors import Undecodable
from aggregator.domain.feeds import Feed, FeedKind, Parser
from aggregator.domain.items import Entry, Item, ParsedFeed, When
from aggregator.ports.reading import Document, Inspected, Page
from aggregator.read.dates.when import not_ahead, parse_when
from aggregator.read.decoding.charset import decode
from aggregator.read.items.normalise import DATE_FIELDS, read_items
from aggregator.read.links.addresses import canonical_url, is_web
from aggregator.read.parsing.documents import read_document
from aggregator.read.press_api.answers import read_press_api
from aggregator.text.clean import plain_text
from aggregator.text.offices import find_issuer
from aggregator.text.xml_chars import xml_safe

_HEAD = 1024
"""Bytes in which a document says its charset."""


class Text(StrEnum):
    """What became of an entry's text; boilerplate is a stock sentence, or nothing but markup."""

    STORED = "stored"
    BOILERPLATE = "boilerplate"
    NONE = "none"


class Chosen(StrEnum):
    """What a key was made of."""

    GUID = "guid"
    GUID_ADDRESS = "guid (an address)"
    LINK = "link"
    TITLE_DATE = "title+date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How an item was read of its entry.

    ``date_from`` names the element that the date was taken of (``published``, ``updated``, or one
    of the entry's further fields), "" where it has none; ``date_raw`` is that element's own string,
    or of an item without a date the string that could not be read. ``inferred``: the date is that
    of another element than the publication's. ``chosen`` is what the key was made of.
    """

    item: Item
    entry: Entry
    date_from: str = ""
    date_raw: str = ""
    inferred: bool = False
    chosen: str = ""
    text: Text = Text.NONE


def inspect_document(
    body: bytes,
    *,
    feed: Feed,
    now: datetime,
    charset: str = "",
    media_type: str = "",
    base_url: str = "",
    issuer: Callable[[str], str | None] = lambda _: None,
    further: Sequence[Page] = (),
) -> Inspected:
    """Read ``body`` as a refresh of ``feed`` at ``now`` would.

    ``charset``, ``media_type`` and ``base_url`` are what came with it, ``further`` the other bodies
    of the same visit. Raises ReadError.
    """
    document = Document(
        body=body,
        feed=feed,
        now=now,
        charset=charset,
        media_type=media_type,
        url=base_url,
        further=tuple(further),
    )
    return read_for(document, issuer)


def read_for(document: Document, issuer: Callable[[str], str | None]) -> Inspected:
    """Read a document, with the further ones of its visit, as its feed's kind is read. Raises
    ReadError."""
    feed = document.feed
    if document.release_of is not None:
        return _release(document, document.release_of)
    parsed = _parsed(document, feed)
    items, warnings = read_items(
        parsed, feed, issuer=issuer, base_url=document.url, seen_at=document.now
    )
    return Inspected(parsed=parsed, items=tuple(items), warnings=tuple(warnings))


def _release(document: Document, item: Item) -> Inspected:
    """The page of one item of a list: the item with the text of its page."""
    nothing = ParsedFeed(
        version="html", title="", link="", language="", encoding="", claimed="", entries=()
    )
    feed = document.feed
    if feed.select is None:
        return Inspected(parsed=nothing, items=(item,), warnings=())
    # Pages need a parser of their own, which no feed should cost.
    from aggregator.read.boards.details import read_release, with_release  # noqa: PLC0415

    release = read_release(
        document.body,
        feed.select,
        charset=document.charset,
        encoding=feed.encoding,
        url=document.url,
    )
    return Inspected(parsed=nothing, items=(with_release(item, release, feed),), warnings=())


def _parsed(document: Document, feed: Feed) -> ParsedFeed:
    """The document as its kind is written: the one place where kinds part."""
    if feed.kind is FeedKind.PRESS_API:
        answers: list[Document | Page] = [document, *document.further]
        return read_press_api(answers, issuer=feed.issuer, encoding=feed.encoding)
    if feed.kind is FeedKind.HTML_LIST:
        from aggregator.read.boards.lists import read_boards  # noqa: PLC0415  (as above)

        return read_boards([document, *document.further], feed=feed, now=document.now)
    return read_document(
        document.body,
        charset=document.charset,
        media_type=document.media_type,
        url=document.url,
        encoding=feed.encoding,
        quick=feed.parser is Parser.AUTO,
    )


def document_reader(issuers: Mapping[str, str]) -> Callable[[Document], Inspected]:
    """What reads documents, with the folded names of offices and their ids; plain data, so that a
    process of its own can make it."""
    return partial(read_for, issuer=partial(find_issuer, issuers))


def declared_charset(body: bytes) -> str:
    """The charset that a document names in its XML declaration, in lower case, or ""."""
    try:
        return decode(body[:_HEAD], header="", override=None).claimed
    except Undecodable:
        return ""


def readings(found: Inspected, feed: Feed, now: datetime) -> list[Reading]:
    """How each item of ``found`` was read, in order; ``feed`` and ``now`` as it was inspected."""
    zone = ZoneInfo(feed.timezone)
    told = []
    at = 0
    for item in found.items:
        # Items stand in the order of their entries, of which some became none.
        at = next((n for n, entry in _from(found.parsed.entries, at) if _has(entry, item)), at)
        told.append(_reading(item, found.parsed.entries[at], zone, now))
        at = min(at + 1, len(found.parsed.entries) - 1)
    return told


def _from(entries: Sequence[Entry], at: int) -> Iterator[tuple[int, Entry]]:
    return ((number, entries[number]) for number in range(at, len(entries)))


def _has(entry: Entry, item: Item) -> bool:
    names = ("guid", "link", "title", "summary", "content", "published", "updated")
    return all(xml_safe(getattr(entry, name)) == item.raw.get(name, "") for name in names)


def _reading(item: Item, entry: Entry, zone: ZoneInfo, now: datetime) -> Reading:
    fields = {name.lower(): raw for name, raw in entry.fields.items()}
    own = [(name, fields[name]) for name in DATE_FIELDS if name in fields]
    sources = [("published", entry.published), ("updated", entry.updated), *own]
    name, raw = _date_source(item.published, sources, zone, now)
    return Reading(
        item=item,
        entry=entry,
        date_from=name,
        date_raw=raw,
        inferred=item.published is not None and name != "published",
        chosen=_chosen(item, entry),
        text=_text(item, entry),
    )


def _date_source(
    when: When | None, sources: Sequence[tuple[str, str]], zone: ZoneInfo, now: datetime
) -> tuple[str, str]:
    if when is None:
        return "", next((raw for _, raw in sources if raw), "")
    for name, raw in sources:
        meant = parse_when(raw, zone=zone) if raw else None
        if meant is not None and not_ahead(meant, seen_at=now) == when:
            return name, raw
    return "", ""


def _chosen(item: Item, entry: Entry) -> str:
    kind, _, rest = item.key.partition(":")
    if kind == "link" and is_web(entry.guid) and rest == canonical_url(entry.guid):
        return Chosen.LINK if rest == item.canonical_url else Chosen.GUID_ADDRESS
    known = {"guid": Chosen.GUID, "link": Chosen.LINK, "title": Chosen.TITLE_DATE}
    return known.get(kind, kind)


def _text(item: Item, entry: Entry) -> Text:
    if item.summary or plain_text(item.content):
        return Text.STORED
    return Text.BOILERPLATE if entry.summary.strip() or entry.content.strip() else Text.NONE
