"""The pages of new releases, fetched after the list that names them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.errors import BadStatus, FetchError, HostHeld, ReadError, Refused, Throttled
from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item
from aggregator.observe import get_logger
from aggregator.ports.fetching import Fetched, Fetcher, FetchRequest
from aggregator.ports.reading import Document, DocumentReader
from aggregator.read.boards.waiting import bare

log = get_logger(__name__)

MISSING = "detail-missing"
"""Warning: the page of a release could not be read."""

LIMIT = 10
"""Pages of one visit; the host gets them one by one, with its pause between them."""

_GONE = frozenset({404, 410})
_ENOUGH = (HostHeld, Refused, Throttled)
_ENOUGH_STATUS = frozenset({403, 429, 503})
"""A host that says one of these is asked nothing more in this visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithTexts:
    """The items of a visit in their order, and what was odd. ``is_whole``: none of them waits for
    its text until the next visit."""

    items: tuple[Item, ...]
    warnings: tuple[str, ...] = ()
    is_whole: bool = True


async def with_texts(
    fetcher: Fetcher,
    reader: DocumentReader,
    feed: Feed,
    items: Sequence[Item],
    known_keys: Collection[str],
    *,
    now: datetime,
    limit: int = LIMIT,
) -> WithTexts:
    """The items, the new ones with the text of their own pages.

    ``known_keys`` are those of items that need none: stored with the same hash. At most ``limit``
    pages are fetched. A page that fails leaves its item without text (``detail-missing``) and never
    fails the visit. Where it may come yet, and beyond the limit, the item gets a hash that is not its
    row's, so that the next visit looks again; a page that is gone is asked for once. Without ``select.body`` nothing is fetched or changed.
    """
    if feed.select is None or not feed.select.body:
        return WithTexts(items=tuple(items))
    done: list[Item] = []
    is_whole = True
    warnings: list[str] = []
    left = limit
    for item in items:
        if item.key in known_keys or not item.link:
            done.append(item)
            continue
        if left <= 0:
            done.append(bare(item))
            is_whole = False
            continue
        left -= 1
        try:
            done.append(await _with_text(fetcher, reader, feed, item, now))
        except (FetchError, ReadError) as error:
            log.info("detail_missing", feed_id=feed.id, url=item.link, error=str(error))
            warnings.append(MISSING)
            if _is_final(error):
                done.append(item)
                continue
            is_whole = False
            done.append(bare(item))
            left = 0 if _is_enough(error) else left
    told = tuple(dict.fromkeys(warnings))
    return WithTexts(items=tuple(done), warnings=told, is_whole=is_whole)


def _is_final(error: FetchError | ReadError) -> bool:
    """Whether asking again would bring nothing: the page is gone, or is none that can be read."""
    is_gone = isinstance(error, BadStatus) and error.status in _GONE
    return is_gone or isinstance(error, ReadError)


def _is_enough(error: FetchError | ReadError) -> bool:
    is_status = isinstance(error, BadStatus) and error.status in _ENOUGH_STATUS
    return is_status or isinstance(error, _ENOUGH)


async def _with_text(
    fetcher: Fetcher, reader: DocumentReader, feed: Feed, item: Item, now: datetime
) -> Item:
    """Raises FetchError and ReadError."""
    answer = await fetcher.fetch(
        FetchRequest(
            feed_id=feed.id,
            url=item.link,
            # The link is what a page says: the feed's keys are not for wherever that leads.
            home=feed.url,
            headers=feed.headers,
            timeout=feed.timeout.total_seconds(),
            max_bytes=feed.max_bytes,
            proxy=feed.proxy,
            tls=feed.tls,
        )
    )
    if not isinstance(answer, Fetched):
        raise ReadError(f"{item.link} answered 304 Not Modified without being asked")
    document = Document(
        body=answer.body,
        feed=feed,
        now=now,
        charset=answer.charset,
        media_type=answer.media_type,
        url=answer.url,
        release_of=item,
    )
    (read,) = (await reader.read(document)).items
    return read
