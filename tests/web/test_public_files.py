"""The published files over real HTTP."""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from aggregator.domain.publishing import PublishOptions
from aggregator.web.conditions import parse_http_date
from aggregator.web.file_kinds import PAGE_POLICY
from aggregator.web.public_files import KEPT, Contents, PublicFiles
from tests.fixtures.serving import Reply, fetch, served
from tests.web.published import FEED, FILES, LARGE, OPTIONS, PICTURE, put

VARY = "Accept, Accept-Encoding"
BROWSER = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass
class Site:
    """A served folder, and what the configuration says at present."""

    root: Path
    port: int = 0
    options: PublishOptions = OPTIONS

    def get(self, path: str, *more: str, method: str = "GET") -> Reply:
        return fetch(self.port, path, *more, method=method)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A public folder with one file of each kind, and secrets inside and beside it."""
    root = tmp_path_factory.mktemp("desk") / "public"
    for name, body in FILES.items():
        put(root / name, body)
    put(root.parent / "secret.txt", b"secret")
    put(root / ".hidden", b"secret")
    put(root / ".git" / "config", b"secret")
    put(root / ".1-ab.writing", b"secret")
    put(root / "half.writing", b"secret")
    (root / "out").symlink_to(root.parent)
    (root / "out.txt").symlink_to(root.parent / "secret.txt")
    (root / "to-hidden.txt").symlink_to(root / ".hidden")
    (root / "alias.atom").symlink_to("feed.atom")
    os.mkfifo(root / "pipe.txt")
    made = Site(root)
    files = PublicFiles(root, lambda: made.options)
    with served(Starlette(routes=[Mount("/", files)])) as made.port:
        yield made


@pytest.mark.parametrize(
    ("path", "media_type", "keeping"),
    [
        ("/", "text/html; charset=utf-8", "public, max-age=60"),
        ("/issues/48/", "text/html; charset=utf-8", "public, max-age=60"),
        ("/feed.atom", "application/atom+xml; charset=utf-8", "public, max-age=300"),
        ("/feed.rss", "application/rss+xml; charset=utf-8", "public, max-age=300"),
        ("/feed.json", "application/feed+json", "public, max-age=300"),
        (
            "/archive/2024-02.atom",
            "application/atom+xml; charset=utf-8",
            "public, max-age=86400",
        ),
        ("/feeds.opml", "text/x-opml; charset=utf-8", "public, max-age=60"),
        ("/issues/48/issue.md", "text/markdown; charset=utf-8", "public, max-age=60"),
        ("/issues/48/issue.ninjs.json", "application/json", "public, max-age=60"),
        ("/issues/48/issue.eml", "message/rfc822", "public, max-age=60"),
        ("/assets/site.css", "text/css; charset=utf-8", "public, max-age=3600"),
        (
            "/assets/site.0a1b2c3d.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        ("/assets/feed.xsl", "text/xsl; charset=utf-8", "public, max-age=3600"),
        ("/assets/map.xml", "application/xml; charset=utf-8", "public, max-age=3600"),
        ("/pictures/a.png", "image/png", "public, max-age=86400"),
        ("/data.unknown", "application/octet-stream", "public, max-age=60"),
    ],
)
def test_each_kind_has_its_type_and_time(
    site: Site, path: str, media_type: str, keeping: str
) -> None:
    """Feeds and pages are asked for again soon; what never changes is kept."""
    reply = site.get(path)
    headers = reply.headers
    assert (200, media_type, keeping) == (
        reply.status,
        headers["content-type"],
        headers["cache-control"],
    )
    assert str(len(reply.body)) == headers["content-length"]
    assert "none" == headers["accept-ranges"]


@pytest.mark.parametrize("path", ["/feed.atom", "/feeds.opml", "/issues/48/issue.ninjs.json"])
def test_scripts_of_other_sites_may_read_what_is_data(site: Site, path: str) -> None:
    """Feeds and JSON, also when nothing is new; with the tag to ask with again."""
    first = site.get(path).headers
    again = site.get(path, f"If-None-Match: {first['etag']}")
    assert 304 == again.status
    for headers in (first, again.headers):
        assert "*" == headers["access-control-allow-origin"]
        assert "ETag" in headers["access-control-expose-headers"]


def test_scripts_of_other_sites_may_not_read_pages(site: Site) -> None:
    """There is no need."""
    assert "access-control-allow-origin" not in site.get("/").headers


def test_scripts_may_ask_with_conditions(site: Site) -> None:
    """What a browser asks before it sends If-None-Match to another site."""
    reply = site.get(
        "/feed.atom",
        "Origin: https://reader.example",
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Headers: if-none-match",
        method="OPTIONS",
    )
    assert 204 == reply.status
    assert "*" == reply.headers["access-control-allow-origin"]
    assert "If-None-Match" in reply.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in site.get("/", method="OPTIONS").headers


def test_nothing_may_run(site: Site) -> None:
    """On pages and in feeds; a mail brings its styles with it."""
    policies = {
        path: site.get(path).headers["content-security-policy"]
        for path in ("/", "/feed.atom", "/issues/48/mail.html")
    }
    assert PAGE_POLICY == policies["/"] == policies["/feed.atom"]
    assert "style-src 'self' 'unsafe-inline';" in policies["/issues/48/mail.html"]
    assert not [policy for policy in policies.values() if "script-src" in policy]


def test_tags_tell_bytes_apart(site: Site) -> None:
    """Equal bytes have equal tags, whatever they are called; strong ones, in quotes."""
    atom, rss, other = (
        site.get(f"/{name}").headers["etag"] for name in ("feed.atom", "feed.rss", "feed.json")
    )
    assert atom == rss
    assert atom != other
    assert atom.startswith('"')


def test_nothing_new_is_304_without_a_body(site: Site) -> None:
    """With what a cache needs to go on: the tag, the time, what it varies by."""
    etag = site.get("/feed.atom").headers["etag"]
    reply = site.get("/feed.atom", f'If-None-Match: "x", W/{etag}')
    assert (304, b"") == (reply.status, reply.body)
    kept = {"etag": etag, "cache-control": "public, max-age=300", "vary": VARY}
    assert kept.items() <= reply.headers.items()
    assert not {"content-type", "content-encoding", "last-modified"} & reply.headers.keys()


def test_a_file_from_the_future_is_no_younger_than_its_answer(site: Site) -> None:
    """A clock that was set back, or an archive unpacked: Last-Modified is not later than Date."""
    file = site.root / "feeds.opml"
    os.utime(file, (4_000_000_000, 4_000_000_000))
    headers = site.get("/feeds.opml").headers
    modified, sent = (parse_http_date(headers[name]) for name in ("last-modified", "date"))
    assert modified is not None
    assert sent is not None
    assert modified <= sent


def test_the_tag_goes_before_the_date(site: Site) -> None:
    """Another tag is another file, however late the date."""
    first = site.get("/feed.atom").headers
    since = f"If-Modified-Since: {first['last-modified']}"
    assert 304 == site.get("/feed.atom", since).status
    assert 200 == site.get("/feed.atom", since, 'If-None-Match: "x"').status
    assert 200 == site.get("/feed.atom", "If-Modified-Since: yesterday").status
    assert 304 == site.get("/feed.atom", "If-None-Match: *").status


def test_tags_in_several_headers_are_one_list(site: Site) -> None:
    """As RFC 9110 section 5.3 has it."""
    etag = site.get("/feed.atom").headers["etag"]
    assert 304 == site.get("/feed.atom", 'If-None-Match: "x"', f"If-None-Match: {etag}").status


def test_gzip_is_another_copy_of_the_same(site: Site) -> None:
    """Smaller, with a tag of its own, the same bytes once unpacked; caches are told."""
    plain = site.get("/feed.atom")
    packed = site.get("/feed.atom", "Accept-Encoding: gzip, br")
    assert "gzip" == packed.headers["content-encoding"]
    assert FEED == gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(FEED) // 4
    assert packed.headers["etag"] != plain.headers["etag"]
    assert VARY == packed.headers["vary"] == plain.headers["vary"]
    again = f"If-None-Match: {packed.headers['etag']}"
    assert 304 == site.get("/feed.atom", "Accept-Encoding: gzip", again).status
    assert 200 == site.get("/feed.atom", again).status


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss", "/archive/2024-02.atom"])
def test_browsers_get_a_feed_as_xml(site: Site, path: str) -> None:
    """The same bytes under a type that they show, with a tag of its own; caches are told."""
    feed, page = site.get(path), site.get(path, BROWSER)
    assert "application/xml; charset=utf-8" == page.headers["content-type"]
    assert feed.body == page.body
    assert VARY == page.headers["vary"] == feed.headers["vary"]
    tags = {
        site.get(path, *accept, *coding).headers["etag"]
        for accept in ((), (BROWSER,))
        for coding in ((), ("Accept-Encoding: gzip",))
    }
    assert 4 == len(tags)
    assert all(tag.startswith('"') for tag in tags)
    again = f"If-None-Match: {page.headers['etag']}"
    assert (304, 200) == (site.get(path, BROWSER, again).status, site.get(path, again).status)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/feed.json", "application/feed+json"),
        ("/issues/48/issue.ninjs.json", "application/json"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
    ],
)
def test_what_no_style_sheet_shows_keeps_its_type(site: Site, path: str, media_type: str) -> None:
    """Whoever asks."""
    assert media_type == site.get(path, BROWSER).headers["content-type"]


def test_304_has_the_headers_of_200(site: Site) -> None:
    """All but what is about the bytes that are not sent."""
    for path in ("/feed.atom", "/feed.json", "/", "/pictures/a.png"):
        for accept in ("Accept: */*", BROWSER):
            whole = site.get(path, accept).headers
            kept = site.get(path, accept, f"If-None-Match: {whole['etag']}").headers
            about = {"content-type", "content-length", "last-modified", "accept-ranges", "date"}
            assert {n: v for n, v in whole.items() if n not in about} == {
                n: v for n, v in kept.items() if n != "date"
            }


def test_what_gzip_makes_no_smaller_is_sent_plain(site: Site) -> None:
    """Pictures, and files of a few bytes; packed only for who refuses them plain."""
    for path, body in (("/pictures/a.png", PICTURE), ("/feed.json", b"{}")):
        reply = site.get(path, "Accept-Encoding: gzip")
        assert "content-encoding" not in reply.headers
        assert body == reply.body
        packed = site.get(path, "Accept-Encoding: gzip, identity;q=0")
        assert body == gzip.decompress(packed.body)


def test_who_wants_no_coding_that_there_is_gets_none(site: Site) -> None:
    """406, which a cache must not show to others."""
    reply = site.get("/feed.atom", "Accept-Encoding: br, identity;q=0")
    assert (406, VARY) == (reply.status, reply.headers["vary"])
    assert "no-store" == reply.headers["cache-control"]
    assert 406 == site.get("/pictures/large.png", "Accept-Encoding: gzip, identity;q=0").status


@pytest.mark.parametrize("path", ["/feed.atom", "/pictures/large.png", "/none", "/issues/48"])
def test_head_is_get_without_the_body(site: Site, path: str) -> None:
    """The same status and headers, length included."""
    got, asked = site.get(path), site.get(path, method="HEAD")
    for reply in (got, asked):
        reply.headers.pop("date")
    assert (got.status, got.headers, b"") == (asked.status, asked.headers, asked.body)


def test_large_files_are_sent_whole(site: Site) -> None:
    """In pieces from one handle, with a tag as well."""
    reply = site.get("/pictures/large.png")
    assert LARGE == reply.body
    assert 304 == site.get("/pictures/large.png", f"If-None-Match: {reply.headers['etag']}").status


def test_a_range_is_not_obeyed(site: Site) -> None:
    """The whole file is a right answer to it."""
    reply = site.get("/feed.atom", "Range: bytes=0-9")
    assert (200, FEED) == (reply.status, reply.body)


def test_a_file_that_is_replaced_while_it_is_sent_stays_what_it_was(site: Site) -> None:
    """Whoever has begun to read gets the old one to its end, of the length that was promised."""
    old, new = os.urandom(8 * KEPT), os.urandom(KEPT * 2)
    put(site.root / "pictures/moving.png", old)
    with socket.create_connection(("127.0.0.1", site.port), 10) as client:
        client.sendall(b"GET /pictures/moving.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = client.recv(1024)
        put(site.root / "next.bin", new)
        (site.root / "next.bin").replace(site.root / "pictures/moving.png")
        while piece := client.recv(1 << 20):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    assert f"content-length: {len(old)}".encode() in head.lower()
    assert old == body
    assert new == site.get("/pictures/moving.png").body


def test_a_file_that_was_replaced_is_seen_at_once(site: Site) -> None:
    """Also within the second, with the same length: the tag is of the bytes."""
    for body in (b"one", b"two"):
        put(site.root / ".new", body)
        (site.root / ".new").replace(site.root / "changing.txt")
        os.utime(site.root / "changing.txt", (1_709_510_400, 1_709_510_400))
        assert body == site.get("/changing.txt").body


@pytest.mark.parametrize(
    "path",
    [
        "/none",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/issues/..%2f..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/issues/../feed.atom",
        "/./feed.atom",
        "/%2e/feed.atom",
        "//feed.atom",
        "//issues/48",
        "/issues//48/",
        "/assets%2fsite.css",
        "/feed.atom%00",
        "/feed.atom%00.png",
        "/feed.atom/",
        "/feed.atom/x",
        "/FEED.ATOM",
        "/.hidden",
        "/.git/config",
        "/%2egit/config",
        "/.1-ab.writing",
        "/half.writing",
        "/out/secret.txt",
        "/out.txt",
        "/out",
        "/to-hidden.txt",
        "/pipe.txt",
        "/noindex",
        "/noindex/",
        "/%ff",
        "/%ed%b0%80",
        "/C:/secret.txt",
        "/" + "a" * 3000,
        "/" + "a/" * 1000,
    ],
)
def test_what_is_not_published_is_not_there(site: Site, path: str) -> None:
    """Our own page says so, under 404, and nothing is told of what lies elsewhere."""
    reply = site.get(path)
    assert (404, b"<p>nothing here") == (reply.status, reply.body)
    assert "no-cache" == reply.headers["cache-control"]


def test_without_a_page_of_its_own_404_is_a_line(tmp_path: Path) -> None:
    """A site that is not built yet."""
    files = PublicFiles(tmp_path, lambda: OPTIONS)
    with served(Starlette(routes=[Mount("/", files)])) as port:
        reply = fetch(port, "/")
    assert (404, b"not found\n") == (reply.status, reply.body)


def test_a_link_within_the_folder_is_followed(site: Site) -> None:
    """It shows nothing that is not shown anyway."""
    assert FEED == site.get("/alias.atom").body


def test_names_may_have_spaces_and_letters_of_any_script(site: Site) -> None:
    """As they are sent: coded."""
    assert b"<p>spaced" == site.get("/a%20b/%ED%95%9C%EA%B8%80.html").body


def test_an_empty_file_is_one(site: Site) -> None:
    """200 without a byte."""
    reply = site.get("/empty.txt", "Accept-Encoding: gzip")
    assert (200, b"", "0") == (reply.status, reply.body, reply.headers["content-length"])


@pytest.mark.parametrize(
    ("path", "target"),
    [("/issues/48", "./48/"), ("/issues/48?next=//evil.example", "./48/")],
)
def test_a_folder_leads_to_itself(site: Site, path: str, target: str) -> None:
    """Relative to what was asked, so that no host can get into it."""
    reply = site.get(path)
    assert (301, target) == (reply.status, reply.headers["location"])


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/..", "/\\evil.example"])
def test_no_redirect_leads_elsewhere(site: Site, path: str) -> None:
    """Whatever a path looks like to a browser."""
    assert "location" not in site.get(path).headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    """With those that would do."""
    reply = site.get("/feed.atom", method=method)
    assert (405, "GET, HEAD, OPTIONS") == (reply.status, reply.headers["allow"])


def test_a_feed_names_its_hub_and_itself(site: Site) -> None:
    """In the header too, with the public address, where a hub is configured; never for a month."""
    assert "link" not in site.get("/feed.atom").headers
    site.options = replace(OPTIONS, hub="https://hub.example/?a>\r\nb")
    try:
        link = site.get("/feed.atom").headers["link"]
        closed = site.get("/archive/2024-02.atom").headers
    finally:
        site.options = OPTIONS
    hub = '<https://hub.example/?a%3E%0D%0Ab>; rel="hub"'
    assert f'{hub}, <https://news.example/city/feed.atom>; rel="self"' == link
    assert "link" not in closed


def test_what_is_kept_has_its_bounds(tmp_path: Path) -> None:
    """The oldest goes first."""
    contents = Contents(room=3000)
    for number in range(10):
        put(tmp_path / f"{number}.txt", os.urandom(900))
        with (tmp_path / f"{number}.txt").open("rb") as file:
            contents.of(file, os.fstat(file.fileno()))
    assert 1800 < contents.size <= 3000


def test_of_a_picture_one_copy_is_kept(tmp_path: Path) -> None:
    """It is not packed before somebody refuses it plain."""
    contents = Contents()
    put(tmp_path / "a.png", bytes(900))
    with (tmp_path / "a.png").open("rb") as file:
        contents.of(file, os.fstat(file.fileno()), text=False)
    assert 900 == contents.size
