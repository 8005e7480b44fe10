from __future__ import annotations

import json
from typing import Any

import pytest

from aggregator.domain.errors import NotAFeed
from aggregator.domain.items import Enclosure, Entry, Image
from aggregator.read.parsing.documents import read_document
from aggregator.read.parsing.parts import MAX_ENTRIES

URL = "https://city.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def feed(*items: object, **members: object) -> bytes:
    return json.dumps(
        {"version": VERSION, "title": "시정 소식", "items": items, **members}
    ).encode()


def entry(**members: object) -> Entry:
    return read_document(feed({"id": "1", **members}), url=URL).entries[0]


def test_feed_says_who_it_is() -> None:
    """Members of the top are those of a feed in any format."""
    found = read_document(
        feed(
            home_page_url="/",
            feed_url="feed.json",
            description="새 소식",
            language="ko",
            authors=[{"name": "대변인실"}],
            icon="/icon.png",
            favicon="/favicon.ico",
            hubs=[{"type": "WebSub", "url": "https://hub.example/"}],
        ),
        url=URL,
    )
    assert ("json11", "시정 소식", "https://city.example/") == (
        found.version, found.title, found.link,
    )  # fmt: skip
    assert ("새 소식", "ko", ("대변인실",)) == (found.subtitle, found.language, found.authors)
    assert "https://city.example/icon.png" == found.image
    assert ("https://city.example/feed.json", "https://hub.example/") == (
        found.self_url, found.hub_url,
    )  # fmt: skip
    assert ("utf-8", ("no-entries",)) == (found.encoding, found.warnings)


def test_item_is_an_entry() -> None:
    """Every member lands where that of an RSS item does."""
    found = entry(
        url="/view/1",
        title="제목",
        content_html="<p>본문</p>",
        summary="요약",
        image="/a.jpg",
        banner_image="/b.jpg",
        date_published="2026-09-23T12:00:00+09:00",
        date_modified="2026-09-24T12:00:00+09:00",
        authors=[{"name": "홍길동"}, {"url": "mailto:kim@city.example"}],
        tags=["보도자료", "교통"],
        language="ko",
        attachments=[{"url": "/a.pdf", "mime_type": "application/pdf", "size_in_bytes": 12.0}],
    )
    expected = Entry(
        guid="1",
        link="https://city.example/view/1",
        title="제목",
        summary="요약",
        content="<p>본문</p>",
        published="2026-09-23T12:00:00+09:00",
        updated="2026-09-24T12:00:00+09:00",
        authors=("홍길동", "kim@city.example"),
        categories=("보도자료", "교통"),
        enclosures=(
            Enclosure(url="https://city.example/a.pdf", media_type="application/pdf", length=12),
        ),
        thumbnail="https://city.example/a.jpg",
        images=(
            Image(url="https://city.example/a.jpg"),
            Image(url="https://city.example/b.jpg"),
        ),
        fields={"language": "ko"},
    )
    assert expected == found


@pytest.mark.parametrize(
    ("link", "members"),
    [
        ("https://city.example/here", {"url": "/here", "external_url": "https://b.example/"}),
        ("https://b.example/there", {"external_url": "https://b.example/there"}),
        ("https://c.example/7", {"id": "https://c.example/7"}),
        ("", {"id": "7"}),
        ("", {"url": "javascript:alert(1)"}),
    ],
)
def test_link_of_an_item(link: str, members: dict[str, Any]) -> None:
    """Its own address, else the one it tells of, else an id that is an address."""
    assert link == entry(**members).link


def test_text_becomes_markup_that_says_the_same() -> None:
    """Plain text is shown as it is, with its line ends."""
    assert "a &lt;b&gt; &amp; c<br>\nd" == entry(content_text="a <b> & c\r\nd").content


def test_authors_of_the_feed_are_those_of_an_item_without() -> None:
    """Version 1.1 says so; the deprecated single author counts like the list."""
    found = read_document(
        feed({"id": "1"}, {"id": "2", "author": {"name": "김"}}, author={"name": "대변인실"})
    )
    assert [("대변인실",), ("김",)] == [each.authors for each in found.entries]


def test_extensions_become_fields() -> None:
    """What stands in an extension is found by its path."""
    assert {"board_regdate": "2026-09-23", "board_no": "7", "open": "true"} == entry(
        _board={"regdate": "2026-09-23", "no": 7}, _open=True
    ).fields


def test_numbers_are_read_as_they_are_written() -> None:
    """An id may be a number of any length; no digit of it is lost."""
    digits = "9" * 6000
    body = f'{{"version": "{VERSION}", "items": [{{"id": {digits}, "title": 1e999}}]}}'.encode()
    found = read_document(body).entries[0]
    assert (digits, "1e999") == (found.guid, found.title)


def test_wrong_types_count_as_absent() -> None:
    """A member that is not what it should be spoils nothing else."""
    found = entry(
        title={"ko": "제목"}, url=["x"], tags="교통", authors={"name": "홍길동"}, attachments={"a": 1},
        content_html=None, image=False, date_published=[], summary="요약",
    )  # fmt: skip
    assert Entry(guid="1", summary="요약", authors=("홍길동",)) == found


def test_version_may_be_missing_where_items_are_told() -> None:
    """A list of objects that have a title or text is a feed, whoever forgot to say so."""
    found = read_document(b'{"items": [{"title": "a"}, 7]}')
    assert ("json", "a", ("empty-entries",)) == (
        found.version, found.entries[0].title, found.warnings,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ("a JSON document instead of a feed", b'{"a": 1}'),
        ("a JSON document instead of a feed", b"[]"),
        ("a JSON document instead of a feed", b'{"items": []}'),
        ("a JSON document instead of a feed", b'{"items": [{"kind": "x"}]}'),
        ("a JSON document instead of a feed", b'{"resultCode": "98", "items": "no"}'),
        ("a JSON document that breaks off or is damaged", b'{"items": [{"title": "a"}'),
        ("a JSON document that breaks off or is damaged", b"{}{}"),
    ],
)
def test_other_json_is_no_feed(message: str, body: bytes) -> None:
    """The error says what came."""
    with pytest.raises(NotAFeed, match=message):
        read_document(body)


def test_many_items_are_cut() -> None:
    """As many entries as in any other format."""
    found = read_document(feed(*({"id": str(n)} for n in range(MAX_ENTRIES + 1))))
    assert (MAX_ENTRIES, ("too-many-entries",)) == (len(found.entries), found.warnings)
