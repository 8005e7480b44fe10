"""The site and the status page as the program serves them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.bootstrap import App
from aggregator.domain.errors import StoreBusy
from aggregator.domain.visits import FeedState, Outcome
from aggregator.web.app import HEADERS, make_web_app
from tests.fixtures.program import opened
from tests.fixtures.records import NOW, make_visit


@dataclass(frozen=True)
class Page:
    """An answer: status, headers in lower case, text."""

    status: int
    headers: dict[str, str]
    text: str


def ask(app: App, path: str, *, method: str = "GET", query: str = "", **headers: str) -> Page:
    """Ask the application itself, so that no client tidies the path up."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(30)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's messages are dicts of anything
        sent.append(message)

    names = {"host": "news.example"} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in names.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(make_web_app(lambda: app)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Page(
        sent[0]["status"],
        {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]},
        body.decode("utf-8", "replace"),
    )


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The program with a few files published and one beside them that is nobody's business."""
    with opened(tmp_path, 1) as made:
        _publish(made.public)
        (tmp_path / "secret.txt").write_text("secret")
        yield made


def _publish(public: Path) -> None:
    files = ("index.html", "issues/48/index.html", "feed.atom", "feed.rss", "feeds.opml")
    for name in (*files, "assets/site.css", "pictures/a.png"):
        file = public / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"this is {name}")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/feed.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/issues/48/", "text/html; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/pictures/a.png", "image/png"),
    ],
)
def test_files_have_the_types_that_readers_expect(app: App, path: str, media_type: str) -> None:
    """Feeds are feeds, a folder is its index page, and all have the headers that guard them."""
    page = ask(app, path)
    assert (200, media_type) == (page.status, page.headers["content-type"])
    assert page.text.startswith("this is ")
    assert HEADERS.items() <= _as_written(page).items()


def _as_written(page: Page) -> dict[str, str]:
    return {name: page.headers.get(name.lower(), "") for name in HEADERS}


def test_nothing_may_run_or_frame() -> None:
    """The policy allows no script, and nothing from elsewhere."""
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_folder_leads_to_its_page(app: App) -> None:
    """Without the slash at the end the reader is sent to it, on the same host."""
    page = ask(app, "/issues/48")
    assert 307 == page.status
    assert "http://news.example/issues/48/" == page.headers["location"]


def test_nothing_new_is_304(app: App) -> None:
    """A reader that has the file already gets headers alone; the tag goes before the date."""
    first = ask(app, "/feed.atom")
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    assert (304, "") == _short(ask(app, "/feed.atom", if_none_match=etag))
    assert (304, "") == _short(ask(app, "/feed.atom", if_modified_since=modified))
    other = ask(app, "/feed.atom", if_none_match='"other"', if_modified_since=modified)
    assert 200 == other.status


def test_head_sends_no_body(app: App) -> None:
    """HEAD is GET without the body."""
    page = ask(app, "/feed.atom", method="HEAD")
    assert (200, "") == _short(page)
    assert str(len("this is feed.atom")) == page.headers["content-length"]


def _short(page: Page) -> tuple[int, str]:
    return page.status, page.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(app: App, method: str) -> None:
    """The site is there to be read."""
    for path in ("/feed.atom", "/status", "/healthz"):
        assert 405 == ask(app, path, method=method).status


@pytest.mark.parametrize(
    "path",
    [
        "/none",
        "/../secret.txt",
        "/issues/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//secret.txt",
        "/..\\secret.txt",
        "/....//secret.txt",
        "/./../secret.txt",
        "/issues",
        "/.half.writing",
        "/assets/.half.writing",
        "/feed.atom/x",
        "/a\0b",
        "/\udcff",
        "/" + "a" * 5000,
        "/" + "a/" * 3000,
        "/link/secret.txt",
        "/public.files.json",
        "/aggregator.db",
    ],
)
def test_what_is_not_published_is_not_there(app: App, path: str) -> None:
    """Neither missing files nor anything outside the folder is served, however it is written."""
    (app.public / "link").symlink_to(app.public.parent)
    for folder in (app.public, app.public / "assets"):
        (folder / ".half.writing").write_text("secret")
    page = ask(app, path)
    assert 404 == page.status, page
    assert "secret" not in page.text
    assert HEADERS.items() <= _as_written(page).items()


def test_healthz_says_ok(app: App) -> None:
    """The process check needs no store."""
    page = ask(app, "/healthz")
    assert (200, "ok\n") == _short(page)


def fall_ill(app: App, **changes: Any) -> None:  # noqa: ANN401 - fields of a state
    state = FeedState(
        feed_id="msit",
        failures=3,
        error_code="not_a_feed",
        error_text="an HTML page <script>alert('시스템 점검')</script> instead of a feed",
        last_ok_at=NOW,
    )
    visit = make_visit("msit", outcome=Outcome.FAILED)
    app.desk.store.record_visit(replace(state, **changes), visit)


@pytest.mark.parametrize(
    ("query", "language", "words"),
    [
        ("", "ko", ("수집 상태", "RSS, Atom, JSON Feed가 아닌 내용", "아직 확인 전")),
        ("lang=ko", "ko", ("과학기술정보통신부",)),
        ("lang=en", "en", ("State of the feeds", "What arrives is no RSS", "not visited yet")),
        ("lang=xx", "ko", ("수집 상태",)),
    ],
)
def test_the_status_page_names_an_illness(
    app: App, query: str, language: str, words: tuple[str, ...]
) -> None:
    """Each feed's state in words, the ill ones first, in the language asked for."""
    fall_ill(app)
    page = ask(app, "/status", query=query)
    assert (200, "text/html; charset=utf-8") == (page.status, page.headers["content-type"])
    assert f'<html lang="{language}">' in page.text
    for expected in (*words, "(3 times in a row)"):
        assert expected in page.text
    assert 0 < page.text.index(">msit<") < page.text.index(">molit<")
    assert HEADERS.items() <= _as_written(page).items()


def test_what_a_server_said_is_escaped(app: App) -> None:
    """Markup in an error's text is shown, never carried out."""
    fall_ill(app)
    text = ask(app, "/status").text
    assert "&lt;script&gt;alert(" in text
    assert "<script" not in text


def test_a_code_of_another_version_has_words_too(app: App) -> None:
    """A stored code without words of its own shows the general ones."""
    fall_ill(app, error_code="from_the_future")
    page = ask(app, "/status", query="lang=en")
    assert (200, True) == (page.status, "It could not be fetched." in page.text)


def test_a_feed_that_is_switched_off_is_not_ill(app: App) -> None:
    """Its last failure is nobody's worry any more."""
    fall_ill(app)
    off = tuple(replace(feed, active=feed.id != "msit") for feed in app.desk.feeds)
    app.__dict__["desk"] = replace(app.desk, feeds=off)
    text = ask(app, "/status", query="lang=en").text
    assert "switched off" in text
    assert 'class="ill"' not in text


def test_a_store_that_cannot_be_read_is_one_line(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says that it is unavailable, and nothing about the inside."""

    def busy() -> None:
        raise StoreBusy("/srv/desk.db is in use")

    monkeypatch.setattr(app.desk.store, "feed_states", busy)
    page = ask(app, "/status")
    assert (503, "temporarily unavailable\n") == _short(page)
    assert HEADERS.items() <= _as_written(page).items()
