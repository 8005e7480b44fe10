"""The site and the status page as the program serves them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.errors import StoreBusy
from aggregator.web.app import HEADERS
from tests.fixtures.asking import Page, ask
from tests.fixtures.program import opened


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
    """Without the slash at the end the reader is sent to it, wherever the site stands."""
    page = ask(app, "/issues/48")
    assert 301 == page.status
    assert "./48/" == page.headers["location"]


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
    for path in ("/feed.atom", "/status", "/status/molit", "/healthz"):
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
        "/feed.atom\r\nX: y",
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


def test_a_store_that_cannot_be_read_is_one_line(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says that it is unavailable, and nothing about the inside."""

    def busy(_feed_ids: object) -> None:
        raise StoreBusy("/srv/desk.db is in use")

    monkeypatch.setattr(app.desk.store, "feed_states", busy)
    page = ask(app, "/status")
    assert (503, "temporarily unavailable\n") == _short(page)
    assert HEADERS.items() <= _as_written(page).items()
