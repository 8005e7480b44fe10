"""What a request may hold beside its address: a form, headers of its own, a proxy."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from aggregator.domain.errors import BlockedAddress, ConnectFailed, FetchError
from aggregator.domain.net import AddressException
from aggregator.fetch.guard import Guard
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified
from tests.fetch.make import AGENT, fetch_all, guard_for
from tests.fetch.test_tls import pem, serve_tls, server_context
from tests.fixtures.http import Answer, Asked, Office, free_port, redirect, serve

BODY = b"<rss/>"
FORM = b"schGu=jongno&page=1"


def send(guard: Guard, url: str, **more: object) -> Fetched | NotModified:
    """Send one request; an error is raised."""
    request = FetchRequest(feed_id="f", url=url, timeout=5.0, **more)  # type: ignore[arg-type]
    (answer,) = asyncio.run(fetch_all(guard, [request]))
    if isinstance(answer, BaseException):
        raise answer
    return answer


def post(office: Office, **more: object) -> Fetched | NotModified:
    """Post the form."""
    form = {"method": "POST", "content": FORM, "content_type": "application/x-www-form-urlencoded"}
    return send(guard_for(office), "http://a.example/rss", **form, **more)


def test_a_form_is_posted() -> None:
    """Method, body, its type and its length."""
    with serve(Answer(body=BODY)) as office:
        post(office)
    (asked,) = office.asked
    assert ("POST", FORM) == (asked.method, asked.body)
    assert "application/x-www-form-urlencoded" == asked.headers["content-type"]
    assert str(len(FORM)) == asked.headers["content-length"]


def test_an_empty_post_says_so() -> None:
    """Some boards want POST and nothing in it (quirk B2)."""
    with serve(Answer(body=BODY)) as office:
        send(guard_for(office), "http://a.example/rss", method="POST")
    assert "0" == office.asked[0].headers["content-length"]
    assert "content-type" not in office.asked[0].names


@pytest.mark.parametrize(
    ("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
def test_what_a_redirect_makes_of_a_post(status: int, method: str) -> None:
    """307 and 308 keep method and body, the others make a GET of it."""
    with serve([redirect("/new", status), Answer(body=BODY)]) as office:
        post(office)
    asked = office.asked[1]
    assert (method, FORM if method == "POST" else b"") == (asked.method, asked.body)
    assert (method == "POST") == ("content-length" in asked.names)


def test_a_post_passes_a_cookie_gate() -> None:
    """A redirect to itself with the cookie is no circle."""

    def gate(asked: Asked) -> Answer:
        is_known = asked.headers.get("cookie") == "a=1"
        return Answer(body=BODY) if is_known else redirect("/rss", 307, Set_Cookie="a=1")

    with serve(gate) as office:
        post(office)
    assert [FORM, FORM] == [asked.body for asked in office.asked]


def test_validators_are_not_sent_with_a_form() -> None:
    """They are for GET: to a POST a server would have to answer 412."""
    with serve(Answer(body=BODY)) as office:
        post(office, etag='"1"', last_modified="yesterday")
    assert not {"if-none-match", "if-modified-since"} & set(office.asked[0].names)


def test_a_feed_may_say_who_asks() -> None:
    """User-Agent, Accept, Referer and Accept-Encoding; each stands there once."""
    headers = {
        "user-agent": "Mozilla/5.0",
        "Accept": "text/html",
        "Referer": "http://a.example/",
        "Accept-Encoding": "identity",
        "X-Own": "1",
    }
    with serve([redirect("http://b.example/"), Answer(body=BODY)]) as office:
        send(guard_for(office), "http://a.example/rss", headers=headers)
    first, second = office.asked
    for name, value in headers.items():
        assert value == first.headers[name.lower()]
        assert 1 == first.names.count(name.lower())
    assert "Mozilla/5.0" == second.headers["user-agent"]


def test_a_feeds_own_headers_stay_with_its_host() -> None:
    """A key in a header is for the host it was given for."""
    headers = {"Authorization": "Bearer 1", "X-Api-Key": "2"}
    with serve(
        [redirect("/x"), redirect("http://b.example/"), redirect("http://a.example/y"), Answer()]
    ) as office:
        send(guard_for(office), "http://a.example/rss", headers=headers)
    assert [True, True, False, True] == ["x-api-key" in asked.names for asked in office.asked]
    assert [True, True, False, True] == ["authorization" in asked.names for asked in office.asked]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "evil.example"),
        ("Content-Length", "9"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "keep-alive"),
        ("If-None-Match", '"other"'),
        ("X-Evil", "a\r\nX-More: 1"),
        ("X-More\r\nY", "1"),
        ("X Y", "1"),
        ("X-Korean", "한글"),
    ],
)
def test_the_exchange_keeps_its_own_headers(name: str, value: str) -> None:
    """What belongs to the exchange cannot be set, and nothing can be smuggled in."""
    with serve(Answer(status=304)) as office:
        send(guard_for(office), "http://a.example/rss", headers={name: value}, etag='"1"')
    (asked,) = office.asked
    names = ("host", "user-agent", "accept", "accept-encoding", "connection", "if-none-match")
    assert names == asked.names
    assert ("a.example", "close", '"1"') == tuple(
        asked.headers[one] for one in ("host", "connection", "if-none-match")
    )


def through(proxy: Office | int, userinfo: str = "") -> str:
    port = proxy if isinstance(proxy, int) else proxy.port
    return f"http://{userinfo}127.0.0.1:{port}"


def test_a_proxy_gets_the_whole_address() -> None:
    """No address is looked up here: the proxy does that, and no exception is needed for it."""
    with serve(Answer(body=BODY)) as proxy:
        answer = send(Guard(), "http://nowhere.invalid/rss?a=1#top", proxy=through(proxy))
    (asked,) = proxy.asked
    assert "http://nowhere.invalid/rss?a=1" == asked.path
    assert ("nowhere.invalid", AGENT) == (asked.headers["host"], asked.headers["user-agent"])
    assert isinstance(answer, Fetched)
    assert "http://nowhere.invalid/rss?a=1#top" == answer.url


def test_a_proxy_is_told_who_asks() -> None:
    """Name and password of the proxy's address, decoded, to the proxy alone."""
    with serve(Answer(body=BODY)) as proxy:
        send(Guard(), "http://a.invalid/", proxy=through(proxy, "desk:p%40ss@"))
    said = proxy.asked[0].headers["proxy-authorization"].removeprefix("Basic ")
    assert b"desk:p@ss" == base64.b64decode(said)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "[::1]", "169.254.169.254", "localhost", "x.local"]
)
def test_a_proxy_is_no_way_to_what_is_known_to_be_private(host: str) -> None:
    """Literals in any spelling, and local names, are refused before the proxy is asked."""
    with serve(Answer(body=BODY)) as proxy, pytest.raises(BlockedAddress):
        send(Guard(), f"http://{host}/", proxy=through(proxy))
    assert 0 == proxy.connections


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1080", "https://127.0.0.1", "http://", "http://a:99999", "x"]
)
def test_what_is_no_proxy_is_told_without_its_address(proxy: str) -> None:
    """The address may hold a password."""
    with pytest.raises(ConnectFailed, match="no address of the form http://host:port") as caught:
        send(Guard(), "http://a.invalid/", proxy=proxy)
    assert "1080" not in str(caught.value)


