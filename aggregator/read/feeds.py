"""RSS and Atom documents read into entries. The only module that knows feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice
from typing import Any, TypeVar
from xml.sax import SAXException

import feedparser

from aggregator.domain.errors import NotAFeed
from aggregator.domain.items import Enclosure, Entry, ParsedFeed
from aggregator.read.charset import Decoded, decode
from aggregator.read.links import absolute, is_web
from aggregator.read.mend import mend
from aggregator.text.clean import clean_title, xml_safe

_Part = TypeVar("_Part")

MAX_ENTRIES = 2000
"""Entries read of one document; feeds of the field have 10 to 100."""

MAX_TEXT = 200_000
"""Characters read of a summary or content; a long release has 20,000."""

MAX_PARTS = 50
"""Authors, categories and enclosures read of one entry, of each kind."""

_MAX_PART = 2000
_MAX_FIELDS = 60
_MAX_FIELD_LENGTH = 4000
_ROOT = re.compile(r"<(?![?!])(?:[A-Za-z0-9_]+:)?([A-Za-z][A-Za-z0-9_]*)")
_PAGE_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_PAGE_ROOTS = frozenset(
    {"html", "head", "body", "title", "meta", "script", "div", "table", "center", "p"}
)
_SHOWN_TITLE = 60
_PARSER_TRIPS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, SAXException,
    TypeError, ValueError,
)  # fmt: skip
"""What feedparser lets through on hostile documents."""

_STANDARD = frozenset(
    {
        "id", "guidislink", "link", "links", "title", "title_detail", "summary", "summary_detail",
        "content", "published", "published_parsed", "updated", "updated_parsed", "created",
        "created_parsed", "author", "author_detail", "authors", "publisher", "publisher_detail",
        "contributors", "tags", "enclosures", "media_thumbnail", "media_content", "href", "source",
    }
)  # fmt: skip


def read_document(
    body: bytes,
    *,
    charset: str = "",
    media_type: str = "",
    url: str = "",
    encoding: str | None = None,
) -> ParsedFeed:
    """The feed in a response body.

    ``charset`` and ``media_type`` are what Content-Type said, ``url`` the address the body came
    from (relative links are resolved against ``xml:base``, then it, then the channel's link),
    ``encoding`` the operator's override. Strings of entries are raw; dates are the document's own
    words. Warnings are those of decoding and mending, and ``not-well-formed``, ``cut-off``,
    ``empty-entries``, ``too-many-entries``, ``no-entries``, ``text-cut`` (a text longer than
    MAX_TEXT), ``parts-cut`` (more than MAX_PARTS authors, categories or enclosures).

    Raises NotAFeed, saying what came instead, and Undecodable; nothing else for any bytes.
    """
    decoded = decode(body, header=charset, override=encoding)
    mended = mend(decoded.text)
    _refuse_pages(mended.text, media_type)
    parsed = _parse(mended.text)
    if not parsed.get("version"):
        raise NotAFeed(f"{_what_came(mended.text, media_type)} instead of a feed (RSS or Atom)")
    warnings = [*decoded.warnings, *mended.warnings]
    if parsed.get("bozo"):
        warnings.append("not-well-formed")
    if not _is_closed(mended.text):
        warnings.append("cut-off")
    return _feed(parsed, decoded, url, warnings)


def _parse(text: str) -> Mapping[str, Any]:
    # Wrapped, because a bare string that spells a path or address would be opened as one.
    source = BytesIO(text.encode("utf-8", "replace"))
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            source,
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except _PARSER_TRIPS as error:
        raise NotAFeed(f"a document that no parser can read ({type(error).__name__})") from error
    return parsed


def _refuse_pages(text: str, media_type: str) -> None:
    root = _ROOT.search(text)
    name = root.group(1).lower() if root else ""
    if name in _FEED_ROOTS:
        return
    if not name or name in _PAGE_ROOTS or "html" in media_type.lower():
        raise NotAFeed(f"{_what_came(text, media_type)} instead of a feed (RSS or Atom)")


def _what_came(text: str, media_type: str) -> str:
    """What a document is, in words an operator understands."""
    if not text.strip():
        return "an empty body"
    root = _ROOT.search(text)
    name = root.group(1).lower() if root else ""
    title = _PAGE_TITLE.search(text)
    shown = clean_title(title.group(1))[:_SHOWN_TITLE] if title else ""
    if name in _PAGE_ROOTS or "<html" in text[:2000].lower():
        return f"an HTML page titled '{shown}'" if shown else "an HTML page without a title"
    if text[:1] in {"{", "["}:
        return "a JSON document"
    if name:
        return f"an XML document <{name[:_SHOWN_TITLE]}>"
    kind = f" ({media_type[:_SHOWN_TITLE]})" if media_type else ""
    return f"plain text{kind} beginning '{clean_title(text[:200])[:_SHOWN_TITLE]}'"


def _is_closed(text: str) -> bool:
    return (
        re.search(r"</(?:[a-z]+:)?(?:rss|rdf|feed|channel)\s*>\s*\Z", text[-80:], re.IGNORECASE)
        is not None
    )


def _feed(parsed: Mapping[str, Any], decoded: Decoded, url: str, warnings: list[str]) -> ParsedFeed:
    channel = _mapping(parsed.get("feed"))
    home = absolute(_text(channel, "link"), url)
    is_atom = str(parsed["version"]).startswith("atom")
    rows = _rows(parsed.get("entries"))
    if len(rows) > MAX_ENTRIES:
        warnings.append("too-many-entries")
    entries = [_entry(row, url or home, warnings, is_atom=is_atom) for row in rows[:MAX_ENTRIES]]
    told = tuple(entry for entry in entries if entry.title or entry.link or entry.summary)
    if len(told) < len(entries):
        warnings.append("empty-entries")
    if not told:
        warnings.append("no-entries")
    return ParsedFeed(
        version=str(parsed["version"]),
        title=clean_title(_text(channel, "title")),
        link=home,
        language=_text(channel, "language").strip()[:35],
        encoding=decoded.encoding,
        claimed=decoded.claimed,
        entries=told,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _entry(row: Mapping[str, Any], url: str, warnings: list[str], *, is_atom: bool) -> Entry:
    base = absolute(_xml_base(row), url) or url
    guid = _text(row, "id")
    published, updated = _dates(row, is_atom=is_atom)
    summary, content = (_cut(text, warnings) for text in _texts(row))
    return Entry(
        guid=guid,
        link=_link(row, guid, base),
        title=_cut(_text(row, "title"), warnings),
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=_first(_authors(row), warnings),
        categories=_first(_categories(row), warnings),
        enclosures=_first(_enclosures(row, base), warnings),
        thumbnail=_thumbnail(row, base),
        fields=dict(_fields(row)),
    )


def _cut(text: str, warnings: list[str]) -> str:
    if len(text) > MAX_TEXT:
        warnings.append("text-cut")
    return text[:MAX_TEXT]


def _first(parts: Iterable[_Part], warnings: list[str]) -> tuple[_Part, ...]:
    """The first MAX_PARTS of these."""
    first = tuple(islice(parts, MAX_PARTS + 1))
    if len(first) > MAX_PARTS:
        warnings.append("parts-cut")
    return first[:MAX_PARTS]


def _link(row: Mapping[str, Any], guid: str, base: str) -> str:
    link = _text(row, "link")
    if not link:
        hrefs = (_text(each, "href") for each in _rows(row.get("links"))
                 if each.get("rel") in {None, "alternate"})  # fmt: skip
        link = next((href for href in hrefs if href), "")
    # An id that is no address is offered as link where an entry has no link of its own.
    if link == guid and not is_web(link) and not link.startswith("/"):
        return ""
    return absolute(link, base)


def _dates(row: Mapping[str, Any], *, is_atom: bool) -> tuple[str, str]:
    published = _text(row, "published") or _text(row, "created")
    updated = _text(row, "updated")
    if not published and not is_atom:
        # In RSS this is dc:date, the day of publication, which the parser files under "updated".
        return updated, ""
    return published, updated


def _texts(row: Mapping[str, Any]) -> tuple[str, str]:
    """Summary and content; the parser copies one to the other where only one was there."""
    contents = [value for each in _rows(row.get("content")) if (value := _text(each, "value"))]
    summary = _text(row, "summary")
    content = max(contents, key=len) if contents else ""
    if summary == content:
        others = [value for value in contents if value != content]
        summary = others[0] if others else ""
    return summary, content


def _authors(row: Mapping[str, Any]) -> Iterator[str]:
    named = False
    for author in _distinct(
        _text(each, "name") or _text(each, "email") for each in _rows(row.get("authors"))
    ):
        named = True
        yield author
    if not named:
        yield from islice(_distinct(_text(row, key) for key in ("author", "publisher")), 1)


def _categories(row: Mapping[str, Any]) -> Iterator[str]:
    return _distinct(_text(tag, "label") or _text(tag, "term") for tag in _rows(row.get("tags")))


def _enclosures(row: Mapping[str, Any], base: str) -> Iterator[Enclosure]:
    seen: set[str] = set()
    for link in _rows(row.get("links")):
        if link.get("rel") != "enclosure" or not (href := absolute(_text(link, "href"), base)):
            continue
        if href in seen:
            continue
        seen.add(href)
        length = _text(link, "length").strip()
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0  # noqa: PLR2004
        yield Enclosure(url=href, media_type=_text(link, "type")[:_MAX_PART], length=size)


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    """What is not empty, each once and cut to a sane length."""
    seen = {""}
    for text in texts:
        part = text[:_MAX_PART]
        if part not in seen:
            seen.add(part)
            yield part


def _thumbnail(row: Mapping[str, Any], base: str) -> str:
    candidates = [_text(each, "url") for each in _rows(row.get("media_thumbnail"))]
    candidates += [_text(each, "url") for each in _rows(row.get("media_content"))
                   if each.get("medium") == "image" or _text(each, "type").startswith("image/")]  # fmt: skip
    candidates += [_text(each, "href") for each in _rows(row.get("links"))
                   if each.get("rel") == "enclosure" and _text(each, "type").startswith("image/")]  # fmt: skip
    return next((link for each in candidates if (link := absolute(each, base))), "")


def _fields(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Elements the feed has besides the standard ones; attributes as ``element_attribute``."""
    left = _MAX_FIELDS
    # Plain access, because the parser's own mapping has answers for keys that it does not hold.
    held = dict.items(row) if isinstance(row, dict) else ()
    for key, value in held:
        if key in _STANDARD or key.endswith(("_parsed", "_detail")):
            continue
        if isinstance(value, str):
            pairs = [(str(key), value)]
        elif isinstance(value, Mapping):
            pairs = [
                (f"{key}_{name}", text) for name, text in value.items() if isinstance(text, str)
            ]
        else:
            continue
        for name, text in pairs:
            if text.strip() and left > 0:
                left -= 1
                yield name, xml_safe(text.strip())[:_MAX_FIELD_LENGTH]


def _xml_base(row: Mapping[str, Any]) -> str:
    details = (_mapping(row.get(key)) for key in ("title_detail", "summary_detail"))
    return next((base for detail in details if (base := _text(detail, "base"))), "")


def _text(row: Mapping[str, Any], key: str) -> str:
    # Plain access, because the parser's own mapping answers "updated" with "published".
    value = dict.get(row, key) if isinstance(row, dict) else None
    return xml_safe(value) if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _rows(value: object) -> Sequence[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
