"""Which entries of a document are new, and whether they may be read without the others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aggregator.domain.feeds import Identity
from aggregator.domain.items import Item
from aggregator.domain.visits import FeedMemory
from aggregator.ports.reading import Document
from aggregator.read.items.identity import own_guid
from aggregator.read.links.addresses import is_web
from aggregator.read.parsing.pieces import Pieces, without
from aggregator.text.fold import squash

_MOST_FRESH = 0.5
"""The share of new entries up to which a document is read without the others."""

_MOST_KNOWN = 4
"""Known entries for each of a document's beyond which it is read whole again, so that those that
have long left it are forgotten."""

Marks = tuple[str, ...]
"""Stand for the guid, the link, the headline and the key of an item; "" for what it has not."""


def fresh_part(
    document: Document, pieces: Pieces | None, memory: FeedMemory | None, mark: str
) -> Document | None:
    """The document with its new and edited entries alone; None where all of it is to be read,
    because too much is new or too little is known of the last one."""
    if memory is None or pieces is None or memory.reader != mark or not memory.marks:
        return None
    if memory.head != pieces.head:
        # What an entry becomes depends on what stands above it, too: the base of its links, its
        # language, its namespaces.
        return None
    old = set(memory.entries)
    fresh = sum(digest not in old for digest in pieces.entries)
    is_long = len(memory.marks) > _MOST_KNOWN * len(pieces.entries)
    if is_long or fresh > _MOST_FRESH * len(pieces.entries):
        return None
    return replace(document, body=without(document.body, pieces, old))


def stands_alone(
    items: Sequence[Item], pieces: Pieces, memory: FeedMemory, policy: Identity
) -> bool:
    """Whether what these items are depends neither on the rest of their document nor on what stood
    there before. It depends on others only through a guid, a link, a headline or a key that they
    share.

    An entry may share these with one that is gone and had the same guid and link: it is that one,
    edited, and whatever is stored of it is found by its key.
    """
    holders = _holders(memory)
    here = set(pieces.entries)
    edited: set[str] = set()
    for item in items:
        marks = _marks_of(item, policy)
        sharing = {holders[mark] for mark in marks if mark in holders}
        if not sharing:
            continue
        other = sharing.pop()
        if sharing or other in here or other in edited:
            return False
        if not any(marks[:2]) or marks[:2] != memory.marks[other][:2]:
            return False
        edited.add(other)
    return True


def memory_of(
    mark: str,
    pieces: Pieces | None,
    items: Sequence[Item],
    before: FeedMemory | None,
    policy: Identity,
) -> FeedMemory:
    """What is remembered of a document. ``before`` is what was remembered, where only new
    and edited entries were read; None for a document that was read whole.

    Where entries share a guid, a link, a headline or a key, what each of them is depends on the
    others, also on those that will be gone: then there are no marks, and the next document is read
    whole.
    """
    if pieces is None:
        # Without pieces nothing is compared, and what was remembered must not be either.
        return FeedMemory(reader="", head="")
    return FeedMemory(
        reader=mark,
        head=pieces.head,
        entries=pieces.entries,
        marks=_all_marks(pieces, [_marks_of(item, policy) for item in items], before),
    )


def _all_marks(
    pieces: Pieces, of_items: Sequence[Marks], before: FeedMemory | None
) -> Mapping[str, Marks]:
    """The marks of the entries and of those before them, by digest; none where it is not certain
    which item an entry became, or two share a mark."""
    known = set(before.entries) if before else set()
    fresh = [digest for digest in pieces.entries if digest not in known]
    if len(of_items) != len(fresh) or len(set(fresh)) != len(fresh):
        return {}
    # Items stand in the order of their entries.
    told = dict(zip(fresh, of_items, strict=True))
    # An item's guid may be its link.
    single = [mark for marks in told.values() for mark in {*marks} if mark]
    if len(set(single)) != len(single):
        return {}
    if before is None:
        return told
    holders = _holders(before)
    # What was edited is gone for good: its marks are those of its new version.
    edited = {holders[mark] for mark in single if mark in holders}
    return {**{old: marks for old, marks in before.marks.items() if old not in edited}, **told}


def _holders(memory: FeedMemory) -> dict[str, str]:
    """Whose each mark is, by the digest of its entry."""
    return {mark: digest for digest, marks in memory.marks.items() for mark in marks if mark}


def _marks_of(item: Item, policy: Identity) -> Marks:
    """What stands for an item. A guid that is an address may be another item's link; one that names
    nothing stands for the item only where the feed's settings trust any guid."""
    guid = own_guid(item.guid)
    if policy is Identity.GUID and not guid:
        guid = " ".join(item.guid.split())
    return (
        _mark("link" if is_web(guid) else "guid", guid),
        _mark("link", item.canonical_url),
        _mark("title", squash(item.title)),
        _mark("key", item.key),
    )


def _mark(kind: str, text: str) -> str:
    if not text:
        return ""
    return hashlib.blake2b(f"{kind}:{text}".encode("utf-8", "replace"), digest_size=8).hexdigest()
