"""Answers whose lengths lie, and connections that end where they should not."""

from __future__ import annotations

import asyncio

from aggregator.domain.health import Health
from tests.faults.documents import XML, feed, rss
from tests.faults.fault import Door, Fault, ends, fault, reads
from tests.faults.wire import Exchange, Reply, Serve, raw, says

NO_ANSWER = ends(Health.UNREACHABLE)
BROKEN_OFF = ends(Health.UNREACHABLE, Health.REFUSED)
"""Who breaks off says nothing, or does not want visitors from here."""

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\n"
CHUNKED = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def with_head(*lines: str, body: bytes = b"") -> Serve:
    """An answer with these header lines as they are."""
    return raw(
        OK_HEAD + "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n" + body
    )


def chunk(data: bytes, size: bytes | None = None) -> bytes:
    return (size or f"{len(data):x}".encode()) + b"\r\n" + data + b"\r\n"


def too_long() -> Serve:
    return says(Reply(headers=(("Content-Type", XML),), body=rss("가"), length=100_000))


def too_short() -> Serve:
    """The claimed length ends after the first item."""
    body = rss("길이 안의 보도자료", "길이 밖의 보도자료")
    length = body.index(b"</item>") + len(b"</item>")
    return says(Reply(headers=(("Content-Type", XML),), body=body, length=length))


