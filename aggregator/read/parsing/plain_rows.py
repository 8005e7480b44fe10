"""Elements of plain feeds, each made to what feedparser makes of it.

What stands here is a part of what feedparser knows, read from its handlers (``mixin.py`` and
``namespaces/`` of 6.0.14) with what ``xml_parser`` changes of them, and held against both by tests.
Whatever is not told here is ``Unusual``, and then feedparser reads the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from aggregator.read.parsing.media import MAX_KEPT
from aggregator.read.parsing.written_people import name_and_mail
from aggregator.read.parsing.xml_parser import (
    ADDRESSES,
    INLINE,
    RELATIONS,
    has_handler,
    resolved,
)

ATOM = "{http://www.w3.org/2005/Atom}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
RSS_10 = "{http://purl.org/rss/1.0/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_SYNDICATION = "{http://purl.org/rss/1.0/modules/syndication/}"

PREFIXES: Mapping[str, str] = {
    "content": _CONTENT[1:-1], "dc": _DC[1:-1], "media": _MEDIA[1:-1], "rdf": RDF[1:-1],
    "sy": _SYNDICATION[1:-1],
}  # fmt: skip
"""The namespaces of elements beyond those of a feed's own format, by their usual prefixes."""

Row: TypeAlias = dict[str, Any]
"""What is known of a feed or an entry, under feedparser's keys."""

Tongue: TypeAlias = Mapping[str, str]
"""What is said with each text: its ``language``, where one is known."""

Handler: TypeAlias = Callable[[Row, Element, Tongue], None]

_MOST_CHILDREN = 200
_TEXT_TYPES = frozenset({"text", "plain", "html", "text/plain", "text/html"})
_HTML_TYPES = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_LINK = frozenset({"rel", "href", "type", "title", "hreflang", "length"})
_PICTURE = frozenset({"url", "type", "medium", "width", "height", "fileSize", "isDefault"})
_REPEATED = frozenset({
    "author", "category", "enclosure", f"{_DC}creator", f"{_DC}subject", f"{_MEDIA}content",
    f"{_MEDIA}thumbnail", f"{ATOM}category", f"{ATOM}link",
})  # fmt: skip
"""What a feed or an entry may have several of. Of the rest feedparser takes one or the other."""

_C1 = re.compile("[\x80-\x9f]")
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


class Unusual(Exception):
    """Something in a document is not plain: feedparser is to say what it means."""


def read_into(
    row: Row, elements: Iterable[Element], handlers: Mapping[str, Handler], tongue: Tongue
) -> None:
    """Take elements into what is known, in their order. Raises Unusual."""
    seen: set[str] = set()
    for number, element in enumerate(elements):
        tag = element.tag
        if number >= _MOST_CHILDREN or (tag in seen and tag not in _REPEATED):
            raise Unusual
        seen.add(tag)
        require_blank(element.tail)
        handlers.get(tag, _further)(row, element, tongue)


def require_blank(text: str | None) -> None:
    """Raise Unusual for text beside elements."""
    if text and not text.isspace():
        raise Unusual


# --- texts ----------------------------------------------------------------------------------------


def _leaf(element: Element, attributes: frozenset[str] = frozenset()) -> str:
    """The bare text of an element without others in it."""
    if len(element) or not element.attrib.keys() <= attributes:
        raise Unusual
    return (element.text or "").strip()


def _told(text: str) -> str:
    """A text as feedparser keeps it: what was taken for Latin-1 and is UTF-8 is set right."""
    if text.isascii():
        return text
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("latin-1").decode("utf-8")
    if _C1.search(text):
        raise Unusual
    return text


def _address(text: str) -> str:
    return _told(resolved(text)) if text else ""


def _text(element: Element) -> str:
    """The text of an Atom construct that is written as a text (RFC 4287 section 3.1)."""
    if element.get("type", "text").lower() not in _TEXT_TYPES:
        raise Unusual
    return _told(_leaf(element, frozenset({"type"})))


def _title(row: Row, element: Element, tongue: Tongue) -> None:
    row["title"] = _text(element)
    row["title_detail"] = tongue


def _summary(row: Row, element: Element, tongue: Tongue) -> None:
    row["summary"] = _text(element)
    row["summary_detail"] = tongue


def _subtitle(row: Row, element: Element, tongue: Tongue) -> None:
    row["subtitle"] = _text(element)
    row["subtitle_detail"] = tongue


