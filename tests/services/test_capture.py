"""What is kept of a visit, and that no secret is."""

from __future__ import annotations

import tomllib
import zlib
from datetime import UTC, datetime

import pytest

from aggregator.domain.errors import ReadError
from aggregator.domain.visits import Payload
from aggregator.services.intake.payloads import by_visit, unpack
from aggregator.services.trials.capture import Mask, capture_visit, files_of
from tests.fixtures.records import make_feed

AT = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)
KEY = "a+b/c=="


def payload(body: bytes, feed_id: str = "molit", **changes: str) -> Payload:
    return Payload(feed_id=feed_id, seen_at=AT, body=body, **changes)


def test_secrets_are_masked_in_every_spelling() -> None:
    """In the address and in what the server repeats of it."""
    mask = Mask(address=lambda url: url, secrets=(KEY,))
    body = b"<x>a+b/c== a%2Bb/c%3D%3D a%2Bb%2Fc%3D%3D</x>"
    one = capture_visit(
        [payload(body, url="https://a.example/?k=a%2Bb%2Fc%3D%3D")], make_feed(), mask
    )

    files = files_of(one)

    assert len(body) == len(files["document-1.xml"])
    assert b"c%3D" not in b"".join(files.values())
    assert b"a+b" not in b"".join(files.values())


def test_further_pages_are_further_documents() -> None:
    """In their order, each with what came with it."""
    visit = [payload(b"<a/>", url="https://a.example/1"), payload(b"{}", url="https://a.example/2")]

    files = files_of(capture_visit(visit, make_feed(), Mask(address=lambda url: url)))

    told = tomllib.loads(files["capture.toml"].decode())
    assert ["document-1.xml", "document-2.jsonfeed"] == [one["file"] for one in told["documents"]]
    assert AT == told["seen_at"]


def test_visits_are_told_apart() -> None:
    """By feed and instant, also where pages of two feeds come in turn."""
    pages = [payload(b"1"), payload(b"2", "seoul"), payload(b"3"), payload(b"4", "seoul")]

    assert [[b"1", b"3"], [b"2", b"4"]] == [[one.body for one in each] for each in by_visit(pages)]


def test_deflate_with_and_without_its_header() -> None:
    """Servers mean both by one name."""
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(b"text") + raw.flush()

    for body in (zlib.compress(b"text"), bare):
        assert b"text" == unpack(payload(body, coding="deflate"), 10)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (zlib.compress(b"x" * 100_000), "deflate"),
        (b"junk", "gzip"),
        (zlib.compress(b"text")[:-3], "deflate"),
        (b"x", "secret"),
    ],
)
def test_what_cannot_be_unpacked(body: bytes, coding: str) -> None:
    """A bomb, no such coding, a cut-off one, an unknown one."""
    with pytest.raises(ReadError):
        unpack(payload(body, coding=coding), 10)
