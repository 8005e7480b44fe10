"""Documents read in this process, and by the kind of their feed."""

from __future__ import annotations

import asyncio

import pytest

from aggregator.domain.errors import EmptyBody, NotAFeed, ReadError, TooDeep
from aggregator.domain.feeds import FeedKind
from aggregator.pool.inline import InlineReader
from aggregator.ports import Document, Inspected
from aggregator.services.inspect import document_reader
from tests.fixtures.records import NOW, make_feed


def read(body: bytes, kind: FeedKind = FeedKind.FEED) -> Inspected:
    """A document read where the test runs."""
    reader = InlineReader(document_reader({}))
    return asyncio.run(reader.read(Document(body=body, feed=make_feed(kind=kind), now=NOW)))


def test_a_document_is_read() -> None:
    """As in a child."""
    found = read(b"<rss><channel><item><title>x</title></item></channel></rss>")

    assert ["x"] == [item.title for item in found.items]


def test_an_error_of_reading_is_itself() -> None:
    """Nothing is wrapped."""
    with pytest.raises(EmptyBody):
        read(b"")


def test_a_kind_that_nobody_reads_is_refused() -> None:
    """What editors typed in has no document."""
    with pytest.raises(NotAFeed, match="'manual'"):
        read(b"<rss/>", FeedKind.MANUAL)


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (KeyError("x"), ReadError, "KeyError in the program"),
        (RecursionError(), TooDeep, "nested too deeply"),
    ],
)
def test_a_mistake_of_the_program_is_told_of_the_document(
    error: Exception, kind: type[ReadError], message: str
) -> None:
    """The feeds beside it go on."""

    def trip(_document: Document) -> Inspected:
        raise error

    with pytest.raises(ReadError, match=message) as raised:
        asyncio.run(InlineReader(trip).read(Document(body=b"", feed=make_feed(), now=NOW)))
    assert kind is type(raised.value)
