"""What a reader sees of an item as one hash, to tell a real change from a rewritten document."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from aggregator.domain.items import EventFacts, Item, When
from aggregator.read.items.hash_version import HASH_VERSION
from aggregator.read.links.addresses import canonical_url


def fingerprint(item: Item, text: str) -> str:
    """Version and SHA-256 of what a reader sees, with markup and white space out of the way.

    Body and language count, for a byline is printed from them, so that a corrected configuration
    renews the item. An instant is the same in any zone. ``text`` is the plain text of the content.
    ``item`` must have the date that its source states: a clamped one would give another hash at
    every first sight.
    """
    seen: dict[str, object] = {
        "told": [item.body, item.language],
        "title": item.title,
        "summary": item.summary,
        "text": "".join(text.split()),
        "link": item.canonical_url,
        "published": _told_when(item.published),
        "embargo": _instant(item.embargo_until) if item.embargo_until else None,
        "licence": item.licence,
        "authors": [[person.name, person.affiliation] for person in item.authors],
        "enclosures": [canonical_url(each.url) for each in item.enclosures],
        "attachments": [[canonical_url(each.url), each.name] for each in item.attachments],
        "event": _told_event(item.event),
    }
    written = json.dumps(seen, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"{HASH_VERSION}:{hashlib.sha256(written.encode('ascii')).hexdigest()}"


def _told_when(when: When | None) -> list[str] | None:
    return [_instant(when.at), when.precision.value] if when else None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _told_event(event: EventFacts | None) -> list[object] | None:
    if event is None:
        return None
    return [
        event.name,
        event.starts_on.isoformat(),
        event.ends_on.isoformat(),
        list(event.venues),
        event.subject,
        event.phone,
    ]