def _content(row: Row, element: Element, tongue: Tongue) -> None:
    value = _text(element)
    row.setdefault("content", []).append({**tongue, "value": value})
    row.setdefault("summary", value)


def _rights(row: Row, element: Element, _: Tongue) -> None:
    row["rights"] = _text(element)


def _plain(key: str) -> Handler:
    """A handler of a text that stands under one key."""

    def handle(row: Row, element: Element, _: Tongue) -> None:
        row[key] = _told(_leaf(element))

    return handle


def _further(row: Row, element: Element, _: Tongue) -> None:
    """An element of no namespace that feedparser does not know."""
    name = element.tag.lower()
    if "}" in name or name in INLINE or has_handler(name):
        raise Unusual
    _keep(row, name, _leaf(element))


def _keep(row: Row, name: str, value: str) -> None:
    further = row.setdefault("further", {}) if value else {}
    if value and len(further) < MAX_KEPT:
        further.setdefault(name, resolved(value) if name in ADDRESSES else value)


def _beside(prefix: str) -> Handler:
    """A handler of elements of another namespace, or of a feed's own, that feedparser does not know."""

    def handle(row: Row, element: Element, _: Tongue) -> None:
        _keep(row, f"{prefix}{element.tag.rpartition('}')[2].lower()}", _leaf(element))

    return handle


# --- addresses ------------------------------------------------------------------------------------


def _guid(row: Row, element: Element, _: Tongue) -> None:
    row["id"] = _told(_leaf(element, frozenset({"isPermaLink"})))
    if element.get("isPermaLink", "true") == "true":
        row.setdefault("link", row["id"])


def _entry_link(row: Row, element: Element, _: Tongue) -> None:
    """The link of an item of RSS, whose address is its text."""
    _add_link(row, _address(_leaf(element)).replace("&amp;", "&"))


def _channel_link(row: Row, element: Element, _: Tongue) -> None:
    """The link of a channel of RSS."""
    _add_link(row, _address(_leaf(element)))


def _add_link(row: Row, address: str) -> None:
    # Queries whose names were taken for references.
    href = row["link"] = _REFERENCE.sub(r"&\g<1>", address)
    link = {"rel": "alternate", "type": "text/html", "href": href}
    row.setdefault("links", []).append(link)


def _link(row: Row, element: Element, _: Tongue) -> None:
    """The link of Atom, whose address is an attribute."""
    if _leaf(element, _LINK) or "href" not in element.attrib:
        raise Unusual
    link = dict(element.attrib)
    rel = link["rel"] = link.get("rel", "").lower().removeprefix(RELATIONS) or "alternate"
    kind = "application/atom+xml" if rel == "self" else "text/html"
    kind = link["type"] = link.get("type", kind).lower()
    link["href"] = resolved(link["href"])
    row.setdefault("links", []).append(link)
    if rel != "alternate":
        row["link"] = row.get("link") or ""
    elif kind in _HTML_TYPES:
        row["link"] = link["href"]


def _enclosure(row: Row, element: Element, _: Tongue) -> None:
    if _leaf(element, frozenset({"url", "type", "length"})) or not element.get("url"):
        raise Unusual
    given = element.attrib
    link = {"rel": "enclosure", "href": given["url"], "type": given.get("type", "").lower()}
    row.setdefault("links", []).append(link | {"length": given.get("length", "")})


def _picture(name: str) -> Handler:
    """A handler of a picture or film of Media RSS."""

    def handle(row: Row, element: Element, _: Tongue) -> None:
        if _leaf(element, _PICTURE):
            raise Unusual
        given = {key.lower(): value for key, value in element.attrib.items()}
        if "type" in given:
            given["type"] = given["type"].lower()
        pictures = row.setdefault("media_pictures", [])
        if len(pictures) < MAX_KEPT:
            pictures.append({**given, "element": name, "notes": {}})

    return handle


def _image(row: Row, element: Element, tongue: Tongue) -> None:
    """The image of an RSS channel, of which the address alone is asked for."""
    if element.attrib or not {each.tag for each in element} <= _IMAGE.keys():
        raise Unusual
    require_blank(element.text)
    shown: Row = {}
    read_into(shown, element, _IMAGE, tongue)
    row["image"] = shown


def _image_url(row: Row, element: Element, _: Tongue) -> None:
    row["href"] = _address(_leaf(element))


_IMAGE: Mapping[str, Handler] = {
    "url": _image_url,
    **{tag: _plain(tag) for tag in ("title", "link", "width", "height", "description")},
}


# --- people and categories ------------------------------------------------------------------------


