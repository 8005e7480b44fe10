"""Servers that take their time, or never end."""

from __future__ import annotations

import asyncio

from aggregator.domain.health import Health
from tests.faults.documents import XML, feed, rss
from tests.faults.fault import Fault, ends, fault, reads
from tests.faults.wire import Exchange, Reply

PATIENCE = 30.0
"""Seconds that a visit may take which only its deadline of 20 seconds ends."""

HEAD = Reply(headers=(("Content-Type", XML),))
SLOW = ends(Health.SLOW)
CUT_OFF = ends(Health.UNREACHABLE, Health.TOO_LARGE)
"""The head of the answer is too long to be taken: no answer, or one too large."""


async def no_answer(exchange: Exchange) -> None:
    await exchange.hang()


async def slow_headers(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    await exchange.flood(b"X-Wait: a little longer\r\n", pause=1.0)


async def dripping_head(exchange: Exchange) -> None:
    await exchange.drip(b"HTTP/1.1 200 OK\r\nContent-Type: " + b"x" * 1000, every=0.2)


async def dripping_body(exchange: Exchange) -> None:
    await exchange.head(HEAD, length=2000)
    await exchange.drip(rss("가"), every=0.2)


async def dripping_chunks(exchange: Exchange) -> None:
    await exchange.head(
        Reply(headers=(("Content-Type", XML), ("Transfer-Encoding", "chunked"))), length=None
    )
    await exchange.flood(b"1\r\n \r\n", pause=0.5)


async def stalls_in_the_body(exchange: Exchange) -> None:
    body = rss("가", "나")
    await exchange.head(HEAD, length=len(body))
    await exchange.send(body[: len(body) // 2])
    await exchange.hang()


async def slow_hops_that_add_up(exchange: Exchange) -> None:
    """Each hop takes less than the deadline, all together more."""
    number = int(exchange.path.rpartition("/")[2]) if "/hop/" in exchange.path else 0
    await asyncio.sleep(6)
    if number == 5:
        await exchange.answer(feed("늦게 온 보도자료"))
        return
    target = f"/hop/{number + 1}"
    await exchange.answer(Reply(status=302, reason="Found", headers=(("Location", target),)))


async def late(exchange: Exchange) -> None:
    await asyncio.sleep(4)
    await exchange.answer(feed("늦었지만 온전한 보도자료"))


async def in_pieces(exchange: Exchange) -> None:
    body = rss("조각조각 온 보도자료", "둘째 조각의 보도자료")
    await exchange.head(HEAD, length=len(body))
    size = len(body) // 10 + 1
    for start in range(0, len(body), size):
        await exchange.send(body[start : start + size])
        await asyncio.sleep(0.3)


async def endless_body(exchange: Exchange) -> None:
    await exchange.head(HEAD, length=None)
    await exchange.flood(b"<!-- and so on, and so on -->" * 2000)


async def endless_chunks(exchange: Exchange) -> None:
    await exchange.head(
        Reply(headers=(("Content-Type", XML), ("Transfer-Encoding", "chunked"))), length=None
    )
    await exchange.flood(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")


async def endless_headers(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    await exchange.flood(b"X-More: and more\r\n" * 500)


async def endless_line(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    await exchange.flood(b"x" * 0x8000)


async def endless_status(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 ")
    await exchange.flood(b"O" * 0x8000)


async def huge_header(exchange: Exchange) -> None:
    await exchange.answer(feed("가", headers=(("X-Long", "x" * 1_000_000),)))


async def many_headers(exchange: Exchange) -> None:
    many = tuple((f"X-Number-{number}", "1") for number in range(10_000))
    await exchange.answer(feed("머리말이 만 개인 보도자료", headers=many))


async def flood_of_interim(exchange: Exchange) -> None:
    await exchange.flood(b"HTTP/1.1 100 Continue\r\n\r\n" * 50, pause=0.05)


async def some_interim(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
    await exchange.send(b"HTTP/1.1 102 Processing\r\n\r\n")
    await exchange.answer(feed("먼저 알린 뒤 온 보도자료"))


async def title_of_200_megabytes(exchange: Exchange) -> None:
    await exchange.head(HEAD, length=200 * 1024 * 1024)
    await exchange.send(b'<rss version="2.0"><channel><item><title>')
    await exchange.flood("가나다라".encode() * 4000)


async def million_items(exchange: Exchange) -> None:
    await exchange.head(HEAD, length=None)
    await exchange.send(b'<rss version="2.0"><channel>')
    await exchange.flood(b"<item><title>One of a million</title></item>" * 1000)


FAULTS: tuple[Fault, ...] = (
    fault("no-answer", no_answer, SLOW, seconds=PATIENCE),
    fault("slow-headers", slow_headers, SLOW, seconds=PATIENCE),
    fault("dripping-head", dripping_head, SLOW, seconds=PATIENCE),
    fault("dripping-body", dripping_body, SLOW, seconds=PATIENCE),
    fault("dripping-chunks", dripping_chunks, SLOW, seconds=PATIENCE),
    fault("stalls-in-body", stalls_in_the_body, SLOW, seconds=PATIENCE),
    # Hops on one host keep its spacing, which takes nothing from the deadline.
    fault("slow-hops", slow_hops_that_add_up, SLOW, seconds=PATIENCE + 10),
    fault("late-answer", late, reads("늦었지만 온전한 보도자료")),
    fault("in-pieces", in_pieces, reads("조각조각 온 보도자료", "둘째 조각의 보도자료")),
    fault("endless-body", endless_body, ends(Health.TOO_LARGE)),
    fault("endless-chunks", endless_chunks, ends(Health.TOO_LARGE)),
    fault("endless-headers", endless_headers, CUT_OFF),
    fault("endless-header-line", endless_line, CUT_OFF),
    fault("endless-status-line", endless_status, CUT_OFF),
    fault("huge-header", huge_header, CUT_OFF),
    fault("ten-thousand-headers", many_headers, CUT_OFF | reads("머리말이 만 개인 보도자료")),
    fault(
        "interim-flood",
        flood_of_interim,
        ends(Health.SLOW, Health.UNREACHABLE, Health.TOO_LARGE),
        seconds=PATIENCE,
    ),
    fault("interim-answers", some_interim, reads("먼저 알린 뒤 온 보도자료")),
    fault("title-200-megabytes", title_of_200_megabytes, ends(Health.TOO_LARGE)),
    fault("million-items", million_items, ends(Health.TOO_LARGE)),
)
