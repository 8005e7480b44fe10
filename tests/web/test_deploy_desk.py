"""The desk behind the shipped configurations of nginx and Caddy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from aggregator.web.app import make_web_app
from aggregator.web.doors.headers import DESK_HEADERS
from aggregator.web.file_kinds import PAGE_POLICY
from tests.fixtures.doors import PASSWORD, desk_opened
from tests.fixtures.serving import fetch, served
from tests.web.published import put
from tests.web.test_deploy import SERVERS, started

DESK = '[desk]\naddress = "https://news.example"\nproxies = ["127.0.0.1"]\ntrusted_header = "X-Remote-User"\n'


@pytest.fixture(scope="module", params=[*SERVERS])
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server in front of the desk; the site is its own."""
    if SERVERS[request.param] is None and os.environ.get("AGG_REQUIRE") != "all":
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp("front")
    put(folder / "public" / "index.html", b"<!doctype html>the site")
    with (
        desk_opened(tmp_path_factory.mktemp("desk"), desk=DESK) as app,
        served(make_web_app(lambda: app)) as upstream,
        started(request.param, folder, upstream) as number,
    ):
        yield number


def test_one_can_log_in(port: int) -> None:
    """The form is sent on, and the cookie comes back."""
    form = urlencode({"name": "admin", "password": PASSWORD}).encode()
    sent = ("Sec-Fetch-Site: same-origin", "Origin: https://news.example",
            "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}")  # fmt: skip

    reply = fetch(port, "/desk/login", *sent, method="POST", body=form)

    assert (303, "/desk") == (reply.status, reply.headers["location"])
    cookie = reply.headers["set-cookie"].partition(";")[0]
    assert cookie.startswith("__Host-desk-session=")
    today = fetch(port, "/desk", f"Cookie: {cookie}")
    assert (200, True) == (today.status, b"admin" in today.body)


@pytest.mark.parametrize("path", ["/desk/login", "/desk/enter/no-such-token"])
def test_the_desk_has_its_own_headers(port: int, path: str) -> None:
    """Each once, and none of the site's beside it."""
    reply = fetch(port, path)
    assert DESK_HEADERS == {name: reply.headers.get(name.lower()) for name in DESK_HEADERS}
    assert "x-nothing" not in reply.headers


@pytest.mark.parametrize("path", ["/desk/doors.css", "/status", "/status.css"])
def test_what_belongs_to_it_is_there(port: int, path: str) -> None:
    """Its style sheet; the status pages, private or not, with theirs."""
    assert fetch(port, path).status in {200, 303}


def test_nobody_says_himself_who_he_is(port: int) -> None:
    """A header that only the proxy may write is taken away."""
    assert 303 == fetch(port, "/desk", "X-Remote-User: admin").status


def test_the_site_stays_as_it_is(port: int) -> None:
    """Its files are the server's, and nothing is sent there."""
    page = fetch(port, "/")
    assert (b"<!doctype html>the site", PAGE_POLICY) == (
        page.body,
        page.headers["content-security-policy"],
    )
    assert 405 == fetch(port, "/", "Content-Length: 0", method="POST").status
    assert 204 == fetch(port, "/", method="OPTIONS").status
    assert 404 == fetch(port, "/desktop").status
