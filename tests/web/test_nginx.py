"""The shipped configuration of nginx, in nginx itself."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.web.file_kinds import headers_of, kind_of
from tests.fixtures.serving import Reply, fetch
from tests.web.published import FILES, OPTIONS, put

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.skipif(
        NGINX is None and os.environ.get("AGG_REQUIRE") != "all", reason="nginx is not installed"
    ),
    pytest.mark.xdist_group("nginx"),
]

COMMENTED = re.compile(
    r"(?m)^( *)# (map \$uri \$agg_link \{|    ~.*|    default .*|\}|add_header Link .*)$"
)
"""What is for those who have a hub."""

FRAME = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    include {folder}/site.conf;
}}
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx with the shipped file, its port and root changed; no privilege is needed."""
    folder = tmp_path_factory.mktemp("nginx")
    public = folder / "public"
    for name, body in FILES.items():
        put(public / name, body)
    put(public / "feed.atom.gz", gzip.compress(b"packed beforehand"))
    put(public / ".hidden", b"secret")
    put(public / ".1-ab.writing", b"secret")
    put(folder / "secret.txt", b"secret")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    shipped = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    shipped = COMMENTED.sub(r"\1\2", shipped)
    site = shipped.replace("127.0.0.1:8081", f"127.0.0.1:{number}")
    (folder / "site.conf").write_text(site.replace("/srv/desk/data/public", str(public)))
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder))
    command = [NGINX or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen([*command, "-e", str(folder / "error.log")]) as server:
        try:
            _wait(number, server)
            yield number
        finally:
            server.terminate()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("nginx does not answer")


@pytest.mark.parametrize("name", sorted(set(FILES) - {"404.html", "a b/한글.html"}))
def test_each_file_is_served_as_the_program_serves_it(port: int, name: str) -> None:
    """The same type, the same headers that say who may keep and read it."""
    kind = kind_of(name)
    reply = fetch(port, f"/{name}")
    wanted = headers_of(kind, name, OPTIONS)
    vary = wanted.pop("Vary", None)
    assert (200, kind.media_type) == (reply.status, reply.headers["content-type"])
    assert FILES[name] == reply.body
    assert wanted == {header: reply.headers.get(header.lower()) for header in wanted}
    # nginx says so only of what it would pack.
    if vary and len(FILES[name]) > 200:
        assert vary == reply.headers["vary"]
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
    """With a tag of its own; other files are packed by nginx."""
    packed = fetch(port, "/feed.atom", "Accept-Encoding: gzip")
    assert b"packed beforehand" == gzip.decompress(packed.body)
    assert fetch(port, "/feed.atom").headers["etag"] != packed.headers["etag"]
    assert FILES["feed.rss"] == gzip.decompress(
        fetch(port, "/feed.rss", "Accept-Encoding: gzip").body
    )


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
