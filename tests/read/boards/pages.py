"""Pages in the shapes of the board systems of Korean offices, with what is to be read of them."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.domain.feeds import Feed, FeedKind, ListSelectors
from aggregator.domain.items import ParsedFeed
from aggregator.read.boards.lists import read_board

NOW = datetime(2026, 9, 30, 3, 0, tzinfo=UTC)
"""Noon in Seoul."""

HOST = "https://www.city.example"


def board_feed(url: str = f"{HOST}/list.do", **select: str | None) -> Feed:
    """A feed that is a board; ``select`` are its selectors."""
    chosen = {"item": "tbody tr", "title": "a", "link": "a", **select}
    return Feed(
        id="city",
        url=url,
        title="City",
        body="city",
        kind=FeedKind.HTML_LIST,
        select=ListSelectors(**chosen),  # type: ignore[arg-type]
    )


def read(
    page: str | bytes, feed: Feed | None = None, *, now: datetime = NOW, charset: str = ""
) -> ParsedFeed:
    """The page as the feed reads it."""
    feed = feed or board_feed()
    body = page.encode() if isinstance(page, str) else page
    return read_board(body, feed=feed, now=now, charset=charset, url=feed.url)


def told(parsed: ParsedFeed) -> list[tuple[str, str, str]]:
    """Headline, link and date of each entry."""
    return [(entry.title, entry.link, entry.published) for entry in parsed.entries]


# selectBbsNttList.do: eGovFrame of cities and counties. Notices are pinned on top and stand in the
# list again; links are relative and carry the menu, at times a session.
EGOV_FEED = board_feed(
    f"{HOST}/www/selectBbsNttList.do?bbsNo=65&key=429",
    item="table.bbs_default tbody tr",
    title="td.subject a",
    link="td.subject a@href",
    date="td:nth-child(4)",
)
EGOV = """<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>보도자료 | 시청</title></head>
<body><table class="bbs_default list"><caption>보도자료 목록</caption>
<thead><tr><th>번호</th><th>제목</th><th>담당부서</th><th>등록일</th><th>조회</th></tr></thead><tbody>
<tr class="notice"><td><img src="/images/notice.gif" alt="공지"></td>
 <td class="subject"><a href="./selectBbsNttView.do?key=429&amp;bbsNo=65&amp;nttNo=301&amp;pageIndex=1">스마트도시 시범사업 참여 기업 모집</a></td>
 <td>스마트도시과</td><td>2026-09-21</td><td>120</td></tr>
<tr><td>1204</td>
 <td class="subject"><a href="./selectBbsNttView.do;jsessionid=9A3F.node1?key=429&amp;bbsNo=65&amp;nttNo=304"><span>자율주행 버스</span> 12일부터 운행 <img src="/images/ico_new.gif" alt="새글"></a></td>
 <td>교통정책과</td><td>2026-09-29</td><td>33</td></tr>
<tr><td>1203</td>
 <td class="subject"><a href="./selectBbsNttView.do?key=429&amp;bbsNo=65&amp;nttNo=303">디지털 트윈 국토 협약 (3) <span class="new">NEW</span><i class="blind">첨부파일</i></a></td>
 <td>정보통신과</td><td>2026-09-28</td><td>41</td></tr>
<tr><td>1202</td>
 <td class="subject"><a href="./selectBbsNttView.do?key=429&amp;bbsNo=65&amp;nttNo=302">R&amp;D 단지 착공</a></td>
 <td>기업지원과</td><td>2026-09-25</td><td>57</td></tr>
<tr><td>1201</td>
 <td class="subject"><a href="./selectBbsNttView.do?key=429&amp;bbsNo=65&amp;nttNo=301">스마트도시 시범사업 참여 기업 모집</a></td>
 <td>스마트도시과</td><td>2026-09-21</td><td>120</td></tr>
