"""Boards without a feed, read by CSS selectors."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import EmptyBody, ReadError, SelectorsMatchNothing, TooDeep
from aggregator.domain.feeds import Feed
from aggregator.read.boards.lists import read_boards
from aggregator.read.boards.turning import page_urls
from aggregator.read.items.normalise import read_items
from aggregator.read.parsing.parts import MAX_ENTRIES
from tests.read.boards.pages import EGOV, EGOV_FEED, HOST, NOW, SYSTEMS, board_feed, read, told

ROW = '<tr><td><a href="/view?no={0}">제목 {0}</a></td><td class="date">{1}</td></tr>'
DATED = board_feed(date="td.date")


def table(*rows: str) -> str:
    return f"<title>보도자료</title><table><tbody>{''.join(rows)}</tbody></table>"


@pytest.mark.parametrize("name", SYSTEMS)
def test_each_board_system_is_read(name: str) -> None:
    """Headlines without marks, absolute links without sessions, dates in the page's own words."""
    feed, page, items = SYSTEMS[name]
    assert items == told(read(page, feed))


@pytest.mark.parametrize("name", SYSTEMS)
def test_each_date_of_the_systems_is_one(name: str) -> None:
    """What the reader hands on is understood by the rules for dates; the first and the last."""
    feed, page, items = SYSTEMS[name]
    found, warnings = read_items(
        read(page, feed), feed, issuer=lambda _: None, base_url=feed.url, seen_at=NOW
    )
    assert len(items) == len(found)
    assert all(item.published is not None for item in found)
    assert "undated-entries" not in warnings


def test_a_pinned_notice_is_one_item_without_menu_session_and_page() -> None:
    """The same release is linked with a page number on top and without one in the list."""
    items, warnings = read_items(
        read(EGOV, EGOV_FEED), EGOV_FEED, issuer=lambda _: None, base_url="", seen_at=NOW
    )
    view = "https://city.example/selectBbsNttView.do?bbsNo=65&nttNo="
    assert [f"{view}{number}" for number in (301, 304, 303, 302)] == [
        item.canonical_url for item in items
    ]
    assert "duplicate-entries" not in warnings


def test_what_only_the_second_of_a_pair_says_is_taken() -> None:
    """Pinned notices often stand there without their day."""
    page = table(ROW.format(1, ""), ROW.format(2, "2026-09-02"), ROW.format(1, "2026-09-01"))
    assert ["2026-09-01", "2026-09-02"] == [entry.published for entry in read(page, DATED).entries]


def test_the_page_says_its_charset_itself() -> None:
    """A server that names its western default is not believed against the page."""
    feed, page, items = SYSTEMS["asp"]
    found = read(page, feed, charset="iso-8859-1")
    assert (items, "cp949", "euc-kr") == (told(found), found.encoding, found.claimed)


def test_an_operator_names_the_charset() -> None:
    """``encoding`` comes before what the page says of itself."""
    page = table(ROW.format(1, "")).replace("<title>", '<meta charset="utf-8"><title>')
    feed = replace(DATED, encoding="cp949")
    assert ["제목 1"] == [entry.title for entry in read(page.encode("cp949"), feed).entries]


@pytest.mark.parametrize(
    "mark",
    [
        "<img src='new.gif' alt='NEW'>",
        "<span class='ico'>새글</span>",
        "<span>새 글</span>",
        "<em>[NEW]</em>",
        "<i class='file'>첨부파일</i>",
        "<span class='sr-only'>이 글에는 첨부 문서가 있습니다</span>",
        "<span class='blind'>새창으로 열기</span>",
        "<!-- 새글 --><script>mark()</script>",
    ],
)
def test_marks_are_no_part_of_a_headline(mark: str) -> None:
    """Icons, their texts, and what is said to screen readers alone."""
    page = table(f'<tr><td><a href="/1">{mark}새 도로 개통{mark}</a></td></tr>')
    assert ["새 도로 개통"] == [entry.title for entry in read(page).entries]


@pytest.mark.parametrize("title", ["버스 증차 (3)", "NEW 부산", "새글 쓰기 대회", "파일", "H"])
def test_words_of_a_headline_stay(title: str) -> None:
    """What stands in the text itself was written by somebody."""
    page = table(f'<tr><td><a href="/1">{title}</a></td></tr>')
    assert [title] == [entry.title for entry in read(page).entries]


