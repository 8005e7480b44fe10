"""Reading in this process, for what a person looks at: nothing bounds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aggregator.domain.errors import ReadError, TooDeep
from aggregator.observe import get_logger
from aggregator.ports.reading import Document, Inspected
from aggregator.services.trials.inspect import read_for

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineReader:
    """A DocumentReader without processes of its own."""

    issuer: Callable[[str], str | None]

    async def read(self, document: Document) -> Inspected:
        """The document as items. Raises ReadError."""
        return await asyncio.to_thread(read_safely, document, self.issuer)

    async def aclose(self) -> None:
        """Nothing is to be ended."""


def read_safely(document: Document, issuer: Callable[[str], str | None]) -> Inspected:
    """As ``read_for``. Raises ReadError also where the reading itself broke down: a document that
    trips the reader must not stop the feeds beside it."""
    try:
        return read_for(document, issuer)
    except ReadError:
        raise
    except RecursionError as error:
        raise TooDeep("the document is nested too deeply to be read") from error
    except Exception as error:
        log.exception("reading_broke_down", feed_id=document.feed.id, url=document.url)
        raise ReadError(
            f"the document could not be read: {type(error).__name__} in the program"
        ) from error
