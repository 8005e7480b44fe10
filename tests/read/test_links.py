from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.read.links.addresses import (
    absolute,
    canonical_url,
    is_listing,
    is_web,
    page_number,
    same_but_tracking,
)

SPELLINGS: list[tuple[str, list[str]]] = [
    (
        "https://korea.kr/newsId/156",
        [
            "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156&call_from=rsslink",
            "http://m.korea.kr/news/view.do?call_from=rsslink&newsId=156&pageIndex=2#top",
        ],
    ),
    (
        "https://molit.go.kr/USR/NEWS/m_71/dtl.jsp?id=95",
        [
            "https://www.molit.go.kr/USR/NEWS/m_71/dtl.jsp?id=95&src=text&kw=000004",
            "http://molit.go.kr/USR/NEWS/m_71/dtl.jsp?lcmspage=1&id=95",
            "https://www.molit.go.kr/USR/NEWS/m_71/dtl.jsp?id=95&amp;src=text",
        ],
    ),
    (
        "https://city.example/selectBbsNttView.do?bbsNo=25&nttNo=2501",
        [
            "http://city.example/mobile/selectBbsNttView.do?bbsNo=25&nttNo=2501&key=5233",
            "https://www.city.example/www/selectBbsNttView.do?key=9&nttNo=2501&bbsNo=25",
            "http://city.example:80/mobile/www/selectBbsNttView.do?nttNo=2501&bbsNo=25",
        ],
    ),
    (
        "https://ministry.example/board.es?bid=0027&list_no=14",
        ["https://ministry.example/board.es?mid=a1&bid=0027&list_no=14&act=view"],
    ),
    (
        "https://air.example/bbs/ko/175/1395/artclView.do",
        ["https://www.air.example/bbs/ko/175/1395/artclView.do?layout=unknown"],
    ),
    (
        "https://mofa.go.kr/www/brd/m_4080/view.do?seq=377346",
        [
            "http://www.mofa.go.kr:443/www/brd/m_4080/view.do?seq=377346",
            "https://www.mofa.go.kr/www/brd/m_4080/view.do?seq=377346&srchFr=&srchTo=&srchWord=&multi_itm_seq=0&itm_seq_1=0&page=2",
        ],
    ),
    (
        "https://msit.go.kr/bbs/view.do?bbsSeqNo=94&nttSeqNo=3185964",
        [
            "https://www.msit.go.kr/bbs/view.do?sCode=user&mId=307&mPid=208&pageIndex=1&bbsSeqNo=94&nttSeqNo=3185964&searchOpt=ALL&searchTxt",
            "https://www.msit.go.kr/bbs/view.do?sCode=user&mId=113&bbsSeqNo=94&nttSeqNo=3185964",
        ],
    ),
    (
        "https://mofe.go.kr/nw/nes/detailNesDtaView.do?searchBbsId=MOSFBBS_000000000028&searchNttId=MOSF_000000000079410",
        [
            "http://mofe.go.kr/nw/nes/detailNesDtaView.do?searchBbsId=MOSFBBS_000000000028&menuNo=4010100&searchNttId=MOSF_000000000079410",
        ],
    ),
    (
        "https://mcee.go.kr/home/web/board/read.do?boardId=1841450&boardMasterId=1",
        [
            "https://www.mcee.go.kr/home/web/board/read.do?menuId=286&boardMasterId=1&boardId=1841450",
            "http://mcee.go.kr/home/web/board/read.do?boardMasterId=1&boardId=1841450&menuId=10525",
        ],
    ),
    (
        "https://mpm.go.kr/board/board.do?boardId=bbs_0000000000000029&cntId=4332",
        ["https://www.mpm.go.kr/board/board.do?boardId=bbs_0000000000000029&mode=view&cntId=4332"],
    ),
    (
        "https://mois.go.kr/frt/bbs/type010/commonSelectBoardArticle.do?bbsId=BBSMSTR_000000000008&nttId=120002",
        [
            "https://www.mois.go.kr/frt/bbs/type010/commonSelectBoardArticle.do;jsessionid=A1.node10?bbsId=BBSMSTR_000000000008&nttId=120002",
        ],
    ),
    (
        "https://fss.or.kr/fss/bbs/B0000188/view.do?nttId=217561",
        ["https://www.fss.or.kr/fss/bbs/B0000188/view.do?nttId=217561&menuNo=200218"],
    ),
    (
        "https://mss.go.kr/site/smba/ex/bbs/View.do?bcIdx=1066642&cbIdx=310",
        [
            "https://www.mss.go.kr/site/smba/ex/bbs/View.do?cbIdx=310&bcIdx=1066642&parentSeq=1066642"
        ],
    ),
    (
        "https://nts.go.kr/nts/na/ntt/selectNttInfo.do?bbsId=1028&nttSn=1350768",
        ["https://www.nts.go.kr/nts/na/ntt/selectNttInfo.do?mi=2201&bbsId=1028&nttSn=1350768"],
    ),
    (
        "https://mcst.go.kr/web/s_notice/press/pressView.jsp?pSeq=13001",
        ["http://www.mcst.go.kr/web/s_notice/press/pressView.jsp?pMenuCD=0302000000&pSeq=13001"],
    ),
    (
        "https://eminwon.dong.example/emwp/gov/mogaha/ntis/web/ofr/action/OfrAction.do?not_ancmt_mgt_no=53932",
        [
            "https://eminwon.dong.example/emwp/gov/mogaha/ntis/web/ofr/action/OfrAction.do?jndinm=OfrNotAncmtEJB&context=NTIS&method=selectOfrNotAncmt&methodnm=selectOfrNotAncmtRegst&not_ancmt_mgt_no=53932&homepage_pbs_yn=Y&subCheck=Y",
        ],
    ),
    (
        "https://air.example/site/175/view.do?artclNo=777",
        ["https://air.example/site/175/view.do?artclNo=777&page=3&layout=unknown"],
    ),
    (
        "https://gnews.gg.go.kr/briefing/brief_gongbo_view.do?BS_CODE=S017&number=71407",
        [
            "https://gnews.gg.go.kr/briefing/brief_gongbo_view.do?BS_CODE=s017&number=71407",
            "http://gnews.gg.go.kr/briefing/brief_gongbo_view.do?number=71407&BS_CODE=S017&page=2",
        ],
    ),
    (
        "https://info.daegu.go.kr/newshome/mtnmain.php?aid=276517",
        [
            "https://info.daegu.go.kr/newshome/mtnmain.php?mtnkey=articleview&mkey=scatelist&mkey2=1&aid=276517",
            "http://info.daegu.go.kr/newshome/mtnmain.php?mtnkey=articleview&aid=276517",
        ],
    ),
    (
        "https://mediahub.seoul.go.kr/archives/2019497",
        ["http://mediahub.seoul.go.kr/archives/2019497?tr_code=snews"],
    ),
    (
        "https://seoul.go.kr/news/news_report.do#view/411743",
        ["https://www.seoul.go.kr/news/news_report.do#view/411743?tr_code=snews"],
    ),
    (
        "https://fsc.go.kr/no010101/87752",
        ["https://www.fsc.go.kr/no010101/87752?srchCtgry=&curPage=&srchKey="],
    ),
    (
        "https://jeonnam.go.kr/M7116/boardView.do?seq=9001",
        ["http://www.jeonnam.go.kr/M7116/boardView.do?seq=9001&menuId=jeonnam0202000000"],
    ),
    (
        "https://city.example/a?b=2&c=1",
        [
            "HTTP://WWW.City.Example./a/;jsessionid=AB12?c=1&utm_source=rss&b=2&srchWord=&pageIndex=3",
            "https://city.example:443//a?b=2&c=1#x",
        ],
    ),
    (
        "https://youtube.com/watch?v=abc",
        ["https://youtu.be/abc?si=1", "https://www.youtube.com/watch?v=abc&feature=share"],
    ),
    ("https://city.example/", ["http://city.example"]),
]


