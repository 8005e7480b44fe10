"""Feed documents as Atom and RSS bytes; the only module that knows the feed library."""

from __future__ import annotations

import logging
from typing import Any

from feedgen.entry import FeedEntry as LibraryEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from aggregator.domain.errors import RenderError
from aggregator.publish.entries import FeedDocument, FeedEntry
from aggregator.publish.feed_extension import HouseEntryExtension, HouseFeedExtension

GENERATOR = "press-newsletter-desk"
ATOM_ENTRY = "{http://www.w3.org/2005/Atom}entry"
_EXTENSION = "house"
_log = logging.getLogger(__name__)


def render_atom(document: FeedDocument) -> bytes:
    """``document`` as Atom (RFC 4287) in UTF-8, the same bytes for the same document.

    An entry that cannot be written is left out and logged as a warning. The result was read back
    before it is returned; raises RenderError where the feed as a whole cannot be made.
    """
    feed = _feed(document)
    count = 0
    for entry in document.entries:
        written = _checked(entry, document.path, atom=True)
        if written is not None:
            feed.add_entry(written, order="append")
            count += 1
    return _read_back(_written(feed.atom_str, document.path), document.path, ATOM_ENTRY, count)


def render_rss(document: FeedDocument) -> bytes:
    """``document`` as RSS 2.0 in UTF-8, under the same promises as ``render_atom``."""
    feed = _feed(document)
    count = 0
    for entry in document.entries:
        written = _checked(entry, document.path, atom=False)
        if written is not None:
            feed.add_entry(written, order="append")
            count += 1
    return _read_back(_written(feed.rss_str, document.path), document.path, "item", count)


def _feed(document: FeedDocument) -> Any:  # noqa: ANN401 - the library has no types
    """The library's feed without entries; every date is given, since its default is the present."""
    feed = FeedGenerator()
    feed.register_extension(_EXTENSION, HouseFeedExtension, HouseEntryExtension)
    feed.house.document = document
    feed.id(document.id)
    feed.title(document.title)
    feed.subtitle(document.subtitle)
    feed.description(document.subtitle)
    feed.author(name=document.author)
    feed.language(document.language)
    feed.updated(document.updated)
    feed.generator(GENERATOR)
    for link in document.links:
        known = {"href": link.href, "rel": link.rel, "type": link.type, "hreflang": link.hreflang}
        feed.link({name: value for name, value in known.items() if value})
    return feed


def _checked(entry: FeedEntry, path: str, *, atom: bool) -> Any:  # noqa: ANN401 - no types
    """The library's entry, or None, logged, where the library cannot write it."""
    written = LibraryEntry()
    written.register_extension(_EXTENSION, HouseEntryExtension)
    written.house.entry = entry
    try:
        _fill(written, entry, atom=atom)
        if atom:
            written.atom_entry()
        else:
            written.rss_entry()
    except (ValueError, TypeError, KeyError) as problem:
        _log.warning("%s: entry %s left out: %s", path, entry.id, problem)
        return None
    return written


def _fill(written: Any, entry: FeedEntry, *, atom: bool) -> None:  # noqa: ANN401 - no types
    """Hand every field of ``entry`` to the library."""
    if not entry.title:
        raise ValueError("it has no title")
    written.id(entry.id)
    written.title(entry.title)
    written.updated(entry.updated)
    if entry.published is not None:
        written.published(entry.published)
    written.author(name=entry.author)
    if entry.summary:
        written.summary(entry.summary, type="text")
    if entry.content:
        written.content(entry.content, type="html")
    if entry.rights:
        written.rights(entry.rights)
    if entry.category is not None:
        category = entry.category
        written.category(scheme=category.scheme, term=category.term, label=category.label)
    alternate = [link.href for link in entry.links if link.rel == "alternate"]
    for href in alternate[:1]:
        written.link(href=href, rel="alternate")
    if not atom:
        _fill_rss(written, entry)


def _fill_rss(written: Any, entry: FeedEntry) -> None:  # noqa: ANN401 - no types
    """What RSS has elements of its own for: the source feed and one attached file."""
    own = [link for link in (entry.source.links if entry.source else ()) if link.rel == "self"]
    if entry.source is not None and own:
        written.source(url=own[0].href, title=entry.source.title)
    files = [link for link in entry.links if link.rel == "enclosure" and link.type]
    for file in files[:1]:
        written.enclosure(url=file.href, length=file.length, type=file.type)


def _written(write: Any, path: str) -> bytes:  # noqa: ANN401 - a bound method of the library
    """The library's bytes, indented, or RenderError in one line."""
    try:
        return bytes(write(pretty=True, encoding="utf-8")) + b""
    except (ValueError, TypeError, KeyError) as problem:
        raise RenderError(f"{path}: the feed cannot be written: {problem}") from problem


def _read_back(body: bytes, path: str, entry_name: str, count: int) -> bytes:
    """``body`` once it was parsed and holds ``count`` entries; RenderError otherwise."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as problem:
        raise RenderError(f"{path}: the feed cannot be read back: {problem}") from problem
    found = sum(1 for _ in root.iter(entry_name))
    if found != count:
        raise RenderError(f"{path}: {found} entries were read back where {count} were written")
    return body
