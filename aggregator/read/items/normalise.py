"""Entries made items: comparable, dated, in plain text, with a hash of what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.domain.feeds import Carries, Feed, Issuer
from aggregator.domain.items import Entry, Item, ParsedFeed, Person, When
from aggregator.read.dates.embargo import parse_embargo
from aggregator.read.dates.events import parse_event
from aggregator.read.dates.when import not_ahead, parse_when
from aggregator.read.items.attached import attachments_of, images_of
from aggregator.read.items.fingerprint import fingerprint
from aggregator.read.items.identity import Identified, disambiguate, entry_key
from aggregator.read.items.licence import licence_of
from aggregator.read.items.people import parse_author, split_authors
from aggregator.read.links.addresses import canonical_url
from aggregator.text.clean import (
    clean_html,
    clean_title,
    first_paragraph,
    is_boilerplate,
    is_cut_off,
    plain_text,
)
from aggregator.text.xml_chars import xml_safe

_PLACEHOLDERS = frozenset({"not support", "not supported"})
"""Titles of the single entry that boards print whose feed is switched off."""

DATE_FIELDS = (
    "regdate", "reg_date", "regdt", "reg_dt", "writedate", "write_date", "pubdate", "pub_date",
    "date", "createdate", "registdate", "approvedate", "등록일", "작성일",
)  # fmt: skip
"""Elements of boards' own that hold a day, in the order in which they are believed."""

_LEAST_LEAD = 40
"""Characters; a description shorter than this gives way to the first paragraph of the full text."""

_LEAST_SENTENCE = 20
"""The same for one that is a whole sentence: somebody wrote it as the summary."""

_WHOLE_SENTENCE = re.compile(r"\w[.!?][\"'”’)\]]?\Z")

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
    parsed: ParsedFeed,
    feed: Feed,
    *,
    issuer: Callable[[str], str | None],
    base_url: str,
    seen_at: datetime,
) -> tuple[list[Item], list[str]]:
    """The items of a document in its order, with the warnings of the reading.

    Dates too far after ``seen_at`` (aware) are clamped to it (``future-dates``); key and hash are
    made of what the document says and so stay the same at every visit.

    Of entries that are the same one (equal key) the latest by its dates wins, and the first where
    they tell nothing. Added warnings: ``empty-entries`` (one says nothing and is not to be kept), ``duplicate-entries``,
    ``placeholder-entry`` (a board whose feed is switched off), ``undated-entries``,
    ``entries-without-link``.
    """
    warnings = list(parsed.warnings)
    entries = [entry for entry in parsed.entries if not _is_placeholder(entry)]
    if len(entries) < len(parsed.entries):
        warnings.append("placeholder-entry")
    candidates = [_candidate(entry, feed) for entry in entries]
    chosen: dict[str, Identified] = {}
    for candidate, key in zip(candidates, disambiguate(candidates, feed.identity), strict=True):
        if key in chosen:
            warnings.append("duplicate-entries")
            if not _is_later(candidate, chosen[key], feed):
                continue
            del chosen[key]
        chosen[key] = candidate
    items = [
        _clamped(_item(candidate, key, feed, issuer=issuer, base_url=base_url), seen_at)
        for key, candidate in chosen.items()
    ]
    if any(item.says_nothing for item in items):
        warnings.append("empty-entries")
    if any(item.published and item.published.clamped for item in items):
        warnings.append("future-dates")
    if any(item.published is None for item in items):
        warnings.append("undated-entries")
    if any(not item.link for item in items):
        warnings.append("entries-without-link")
    return items, list(dict.fromkeys(warnings))


def _is_later(candidate: Identified, than: Identified, feed: Feed) -> bool:
    """Whether an entry is a later state of the same one, by its last change or else its date."""
    zone = ZoneInfo(feed.timezone)
    mine, other = (
        parse_when(each.entry.updated, zone=zone) or each.when for each in (candidate, than)
    )
    return mine is not None and other is not None and mine.at > other.at


def _clamped(item: Item, seen_at: datetime) -> Item:
    published = not_ahead(item.published, seen_at=seen_at) if item.published else None
    updated = not_ahead(item.updated, seen_at=seen_at) if item.updated else None
    is_clamped = published is not None and published.clamped
    if published is item.published and updated is item.updated and not is_clamped:
        return item
    return replace(
        item,
        published=published,
        updated=updated,
        # It was reckoned from the date that is not believed.
        embargo_until=None if is_clamped else item.embargo_until,
    )


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
    summary = _summary(entry, title)
    item = Item(
        feed_id=feed.id,
        key=key,
        guid=entry.guid,
        link=entry.link,
        canonical_url=candidate.canonical,
        title=title or summary[:80],
        summary=summary,
        content=_content(entry, entry.link or base_url),
        body=body,
        language=feed.language,
        published=candidate.when,
        updated=parse_when(entry.updated, zone=zone) if entry.updated else None,
        authors=_authors(entry, byline),
        thumbnail=entry.thumbnail,
        event=parse_event(entry, zone) if feed.carries is Carries.EVENT else None,
        enclosures=entry.enclosures,
        raw=_raw(entry),
    )
    text = plain_text(item.content)
    item = _with_belongings(item, entry, text, zone=zone, base_url=entry.link or base_url)
    return replace(item, hash=fingerprint(item, text))


def _with_belongings(item: Item, entry: Entry, text: str, *, zone: ZoneInfo, base_url: str) -> Item:
    """The item with what it says about itself: files, pictures, licence, embargo."""
    return replace(
        item,
        attachments=attachments_of(entry, base_url=base_url),
        images=images_of(entry, base_url=base_url),
        licence=licence_of(entry, text),
        embargo_until=parse_embargo(entry, item.title, text, published=item.published, zone=zone),
    )


def _published(entry: Entry, zone: ZoneInfo) -> When | None:
    """The date of an entry: its own, else that of its last change, else a field of the board's."""
    for raw in (entry.published, entry.updated):
        if raw and (when := parse_when(raw, zone=zone)):
            return when
    fields = {name.lower(): value for name, value in entry.fields.items()}
    raws = (fields.get(name, "") for name in DATE_FIELDS)
    return next((when for raw in raws if raw and (when := parse_when(raw, zone=zone))), None)


def _summary(entry: Entry, title: str) -> str:
    lead = first_paragraph(entry.summary, title=title)
    least = _LEAST_SENTENCE if _WHOLE_SENTENCE.search(lead) else _LEAST_LEAD
    if len(lead) >= least and not is_cut_off(lead):
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
