"""Bodies that are compressed, or say that they are."""

from __future__ import annotations

import gzip
import zlib
from functools import cache

import brotli

from aggregator.domain.health import Health
from tests.faults.documents import XML, item, rss, rss_text
from tests.faults.fault import End, Fault, ends, fault, reads
from tests.faults.wire import Body, Headers, Reply, Serve, says

BAD_CODING = ends(Health.UNREACHABLE, Health.UNDECODABLE)
"""The body cannot be undone from its coding: no answer, or bytes that are no text."""

TOO_LARGE = ends(Health.TOO_LARGE)
ZSTD_BLOCK = 128 * 1024
MEGABYTE = 1024 * 1024


def coded(coding: str, body: Body, *more: tuple[str, str]) -> Serve:
    """A body under a Content-Encoding."""
    headers: Headers = (("Content-Type", XML), ("Content-Encoding", coding), *more)
    return says(Reply(headers=headers, body=body))


@cache
def zeros(form: int, megabytes: int = 1024) -> bytes:
    """So many megabytes of zeros, deflated; ``form`` is zlib's window size.

    A full flush makes each piece stand for itself, so that one serves for all. The checksum at the
    end is wrong, which nobody ever reaches.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, form)
    first = packer.compress(b"\0" * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b"\0" * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + piece * (megabytes - 1) + packer.flush()


def gzip_bomb() -> bytes:
    return zeros(zlib.MAX_WBITS + 16)


def nested_bomb() -> bytes:
    return gzip.compress(gzip_bomb())


def deflate_bomb() -> bytes:
    return zeros(zlib.MAX_WBITS)


def raw_deflate_bomb() -> bytes:
    return zeros(-zlib.MAX_WBITS)


def feed_then_bomb() -> bytes:
    """A good beginning, and then a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    text = rss_text([item("가")], end="<!--").encode()
    head = packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * 1024


@cache
def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    piece = b"\0" * (4 * MEGABYTE)
    pieces = [bytes(packer.process(piece)) for _ in range(64)]
    return b"".join([*pieces, packer.finish()])


def zstd(*blocks: tuple[int, bytes, int], window: int = 0x38) -> bytes:
    """A Zstandard frame (RFC 8878) of blocks: kind (0 raw, 1 run), content, size."""
    frame = b"\x28\xb5\x2f\xfd" + bytes([0x00, window])
    for number, (kind, content, size) in enumerate(blocks):
        is_last = number == len(blocks) - 1
        frame += (size << 3 | kind << 1 | is_last).to_bytes(3, "little") + content
    return frame


def zstd_bomb() -> bytes:
    """A gigabyte of zeros in 32 kB: runs of the largest block."""
    head = b"\x28\xb5\x2f\xfd\x00\x38"
    run = (ZSTD_BLOCK << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    return head + run * (1024 * MEGABYTE // ZSTD_BLOCK)


def zstd_of(body: bytes) -> bytes:
    return zstd((0, body, len(body)))


def zstd_of_huge_window() -> bytes:
    """A frame that asks its reader for a window of 2 TB."""
    return zstd((0, rss("가"), len(rss("가"))), window=0xF8)


def two_members() -> bytes:
    """One document in two gzip members (RFC 1952 section 2.2), cut between its items."""
    text = rss("앞 조각의 보도자료", "뒤 조각의 보도자료")
    cut = text.index(b"</item>") + len(b"</item>")
    return gzip.compress(text[:cut]) + gzip.compress(text[cut:])


def broken_gzip() -> bytes:
    """The compressed data goes wrong in its middle."""
    whole = gzip.compress(rss(*map(str, range(500))))
    middle = len(whole) // 2
    return whole[:middle] + b"\xff" * 64 + whole[middle + 64 :]


def honest(name: str, coding: str, pack: Body, title: str, *others: End) -> Fault:
    """A document that is whole under its coding."""
    end = reads(title)
    for other in others:
        end |= other
    return fault(name, coded(coding, pack), end)


FAULTS: tuple[Fault, ...] = (
    fault("gzip-bomb", coded("gzip", gzip_bomb), TOO_LARGE),
    fault("gzip-bomb-nested", coded("gzip, gzip", nested_bomb), TOO_LARGE | BAD_CODING),
    fault("gzip-bomb-after-feed", coded("gzip", feed_then_bomb), TOO_LARGE),
    fault("deflate-bomb", coded("deflate", deflate_bomb), TOO_LARGE),
    fault("deflate-raw-bomb", coded("deflate", raw_deflate_bomb), TOO_LARGE),
    fault("brotli-bomb", coded("br", brotli_bomb), TOO_LARGE),
    fault("zstd-bomb", coded("zstd", zstd_bomb), TOO_LARGE),
    fault("zstd-huge-window", coded("zstd", zstd_of_huge_window), TOO_LARGE | BAD_CODING),
    honest("gzip-honest", "gzip", gzip.compress(rss("지집 보도자료")), "지집 보도자료"),
    honest("x-gzip-honest", "x-gzip", gzip.compress(rss("엑스 보도자료")), "엑스 보도자료"),
    honest("gzip-upper-case", " GZIP ", gzip.compress(rss("큰 글자")), "큰 글자"),
    honest("deflate-honest", "deflate", zlib.compress(rss("디플레이트")), "디플레이트"),
    honest(
        "deflate-raw-honest",
        "deflate",
        zlib.compress(rss("날 디플레이트"), wbits=-zlib.MAX_WBITS),
        "날 디플레이트",
    ),
    honest("brotli-honest", "br", brotli.compress(rss("브로틀리")), "브로틀리"),
    honest("zstd-honest", "zstd", zstd_of(rss("지스탠더드")), "지스탠더드"),
    honest("coding-identity", "identity", rss("있는 그대로"), "있는 그대로"),
    honest(
        "gzip-padded", "gzip", gzip.compress(rss("뒤에 덧붙은 것")) + b"\0" * 512, "뒤에 덧붙은 것"
    ),
    honest(
        "coding-twice",
        "deflate, gzip",
        gzip.compress(zlib.compress(rss("두 번 싼 것"))),
        "두 번 싼 것",
        BAD_CODING,
    ),
    honest("coding-lies", "gzip", rss("압축했다고 한 것"), "압축했다고 한 것", BAD_CODING),
    fault(
        "gzip-two-members",
        coded("gzip", two_members),
        reads("앞 조각의 보도자료", "뒤 조각의 보도자료"),
    ),
    fault("coding-unknown", coded("sdch", rss("가")), BAD_CODING),
    fault("coding-very-long", coded("gzip" * 2000, rss("가")), BAD_CODING),
    fault(
        "gzip-truncated", coded("gzip", gzip.compress(rss(*map(str, range(99))))[:-40]), BAD_CODING
    ),
    fault("gzip-broken", coded("gzip", broken_gzip), BAD_CODING),
    fault(
        "brotli-truncated",
        coded("br", brotli.compress(rss(*map(str, range(99))))[:-40]),
        BAD_CODING,
    ),
    fault("zstd-truncated", coded("zstd", zstd_of(rss("가"))[:-40]), BAD_CODING),
    fault("gzip-of-nothing", coded("gzip", b""), ends(Health.EMPTY)),
    fault(
        "gzip-unannounced",
        says(Reply(headers=(("Content-Type", XML),), body=gzip.compress(rss("말 없이 싼 것")))),
        reads("말 없이 싼 것") | ends(Health.UNDECODABLE, Health.NOT_A_FEED),
    ),
)