def test_a_proxy_that_is_not_there_is_told() -> None:
    """The message says that it is about the proxy, and does not name it."""
    with pytest.raises(ConnectFailed) as caught:
        send(Guard(), "http://a.invalid/", proxy=through(free_port(), "desk:secret@"))
    assert "no answer from a.invalid through its proxy: the connection was refused" == str(
        caught.value
    )


@contextlib.contextmanager
def tunnels(to: int, answer: bytes = b"HTTP/1.1 200 Established\r\n\r\n") -> Iterator[Office]:
    """A proxy that connects every tunnel to a port of this machine; paths are what it was asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        office = Office(listener.getsockname()[1])
        heads: list[bytes] = []
        thread = threading.Thread(target=_tunnel, args=(listener, to, answer, heads), daemon=True)
        thread.start()
        yield office
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
        office.asked += [
            Asked(path=head.decode(), headers={}, names=(), began=0.0) for head in heads
        ]


def _tunnel(listener: socket.socket, to: int, answer: bytes, heads: list[bytes]) -> None:
    with contextlib.suppress(OSError):
        connection, _ = listener.accept()
        with connection, socket.create_connection(("127.0.0.1", to)) as server:
            heads.append(connection.recv(4096))
            connection.sendall(answer)
            back = threading.Thread(target=_pump, args=(server, connection), daemon=True)
            back.start()
            _pump(connection, server)
            back.join(timeout=5)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def test_https_goes_through_a_tunnel(tmp_path: Path) -> None:
    """The proxy sees a name and a port; the certificate is still checked for the name."""
    authority = trustme.CA()
    with (
        serve_tls(server_context(authority.issue_cert("www.molit.invalid"))) as secure,
        tunnels(secure.port) as proxy,
    ):
        answer = send(
            Guard(),
            "https://www.molit.invalid/rss",
            proxy=through(proxy, "desk:word@"),
            tls=pem(tmp_path, authority),
        )
    assert isinstance(answer, Fetched)
    assert BODY == answer.body
    (asked,) = proxy.asked
    lines = asked.path.split("\r\n")
    assert "CONNECT www.molit.invalid:443 HTTP/1.1" == lines[0]
    assert ["Host: www.molit.invalid:443", "Proxy-Authorization: Basic ZGVzazp3b3Jk"] == lines[1:3]
    assert ["www.molit.invalid"] == secure.names


def test_a_tunnel_that_is_refused_is_told() -> None:
    """With the proxy's status, which is not the feed's."""
    with (
        serve(Answer()) as nobody,
        tunnels(nobody.port, b"HTTP/1.1 407 Who are you\r\n\r\n") as proxy,
        pytest.raises(FetchError, match="through its proxy: the proxy answered 407 Proxy Auth"),
    ):
        send(Guard(), "https://a.invalid/", proxy=through(proxy))


def test_what_the_operator_configured_may_be_anywhere() -> None:
    """The guard is for feeds; a webhook or a hub is none."""
    with serve(Answer(body=BODY)) as office:
        answer = send(Guard(allow_all=True), office.url("/hook"), method="POST", content=b"{}")
        with pytest.raises(BlockedAddress):
            send(Guard(allow=[AddressException(host="127.0.0.1", port=1)]), office.url("/hook"))
    assert isinstance(answer, Fetched)
    assert b"{}" == office.asked[0].body
