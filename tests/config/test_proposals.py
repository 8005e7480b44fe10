"""Subscriptions become feeds of the configuration: ids, bodies, and what is left out."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.bodies import index_names, shipped_bodies
from aggregator.config.proposals import (
    UNKNOWN_BODY,
    Present,
    Proposals,
    as_toml,
    is_public_host,
    propose,
    shown_address,
)
from aggregator.domain.feeds import Feed
from aggregator.read.lists.subscription import Subscription

ISSUERS = index_names(shipped_bodies().values())
KNOWN = Feed(id="molit-press", url="https://www.molit.example/rss?b=1&a=2", title="", body="molit")


def proposed(*listed: tuple[str, str], feeds: tuple[Feed, ...] = (KNOWN,)) -> Proposals:
    return propose(
        [Subscription(url=url, title=title) for url, title in listed],
        Present(feeds=feeds, issuers=ISSUERS),
    )


@pytest.mark.parametrize(
    ("url", "title", "made"),
    [
        ("https://a.example/rss", "Seoul City News", "seoul-city-news"),
        ("https://www.haenam.go.kr/rss.do", "해남군 소식", "haenam"),
        ("https://rss.etnews.com/Section.xml", "", "etnews"),
        ("https://news.seoul.go.kr/gov/feed", "내 손안에", "news-seoul"),
        ("https://8.8.8.8/rss", "숫자", "8-8-8-8"),
        ("https://desk.example/rss", "desk", "desk-2"),
        ("https://a.example/rss", "x" * 100, "x" * 40),
    ],
)
def test_ids_come_from_title_or_host(url: str, title: str, made: str) -> None:
    """From the title where it has Latin letters."""
    assert [made] == [one.id for one in proposed((url, title)).taken]


def test_ids_are_unique() -> None:
    """Among themselves and beside those that are configured."""
    done = proposed(
        ("https://a.example/1", "Molit press"),
        ("https://a.example/2", "molit-press"),
        ("https://a.example/3", "MOLIT PRESS!"),
    )

    assert ["molit-press-2", "molit-press-3", "molit-press-4"] == [one.id for one in done.taken]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("국토교통부 보도자료", "molit"),
        ("[보도자료] 국토부", "molit"),
        ("국토교통부보도자료", "molit"),
        ("해남군청 새소식", "haenam"),
        ("Ministry of Science and ICT - news", "msit"),
        ("어느 블로그", UNKNOWN_BODY),
        ("", UNKNOWN_BODY),
    ],
)
def test_bodies_are_guessed_from_the_title(title: str, body: str) -> None:
    """By any name of the body."""
    assert [body] == [one.body for one in proposed(("https://b.example/rss", title)).taken]


def test_bodies_are_guessed_from_the_host() -> None:
    """Where all its feeds have the same one."""
    assert ["molit"] == [one.body for one in proposed(("https://molit.example/x", "t")).taken]

    other = replace(KNOWN, id="b", url="https://molit.example/y", body="seoul")
    (one,) = proposed(("https://molit.example/x", "t"), feeds=(KNOWN, other)).taken
    assert UNKNOWN_BODY == one.body


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://molit.example:443/rss?a=2&b=1", "it is configured as molit-press"),
        ("http://www.molit.example/rss?b=1&a=2&utm_source=x", "it is configured as molit-press"),
        ("ftp://a.example/x", "it is no http or https address"),
        ("just words", "it is no http or https address"),
        ("https://me:secret@a.example/x", "the address holds a user name or password"),
        ("http://127.0.0.1/x", "it is a private address"),
        ("http://2130706433/x", "it is a private address"),
        ("http://0x7f.1/x", "it is a private address"),
        ("http://[::1]/x", "it is a private address"),
        ("http://[::ffff:10.0.0.1]/x", "it is a private address"),
        ("http://169.254.169.254/latest", "it is a private address"),
        ("http://１２７.0.0.1/x", "it is a private address"),
        ("http://localhost/x", "it is a private address"),
        ("http://intranet/x", "it is a private address"),
        ("http://nas.local/x", "it is a private address"),
    ],
)
def test_what_cannot_be_a_feed_is_left_out(url: str, why: str) -> None:
    """Named, with the reason and without anything secret."""
    done = proposed((url, "t"))

    assert [] == done.taken
    assert done.left_out[0].why.startswith(why)
    assert "secret" not in done.left_out[0].name


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "2852039166",
        "0xa9.0xfe.43518",
        "[fd00:ec2::254]",
        "metadata.google.internal",
    ],
)
def test_no_exception_is_proposed_for_what_tells_secrets(host: str) -> None:
    """A metadata address is nobody's feed, however it is spelt."""
    (left,) = proposed((f"http://{host}/latest", "t")).left_out

    assert "allow_private" not in left.why


