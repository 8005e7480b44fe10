"""Which entries of a document are new, and whether they may be read without the others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from aggregator.domain.items import Item
from aggregator.domain.visits import FeedMemory
from aggregator.ports import Document
from aggregator.read.items.identity import own_guid
from aggregator.read.parsing.pieces import Pieces, without
from aggregator.text.fold import squash

_MOST_FRESH = 0.5
"""The share of new entries up to which a document is read without the others."""

_MOST_MARKS = 12
"""Marks an entry beyond which a document is read whole again, so that those of entries that have
long left it are forgotten."""


def fresh_part(
    document: Document, pieces: Pieces | None, memory: FeedMemory | None, mark: str
) -> Document | None:
    """The document with its new entries alone; None where all of it is to be read, because too
    much is new or too little is known of the last one."""
    if memory is None or pieces is None or memory.reader != mark or not memory.marks:
        return None
    if memory.head != pieces.head:
        # What an entry becomes depends on what stands above it, too: the base of its links, its
        # language, its namespaces.
        return None
    old = set(memory.entries)
    fresh = sum(digest not in old for digest in pieces.entries)
    is_long = len(memory.marks) > _MOST_MARKS * len(pieces.entries)
    if is_long or fresh > _MOST_FRESH * len(pieces.entries):
        return None
    return replace(document, body=without(document.body, pieces, old))


def stands_alone(items: Sequence[Item], memory: FeedMemory) -> bool:
    """Whether none of these items shares a guid, link or headline with the rest of its document or
    with what stood there before. What an item is depends on the others only through these."""
    return set(memory.marks).isdisjoint(_marks(items))


def memory_of(
    mark: str, pieces: Pieces | None, items: Sequence[Item], before: FeedMemory | None
) -> FeedMemory:
    """What is remembered of a document. ``before`` is what was remembered, where only the new
    entries were read; None for a document that was read whole.

    Where entries share a guid, a link or a headline, what each of them is depends on the others,
    also on those that will be gone: then there are no marks, and the next document is read whole.
    """
    if pieces is None:
        # Without pieces nothing is compared, and what was remembered must not be either.
        return FeedMemory(reader="", head="")
    told = _marks(items)
    fresh = len(pieces.entries) - len(set(pieces.entries) & set(before.entries if before else ()))
    is_plain = len(items) == fresh and len(set(told)) == len(told)
    marks = {*told, *(before.marks if before else ())} if is_plain else set()
    return FeedMemory(
        reader=mark, head=pieces.head, entries=pieces.entries, marks=tuple(sorted(marks))
    )


def _marks(items: Iterable[Item]) -> list[str]:
    """Stand for the guids, links and headlines of items."""
    return [
        hashlib.blake2b(f"{kind}{text}".encode("utf-8", "replace"), digest_size=8).hexdigest()
        for item in items
        for kind, text in (
            ("guid:", own_guid(item.guid)),
            ("link:", item.canonical_url),
            ("title:", squash(item.title)),
        )
        if text
    ]
