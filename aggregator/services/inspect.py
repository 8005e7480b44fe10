"""What one document would become, without storing anything, and how each part of it was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from aggregator.domain.errors import NotAFeed, ReadError, Undecodable
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.items import Entry, Item, When
from aggregator.ports import Document, Fetched, Inspected
from aggregator.read.dates.when import not_ahead, parse_when
from aggregator.read.decoding.charset import decode
from aggregator.read.items.normalise import DATE_FIELDS, read_items
from aggregator.read.links.addresses import canonical_url, is_web
from aggregator.read.parsing.documents import read_document
from aggregator.text.clean import plain_text, xml_safe
from aggregator.text.offices import find_issuer

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
) -> Inspected:
    """Read ``body`` as a refresh of ``feed`` at ``now`` would.

    ``charset``, ``media_type`` and ``base_url`` are what came with it. Raises NotAFeed, TooDeep or
    Undecodable.
    """
    parsed = read_document(
        body, charset=charset, media_type=media_type, url=base_url, encoding=feed.encoding
    )
    items, warnings = read_items(parsed, feed, issuer=issuer, base_url=base_url, seen_at=now)
    return Inspected(parsed=parsed, items=tuple(items), warnings=tuple(warnings))


def inspect_answer(
    answer: Fetched,
    *,
    feed: Feed,
    now: datetime,
    issuer: Callable[[str], str | None] = lambda _: None,
) -> Inspected:
    """Read what a server sent as a refresh would. Raises ReadError, also where the reading itself
    broke down: a document that trips the reader must not stop the feeds beside it."""
    try:
        return inspect_document(
            answer.body,
            feed=feed,
            now=now,
            charset=answer.charset,
            media_type=answer.media_type,
            base_url=answer.url,
            issuer=issuer,
        )
    except ReadError:
        raise
    except Exception as error:
        from aggregator.observe import get_logger  # noqa: PLC0415  (children read without a log)

        get_logger(__name__).exception("reading_broke_down", feed_id=feed.id, url=answer.url)
        raise ReadError(
            f"the document could not be read: {type(error).__name__} in the program"
        ) from error


def read_for(document: Document, issuer: Callable[[str], str | None]) -> Inspected:
    """Read a document as its feed's kind wants it read: the one place where kinds part.

    Raises ReadError: NotAFeed also for a kind whose documents are not read.
    """
    feed = document.feed
    if feed.kind is FeedKind.FEED:
        return inspect_document(
            document.body,
            feed=feed,
            now=document.now,
            charset=document.charset,
            media_type=document.media_type,
            base_url=document.url,
            issuer=issuer,
        )
    raise NotAFeed(f"documents of the kind '{feed.kind.value}' are not read")


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