def test_one_feed_under_two_spellings_is_one() -> None:
    """The second one is named."""
    done = proposed(("https://a.example/rss", "a"), ("http://www.a.example/rss/", "b"))

    assert ["https://a.example/rss"] == [one.url for one in done.taken]
    assert "under another spelling" in done.left_out[0].why


def test_problems_of_the_list_are_kept() -> None:
    """What the list says is no feed is none."""
    one = Subscription(url="exec:rm", problem="it is a command", line=7)

    done = propose([one], Present(feeds=(), issuers={}))

    assert (7, "it is a command") == (done.left_out[0].line, done.left_out[0].why)


@given(st.text(max_size=80), st.text(max_size=40))
def test_blocks_are_toml(title: str, path: str) -> None:
    """Whatever a title holds, the block says it again."""
    done = proposed((f"https://a.example/{path}", title))

    blocks = tomllib.loads(as_toml(done.taken)).get("feeds", [])

    assert [(one.id, one.url, one.title) for one in done.taken] == [
        (block["id"], block["url"], block.get("title", "")) for block in blocks
    ]


@given(st.text(max_size=60))
def test_any_address_is_named_on_one_line(url: str) -> None:
    """Also one that is none."""
    assert "\n" not in shown_address(url)


@pytest.mark.parametrize("host", ["a.example", "8.8.8.8", "2606:4700::1111", "서울.example"])
def test_public_hosts(host: str) -> None:
    """Names and numbers that everybody can reach."""
    assert is_public_host(host)


def test_a_key_in_an_address_stays_out_of_the_file() -> None:
    """Its place is kept, and the variable is named after the feed."""
    done = proposed(("https://a.example/rss?page=1&token=s3cret", "Molit news"))

    text = as_toml(done.taken)
    assert "s3cret" not in text
    assert [
        {
            "id": "molit-news",
            "url": "https://a.example/rss?page=1&token={key}",
            "title": "Molit news",
            "body": "molit",
            "key_env": "MOLIT_NEWS_KEY",
        }
    ] == tomllib.loads(text)["feeds"]
    assert ["token"] == [one.key for one in done.taken]


@pytest.mark.parametrize(
    "title",
    [
        "https://a.example/rss?page=1&token=S3cret%3Dk3y",
        "https://a.example/rss?page=1&token=S3cret=k3y",
        "A.EXAMPLE/RSS?TOKEN=S3CRET%253DK3Y",
        "News (S3cret=k3y)",
        "https://b.example/?apikey=S3cret-of-another",
    ],
)
def test_a_key_in_a_title_is_in_nothing_made_of_it(title: str) -> None:
    """Neither title, nor id, nor variable: many programs call a feed by its address."""
    (one,) = proposed(("https://a.example/rss?page=1&token=S3cret%3Dk3y", title)).taken

    assert "s3cret" not in as_toml([one]).lower()
    assert ("a", "a.example", "A_KEY") == (one.id, one.title, one.key_env)


def test_a_title_that_is_an_address_without_a_key_stays() -> None:
    """There is nothing to hide."""
    address = "https://a.example/rss?page=1"

    assert [address] == [one.title for one in proposed((address, address)).taken]


def test_a_variable_begins_with_a_letter() -> None:
    """Though the id does not."""
    (one,) = proposed(("https://8.8.8.8/rss?token=s3cret", "숫자")).taken

    assert "FEED_8_8_8_8_KEY" == one.key_env


def test_an_address_with_two_keys_is_left_out() -> None:
    """There is one place for a key; neither is repeated."""
    done = proposed(("https://a.example/rss?token=s3cret&sig=s3cond", "t"))

    (left,) = done.left_out
    assert "its address holds several keys (token, sig)" in left.why
    assert "s3c" not in left.name + left.why


def test_a_feed_that_is_configured_with_its_key_is_known() -> None:
    """Whatever the key in the list."""
    keyed = replace(KNOWN, url="https://a.example/rss?token={key}", key_env="X_KEY")
    done = proposed(("https://a.example/rss?token=s3cret", "t"), feeds=(keyed,))

    assert ["it is configured as molit-press"] == [one.why for one in done.left_out]
