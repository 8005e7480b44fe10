"""RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0 and CDF read into entries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from aggregator.domain.items import Enclosure, Entry, ParsedFeed
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
from aggregator.read.parsing.pictures import images_in, is_picture, thumbnail_in
from aggregator.read.parsing.plain_xml import parse_plainly
from aggregator.read.parsing.raw import mapping_in, rows_in, text_in, value_in
from aggregator.read.parsing.schedule import minutes_to_live, skipped_days, skipped_hours
from aggregator.read.parsing.xml_parser import Parsed, parse
from aggregator.text.clean import clean_title
from aggregator.text.xml_chars import xml_safe

_STANDARD = frozenset(
    {
        "id", "guidislink", "link", "links", "title", "title_detail", "summary", "summary_detail",
        "content", "published", "published_parsed", "updated", "updated_parsed", "created",
        "created_parsed", "author", "author_detail", "authors", "publisher", "publisher_detail",
        "contributors", "tags", "enclosures", "media_pictures", "media_notes", "href", "source",
        "rights", "rights_detail", "comments", "picture", "further", "image", "where", "language",
    }
)  # fmt: skip
_FILMED = ("image/", "audio/", "video/")
_MAX_TITLE = 20_000
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_NOTHING = Entry()
_KNOWN_RELATIONS = frozenset({None, "alternate", "enclosure", "license", "replies"})
_ADDRESS_ATTRIBUTE = re.compile(
    r"""(\s(?:href|src)\s{0,9}=\s{0,9})(["'])([^"'<>]{0,2000})\2""", re.IGNORECASE
)
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")


def read_xml(text: str, *, url: str, quick: bool = True) -> ParsedFeed | None:
    """The feed in a mended document without document type, or None where it is no feed. Unless
    ``quick`` feedparser reads what is plain, too; the result is the same.

    Links are resolved against ``xml:base``, then ``url``, then the channel's own link. Of the
    result ``encoding`` and ``claimed`` are "". Warnings: ``not-well-formed``,
    ``undeclared-prefixes``, ``empty-entries``, ``no-entries``, ``too-many-entries``, ``text-cut``,
    ``parts-cut``. Raises NotAFeed for what the parser cannot read.
    """
    parsed = (parse_plainly(text) if quick else None) or parse(text)
    if not parsed.version:
        return None
    warnings = list(parsed.warnings)
    is_atom = parsed.version.startswith("atom")
    feed = _feed(parsed, url, warnings)
    rows = rows_in(parsed.entries)
    if len(rows) > MAX_ENTRIES:
        warnings.append("too-many-entries")
    base = next((each for each in (url, feed.link, feed.self_url) if is_web(each)), "")
    entries = [_entry(row, base, warnings, is_atom=is_atom) for row in rows[:MAX_ENTRIES]]
    if is_atom:
        # Who wrote an entry without author stands in its source, else in the feed (RFC 4287
        # section 4.2.1).
        entries = [
            entry if entry.authors or entry == _NOTHING else replace(entry, authors=feed.authors)
            for entry in entries
        ]
    warn_of_empty(entries, warnings)
    return replace(feed, entries=tuple(entries), warnings=tuple(warnings))


def _feed(parsed: Parsed, url: str, warnings: list[str]) -> ParsedFeed:
    channel = parsed.channel
    further = mapping_in(value_in(channel, "further"))
    home = _home(channel, url)
    base = absolute(_base(channel), url) or url or (home if is_web(home) else "")
    subtitle = text_in(channel, "subtitle") or text_in(channel, "info") or _spoken(further)
    return ParsedFeed(
        version=parsed.version,
        title=clean_title(text_in(channel, "title")[:_MAX_TITLE]),
        link=home,
        language=text_in(channel, "language").strip()[:35],
        encoding="",
        claimed="",
        entries=(),
        subtitle=cut(subtitle, warnings),
        id=text_in(channel, "id")[:MAX_PART],
        updated=(text_in(channel, "updated") or text_in(channel, "published"))[:MAX_PART],
        authors=first(_authors(channel), warnings),
        categories=first(_categories(channel), warnings),
        image=_feed_image(channel, base),
        rights=cut(_rights(channel), warnings),
        generator=_generator(channel)[:MAX_PART],
        self_url=_linked(channel, "self", url or home),
        hub_url=_linked(channel, "hub", url or home),
        minutes_to_live=minutes_to_live(channel),
        skip_hours=skipped_hours(channel),
        skip_days=skipped_days(channel),
    )


def _home(channel: Mapping[str, Any], url: str) -> str:
    link = text_in(channel, "link")
    if not link or link == text_in(channel, "id"):
        # The parser takes an id for the link of a feed that has none.
        link = next((href for href in _alternates(channel) if href), link)
    return _address(link, url)


def _alternates(row: Mapping[str, Any]) -> list[str]:
    """The addresses under which a feed or an entry says that it is read."""
    return [text_in(each, "href") for each in rows_in(value_in(row, "links"))
            if value_in(each, "rel") in {None, "alternate"}]  # fmt: skip


def _feed_image(channel: Mapping[str, Any], base: str) -> str:
    image = mapping_in(value_in(channel, "image"))
    further = mapping_in(value_in(channel, "further"))
    candidates = [
        text_in(image, "href"),
        text_in(channel, "logo"),
        text_in(further, "itunes_image_href"),
        text_in(further, "itunes_image_url"),
        *(text_in(each, "url") for each in rows_in(value_in(channel, "media_pictures"))),
        text_in(channel, "icon"),
        text_in(further, "logo"),
        text_in(further, "icon"),
        text_in(channel, "picture"),
    ]
    return next((link for each in candidates if (link := _address(each, base))), "")


def _generator(channel: Mapping[str, Any]) -> str:
    detail = mapping_in(value_in(channel, "generator_detail"))
    return text_in(channel, "generator") or text_in(detail, "name") or text_in(detail, "href")


def _linked(channel: Mapping[str, Any], rel: str, base: str) -> str:
    hrefs = (
        text_in(each, "href")
        for each in rows_in(value_in(channel, "links"))
        if value_in(each, "rel") == rel
    )
    return next((link for href in hrefs if (link := absolute(href, base))), "")


def _entry(row: Mapping[str, Any], url: str, warnings: list[str], *, is_atom: bool) -> Entry:
    base = absolute(_base(row), url) or url
    guid = text_in(row, "id") or text_in(mapping_in(value_in(row, "further")), "dc_identifier")
    published, updated = _dates(row, is_atom=is_atom)
    summary, content = _texts(row, url)
    notes = mapping_in(value_in(row, "media_notes"))
    images = first(images_in(row, base), warnings)
    title = text_in(row, "title") or text_in(mapping_in(value_in(row, "further")), "itunes_title")
    title = title or _told_in(notes, "title")
    return Entry(
        guid=guid[:_MAX_TITLE],
        link=_link(row, guid, url, base),
        title=cut(title, warnings),
        summary=cut(summary, warnings),
        content=cut(content, warnings),
        published=published[:MAX_PART],
        updated=updated[:MAX_PART],
        authors=first(_authors(row), warnings),
        categories=first(_categories(row), warnings),
        enclosures=first(_enclosures(row, url if is_atom else base), warnings),
        thumbnail=thumbnail_in(row, base) or (images[0].url if images else ""),
        images=images,
        rights=cut(_rights(row), warnings),
        comments=_comments(row, url),
        source=text_in(mapping_in(value_in(row, "source")), "title")[:MAX_PART],
        fields=fields_of(_fields(row)),
    )


def _comments(row: Mapping[str, Any], url: str) -> str:
    told_of = text_in(mapping_in(value_in(row, "further")), "comments")
    pages = [each for each in rows_in(value_in(row, "links")) if text_in(each, "type") in _PAGES]
    return _address(told_of, url) or _linked({"links": pages}, "replies", url)


def _address(link: str, base: str) -> str:
    """The whole address; where nothing is known to resolve it against, a relative one as it is."""
    whole = absolute(link, base)
    if whole or base or _HAS_SCHEME.match(link.strip()):
        return whole
    return "" if link.startswith("#") else " ".join(link.split())[:MAX_PART]


def _link(row: Mapping[str, Any], guid: str, url: str, base: str) -> str:
    # What a service that counts readers put in place of the true address.
    if is_web(true := text_in(mapping_in(value_in(row, "further")), "feedburner_origlink")):
        return absolute(true, base)
    link = text_in(row, "link")
    hrefs = _alternates(row)
    # The parser offers an id as link where an entry has no link of its own.
    if not link or (link == guid and link not in hrefs):
        own = next((href for href in hrefs if href), "")
        link = own or (link if is_web(link) or link.startswith("/") else "")
    return _address(link, url) or _other_link(row, base)


def _other_link(row: Mapping[str, Any], base: str) -> str:
    """What an entry without link leads to: an address it has elsewhere, or the file it brings."""
    told = (
        text_in(mapping_in(value_in(row, "further")), "url"),
        *(text_in(each, "src") for each in rows_in(value_in(row, "content"))),
    )
    return next((link for each in told if (link := absolute(each, base))), "") or _linked(
        row, "enclosure", base
    )


def _dates(row: Mapping[str, Any], *, is_atom: bool) -> tuple[str, str]:
    published = text_in(row, "published") or text_in(row, "created")
    updated = text_in(row, "updated")
    if not published and not is_atom:
        # In RSS this is dc:date, the day of publication, which the parser files under "updated".
        return updated, ""
    return published, updated


def _texts(row: Mapping[str, Any], url: str) -> tuple[str, str]:
    """Summary and content; the parser copies one to the other where only one was there."""
    contents = [
        value
        for each in rows_in(value_in(row, "content"))
        if (value := _based(text_in(each, "value"), each, url))
        and not text_in(each, "type").startswith(_FILMED)
    ]
    summary = _based(text_in(row, "summary"), mapping_in(value_in(row, "summary_detail")), url)
    content = max(contents, key=len) if contents else ""
    if content and text_in(row, "summary") in {
        text_in(each, "value") for each in rows_in(value_in(row, "content"))
    }:
        others = [value for value in contents if value != content]
        summary = others[0] if others else ""
    if not summary and not content:
        notes = mapping_in(value_in(row, "media_notes"))
        summary = _spoken(mapping_in(value_in(row, "further"))) or _told_in(notes, "description")
    return summary, content


def _based(markup: str, detail: Mapping[str, Any], url: str) -> str:
    """Markup whose relative addresses are resolved, where an xml:base says against what."""
    told = text_in(detail, "base")
    base = absolute(told, url) if told else ""
    if not base or "=" not in markup:
        return markup

    def resolved(match: re.Match[str]) -> str:
        address = html.unescape(match[3])
        if not address.strip() or address.startswith("#") or _HAS_SCHEME.match(address.strip()):
            return match[0]
        whole = absolute(address, base)
        return f"{match[1]}{match[2]}{html.escape(whole)}{match[2]}" if whole else match[0]

    return _ADDRESS_ATTRIBUTE.sub(resolved, markup)


def _spoken(further: Mapping[str, Any]) -> str:
    """What a podcast says of itself."""
    return text_in(further, "itunes_summary") or text_in(further, "itunes_subtitle")


def _told_in(notes: Mapping[str, Any], name: str) -> str:
    return xml_safe(str(notes.get(name) or notes.get(f"inner_{name}") or ""))


def _rights(row: Mapping[str, Any]) -> str:
    links = (
        text_in(each, "href")
        for each in rows_in(value_in(row, "links"))
        if value_in(each, "rel") == "license"
    )
    return text_in(row, "rights") or next((link for link in links if link), "")


def _authors(row: Mapping[str, Any]) -> Iterator[str]:
    """Names, else mail addresses; where there is no author, who published it or its source."""
    named = False
    for author in distinct(_name(each) for each in rows_in(value_in(row, "authors"))):
        named = True
        yield author
    if not named:
        others = chain(
            (text_in(row, key) for key in ("author", "publisher")),
            (_name(mapping_in(value_in(row, "publisher_detail"))),),
            _authors(mapping_in(row["source"])) if row.get("source") else (),
        )
        yield from islice(distinct(others), 1)


def _name(person: Mapping[str, Any]) -> str:
    name = text_in(person, "name")
    mail = text_in(person, "email").removeprefix("mailto:")
    return mail if mail and is_web(name) else name or mail


def _categories(row: Mapping[str, Any]) -> Iterator[str]:
    """The labels; a term besides where it says something else."""
    return distinct(
        chain.from_iterable(
            (text_in(tag, "label").strip(), text_in(tag, "term").strip())
            for tag in rows_in(value_in(row, "tags"))
        )
    )


def _enclosures(row: Mapping[str, Any], base: str) -> Iterator[Enclosure]:
    """Attached files, and films and sounds of media elements; pictures of those are images."""
    return each_once(_offered_files(row, base))


def _offered_files(row: Mapping[str, Any], base: str) -> Iterator[Enclosure]:
    for link in [*rows_in(value_in(row, "links")), *rows_in(value_in(row, "media_pictures"))]:
        if value_in(link, "rel") == "enclosure":
            href = absolute(text_in(link, "href"), base)
        elif "element" in link and not is_picture(link):
            href = absolute(text_in(link, "url"), base)
        else:
            continue
        yield Enclosure(
            url=href,
            media_type=text_in(link, "type")[:MAX_PART],
            length=number_of(text_in(link, "length") or text_in(link, "filesize")),
        )


def _language(row: Mapping[str, Any]) -> str:
    """What an entry is in by its own word (dc:language) or by the xml:lang in force."""
    details = chain(
        (mapping_in(value_in(row, "title_detail")),),
        rows_in(value_in(row, "content")),
        (mapping_in(value_in(row, "summary_detail")),),
    )
    told = (text_in(row, "language"), *(text_in(each, "language") for each in details))
    return next((language for language in told if language), "").replace("_", "-")


def _fields(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Elements the feed has besides the standard ones; attributes as ``element_attribute``."""
    yield "language", _language(row)
    for key, value in mapping_in(value_in(row, "further")).items():
        if key not in {"comments", "dc_identifier"}:
            yield str(key), str(value)
    for link in rows_in(value_in(row, "links")):
        if value_in(link, "rel") not in _KNOWN_RELATIONS:
            yield f"link_{link.get('rel')}", text_in(link, "href")
    source = mapping_in(value_in(row, "source"))
    for part in (source, mapping_in(value_in(source, "further"))):
        yield from ((f"source_{name}", text_in(part, name)) for name in part if name != "title")
    yield from (("contributor", _name(each)) for each in rows_in(value_in(row, "contributors")))
    place = mapping_in(value_in(row, "where"))
    if isinstance(spot := place.get("coordinates"), tuple) and place.get("type") == "Point":
        # The parser turns the two around: the feed has the latitude first.
        yield "georss_point", " ".join(str(number) for number in spot[1::-1])
    yield from _other_fields(row)


def _other_fields(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the parser knows and an entry has no place for."""
    # Plain access, because the parser's own mapping has answers for keys that it does not hold.
    for key, value in dict.items(row) if isinstance(row, dict) else ():
        if key in _STANDARD or key.endswith(("_parsed", "_detail")):
            continue
        if isinstance(value, str):
            yield str(key), value
        elif isinstance(value, Mapping):
            pairs = ((name, text) for name, text in value.items() if isinstance(text, str))
            yield from ((f"{key}_{name}", text) for name, text in pairs)


def _base(row: Mapping[str, Any]) -> str:
    """The xml:base in force, as the parser joined it."""
    details = chain(
        (mapping_in(row.get(key)) for key in ("title_detail", "summary_detail", "subtitle_detail")),
        rows_in(value_in(row, "content")),
    )
    return next((base for detail in details if (base := text_in(detail, "base"))), "")
