"""One visit to a feed, with as many exchanges as it needs: pages of a list, windows of an interface."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from aggregator.domain.errors import ApiError, BadStatus, FetchError, HostHeld, Throttled
from aggregator.domain.feeds import KEY_PLACE, Feed, FeedKind
from aggregator.domain.visits import FeedState
from aggregator.ports import Document, Fetched, Fetcher, FetchRequest, NotModified, Page
from aggregator.read.boards.turning import page_urls
from aggregator.read.press_api.answers import WINDOW_MISSING
from aggregator.read.press_api.codes import refusal_in
from aggregator.read.press_api.glance import glance
from aggregator.services.press_question import (
    ROWS,
    Key,
    Window,
    clean_address,
    key_of,
    key_of_address,
    question,
    silence,
    windows,
    without_key,
)
from aggregator.services.visit_address import address_of

PAGE_MISSING = "page-missing"
"""Warning: a further page of a list could not be had."""

MOST_PAGES = 20
"""Pages that are asked for of one window of an interface: twice what its busiest days need."""

MOST_BYTES = 8
"""All bodies of a visit together are at most so many times as large as one may be."""

_HEAD = 4000
"""Bytes of an answer in which it says why it refuses."""

_FORM = "application/x-www-form-urlencoded"
_KOREAN = frozenset({"euc-kr", "cp949"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a visit brought: the first body and the further ones in their order.

    ``warnings``: ``window-missing`` and ``page-missing``, where some of what was asked for could not
    be had. Such a visit says nothing about what is missing: neither validators nor a hash of it may
    be kept, or the missing part would never be asked for again.
    """

    first: Fetched
    further: tuple[Fetched, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything that was asked for came."""
        return not self.warnings

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


async def gather(
    fetcher: Fetcher,
    feed: Feed,
    state: FeedState,
    *,
    now: datetime,
    environ: Mapping[str, str],
) -> NotModified | Gathered:
    """Ask a feed everything that one visit asks.

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
        interface = _Interface(
            fetcher=fetcher,
            feed=feed,
            key=key_of(feed, environ),
            base=request_for(feed, FeedState(feed_id=feed.id)),
        )
        return await interface.ask(now)
    request = request_for(feed, state)
    if feed.key_env:
        answer = await _ask_with_key(fetcher, request, key_of_address(feed, environ))
    else:
        answer = await fetcher.fetch(request)
    if isinstance(answer, NotModified):
        return answer
    is_known = (state.body_hash or "").rpartition(":")[2] == digest_of(answer)
    if feed.kind is not FeedKind.HTML_LIST or is_known:
        return Gathered(first=answer)
    return await _turn_pages(fetcher, feed, request, answer)


def request_for(feed: Feed, state: FeedState) -> FetchRequest:
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
    )


async def _ask_with_key(fetcher: Fetcher, request: FetchRequest, key: Key) -> Fetched | NotModified:
    """Ask with the key in its place of the address; what comes back, also as an error, is without."""
    url = request.url.replace(KEY_PLACE, key.encoded)
    try:
        answer = await fetcher.fetch(replace(request, url=url, secrets=key.spellings))
    except FetchError as error:
        silence(error, key)
        # Not "from": what the error was made of may repeat the address.
        raise error from None
    if isinstance(answer, Fetched):
        return without_key(answer, request.url, key)
    hops = tuple(replace(hop, url=clean_address(hop.url, key)) for hop in answer.hops)
    return replace(answer, url=clean_address(answer.url, key), hops=hops)


def digest_of(answer: Fetched) -> str:
    """Stands for the bytes and the charset that the server claims for them."""
    return hashlib.sha256(f"{answer.charset}\n".encode() + answer.body).hexdigest()


def digest_of_all(gathered: Gathered, feed: Feed) -> str:
    """Stands for what a visit brought: of a list its first page, which decides whether the others
    are asked for; of an interface all answers."""
    if feed.kind is not FeedKind.PRESS_API or not gathered.further:
        return digest_of(gathered.first)
    digests = [digest_of(answer) for answer in (gathered.first, *gathered.further)]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _page(answer: Fetched) -> Page:
    return Page(
        body=answer.body, charset=answer.charset, media_type=answer.media_type, url=answer.url
    )


