"""Codings are undone, in whatever pieces they come, and never unfold past a limit."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from functools import partial

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import ConnectFailed, TooLarge
from aggregator.fetch.body import BodyTooLarge, BoundedBody, decoded
from aggregator.fetch.codings import BadCoding
from tests.fetch.make import fetched, get
from tests.fixtures.http import Answer, serve

BODY = "<rss><channel><title>보도자료</title></channel></rss>".encode() * 40
MIB = 1024 * 1024


def raw_deflate(body: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return coder.compress(body) + coder.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=4),
    "zstd": zstd.compress,
}


def coded(coding: str, body: bytes, **more: float) -> Answer:
    return Answer(headers=[("Content-Encoding", coding)], body=body, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer",
    [
        coded("gzip", gzip.compress(BODY)),
        coded("X-GZIP", gzip.compress(BODY)),
        coded("gzip", gzip.compress(BODY) + b"\0" * 20),
        coded("gzip", gzip.compress(BODY[:99]) + gzip.compress(BODY[99:])),
        coded("deflate", zlib.compress(BODY)),
        coded("deflate", raw_deflate(BODY)),
        coded("deflate", gzip.compress(BODY)),
        coded("br", brotli.compress(BODY)),
        coded("zstd", zstd.compress(BODY)),
        coded("zstd", zstd.compress(BODY[:99]) + zstd.compress(BODY[99:])),
        coded("zstd", zstd.compress(BODY) + b"\0" * 9),
        coded("identity", BODY),
        coded("gzip, gzip", gzip.compress(gzip.compress(BODY))),
        coded("gzip, br", brotli.compress(gzip.compress(BODY))),
        coded("gzip", gzip.compress(BODY), drip=0.0005),
        coded("deflate", raw_deflate(BODY), drip=0.0005),
        coded("br", brotli.compress(BODY), drip=0.0005),
        coded("zstd", zstd.compress(BODY), drip=0.0005),
    ],
    ids=lambda answer: str(answer.headers[0][1]),
)
def test_codings_are_undone(answer: Answer) -> None:
    """The body is the same however it was packed, and in whatever pieces it came."""
    with serve(answer) as office:
        assert BODY == fetched(office).body


@pytest.mark.parametrize(
    "answer",
    [
        coded("gzip", gzip.compress(BODY)[:-9]),
        coded("gzip", gzip.compress(BODY)[:1]),
        coded("gzip", gzip.compress(BODY)[:-8] + b"\0" * 8),
        coded("gzip", BODY),
        coded("deflate", zlib.compress(BODY)[:-2]),
        coded("deflate", b"\xff\xff\xff"),
        coded("br", b"x"),
        coded("br", brotli.compress(BODY)[:-2]),
        coded("zstd", BODY),
        coded("zstd", zstd.compress(BODY)[:-2]),
        coded("zstd", zstd.compress(BODY)[:3]),
        coded("gzip, br", gzip.compress(BODY)),
        coded("gzip, br", brotli.compress(gzip.compress(BODY)[:-9])),
        coded("compress", BODY),
        coded("gzip, gzip, gzip, gzip", BODY),
    ],
    ids=lambda answer: str(answer.headers[0][1]),
)
def test_a_body_that_cannot_be_undone_is_refused(answer: Answer) -> None:
    """Half a document is never taken for a whole one."""
    with serve(answer) as office, pytest.raises(ConnectFailed, match=r"^127\.0\.0\.1: ") as caught:
        get(office)
    assert "connect_failed" == caught.value.code


@pytest.mark.parametrize("coding", ["", "gzip", "deflate", "br", "zstd", "gzip, br"])
def test_an_empty_body_is_one_in_every_coding(coding: str) -> None:
    """Some servers claim a coding for nothing at all."""
    with serve(coded(coding, b"")) as office:
        assert b"" == fetched(office).body


@pytest.mark.parametrize("coding", [*PACKERS, "raw", "gzip, br", "gzip, zstd"])
def test_a_bomb_is_bounded(coding: str) -> None:
    """20 MB in a few kB never unfold, and what is taken meanwhile is no multiple of the limit."""
    bomb = b"\0" * 20_000_000
    for one in coding.split(", "):
        bomb = raw_deflate(bomb) if one == "raw" else PACKERS[one](bomb)
    body = BoundedBody("deflate" if coding == "raw" else coding, 2 * MIB)
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLarge):
            for _ in body.feed(bomb):
                pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * MIB


def test_a_bomb_over_the_wire_is_too_large() -> None:
    """It ends as what it is."""
    with (
        serve(coded("br", brotli.compress(b"\0" * 20_000_000, quality=4))) as office,
        pytest.raises(TooLarge, match=r"larger than 97\.66 KiB"),
    ):
        get(office, max_bytes=100_000)


def test_a_window_that_no_sender_may_use_is_refused() -> None:
    """A frame of zstd that wants 128 MiB to be decoded gets none (RFC 9659)."""
    wide = {int(zstd.CompressionParameter.window_log): 27}
    # A frame whose size is not known beforehand says what window it wants.
    coder = zstd.ZstdCompressor(options=wide)
    frame = coder.compress(b"x" * 1000) + coder.flush()
    with pytest.raises(BadCoding):
        decoded(frame, "zstd", MIB)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_many_parts_are_bounded(coding: str) -> None:
    """A body of nothing but beginnings costs no time."""
    with pytest.raises(BadCoding, match="too many parts"):
        decoded(PACKERS[coding](b"") * 2000, coding, MIB)


@given(
    body=st.binary(max_size=3000),
    packing=st.lists(st.sampled_from(sorted(PACKERS)), max_size=3),
    step=st.integers(1, 500),
)
def test_any_body_comes_back(body: bytes, packing: list[str], step: int) -> None:
    """Packed in any way and cut into any pieces, it is the same; and the wire is what was sent."""
    sent = body
    for coding in packing:
        sent = PACKERS[coding](sent)
    bounded = BoundedBody(", ".join(packing), 10_000)
    for at in range(0, len(sent), step):
        for _ in bounded.feed(sent[at : at + step]):
            pass
    whole, wire = bounded.finish()
    assert (body, sent) == (whole, wire)
    assert body == decoded(wire, bounded.coding, 10_000)


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKERS)))
def test_noise_is_refused_or_read(noise: bytes, coding: str) -> None:
    """Nothing but the two errors comes of a body that is none."""
    with contextlib.suppress(BadCoding, BodyTooLarge):
        assert len(decoded(noise, coding, 1000)) <= 1000


def test_the_body_is_kept_as_it_came() -> None:
    """Compressed for whoever keeps it; the same object where nothing was compressed."""
    packed = zstd.compress(BODY)
    with serve(
        [coded("zstd", packed), Answer(body=BODY), coded("x-gzip", gzip.compress(BODY))]
    ) as office:
        answer, plain, old = fetched(office), fetched(office), fetched(office)
    assert (packed, "zstd") == (answer.wire, answer.coding)
    assert plain.wire is plain.body
    assert ("", "gzip") == (plain.coding, old.coding)
