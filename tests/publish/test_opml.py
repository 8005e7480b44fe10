"""The list of sources: whoever takes it into a reader gets feeds that work."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from aggregator.catalogue import Catalogue
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.publish.opml import render_opml
from tests.fixtures.planets import make_planet

OURS = "https://news.example/bodies"


def listed(*changed: Feed) -> dict[str, str]:
    """Address and page of each line, with these feeds in the place of those of the same body."""
    planet = make_planet()
    bodies = {feed.body for feed in changed}
    kept = [feed for feed in planet.feeds if feed.body not in bodies]
    planet = replace(planet, feeds=(*kept, *changed))
    root = etree.fromstring(render_opml(planet, Catalogue.load(), "ko"))
    lines = root.iterfind(".//outline[@xmlUrl]")
    return {line.get("xmlUrl", ""): line.get("htmlUrl", "") for line in lines}


def test_a_page_of_releases_is_no_feed() -> None:
    """Our own feed of its body stands for it."""
    page = "https://molit.example/press/list.do"
    feed = Feed(id="molit", url=page, title="국토부", body="molit", kind=FeedKind.HTML_LIST)
    found = listed(feed)
    assert page not in found
    assert f"{OURS}/molit/" == found[f"{OURS}/molit.atom"]


def test_an_address_that_needs_a_key_is_not_listed() -> None:
    """Whether an interface or a feed."""
    keyed = "https://apis.example/press?serviceKey=SECRET"
    for kind in (FeedKind.PRESS_API, FeedKind.FEED):
        found = listed(Feed(id="molit", url=keyed, title="국토부", body="molit", kind=kind))
        assert not [url for url in found if "apis.example" in url]
        assert f"{OURS}/molit.atom" in found


def test_a_body_with_a_feed_of_its_own_is_listed_with_that_alone() -> None:
    """Beside a page of releases."""
    feed = Feed(id="molit", url="https://molit.example/rss", title="국토부", body="molit")
    page = replace(feed, id="list", url="https://molit.example/list", kind=FeedKind.HTML_LIST)
    found = listed(feed, page)
    assert "https://molit.example/rss" in found
    assert f"{OURS}/molit.atom" not in found


def test_a_body_without_a_published_story_is_left_out() -> None:
    """There is no feed of it."""
    page = "https://other.example/list"
    found = listed(Feed(id="x", url=page, title="x", body="nowhere", kind=FeedKind.HTML_LIST))
    assert not [url for url in found if "other.example" in url or "nowhere" in url]
