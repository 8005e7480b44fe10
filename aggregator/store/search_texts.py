"""The texts of stories as they are searched, read from items and picks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, select

from aggregator.domain.issues import PickField
from aggregator.domain.searching import DEEPEST, Found, SearchTexts
from aggregator.store.rows import batches
from aggregator.store.tables import items, memberships, pick_texts, picks
from aggregator.text.clean import plain_text

LONGEST = 20_000
"""Characters of a story that are searched at each depth: what comes behind is not found."""

_KINDS = {PickField.HEADLINE.value: Found.HEADLINE, PickField.BLURB.value: Found.BLURB}
_MEMBERS = (
    select(
        memberships.c.story_id,
        items.c.day,
        items.c.title,
        items.c.summary,
        items.c.content,
        items.c.authors,
        items.c.event,
    )
    .join(items, items.c.id == memberships.c.item_id)
    .order_by(memberships.c.story_id, memberships.c.place)
)
_PICKED = (
    select(picks.c.story_id, pick_texts.c.field, pick_texts.c.text)
    .join(picks, picks.c.id == pick_texts.c.pick_id)
    .order_by(picks.c.story_id, picks.c.id, pick_texts.c.place, pick_texts.c.language)
)


class Searched(NamedTuple):
    """The day of a story, which is that of its primary item, and its texts."""

    day: date
    texts: SearchTexts


def read_searched(connection: Connection, story_ids: Collection[int]) -> dict[int, Searched]:
    """What is searched of these stories; those without members are left out."""
    days: dict[int, date] = {}
    told: defaultdict[int, list[tuple[Found, str]]] = defaultdict(list)
    for batch in batches(story_ids):
        members = connection.execute(_MEMBERS.where(memberships.c.story_id.in_(batch)))
        for row in members.mappings():
            days.setdefault(row["story_id"], row["day"])
            told[row["story_id"]] += _of_item(row)
        for story_id, field, written in connection.execute(
            _PICKED.where(picks.c.story_id.in_(batch))
        ):
            told[story_id].append((_KINDS.get(field, Found.FACTS), written))
    return {one: Searched(day, _each_once(told[one])) for one, day in days.items()}


def _of_item(row: RowMapping) -> Iterator[tuple[Found, str]]:
    yield Found.TITLE, row["title"]
    yield Found.LEAD, row["summary"]
    people = (f"{one['name']} {one['affiliation']}" for one in row["authors"])
    yield Found.FACTS, " · ".join(one.strip() for one in people)
    event = row["event"]
    if event is not None:
        facts = (event["name"], *event["venues"], event["subject"])
        yield Found.FACTS, " · ".join(one for one in facts if one)
    if row["content"]:
        yield Found.BODY, plain_text(row["content"])


def _each_once(told: Iterable[tuple[Found, str]]) -> SearchTexts:
    """The texts by depth, each where it stands highest, LONGEST characters of a depth."""
    room = dict.fromkeys(range(DEEPEST + 1), LONGEST)
    kept: list[tuple[Found, str]] = []
    seen: set[str] = set()
    for kind, text in sorted(told, key=lambda one: one[0].depth):
        shown = text[: room[kind.depth]].strip()
        if shown and shown not in seen:
            seen.add(shown)
            kept.append((kind, shown))
            room[kind.depth] -= len(shown)
    return tuple(kept)
