"""The pages of new releases, fetched after the list that names them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aggregator.domain.errors import BadStatus, FetchError, HostHeld, ReadError, Refused, Throttled
from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item
from aggregator.observe import get_logger
from aggregator.ports import Fetched, Fetcher, FetchRequest
from aggregator.read.boards.details import bare, read_release, with_release

log = get_logger(__name__)

MISSING = "detail-missing"
"""Warning: the page of a release could not be read."""

LIMIT = 10
"""Pages of one visit; the host gets them one by one, with its pause between them."""

_ENOUGH = (HostHeld, Refused, Throttled)
_ENOUGH_STATUS = frozenset({403, 429, 503})
"""A host that says one of these is asked nothing more in this visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithTexts:
    """The items of a visit in their order, and what was odd."""

    items: tuple[Item, ...]
    warnings: tuple[str, ...] = ()


async def with_texts(
    fetcher: Fetcher,
    feed: Feed,
    items: Sequence[Item],
    known_keys: Collection[str],
    *,
    limit: int = LIMIT,
) -> WithTexts:
    """The items, the new ones with the text of their own pages.

    ``known_keys`` are those of items that need none: stored with the same hash. At most ``limit``
    pages are fetched. A page that fails leaves its item without text (``detail-missing``) and never
    fails the visit; that item, and those beyond the limit, get a hash that is not their row's, so
    that the next visit looks again. Without ``select.body`` nothing is fetched or changed.
    """
    if feed.select is None or not feed.select.body:
        return WithTexts(items=tuple(items))
    done: list[Item] = []
    warnings: list[str] = []
    left = limit
    for item in items:
        if item.key in known_keys or not item.link:
            done.append(item)
            continue
        if left <= 0:
            done.append(bare(item))
            continue
        left -= 1
        try:
            done.append(await _with_text(fetcher, feed, item))
        except (FetchError, ReadError) as error:
            log.info("detail_missing", feed_id=feed.id, url=item.link, error=str(error))
            warnings.append(MISSING)
            done.append(bare(item))
            left = 0 if _is_enough(error) else left
    return WithTexts(items=tuple(done), warnings=tuple(dict.fromkeys(warnings)))


def _is_enough(error: FetchError | ReadError) -> bool:
    is_status = isinstance(error, BadStatus) and error.status in _ENOUGH_STATUS
    return is_status or isinstance(error, _ENOUGH)


async def _with_text(fetcher: Fetcher, feed: Feed, item: Item) -> Item:
    """Raises FetchError and ReadError."""
    answer = await fetcher.fetch(
        FetchRequest(
            feed_id=feed.id,
            url=item.link,
            headers=feed.headers,
            timeout=feed.timeout.total_seconds(),
            max_bytes=feed.max_bytes,
            proxy=feed.proxy,
            tls=feed.tls,
        )
    )
    if not isinstance(answer, Fetched):
        raise ReadError(f"{item.link} answered 304 Not Modified without being asked")
    return await asyncio.to_thread(_read, answer, feed, item)


def _read(answer: Fetched, feed: Feed, item: Item) -> Item:
    if feed.select is None:
        return item
    release = read_release(
        answer.body,
        feed.select,
        charset=answer.charset,
        encoding=feed.encoding,
        url=answer.url,
    )
    return with_release(item, release, feed)
