"""What the feed library leaves out: link attributes, atom:source, xml:lang, and dc:creator in RSS.

The library calls ``extend_atom`` and ``extend_rss`` on the element it has built. Its elements bear
plain names under a literal ``xmlns`` attribute, so those added here do too.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import escape
from html.entities import name2codepoint

from lxml import etree

from aggregator.publish.feed_records import AtomSource, FeedDocument, FeedEntry, FeedFormat, Link
from aggregator.publish.titles import short_title
from aggregator.text.clean import one_line, plain_text

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
ATOM_LINK = "{http://www.w3.org/2005/Atom}link"

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_START_OF_TAG = re.compile(r"<[A-Za-z/!?]")
_REFERENCE = re.compile(r"&(#?\w+)")


class HouseFeedExtension:
    """Adds what a feed needs as a whole; ``document`` and ``form`` are set after registration."""

    def __init__(self) -> None:
        self.document: FeedDocument | None = None
        self.form = FeedFormat.ATOM

    def extend_ns(self) -> dict[str, str]:
        """Namespaces for the root element."""
        if self.form is FeedFormat.RSS:
            return {"dc": DC}
        is_archive = self.document is not None and self.document.is_archive
        return {"fh": HISTORY} if is_archive else {}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Say which texts are plain, write the links anew with all their attributes, and mark an
        archive."""
        document = self.document
        if document is None:
            return feed
        for name, text in (("title", document.title), ("subtitle", document.subtitle)):
            set_text(feed.find(name), text)
        for bare in feed.findall("link"):
            feed.remove(bare)
        for link in document.links(self.form):
            add_link(feed, link)
        if document.is_archive:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        return feed

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Name the feed's own address, the hub and the other formats: RSS itself has a link to the
        page only."""
        channel = feed.find("channel")
        if self.document is not None and channel is not None:
            for link in self.document.links(self.form):
                if link != self.document.home:
                    add_link(channel, link, ATOM_LINK)
        return feed


class HouseEntryExtension:
    """Adds what an entry needs; ``entry`` is set after registration."""

    def __init__(self) -> None:
        self.entry: FeedEntry | None = None

    def extend_atom(self, element: etree._Element) -> etree._Element:
        """Say which texts are plain, write the links anew with all their attributes, then the
        source and the language."""
        entry = self.entry
        if entry is None:
            return element
        texts = {"title": entry.title, "summary": entry.summary, "rights": entry.rights}
        for name, text in texts.items():
            set_text(element.find(name), text)
        for bare in element.findall("link"):
            element.remove(bare)
        for link in entry.links:
            add_link(element, link)
        if entry.source is not None:
            element.append(_source(entry.source))
        if entry.language:
            element.set(XML_LANG, entry.language)
        return element

    def extend_rss(self, element: etree._Element) -> etree._Element:
        """Name the author, the licence and the other places where it stands, for which RSS has no
        room of its own."""
        if self.entry is not None:
            for name in self.entry.bylines:
                etree.SubElement(element, f"{{{DC}}}creator").text = name
            if self.entry.rights:
                etree.SubElement(element, f"{{{DC}}}rights").text = self.entry.rights
            for link in self.entry.links:
                if link.rel in {"related", "license"}:
                    add_link(element, link, ATOM_LINK)
        return element


def set_text(element: etree._Element | None, text: str) -> None:
    """Write a text construct (RFC 4287, section 3.1): as plain text, unless readers could take it
    for markup that somebody forgot to declare; such a text is written as the HTML that shows it."""
    if element is None:
        return
    is_like_markup = _is_like_markup(text)
    element.set("type", "html" if is_like_markup else "text")
    element.text = escape(text, quote=False) if is_like_markup else text


def rss_description(entry: FeedEntry) -> str:
    """What an RSS item says of itself in plain text; its HTML stands in ``content:encoded``.

    To many readers a description is HTML, and to some, browsers among them, plain text: so it has
    neither elements nor references, unless its text could be taken for such.
    """
    text = entry.summary or short_title(one_line(plain_text(entry.content)))
    is_markup = "<" in text and _START_OF_TAG.search(text) is not None
    return escape(text, quote=False) if is_markup or _is_like_markup(text) else text


def _is_like_markup(text: str) -> bool:
    """Whether it has what looks like a tag, or like a character reference."""
    references = _REFERENCE.findall(text)
    return _MARKUP.search(text) is not None or any(
        name in name2codepoint or name == "apos" or not name.isalpha() for name in references
    )


def add_link(parent: etree._Element, link: Link, name: str = "link") -> None:
    """Append ``link`` with every attribute that it has, in a fixed order."""
    element = etree.SubElement(parent, name, rel=link.rel)
    for attribute, value in (
        ("type", link.type),
        ("hreflang", link.hreflang),
        ("title", link.title),
        ("length", str(link.length) if link.length else ""),
    ):
        if value:
            element.set(attribute, value)
    element.set("href", link.href)


def _source(source: AtomSource) -> etree._Element:
    """atom:source with id, title, date, links and rights."""
    element = etree.Element("source")
    etree.SubElement(element, "id").text = source.id
    set_text(etree.SubElement(element, "title"), source.title)
    etree.SubElement(element, "updated").text = rfc3339(source.updated)
    for link in source.links:
        add_link(element, link)
    if source.rights:
        set_text(etree.SubElement(element, "rights"), source.rights)
    return element


def rfc3339(at: datetime) -> str:
    """The instant as RFC 3339 writes it, with its own offset."""
    return at.isoformat()
