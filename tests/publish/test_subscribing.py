"""The list of feeds in real readers: imported, and each feed that it names is loaded."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from aggregator.catalogue import Catalogue
from aggregator.domain.items import SEOUL
from aggregator.publish.opml import render_opml
from aggregator.services.publishing.publish import planet_of
from tests.fixtures.desk import make_desk, make_feeds, make_press
from tests.fixtures.feed_programs import Newsboat, Rss2email, needs
from tests.fixtures.http import Answer, Asked, Office, serve
from tests.fixtures.offices import release

pytestmark = pytest.mark.long


def everything(asked: Asked) -> Answer:
    """As a proxy: a feed of one release for every address that is asked for."""
    host = asked.path.split("/")[2]
    one = release(len(host), host, datetime(2024, 2, 5, tzinfo=SEOUL))
    body = (
        f'<rss version="2.0"><channel><title>{host}</title><link>http://{host}/</link>'
        f"<description/>{one.entry}</channel></rss>"
    )
    return Answer(body=body.encode(), headers=[("Content-Type", "application/rss+xml")])


@pytest.fixture
def opml(tmp_path: Path) -> Path:
    """The list of a newsletter's feeds, as it is published."""
    feeds = tuple(
        replace(feed, url=f"http://{feed.id}.example/rss?a=1&b=2") for feed in make_feeds()
    )
    desk = make_desk(tmp_path, feeds=feeds)
    planet = planet_of(desk, make_press(tmp_path).pictures)
    desk.store.close()
    file = tmp_path / "feeds.opml"
    file.write_bytes(render_opml(planet, Catalogue.load(), "ko"))
    return file


@pytest.fixture
def web() -> Iterator[Office]:
    """Every office there is, behind one proxy."""
    with serve(everything) as office:
        yield office


WANTED = sorted(f"http://{feed.id}.example/rss?a=1&b=2" for feed in make_feeds())


@needs("newsboat")
def test_newsboat_subscribes_to_the_list(opml: Path, web: Office, tmp_path: Path) -> None:
    """-i takes every feed, and a reload gets an item of each."""
    newsboat = Newsboat(folder=tmp_path / "newsboat")
    newsboat.folder.mkdir()
    (newsboat.folder / "config").touch()
    newsboat.run("-i", str(opml))
    newsboat.run("-x", "reload", http_proxy=web.url())
    assert WANTED == sorted(one.feed for one in newsboat.shown())


@needs("r2e")
def test_rss2email_subscribes_to_the_list(opml: Path, web: Office, tmp_path: Path) -> None:
    """opmlimport takes every feed, and a run mails an item of each."""
    r2e = Rss2email(folder=tmp_path / "r2e", proxy=web.url())
    r2e.prepare()
    r2e.run("opmlimport", str(opml))
    r2e.run("run")
    assert WANTED == sorted(one.feed for one in r2e.shown())


@needs("sfeed_opml_import")
def test_sfeed_subscribes_to_the_list(opml: Path, tmp_path: Path) -> None:
    """sfeed_opml_import makes a configuration with every feed."""
    done = subprocess.run(
        ["sfeed_opml_import"], input=opml.read_bytes(), capture_output=True, check=True, timeout=60
    )
    lines = [line for line in done.stdout.decode().splitlines() if line.startswith("\tfeed ")]
    assert WANTED == sorted(shlex.split(line)[2] for line in lines)
