"""What a store holds of certain feeds, in a form that two stores can be compared by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields, replace
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from aggregator.curate.copies.fold_stories import mint_public_id
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Story
from aggregator.ports.storing import Store
from aggregator.services.curation.curate import SALTS

ItemName: TypeAlias = tuple[str, str]
"""An item outside any store: its feed and its key."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """What counts of an item. ``day`` is the printed one, or that of the first sight."""

    feed: str
    key: str
    hash: str
    title: str
    day: str
    address: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """What counts of a story: its members in order, and the section that the rules chose."""

    public_id: str
    title: str
    members: tuple[ItemName, ...]
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which items are compared: of each feed those that were first seen from an instant on
    (``begins``) up to ``until``, and those of ``again``, which were seen before and came again."""

    begins: Mapping[str, datetime]
    until: datetime
    again: Collection[ItemName] = ()

    def covers(self, stored: StoredItem) -> bool:
        """Whether an item is compared."""
        item = stored.item
        begin = self.begins.get(item.feed_id)
        if begin is None:
            return False
        if (item.feed_id, item.key) in self.again:
            return True
        return begin <= stored.first_seen_at <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Items by feed and key, and the stories that hold one of them, by public id."""

    items: Mapping[ItemName, ItemLine] = field(default_factory=dict)
    stories: Mapping[str, StoryLine] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over all of it in a fixed order: equal for equal stocks, whatever the store."""
        lines: list[object] = [astuple(self.items[name]) for name in sorted(self.items)]
        lines += [
            (one.public_id, one.members, one.section)
            for one in (self.stories[name] for name in sorted(self.stories))
        ]
        found = hashlib.sha256()
        for line in lines:
            found.update(json.dumps(line, ensure_ascii=True).encode() + b"\n")
        return found.hexdigest()


def take_stock(store: Store, scope: Scope) -> Stock:
    """What the store holds of a scope."""
    items: dict[ItemName, ItemLine] = {}
    story_ids: dict[int, None] = {}
    for feed_id in sorted(scope.begins):
        for stored in store.items(feed_id):
            if scope.covers(stored):
                line = _item_line(stored)
                items[line.feed, line.key] = line
                if stored.story_id is not None:
                    story_ids[stored.story_id] = None
    stories = {line.public_id: line for line in map(_story_line, stories_of(store, story_ids))}
    return Stock(items=items, stories=stories)


def digest_of(store: Store, since: datetime, until: datetime, feeds: Collection[str]) -> str:
    """The digest of what these feeds brought first from ``since`` up to ``until``."""
    scope = Scope(begins=dict.fromkeys(feeds, since), until=until)
    return take_stock(store, scope).digest


def with_ids_of(recomputed: Stock, stored: Stock) -> Stock:
    """The recomputed stock, its stories under the public ids that are stored where these are as
    good.

    A story is named after one of its members: which, depends on whether they came together, and two
    processes may visit and fold at one time. Only an id that one of the members makes is taken over,
    and only for a story of the very same members.
    """
    by_members = {one.members: one for one in stored.stories.values()}
    stories = {}
    for line in recomputed.stories.values():
        old = by_members.get(line.members)
        is_named = old is not None and old.public_id in _names_for(line)
        made = replace(line, public_id=old.public_id) if old is not None and is_named else line
        stories[made.public_id] = made
    return replace(recomputed, stories=stories)


def _names_for(line: StoryLine) -> set[str]:
    return {mint_public_id(*name, salt) for name in line.members for salt in range(SALTS)}


def stories_of(store: Store, story_ids: Collection[int]) -> Iterator[Story]:
    """These stories, a few at a time; without traces, and with the text of the primary alone."""
    left = iter(story_ids)
    while some := list(islice(left, _AT_ONCE)):
        yield from store.shown_stories(ids=some)


def differences(stored: Stock, recomputed: Stock) -> Iterator[str]:
    """What differs, each in one plain sentence; items first, in the order of feed and key."""
    for name in sorted(stored.items.keys() | recomputed.items.keys()):
        yield from _item_differences(stored.items.get(name), recomputed.items.get(name))
    for public_id in sorted(stored.stories.keys() | recomputed.stories.keys()):
        yield from _story_differences(
            stored.stories.get(public_id), recomputed.stories.get(public_id)
        )


def _item_differences(old: ItemLine | None, new: ItemLine | None) -> Iterator[str]:
    if old is None and new is not None:
        yield f"{new.feed} {new.key}: the documents bring it, but it is not stored ({new.title!r})"
    elif old is not None and new is None:
        yield f"{old.feed} {old.key}: stored, but no kept document brings it ({old.title!r})"
    elif old is not None and new is not None:
        for each in fields(ItemLine):
            before, after = getattr(old, each.name), getattr(new, each.name)
            if before != after:
                yield (
                    f"{old.feed} {old.key}: {each.name} is {before!r} in the store,"
                    f" {after!r} recomputed"
                )


def _story_differences(old: StoryLine | None, new: StoryLine | None) -> Iterator[str]:
    if old is None and new is not None:
        yield f"story {new.public_id}: recomputed, but not stored ({new.title!r})"
    elif old is not None and new is None:
        yield f"story {old.public_id}: stored, but not recomputed ({old.title!r})"
    elif old is not None and new is not None:
        if old.members != new.members:
            yield (
                f"story {old.public_id} ({old.title!r}): its members are"
                f" {_names(old.members)} in the store, {_names(new.members)} recomputed"
            )
        if old.section != new.section:
            yield (
                f"story {old.public_id} ({old.title!r}): it is in {old.section or 'no section'}"
                f" in the store, in {new.section or 'no section'} recomputed"
            )


def _names(members: tuple[ItemName, ...]) -> str:
    return ", ".join(f"{feed} {key}" for feed, key in members)


def _item_line(stored: StoredItem) -> ItemLine:
    item = stored.item
    return ItemLine(
        feed=item.feed_id,
        key=item.key,
        hash=item.hash,
        title=item.title,
        day=stored.day.isoformat(),
        address=item.canonical_url,
        body=item.body,
    )


def _story_line(story: Story) -> StoryLine:
    section = story.placement.section if story.placement else None
    return StoryLine(
        public_id=story.public_id,
        title=story.primary.item.title,
        members=tuple((one.item.feed_id, one.item.key) for one in story.members),
        section=section or "",
    )
