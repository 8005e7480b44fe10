"""What comes from a feed is text: never markup, never a script, never a way into this machine."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from aggregator.domain.publishing import Planet
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import public_feed_url
from aggregator.text.public_url import public_url
from tests.fixtures.hostile import BAD_LINKS, SCRIPT, hostile
from tests.fixtures.planets import make_item, make_placed, make_planet, make_stored
from tests.fixtures.rendering import render_site


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_link_that_is_not_for_readers_is_dropped(link: str) -> None:
    """Only public http and https addresses pass."""
    assert "" == public_url(link)


@pytest.mark.parametrize(
    "link",
    ["https://molit.example/a?b=1&c=%20#d", "http://8.8.8.8/x", "https://한글.example/가나"],
)
def test_a_public_link_stays_as_it_is(link: str) -> None:
    """Whatever is in its path and query."""
    assert link == public_url(link)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example/rss?serviceKey=s3cret", "https://a.example/rss"),
        ("https://a.example/rss?dept=3&api_key=s3cret&page=1#x", "https://a.example/rss?dept=3&page=1#x"),
        ("https://a.example/rss?access%5Ftoken=s3cret", "https://a.example/rss"),
        ("https://a.example/rss?KEY=s3cret&", "https://a.example/rss?"),
        ("https://a.example/rss?mtnkey=view&searchKey=a&&b", "https://a.example/rss?mtnkey=view&searchKey=a&&b"),
        ("https://a.example/rss?token", "https://a.example/rss"),
        ("https://a.example/rss?a=1?token=s3cret;b=2", "https://a.example/rss?a=1;b=2"),
        ("https://a.example/rss", "https://a.example/rss"),
    ],
)  # fmt: skip
def test_a_feeds_address_is_published_without_its_keys(address: str, shown: str) -> None:
    """What proves a right to read it is left out; everything else stays as it is."""
    assert shown == public_feed_url(address)


def test_no_artefact_holds_the_key_of_a_feed(planet: Planet) -> None:
    """Neither the list of feeds nor the source of any entry."""
    feeds = tuple(
        replace(feed, url=f"{feed.url}?token=s3cret&serviceKey=s3cret") for feed in planet.feeds
    )
    for artefact in render_site(replace(planet, feeds=feeds)):
        assert b"s3cret" not in artefact.body, artefact.path


@pytest.mark.parametrize("link", BAD_LINKS)
def test_no_page_or_feed_carries_a_bad_link_or_markup(link: str) -> None:
    """No element and no attribute of any artefact comes from a feed."""
    for artefact in render_site(hostile(SCRIPT, link)):
        if artefact.path.endswith(".html"):
            document = html.document_fromstring(artefact.body.decode())
            data = document.findall("head/script[@type='application/ld+json']")
            assert all(json.loads(str(one.text)) for one in data), artefact.path
            names = {str(element.tag) for element in document.iter() if element not in data}
            bad = {"script", "iframe", "object", "form"} | ({"style"} - _styles_of(artefact))
            assert not names & bad, artefact.path
            attributes = {name for element in document.iter() for name in element.attrib}
            assert not {name for name in attributes if str(name).startswith("on")}, artefact.path
            targets = found(document, "//@href | //@src")
        elif artefact.path.startswith("assets/") or artefact.path.endswith(
            (".txt", ".eml", ".md", ".ninjs.json")
        ):
            continue
        elif artefact.path.endswith(".json"):
            targets = addresses(json.loads(artefact.body))
        else:
            root = etree.fromstring(artefact.body)
            targets = found(root, "//@href | //@xmlUrl | //@htmlUrl")
        assert not [target for target in targets if ":" in target and not _is_public(target)]
        assert not [target for target in content_links(artefact) if not _is_public(target)]


def _styles_of(artefact: Artefact) -> set[str]:
    """A mail brings its dark mode with it; a page has a style sheet."""
    return {"style"} if artefact.path.endswith("/mail.html") else set()


def addresses(value: object) -> list[str]:
    """Every address in a JSON Feed."""
    if isinstance(value, list):
        return [url for each in value for url in addresses(each)]
    if isinstance(value, dict):
        own = [str(text) for name, text in value.items() if name.endswith("url")]
        return own + [url for each in value.values() for url in addresses(each)]
    return []


def content_links(artefact: Artefact) -> list[str]:
    """Where links in the HTML of feed entries lead."""
    if artefact.path.endswith(".json"):
        items = json.loads(artefact.body)["items"]
        held = (str(item.get("content_html", "")) for item in items)
        return [target for text in held for target in re.findall(r'href="([^"]*)"', text)]
    if not artefact.path.endswith((".atom", ".rss")):
        return []
    texts = (str(each.text or "") for each in etree.fromstring(artefact.body).iter())
    return [target for text in texts for target in re.findall(r'href="([^"]*)"', text)]


def found(root: Any, path: str) -> list[str]:  # noqa: ANN401 - HTML or XML
    """The attributes that an XPath finds."""
    return [str(one) for one in root.xpath(path)]


def _is_public(target: str) -> bool:
    return re.match(r"https?://[a-z-]+\.example/", target) is not None and "user" not in target


def test_nothing_points_to_this_machine(planet: Planet) -> None:
    """The state of a feed may hold a loopback address; no output does, nor a path of a file."""
    for artefact in render_site(planet):
        assert b"127.0.0.1" not in artefact.body, artefact.path
        assert b"localhost" not in artefact.body, artefact.path
        assert b"file:" not in artefact.body, artefact.path


@pytest.mark.long
@given(
    st.text(
        alphabet=st.characters(codec=None) | st.sampled_from("<>&\"']]>\x00\x1b\ud800{}%"),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=25, deadline=None)
def test_any_text_gives_well_formed_feeds_and_pages(text: str) -> None:
    """The title is read back as it was, without what XML has no place for; C1 control characters
    are what windows-1252 has in their place."""
    planet = replace(
        make_planet(), stories=(make_placed("h1", make_stored(make_item(9, title=f"x{text}"), 9)),)
    )
    made = {artefact.path: artefact.body for artefact in render_site(planet)}
    found = etree.fromstring(made["feed.atom"]).find(".//{*}entry/{*}title")
    assert found is not None
    title = unescape(found.text or "") if found.get("type") == "html" else found.text
    meant = re.sub("[\x7f-\x9f]", lambda c: c[0].encode("latin-1").decode("cp1252", "ignore"), text)
    kept = re.sub("[^\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", f"x{meant}")
    assert " ".join(kept.split()) == title
    made["index.html"].decode("utf-8")