@pytest.mark.parametrize(("canonical", "urls"), SPELLINGS)
def test_all_ways_to_a_page_have_one_address(canonical: str, urls: list[str]) -> None:
    """Trackers, hosts, schemes, sessions and boards' spare parameters do not count."""
    assert [canonical] * len(urls) == [canonical_url(url) for url in urls]


@pytest.mark.parametrize(
    ("number", "urls"),
    [
        (
            "newsId=156",
            ["https://m.korea.kr/news/view.do?newsId=156", "https://korea.kr/newsId/156"],
        ),
        ("id=95", ["https://www.molit.go.kr/USR/NEWS/m_71/dtl.jsp?id=95&src=text"]),
        (
            "bbsNo=41&nttNo=123",
            [
                "https://www.sb.go.kr/www/selectBbsNttView.do?key=1&bbsNo=41&nttNo=123",
                "http://seongbuk.example/portal/selectBbsNttView.do?nttNo=123&bbsNo=41",
                "http://seongbuk.example/eng/selectBbsNttView.do?nttNo=123&bbsNo=41",
            ],
        ),
        (
            "searchBbsId=MOSFBBS_1&searchNttId=MOSF_7",
            [
                f"https://{host}.go.kr/nw/nes/detailNesDtaView.do?searchBbsId=MOSFBBS_1&searchNttId=MOSF_7"
                for host in ("www.moef", "mofe")
            ],
        ),
        (
            "boardId=1&boardMasterId=7",
            [
                f"https://{host}.go.kr/home/web/board/read.do?boardMasterId=7&boardId=1"
                for host in ("me", "www.mcee")
            ],
        ),
        ("bbsNo=175&artclNo=1395", ["https://air.example/bbs/ko/175/1395/artclView.do?layout=1"]),
        (
            "article=ATCL3f49a5a8c/172106",
            [
                f"https://www.{host}.go.kr/kor/article/ATCL3f49a5a8c/172106/view"
                for host in ("motie", "motir")
            ],
        ),
        ("view=411743", ["https://www.seoul.go.kr/news/news_report.do#view/411743"]),
        ("archives=581505", ["https://news.seoul.go.kr/welfare/archives/581505"]),
        (None, ["https://city.example/press/new-park", "https://city.example/", "no address"]),
        (None, ["https://city.example/list.do?bbsNo=41", "https://city.example/v?boardId=3"]),
    ],
)
def test_a_page_number_knows_neither_host_nor_folder(number: str | None, urls: list[str]) -> None:
    """It is the board's own, and there is none where no board is known."""
    assert [number] * len(urls) == [page_number(canonical_url(url)) for url in urls]


