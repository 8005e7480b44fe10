"""Reading one document apart from the rest of the program, bounded in time and memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item, ParsedFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A further body of the same visit: the next page of a list, the next window of an
    interface."""

    body: bytes
    charset: str = ""
    media_type: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A body to be read as ``feed`` would at ``now`` (UTC), with what came with it, and the further
    ones of the same visit in their order.

    With ``release_of`` it is the page of that one item, which comes back with its text.
    """

    body: bytes
    feed: Feed
    now: datetime
    charset: str = ""
    media_type: str = ""
    url: str = ""
    further: tuple[Page, ...] = ()
    release_of: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The document as read, the items it would store, and warnings by name."""

    parsed: ParsedFeed
    items: tuple[Item, ...]
    warnings: tuple[str, ...]


class DocumentReader(Protocol):
    """Reads documents, whatever they do to their reader."""

    async def read(self, document: Document) -> Inspected:
        """The document as items.

        Raises ReadError: NotAFeed and its kinds, Undecodable, TooDeep, SelectorsMatchNothing,
        ApiError, and ReaderKilled where reading took longer or more memory than it may. One
        document's end is never another's.
        """
        ...

    async def aclose(self) -> None:
        """End what reads."""
        ...
