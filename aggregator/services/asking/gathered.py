"""What one visit to a feed brought, and what stands for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.domain.feeds import Feed, FeedKind
from aggregator.ports.fetching import Fetched
from aggregator.ports.reading import Document, DocumentReader, Inspected, Page
from aggregator.read.parsing.pieces import undated
from aggregator.services.asking.feed_key import KEY_REPEATED, Key, QuietReader

MOST_BYTES = 8
"""All bodies of a visit together are at most so many times as large as one may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a visit brought: the first body and the further ones in their order.

    ``warnings``: ``window-missing`` and ``page-missing``, where some of what was asked for could not
    be had. Such a visit says nothing about what is missing: neither validators nor a hash of it may
    be kept, or the missing part would never be asked for again.

    ``key`` is the feed's, if it has one: what is read of the bodies may repeat it, and nobody is to
    be told.
    """

    first: Fetched
    further: tuple[Fetched, ...] = ()
    warnings: tuple[str, ...] = ()
    key: Key | None = field(default=None, repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was asked for came."""
        return not self.warnings

    def quiet(self, reader: DocumentReader) -> DocumentReader:
        """The reader for these bodies, by which nobody is told the key."""
        return reader if self.key is None else QuietReader(reader=reader, key=self.key)

    def may_be_kept(self, found: Inspected) -> bool:
        """Whether the bodies may be kept as they came: the key is in none of them, neither as it
        stands there nor in what was read, quietly, of them."""
        if self.key is None:
            return True
        bodies = (self.first.body, *(answer.body for answer in self.further))
        return KEY_REPEATED not in found.warnings and not any(map(self.key.is_in, bodies))

    def document(self, feed: Feed, now: datetime) -> Document:
        """The bodies as one document of ``feed``, to be read as at ``now``."""
        first = self.first
        return Document(
            body=first.body,
            feed=feed,
            now=now,
            charset=first.charset,
            media_type=first.media_type,
            url=first.url,
            further=tuple(_page(answer) for answer in self.further),
        )


def gathered_of(bodies: Sequence[Fetched], *warnings: str) -> Gathered:
    """These bodies, the first of which is there."""
    return Gathered(first=bodies[0], further=tuple(bodies[1:]), warnings=warnings)


def fits(bodies: Sequence[Fetched], feed: Feed) -> bool:
    """Whether a further body may be asked for."""
    return sum(len(answer.body) for answer in bodies) < MOST_BYTES * feed.max_bytes


def digest_of(answer: Fetched) -> str:
    """Stands for the bytes and the charset that the server claims for them."""
    return _digest(answer.charset, answer.body)


def digest_of_all(gathered: Gathered, feed: Feed) -> str:
    """Stands for what a visit brought: of a feed its document but for that document's own dates,
    which many sites write anew at every visit (quirk B9); of a list its first page, which decides
    whether the others are asked for; of an interface all answers."""
    if feed.kind is FeedKind.FEED:
        return _digest(gathered.first.charset, *undated(gathered.first.body))
    if feed.kind is not FeedKind.PRESS_API or not gathered.further:
        return digest_of(gathered.first)
    digests = [digest_of(answer) for answer in (gathered.first, *gathered.further)]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _digest(charset: str, *parts: bytes) -> str:
    made = hashlib.sha256(f"{charset}\n".encode())
    for part in parts:
        made.update(part)
    return made.hexdigest()


def _page(answer: Fetched) -> Page:
    return Page(
        body=answer.body, charset=answer.charset, media_type=answer.media_type, url=answer.url
    )
