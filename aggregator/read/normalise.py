"""Entries made items: comparable, dated, in plain text, with a hash of what a reader sees."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from aggregator.domain.feeds import Carries, Feed, Issuer
from aggregator.domain.items import Entry, EventFacts, Item, ParsedFeed, Person, When
from aggregator.read.dates import parse_when
from aggregator.read.events import parse_event
from aggregator.read.identity import Identified, disambiguate, entry_key
from aggregator.read.links import canonical_url
from aggregator.read.people import parse_author, split_authors
from aggregator.text.clean import (
    clean_html,
    clean_title,
    first_paragraph,
    is_boilerplate,
    is_cut_off,
    plain_text,
    xml_safe,
)

HASH_VERSION = "2"
"""Goes up when the hash is made of something else, so that old revisions are told from new ones."""

_PLACEHOLDERS = frozenset({"not support", "not supported"})
"""Titles of the single entry that boards print whose feed is switched off."""

_DATE_FIELDS = (
    "regdate", "reg_date", "regdt", "reg_dt", "writedate", "write_date", "pubdate", "pub_date",
    "date", "createdate", "registdate", "approvedate", "등록일", "작성일",
)  # fmt: skip
_LEAST_LEAD = 40
"""Characters; a description shorter than this gives way to the first paragraph of the full text."""

_NAME_PARTS = re.compile(r"\s*[,;/|>·()]\s*")


def normalise(
    entry: Entry, feed: Feed, *, issuer: Callable[[str], str | None], base_url: str
) -> Item:
    """The item that one entry is, by itself.

    ``issuer`` maps a name as a portal prints it to the id of a body, or None; it is asked where
    ``feed.issuer`` says so, and ``feed.body`` stands where it knows none. ``base_url`` resolves the
    links of the content. Entries of one document may share a key: see ``read_items``.
    """
    candidate = _candidate(entry, feed)
    key = entry_key(entry, candidate.canonical, candidate.when, feed.identity)
    return _item(candidate, key, feed, issuer=issuer, base_url=base_url)


def read_items(
    parsed: ParsedFeed, feed: Feed, *, issuer: Callable[[str], str | None], base_url: str
) -> tuple[list[Item], list[str]]:
    """The items of a document in its order, with the warnings of the reading.

    Of entries that are the same one (equal key) the first wins; one without headline and link is
    left out (``empty-entries``). Added warnings: ``duplicate-entries``, ``placeholder-entry`` (a board whose feed is switched off),
    ``undated-entries``, ``entries-without-link``.
    """
    warnings = list(parsed.warnings)
    entries = [entry for entry in parsed.entries if not _is_placeholder(entry)]
    if len(entries) < len(parsed.entries):
        warnings.append("placeholder-entry")
    candidates = [_candidate(entry, feed) for entry in entries]
    items: dict[str, Item] = {}
    for candidate, key in zip(candidates, disambiguate(candidates, feed.identity), strict=True):
        if key in items:
            warnings.append("duplicate-entries")
            continue
        item = _item(candidate, key, feed, issuer=issuer, base_url=base_url)
        if not item.title and not item.link:
            warnings.append("empty-entries")
            continue
        items[key] = item
    if any(item.published is None for item in items.values()):
        warnings.append("undated-entries")
    if any(not item.link for item in items.values()):
        warnings.append("entries-without-link")
    return list(items.values()), list(dict.fromkeys(warnings))


def _candidate(entry: Entry, feed: Feed) -> Identified:
    return Identified(
        entry=entry,
        canonical=canonical_url(entry.link) if entry.link else "",
        when=_published(entry, ZoneInfo(feed.timezone)),
    )


def _item(
    candidate: Identified,
    key: str,
    feed: Feed,
    *,
    issuer: Callable[[str], str | None],
    base_url: str,
) -> Item:
    entry = candidate.entry
    zone = ZoneInfo(feed.timezone)
    title = clean_title(entry.title)
    body, byline = _body(entry, feed, issuer)
    authors = _authors(entry, byline)
    event = parse_event(entry, zone) if feed.carries is Carries.EVENT else None
    summary = _summary(entry, title)
    content = _content(entry, entry.link or base_url)
    told = (body, feed.language)
    return Item(
        feed_id=feed.id,
        key=key,
        guid=entry.guid,
        link=entry.link,
        canonical_url=candidate.canonical,
        title=title or summary[:80],
        summary=summary,
        content=content,
        body=body,
        language=feed.language,
        published=candidate.when,
        updated=parse_when(entry.updated, zone=zone) if entry.updated else None,
        authors=authors,
        thumbnail=entry.thumbnail,
        event=event,
        enclosures=entry.enclosures,
        hash=_hash(candidate, title, summary, content, authors, event=event, told=told),
        raw=_raw(entry),
    )


def _published(entry: Entry, zone: ZoneInfo) -> When | None:
    """The date of an entry: its own, else that of its last change, else a field of the board's."""
    fields = {name.lower(): value for name, value in entry.fields.items()}
    raws = (entry.published, entry.updated, *(fields.get(name, "") for name in _DATE_FIELDS))
    return next((when for raw in raws if raw and (when := parse_when(raw, zone=zone))), None)