def test_boards_count_apart() -> None:
    """One page number on two boards is two pages."""
    pages = [f"https://a.example/v.do?bbsNo={board}&nttNo=5" for board in (1, 2)]
    assert 2 == len({page_number(canonical_url(page)) for page in pages})


@pytest.mark.parametrize(
    ("expected", "other"),
    [
        (True, "https://a.example/v.do;jsessionid=B.1?id=5&utm_source=rss"),
        (True, "https://a.example/v.do?id=5"),
        (False, "http://a.example/v.do?id=5"),
        (False, "https://a.example/v.do?id=6"),
        (False, "https://www.a.example/v.do?id=5"),
    ],
)
def test_sessions_are_no_other_spelling(expected: bool, other: str) -> None:  # noqa: FBT001
    """What may change at every visit does not count, everything else does."""
    assert expected == same_but_tracking("https://a.example/v.do;jsessionid=A?id=5", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("view.do?boardId=A&nttNo=5", "view.do?boardId=B&nttNo=5"),
        ("view.do?bcode=A&nttId=5", "view.do?bcode=B&nttId=5"),
        ("v.jsp?tbl=1&pSeq=5", "v.jsp?tbl=2&pSeq=5"),
        ("v.jsp?board=1&newsId=5", "v.jsp?board=2&newsId=5"),
        ("FileDown.do?bbsId=2&nttId=1&sn=0", "FileDown.do?bbsId=2&nttId=1&sn=1"),
        ("x.do?bbsNo=1&nttNo=5&fileNo=1", "x.do?bbsNo=1&nttNo=5&fileNo=2"),
        ("v.asp?table=1&ref=5", "v.asp?table=1&ref=6"),
        ("c.do?menu=1&order=1", "c.do?menu=1&order=2"),
        ("v?id=1&from=busan", "v?id=1&from=seoul"),
        ("v.do?nttNo=1&bbsNo=3&nttNo=2", "v.do?nttNo=3&bbsNo=3&nttNo=2"),
        ("a%2Fb", "a/b"),
        ("v?id=a%2Bb", "v?id=a+b"),
        ("v?id=1%262", "v?id=1&2"),
        ("?=1", "?=2"),
        ("app#id=17", "app#id=18"),
        ("app#/press/1", "app#/press/2"),
        ("%C7%D1", "%C7%D2"),
    ],
)
def test_neighbours_stay_apart(one: str, other: str) -> None:
    """A board that is not named, a file of a page, a number under a name of the list's: two."""
    assert canonical_url(f"https://a.example/{one}") != canonical_url(f"https://a.example/{other}")


