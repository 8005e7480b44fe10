"""The published feeds in real feed readers: every story once, with its day and its link."""

from __future__ import annotations

import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from aggregator.domain.publishing import Planet
from tests.fixtures.feed_programs import needs
from tests.fixtures.rendering import render_site

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def feed(planet: Planet, tmp_path: Path) -> Path:
    artefacts = {a.path: a.body for a in render_site(planet)}
    path = tmp_path / "feed.atom"
    path.write_bytes(artefacts["feed.atom"])
    (tmp_path / "feed.rss").write_bytes(artefacts["feed.rss"])
    return path


def entries(feed: Path) -> dict[str, tuple[str, str, str]]:
    """Title, link and published text of each entry of an Atom file, by id."""
    found = {}
    for entry in etree.parse(feed).getroot().iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link[@rel='alternate']")
        found[entry.findtext(f"{ATOM}id") or ""] = (
            entry.findtext(f"{ATOM}title") or "",
            link.get("href") or "" if link is not None else "",
            entry.findtext(f"{ATOM}published") or "",
        )
    return found


def seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).astimezone(UTC).timestamp())


@needs("newsboat")
def test_newsboat_shows_every_story_once(feed: Path, tmp_path: Path) -> None:
    """Subscribed and reloaded twice: the same items with their own dates and links."""
    (tmp_path / "urls").write_text(f"file://{feed}\n", encoding="utf-8")
    (tmp_path / "config").touch()
    command = ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
    for _ in range(2):
        subprocess.run(command, cwd=tmp_path, check=True, env={"HOME": str(tmp_path)}, timeout=60)

    with sqlite3.connect(tmp_path / "cache.db") as cache:
        rows = cache.execute("select guid, title, url, pubDate from rss_item").fetchall()
    cache.close()

    expected = entries(feed)
    assert sorted(expected) == sorted(row[0] for row in rows)
    for guid, title, url, published in rows:
        wanted_title, wanted_link, wanted_date = expected[guid]
        assert wanted_title == title
        assert wanted_link == url
        if wanted_date:
            assert seconds(wanted_date) == published


@needs("sfeed")
@pytest.mark.parametrize("name", ["feed.atom", "feed.rss"])
def test_sfeed_reads_every_story(feed: Path, name: str) -> None:
    """One line for each entry, with the id that the Atom feed gives it."""
    with feed.with_name(name).open("rb") as source:
        done = subprocess.run(["sfeed"], stdin=source, capture_output=True, check=True, timeout=60)
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]

    expected = entries(feed)
    assert sorted(expected) == sorted(row[5] for row in rows)
    for row in rows:
        title, link, published = expected[row[5]]
        assert title == row[1]
        assert link == row[2]
        if published:
            assert seconds(published) == int(row[0])