def _form(feed: Feed) -> bytes:
    """The fields of a form as a browser sends them that reads the page in its own encoding: what
    EUC-KR does not have goes as a character reference."""
    encoding = "cp949" if (feed.encoding or "").lower() in _KOREAN else "utf-8"
    return urlencode(feed.form, encoding=encoding, errors="xmlcharrefreplace").encode("ascii")


def _fits(bodies: list[Fetched], feed: Feed) -> bool:
    """Whether a further body may be asked for."""
    return sum(len(answer.body) for answer in bodies) < MOST_BYTES * feed.max_bytes


# --- pages of a list ------------------------------------------------------------------------------


async def _turn_pages(
    fetcher: Fetcher, feed: Feed, request: FetchRequest, first: Fetched
) -> Gathered:
    bodies = [first]
    for url in page_urls(feed):
        if not _fits(bodies, feed):
            return _gathered(bodies, PAGE_MISSING)
        further = replace(request, url=url, etag=None, last_modified=None, known_bytes=0)
        try:
            answer = await fetcher.fetch(further)
        except FetchError:
            return _gathered(bodies, PAGE_MISSING)
        if isinstance(answer, NotModified):
            return _gathered(bodies, PAGE_MISSING)
        if any(answer.body == earlier.body for earlier in bodies):
            break
        bodies.append(answer)
    return _gathered(bodies)


def _gathered(bodies: list[Fetched], *warnings: str) -> Gathered:
    return Gathered(first=bodies[0], further=tuple(bodies[1:]), warnings=warnings)


# --- windows of an interface ----------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Interface:
    """A visit to an interface on its way: what is asked of it, and what came so far."""

    fetcher: Fetcher
    feed: Feed
    key: Key
    base: FetchRequest
    bodies: list[Fetched] = field(default_factory=list)
    is_answered: bool = True

    async def ask(self, now: datetime) -> Gathered:
        """Every window, the newest first."""
        is_whole = True
        for window in windows(self.feed.days, now):
            try:
                is_whole &= await self._read(window)
            except (ApiError, FetchError) as error:
                if not self.bodies:
                    raise
                is_whole = False
                if isinstance(error, ApiError | Throttled | HostHeld):
                    # It wants to be asked no more, and would say the same of every window.
                    break
            if not self.is_answered:
                # What is wrong with the first answer is wrong with the question.
                break
        return _gathered(self.bodies, *(() if is_whole else (WINDOW_MISSING,)))

    async def _read(self, window: Window) -> bool:
        """Add the answers for one window; False where one of them is missing. Raises FetchError,
        and ApiError where the interface refuses another question than the first."""
        seen: frozenset[bytes] = frozenset()
        for page in range(1, MOST_PAGES + 1):
            if self.bodies and not _fits(self.bodies, self.feed):
                return False
            answer = await self._exchange(question(self.base, self.key, window, page))
            told = glance(answer.body)
            if not told.is_good and self.bodies:
                if refusal := refusal_in(answer.body[:_HEAD]):
                    raise refusal
                return False
            if page > 1 and told.ids <= seen:
                # A service that knows no pages gives the same one again.
                return True
            self.bodies.append(answer)
            self.is_answered = told.is_good
            seen |= told.ids
            is_full = len(seen) < told.total if told.total is not None else len(told.ids) >= ROWS
            if not is_full or not told.ids:
                return True
        return False

    async def _exchange(self, request: FetchRequest) -> Fetched:
        """One question and its answer, without the key."""
        try:
            answer = await self.fetcher.fetch(request)
        except FetchError as error:
            silence(error, self.key)
            status = error.status if isinstance(error, BadStatus) else None
            refusal = refusal_in(error.head, status=status)
            if refusal is None or isinstance(error, Throttled):
                # Not "from": what the error was made of may repeat the address.
                raise error from None
            raise refusal from None
        if not isinstance(answer, NotModified):
            return without_key(answer, self.base.url, self.key)
        message = "the server answered 304 Not Modified without being asked"
        url = self.base.url
        raise BadStatus(message, feed_id=request.feed_id, url=url, status=answer.status)
