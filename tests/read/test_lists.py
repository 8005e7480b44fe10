"""Lists of subscriptions of other programs, as people really keep them."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import NotAList, ReadError, TooDeep
from aggregator.read.lists.opml import DEEPEST
from aggregator.read.lists.recognise import LARGEST, read_subscriptions
from aggregator.read.lists.subscription import Subscription


def read(text: str | bytes, name: str = "list") -> list[Subscription]:
    return read_subscriptions(text if isinstance(text, bytes) else text.encode(), name)


def opml(*outlines: str, version: str = "2.0", head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<opml version="{version}"><head><title>x'
        f"</title></head><body>{''.join(outlines)}</body></opml>"
    )


FEED = '<outline text="국토교통부" type="rss" xmlUrl="https://a.example/rss"/>'


# --- OPML ---------------------------------------------------------------------------------------


def test_outlines_within_outlines_are_tags() -> None:
    """The labels of the outlines above, then the categories, each once."""
    nested = f'<outline text="중앙"><outline title="부처">{FEED[:-2]} category="/부처,press"/></outline></outline>'

    (one,) = read(opml(nested))

    assert ("https://a.example/rss", "국토교통부") == (one.url, one.title)
    assert ("중앙", "부처", "press") == one.tags


@pytest.mark.parametrize(
    "outline",
    [
        '<outline text="t" xmlUrl="https://a.example/rss"/>',
        '<outline text="t" type="rss" xmlurl="https://a.example/rss"/>',
        '<outline text="t" type="atom" XMLURL=" https://a.example/rss "/>',
        '<OUTLINE TEXT="t" feedUrl="https://a.example/rss"/>',
        '<outline text="t" type="rss" url="https://a.example/rss"/>',
        '<outline text="t" xmlUrl="feed:https://a.example/rss"/>',
        '<outline text="t" xmlUrl="feed://https://a.example/rss"/>',
        '<outline text="t" type=rss xmlUrl="HTTPS://a.example/rss"></outline>',
    ],
)
def test_the_address_is_found_in_every_dress(outline: str) -> None:
    """Names in any case, a missing type, ``url`` with a type, the scheme ``feed:``."""
    assert ["https://a.example/rss"] == [one.url for one in read(opml(outline))]


def test_the_scheme_feed_in_place_of_http() -> None:
    """Old readers wrote it so."""
    assert "http://a.example/rss" == read(opml('<outline xmlUrl="feed://a.example/rss"/>'))[0].url


@pytest.mark.parametrize(
    ("outline", "problem"),
    [
        ('<outline type="link" url="https://a.example/"/>', "it is a page"),
        ('<outline text="t" htmlUrl="https://a.example/"/>', "it is a page"),
        ('<outline type="include" url="https://a.example/x.opml"/>', "it includes another list"),
    ],
)
def test_what_is_no_feed_says_so(outline: str, problem: str) -> None:
    """It is named and not taken for one."""
    (one,) = read(opml(outline))

    assert one.problem.startswith(problem)


def test_cp949_that_claims_utf_8() -> None:
    """The charset is told from the bytes, as that of feeds is."""
    assert "국토교통부" == read(opml(FEED).encode("cp949"))[0].title


def test_bare_ampersands_are_mended() -> None:
    """Most exporters forget them once."""
    broken = '<outline text="A & B" xmlUrl="https://a.example/rss?a=1&b=2"/>'

    assert [("A & B", "https://a.example/rss?a=1&b=2")] == [
        (one.title, one.url) for one in read(opml(broken))
    ]


def test_a_list_that_breaks_off_is_read_so_far() -> None:
    """What came before the break is taken."""
    whole = opml(FEED, '<outline text="두번째" xmlUrl="https://b.example/rss"/>')

    assert "https://a.example/rss" == read(whole[: whole.index("두번째")])[0].url


def test_an_address_comes_once() -> None:
    """Lists file one feed under several outlines."""
    assert 1 == len(read(opml(FEED, f'<outline text="again">{FEED}</outline>')))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE opml [<!ENTITY a "b">]>',
        '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE opml [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]>',
    ],
)
def test_entities_are_refused(declared: str) -> None:
    """None is expanded and nothing is looked up."""
    with pytest.raises(NotAList, match="declares an entity"):
        read(opml('<outline text="&a;" xmlUrl="https://a.example/"/>', head=declared))


def test_a_bomb_of_entities_costs_nothing() -> None:
    """It is refused at its first declaration."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12))
    started = time.perf_counter()

    with pytest.raises(NotAList):
        read(opml('<outline text="&e11;"/>', head=f"<!DOCTYPE opml [{bomb}]>"))

    assert time.perf_counter() - started < 1


