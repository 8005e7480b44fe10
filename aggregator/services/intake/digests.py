"""By what it is known that a document says nothing new: how it was read, its bytes, its pieces."""

from __future__ import annotations

import hashlib

from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.visits import FeedMemory
from aggregator.read.items.hash_version import HASH_VERSION
from aggregator.read.parsing.pieces import Pieces, cut
from aggregator.services.asking.gathered import Gathered

READER_VERSION = "4"
"""Goes up when the program reads documents differently, so that unchanged ones are read again."""

_READING = (
    "body", "carries", "encoding", "identity", "issuer", "kind", "language", "licence", "select",
    "timezone", "url",
)  # fmt: skip
"""Settings of a feed that decide what its documents become."""


def reader_mark(feed: Feed) -> str:
    """Stands for how a feed's documents are read: another value means that equal bytes may
    become something else.

    The store forgets validators when it sees a setting change; this also holds when a process
    that still runs with the old settings visits the feed afterwards.
    """
    settings = [str(getattr(feed, name)) for name in _READING]
    text = "\x00".join([READER_VERSION, HASH_VERSION, *settings])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def pieces_of(feed: Feed, gathered: Gathered) -> Pieces | None:
    """The pieces of a feed document; None for whatever must be read whole."""
    if feed.kind is not FeedKind.FEED or gathered.further:
        return None
    return cut(gathered.first.body)


def says_the_same(memory: FeedMemory | None, mark: str, pieces: Pieces | None) -> bool:
    """Whether a document says what the last one said, though its bytes differ."""
    if memory is None or pieces is None or memory.reader != mark:
        return False
    return memory.head == pieces.head and memory.entries == pieces.entries
