"""A document shown as a refresh would read it."""

from __future__ import annotations

import pytest

from aggregator.domain.errors import NotAFeed, ReadError
from aggregator.ports.reading import Document
from aggregator.services.trials.inline_reader import read_safely
from aggregator.services.trials.inspect import (
    Chosen,
    Reading,
    Text,
    declared_charset,
    inspect_document,
    readings,
)
from tests.fixtures.records import NOW, make_feed

DOCUMENT = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<title>보도자료</title><link>https://molit.example/</link>
<item><title>하나</title><link>/view?id=1</link></item>
<item><title>둘</title><link>/view?id=2</link></item>
"""


def test_the_items_that_would_be_stored_are_shown() -> None:
    """Links are resolved against where the document came from; the feed's settings hold."""
    feed = make_feed("molit", encoding="cp949")
    found = inspect_document(
        DOCUMENT.encode("cp949"), feed=feed, now=NOW, base_url="https://molit.example/rss/all.xml"
    )
    assert "보도자료" == found.parsed.title
    assert [
        ("하나", "https://molit.example/view?id=1"),
        ("둘", "https://molit.example/view?id=2"),
    ] == [(item.title, item.link) for item in found.items]


def test_each_warning_is_named_once() -> None:
    """Oddities of the document and of its entries are one list without repetition."""
    found = inspect_document(DOCUMENT.encode(), feed=make_feed(), now=NOW)
    assert {"cut-off", "undated-entries"} <= set(found.warnings)
    assert len(set(found.warnings)) == len(found.warnings)


def test_a_page_is_told_from_a_feed() -> None:
    """What is no feed raises the error that a refresh would record."""
    with pytest.raises(NotAFeed):
        inspect_document(b"<html><title>x</title></html>", feed=make_feed(), now=NOW)


BOARD = """<?xml version="1.0" encoding="euc-kr"?><rss version="2.0"><channel>
<title>시정 소식</title><link>https://city.example/</link>
<item><title>NOT SUPPORT</title></item>
<item><title>하나</title><link>/view?id=1</link><pubDate>2024.02.13</pubDate>
<description>시는 새 사업을 시작한다고 13일 밝혔다. 시민 누구나 신청할 수 있다.</description></item>
<item><title>하나</title><link>/view?id=1</link><pubDate>2024.02.13</pubDate></item>
<item><title>둘</title><guid>https://city.example/view?id=2&amp;utm_source=rss</guid>
<link>https://city.example/go/2</link><regdate>2024-02-14 10:00:00</regdate></item>
<item><title>셋</title><guid isPermaLink="false">c-3</guid><link>/view?id=3</link>
<pubDate>2042-02-13 09:00:00</pubDate>
<description><![CDATA[<iframe src="https://city.example/v"></iframe>]]></description></item>
<item><title>넷</title><pubDate>내일</pubDate></item>
</channel></rss>"""


def read_board() -> list[Reading]:
    feed = make_feed("city")
    found = inspect_document(
        BOARD.encode("cp949"), feed=feed, now=NOW, base_url="https://city.example/rss"
    )
    return readings(found, feed, NOW)


def test_each_item_is_shown_with_its_own_entry() -> None:
    """Also behind entries that became no items."""
    assert ["하나", "둘", "셋", "넷"] == [one.entry.title for one in read_board()]
    assert all(one.item.title == one.entry.title for one in read_board())


def test_the_element_of_a_date_is_named() -> None:
    """With its own string; another element than the one of publication is inferred."""
    assert [
        ("published", "2024.02.13", False),
        ("regdate", "2024-02-14 10:00:00", True),
        ("published", "2042-02-13 09:00:00", False),
        ("", "내일", False),
    ] == [(one.date_from, one.date_raw, one.inferred) for one in read_board()]


def test_what_a_key_was_made_of_is_named() -> None:
    """A link, an id that is an address, an id, or headline and day."""
    assert [Chosen.LINK, Chosen.GUID_ADDRESS, Chosen.GUID, Chosen.TITLE_DATE] == [
        one.chosen for one in read_board()
    ]


def test_boilerplate_is_told_from_nothing() -> None:
    """A viewer's frame is no text, and neither is no text."""
    assert [Text.STORED, Text.NONE, Text.BOILERPLATE, Text.NONE] == [
        one.text for one in read_board()
    ]


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (BOARD.encode("cp949"), "euc-kr"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><rss/>", "utf-8"),
        (b"<rss/>", ""),
        (b"\x00\x01" * 600, ""),
        (b"", ""),
    ],
)
def test_the_declaration_is_read_from_the_bytes(body: bytes, charset: str) -> None:
    """What it says, whether or not it is true."""
    assert charset == declared_charset(body)


def test_a_reader_that_breaks_down_is_a_document_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the feeds beside it are read all the same."""

    def trip(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("aggregator.services.trials.inspect.read_items", trip)
    document = Document(body=BOARD.encode("cp949"), feed=make_feed(), now=NOW)
    with pytest.raises(ReadError, match="ZeroDivisionError in the program"):
        read_safely(document, lambda _: None)
