"""What a response body is: a feed in RSS, RDF, Atom, CDF or JSON, or something else by its name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import islice

from aggregator.domain.errors import EmptyBody, HtmlPage, NotAFeed, TooDeep
from aggregator.domain.items import ParsedFeed
from aggregator.read.decoding.charset import decode
from aggregator.read.mending.mend import mend
from aggregator.read.parsing.json_feed import looks_like_json, read_json
from aggregator.read.parsing.xml_feed import read_xml
from aggregator.text.clean import clean_title

_ROOT = re.compile(r"<(?![?!])(?:[A-Za-z0-9_]+:)?([A-Za-z][A-Za-z0-9_]*)")
_PAGE_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_PAGE_ROOTS = frozenset(
    {"html", "head", "body", "title", "meta", "script", "div", "table", "center", "p"}
)
_END = re.compile(r"</(?:[\w.-]{1,80}:)?(?:rss|rdf|feed|channel)\s*>\s*\Z", re.IGNORECASE)
_END_REACH = 80
_MOST_UNCLOSED = 5000
_ANY_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,80})[^<>]{0,2000}?(/?>)")
_LEFT_OPEN = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "p", "li", "td", "th", "tr", "dt", "dd",
     "option"}
)  # fmt: skip
"""Elements that HTML lets stand open."""
_ENTRY_TAG = re.compile(r"<(?P<closing>/?)(?:[\w.-]{1,80}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_SHOWN_TITLE = 60
_PAGE = "an HTML page"
_MARK = re.compile("[<&]")
_FEED_WORD = re.compile("rss|rdf|feed|channel", re.IGNORECASE)
_FEW_MARKS = 100_000
_MAX_MARKS = 600_000
"""Tags and references that are mended; a feed of 5 MiB that is all escaped markup has 400,000."""

_WANTED = "instead of a feed (RSS, Atom or JSON Feed)"


def read_document(
    body: bytes,
    *,
    charset: str = "",
    media_type: str = "",
    url: str = "",
    encoding: str | None = None,
    quick: bool = True,
) -> ParsedFeed:
    """The feed in a response body: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed.

    ``charset`` and ``media_type`` are what Content-Type said, ``url`` the address the body came
    from (relative links are resolved against ``xml:base``, then it, then the channel's link),
    ``encoding`` the operator's override; unless ``quick`` feedparser reads plain documents too. Strings of entries are raw; dates are the document's own
    words. An entry's field ``language`` is what its own element, JSON Feed's member or the
    xml:lang in force says. Of a document that breaks off within an entry (``cut-off``) the entries before it are
    read. Warnings are those of decoding and mending, and ``not-well-formed``,
    ``undeclared-prefixes``, ``cut-off``, ``empty-entries``, ``too-many-entries``, ``no-entries``,
    ``text-cut`` (a text longer than MAX_TEXT), ``parts-cut`` (more than MAX_PARTS authors,
    categories, enclosures or images).

    Raises NotAFeed, saying what came instead (HtmlPage and EmptyBody are kinds of it), TooDeep for
    more than MAX_DEPTH elements within each other, and Undecodable; nothing else for any bytes.
    """
    decoded = decode(body, header=charset, override=encoding)
    if looks_like_json(decoded.text):
        parsed: ParsedFeed | None = read_json(decoded.text, url=url)
        if parsed is None:
            raise NotAFeed(f"a JSON document {_WANTED}")
        warnings = [*decoded.warnings, *parsed.warnings]
    else:
        mended = mend(_bounded(decoded.text, media_type))
        _refuse_pages(mended.text, media_type)
        parsed = read_xml(mended.text, url=url, quick=quick)
        if parsed is None:
            raise _not_a_feed(mended.text, media_type)
        if not parsed.entries:
            _refuse_unclosed(decoded.text)
        cut_off = [] if _END.search(mended.text[-_END_REACH:]) else ["cut-off"]
        is_whole = "too-many-entries" in parsed.warnings
        if cut_off and not is_whole and _ends_within_entry(mended.text):
            parsed = replace(parsed, entries=parsed.entries[:-1])
        warnings = [*decoded.warnings, *mended.warnings, *cut_off, *parsed.warnings]
    return replace(
        parsed,
        encoding=decoded.encoding,
        claimed=decoded.claimed,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _refuse_unclosed(text: str) -> None:
    """Raise TooDeep for thousands of elements that nobody closes, where nothing else came: mending
    took their tags for text, and what is left would pass for a feed without entries."""
    if text.count("<") - 2 * text.count("</") < _MOST_UNCLOSED:
        return
    opened: Counter[str] = Counter()
    for closing, name, end in _ANY_TAG.findall(text):
        if not end.startswith("/") and name.lower() not in _LEFT_OPEN:
            opened[name] += -1 if closing else 1
    if opened and max(opened.values()) >= _MOST_UNCLOSED:
        raise TooDeep(f"more than {_MOST_UNCLOSED} elements are opened and never closed {_WANTED}")


def _ends_within_entry(text: str) -> bool:
    """Whether a document that closes its entries breaks off within the last one. Half an entry is
    none: its headline may be half a headline, and the whole one comes with the next visit."""
    tags = [bool(match["closing"]) for match in _ENTRY_TAG.finditer(text)]
    return any(tags) and not tags[-1]


def _refuse_pages(text: str, media_type: str) -> None:
    root = _ROOT.search(text)
    name = root.group(1).lower() if root else ""
    if name in _FEED_ROOTS:
        return
    if not name or name in _PAGE_ROOTS or "html" in media_type.lower():
        raise _not_a_feed(text, media_type)


def _bounded(text: str, media_type: str) -> str:
    """The text as far as it is mended, which takes each mark apart. Raises NotAFeed for what cannot
    be a feed, whatever is mended in it."""
    if text.count("<") + text.count("&") <= _FEW_MARKS:
        return text
    if not _FEED_WORD.search(text):
        raise _not_a_feed(text, media_type)
    last = next(islice(_MARK.finditer(text), _MAX_MARKS, None), None)
    return text[: last.start()] if last else text


def _not_a_feed(text: str, media_type: str) -> NotAFeed:
    """What a document is instead, in words an operator understands."""
    if not text.strip():
        return EmptyBody(f"an empty body {_WANTED}")
    came = _what_came(text, media_type)
    kind = HtmlPage if came.startswith(_PAGE) else NotAFeed
    return kind(f"{came} {_WANTED}")


def _what_came(text: str, media_type: str) -> str:
    root = _ROOT.search(text)
    name = root.group(1).lower() if root else ""
    title = _PAGE_TITLE.search(text)
    shown = clean_title(title.group(1))[:_SHOWN_TITLE] if title else ""
    if name in _PAGE_ROOTS or "<html" in text[:2000].lower():
        return f"{_PAGE} titled '{shown}'" if shown else f"{_PAGE} without a title"
    if name:
        return f"an XML document <{name[:_SHOWN_TITLE]}>"
    kind = f" ({media_type[:_SHOWN_TITLE]})" if media_type else ""
    return f"plain text{kind} beginning '{clean_title(text[:200])[:_SHOWN_TITLE]}'"
