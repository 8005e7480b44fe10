"""Feed documents as Atom and RSS; the only module that knows the feed library."""

from __future__ import annotations

from typing import Any

from feedgen.entry import FeedEntry as LibraryEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from aggregator.domain.errors import RenderError
from aggregator.observe import get_logger
from aggregator.publish.addresses import ascii_url, relative_link
from aggregator.publish.feed_extension import (
    HouseEntryExtension,
    HouseFeedExtension,
    rss_description,
)
from aggregator.publish.feed_records import FeedDocument, FeedEntry, FeedFormat
from aggregator.publish.layout import feed_stylesheet

GENERATOR = "press-newsletter-desk"
ATOM_ENTRY = "{http://www.w3.org/2005/Atom}entry"
RSS_ITEM = "item"
_EXTENSION = "house"
_log = get_logger(__name__)


def render_xml(document: FeedDocument, form: FeedFormat) -> tuple[bytes, dict[str, int]]:
    """``document`` as Atom (RFC 4287) or RSS 2.0, and how many of its bytes each entry that could
    be written takes, by the entry's id. One that could not is left out and logged as a warning.

    The result was read back; raises RenderError where the feed as a whole cannot be made.
    """
    is_atom = form is FeedFormat.ATOM
    path = document.path(form)
    feed = _feed(document, form)
    ids = []
    for entry in document.entries:
        written = _checked(entry, path, atom=is_atom)
        if written is not None:
            feed.add_entry(written, order="append")
            ids.append(entry.id)
    body = _styled(_written(feed.atom_str if is_atom else feed.rss_str, path), document)
    found = _read_back(body, path, ATOM_ENTRY if is_atom else RSS_ITEM, len(ids))
    sizes = (len(etree.tostring(element, encoding="utf-8")) for element in found)
    return body, dict(zip(ids, sizes, strict=True))


def _feed(document: FeedDocument, form: FeedFormat) -> Any:  # noqa: ANN401 - the library has no types
    """The library's feed without entries; every date is given, since its default is the present."""
    feed = FeedGenerator()
    feed.register_extension(_EXTENSION, HouseFeedExtension, HouseEntryExtension)
    feed.house.document, feed.house.form = document, form
    feed.id(document.id)
    feed.title(document.title)
    feed.subtitle(document.subtitle)
    feed.description(document.subtitle)
    feed.author(name=document.author)
    feed.language(document.language)
    feed.updated(document.updated)
    feed.generator(GENERATOR)
    feed.link(href=document.home.href, rel="alternate")
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
        _log.warning("entry_left_out", feed=path, entry=entry.id, reason=str(problem))
        return None
    return written


def _fill(written: Any, entry: FeedEntry, *, atom: bool) -> None:  # noqa: ANN401 - no types
    """Hand every field of ``entry`` to the library."""
    if not entry.title:
        raise ValueError("it has no title")
    written.id(entry.id)
    written.title(entry.title)
    written.updated(entry.updated)
    date = entry.published if atom else entry.listed_at
    if date is not None:
        written.published(date)
    for name in entry.bylines:
        written.author(name=name)
    summary = entry.summary if atom else rss_description(entry)
    if summary:
        written.summary(summary, type="text")
    if entry.content:
        written.content(entry.content, type="html")
    if entry.rights:
        written.rights(entry.rights)
    if entry.category is not None:
        category = entry.category
        written.category(scheme=category.scheme, term=category.term, label=category.label)
    alternate = [link.href for link in entry.links if link.rel == "alternate"]
    for href in alternate[:1]:
        written.link(href=href if atom else ascii_url(href), rel="alternate")
    if not atom:
        _fill_rss(written, entry)


def _fill_rss(written: Any, entry: FeedEntry) -> None:  # noqa: ANN401 - no types
    """What RSS has elements of its own for: the source feed and one attached file."""
    own = [link for link in (entry.source.links if entry.source else ()) if link.rel == "self"]
    if entry.source is not None and own:
        written.source(url=own[0].href, title=entry.source.title)
    files = [link for link in entry.links if link.rel == "enclosure"]
    for file in files[:1]:
        written.enclosure(url=file.href, length=file.length, type=file.type)


def _written(write: Any, path: str) -> bytes:  # noqa: ANN401 - a bound method of the library
    """The library's bytes, indented, or RenderError in one line."""
    try:
        return bytes(write(pretty=True, encoding="utf-8")) + b""
    except (ValueError, TypeError, KeyError) as problem:
        raise RenderError(f"{path}: the feed cannot be written: {problem}") from problem


def _styled(body: bytes, document: FeedDocument) -> bytes:
    """``body`` with the style sheet that browsers show it by, named behind the XML declaration."""
    declaration, end, rest = body.partition(b"?>\n")
    sheet = relative_link(document.stem, feed_stylesheet(document.language))
    return (
        declaration + end + f'<?xml-stylesheet type="text/css" href="{sheet}"?>\n'.encode() + rest
    )


def _read_back(body: bytes, path: str, entry_name: str, count: int) -> list[etree._Element]:
    """The ``count`` entries of ``body``, parsed; RenderError where there are more or fewer."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as problem:
        raise RenderError(f"{path}: the feed cannot be read back: {problem}") from problem
    found = list(root.iter(entry_name))
    if len(found) != count:
        raise RenderError(f"{path}: {len(found)} entries were read back where {count} were written")
    return found
