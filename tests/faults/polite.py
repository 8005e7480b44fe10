"""Honest servers that watch how they are treated: shared hosts, validators, Retry-After."""

from __future__ import annotations

import asyncio
import gzip
from itertools import count

from tests.faults.documents import XML, feed, rss
from tests.faults.fault import Fault, fault, reads
from tests.faults.redirects import to
from tests.faults.wire import Exchange, Reply, Serve, says

SHARED = ("shared", "shared-b", "shared-c", "shared-d")
GUESTS = ("guest-1", "guest-2")
HELD = ("held", "held-b")
PAIR = ("pair", "pair-b")
PAUSE = 0.15
"""Seconds that the shared host takes: long enough for a second question to come in between."""

RETRY_AFTER = 7200
NOT_FOUND = b"There is nothing here. " * 40


async def unhurried(exchange: Exchange) -> None:
    await asyncio.sleep(PAUSE)
    await exchange.answer(feed(f"소식 {exchange.path}"))


def to_shared(path: str) -> Serve:
    async def serve(exchange: Exchange) -> None:
        await exchange.answer(to(exchange.place.url("shared", path)))

    return serve


def validated(headers: tuple[tuple[str, str], ...], asked: dict[str, str], title: str) -> Serve:
    """304 where exactly these request headers come, else a feed with these validators."""

    async def serve(exchange: Exchange) -> None:
        if all(exchange.headers.get(name) == value for name, value in asked.items()):
            await exchange.answer(Reply(status=304, reason="Not Modified"))
        else:
            await exchange.answer(feed(title, headers=headers))

    return serve


def lodger(name: str, host: str) -> Fault:
    """A further feed of another fault's host."""
    url = f"http://{{addresses[{host}]}}:{{http}}/{name}.xml"
    return Fault(name=name, serve=says(feed("nobody comes here")), ends=(reads(),), url=url)


TAG = 'W/"r&d, \\\\ 1"'
DAY = "Mon, 02 Mar 2026 00:00:00 GMT"
HOLD = Reply(status=429, reason="Slow down", headers=(("Retry-After", str(RETRY_AFTER)),))


def held_at_first() -> Serve:
    """Whoever comes first is told to wait, whatever was asked for."""
    visitors = count()

    async def serve(exchange: Exchange) -> None:
        await exchange.answer(feed(f"다시 열린 {exchange.path}") if next(visitors) else HOLD)

    return serve


FAULTS: tuple[Fault, ...] = (
    fault("shared", unhurried, reads("소식 /feed.xml")),
    *(lodger(name, "shared") for name in SHARED[1:]),
    *(fault(name, to_shared(f"/{name}.xml"), reads(f"소식 /{name}.xml")) for name in GUESTS),
    fault("held", held_at_first(), reads()),
    lodger("held-b", "held"),
    fault("pair", unhurried, reads()),
    lodger("pair-b", "pair"),
    fault("tagged", validated((("ETag", TAG),), {"if-none-match": TAG}, "꼬리표"), reads()),
    fault(
        "dated",
        validated((("Last-Modified", DAY),), {"if-modified-since": DAY}, "날짜"),
        reads(),
    ),
    fault(
        "packed",
        says(
            Reply(
                headers=(("Content-Type", XML), ("Content-Encoding", "gzip")),
                body=gzip.compress(rss(*(f"{n}번 묶음" for n in range(60)))),
            )
        ),
        reads(),
    ),
    fault("missing", says(Reply(status=404, reason="Not Found", body=NOT_FOUND)), reads()),
    fault("simple", says(feed("단순한 것")), reads()),
)