</tbody></table><p>총 게시물 1204건</p></body></html>"""
EGOV_VIEW = f"{HOST}/www/selectBbsNttView.do?key=429&bbsNo=65&nttNo="
EGOV_ITEMS = [
    ("스마트도시 시범사업 참여 기업 모집", f"{EGOV_VIEW}301", "2026-09-21"),
    ("자율주행 버스 12일부터 운행", f"{EGOV_VIEW}304", "2026-09-29"),
    ("디지털 트윈 국토 협약 (3)", f"{EGOV_VIEW}303", "2026-09-28"),
    ("R&D 단지 착공", f"{EGOV_VIEW}302", "2026-09-25"),
]

# board.es?mid=&bid=: cells are named for screen readers.
ES_FEED = board_feed(
    f"{HOST}/board.es?mid=a10503000000&bid=0027",
    item="table.tstyle_list tbody tr",
    title='td[aria-label="제목"] a',
    link='td[aria-label="제목"] a@href',
    date='td[aria-label="등록일"]',
)
ES = """<!doctype html><html><head><meta charset="utf-8"><title>보도자료</title></head><body>
<table class="tstyle_list"><thead><tr><th>번호</th><th>제목</th><th>등록일</th></tr></thead><tbody>
<tr><td aria-label="번호">5</td><td aria-label="제목"><a href="/board.es?mid=a10503000000&amp;bid=0027&amp;act=view&amp;list_no=905&amp;nPage=1">돌봄 로봇 실증</a> <span class="ico_file">파일첨부</span></td><td aria-label="등록일">2026.09.29.</td></tr>
<tr><td aria-label="번호">4</td><td aria-label="제목"><a href="/board.es?mid=a10503000000&amp;bid=0027&amp;act=view&amp;list_no=904&amp;nPage=1"><span class="sr-only">새 글</span>의료 데이터 개방</a></td><td aria-label="등록일">2026.09.28.</td></tr>
<tr><td aria-label="번호">3</td><td aria-label="제목"><a href="/board.es?mid=a10503000000&amp;bid=0027&amp;act=view&amp;list_no=903&amp;nPage=1">응급망 점검</a></td><td aria-label="등록일">2026.09.25.</td></tr>
</tbody></table></body></html>"""
ES_VIEW = f"{HOST}/board.es?mid=a10503000000&bid=0027&act=view&list_no="
ES_ITEMS = [
    ("돌봄 로봇 실증", f"{ES_VIEW}905", "2026.09.29."),
    ("의료 데이터 개방", f"{ES_VIEW}904", "2026.09.28."),
    ("응급망 점검", f"{ES_VIEW}903", "2026.09.25."),
]

# K2Web artclList.do: links are calls, with an address behind them.
K2_FEED = board_feed(
    f"{HOST}/bbs/home/792/artclList.do",
    item="table.artclTable tbody tr",
    title="td._artclTdTitle strong",
    link="td._artclTdTitle a@onclick",
    date="td._artclTdRdate",
    link_pattern=r"jf_viewArtcl\('(\w+)',\s*'(\d+)',\s*'(\d+)'\)",
    link_template=f"{HOST}/bbs/{{1}}/{{2}}/{{3}}/artclView.do",
)
K2 = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>농정 보도자료</title></head><body>
<table class="artclTable"><tbody>
<tr class="headline _artclEven"><td class="_artclTdNum"><span class="_artclNotice">공지</span></td><td class="_artclTdTitle"><a href="#a" onclick="jf_viewArtcl('home', '792', '5001')" class="artclLinkView"><strong>스마트팜 박람회</strong><span class="_artclNew">새글</span></a></td><td class="_artclTdRdate">2026.09.20</td></tr>
<tr><td class="_artclTdNum">88</td><td class="_artclTdTitle"><a href="#a" onclick="jf_viewArtcl('home', '792', '5003')"><strong>수확 드론 보급</strong></a></td><td class="_artclTdRdate">26.09.29</td></tr>
<tr><td class="_artclTdNum">87</td><td class="_artclTdTitle"><a href="#a" onclick="jf_viewArtcl('home', '792', '5002')"><strong>물길 감시망 확대</strong></a></td><td class="_artclTdRdate">2026.09.28</td></tr>
</tbody></table></body></html>"""
K2_ITEMS = [
    ("스마트팜 박람회", f"{HOST}/bbs/home/792/5001/artclView.do", "2026.09.20"),
    ("수확 드론 보급", f"{HOST}/bbs/home/792/5003/artclView.do", "26.09.29"),
    ("물길 감시망 확대", f"{HOST}/bbs/home/792/5002/artclView.do", "2026.09.28"),
]

