"""Stories by what an editor has of them."""

from __future__ import annotations

from aggregator.domain.errors import Ambiguous, NotFound
from aggregator.domain.stories import Story
from aggregator.read.links.addresses import canonical_url, is_web
from aggregator.services.desk import Desk

NAMED = 20
"""Stories that are named where several answer."""


def find_all(desk: Desk, words: str, most: int) -> tuple[list[Story], int]:
    """The stories that a link, a title, a part of a title or an id names, newest day first, ``most`` at
    most; and how many there are."""
    is_link = is_web(words)
    found = desk.store.find_story_ids(words, in_titles=not is_link)
    if not found and is_link:
        found = desk.store.find_story_ids(canonical_url(words), in_titles=False)
    return desk.store.stories(ids=found[:most]), len(found)


def find_one(desk: Desk, words: str) -> Story:
    """The one story that a link, a title, a part of a title or an id names.

    Raises NotFound, or Ambiguous with the titles that answer to the words, NAMED at most.
    """
    found, count = find_all(desk, words, NAMED)
    if not found:
        raise NotFound(
            f"no stored story answers to {words!r} (a link, a title or part of it, an id);"
            " aggregator why says what is known of it"
        )
    if count > 1:
        titles = tuple(story.primary.item.title for story in found)
        named = [f"{story.primary.item.title} (id {story.public_id})" for story in found]
        more = f"; and {count - NAMED} more" if count > NAMED else ""
        hint = "; aggregator stories lists all" if more else ""
        raise Ambiguous(
            f"{count} stories answer to {words!r}: {'; '.join(named)}{more} (give the whole"
            f" title, the link or the id{hint})",
            candidates=titles,
        )
    return found[0]
