"""What the feed library leaves out: link attributes, atom:source, xml:lang, and dc:creator in RSS.

The library calls ``extend_atom`` and ``extend_rss`` on the element it has built. Its elements bear
plain names under a literal ``xmlns`` attribute, so those added here do too.
"""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from aggregator.publish.feed_records import AtomSource, FeedDocument, FeedEntry, FeedFormat, Link

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DC = "http://purl.org/dc/elements/1.1/"


class HouseFeedExtension:
    """Adds what a feed needs as a whole; ``document`` is set after registration."""

    def __init__(self) -> None:
        self.document: FeedDocument | None = None

    def extend_ns(self) -> dict[str, str]:
        """Namespaces for the root element."""
        is_rss = self.document is not None and self.document.format is FeedFormat.RSS
        return {"dc": DC} if is_rss else {}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """The feed as it is: nothing is missing."""
        return feed

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Name the hub beside the feed's own address."""
        channel = feed.find("channel")
        if self.document is not None and channel is not None:
            for link in self.document.links:
                if link.rel == "hub":
                    name = "{http://www.w3.org/2005/Atom}link"
                    etree.SubElement(channel, name, href=link.href, rel="hub")
        return feed


class HouseEntryExtension:
    """Adds what an entry needs; ``entry`` is set after registration."""

    def __init__(self) -> None:
        self.entry: FeedEntry | None = None

    def extend_atom(self, element: etree._Element) -> etree._Element:
        """Mark the title as plain text, write the links anew with all their attributes, then the
        source and the language."""
        entry = self.entry
        if entry is None:
            return element
        title = element.find("title")
        if title is not None:
            title.set("type", "text")
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
        """Name the author: RSS itself has room for a mail address only."""
        if self.entry is not None:
            creator = etree.SubElement(element, f"{{{DC}}}creator")
            creator.text = self.entry.author
        return element


def add_link(parent: etree._Element, link: Link) -> None:
    """Append ``link`` with every attribute that it has, in a fixed order."""
    element = etree.SubElement(parent, "link", rel=link.rel)
    for name, value in (
        ("type", link.type),
        ("hreflang", link.hreflang),
        ("title", link.title),
        ("length", str(link.length) if link.length else ""),
    ):
        if value:
            element.set(name, value)
    element.set("href", link.href)


def _source(source: AtomSource) -> etree._Element:
    """atom:source with id, title, date, links and rights."""
    element = etree.Element("source")
    etree.SubElement(element, "id").text = source.id
    etree.SubElement(element, "title", type="text").text = source.title
    etree.SubElement(element, "updated").text = rfc3339(source.updated)
    for link in source.links:
        add_link(element, link)
    if source.rights:
        etree.SubElement(element, "rights", type="text").text = source.rights
    return element


def rfc3339(at: datetime) -> str:
    """The instant as RFC 3339 writes it, with its own offset."""
    return at.isoformat()
