"""JSON Feed 1.0 and 1.1 (jsonfeed.org) read into entries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from aggregator.domain.errors import NotAFeed, TooDeep
from aggregator.domain.items import Enclosure, Entry, Image, ParsedFeed
from aggregator.read.links.addresses import absolute, is_web
from aggregator.read.parsing.parts import (
    MAX_ENTRIES,
    MAX_PART,
    cut,
    distinct,
    each_once,
    fields_of,
    first,
    number_of,
    warn_of_empty,
)
from aggregator.read.parsing.raw import rows_in
from aggregator.text.clean import clean_title
from aggregator.text.xml_chars import xml_safe

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(\.1)?/?")
_TELLING = frozenset({"id", "url", "external_url", "title", "content_html", "content_text"})
_STANDARD = frozenset(
    {
        "id", "url", "title", "content_html", "content_text", "summary", "image", "banner_image",
        "date_published", "date_modified", "author", "authors", "tags", "attachments",
    }
)  # fmt: skip
_FIELD_DEPTH = 3


def looks_like_json(text: str) -> bool:
    """Whether a text begins as a JSON document does, and as no XML document can."""
    return text.lstrip()[:1] in {"{", "["}


def read_json(text: str, *, url: str) -> ParsedFeed | None:
    """The feed in a JSON text, or None for JSON that is none.

    A feed names its version, or has ``items`` of which one at least is an object with an id, an
    address, a title or a text. Members of a wrong type count as absent; numbers are read as their
    digits. Relative links are resolved against ``url``, else against the home page. Warnings:
    ``empty-entries``, ``no-entries``, ``too-many-entries``, ``text-cut``, ``parts-cut``.

    Raises NotAFeed for what is not JSON at all, TooDeep for what is nested too deep to be read.
    """
    top = _loaded(text)
    if not isinstance(top, dict):
        return None
    named = _VERSION.match(_text(top, "version"))
    rows = rows_in(top.get("items"))
    if not named and not any(_TELLING & row.keys() for row in rows):
        return None
    warnings: list[str] = []
    if len(rows) > MAX_ENTRIES:
        warnings.append("too-many-entries")
    if len(rows) < len(_listed(top.get("items"))):
        warnings.append("empty-entries")
    home = absolute(_text(top, "home_page_url"), url)
    base = url or home
    authors = first(_authors(top), warnings)
    entries = tuple(_entry(row, base, authors, warnings) for row in rows[:MAX_ENTRIES])
    warn_of_empty(entries, warnings)
    return ParsedFeed(
        version=("json11" if named[1] else "json1") if named else "json",
        title=clean_title(_text(top, "title")),
        link=home,
        language=_text(top, "language")[:35],
        encoding="",
        claimed="",
        entries=entries,
        subtitle=cut(_text(top, "description"), warnings),
        authors=authors,
        image=absolute(_text(top, "icon"), base) or absolute(_text(top, "favicon"), base),
        self_url=absolute(_text(top, "feed_url"), base),
        hub_url=next(
            (hub for row in rows_in(top.get("hubs")) if (hub := absolute(_text(row, "url"), base))),
            "",
        ),
        warnings=tuple(warnings),
    )


def _loaded(text: str) -> object:
    try:
        # Numbers stay as they are written: an id of 5,000 digits is a string like any other.
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, strict=False)
    except RecursionError as error:
        raise TooDeep("a JSON document with too many brackets within each other") from error
    except ValueError as error:
        raise NotAFeed("a JSON document that breaks off or is damaged instead of a feed") from error


def _entry(
    row: Mapping[str, Any], base: str, authors: tuple[str, ...], warnings: list[str]
) -> Entry:
    """One item; the authors of the feed are those of an item without its own (version 1.1)."""
    guid = _text(row, "id")
    links = (absolute(_text(row, name), base) for name in ("url", "external_url"))
    link = next((link for link in links if link), guid if is_web(guid) else "")
    markup = _text(row, "content_html") or _as_markup(_text(row, "content_text"))
    pictures = (absolute(_text(row, name), base) for name in ("image", "banner_image"))
    images = tuple(Image(url=picture) for picture in distinct(pictures))
    return Entry(
        guid=guid,
        link=link,
        title=cut(_text(row, "title"), warnings),
        summary=cut(_text(row, "summary"), warnings),
        content=cut(markup, warnings),
        published=_text(row, "date_published")[:MAX_PART],
        updated=_text(row, "date_modified")[:MAX_PART],
        authors=first(_authors(row), warnings) or (authors if row else ()),
        categories=first(distinct(_texts(row.get("tags"))), warnings),
        enclosures=first(_enclosures(row, base), warnings),
        thumbnail=images[0].url if images else "",
        images=images,
        fields=fields_of(_fields(row)),
    )


def _authors(row: Mapping[str, Any]) -> Iterator[str]:
    authors = row.get("authors")
    people = [*_listed(authors), authors if isinstance(authors, dict) else row.get("author")]
    return distinct(
        _text(each, "name") or _text(each, "url").removeprefix("mailto:")
        if isinstance(each, dict)
        else _string(each)
        for each in people
    )


def _enclosures(row: Mapping[str, Any], base: str) -> Iterator[Enclosure]:
    return each_once(
        Enclosure(
            url=absolute(_text(each, "url"), base),
            media_type=_text(each, "mime_type")[:MAX_PART],
            length=number_of(_text(each, "size_in_bytes").partition(".")[0]),
        )
        for each in rows_in(row.get("attachments"))
    )


def _fields(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Extensions and further members; those within them as ``member_inner``, names in order."""
    for name, value in row.items():
        if name not in _STANDARD:
            yield from _flat(xml_safe(name.lstrip("_")), value, _FIELD_DEPTH)


def _flat(name: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth > 0:
        for inner, each in value.items():
            yield from _flat(xml_safe(f"{name}_{inner}"[:MAX_PART]), each, depth - 1)
    elif isinstance(value, bool):
        yield name[:MAX_PART], "true" if value else "false"
    elif isinstance(value, str):
        yield name[:MAX_PART], value


def _as_markup(text: str) -> str:
    """Plain text as markup that says the same."""
    return escape(text, quote=False).replace("\r\n", "\n").replace("\n", "<br>\n")


def _text(row: Mapping[str, Any], name: str) -> str:
    return _string(row.get(name))


def _string(value: object) -> str:
    return xml_safe(value).strip() if isinstance(value, str) else ""


def _texts(value: object) -> Iterable[str]:
    return (_string(each) for each in _listed(value))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
