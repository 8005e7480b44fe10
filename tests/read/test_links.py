from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.read.links import absolute, canonical_url, is_web


@pytest.mark.parametrize(
    ("canonical", "urls"),
    [
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
            "https://city.example/www/selectBbsNttView.do?bbsNo=25&nttNo=2501",
            [
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
    ],
)
def test_all_ways_to_a_page_have_one_address(canonical: str, urls: list[str]) -> None:
    """Trackers, hosts, schemes, sessions and boards' spare parameters do not count."""
    assert [canonical] * len(urls) == [canonical_url(url) for url in urls]


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
    absolute(url, "https://city.example/")
