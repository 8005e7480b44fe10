"""One visit to a feed, with as many exchanges as it needs: pages of a list, windows of an interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from aggregator.domain.errors import FetchError
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.visits import FeedState
from aggregator.ports.fetching import Fetched, Fetcher, FetchRequest, NotModified
from aggregator.read.boards.turning import page_urls
from aggregator.services.asking.feed_key import Key
from aggregator.services.asking.gathered import Gathered, digest_of, fits, gathered_of
from aggregator.services.asking.press_question import key_of, key_of_address
from aggregator.services.asking.visit_address import address_of

PAGE_MISSING = "page-missing"
"""Warning: a further page of a list could not be had."""


_FORM = "application/x-www-form-urlencoded"
_KOREAN = frozenset({"euc-kr", "cp949"})


async def gather(
    fetcher: Fetcher,
    feed: Feed,
    state: FeedState,
    *,
    now: datetime,
    environ: Mapping[str, str],
    kept: bool = False,
    follows: bool = False,
) -> NotModified | Gathered:
    """Ask a feed everything that one visit asks, with ``kept`` and ``follows`` as in FetchRequest.

    ``state`` says with which validators, and what the last document was: who wants it read anew
    gives one without them. ``environ`` holds the keys of interfaces. The first exchange decides: its
    error is raised, and where it says that nothing changed nothing more is asked. What fails after
    that is left out with a warning.

    - A page that lists releases: the first page with validators, then those of ``page_urls``,
      unless the first is the same as last time. A page that is the same as an earlier one ends it:
      the list has no more.
    - A press-release interface: ``feed.days`` back from ``now`` in windows of three days, the newest
      first, and of each the further pages while it says that there is more. Bodies, addresses and
      errors come without the key.

    Raises what ``Fetcher.fetch`` raises, and ApiError: for a key that is missing before anything is
    sent, and for a refusal that came with a status of its own.
    """
    if feed.kind is FeedKind.PRESS_API:
        base = request_for(feed, FeedState(feed_id=feed.id), kept=kept, follows=follows)
        return await _ask_interface(fetcher, feed, base, now, environ)
    request = request_for(feed, state, kept=kept, follows=follows)
    key = key_of_address(feed, environ) if feed.key_env else None
    answer = await _ask(fetcher, request, key)
    if isinstance(answer, NotModified):
        return answer
    is_known = (state.body_hash or "").rpartition(":")[2] == digest_of(answer)
    if feed.kind is not FeedKind.HTML_LIST or is_known:
        return Gathered(first=answer, key=key)
    return replace(await _turn_pages(fetcher, feed, request, answer), key=key)


async def _ask_interface(
    fetcher: Fetcher, feed: Feed, base: FetchRequest, now: datetime, environ: Mapping[str, str]
) -> Gathered:
    # Slow to load, and few feeds are interfaces.
    from aggregator.services.asking.asking_with_key import Interface  # noqa: PLC0415

    interface = Interface(
        fetcher=fetcher,
        feed=feed,
        key=key_of(feed, environ),
        base=base,
    )
    return await interface.ask(now)


async def _ask(fetcher: Fetcher, request: FetchRequest, key: Key | None) -> Fetched | NotModified:
    if key is None:
        return await fetcher.fetch(request)
    from aggregator.services.asking.asking_with_key import ask_with_key  # noqa: PLC0415 - as above

    return await ask_with_key(fetcher, request, key)


def request_for(
    feed: Feed, state: FeedState, *, kept: bool = False, follows: bool = False
) -> FetchRequest:
    """The first question to a feed. It goes to ``address_of``, but what the feed has of its own stays
    with the server that it was configured for.

    Validators go with GET alone: to a POST they would mean that it is to fail where nothing changed
    (RFC 9110, section 13.2.2).
    """
    is_get = feed.method == "GET"
    return FetchRequest(
        feed_id=feed.id,
        url=address_of(feed, state),
        home=feed.url,
        method=feed.method,
        content=b"" if is_get else _form(feed),
        content_type="" if is_get else _FORM,
        headers=feed.headers,
        etag=state.etag if is_get else None,
        last_modified=state.last_modified if is_get else None,
        timeout=feed.timeout.total_seconds(),
        max_bytes=feed.max_bytes,
        known_bytes=state.wire_bytes,
        proxy=feed.proxy,
        tls=feed.tls,
        kept=kept,
        follows=follows,
    )


def _form(feed: Feed) -> bytes:
    """The fields of a form as a browser sends them that reads the page in its own encoding: what
    EUC-KR does not have goes as a character reference."""
    encoding = "cp949" if (feed.encoding or "").lower() in _KOREAN else "utf-8"
    return urlencode(feed.form, encoding=encoding, errors="xmlcharrefreplace").encode("ascii")


async def _turn_pages(
    fetcher: Fetcher, feed: Feed, request: FetchRequest, first: Fetched
) -> Gathered:
    bodies = [first]
    for url in page_urls(feed):
        if not fits(bodies, feed):
            return gathered_of(bodies, PAGE_MISSING)
        further = replace(request, url=url, etag=None, last_modified=None, known_bytes=0)
        try:
            answer = await fetcher.fetch(further)
        except FetchError:
            return gathered_of(bodies, PAGE_MISSING)
        if isinstance(answer, NotModified):
            return gathered_of(bodies, PAGE_MISSING)
        if any(answer.body == earlier.body for earlier in bodies):
            break
        bodies.append(answer)
    return gathered_of(bodies)
