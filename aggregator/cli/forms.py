"""The JSON that leaves the command line; docs/json.md describes every field.

Instants are RFC 3339 with +09:00, days YYYY-MM-DD where only the day is known, null where nothing
is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aggregator.domain.items import SEOUL, Item, Precision, StoredItem, When
from aggregator.domain.stories import Story

if TYPE_CHECKING:
    from aggregator.issue.edition import Picked
    from aggregator.issue.translation import Outstanding
    from aggregator.services.editing.draft import Draft, Tray


def to_json(value: object) -> str:
    """One line of JSON, Korean as it is."""
    return json.dumps(value, ensure_ascii=False)


def counted(count: int, noun: str, nouns: str = "") -> str:
    """A number with its noun: "1 feed", "2 feeds"; ``nouns`` where an s does not make the plural."""
    return f"{count} {noun}" if count == 1 else f"{count} {nouns or f'{noun}s'}"


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in Asia/Seoul, to the second."""
    return at.astimezone(SEOUL).isoformat(timespec="seconds") if at else None


def when(value: When | None) -> str | None:
    """An instant, or the day alone where that is all the source gave."""
    if value is None:
        return None
    return value.day.isoformat() if value.precision is Precision.DAY else instant(value.at)


def item_form(stored: StoredItem) -> dict[str, Any]:
    """A stored item."""
    item = stored.item
    return {
        "feed": item.feed_id,
        **read_form(item),
        "body": item.body or None,
        "language": item.language,
        "revision": stored.rev,
    }


def read_form(item: Item) -> dict[str, Any]:
    """What was read of an entry, stored or not."""
    return {
        "id": item.guid or item.key,
        "key": item.key,
        "title": item.title,
        "link": item.link or None,
        "published": when(item.published),
        "updated": when(item.updated),
        "author": ", ".join(person.name for person in item.authors) or None,
        "summary": item.summary,
        "content": item.content,
    }


def story_form(story: Story) -> dict[str, Any]:
    """A story with its members, the primary one first."""
    from aggregator.issue.edition import day_of

    item = story.primary.item
    day = day_of(story)
    placement = story.placement
    return {
        "id": story.public_id,
        "title": item.title,
        "body": item.body or None,
        "day": day.isoformat() if day else None,
        "section": placement.section if placement else None,
        "score": round(placement.score, 3) if placement else 0.0,
        "members": [
            {"feed": m.item.feed_id, "url": m.item.link or None, "title": m.item.title}
            for m in story.members
        ],
        "related": list(story.related),
    }


def draft_form(draft: Draft) -> dict[str, Any]:
    """The issue in the making, its sections in printed order."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for one in draft.picked:
        sections.setdefault(one.pick.section, []).append(pick_form(one))
    issue = draft.issue
    return {
        "number": draft.number,
        "date": issue.issue_on.isoformat(),
        "status": str(issue.status),
        "window": {"start": issue.window.start.isoformat(), "end": issue.window.end.isoformat()},
        "proposed": instant(issue.proposed_at),
        "review": issue.review,
        "sections": [{"id": name, "items": items} for name, items in sections.items()],
        "late": [tray_form(one) for one in draft.late],
        "waiting": [tray_form(one) for one in draft.waiting],
        "carried": [tray_form(one) for one in draft.carried],
        "dropped": [pick_form(one) for one in draft.dropped],
        "translations": translations_form(draft.translations),
    }


def translations_form(translations: Mapping[str, Outstanding]) -> dict[str, dict[str, int]]:
    """What is still to be translated, by language."""
    return {
        language: {"missing": one.missing, "fuzzy": one.fuzzy}
        for language, one in translations.items()
    }


def pick_form(one: Picked) -> dict[str, Any]:
    """A pick: the story's own form with its place in the issue."""
    form = story_form(one.story)
    return {
        **form,
        "section": one.pick.section,
        "url": one.story.primary.item.link or None,
        "state": str(one.pick.state),
        "origin": str(one.pick.origin),
        "why": one.pick.why,
        "source_changed": one.source_changed,
    }


def tray_form(one: Tray) -> dict[str, Any]:
    """A story that waits, with the reason."""
    form = story_form(one.story)
    return {
        **form,
        "section": one.section,
        "url": one.story.primary.item.link or None,
        "why": one.why,
    }
