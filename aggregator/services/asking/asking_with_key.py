"""A visit to a press-release interface, and to any address that wants a key: what is asked, window
by window, and what came, without the key."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.domain.errors import ApiError, BadStatus, FetchError, HostHeld, Throttled
from aggregator.domain.feeds import KEY_PLACE, Feed
from aggregator.ports.fetching import Fetched, Fetcher, FetchRequest, NotModified
from aggregator.read.press_api.answers import WINDOW_MISSING
from aggregator.read.press_api.codes import refusal_in
from aggregator.read.press_api.glance import glance
from aggregator.services.asking.feed_key import Key
from aggregator.services.asking.gathered import Gathered, fits, gathered_of
from aggregator.services.asking.press_question import (
    ROWS,
    Window,
    clean_address,
    question,
    silence,
    windows,
    without_key,
)

MOST_PAGES = 20
"""Pages that are asked for of one window of an interface: twice what its busiest days need."""

_HEAD = 4000
"""Bytes of an answer in which it says why it refuses."""


@dataclass(slots=True, kw_only=True)
class Interface:
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
        gathered = gathered_of(self.bodies, *(() if is_whole else (WINDOW_MISSING,)))
        return replace(gathered, key=self.key)

    async def _read(self, window: Window) -> bool:
        """Add the answers for one window; False where one of them is missing. Raises FetchError,
        and ApiError where the interface refuses another question than the first."""
        seen: frozenset[bytes] = frozenset()
        for page in range(1, MOST_PAGES + 1):
            if self.bodies and not fits(self.bodies, self.feed):
                return False
            answer = await self._exchange(question(self.base, self.key, window, page))
            told = glance(answer.body)
            if not told.is_good and self.bodies:
                if refusal := refusal_in(answer.body[:_HEAD]):
                    self.key.silence(refusal)
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
            self.key.silence(refusal)
            raise refusal from None
        if not isinstance(answer, NotModified):
            return without_key(answer, self.base.url, self.key)
        message = "the server answered 304 Not Modified without being asked"
        url = self.base.url
        raise BadStatus(message, feed_id=request.feed_id, url=url, status=answer.status)


async def ask_with_key(fetcher: Fetcher, request: FetchRequest, key: Key) -> Fetched | NotModified:
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
