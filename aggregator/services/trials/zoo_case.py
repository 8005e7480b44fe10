"""A case for the zoo of test documents, made of one that a server sent: what the program reads of it
today, for a person to correct where that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import SEOUL, Item, Precision, When
from aggregator.ports.reading import Document, Inspected
from aggregator.services.trials.capture import CapturedDocument

MOST_ENTRIES = 20
"""Entries that a case expects; it says that there are others."""

_TODO = "TODO: "
_USUAL_ZONE = "Asia/Seoul"


def case_of(
    document: CapturedDocument,
    file: str,
    feed: Feed,
    seen_at: datetime,
    read: Callable[[Document], Inspected],
) -> str:
    """The case as JSON, in the form of ``tests/zoo``: its document is beside it in ``file``.

    It holds, so that it can be corrected claim by claim; what a person must say begins with TODO.
    Only the zone and the charset of ``feed`` count, as in every case.
    """
    settings = {"now": seen_at.astimezone(SEOUL).isoformat(timespec="seconds")}
    if feed.timezone != _USUAL_ZONE:
        settings["timezone"] = feed.timezone
    if feed.encoding:
        settings["encoding"] = feed.encoding
    case: dict[str, Any] = {
        "claim": f"{_TODO}what is right about {file}, in one sentence.",
        "quirk": f"{_TODO}the oddity by name",
        "kind": "markup",
        "input": file,
        "http": {"content-type": _content_type(document), "url": document.url},
        "settings": settings,
    }
    case |= _expected(document, feed, seen_at, read)
    case |= {
        "remedy": None,
        "why_no_remedy": f"{_TODO}name the function without which this fails as remedy",
    }
    return json.dumps(case, ensure_ascii=False, indent=2) + "\n"


def _content_type(document: CapturedDocument) -> str:
    charset = f"; charset={document.charset}" if document.charset else ""
    return f"{document.media_type or 'application/octet-stream'}{charset}"


def _expected(
    document: CapturedDocument,
    feed: Feed,
    seen_at: datetime,
    read: Callable[[Document], Inspected],
) -> dict[str, Any]:
    reader = Feed(
        id="zoo",
        url=document.url,
        title="Zoo",
        body="zoo",
        timezone=feed.timezone,
        encoding=feed.encoding,
    )
    try:
        found = read(
            Document(
                body=document.body,
                feed=reader,
                now=seen_at.replace(microsecond=0),
                charset=document.charset,
                media_type=document.media_type or "application/octet-stream",
                url=document.url,
            )
        )
    except ReadError:
        return {"refused": True}
    expected: dict[str, Any] = {
        "feed": {"title": found.parsed.title},
        "entries": [_entry(item) for item in found.items[:MOST_ENTRIES]],
    }
    if len(found.items) > MOST_ENTRIES:
        expected["others"] = True
    return expected | {"warnings": list(found.warnings)}


def _entry(item: Item) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "title": item.title,
        "link": item.link,
        "id": item.guid,
        "summary": item.summary,
        **_date(item.published),
    }
    if item.updated:
        entry["updated"] = item.updated.at.astimezone(SEOUL).isoformat()
    told: dict[str, Any] = {
        "authors": [person.name for person in item.authors],
        "enclosures": [each.url for each in item.enclosures],
        "attachments": [
            {"url": each.url, "name": each.name, "kind": each.kind} for each in item.attachments
        ],
        "images": [
            {"url": each.url, "alt": each.alt, "licence": each.licence} for each in item.images
        ],
        "licence": item.licence,
        "embargo_until": item.embargo_until.isoformat() if item.embargo_until else "",
    }
    return entry | {name: value for name, value in told.items() if value}


def _date(when: When | None) -> dict[str, Any]:
    if when is None:
        return {"day": None}
    if when.clamped:
        return {"day": when.day.isoformat(), "clamped": True}
    if when.precision is Precision.DAY:
        return {"day": when.day.isoformat(), "precision": "day"}
    return {"instant": when.at.astimezone(SEOUL).isoformat()}
