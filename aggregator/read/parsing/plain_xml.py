"""Feeds of a plain shape, read by expat alone: a tenth of what feedparser takes, and the same result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, ParseError, fromstring

from aggregator.read.parsing.bounds import MAX_ELEMENTS
from aggregator.read.parsing.parts import MAX_ENTRIES
from aggregator.read.parsing.plain_rows import (
    ATOM,
    ATOM_ENTRY,
    ATOM_FEED,
    PREFIXES,
    RDF,
    RSS_10,
    RSS_CHANNEL,
    RSS_ENTRY,
    Handler,
    Row,
    Tongue,
    Unusual,
    read_into,
    require_blank,
)
from aggregator.read.parsing.xml_parser import Parsed

_MAX_PLAIN = 2_000_000
"""Characters of a document that is read so; of a larger one feedparser stops where its bounds say."""

_DECLARED = re.compile(r"""xmlns(?::([\w.-]{1,80}))?\s{0,9}=\s{0,9}["']([^"']{0,300})""")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NETSCAPE = "http://my.netscape.com/rdf/"
_SECOND = ("2.", "rss20")
_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_WITHIN_ITEMS = frozenset({f"{RDF}Seq", f"{RDF}li"})

_OF_RDF: Mapping[str, Handler] = {
    **{f"{RSS_10}{tag}": RSS_CHANNEL[tag] for tag in ("title", "link")},
    f"{RSS_10}description": RSS_CHANNEL["description"],
    **{
        tag: handler
        for tag, handler in RSS_CHANNEL.items()
        if tag.startswith("{") and ATOM not in tag
    },
}
_OF_RDF_ITEM: Mapping[str, Handler] = {
    **{f"{RSS_10}{tag}": RSS_ENTRY[tag] for tag in ("title", "link", "description")},
    **{tag: handler for tag, handler in RSS_ENTRY.items() if tag.startswith("{")},
}


def parse_plainly(text: str) -> Parsed | None:
    """What ``xml_parser.parse`` makes of a mended document, or None where it is not plain.

    Plain is a well-formed RSS 2.0, Atom 1.0 or RSS 1.0 whose channel and entries hold the elements
    that are known here, most of them once, with text and known attributes and nothing else in them.
    Expat reads it, as it does for feedparser, so that both take the same for well-formed. Never
    raises for strange text.
    """
    if len(text) > _MAX_PLAIN:
        return None
    declared = _DECLARED.findall(text)
    if any(uri.lower() != PREFIXES.get(prefix, uri).lower() for prefix, uri in declared):
        return None
    try:
        root = fromstring(text.encode("utf-8", "replace"))  # noqa: S314 - document types are gone
    except (ParseError, ValueError):
        return None
    try:
        return _read(root, {uri.lower() for _, uri in declared})
    except Unusual:
        return None


def _read(root: Element, namespaces: set[str]) -> Parsed:
    require_blank(root.text)
    if any(uri.startswith(_NETSCAPE) for uri in namespaces):
        raise Unusual
    is_rss_10 = RSS_10[1:-1].lower() in namespaces
    if root.tag == "rss" and not is_rss_10:
        return _read_rss(root)
    if root.tag == f"{ATOM}feed" and not is_rss_10:
        return _read_atom(root)
    # Whichever is declared first gives a document its version.
    if root.tag == f"{RDF}RDF" and ATOM[1:-1].lower() not in namespaces:
        return _read_rdf(root)
    raise Unusual


def _read_rss(root: Element) -> Parsed:
    said = root.get("version", "")
    version = _SECOND[1] if said.startswith(_SECOND[0]) else _VERSIONS.get(said)
    if version is None or root.attrib.keys() != {"version"} or len(root) != 1:
        raise Unusual
    channel = root[0]
    if channel.tag != "channel" or channel.attrib:
        raise Unusual
    require_blank(channel.text)
    require_blank(channel.tail)
    head, items = _head_and_entries(channel, "item")
    row: Row = {}
    read_into(row, head, RSS_CHANNEL, {})
    return _parsed(version, row, [_entry(each, RSS_ENTRY, {}) for each in items])


def _read_atom(root: Element) -> Parsed:
    if not root.attrib.keys() <= {_LANGUAGE}:
        raise Unusual
    language = root.get(_LANGUAGE, "").replace("_", "-")
    tongue = {"language": language} if language else {}
    head, entries = _head_and_entries(root, f"{ATOM}entry")
    row: Row = {**tongue}
    read_into(row, head, ATOM_FEED, tongue)
    return _parsed("atom10", row, [_entry(each, ATOM_ENTRY, tongue) for each in entries])


def _read_rdf(root: Element) -> Parsed:
    head, items = _head_and_entries(root, f"{RSS_10}item")
    if root.attrib or [each.tag for each in head] != [f"{RSS_10}channel"]:
        raise Unusual
    channel = head[0]
    _require_about(channel)
    require_blank(channel.text)
    require_blank(channel.tail)
    told = [each for each in channel if each.tag != f"{RSS_10}items"]
    for each in channel.iter(f"{RSS_10}items"):
        _require_list(each)
    row: Row = {}
    read_into(row, told, _OF_RDF, {})
    return _parsed("rss10", row, [_item(each) for each in items])


def _item(element: Element) -> Row:
    """An item of RSS 1.0, which has its address as an attribute."""
    about = _require_about(element)
    element.attrib.clear()
    row = _entry(element, _OF_RDF_ITEM, {})
    return {"id": about, **row} if about else row


def _require_about(element: Element) -> str:
    if not element.attrib.keys() <= {f"{RDF}about"}:
        raise Unusual
    return element.get(f"{RDF}about", "")


def _require_list(items: Element) -> None:
    """Raise Unusual where a table of entries is more than that; nothing is asked of it."""
    for each in items.iter():
        require_blank(each.text)
        require_blank(each.tail)
        if each is not items and each.tag not in _WITHIN_ITEMS:
            raise Unusual
        if not each.attrib.keys() <= {"resource", f"{RDF}resource"}:
            raise Unusual


def _head_and_entries(parent: Element, tag: str) -> tuple[list[Element], list[Element]]:
    """What is said of a feed, and its entries behind it."""
    children = [*parent]
    first = next((at for at, each in enumerate(children) if each.tag == tag), len(children))
    entries = children[first:]
    if len(entries) > MAX_ENTRIES or any(each.tag != tag for each in entries):
        raise Unusual
    if sum(map(len, entries)) > MAX_ELEMENTS // 2:
        raise Unusual
    return children[:first], entries


def _entry(element: Element, handlers: Mapping[str, Handler], tongue: Tongue) -> Row:
    if element.attrib:
        raise Unusual
    require_blank(element.text)
    require_blank(element.tail)
    row: Row = {"media_notes": {}}
    read_into(row, element, handlers, tongue)
    return row


def _parsed(version: str, channel: Row, entries: Iterable[Row]) -> Parsed:
    return Parsed(version=version, channel=channel, entries=[*entries], warnings=())
