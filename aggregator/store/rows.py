"""Records as rows and rows as records; nothing here runs a statement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import RowMapping

from aggregator.domain.issues import (
    Edit,
    Issue,
    IssueStatus,
    Origin,
    Pick,
    PickField,
    PickState,
    PickText,
    Window,
)
from aggregator.domain.items import (
    SEOUL,
    Attachment,
    Enclosure,
    EventFacts,
    Image,
    Item,
    Person,
    Precision,
    StoredItem,
    When,
)
from aggregator.domain.stories import Membership, Placement, Verdict
from aggregator.ports.refreshing import KnownItem
from aggregator.store.types import storable
from aggregator.text.fold import squash

BATCH = 1000
"""How many values one statement names at most."""

_KEY_LENGTH = 200
_HEAD_LENGTH = 60

Values = dict[str, Any]
T = TypeVar("T")


def batches(values: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The distinct values in the order they come, in lists of at most ``size``."""
    rest = iter(dict.fromkeys(values))
    while batch := list(islice(rest, size)):
        yield batch


def fields_of(record: Any) -> Values:  # noqa: ANN401 - any record
    """The fields of a record by name, as they are: what ``asdict`` copies costs more than the row."""
    return {name: getattr(record, name) for name in _names_of(record.__class__)}


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def bounded(key: str) -> str:
    """A key of at most 200 characters: itself, or its beginning with a digest of the whole."""
    text = storable(key)
    if len(text) <= _KEY_LENGTH:
        return text
    return f"{text[:100]}#{hashlib.sha256(text.encode()).hexdigest()}"


def title_head(title: str) -> str:
    """The beginning of a title by which items are looked up: at most 60 letters and digits."""
    return squash(storable(title))[:_HEAD_LENGTH]


def item_values(item: Item, first_seen_at: datetime) -> Values:
    """What an item's row takes from its source. Its day is the printed day, or where that is
    unknown the day it was first seen, in Asia/Seoul."""
    return {
        "guid": item.guid,
        "link": item.link,
        "canonical_url": item.canonical_url,
        "title": item.title,
        "squashed_title": squash(storable(item.title)),
        "title_head": title_head(item.title),
        "summary": item.summary,
        "content": item.content,
        "body": item.body,
        "language": item.language,
        **_when_values("published", item.published),
        "published_clamped": bool(item.published and item.published.clamped),
        "embargo_until": item.embargo_until,
        **_when_values("updated", item.updated),
        "day": item.published.day if item.published else first_seen_at.astimezone(SEOUL).date(),
        "authors": [asdict(person) for person in item.authors],
        "thumbnail": item.thumbnail,
        "event": _event_values(item.event),
        "enclosures": [asdict(enclosure) for enclosure in item.enclosures],
        "attachments": [asdict(attachment) for attachment in item.attachments],
        "images": [asdict(image) for image in item.images],
        "licence": item.licence,
        "hash": item.hash,
    }


def revision_values(item: Item, item_id: int, rev: int, seen_at: datetime) -> Values:
    """A revision's row, with the entry's own text."""
    return {
        "item_id": item_id,
        "rev": rev,
        "seen_at": seen_at,
        "hash": item.hash,
        "link": item.link,
        "title": item.title,
        "summary": item.summary,
        "content": item.content,
        "raw": dict(item.raw),
        "facts": _facts_values(item),
    }


def _facts_values(item: Item) -> Values:
    """What a revision says beside its texts. A date that is not believed is none."""
    event = item.event
    told = (
        ""
        if event is None
        else " ".join(
            (
                event.name,
                f"{event.starts_on.isoformat()}~{event.ends_on.isoformat()}",
                *event.venues,
                event.subject,
                event.phone,
            )
        )
    )
    return {
        "day": item.published.day.isoformat()
        if item.published and not item.published.clamped
        else "",
        "files": [each.name for each in item.attachments if "." in each.name],
        "event": " ".join(told.split()),
        "authors": ", ".join(
            f"{person.name} {person.affiliation}".strip() for person in item.authors
        ),
    }