def test_a_hidden_headline_is_better_than_none() -> None:
    """Some designs show a picture and hide the words."""
    page = table('<tr><td><a href="/1"><span class="blind">축제 개막</span><img></a></td></tr>')
    assert ["축제 개막"] == [entry.title for entry in read(page).entries]


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("2026.02.13", "2026.02.13"),
        ("26.02.13", "26.02.13"),
        ("2026년 2월 13일", "2026년 2월 13일"),
        ("작성일 2026.09.01.", "작성일 2026.09.01."),
        ("홍보담당관 | 2026-02-13", "2026-02-13"),
        ("조회 2,012 등록일 : 2026-02-13 수정일 : 2026-02-14", "2026-02-13"),
        ("작성자 김 2026-02-13 조회수 31", "2026-02-13"),
        ("2026-02-13 2026-02-14", "2026-02-13 2026-02-14"),
        ("09:12", "2026-09-30T09:12:00+09:00"),
        ("오전 9:12", "2026-09-30T09:12:00+09:00"),
        ("등록 09:12", "2026-09-30T09:12:00+09:00"),
        ("23:58", "2026-09-29T23:58:00+09:00"),
        ("3시간 전", "2026-09-30"),
        ("13시간 전", "2026-09-29"),
        ("방금", "2026-09-30"),
        ("방금 전", "2026-09-30"),
        ("어제", "2026-09-29"),
        ("어제 23:10", "2026-09-29T23:10:00+09:00"),
        ("오늘 08:00", "2026-09-30T08:00:00+09:00"),
        ("그저께", "2026-09-28"),
        ("2일 전", "2026-09-28"),
        ("1주일 전", "2026-09-23"),
        ("작성일 : 5분 전", "2026-09-30"),
        ("3 hours ago", "2026-09-30"),
        ("an hour ago", "2026-09-30"),
        ("yesterday", "2026-09-29"),
        ("2 days ago", "2026-09-28"),
        ("3개월 전", "3개월 전"),
        ("9999일 전", "1999-05-16"),
        ("25:61", "25:61"),
        ("조회 120", "조회 120"),
        ("", ""),
    ],
)
def test_dates_of_rows(shown: str, day: str) -> None:
    """A day in its own words; an hour as one of today; relative words as the day they mean."""
    page = table(ROW.format(1, shown))
    assert [day] == [entry.published for entry in read(page, DATED).entries]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<a href="./view.do?no=7">x</a>', f"{HOST}/view.do?no=7"),
        ('<a href="?act=view&seq=7">x</a>', f"{HOST}/list.do?act=view&seq=7"),
        ('<a href="?pageIndex=2&amp;no=7">x</a>', f"{HOST}/list.do?no=7"),
        ('<a href="?no=7&amp;curPage=">x</a>', f"{HOST}/list.do?no=7"),
        ('<a href="/list.do?pageNo=7">x</a>', f"{HOST}/list.do?pageNo=7"),
        ('<a href="/view?page=7">x</a>', f"{HOST}/view?page=7"),
        ('<a href="//cdn.example/7">x</a>', "https://cdn.example/7"),
        ('<a href="/view.do;jsessionid=A1?no=7">x</a>', f"{HOST}/view.do?no=7"),
        ('<a href="https://other.example/7#top">x</a>', "https://other.example/7#top"),
        ("<a onclick=\"fn_view('7','A')\">x</a>", f"{HOST}/view?no=7&kind=A"),
        (
            "<a href=\"#none\" onclick=\"return fn_view('7', 'A')\">x</a>",
            f"{HOST}/view?no=7&kind=A",
        ),
        ("<a href=\"javascript:fn_view('7','A');\">x</a>", f"{HOST}/view?no=7&kind=A"),
        ("<a href=\"javascript:fn_view('7&x','가');\">x</a>", f"{HOST}/view?no=7%26x&kind=가"),
    ],
)
def test_links_of_rows(link: str, address: str) -> None:
    """Relative ones resolved, calls through pattern and template, sessions left out."""
    feed = board_feed(
        link_pattern=r"fn_view\('([^']+)',\s*'([^']+)'\)",
        link_template=f"{HOST}/view?no={{1}}&kind={{2}}",
    )
    assert [address] == [
        entry.link for entry in read(table(f"<tr><td>{link}</td></tr>"), feed).entries
    ]


def test_a_call_without_a_pattern_is_no_address() -> None:
    """Nobody can follow javascript:."""
    rows = '<tr><td><a href="javascript:go(1)">가</a></td></tr>', ROW.format(2, "")
    assert [("가", "", ""), ("제목 2", f"{HOST}/view?no=2", "")] == told(read(table(*rows)))


