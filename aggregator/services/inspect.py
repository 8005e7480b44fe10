"""What one document would become, without storing anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item, ParsedFeed
from aggregator.read.feeds import read_document
from aggregator.read.normalise import read_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The document as read, the items it would store, and warnings by name."""

    parsed: ParsedFeed
    items: tuple[Item, ...]
    warnings: tuple[str, ...]


def inspect_document(
    body: bytes,
    *,
    feed: Feed,
    charset: str = "",
    media_type: str = "",
    base_url: str = "",
    issuer: Callable[[str], str | None] = lambda _: None,
) -> Inspected:
    """Read ``body`` as a refresh of ``feed`` would.

    ``charset``, ``media_type`` and ``base_url`` are what came with it. Raises NotAFeed or
    Undecodable.
    """
    parsed = read_document(
        body, charset=charset, media_type=media_type, url=base_url, encoding=feed.encoding
    )
    items, warnings = read_items(parsed, feed, issuer=issuer, base_url=base_url)
    return Inspected(parsed=parsed, items=tuple(items), warnings=tuple(warnings))