async def reset_in_the_body(exchange: Exchange) -> None:
    body = rss("가", "나")
    await exchange.head(Reply(headers=(("Content-Type", XML),)), length=len(body))
    await exchange.send(body[: len(body) * 2 // 3])
    await asyncio.sleep(0.2)
    exchange.reset()


async def reset_before_answer(exchange: Exchange) -> None:
    exchange.reset()


async def silence(exchange: Exchange) -> None:
    """Close without an octet."""


def status(line: str) -> Serve:
    """A whole answer under a status line as it is."""
    body = rss("가")
    return raw(
        f"{line}\r\nContent-Length: {len(body)}\r\nContent-Type: {XML}\r\n\r\n".encode() + body
    )


FEED = rss("가")
WHOLE = f"Content-Length: {len(FEED)}"
TWO_PARTS = (rss("덩이로 온 보도자료")[:100], rss("덩이로 온 보도자료")[100:])

FAULTS: tuple[Fault, ...] = (
    fault("length-too-long", too_long(), NO_ANSWER),
    fault("length-too-short", too_short(), reads("길이 안의 보도자료") | NO_ANSWER),
    fault("length-negative", with_head("Content-Length: -5", body=FEED), NO_ANSWER),
    fault("length-garbage", with_head("Content-Length: many", body=FEED), NO_ANSWER),
    fault(
        "length-two-values",
        with_head(WHOLE, f"Content-Length: {len(FEED) - 9}", body=FEED),
        NO_ANSWER,
    ),
    fault(
        "length-ten-gigabytes",
        with_head("Content-Length: 10737418240", body=FEED),
        ends(Health.TOO_LARGE) | NO_ANSWER,
    ),
    fault(
        "length-absurd",
        with_head(f"Content-Length: {'9' * 4000}", body=FEED),
        NO_ANSWER | ends(Health.TOO_LARGE),
    ),
    fault(
        "length-and-chunks",
        with_head(WHOLE, "Transfer-Encoding: chunked", body=chunk(FEED) + b"0\r\n\r\n"),
        reads("가") | NO_ANSWER,
    ),
    fault(
        "transfer-coding-unknown",
        with_head("Transfer-Encoding: wrapped", body=FEED),
        NO_ANSWER | reads("가"),
    ),
    fault("chunks-without-end", raw(CHUNKED + chunk(FEED)), NO_ANSWER),
    fault("chunk-size-broken", raw(CHUNKED + chunk(FEED, b"zz")), NO_ANSWER),
    fault("chunk-size-negative", raw(CHUNKED + chunk(FEED, b"-1")), NO_ANSWER),
    fault(
        "chunk-size-absurd",
        raw(CHUNKED + chunk(FEED, b"FFFFFFFFFFFFFFFF")),
        NO_ANSWER | ends(Health.TOO_LARGE),
    ),
    fault("chunk-size-too-small", raw(CHUNKED + chunk(FEED, b"10") + b"0\r\n\r\n"), NO_ANSWER),
    fault(
        "chunk-extension-huge",
        raw(CHUNKED + chunk(FEED, b"5;" + b"x" * 500_000)),
        NO_ANSWER | ends(Health.TOO_LARGE),
    ),
    fault(
        "chunks-honest",
        raw(CHUNKED + b"".join(map(chunk, TWO_PARTS)) + b"0\r\nX-Trailer: end\r\n\r\n"),
        reads("덩이로 온 보도자료"),
    ),
    fault("until-close", with_head(body=rss("끝까지 온 보도자료")), reads("끝까지 온 보도자료")),
    fault("reset-in-body", reset_in_the_body, BROKEN_OFF),
    fault("reset-before-answer", reset_before_answer, BROKEN_OFF),
    fault("close-without-octet", silence, BROKEN_OFF),
    fault("close-after-status", raw(b"HTTP/1.1 200 OK\r\n"), BROKEN_OFF),
    fault("close-in-headers", raw(OK_HEAD + b"X-Half: wo"), BROKEN_OFF),
    fault(
        "reset-after-headers",
        raw(OK_HEAD + b"Content-Length: 500\r\n\r\n", then_reset=True),
        BROKEN_OFF,
    ),
    Fault(name="nobody-listens", serve=silence, ends=(NO_ANSWER,), door=Door.CLOSED),
    fault("http-0-9", raw(FEED), NO_ANSWER),
    fault("status-line-garbage", raw(b"\x00\xff\x17 hello\r\n\r\n" + FEED), NO_ANSWER),
    fault("speaks-ssh", raw(b"SSH-2.0-OpenSSH_9.7\r\n"), NO_ANSWER),
    fault("speaks-ftp", raw(b"220 ftp.example ready\r\n"), NO_ANSWER),
    fault(
        "speaks-http-2",
        raw(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00\x03\x00\x00\x00\x64" * 3),
        NO_ANSWER,
    ),
    fault("http-version-odd", status("HTTP/7.3 200 OK"), reads("가") | NO_ANSWER),
    fault("http-1-0", status("HTTP/1.0 200 OK"), reads("가")),
    fault("status-without-reason", status("HTTP/1.1 200"), reads("가")),
    fault("status-reason-korean", status("HTTP/1.1 200 좋음"), reads("가")),
    fault("status-abc", status("HTTP/1.1 abc OK"), NO_ANSWER),
    fault("status-99", status("HTTP/1.1 99 Strange"), NO_ANSWER | ends(Health.HTTP_ERROR)),
    fault("status-000", status("HTTP/1.1 000 Strange"), NO_ANSWER | ends(Health.HTTP_ERROR)),
    fault("status-600", status("HTTP/1.1 600 Strange"), NO_ANSWER | ends(Health.HTTP_ERROR)),
    fault(
        "status-999",
        status("HTTP/1.1 999 Request denied"),
        NO_ANSWER | ends(Health.HTTP_ERROR, Health.REFUSED),
    ),
    fault("status-2000", status("HTTP/1.1 2000 OK"), NO_ANSWER),
    fault(
        "header-without-colon",
        with_head("X-No-Colon-Here", WHOLE, body=FEED),
        NO_ANSWER | reads("가"),
    ),
    fault(
        "header-name-spaced", with_head("X Spaced : v", WHOLE, body=FEED), NO_ANSWER | reads("가")
    ),
    fault("header-with-nul", with_head("X-Nul: a\x00b", WHOLE, body=FEED), NO_ANSWER | reads("가")),
    fault(
        "header-with-bare-cr",
        with_head("X-Cr: a\rSet-Cookie: b=c", WHOLE, body=FEED),
        NO_ANSWER | reads("가"),
    ),
    fault("header-folded", with_head("X-Folded: a", " b", "\tc", WHOLE, body=FEED), reads("가")),
    fault("header-octets", with_head("Server: \xc7\xd1\xb1\xdb", WHOLE, body=FEED), reads("가")),
    fault(
        "header-line-feeds",
        raw(f"HTTP/1.1 200 OK\nContent-Type: {XML}\n{WHOLE}\n\n".encode() + FEED),
        reads("가"),
    ),
    fault(
        "answer-twice",
        raw(OK_HEAD + f"{WHOLE}\r\n\r\n".encode() + FEED + OK_HEAD + b"\r\n" + rss("나")),
        reads("가"),
    ),
    fault(
        "header-repeated",
        says(feed("가", headers=(("Content-Type", "text/html"), ("ETag", "a"), ("ETag", "b")))),
        reads("가"),
    ),
)
