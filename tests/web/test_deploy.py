"""The shipped configurations of nginx and Caddy, in these servers themselves."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.web.conditions import wants_page
from aggregator.web.file_kinds import headers_of, kind_of
from tests.fixtures.serving import Reply, fetch
from tests.web.published import FILES, OPTIONS, put

ROOT = Path(__file__).parents[2]
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
SERVERS = {name: shutil.which(name, path=PATH) for name in ("nginx", "caddy")}
BROWSER = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

NGINX_HUB = re.compile(
    r"(?m)^( *)# (map \$uri \$agg_link \{|    ~.*|    default .*|\}|add_header Link .*)$"
)
CADDY_HUB = re.compile(
    r"(?m)^(\t*)# (@announced \{|\tpath .*|\tnot path .*|\}|header @announced .*)$"
)
"""What is for those who have a hub."""

NGINX_FRAME = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    include {folder}/site.conf;
}}
"""
CADDY_FRAME = "{\n\tadmin off\n}\n"


@pytest.fixture(scope="module", params=[*SERVERS])
def server(request: pytest.FixtureRequest) -> str:
    """The server's name."""
    if SERVERS[request.param] is None and os.environ.get("AGG_REQUIRE") != "all":
        pytest.skip(f"{request.param} is not installed")
    return str(request.param)


@pytest.fixture(scope="module")
def port(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server with the shipped file, its port and root changed; no privilege is needed."""
    folder = tmp_path_factory.mktemp(server)
    public = folder / "public"
    for name, body in FILES.items():
        put(public / name, body)
    put(public / "packed.atom", FILES["feed.atom"])
    put(public / "packed.atom.gz", gzip.compress(b"packed beforehand"))
    put(public / ".hidden", b"secret")
    put(public / ".1-ab.writing", b"secret")
    put(folder / "secret.txt", b"secret")
    with started(server, folder) as number:
        yield number


@contextmanager
def started(server: str, folder: Path, upstream: int = 0) -> Iterator[int]:
    """The server with the shipped file and ``public`` in ``folder``; the desk's part too where the port of
    an upstream is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    make = _nginx if server == "nginx" else _caddy
    command = make(folder, number, upstream)
    environment = {"PATH": PATH, "HOME": str(folder)}
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as running:
        try:
            _wait(number, running)
            yield number
        finally:
            running.terminate()


def _nginx(folder: Path, port: int, upstream: int) -> list[str]:
    shipped = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    site = NGINX_HUB.sub(r"\1\2", shipped).replace("127.0.0.1:8081", f"127.0.0.1:{port}")
    site = site.replace("/srv/desk/data/public", str(folder / "public"))
    if upstream:
        desk = (ROOT / "deploy" / "nginx-desk.conf").read_text(encoding="utf-8")
        (folder / "desk").write_text(desk.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}"))
        wish = "include /etc/nginx/agg-desk.conf"
        assert f"# {wish};" in site
        site = site.replace(f"# {wish};", f"include {folder}/desk;")
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(NGINX_FRAME.format(folder=folder))
    command = [SERVERS["nginx"] or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return [*command, "-e", str(folder / "error.log")]


def _caddy(folder: Path, port: int, upstream: int) -> list[str]:
    shipped = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    site = CADDY_HUB.sub(r"\1\2", shipped).replace(":8081 {", f":{port} {{")
    site = site.replace("/srv/desk/data/public", str(folder / "public"))
    if upstream:
        desk = (ROOT / "deploy" / "Caddyfile-desk").read_text(encoding="utf-8")
        desk = desk.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}")
        (folder / "Caddyfile-desk").write_text(desk)
        assert "# import Caddyfile-desk" in site
        site = site.replace("# import Caddyfile-desk", "import Caddyfile-desk")
    (folder / "Caddyfile").write_text(CADDY_FRAME + site)
    return [SERVERS["caddy"] or "caddy", "run", "--config", str(folder / "Caddyfile")]


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("the server does not answer")


@pytest.mark.parametrize("name", sorted(set(FILES) - {"404.html", "a b/한글.html"}))
def test_each_file_is_served_as_the_program_serves_it(port: int, name: str) -> None:
    """The same type, the same headers that say who may keep and read it."""
    kind = kind_of(name)
    reply = fetch(port, f"/{name}")
    wanted = headers_of(kind, name, OPTIONS)
    vary = _listed(wanted.pop("Vary", ""))
    assert (200, kind.media_type) == (reply.status, reply.headers["content-type"])
    assert FILES[name] == reply.body
    assert wanted == {header: reply.headers.get(header.lower()) for header in wanted}
    # They say so only of what they would pack, and Caddy only where it does.
    asked = fetch(port, f"/{name}", "Accept-Encoding: gzip")
    if len(FILES[name]) > 200:
        assert vary == _listed(asked.headers.get("vary", ""))
    if "Access-Control-Allow-Origin" not in wanted:
        assert "access-control-allow-origin" not in reply.headers


def test_a_feed_names_its_hub_and_itself(port: int) -> None:
    """As the program says it, where the comments around it are taken away."""
    options = replace(OPTIONS, base_url="https://news.example", hub="https://hub.example/")
    for name in ("feed.atom", "archive/2024-02.atom", "issues/48/issue.ninjs.json", "index.html"):
        wanted = headers_of(kind_of(name), name, options).get("Link")
        assert wanted == fetch(port, f"/{name}").headers.get("link")


def test_nothing_new_is_304(port: int) -> None:
    """By the tag, before the date."""
    first = fetch(port, "/feed.rss").headers
    since = f"If-Modified-Since: {first['last-modified']}"
    assert 304 == fetch(port, "/feed.rss", f"If-None-Match: {first['etag']}").status
    assert 304 == fetch(port, "/feed.rss", since).status
    assert 200 == fetch(port, "/feed.rss", since, 'If-None-Match: "x"').status


def test_what_is_packed_beforehand_is_sent(port: int) -> None:
    """With a tag of its own; other files are packed by the server."""
    packed = fetch(port, "/packed.atom", "Accept-Encoding: gzip")
    assert b"packed beforehand" == gzip.decompress(packed.body)
    assert fetch(port, "/packed.atom").headers["etag"] != packed.headers["etag"]
    mine, plain = fetch(port, "/feed.rss", "Accept-Encoding: gzip"), fetch(port, "/feed.rss")
    assert FILES["feed.rss"] == gzip.decompress(mine.body)
    assert f"W/{plain.headers['etag']}" == mine.headers["etag"]
    again = f"If-None-Match: {mine.headers['etag']}"
    assert 304 == fetch(port, "/feed.rss", "Accept-Encoding: gzip", again).status


def _listed(header: str) -> set[str]:
    return {one.strip() for one in header.split(",")} - {""}


@pytest.mark.parametrize("name", ["feed.atom", "feed.rss", "archive/2024-02.atom"])
@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        (BROWSER, True),
        ("Accept: text/html", True),
        ("Accept: */*", False),
        ("Accept: text/html, */*", False),
        ("Accept: application/rss+xml,application/rdf+xml,application/atom+xml,text/html", False),
        ("Accept: application/atom+xml,application/rss+xml,text/html;q=0.5,*/*;q=0.1", False),
    ],
)
def test_browsers_get_a_feed_as_xml(port: int, name: str, accepted: str, shown: bool) -> None:  # noqa: FBT001
    """As the program decides it, with the same headers; without a tag, which would be the feed's."""
    kind = kind_of(name)
    assert shown is wants_page(accepted.partition(": ")[2], kind.media_type.partition(";")[0])
    etag = fetch(port, f"/{name}").headers["etag"]

    reply = fetch(port, f"/{name}", accepted, f"If-None-Match: {etag}" if shown else "X: y")

    wanted = headers_of(kind, name, OPTIONS)
    wanted.pop("Vary")
    assert (200, kind.shown(as_page=shown)) == (reply.status, reply.headers["content-type"])
    assert FILES[name] == reply.body
    assert wanted == {header: reply.headers.get(header.lower()) for header in wanted}
    assert "Accept" in _listed(reply.headers["vary"])
    assert shown is ("etag" not in reply.headers)
    since = f"If-Modified-Since: {reply.headers['last-modified']}"
    assert 304 == fetch(port, f"/{name}", accepted, since).status