def stored_item_of(row: RowMapping) -> StoredItem:
    """An item as kept, from the columns of ``items.select_items``; what was not read is empty."""
    return StoredItem(
        id=row["id"],
        item=_item_of(row),
        rev=row["rev"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        changed_at=row["changed_at"],
        story_id=row["story_id"],
    )


def known_of(row: RowMapping, key: str) -> KnownItem:
    """What a refresh asks about an item, under ``key``."""
    return KnownItem(
        id=row["id"],
        key=key,
        hash=row["hash"],
        rev=row["rev"],
        guid=row["guid"],
        link=row["link"],
        canonical_url=row["canonical_url"],
        title=row["title"],
        summary=row["summary"],
        published=published_of(row),
    )


def published_of(row: RowMapping) -> When | None:
    """The date of an item, None where it has none."""
    when = _when_of(row, "published")
    return replace(when, clamped=True) if when and row["published_clamped"] else when


def membership_of(row: RowMapping) -> Membership:
    """Why an item is in its story; without figures where they were not read."""
    return Membership(
        item_id=row["item_id"],
        rule=row["rule"],
        with_item=row["with_item"],
        detail=row.get("detail", {}),
    )


def verdict_of(row: RowMapping) -> Verdict:
    """An editor's verdict."""
    return Verdict(**row)


def placement_of(row: RowMapping) -> Placement | None:
    """The placement in a story's row, None where it has none; without trace where it was not
    read."""
    if row["ruleset"] is None:
        return None
    return Placement(
        section=row["section"],
        score=row["score"],
        ruleset=row["ruleset"],
        trace=row.get("trace", {}),
    )


def issue_of(row: RowMapping) -> Issue:
    """An issue."""
    return Issue(
        id=row["id"],
        series=row["series"],
        window=Window(start=row["window_start_on"], end=row["window_end_on"]),
        issue_on=row["issue_on"],
        status=IssueStatus(row["status"]),
        opened_at=row["opened_at"],
        number=row["number"],
        proposed_at=row["proposed_at"],
        published_at=row["published_at"],
        review=row["review"],
        snapshot=row["snapshot"],
        version=row["version"],
    )


def pick_values(pick: Pick, version: int) -> Values:
    """A pick's row, without its texts."""
    return {
        "issue_id": pick.issue_id,
        "story_id": pick.story_id,
        "section": pick.section,
        "state": pick.state.value,
        "origin": pick.origin.value,
        "why": pick.why,
        "position": pick.position,
        "version": version,
    }


def text_values(pick: Pick, pick_id: int) -> list[Values]:
    """The rows of a pick's texts."""
    return [
        {
            "pick_id": pick_id,
            "language": text.language,
            "field": text.field.value,
            "place": place,
            "text": text.text,
            "origin": text.origin.value,
            "source_text": text.of,
            "source_rev": text.source_rev,
            "fuzzy": text.fuzzy,
        }
        for place, text in enumerate(pick.texts)
    ]


def pick_of(row: RowMapping, texts: Sequence[RowMapping]) -> Pick:
    """A pick with its texts."""
    return Pick(
        issue_id=row["issue_id"],
        story_id=row["story_id"],
        section=row["section"],
        state=PickState(row["state"]),
        origin=Origin(row["origin"]),
        why=row["why"],
        position=row["position"],
        texts=tuple(_text_of(text) for text in texts),
        version=row["version"],
        source_rev=row["source_rev"] or 0,
    )


def edit_of(row: RowMapping) -> Edit:
    """A line of the log."""
    return Edit(**{name: value for name, value in row.items() if name != "id"})


def _item_of(row: RowMapping) -> Item:
    return Item(
        feed_id=row["feed_id"],
        key=row["entry_key"],
        guid=row["guid"],
        link=row["link"],
        canonical_url=row["canonical_url"],
        title=row["title"],
        summary=row["summary"],
        content=row.get("content", ""),
        body=row["body"],
        language=row["language"],
        published=published_of(row),
        updated=_when_of(row, "updated"),
        authors=tuple(Person(**person) for person in row["authors"]),
        thumbnail=row["thumbnail"],
        event=event_of(row["event"]),
        enclosures=tuple(Enclosure(**enclosure) for enclosure in row["enclosures"]),
        attachments=tuple(Attachment(**attachment) for attachment in row["attachments"]),
        images=tuple(Image(**image) for image in row["images"]),
        licence=row["licence"],
        embargo_until=row["embargo_until"],
        hash=row["hash"],
        raw=row.get("raw", {}),
    )


def _text_of(row: RowMapping) -> PickText:
    return PickText(
        language=row["language"],
        field=PickField(row["field"]),
        text=row["text"],
        origin=Origin(row["origin"]),
        of=row["source_text"],
        source_rev=row["source_rev"],
        fuzzy=row["fuzzy"],
    )


def _when_values(name: str, when: When | None) -> Values:
    return {
        f"{name}_at": when.at if when else None,
        f"{name}_precision": when.precision.value if when else None,
    }


def _when_of(row: RowMapping, name: str) -> When | None:
    at = row[f"{name}_at"]
    return When(at=at, precision=Precision(row[f"{name}_precision"])) if at else None


def _event_values(event: EventFacts | None) -> Values | None:
    if event is None:
        return None
    days = {"starts_on": event.starts_on.isoformat(), "ends_on": event.ends_on.isoformat()}
    return asdict(event) | {"venues": list(event.venues)} | days


def event_of(values: Values | None) -> EventFacts | None:
    """The facts of an event as they stand in a row."""
    if values is None:
        return None
    return EventFacts(
        name=values["name"],
        starts_on=date.fromisoformat(values["starts_on"]),
        ends_on=date.fromisoformat(values["ends_on"]),
        venues=tuple(values["venues"]),
        subject=values["subject"],
        phone=values["phone"],
    )
