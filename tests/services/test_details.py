"""Texts of new releases, fetched from real pages on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from aggregator.domain.feeds import Feed, FeedKind, ListSelectors
from aggregator.domain.items import Item
from aggregator.domain.net import AddressException
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.services.asking.details import MISSING, WithTexts, with_texts
from aggregator.services.trials.inline_reader import InlineReader
from tests.fixtures.http import Answer, Asked, Office, serve
from tests.fixtures.records import NOW, make_feed, make_item

READER = InlineReader(issuer=lambda _: None)

FEED = make_feed(
    kind=FeedKind.HTML_LIST, select=ListSelectors(item="li", title="a", link="a", body="article")
)
TEXT = "시는 다음 달부터 버스 열 대를 더 운행하기로 하였다고 밝혔다. 시민은 더 빨리 간다."


def answer(asked: Asked) -> Answer:
    if asked.path == "/2":
        return Answer(status=404)
    if asked.path == "/3":
        return Answer(status=429)
    page = f"<meta charset=utf-8><article><p>{TEXT}</p></article>"
    return Answer(headers=[("Content-Type", "text/html")], body=page.encode())


def items(office: Office, *names: str) -> list[Item]:
    return [
        make_item(name, link=office.url(f"/{name}"), content="", summary="", hash=f"h{name}")
        for name in names
    ]


def run(
    office: Office,
    found: Sequence[Item],
    *,
    known: Sequence[str] = (),
    feed: Feed = FEED,
    limit: int = 10,
) -> WithTexts:
    async def go() -> WithTexts:
        allow = (AddressException(host="127.0.0.1", port=office.port),)
        fetcher = HttpFetcher(guard=Guard(allow=allow), user_agent="test", spacing=0.0)
        try:
            return await with_texts(fetcher, READER, feed, found, known, now=NOW, limit=limit)
        finally:
            await fetcher.aclose()

    return asyncio.run(go())


def test_new_items_get_their_texts() -> None:
    """Known ones are left as they are, and nothing is asked for them."""
    with serve(answer) as office:
        done = run(office, items(office, "1", "5"), known=["5"])
        asked = [one.path for one in office.asked]
    assert (TEXT, "") == tuple(item.summary for item in done.items)
    assert (["/1"], ["h1", "h5"], ()) == (asked, [item.hash for item in done.items], done.warnings)


@pytest.mark.parametrize("is_at_home", [True, False])
def test_a_key_goes_to_no_other_server(*, is_at_home: bool) -> None:
    """What a page links to may be anywhere; the feed's own headers are for its own server."""
    with serve(answer) as office, serve(answer) as other:
        feed = replace(FEED, url=office.url("/list"), headers={"X-Api-Key": "1"})
        host = office if is_at_home else other
        run(host, items(host, "1"), feed=feed)
        assert [is_at_home] == ["x-api-key" in one.names for one in host.asked]


def test_a_page_that_fails_leaves_its_item_without_text() -> None:
    """The others have theirs; a page that is gone is not asked for again."""
    with serve(answer) as office:
        done = run(office, items(office, "2", "1"))
    assert ["", TEXT] == [item.summary for item in done.items]
    assert (["h2", "h1"], (MISSING,)) == ([item.hash for item in done.items], done.warnings)
    # It is gone, and is not asked for again.
    assert done.is_whole


def test_a_host_that_asks_to_be_left_alone_is() -> None:
    """No further page of the visit."""
    with serve(answer) as office:
        done = run(office, items(office, "3", "1"))
        assert ["/3"] == [one.path for one in office.asked]
    assert ["h3-bare", "h1-bare"] == [item.hash for item in done.items]


@pytest.mark.parametrize("limit", [0, 2])
def test_a_visit_fetches_a_bounded_number_of_pages(limit: int) -> None:
    """What is left over waits for the next one."""
    with serve(answer) as office:
        done = run(office, items(office, "1", "5", "6"), limit=limit)
        assert limit == len(office.asked)
    assert limit == sum(item.summary == TEXT for item in done.items)
    assert 3 - limit == sum(item.hash.endswith("-bare") for item in done.items)


def test_without_a_place_for_the_text_nothing_is_fetched() -> None:
    """The list is all there is."""
    feed = make_feed(kind=FeedKind.HTML_LIST, select=ListSelectors(item="li", title="a", link="a"))
    with serve(answer) as office:
        found = items(office, "1")
        assert WithTexts(items=tuple(found)) == run(office, found, feed=feed)
        assert [] == office.asked
