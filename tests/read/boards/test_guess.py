"""Feeds that a page names, and selectors guessed from its list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.read.boards.announced import announced_feeds, linked_feeds
from aggregator.read.boards.guess import guess_selectors
from aggregator.read.boards.page import HtmlPage, read_page
from aggregator.read.links.feed_guesses import guess_feeds
from tests.read.boards.pages import HOST, SYSTEMS, board_feed, read, told


def page(markup: str | bytes) -> HtmlPage:
    body = markup.encode() if isinstance(markup, str) else markup
    return read_page(body, url=f"{HOST}/news/list.do")


@pytest.mark.parametrize(
    ("board", "feeds"),
    [
        ("/www/selectBbsNttList.do?bbsNo=65&key=429", ["/rssBbsNtt.do?bbsNo=65", "/www/rssBbsNtt.do?bbsNo=65"]),
        ("/selectBbsNttList.do?key=1&bbsNo=7&pageIndex=2", ["/rssBbsNtt.do?bbsNo=7"]),
        ("/www/selectBbsNttList.do?key=429", []),
        ("/board.es?mid=a10503000000&bid=0027", ["/rss/board.es?mid=a10503000000&bid=0027"]),
        ("/board.es?mid=a1&bid=2&act=view&list_no=3", ["/rss/board.es?mid=a1&bid=2"]),
        ("/board.es?mid=a10503000000", []),
        ("/bbs/home/792/artclList.do", ["/bbs/home/792/rssList.do?row=50"]),
        ("/bbs/home/792/123/artclView.do", ["/bbs/home/792/rssList.do?row=50"]),
        ("/portal/bbs/B0000022/list.do?menuNo=200641", ["/portal/bbs/B0000022/rssService.do?menuNo=200641"]),
        ("/portal/bbs/B0000022/view.do?nttId=1", ["/portal/bbs/B0000022/rssService.do"]),
        ("/news/list.do", []),
        ("", []),
    ],
)  # fmt: skip
def test_board_systems_have_their_feeds_in_one_place(board: str, feeds: list[str]) -> None:
    """The documented forms; a guess of one host never leads to another."""
    assert [f"{HOST}{feed}" for feed in feeds] == guess_feeds(f"{HOST}{board}")


def test_announced_feeds() -> None:
    """By relation and type, resolved, each once."""
    markup = """<link rel="stylesheet" href="/x.css"><link rel="alternate" hreflang="en" href="/en">
    <link rel="alternate" type="application/rss+xml" href="/rss"><link rel="ALTERNATE feed"
    type="application/atom+xml; charset=utf-8" href="atom.xml"><link rel="alternate"
    type="application/rss+xml" href="/rss"><link rel="alternate" type="application/feed+json"
    href="javascript:x()"><link rel="alternate" type="application/feed+json" href="/feed.json">"""
    expected = [f"{HOST}/rss", f"{HOST}/news/atom.xml", f"{HOST}/feed.json"]
    assert expected == announced_feeds(page(markup))


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ('<a href="/rss/board.do"><img alt="새소식 RSS"></a>', True),
        ('<a href="/x">RSS 구독</a>', True),
        ('<a href="/x" title="RSS 새창">구독</a>', True),
        ('<a href="/feed.xml">구독</a>', True),
        ('<a href="/x">press</a>', False),
        ('<a href="/progress">경과</a>', False),
        ('<a href="/x?back=rss">구독</a>', False),
        ('<a href="javascript:rss()">RSS</a>', False),
        (f'<a href="/x">RSS {"가" * 50}</a>', False),
    ],
)
def test_buttons_of_feeds(link: str, *, is_one: bool) -> None:
    """By words, picture or address; a headline about RSS is none."""
    assert is_one is bool(linked_feeds(page(link)))


@pytest.mark.parametrize("name", ["selectBbsNttList", "board.es"])
def test_guessed_selectors_read_the_list(name: str) -> None:
    """The same items as with selectors written by hand."""
    feed, markup, items = SYSTEMS[name]
    select = guess_selectors(page(markup))
    assert select is not None
    assert items == told(read(markup, replace(feed, select=select)))


LISTS = {
    "list": "<div class=menu><ul><li><a href=/m>메뉴 하나</a></ul></div><ul class=news>"
    + "".join(
        f'<li class="item{n}"><a href="/v?no={n}">소식의 제목 {n}</a> <span class="day">2026-09-0{n}</span></li>'
        for n in range(1, 5)
    ),
    "cards": "<div id='board'>"
    + "".join(
        f'<div class="card"><a href="/v?no={n}"><strong>소식의 제목 {n}</strong><p>짧은 글</p></a><p>교통과 | 2026.09.0{n}</p></div>'
        for n in range(1, 5)
    ),
    "bare": "<table>"
    + "".join(
        f'<tr><td>{n}<td><a href="/v?no={n}">소식의 제목 {n}</a><td>과<td>2026-09-0{n}'
        for n in range(1, 5)
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_many_kinds_are_found(name: str) -> None:
    """Four items with links and days, and nothing of the menu."""
    select = guess_selectors(page(f"<body>{LISTS[name]}"))
    assert select is not None
    found = read(LISTS[name], replace(board_feed(), select=select))
    assert [(f"소식의 제목 {n}", f"{HOST}/v?no={n}") for n in range(1, 5)] == [
        (entry.title, entry.link) for entry in found.entries
    ]
    assert all(f"09-0{n}" in e.published.replace(".", "-") for n, e in enumerate(found.entries, 1))


@pytest.mark.parametrize(
    "markup",
    [
        "<p>점검 중",
        "<ul>" + "<li><a href=/x>메뉴 항목</a>" * 9,
        "<table><tr><td><a href=/1>소식 제목</a><td>2026-09-01",
    ],
    ids=["no link", "no day", "one row"],
)
def test_what_is_no_list_is_not_guessed(markup: str) -> None:
    """Menus have no days."""
    assert guess_selectors(page(markup)) is None