def test_depth_is_bounded() -> None:
    """A hundred thousand levels end early."""
    deep = "<outline text='t'>" * 100_000

    with pytest.raises(TooDeep, match=str(DEEPEST)):
        read(opml(deep))


def test_size_is_bounded() -> None:
    """A list of feeds is no film."""
    with pytest.raises(NotAList, match="8 MiB"):
        read(b" " * (LARGEST + 1))


# --- Planet, Venus ------------------------------------------------------------------------------

PLANET = """\
# my planet
[Planet]
name = Planet 도시
link = https://planet.example/
cache_directory = /tmp

[DEFAULT]
tags = city, press

[https://a.example/rss?q[0]=1&p=%EA%B0%80]
name = 국토교통부
 보도자료
; a note
[http://b.example/feed] # a note
name: Seoul = Capital ; a note
NAME = twice
[https://c.example/list.opml]
content_type = opml
[https://open.example/rss
name = no bracket
"""


def test_sections_are_addresses() -> None:
    """With brackets and percent signs in them, names over several lines, keys twice."""
    assert [
        ("https://a.example/rss?q[0]=1&p=%EA%B0%80", "국토교통부 보도자료"),
        ("http://b.example/feed", "twice"),
        ("https://open.example/rss", "no bracket"),
    ] == [(one.url, one.title) for one in read(PLANET) if not one.problem]


def test_defaults_are_inherited() -> None:
    """As Planet does."""
    assert ("city", "press") == read(PLANET)[0].tags


def test_reading_lists_are_named() -> None:
    """They lead to further feeds."""
    assert ["https://c.example/list.opml"] == [one.url for one in read(PLANET) if one.problem]


# --- newsboat -----------------------------------------------------------------------------------

URLS = """\
# my feeds
https://a.example/rss?a=1&b=2 "중앙 부처" press "~국토교통부 \\"보도\\"" !
"https://b.example/x y"  ~Seoul

exec:~/bin/make "~Mine"
filter:~/bin/f:https://c.example/rss
"query:New:unread = \\"yes\\""
https://a.example/rss?a=1&b=2
"""


def test_words_are_tags_and_titles() -> None:
    """Quoted or not; ``~`` before a title, ``!`` for hidden ones."""
    first, second = [one for one in read(URLS) if not one.problem]

    assert ("https://a.example/rss?a=1&b=2", '국토교통부 "보도"') == (first.url, first.title)
    assert ("중앙 부처", "press") == first.tags
    assert ("https://b.example/x y", "Seoul", 3) == (second.url, second.title, second.line)


def test_commands_and_queries_are_named() -> None:
    """Nothing of them is carried out."""
    assert [
        (5, "it is a command, which is never run"),
        (6, "it is a command and an address, which is never run"),
        (7, "it is a query over other feeds"),
    ] == [(one.line, one.problem) for one in read(URLS) if one.problem]


# --- what is none -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("hello world", "no list of feeds that is known"),
        ("<html><body>x</body></html>", "markup without outlines"),
        ('<rss version="2.0"><channel/></rss>', "is itself a feed"),
        ("[section]\nkey = value", "no list of feeds that is known"),
    ],
)
def test_other_files_are_refused(text: str, says: str) -> None:
    """With the name of the file and what would be right."""
    with pytest.raises(NotAList, match=f"my file.*{says}"):
        read(text, "my file")


@given(st.text(max_size=300), st.sampled_from(["", "<opml>", "<outline ", "[http://a/", "http://"]))
def test_nothing_else_is_raised(text: str, start: str) -> None:
    """Whatever a file holds, it is read or refused."""
    try:
        found = read((start + text).encode("utf-8", "replace"))
    except ReadError:
        return
    assert all(one.url for one in found)


@given(st.binary(max_size=300))
def test_bytes_are_read_or_refused(body: bytes) -> None:
    """In whatever charset."""
    try:
        read(body)
    except ReadError:
        return


@pytest.mark.parametrize(
    "text",
    [
        "[http://a" * 50_000,
        "http://a.example/ " + '"\\' * 50_000,
        "<outline " * 50_000,
        "[Planet]\n" + "k=" * 100_000,
        "[http://a.example/]\nname=" + " ;" * 100_000,
        "[" * 200_000 + "\n[http://a.example/]",
        opml('<outline text="' + "&" * 100_000 + '" xmlUrl="https://a.example/"/>'),
    ],
)
def test_odd_texts_do_not_stop_the_reading(text: str) -> None:
    """In time that grows with their length."""
    started = time.perf_counter()
    with contextlib.suppress(ReadError):
        read(text)
    assert time.perf_counter() - started < 3
