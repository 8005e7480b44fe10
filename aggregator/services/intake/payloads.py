"""Kept documents: made plain again, and gathered by the visit that brought them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import Payload
from aggregator.ports.reading import Document, Page

Unpack: TypeAlias = Callable[[Payload, int], bytes]
"""The body of a payload without its coding, at most so many bytes. Raises ReadError."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_FORMS = {"gzip": _GZIP_OR_ZLIB, "x-gzip": _GZIP_OR_ZLIB, "deflate": _GZIP_OR_ZLIB}
_PLAIN = frozenset({"", "identity"})


def unpack(payload: Payload, limit: int) -> bytes:
    """The body of a payload, for the codings that the standard library knows: none, gzip, deflate
    with its header and without. Never more than ``limit`` bytes are made. Raises ReadError."""
    coding = payload.coding.strip().lower()
    if coding in _PLAIN:
        return payload.body
    if coding not in _FORMS:
        raise ReadError(f"the document is kept in the coding {coding[:40]!r}, which is not known")
    forms = [_FORMS[coding], -zlib.MAX_WBITS] if coding == "deflate" else [_FORMS[coding]]
    for form in forms:
        decoder = zlib.decompressobj(form)
        try:
            body = decoder.decompress(payload.body, limit + 1)
        except zlib.error:
            continue
        if len(body) > limit:
            raise ReadError(f"the kept document is larger than {limit} bytes")
        if decoder.eof:
            return body
    raise ReadError(f"the kept document is damaged: it is not in the coding {coding}")


def by_visit(payloads: Iterable[Payload]) -> Iterator[tuple[Payload, ...]]:
    """The payloads of each visit, which follow one another and share feed and instant: the
    document, then its further pages in their order."""
    # Visits of several feeds may begin at one instant, and their pages be written in turn.
    for _, together in groupby(payloads, key=lambda one: one.seen_at):
        mine: dict[str, list[Payload]] = {}
        for payload in together:
            mine.setdefault(payload.feed_id, []).append(payload)
        yield from (tuple(pages) for pages in mine.values())


def document_of(visit: tuple[Payload, ...], feed: Feed, unpacked: Unpack = unpack) -> Document:
    """What the reader was given at that visit. Raises ReadError for what cannot be unpacked."""
    first, *further = visit
    return Document(
        body=unpacked(first, feed.max_bytes),
        feed=feed,
        now=first.seen_at,
        charset=first.charset,
        media_type=first.media_type,
        url=first.url or feed.url,
        further=tuple(
            Page(
                body=unpacked(page, feed.max_bytes),
                charset=page.charset,
                media_type=page.media_type,
                url=page.url,
            )
            for page in further
        ),
    )
