"""A member of a story by what an editor has of it."""

from __future__ import annotations

from aggregator.domain.errors import Ambiguous, NotFound
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Story
from aggregator.read.links.addresses import canonical_url, is_web
from aggregator.text.fold import squash


def members_named(story: Story, words: str) -> list[StoredItem]:
    """The members that a link, a title, a feed's id or a part of a title names: the surest kind of
    these that names any, in the order of the story."""
    address = canonical_url(words) if is_web(words) else words
    letters = squash(words)
    for found in (
        [one for one in story.members if words in _names(one)],
        [one for one in story.members if address and address in _names(one)],
        [one for one in story.members if words == one.item.feed_id],
        [one for one in story.members if letters and letters in squash(one.item.title)],
    ):
        if found:
            return found
    return []


def find_member(story: Story, words: str) -> StoredItem:
    """The one member that the words name. Raises NotFound with the members that there are, or
    Ambiguous with those that are named."""
    found = members_named(story, words.strip())
    if len(found) == 1:
        return found[0]
    told = "; ".join(f"{one.item.feed_id} {one.item.link}" for one in found or story.members)
    if not found:
        raise NotFound(f"no member of the story answers to {words!r}; it has {told}")
    raise Ambiguous(
        f"{len(found)} members answer to {words!r}: {told} (give the link)",
        candidates=tuple(one.item.title for one in found),
    )


def _names(member: StoredItem) -> set[str]:
    item = member.item
    return {item.link, item.canonical_url, item.title}