def test_scripts_of_other_sites_may_ask_with_conditions(port: int) -> None:
    """What a browser asks before it sends If-None-Match: answered as the program does."""
    asking = ("Origin: https://x.example", "Access-Control-Request-Method: GET")
    for path in ("/feed.json", "/feeds.opml", "/issues/48/issue.ninjs.json", "/index.html"):
        reply = fetch(port, path, *asking, method="OPTIONS")
        shared = path != "/index.html"
        assert (204, "GET, HEAD, OPTIONS") == (reply.status, reply.headers["allow"])
        for name, value in {
            "origin": "*",
            "methods": "GET, HEAD, OPTIONS",
            "headers": "If-None-Match, If-Modified-Since, Cache-Control",
        }.items():
            assert (value if shared else None) == reply.headers.get(f"access-control-allow-{name}")


def test_304_has_the_headers_of_200(port: int) -> None:
    """All but what is about the bytes that are not sent."""
    about = {"content-type", "content-length", "last-modified", "accept-ranges", "date"}
    about |= {"connection", "server", "vary"}
    for path in ("/feed.atom", "/feed.json", "/issues/48/"):
        whole = fetch(port, path).headers
        kept = fetch(port, path, f"If-None-Match: {whole['etag']}").headers
        assert {n: v for n, v in whole.items() if n not in about} == {
            n: v for n, v in kept.items() if n not in about
        }


def test_ranges_are_not_served(port: int) -> None:
    """The whole file, as the program sends it."""
    reply = fetch(port, "/feed.atom", "Range: bytes=0-5")
    assert (200, FILES["feed.atom"]) == (reply.status, reply.body)


@pytest.mark.parametrize(
    "path",
    [
        "/none",
        "/noindex/",
        "/.hidden",
        "/.1-ab.writing",
        "/issues/none/",
        "/404.html",
        "/%2ehidden",
    ],
)
def test_what_is_not_published_is_not_there(port: int, path: str) -> None:
    """Hidden files and lists of folders as well; the site's own page says so."""
    reply = fetch(port, path)
    assert reply.status in {403, 404}
    assert not re.search(b"secret|x.txt", reply.body)
    if 404 == reply.status:
        assert FILES["404.html"] == reply.body


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/issues/../../secret.txt"]
)
def test_nothing_outside_is_served(port: int, path: str) -> None:
    """However the way out is written."""
    reply = fetch(port, path)
    assert reply.status in {400, 404}
    assert b"secret" not in reply.body


def test_a_folder_leads_to_itself(port: int) -> None:
    """Without a host in it."""
    assert "/issues/48/" == fetch(port, "/issues/48").headers["location"]


def test_head_and_nothing_else(port: int) -> None:
    """The site is there to be read."""
    head: Reply = fetch(port, "/feed.rss", method="HEAD")
    assert (200, b"") == (head.status, head.body)
    assert fetch(port, "/feed.rss", "Content-Length: 0", method="POST").status in {403, 405}