# /portal/bbs/B…/list.do: div rows, labels for screen readers, the number in data-id.
PORTAL_FEED = board_feed(
    f"{HOST}/portal/bbs/B0000022/list.do?menuNo=200641",
    item="div.bbs-list > div.row",
    title="p.tit",
    link="a@data-id",
    date="span.date",
    summary="p.txt",
    link_pattern=r"^(\d+)$",
    link_template=f"{HOST}/portal/bbs/B0000022/view.do?nttId={{1}}&menuNo=200641",
)
PORTAL = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>구정소식</title></head><body><div class="bbs-list">
<div class="row"><a href="javascript:void(0)" data-id="7703"><p class="tit"><span class="blind">제목</span>보행 신호 감응 시스템<em class="hot">HOT</em></p></a><p class="txt">교차로 네 곳에 먼저 놓는다.</p><span class="date"><b class="blind">작성일</b> 2026-09-29</span></div>
<div class="row"><a href="javascript:void(0)" data-id="7702"><p class="tit">구청<br>새 누리집</p></a><span class="date">작성일 : 2026-09-27</span></div>
</div></body></html>"""
PORTAL_VIEW = f"{HOST}/portal/bbs/B0000022/view.do?nttId={{}}&menuNo=200641"
PORTAL_ITEMS = [
    ("보행 신호 감응 시스템", PORTAL_VIEW.format(7703), "작성일 2026-09-29"),
    ("구청 새 누리집", PORTAL_VIEW.format(7702), "작성일 : 2026-09-27"),
]

# An ASP table of the EUC-KR days: layout tables, nothing closed, javascript: addresses.
ASP_FEED = board_feed(
    f"{HOST}/bbs/list.asp?id=press",
    item="table tr",
    title="td.t a",
    link="td.t a",
    date="td.d",
    link_pattern=r"goView\('?(\d+)'?\s*,\s*'(\w)'\)",
    link_template=f"{HOST}/bbs/view.asp?id=press&no={{1}}&type={{2}}",
)
ASP = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=euc-kr"><title>보도자료</title>
<body bgcolor=white><table width=100%><tr><td><table><tr><td>메뉴</table>
<tr><td><table border=0 cellpadding=2>
<tr bgcolor=#eeeeee><td class=n>번호<td class=t>제목<td class=d>날짜
<tr><td class=n>12<td class=t><a href="javascript:goView(512,'A')"><font color=blue>뷁도시 통합운영센터 개소</font></a><td class=d>2026년 9월 29일
<tr><td class=n>11<td class=t><a href="javascript:goView('511','B')">펲시 상수도 원격검침</a> <img src=new.gif><td class=d>2026/09/28
<tr><td class=n>10<td class=t><a href=# onclick="goView(510, 'A'); return false">방범 카메라 교체</a><td class=d>2026.9.25
</table></table>""".encode("cp949")
ASP_VIEW = f"{HOST}/bbs/view.asp?id=press&no="
ASP_ITEMS = [
    ("뷁도시 통합운영센터 개소", f"{ASP_VIEW}512&type=A", "2026년 9월 29일"),
    ("펲시 상수도 원격검침", f"{ASP_VIEW}511&type=B", "2026/09/28"),
    ("방범 카메라 교체", f"{ASP_VIEW}510&type=A", "2026.9.25"),
]

# Cards: the item is the link, the base is another folder, an office stands before the day.
CARD_FEED = board_feed(
    f"{HOST}/news/list",
    item="ul.cards > li > a",
    title="strong",
    link="@href",
    date=".date",
    summary=".txt",
)
CARDS = """<!DOCTYPE html><html><head><meta charset="utf-8"><base href="/news/press/"><title>새소식</title></head><body>
<ul class="cards">
<li><a href="view?seq=31"><strong>가상 관광지도 공개<span class="badge">N</span></strong><p class="txt">섬 열 곳을 담았다.</p><span class="date">관광과 | 2026-09-29</span></a></li>
<li><a href="view?seq=30"><strong>전기 자전거 나눔터</strong><p class="txt"></p><span class="date">교통과 | 2026-09-28</span></a></li>
</ul></body></html>"""
CARD_ITEMS = [
    ("가상 관광지도 공개", f"{HOST}/news/press/view?seq=31", "2026-09-29"),
    ("전기 자전거 나눔터", f"{HOST}/news/press/view?seq=30", "2026-09-28"),
]

SYSTEMS: dict[str, tuple[Feed, str | bytes, list[tuple[str, str, str]]]] = {
    "selectBbsNttList": (EGOV_FEED, EGOV, EGOV_ITEMS),
    "board.es": (ES_FEED, ES, ES_ITEMS),
    "K2Web": (K2_FEED, K2, K2_ITEMS),
    "portal": (PORTAL_FEED, PORTAL, PORTAL_ITEMS),
    "asp": (ASP_FEED, ASP, ASP_ITEMS),
    "cards": (CARD_FEED, CARDS, CARD_ITEMS),
}
