"""The verbs import and export: in from any other reader, and out to it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from aggregator.config.load import load_config
from aggregator.config.proposals import Present, propose
from aggregator.read.lists.recognise import read_subscriptions
from aggregator.read.lists.subscription import Subscription
from tests.cli.conftest import Program, rss

ROOT = Path(__file__).parents[2]

LIST = """\
http://new.example/rss "~국토부 소식"
http://molit.example/molit.xml?utm_source=list "~known"
exec:rm
http://10.0.0.1/rss
"""


def test_blocks_go_out_and_complaints_aside(program: Program) -> None:
    """Standard output can be put into the file as it is."""
    done = program("import", "-", stdin=LIST.encode())

    assert 0 == done.status
    assert [
        {"id": "new", "url": "http://new.example/rss", "title": "국토부 소식", "body": "molit"}
    ] == tomllib.loads(done.out)["feeds"]
    assert "left out: http://molit.example/molit.xml?… (line 2): it is configured as molit" in (
        done.err
    )
    assert "exec:rm (line 3): it is a command, which is never run" in done.err
    assert "http://10.0.0.1/rss (line 4): it is a private address" in done.err
    assert "1 feed to put into the configuration, 0 without a known body; 3 left out" in done.err


def test_what_comes_out_fits_into_the_configuration(program: Program) -> None:
    """But for the body that nobody could guess, which check names."""
    done = program("import", "-", stdin=b"http://new.example/rss\nhttp://other.example/a\n")
    text = program.config.read_text(encoding="utf-8")
    program.config.write_text(text + done.out, encoding="utf-8")

    checked = program("check")
    assert 2 == checked.status
    assert "there is no body 'unknown'" in checked.err

    program.config.write_text(text + done.out.replace('"unknown"', '"seoul"'), encoding="utf-8")
    assert 0 == program("check").status


def test_a_file_is_written_and_never_over_another(program: Program) -> None:
    """A second time is refused."""
    out = program.folder / "new.toml"
    first = program("import", "-", "--out", out, stdin=LIST.encode())
    written = out.read_bytes()
    again = program("import", "-", "--out", out, stdin=b"http://z.example/rss\n")

    assert (0, "", 2) == (first.status, first.out, again.status)
    assert b"http://new.example/rss" in written
    assert written == out.read_bytes()
    assert "is there already" in again.err


def test_the_others_are_read_all_the_same(program: Program) -> None:
    """A file that is none makes status 1."""
    (program.folder / "urls").write_text("http://new.example/rss\n", encoding="utf-8")

    done = program("import", program.folder / "none", program.folder / "urls")

    assert 1 == done.status
    assert "http://new.example/rss" in done.out
    assert "cannot read" in done.err


def test_a_newcomer_needs_no_configuration(program: Program) -> None:
    """Every body is known without one."""
    program.config.unlink()

    done = program("import", "-", stdin=LIST.encode())

    assert 0 == done.status
    assert 2 == len(tomllib.loads(done.out)["feeds"])


def test_what_goes_out_comes_in_again(program: Program) -> None:
    """The same addresses, under other ids, into a desk that has none of them."""
    out = program.folder / "feeds.opml"
    assert 0 == program("export", "--all", "--out", out).status
    program.config.unlink()

    done = program("import", out)

    assert [
        "http://closed.example/closed.xml",
        "http://molit.example/molit.xml",
        "http://seoul.example/seoul.xml",
    ] == sorted(block["url"] for block in tomllib.loads(done.out)["feeds"])


def test_the_site_s_own_list_is_the_active_feeds(fed: Program) -> None:
    """``feeds.opml`` as published, and what the verb prints, byte for byte where all are feeds."""
    published = (fed.folder / "public" / "feeds.opml").read_bytes()

    assert published.decode() == fed("export").out
    assert ["http://molit.example/molit.xml", "http://seoul.example/seoul.xml"] == [
        one.url for one in read_subscriptions(published, "feeds.opml")
    ]


def test_inactive_feeds_are_asked_for(program: Program) -> None:
    """With --all; else they stay out."""
    assert "closed.example" not in program("export").out
    assert "closed.example" in program("export", "--all").out


def test_nothing_secret_or_private_goes_out(program: Program) -> None:
    """Keys are cut from addresses, private feeds are named and left out."""
    text = program.config.read_text(encoding="utf-8")
    more = (
        '[[feeds]]\nid = "api"\nurl = "https://api.example/x?serviceKey=s3cret&a=1"\nbody = "lx"\n'
        '[[feeds]]\nid = "inside"\nurl = "http://10.1.2.3/rss"\nbody = "lx"\n'
    )
    program.config.write_text(text + more, encoding="utf-8")

    done = program("export")

    assert "https://api.example/x?a=1" in done.out
    assert "s3cret" not in done.out + done.err
    assert "10.1.2.3" not in done.out
    assert "left out, at a private address: inside" in done.err


def test_shipped_feeds_are_known_again() -> None:
    """No shipped feed is taken for another one: all of them are configured already, once."""

    config = load_config(ROOT / "feeds.toml", {})
    listed = [Subscription(url=feed.url) for feed in config.feeds]

    done = propose(listed, Present(feeds=config.feeds, issuers=config.issuers))

    assert [f"it is configured as {feed.id}" for feed in config.feeds] == [
        one.why for one in done.left_out
    ]


def test_keys_in_addresses_come_from_the_environment(
    program: Program, web: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says which and where to; with the variable set the feed is read, and the key is in
    no file, no message and no row."""
    web["/rss?token=s3cret-k3y"] = rss("하천 정비 https://new.example/rss?token=s3cret-k3y")
    listed = b'http://new.example/rss?token=s3cret-k3y "~Seoul news"\n'
    done = program("import", "-", stdin=listed)
    assert (
        "key: seoul-news (line 1): put what stands in its address as token into the environment"
        " variable SEOUL_NEWS_KEY"
    ) in done.err
    with program.config.open("a", encoding="utf-8") as file:
        file.write(done.out.replace('"unknown"', '"seoul"'))

    without = program("refresh", "seoul-news")
    monkeypatch.setenv("SEOUL_NEWS_KEY", "s3cret-k3y")
    visited = program("refresh", "seoul-news")
    captured = program("capture", "seoul-news")

    assert (1, 0, 0) == (without.status, visited.status, captured.status)
    assert "environment variable SEOUL_NEWS_KEY" in without.err
    assert "1 new item" in visited.out
    said = [
        done.out,
        done.err,
        *(part for one in (without, visited) for part in (one.out, one.err)),
    ]
    files = [file for file in program.folder.rglob("*") if file.is_file()]
    assert not [text for text in (*said, *program.rows()) if "s3cret" in text]
    assert not [file for file in files if b"s3cret" in file.read_bytes()]
