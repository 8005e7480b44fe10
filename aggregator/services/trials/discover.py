"""How a page can be followed: by a feed that it announces or that its board system has, else as a
list with guessed selectors."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from aggregator.domain.errors import FetchError, NotAFeed, ReadError
from aggregator.domain.feeds import Feed, FeedKind, ListSelectors
from aggregator.domain.items import SEOUL, Item
from aggregator.ports.clock import Clock
from aggregator.ports.fetching import Fetched, Fetcher
from aggregator.ports.reading import Inspected
from aggregator.read.boards.announced import announced_feeds, linked_feeds
from aggregator.read.boards.guess import LEAST_ROWS, guess_selectors
from aggregator.read.boards.page import HtmlPage, read_page
from aggregator.read.links.addresses import canonical_url
from aggregator.read.links.feed_guesses import guess_feeds
from aggregator.services.asking.gathered import Gathered
from aggregator.services.trials.inline_reader import read_safely
from aggregator.services.trials.probe import Contents, ask, measure
from aggregator.text.fold import squash

MOST_TRIED = 8
"""Addresses that are tried after the page itself."""

_LEAST_NAME = 2
_PLAIN = frozenset({"www", "m", "news", "go", "or", "re", "ac", "co", "kr", "com", "net", "org"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that answered. ``how`` is "given" (the address itself), "announced", "linked" or
    "board form"."""

    url: str
    how: str
    contents: Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBoard:
    """A list with the selectors that read it, and the items they give."""

    url: str
    select: ListSelectors
    contents: Contents
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What a page offers. ``tried`` are the addresses that brought no feed, with the reason;
    ``today`` is the day in Seoul."""

    url: str
    title: str
    today: date
    feeds: tuple[FoundFeed, ...] = ()
    board: FoundBoard | None = None
    tried: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discoverer:
    """The parts that looking takes; the fetcher keeps pauses and forbidden addresses."""

    fetcher: Fetcher
    clock: Clock

    async def discover(self, url: str) -> Discovered:
        """Look at ``url`` and try what it leads to, at most MOST_TRIED addresses.

        Raises FetchError where the page itself cannot be had, and ReadError where it is neither a
        feed nor a page. A candidate that fails is told and never ends the search.
        """
        answer = await self._ask(url)
        today = self.clock.now().astimezone(SEOUL).date()
        try:
            found = await asyncio.to_thread(self._contents, answer, _feed(answer.url))
        except NotAFeed:
            page = await asyncio.to_thread(_page, answer)
        else:
            feed = FoundFeed(url=url, how="given", contents=found)
            return Discovered(url=url, title=found.title, today=today, feeds=(feed,))
        feeds, tried = await self._try(candidates(page, answer.url))
        board = None if feeds else await asyncio.to_thread(self._board, answer, page, url)
        return Discovered(
            url=url, title=page.title, today=today, feeds=feeds, board=board, tried=tried
        )

    async def _try(
        self, found: Mapping[str, str]
    ) -> tuple[tuple[FoundFeed, ...], tuple[tuple[str, str], ...]]:
        feeds: list[FoundFeed] = []
        tried: list[tuple[str, str]] = []
        for url, how in found.items():
            try:
                answer = await self._ask(url)
                contents = await asyncio.to_thread(self._contents, answer, _feed(answer.url))
            except (FetchError, ReadError) as error:
                tried.append((url, str(error)))
                continue
            if contents.entries:
                feeds.append(FoundFeed(url=url, how=how, contents=contents))
            else:
                tried.append((url, "a feed without entries"))
        return tuple(feeds), tuple(tried)

    async def _ask(self, url: str) -> Fetched:
        asked = await ask(self.fetcher, _feed(url), now=self.clock.now(), environ={})
        return asked.first

    def _contents(self, answer: Fetched, feed: Feed) -> Contents:
        now = self.clock.now()
        return measure(_read(answer, feed, now), answer, feed, now)

    def _board(self, answer: Fetched, page: HtmlPage, url: str) -> FoundBoard | None:
        """The list with guessed selectors, None where they do not read it."""
        select = guess_selectors(page)
        if select is None:
            return None
        feed = replace(_feed(url), kind=FeedKind.HTML_LIST, select=select)
        now = self.clock.now()
        try:
            found = _read(answer, feed, now)
        except ReadError:
            return None
        contents = measure(found, answer, feed, now)
        items = tuple(item for item in found.items if item.link)
        if len(items) < LEAST_ROWS or contents.with_date * 2 < len(items):
            return None
        return FoundBoard(url=url, select=select, contents=contents, items=items)


def candidates(page: HtmlPage, url: str) -> dict[str, str]:
    """Addresses to try for a page at ``url``, with how each came about, the surest first."""
    found: dict[str, str] = {}
    seen = {canonical_url(url)}
    ways = (
        ("announced", announced_feeds(page)),
        ("board form", guess_feeds(url)),
        ("linked", linked_feeds(page)),
    )
    for how, addresses in ways:
        for address in addresses:
            if len(found) < MOST_TRIED and canonical_url(address) not in seen:
                seen.add(canonical_url(address))
                found[address] = how
    return found


def guess_body(issuers: Mapping[str, str], titles: tuple[str, ...]) -> str:
    """The id of the body whose name stands in one of the titles, the longest name of the first
    title that holds one; "" for none. ``issuers`` maps folded names to ids."""
    for title in titles:
        text = squash(title)
        names = [name for name in issuers if len(name) >= _LEAST_NAME and name in text]
        if names:
            return issuers[max(names, key=lambda name: (len(name), name))]
    return ""


def feed_id(url: str, taken: frozenset[str], body: str = "") -> str:
    """An id for a new feed, from its body or its host, that is not taken yet."""
    labels = [label for label in (urlsplit(url).hostname or "").split(".") if label not in _PLAIN]
    name = body or re.sub(r"[^a-z0-9]+", "-", labels[0].lower() if labels else "").strip("-")
    name = f"{name or 'feed'}-press"
    number = 1
    while (made := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return made


def _page(answer: Fetched) -> HtmlPage:
    return read_page(answer.body, charset=answer.charset, url=answer.url)


def _feed(url: str) -> Feed:
    return Feed(id="discover", url=url, title="", body="")


def _read(answer: Fetched, feed: Feed, now: datetime) -> Inspected:
    return read_safely(Gathered(first=answer).document(feed, now), lambda _: None)