def test_an_item_within_an_item_keeps_what_is_its_own() -> None:
    """Layout tables, and links that nobody closed."""
    page = "<ul><li><a href=/1>하나<li><a href=/2>둘<li><a href=/3>셋</ul>"
    found = read(page, board_feed(item="li"))
    assert [(t, f"{HOST}/{n}", "") for n, t in enumerate(("하나", "둘", "셋"), 1)] == told(found)


def test_a_picture_before_the_headline_is_no_headline() -> None:
    """Both are links to the release."""
    page = table('<tr><td><a href="/1"><img src="x.jpg"></a> <a href="/1">가</a></td></tr>')
    assert [("가", f"{HOST}/1", "")] == told(read(page))


def test_a_day_may_stand_anywhere_in_the_row() -> None:
    """The item itself can be the date's place: the only day in it is meant."""
    page = table(
        '<tr><td><a href="/1">가</a></td><td>교통과</td><td>2026-09-01</td><td>3</td></tr>'
    )
    assert [("가", f"{HOST}/1", "2026-09-01")] == told(read(page, board_feed(date="tr")))


def test_rows_without_a_headline_are_no_items() -> None:
    """Headers, spacers."""
    page = table("<tr><th>제목</th></tr>", "<tr><td></td></tr>", ROW.format(1, ""))
    assert ["제목 1"] == [entry.title for entry in read(page).entries]


@pytest.mark.parametrize(
    "sentence",
    [
        "등록된 게시물이 없습니다.",
        "게시물이 없습니다",
        "검색된 자료가 없습니다.",
        "데이터가 없습니다.",
        "No articles found.",
    ],
)
def test_a_board_that_says_it_is_empty_is_an_empty_list(sentence: str) -> None:
    """No fault: there is nothing to read."""
    found = read(table(f'<tr><td colspan="5">{sentence}</td></tr>'))
    assert ((), True) == (found.entries, "no-entries" in found.warnings)


def test_an_empty_board_may_have_no_row_at_all() -> None:
    """The sentence stands where the list would."""
    page = "<title>보도자료</title><div class='list'><p>등록된 게시글이 없습니다.</p></div>"
    assert () == read(page).entries


def test_a_search_box_does_not_make_a_board_empty() -> None:
    """Where rows are found and cannot be read, the page was rebuilt."""
    page = table("<tr><td><b>제목</b></td></tr>") + "<p>검색 결과가 없습니다.</p>"
    with pytest.raises(SelectorsMatchNothing):
        read(page)


@pytest.mark.parametrize(
    ("page", "select", "says"),
    [
        ("<title>점검 안내</title><p>점검 중</p>", {}, 'item = "tbody tr" matches 0 elements of the page titled \'점검 안내\''),
        ("<p>x</p>", {}, "without a title"),
        (table("<tr><td>1</td></tr>" * 3), {}, 'matches 3 elements of the page titled \'보도자료\', but title = "a" gives none of them a headline'),
        (table("<tr><td>가</td></tr>"), {"title": "td"}, 'but link = "a" gives none of them an address'),
        (table('<tr><td><a href="javascript:x()">가</a></td></tr>'), {}, "gives none of them an address"),
    ],
)  # fmt: skip
def test_selectors_that_find_nothing_say_what_they_found(
    page: str, select: dict[str, str], says: str
) -> None:
    """How many elements, on which page."""
    with pytest.raises(SelectorsMatchNothing) as caught:
        read(page, board_feed(**select))
    assert says in str(caught.value)


def test_an_empty_body_is_named() -> None:
    """As it is for feeds."""
    with pytest.raises(EmptyBody):
        read("")


def test_a_long_list_is_cut() -> None:
    """At the number of entries of any document."""
    page = table(*(ROW.format(number, "") for number in range(MAX_ENTRIES + 5)))
    found = read(page)
    assert (MAX_ENTRIES, True) == (len(found.entries), "too-many-entries" in found.warnings)


@pytest.mark.parametrize(
    "page",
    ["<div>" * 100_000, "<div>" * 100_000 + "</div>" * 100_000, f"<p{' a1=1' * 50_000}>x"],
    ids=["open", "closed", "attributes"],
)
def test_what_is_too_deep_is_refused_at_once(page: str) -> None:
    """Neither a crash nor minutes."""
    started = time.perf_counter()
    with pytest.raises(TooDeep):
        read(page)
    assert time.perf_counter() - started < 3


