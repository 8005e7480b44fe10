"""The JSON of one document that was read; docs/json.md describes every field."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.cli.forms import instant, read_form, when
from aggregator.cli.inspection import Checked
from aggregator.domain.feeds import Identity
from aggregator.domain.items import Enclosure, Entry, EventFacts
from aggregator.read.dates.when import parse_when
from aggregator.services.reports.oddities import explained
from aggregator.services.trials.inspect import Reading
from aggregator.text.xml_chars import xml_safe


def document_form(checked: Checked) -> dict[str, Any]:
    """Everything about a document: the feed's own fields, and its items."""
    source, parsed = checked.source, checked.found.parsed
    return {
        "document": source.name,
        "feed": checked.feed.id if checked.configured else None,
        "url": source.url or None,
        "media_type": source.media_type or None,
        "bytes": len(source.body),
        "version": parsed.version,
        "encoding": parsed.encoding,
        "claimed": parsed.claimed or None,
        "header": source.header or None,
        "declaration": checked.declaration or None,
        "title": parsed.title,
        "subtitle": parsed.subtitle or None,
        "link": parsed.link or None,
        "language": parsed.language or None,
        "id": parsed.id or None,
        "updated": {"raw": parsed.updated or None, "instant": when(checked.updated)},
        "authors": list(parsed.authors),
        "categories": list(parsed.categories),
        "image": parsed.image or None,
        "rights": parsed.rights or None,
        "generator": parsed.generator or None,
        "self_url": parsed.self_url or None,
        "hub_url": parsed.hub_url or None,
        "minutes_to_live": parsed.minutes_to_live or None,
        "warnings": list(checked.found.warnings),
        "explained": dict(explained(checked.found.warnings)),
        "entries": [entry_form(one, ZoneInfo(checked.feed.timezone)) for one in parsed.entries],
        "items": [reading_form(one, checked.feed.identity) for one in checked.readings],
    }


def entry_form(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    """An entry as its document has it; dates without a zone are of ``zone``."""
    return {
        "guid": entry.guid or None,
        "link": entry.link or None,
        "title": xml_safe(entry.title) or None,
        "summary": xml_safe(entry.summary) or None,
        "content": xml_safe(entry.content) or None,
        "published": _given_date(entry.published, zone),
        "updated": _given_date(entry.updated, zone),
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "language": entry.fields.get("language"),
        "enclosures": [_file_form(each) for each in entry.enclosures],
        "images": [asdict(each) for each in entry.images],
        "thumbnail": entry.thumbnail or None,
        "comments": entry.comments or None,
        "source": entry.source or None,
        "rights": entry.rights or None,
        "fields": dict(entry.fields),
    }


def _given_date(raw: str, zone: ZoneInfo) -> dict[str, Any]:
    return {"raw": raw or None, "instant": when(parse_when(raw, zone=zone)) if raw else None}


def reading_form(one: Reading, policy: Identity) -> dict[str, Any]:
    """An item with everything that was read of its entry; ``policy`` is its feed's."""
    item, entry = one.item, one.entry
    return {
        "kept": not item.says_nothing,
        **read_form(item),
        "guid": item.guid or None,
        "canonical_url": item.canonical_url or None,
        "identity": {"policy": str(policy), "chosen": str(one.chosen)},
        "date": _date_form(one),
        "authors": [asdict(person) for person in item.authors],
        "categories": list(entry.categories),
        "enclosures": [_file_form(each) for each in item.enclosures],
        "attachments": [asdict(each) for each in item.attachments],
        "images": [asdict(each) for each in item.images],
        "thumbnail": item.thumbnail or None,
        "comments": entry.comments or None,
        "source": entry.source or None,
        "rights": entry.rights or None,
        "licence": item.licence or None,
        "embargo_until": instant(item.embargo_until),
        "event": _event_form(item.event),
        "body": item.body or None,
        "language": item.language,
        "text": str(one.text),
        "raw": _raw(one),
    }


def _date_form(one: Reading) -> dict[str, Any]:
    item = one.item
    return {
        "raw": one.date_raw or None,
        "from": one.date_from or None,
        "precision": str(item.published.precision) if item.published else None,
        "inferred": one.inferred,
        "clamped": item.published is not None and item.published.clamped,
    }


def _file_form(one: Enclosure) -> dict[str, Any]:
    return {"url": one.url, "type": one.media_type or None, "length": one.length or None}


def _event_form(event: EventFacts | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {
        **asdict(event),
        "starts_on": event.starts_on.isoformat(),
        "ends_on": event.ends_on.isoformat(),
    }


def _raw(one: Reading) -> dict[str, str]:
    """The entry's own strings by name; what it has several of is one string, line by line."""
    entry = one.entry
    more = {
        "rights": entry.rights,
        "comments": entry.comments,
        "source": entry.source,
        "thumbnail": entry.thumbnail,
        "enclosures": "\n".join(each.url for each in entry.enclosures),
    }
    return {name: xml_safe(value) for name, value in more.items() if value} | dict(one.item.raw)