@pytest.mark.parametrize(
    "spellings",
    [
        ["v?id=%ec%84%9c", "v?id=%EC%84%9C", "v?id=서"],
        ["v?id=a%20b", "v?id=a+b"],
        ["%c7%d1", "%C7%D1"],
        ["v?id=1", "v?id=1&sort=desc", "v?id=1&from=rss", "v?id=1;jsessionid=4", "x/../v?id=1"],
        ["v?id=1", "v?id=1#utm_source=rss1", "v?id=1#content", "v?id=1&q_currPage=2"],
        ["news/1588?curPage=3", "news/1588"],
    ],
)
def test_spellings_are_one(spellings: list[str]) -> None:
    """Percent-encoding, blanks, detours, sessions and where somebody came from say nothing."""
    assert 1 == len({canonical_url(f"https://a.example/{each}") for each in spellings})


def test_a_host_in_hangul_has_one_form() -> None:
    """The name as people read it and as the network does."""
    assert canonical_url("https://xn--3e0b707e.kr/v") == canonical_url("https://한국.kr/v")


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        (True, ""),
        (True, "selectBbsNttList.do?bbsNo=1"),
        (True, "press/list"),
        (False, "?id=3"),
        (False, "list.do?mode=view&idx=3"),
        (False, "list.do?bbsNo=1&nttNo=3"),
        (False, "press/new-park"),
    ],
)
def test_lists_are_told_from_pages(expected: bool, path: str) -> None:  # noqa: FBT001
    """To a whole site or a list any number of releases can be linked."""
    assert expected == is_listing(canonical_url(f"https://a.example/{path}"))


def test_different_pages_stay_different() -> None:
    """What tells pages apart is kept, a page number too where nothing else does."""
    pages = ["http://x.example/?page=1", "http://x.example/?page=2", "http://x.example/?id=1"]
    assert 3 == len({canonical_url(page) for page in pages})


@pytest.mark.parametrize(
    ("expected", "link", "base"),
    [
        ("https://city.example/bbs/1.do", "/bbs/1.do", "https://city.example/rss/x.xml"),
        (
            "https://city.example/rss/1.do?a=1&b=2",
            " 1.do?a=1&amp;b=2\n",
            "https://city.example/rss/x",
        ),
        ("https://cdn.example/x", "//cdn.example/x", "https://city.example/"),
        ("https://www.city.example/x", "www.city.example/x", "https://other.example/"),
        (
            "https://city.example:8443/x",
            "https://27.101.144.78:443/x",
            "https://city.example:8443/",
        ),
        ("http://127.0.0.1:9/x", "http://127.0.0.1:9/x", "http://127.0.0.1:9/rss"),
        ("https://a.example/%20b", "https://a.example/ b", ""),
        ("", "/relative", ""),
        ("", "javascript:alert(1)", "https://city.example/"),
        ("", "http://[::1", "https://city.example/"),
        ("", "#", "https://city.example/"),
    ],
)
def test_absolute(expected: str, link: str, base: str) -> None:
    """Links are resolved, and what is no web address is none."""
    assert expected == absolute(link, base)


@pytest.mark.parametrize(
    "link",
    ["ftp://a.example/", "javascript:x", "http:///x", "https://a.example/ x", "mailto:a@b", ""],
)
def test_other_schemes_are_not_of_the_web(link: str) -> None:
    """Only http and https with a host and without blanks."""
    assert not is_web(link)


@settings(max_examples=100)
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet=st.sampled_from("abm.w:/?&=#;%2F[]@가+ ~idnttNoN"), max_size=50).map(
            lambda rest: f"http://www.korea.kr/{rest}"
        ),
        st.text(alphabet=st.sampled_from("abm.w:/?&=#;%4e0[]@"), max_size=40).map(
            "https://m.".__add__
        ),
    )
)
def test_canonical_form_is_stable(url: str) -> None:
    """Applying it twice changes nothing, and nothing raises."""
    once = canonical_url(url)
    assert once == canonical_url(once)
    page_number(once)
    absolute(url, "https://city.example/")