def test_counting_of_siblings_is_bounded() -> None:
    """A row of a hundred thousand cells takes nth-child minutes; without it the page is read."""
    page = "<table><tr><td><a href=/1>가</a>" + "<td>x" * 100_000
    started = time.perf_counter()
    with pytest.raises(TooDeep):
        read(page, board_feed(item="tr", date="td:nth-child(4)"))
    assert ["가"] == [entry.title for entry in read(page, board_feed(item="tr")).entries]
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>" * 600 + "x",
        "<tr>" * 100_000,
        "<select>" + "<option>x" * 100_000,
        "</div>" * 200_000,
        "<a href=x><b></a>" * 30_000,
        "<" * 300_000,
        "<a " * 100_000,
        '<a "' * 100_000,
        "<!--" * 100_000,
        "<meta " * 100_000,
    ],
    ids=lambda page: page[:12],
)
def test_no_page_takes_long(page: str) -> None:
    """What is large and broken is read, or refused, in time."""
    started = time.perf_counter()
    with contextlib.suppress(ReadError):
        read(page, board_feed(item="tr", title="td", link="a", date="td"))
    assert time.perf_counter() - started < 5


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_an_error_of_reading(body: bytes) -> None:
    """Nothing else ever leaves the reader."""
    with contextlib.suppress(ReadError):
        read(body)


MARKUP = st.lists(
    st.sampled_from(
        ["<table>", "<tbody>", "<tr>", "<td>", "</td>", "</tr>", "<a href=/1>", "<a onclick='v(1)'>", "</a>",
         "<span class=blind>", "</span>", "<base href='//['>", "<!--", "-->", "&#0;", "&nbsp;", "제목", "어제",
         "\x00", "\ud800", "<svg>", "<script>", "게시물이 없습니다"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_any_markup_is_a_list_or_an_error_of_reading(parts: list[str]) -> None:
    """Links are absolute web addresses, each once."""
    try:
        found = read("".join(parts).encode("utf-8", "surrogatepass"))
    except ReadError:
        return
    links = [entry.link for entry in found.entries if entry.link]
    assert len(links) == len(set(links))
    assert all(link.startswith("http") for link in links)


@dataclass(frozen=True, slots=True)
class Body:
    """A page as it came."""

    body: bytes
    charset: str = ""
    url: str = f"{HOST}/list.do"


def bodies(*pages: str) -> list[Body]:
    return [Body(page.encode()) for page in pages]


def test_several_pages_are_one_list() -> None:
    """An item that moved on to the next page meanwhile is there once."""
    pages = bodies(
        table(ROW.format(3, ""), ROW.format(2, "")), table(ROW.format(2, ""), ROW.format(1, ""))
    )
    found = read_boards(pages, feed=DATED, now=NOW)
    assert ["제목 3", "제목 2", "제목 1"] == [entry.title for entry in found.entries]


def test_a_further_page_that_cannot_be_read_is_left_out() -> None:
    """The first one is what counts."""
    found = read_boards(bodies(table(ROW.format(1, "")), "<p>오류"), feed=DATED, now=NOW)
    assert (["제목 1"], True) == (
        [e.title for e in found.entries],
        "page-missing" in found.warnings,
    )


def test_the_first_page_must_be_readable() -> None:
    """A list of which only the second page came is not the list."""
    with pytest.raises(SelectorsMatchNothing):
        read_boards(bodies("<p>오류", table(ROW.format(1, ""))), feed=DATED, now=NOW)


@pytest.mark.parametrize(
    ("pages", "page_url", "addresses"),
    [
        (1, f"{HOST}/list.do?p={{page}}", []),
        (3, f"{HOST}/list.do?p={{page}}", [f"{HOST}/list.do?p=2", f"{HOST}/list.do?p=3"]),
        (3, "", []),
    ],
)
def test_addresses_of_further_pages(pages: int, page_url: str, addresses: list[str]) -> None:
    """From the second on."""
    feed: Feed = replace(DATED, pages=pages, page_url=page_url)
    assert addresses == page_urls(feed)


def test_days_of_a_read_board() -> None:
    """A year of two digits is one of this century."""
    items, _ = read_items(
        read(table(ROW.format(1, "26.02.13")), DATED),
        DATED,
        issuer=lambda _: None,
        base_url="",
        seen_at=NOW,
    )
    assert [date(2026, 2, 13)] == [item.published.day for item in items if item.published]


def test_text_is_bounded() -> None:
    """A cell of a megabyte is no headline."""
    page = table(f'<tr><td><a href="/1">{"가" * 1_000_000}</a></td></tr>')
    assert [1000] == [len(entry.title) for entry in read(page).entries]