def _summary(entry: Entry, title: str) -> str:
    lead = first_paragraph(entry.summary, title=title)
    if len(lead) >= _LEAST_LEAD and not is_cut_off(lead):
        return lead
    return (first_paragraph(entry.content, title=title) if entry.content else "") or lead


def _content(entry: Entry, base_url: str) -> str:
    """Sanitised HTML of the fuller text that says something, or ""."""
    for markup in (entry.content, entry.summary):
        if markup and not is_boilerplate(plain_text(markup)):
            return clean_html(markup, base_url)
    return ""


def _body(
    entry: Entry, feed: Feed, issuer: Callable[[str], str | None]
) -> tuple[str, frozenset[str]]:
    """The issuing body's id, and the author strings that named it and so are no persons."""
    names: tuple[str, ...] = ()
    if feed.issuer is Issuer.AUTHOR:
        names = entry.authors
    elif feed.issuer is Issuer.CATEGORY:
        names = entry.categories
    for raw in names:
        name = clean_title(raw)
        parts = [part for part in _NAME_PARTS.split(name) if part]
        words = name.split()
        for spelling in dict.fromkeys([name, *parts, *words[:1]]):
            if not spelling.isdigit() and (body := issuer(spelling)):
                return body, frozenset({raw})
    return feed.body, frozenset()


def _authors(entry: Entry, byline: frozenset[str]) -> tuple[Person, ...]:
    people = (
        parse_author(part)
        for raw in entry.authors
        if raw not in byline
        for part in split_authors(raw)
    )
    return tuple(dict.fromkeys(person for person in people if person.name))


def _is_placeholder(entry: Entry) -> bool:
    return clean_title(entry.title).casefold().rstrip(".! ") in _PLACEHOLDERS


def _raw(entry: Entry) -> dict[str, str]:
    """The entry's own words, by name; what it has several of is one string, line by line."""
    words = {
        "guid": entry.guid,
        "link": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "published": entry.published,
        "updated": entry.updated,
        "authors": "\n".join(entry.authors),
        "categories": "\n".join(entry.categories),
        **{f"field:{name}": value for name, value in entry.fields.items()},
    }
    return {name: xml_safe(value) for name, value in words.items() if value}


def _hash(
    candidate: Identified,
    title: str,
    summary: str,
    content: str,
    authors: tuple[Person, ...],
    *,
    event: EventFacts | None,
    told: tuple[str, str],
) -> str:
    """Version and SHA-256 of what a reader sees, with markup and white space out of the way.

    ``told`` are the body and the language that the configuration says: a byline is printed from
    them, so that a corrected configuration renews the item.
    """
    when = candidate.when
    seen: dict[str, object] = {
        "told": list(told),
        "title": title,
        "summary": summary,
        "text": "".join(plain_text(content).split()),
        "link": candidate.canonical,
        "published": [when.at.isoformat(), when.precision.value] if when else None,
        "authors": [[person.name, person.affiliation] for person in authors],
        "enclosures": [canonical_url(each.url) for each in candidate.entry.enclosures],
        "event": None
        if event is None
        else [
            event.name,
            event.starts_on.isoformat(),
            event.ends_on.isoformat(),
            list(event.venues),
            event.subject,
            event.phone,
        ],
    }
    text = json.dumps(seen, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"{HASH_VERSION}:{hashlib.sha256(text.encode('ascii')).hexdigest()}"
