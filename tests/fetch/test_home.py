"""What a feed has of its own, headers and relaxations of TLS, stays at its home."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import trustme

from aggregator.domain.errors import CertificateRefused
from aggregator.domain.net import STRICT_TLS, AddressException, ConnectTo, Tls, TlsProfile
from aggregator.fetch.guard import Guard
from aggregator.fetch.home import Home
from aggregator.fetch.http import target_of
from aggregator.fetch.route import Target
from aggregator.ports.fetching import Fetched, FetchRequest
from tests.fetch.make import fetch_all, guard_for
from tests.fetch.test_tls import Secure, pem, serve_tls, server_context
from tests.fixtures.http import Answer, redirect, serve

OWN = {"X-Api-Key": "1", "Authorization": "Bearer 1", "Referer": "http://a.example/list"}
AT_HOME = "www.molit.example"
ELSEWHERE = "other.example"


def server_of(url: str) -> Target:
    """Of an address that is one."""
    target = target_of(url)
    assert target is not None
    return target


@pytest.mark.parametrize(
    ("is_home", "home", "url"),
    [
        (True, "http://a.example/rss", "http://a.example/other?a=1"),
        (True, "http://A.Example:80/rss", "http://a.example/"),
        (True, "https://a.example/rss", "https://a.example:443/"),
        (True, "http://a.example/rss", "https://a.example/"),
        (True, "http://국토.example/rss", "http://xn--3e0bm00e.example/"),
        (False, "https://a.example/rss", "http://a.example/"),
        (False, "http://a.example:8080/rss", "https://a.example/"),
        (False, "http://a.example/rss", "https://a.example:8443/"),
        (False, "http://a.example/rss", "http://a.example:8080/"),
        (False, "http://a.example:443/rss", "https://a.example/"),
        (False, "http://a.example/rss", "http://b.a.example/"),
        (False, "http://b.a.example/rss", "http://a.example/"),
        (False, "http://[/", "http://a.example/"),
        (False, "ftp://a.example:443/", "https://a.example/"),
    ],
)
def test_headers_are_for_one_origin(*, is_home: bool, home: str, url: str) -> None:
    """Scheme, host and port; of the ways from plain to secure the usual one alone."""
    assert is_home == Home(server=target_of(home)).has_headers_for(server_of(url))


@pytest.mark.parametrize(
    ("is_home", "home", "url"),
    [
        (True, "https://a.example/rss", "https://a.example/other"),
        (True, "http://a.example/rss", "https://a.example:8443/"),
        (False, "https://a.example/rss", "https://b.example/"),
        (False, "https://a.example/rss", "https://b.a.example/"),
        (False, "http://[/", "https://a.example/"),
    ],
)
def test_relaxations_are_for_one_host(*, is_home: bool, home: str, url: str) -> None:
    """On any of its ports; every other host must speak TLS as it should be."""
    relaxed = TlsProfile(relax=frozenset({Tls.UNVERIFIED}))
    expected = relaxed if is_home else STRICT_TLS
    assert expected == Home(server=target_of(home)).tls_for(server_of(url), relaxed)


@pytest.mark.parametrize(
    ("expected", "home"),
    [(True, "http://a.example/rss"), (True, ""), (False, "http://b.example/rss")],
)
def test_the_first_address_need_not_be_home(*, expected: bool, home: str) -> None:
    """A page that a feed links to, and where it has moved to, get nothing but who asks."""
    with serve(Answer(body=b"x")) as office:
        request = FetchRequest(feed_id="f", url="http://a.example/1", headers=OWN, home=home)
        asyncio.run(fetch_all(guard_for(office), [request]))
    (asked,) = office.asked
    assert [expected] * 2 == ["x-api-key" in asked.names, "authorization" in asked.names]
    assert "http://a.example/list" == asked.headers["referer"]


def test_a_way_that_comes_home_has_its_headers_there() -> None:
    """A page elsewhere that redirects to the feed's own server."""
    with serve([redirect("http://a.example/1"), Answer(body=b"x")]) as office:
        home = "http://a.example/rss"
        request = FetchRequest(feed_id="f", url="http://b.example/", headers=OWN, home=home)
        asyncio.run(fetch_all(guard_for(office), [request]))
    assert [False, True] == ["x-api-key" in asked.names for asked in office.asked]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that no system knows."""
    return trustme.CA()


def answer_of(secure: Secure, request: FetchRequest, plain_port: int = 1) -> object:
    """The answer or the error; every name is connected to the secure server."""
    ports = (secure.port, plain_port)
    guard = Guard(
        allow=[AddressException(host="127.0.0.1", port=port) for port in ports],
        connect_to=[ConnectTo(pattern="*.example", host="127.0.0.1", port=secure.port)],
    )
    (answer,) = asyncio.run(fetch_all(guard, [request]))
    return answer


@pytest.mark.parametrize(
    ("expected", "home"),
    [
        (Fetched, f"https://{AT_HOME}/rss"),
        (Fetched, f"http://{AT_HOME}/rss"),
        (Fetched, ""),
        (CertificateRefused, f"https://{ELSEWHERE}/rss"),
    ],
)
@pytest.mark.parametrize("is_pinned", [True, False])
def test_a_host_that_is_not_home_is_verified(
    *, expected: type, home: str, is_pinned: bool, authority: trustme.CA, tmp_path: Path
) -> None:
    """Neither a certificate that is trusted besides nor ``unverified`` helps another host."""
    unverified = TlsProfile(relax=frozenset({Tls.UNVERIFIED}))
    profile = pem(tmp_path, authority) if is_pinned else unverified
    with serve_tls(server_context(authority.issue_cert(AT_HOME))) as secure:
        url = f"https://{AT_HOME}/1"
        request = FetchRequest(feed_id="f", url=url, home=home, tls=profile, timeout=5.0)
        assert isinstance(answer_of(secure, request), expected)


def test_a_redirect_takes_no_relaxation_along(authority: trustme.CA) -> None:
    """Nobody on the way of a feed whose server need not prove who it is chooses other servers."""
    with (
        serve_tls(server_context(authority.issue_cert(ELSEWHERE))) as secure,
        serve(redirect(f"https://{ELSEWHERE}/rss")) as office,
    ):
        relaxed = TlsProfile(relax=frozenset({Tls.UNVERIFIED}))
        request = FetchRequest(feed_id="f", url=office.url(), tls=relaxed, timeout=5.0)
        assert isinstance(answer_of(secure, request, office.port), CertificateRefused)