def _written_person(key: str) -> Handler:
    """A handler of somebody who is written as a text: a name, a mail address, or both."""

    def handle(row: Row, element: Element, _: Tongue) -> None:
        written = row[key] = _told(_leaf(element))
        name, mail = name_and_mail(written)
        person = ({"name": name} if name else {}) | ({"email": mail} if mail else {})
        row.setdefault(f"{key}_detail", person)
        if key == "author":
            row.setdefault("authors", []).append(person)

    return handle


def _person(row: Row, element: Element, _: Tongue) -> None:
    """The one author of an Atom feed or entry."""
    require_blank(element.text)
    if element.attrib or not {each.tag for each in element} <= _PERSON.keys():
        raise Unusual
    person: Row = {}
    read_into(person, element, _PERSON, {})
    person = {key: value for key, value in person.items() if key != "uri"}
    name, mail = person.get("name"), person.get("email")
    row["authors"] = [person]
    row["author"] = f"{name} ({mail})" if name and mail else name or mail or ""


def _bare(row: Row, element: Element, _: Tongue) -> None:
    row[element.tag.rpartition("}")[2]] = _leaf(element)


_PERSON: Mapping[str, Handler] = {
    f"{ATOM}name": _bare, f"{ATOM}email": _bare, f"{ATOM}uri": _bare
}  # fmt: skip


def _written_category(row: Row, element: Element, _: Tongue) -> None:
    """The category of RSS, whose name is its text."""
    value = _told(_leaf(element, frozenset({"domain"})))
    tags: list[Row] = row.setdefault("tags", [])
    scheme = element.get("domain")
    if scheme:
        _add_tag(tags, {"term": None, "scheme": scheme, "label": None})
    if value and tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    elif value:
        _add_tag(tags, {"term": value, "scheme": None, "label": None})


def _category(row: Row, element: Element, _: Tongue) -> None:
    if _leaf(element, frozenset({"term", "scheme", "label"})):
        raise Unusual
    tag = {key: element.get(key) for key in ("term", "scheme", "label")}
    tags = row.setdefault("tags", [])
    if any(tag.values()):
        _add_tag(tags, tag)


def _add_tag(tags: list[Row], tag: Row) -> None:
    if len(tags) < MAX_KEPT and tag not in tags:
        tags.append(tag)


# --- which element is what ------------------------------------------------------------------------

_OF_RSS: dict[str, Handler] = {
    "title": _title,
    "pubDate": _plain("published"),
    "category": _written_category,
    f"{_DC}date": _plain("updated"),
    f"{_DC}subject": _written_category,
    f"{_DC}creator": _written_person("author"),
}
_OF_ATOM: dict[str, Handler] = {
    f"{ATOM}title": _title,
    f"{ATOM}id": _guid,
    f"{ATOM}link": _link,
    f"{ATOM}updated": _plain("updated"),
    f"{ATOM}author": _person,
    f"{ATOM}category": _category,
    f"{ATOM}rights": _rights,
}

RSS_ENTRY: dict[str, Handler] = _OF_RSS | {
    "link": _entry_link,
    "guid": _guid,
    "description": _summary,
    "author": _written_person("author"),
    "enclosure": _enclosure,
    f"{_CONTENT}encoded": _content,
    f"{_MEDIA}thumbnail": _picture("media_thumbnail"),
    f"{_MEDIA}content": _picture("media_content"),
}
RSS_CHANNEL: dict[str, Handler] = _OF_RSS | {
    "link": _channel_link,
    "description": _subtitle,
    "language": _plain("language"),
    "lastBuildDate": _plain("updated"),
    "copyright": _rights,
    "generator": _plain("generator"),
    "managingEditor": _written_person("author"),
    "webMaster": _written_person("publisher"),
    "image": _image,
    f"{ATOM}link": _link,
    f"{_SYNDICATION}updatePeriod": _beside("sy_"),
    f"{_SYNDICATION}updateFrequency": _beside("sy_"),
}
ATOM_ENTRY: dict[str, Handler] = _OF_ATOM | {
    f"{ATOM}published": _plain("published"),
    f"{ATOM}summary": _summary,
    f"{ATOM}content": _content,
}
ATOM_FEED: dict[str, Handler] = _OF_ATOM | {
    f"{ATOM}subtitle": _subtitle,
    f"{ATOM}generator": _plain("generator"),
    f"{ATOM}icon": _beside(""),
    f"{ATOM}logo": _beside(""),
}
