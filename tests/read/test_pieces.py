"""Documents as the bytes of their entries, without parsing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.read.parsing.pieces import cut, undated, without

HEAD = b"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>%s"
TAIL = b"</channel></rss>"


def document(*entries: bytes, head: bytes = b"") -> bytes:
    return HEAD % head + b"\n".join(b"<item>" + one + b"</item>" for one in entries) + TAIL


def test_entries_are_told_apart() -> None:
    """Equal entries have equal digests wherever they stand."""
    one, other = cut(document(b"a", b"b")), cut(document(b"c", b"a"))
    assert one is not None
    assert other is not None
    assert one.entries[0] == other.entries[1]
    assert one.head == other.head
    assert one.entries[1] != other.entries[0]


@pytest.mark.parametrize(
    "element",
    [
        b"<lastBuildDate>%s</lastBuildDate>",
        b"<pubDate>%s</pubDate>",
        b"<dc:date>%s</dc:date>",
        b"<updated>%s</updated>",
        b"<!-- made in %s seconds -->",
    ],
)
def test_the_documents_own_date_is_none_of_its_words(element: bytes) -> None:
    """A document that only says when it was made says the same as before."""
    one, other = (cut(document(b"a", head=element % date)) for date in (b"10:00", b"11:00"))
    assert one is not None
    assert other is not None
    assert (one.head, one.entries) == (other.head, other.entries)


def test_another_title_of_the_channel_is_another_document() -> None:
    """Only dates and comments are passed over."""
    one, other = cut(document(b"a", head=b"<x>1</x>")), cut(document(b"a", head=b"<x>2</x>"))
    assert one is not None
    assert other is not None
    assert one.head != other.head


def test_an_entrys_own_date_counts() -> None:
    """Within an entry a date is a word like any other."""
    one, other = (cut(document(b"<pubDate>%d</pubDate>" % day)) for day in (1, 2))
    assert one is not None
    assert other is not None
    assert one.entries != other.entries


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        document(),
        document(b"<![CDATA[</item><item>]]>"),
        document(b"<!-- </item><item> -->"),
        document(b"<item>nested</item>"),
        document(b"a") + b"<item>left open",
        HEAD % b"" + b"<item>a</item>text<item>b</item>" + TAIL,
        HEAD % b"" + b"<item/>" + TAIL,
        HEAD % b"" + b"<item>a</item><entry>b</entry>" + TAIL,
        b"<!DOCTYPE x [<!ENTITY e 'y'>]>" + document(b"&e;"),
        document(b"a").decode().encode("utf-16"),
        b"<!-- <item>a</item> -->" + TAIL,
    ],
    ids=[
        "nothing", "page", "no entries", "cdata", "comment", "nested", "cut off", "text between",
        "empty element", "two names", "doctype", "utf-16", "all in a comment",
    ],
)  # fmt: skip
def test_what_leaves_doubt_is_read_whole(body: bytes) -> None:
    """No pieces are better than wrong ones."""
    assert cut(body) is None


def test_known_entries_are_left_out() -> None:
    """What remains is a document with the others alone."""
    body = document(b"a", b"b", b"c")
    pieces = cut(body)
    assert pieces is not None
    rest = without(body, pieces, {pieces.entries[0], pieces.entries[2]})
    assert document(b"b").replace(b"\n", b"") == rest.replace(b"\n", b"")


@given(st.lists(st.text("ab<>&;-![]CDATA/item ", max_size=30), max_size=6), st.binary(max_size=40))
def test_any_bytes_have_pieces_or_none(entries: list[str], junk: bytes) -> None:
    """Pieces put together again are the document."""
    body = document(*(entry.encode() for entry in entries)) + junk
    pieces = cut(body)
    if pieces is not None:
        assert without(body, pieces, ()) == body
        assert len(pieces.spans) == len(pieces.entries)


@pytest.mark.parametrize(
    "body",
    [
        b"<!--" * 500_000,
        b"<item>" + b"<" * 3_000_000 + b"</item>",
        b"<pubDate" * 300_000 + document(b"a"),
        document(b"a") + b" " * 2_000_000 + document(b"a"),
        document(*[b"x"] * 100_000),
    ],
    ids=["comments", "brackets", "open dates", "blanks", "entries"],
)
def test_hostile_bytes_take_no_time(body: bytes) -> None:
    """Nothing here looks at a byte more than a few times; the bound only tells a hang."""
    began = time.process_time()
    cut(body)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (b"<pubDate>1</pubDate>", b"<pubDate>2</pubDate>", True),
        (b"<!-- 1 -->", b"<!-- 2 -->", True),
        (b"<items><li/></items><dc:date>1</dc:date>", b"<items><li/></items><dc:date>2</dc:date>", True),
        (b"<rdf:Seq><rdf:li resource='1'/></rdf:Seq>", b"<rdf:Seq></rdf:Seq>", True),
        (b"<title>1</title>", b"<title>2</title>", False),
        (b"<item><pubDate>1</pubDate></item>", b"<item><pubDate>2</pubDate></item>", False),
        (b"<!DOCTYPE r [<!ENTITY e '<pubDate>1</pubDate>'>]>",
         b"<!DOCTYPE r [<!ENTITY e '<pubDate>2</pubDate>'>]>", False),
    ],
)  # fmt: skip
def test_a_document_is_known_again_by_all_but_its_own_dates(
    one: bytes, other: bytes, *, is_same: bool
) -> None:
    """Without being parsed; of an entry every word counts."""
    known, came = undated(document(b"a", head=one)), undated(document(b"a", head=other))
    assert is_same is (known == came)


@pytest.mark.parametrize(
    "body", [b"", b"<rss><pubDate>1</pubDate></rss>", "<item>".encode("utf-16")]
)
def test_a_document_without_entries_is_known_by_all_of_its_bytes(body: bytes) -> None:
    assert (b"", body) == undated(body)
