"""The reader that reads where it is called."""

from __future__ import annotations

from collections.abc import Callable

from aggregator.domain.errors import ReadError, TooDeep
from aggregator.observe import get_logger
from aggregator.ports.reading import Document, Inspected

log = get_logger(__name__)


class InlineReader:
    """A DocumentReader that reads in this process, without bounds: for one document at hand, and
    for tests. What trips ``read`` is told as ReadError, as a child would."""

    def __init__(self, read: Callable[[Document], Inspected]) -> None:
        self._read = read

    async def read(self, document: Document) -> Inspected:
        """The document as items. Raises ReadError."""
        try:
            return self._read(document)
        except ReadError:
            raise
        except RecursionError as error:
            raise TooDeep("the document is nested too deeply to be read") from error
        except Exception as error:
            log.exception("reading_broke_down", feed_id=document.feed.id, url=document.url)
            raise ReadError(
                f"the document could not be read: {type(error).__name__} in the program"
            ) from error

    async def aclose(self) -> None:
        """Nothing to end."""
