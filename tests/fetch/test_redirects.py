"""Redirects are followed by hand, and every hop is checked like the first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count

import pytest

from aggregator.domain.errors import BadStatus, BlockedAddress, FetchError, TooManyRedirects
from aggregator.domain.net import Hop
from aggregator.fetch.journey import MAX_HOPS
from aggregator.ports.fetching import FetchRequest, NotModified
from tests.fetch.make import fetch_all, fetched, get, guard_for
from tests.fixtures.http import Answer, Asked, redirect, serve

BODY = b"<rss/>"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int) -> None:
    """A relative target belongs to the address that redirects; the answer says where it is from."""
    with serve([redirect("../new?a=1", status), Answer(body=BODY)]) as office:
        answer = fetched(office, "http://www.molit.example/rss/old")
    assert ("http://www.molit.example/new?a=1", BODY) == (answer.url, answer.body)
    assert ["/rss/old", "/new?a=1"] == [asked.path for asked in office.asked]


def test_validators_follow_a_redirect() -> None:
    """A feed that has moved can still say that nothing is new."""
    with serve([redirect("/new"), Answer(status=304)]) as office:
        answer = get(office, etag='"1"')
        hop = Hop(url=office.url("/rss"), status=302)
        assert NotModified(url=office.url("/new"), hops=(hop,)) == answer
    assert '"1"' == office.asked[1].headers["if-none-match"]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/새소식?분류=보도", "/%EC%83%88%EC%86%8C%EC%8B%9D?%EB%B6%84%EB%A5%98=%EB%B3%B4%EB%8F%84"),
        ("/새".encode("euc-kr"), "/%BB%F5"),
        ("/a b", "/a%20b"),
    ],
)
def test_targets_outside_ascii_are_percent_encoded(target: str | bytes, path: str) -> None:
    """A target in UTF-8, or in whatever other octets, reaches the server as those octets."""
    with serve([redirect(target), Answer(body=BODY)]) as office:
        fetched(office)
    assert path == office.asked[1].path


def test_a_redirect_without_target_is_told() -> None:
    """A hop must say where it leads."""
    with serve(Answer(status=302)) as office, pytest.raises(TooManyRedirects) as caught:
        get(office)
    assert "127.0.0.1 redirects (302) without saying where to" == str(caught.value)


def test_a_circle_is_found_at_once() -> None:
    """What was asked already, with the same cookies, would bring the same redirect."""
    with (
        serve([redirect("/a#1"), redirect("/b"), redirect("/a#2")]) as office,
        pytest.raises(TooManyRedirects, match=r"in a circle, back to 'http://127.*/a#2'") as caught,
    ):
        get(office)
    assert ["/rss", "/a", "/b"] == [asked.path for asked in office.asked]
    assert [302, 302, 302] == [hop.status for hop in caught.value.hops]


def test_a_way_without_end_is_bounded() -> None:
    """A server that redirects for ever is asked a few times and no more."""
    with (
        serve(lambda asked: redirect(asked.path + "/x")) as office,
        pytest.raises(TooManyRedirects, match="more than 8"),
    ):
        get(office)
    assert MAX_HOPS + 1 == len(office.asked)


def test_a_gate_that_is_never_content_is_bounded() -> None:
    """A new cookie each time is no circle, but the hops are counted."""
    turn = count()
    with (
        serve(lambda _: redirect("/rss", 307, Set_Cookie=f"a={next(turn)}")) as office,
        pytest.raises(TooManyRedirects, match="more than 8"),
    ):
        get(office)
    assert MAX_HOPS + 1 == len(office.asked)


def test_an_answer_tells_its_way() -> None:
    """Each redirect with its status: whether all were permanent is seen from outside."""
    with serve([redirect("/a", 301), redirect("/b", 308), Answer(body=BODY)]) as office:
        answer = fetched(office)
    hops = (Hop(url=office.url("/rss"), status=301), Hop(url=office.url("/a"), status=308))
    assert (hops, office.url("/b")) == (answer.hops, answer.url)


def test_an_error_tells_the_way_to_it() -> None:
    """A page that is missing behind a redirect is not the one that was asked for."""
    with serve([redirect("/a"), Answer(status=404)]) as office, pytest.raises(BadStatus) as caught:
        get(office)
    assert (Hop(url=office.url("/rss"), status=302),) == caught.value.hops
    assert office.url("/a") == caught.value.url


def test_all_hops_share_one_deadline() -> None:
    """Redirects win a slow server no time: the timeout is that of the whole fetch."""
    with (
        serve(lambda asked: replace(redirect(asked.path + "/x"), pause=0.1)) as office,
        pytest.raises(FetchError, match=r"within 0\.25 seconds"),
    ):
        get(office, timeout=0.25)
    assert len(office.asked) < MAX_HOPS


def test_a_cookie_gate_is_passed() -> None:
    """An office that redirects to the same address until its cookie comes back is satisfied."""

    def gate(asked: Asked) -> Answer:
        if asked.headers.get("cookie") == "JSESSIONID=a1!b2==.node; WMONID=x":
            return Answer(body=BODY)
        cookies = ("JSESSIONID=a1!b2==.node; Path=/; HttpOnly", "WMONID=x; Max-Age=99")
        headers = [("Set-Cookie", cookie) for cookie in cookies]
        return Answer(status=307, headers=[("Location", "/rss"), *headers])

    with serve(gate) as office:
        assert BODY == fetched(office).body
    assert 2 == len(office.asked)


@pytest.mark.parametrize("attributes", ["", "; Domain=example", "; Domain=127.0.0.1; Path=/"])
def test_cookies_stay_with_their_host(attributes: str) -> None:
    """What one host sets no other host gets, not one below it, not one at the same address."""

    def script(asked: Asked) -> Answer:
        if asked.headers["host"] == "a.example" and asked.path == "/rss":
            return redirect("http://b.a.example/", Set_Cookie=f"secret=1{attributes}")
        if asked.headers["host"] == "b.a.example":
            return redirect("http://a.example/back")
        return Answer(body=BODY)

    with serve(script) as office:
        fetched(office, "http://a.example/rss")
    assert [None, None, "secret=1"] == [asked.headers.get("cookie") for asked in office.asked]


def test_cookies_are_forgotten_after_the_fetch() -> None:
    """A second fetch by the same fetcher begins without them."""
    with serve(Answer(headers=[("Set-Cookie", "a=1")], body=BODY)) as office:
        request = FetchRequest(feed_id="f", url=office.url())
        asyncio.run(fetch_all(guard_for(office), [request, request]))
    assert 2 == len(office.asked)
    assert "cookie" not in office.asked[1].names


def test_credentials_in_a_redirect_go_nowhere() -> None:
    """A target with a password is asked without it, and links are not made relative to it."""
    with serve([redirect("http://user:pass@b.example/x"), Answer(body=BODY)]) as office:
        answer = fetched(office)
    assert "authorization" not in office.asked[1].names
    assert "http://b.example/x" == answer.url


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "data:application/rss+xml,<rss/>",
        "ftp://127.0.0.1/rss",
        "gopher://127.0.0.1:70/_GET",
        "javascript:alert(1)",
        "unix:/run/docker.sock",
    ],
)
def test_only_web_addresses_are_followed(target: str) -> None:
    """No scheme but http and https is ever opened."""
    with serve(redirect(target)) as office, pytest.raises(BlockedAddress):
        get(office)
    assert 1 == len(office.asked)


SPELLINGS = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.0.1.",
    "127.9.8.7",
    "localhost",
    "LOCALHOST",
    "www.molit.go.kr@127.0.0.1",
    "www.molit.go.kr:80@127.0.0.1",
    "0",
    "0.0.0.0",  # noqa: S104 - an address to go to, not to bind
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "１２７.0.0.1",
    "%31%32%37.0.0.1",
    "127.0.0.1%00.molit.go.kr",
    "[::ffff:127.0.0.1%25lo]",
    "[::1%25lo]",
    "localhost.",
    "127.1.",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_loopback_gets_through(host: str) -> None:
    """A port of this machine that no exception names is never touched, however it is written."""
    with serve(Answer(body=b"secret")) as canary, serve(Answer()) as office:
        guard = guard_for(office)
        target = f"http://{host}:{canary.port}/latest/meta-data"
        with (
            serve(redirect(target)) as first,
            pytest.raises(FetchError) as caught,
        ):
            get(first, guard=guard_for(first, office))
        with pytest.raises(type(caught.value)):
            get(office, target, guard=guard)
    assert 0 == canary.connections
    assert caught.value.code in {"blocked_address", "connect_failed"}


@pytest.mark.parametrize("host", [*SPELLINGS[:2], "127.1", "[::ffff:127.0.0.1]", "a@127.0.0.1"])
def test_a_blocked_address_is_called_so(host: str) -> None:
    """The error says where the address leads and what would permit it."""
    with serve(redirect(f"http://{host}:1/")) as office, pytest.raises(BlockedAddress) as caught:
        get(office)
    assert "private or reserved" in str(caught.value)
    assert ':1"] would permit it)' in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[fd00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2001:0:7f00:1::1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[::ffff:0:10.0.0.1]",
        "[2002:a00:1::]",
        "[3fff::1]",
        "[5f00::1]",
        "[fd00:ec2::254]",
        "[fe80::1%25eth0]",
        "[2606:4700::1111%25eth0]",
        "169.254.169.254.",
        "2852039166",
        "0xa9fea9fe",
    ],
)
def test_addresses_that_are_not_public_are_refused(host: str) -> None:
    """Private, reserved, translated and multicast addresses are no place for a feed."""
    with serve(redirect(f"http://{host}/")) as office, pytest.raises(BlockedAddress):
        get(office)
