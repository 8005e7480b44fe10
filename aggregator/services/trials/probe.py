"""What answers at the feeds' addresses: each visited once, nothing taken in."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from urllib.parse import urlsplit

from aggregator.domain.errors import (
    ApiError,
    BadStatus,
    BlockedAddress,
    ConnectFailed,
    FetchError,
    FetchTimeout,
    HostHeld,
    ReadError,
)
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import FeedState
from aggregator.ports.clock import Clock
from aggregator.ports.fetching import Fetched, Fetcher
from aggregator.ports.reading import Inspected
from aggregator.services.asking.feed_key import read_quietly
from aggregator.services.asking.gathered import Gathered
from aggregator.services.asking.gathering import gather
from aggregator.services.trials.inline_reader import read_safely
from aggregator.services.trials.inspect import Text, declared_charset, readings

STALE = timedelta(days=60)
"""A feed whose newest entry is older does not grow any more."""

AT_ONCE = 16
"""Hosts that are asked at the same time."""

_VISITED = frozenset({FeedKind.FEED, FeedKind.PRESS_API})

_UNREACHABLE = (BlockedAddress, ConnectFailed, FetchTimeout)


class Verdict(StrEnum):
    """What a feed is good for, in a word."""

    WORKS = "works"
    LACKS = "answers but"
    NO_FEED = "no feed"
    UNREACHABLE = "unreachable from here"
    HELD = "left alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a document holds: how many entries, and how many of them have their own id, a date that
    can be read, a text. ``newest`` is the latest day that is believed; ``header`` and
    ``declaration`` are the charsets claimed."""

    version: str
    title: str
    encoding: str
    header: str
    declaration: str
    entries: int
    newest: date | None
    with_guid: int
    with_date: int
    with_text: int
    warnings: tuple[str, ...] = ()

    @property
    def placeholder(self) -> bool:
        """Whether it holds nothing but a note that the feed is switched off."""
        return self.entries == 0 and "placeholder-entry" in self.warnings


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One feed's answer. ``url`` is where it came from in the end, ``milliseconds`` the exchange
    without the pause that its host is due, ``body_bytes`` the document after decompression.
    ``status`` and ``contents`` are None where nothing of the kind came."""

    feed: Feed
    url: str
    milliseconds: int = 0
    status: int | None = None
    media_type: str = ""
    body_bytes: int = 0
    contents: Contents | None = None
    error_code: str | None = None
    verdict: Verdict
    says: str

    @property
    def failed(self) -> bool:
        """Whether a refresh would fail as well. Who was not asked has not failed."""
        return self.contents is None and self.verdict is not Verdict.HELD


def can_visit(feed: Feed) -> bool:
    """Whether this program fetches feeds of the kind; a list needs its selectors."""
    return feed.kind in _VISITED or (feed.kind is FeedKind.HTML_LIST and feed.select is not None)


def judge(contents: Contents, today: date) -> tuple[Verdict, str]:
    """The verdict on a feed that was read on ``today`` (in Seoul), and what is to be said of it."""
    if contents.placeholder:
        lacks = "its only entry says NOT SUPPORT: the board's feed is switched off"
    elif not contents.entries:
        lacks = "it has no entries"
    elif contents.newest is None:
        lacks = "none of its entries has a date that can be believed"
    elif today - contents.newest > STALE:
        days = (today - contents.newest).days
        lacks = f"alive but not growing: its newest entry is {days} days old ({contents.newest})"
    else:
        lacks = ", ".join(_gaps(contents))
    return (Verdict.LACKS, lacks) if lacks else (Verdict.WORKS, "")


def judge_error(error: FetchError | ReadError) -> Verdict:
    """The verdict where no feed came: something else did, or nothing, or nobody was asked."""
    if isinstance(error, HostHeld):
        return Verdict.HELD
    return Verdict.UNREACHABLE if isinstance(error, _UNREACHABLE) else Verdict.NO_FEED


def _gaps(contents: Contents) -> list[str]:
    """What some entries lack although the desk needs it."""
    gaps = []
    if contents.with_date < contents.entries:
        gaps.append(f"{contents.entries - contents.with_date} of its entries have no date")
    if {"broken-characters", "cut-off"} & set(contents.warnings):
        gaps.append("the document is damaged")
    return gaps


def measure(found: Inspected, answer: Fetched, feed: Feed, now: datetime) -> Contents:
    """The figures of a document that was read at ``now``."""
    told = [one for one in readings(found, feed, now) if not one.item.says_nothing]
    dates = [one.item.published for one in told if one.item.published]
    return Contents(
        version=found.parsed.version,
        title=found.parsed.title,
        encoding=found.parsed.encoding,
        header=answer.charset,
        declaration=declared_charset(answer.body),
        entries=len(told),
        newest=max((when.day for when in dates if not when.clamped), default=None),
        with_guid=sum(bool(one.entry.guid) for one in told),
        with_date=len(dates),
        with_text=sum(one.text is Text.STORED for one in told),
        warnings=found.warnings,
    )


async def ask(
    fetcher: Fetcher, feed: Feed, *, now: datetime, environ: Mapping[str, str]
) -> Gathered:
    """What the feed answers to a visitor who has never been there. Raises what ``gather`` does."""
    answer = await gather(fetcher, feed, FeedState(feed_id=feed.id), now=now, environ=environ)
    if isinstance(answer, Gathered):
        return answer
    message = "the server answered 304 Not Modified without being asked"
    raise BadStatus(message, feed_id=feed.id, url=feed.url, status=answer.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prober:
    """The parts a probe needs. ``spacing`` is the fetcher's own pause between two exchanges with a
    host in seconds: it is waited here, so that it does not count as the host's time (but for the
    further exchanges of one visit). ``environ`` holds the keys of interfaces."""

    fetcher: Fetcher
    clock: Clock
    issuer: Callable[[str], str | None]
    spacing: float = 0.0
    environ: Mapping[str, str] = field(default_factory=dict)

    async def probe(
        self, feeds: Sequence[Feed], *, on_done: Callable[[Probe], None] = lambda _: None
    ) -> list[Probe]:
        """Visit these feeds, those of one host in turn; one answer each, in their order."""
        hosts: dict[str, list[int]] = defaultdict(list)
        for number, feed in enumerate(feeds):
            hosts[urlsplit(feed.url).hostname or ""].append(number)
        gate = asyncio.Semaphore(AT_ONCE)
        found: dict[int, Probe] = {}

        async def visit_host(numbers: Sequence[int]) -> None:
            async with gate:
                for place, number in enumerate(numbers):
                    await asyncio.sleep(self.spacing if place else 0)
                    found[number] = await self._visit(feeds[number])
                    on_done(found[number])

        # A task group would wrap a store that fails in an exception group.
        tasks = [asyncio.ensure_future(visit_host(numbers)) for numbers in hosts.values()]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return [found[number] for number in range(len(feeds))]

    async def _visit(self, feed: Feed) -> Probe:
        started = time.perf_counter()
        now = self.clock.now()
        try:
            gathered = await ask(self.fetcher, feed, now=now, environ=self.environ)
        except (ApiError, FetchError) as error:
            return _refused(feed, error, _since(started))
        return await asyncio.to_thread(self._read, feed, gathered, _since(started))

    def _read(self, feed: Feed, gathered: Gathered, took: int) -> Probe:
        now = self.clock.now()
        answer = gathered.first
        contents: Contents | None = None
        code: str | None = None
        try:
            document = gathered.document(feed, now)
            found = read_quietly(partial(read_safely, document, self.issuer), gathered.key)
            found = replace(found, warnings=(*found.warnings, *gathered.warnings))
            contents = measure(found, answer, feed, now)
            verdict, says = judge(contents, now.astimezone(SEOUL).date())
        except ReadError as error:
            verdict, says, code = judge_error(error), str(error), error.code
        return Probe(
            feed=feed,
            url=answer.url,
            milliseconds=took,
            status=answer.status,
            media_type=answer.media_type,
            body_bytes=sum(len(each.body) for each in (answer, *gathered.further)),
            contents=contents,
            error_code=code,
            verdict=verdict,
            says=says,
        )


def _refused(feed: Feed, error: ApiError | FetchError, took: int) -> Probe:
    return Probe(
        feed=feed,
        url=error.url if isinstance(error, FetchError) else feed.url,
        milliseconds=took,
        status=error.status if isinstance(error, BadStatus) else None,
        error_code=error.code,
        verdict=judge_error(error),
        says=str(error),
    )


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
