"""Items of a list whose own page was not read yet."""

from __future__ import annotations

from dataclasses import replace

from aggregator.domain.items import Item

_BARE = "-bare"
"""Behind the hash of an item whose own page was not read yet."""


def bare(item: Item) -> Item:
    """The item without its text: under another hash, so that the next visit looks again."""
    return item if item.hash.endswith(_BARE) else replace(item, hash=item.hash + _BARE)
