"""What entries say of a story: its text in every format, its authors, the facts of an event."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from aggregator.domain.items import StoredItem
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.site import SiteRenderer
from tests.fixtures.planets import make_item, make_placed, make_stored

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def with_story(planet: Planet, placed: PlacedStory) -> dict[str, bytes]:
    """The site of a planet that has this story alone."""
    site = SiteRenderer().render(replace(planet, stories=(placed,), changes=()))
    return {one.path: one.body for one in site}


def with_item(planet: Planet, section: str = "project", **fields: object) -> dict[str, bytes]:
    """The same for a release with these fields."""
    stored: StoredItem = make_stored(make_item(1, **fields), 1)
    return with_story(planet, make_placed("a1", stored, section=section))


def atom(files: dict[str, bytes], name: str = "feed.atom") -> etree._Element:
    """The only entry of the Atom feed."""
    return next(etree.fromstring(files[name]).iter(f"{ATOM}entry"))


def rss(files: dict[str, bytes], name: str = "feed.rss") -> etree._Element:
    """The only item of the RSS feed."""
    return next(etree.fromstring(files[name]).iter("item"))


def json_item(files: dict[str, bytes]) -> dict[str, Any]:
    """The only item of the JSON Feed."""
    return json.loads(files["feed.json"])["items"][0]  # type: ignore[no-any-return]


def test_a_plain_text_keeps_its_paragraphs(planet: Planet) -> None:
    """In each format: a reader takes the content for HTML, in which blank lines say nothing."""
    files = with_item(planet, content="첫 문단\n\n둘째 문단\n다음 줄")
    expected = "<p>첫 문단</p><p>둘째 문단<br>다음 줄</p>"
    assert expected == atom(files).findtext(f"{ATOM}content")
    assert expected == rss(files).findtext(CONTENT)
    assert expected == json_item(files)["content_html"]


def test_no_text_is_turned_around(planet: Planet) -> None:
    """Also one that was stored before such marks were taken out."""
    files = with_item(planet, content="<p>서울\u202e시</p>")
    assert "<p>서울시</p>" == atom(files).findtext(f"{ATOM}content")


def test_an_rss_description_is_plain_text(planet: Planet) -> None:
    """Also of an item that has a content only: a browser shows what stands there."""
    files = with_item(
        planet, summary="", content="<p>2024 <b>엑스포</b></p><p>타이베이 &amp; 가오슝</p>"
    )
    assert "2024 엑스포 타이베이 & 가오슝" == rss(files).findtext("description")
    assert "<b>엑스포</b>" in (rss(files).findtext(CONTENT) or "")


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Taipei & Kaohsiung", "Taipei & Kaohsiung"),
        ("R&D <안>", "R&D <안>"),
        ("a <b>c</b>", "a &lt;b&gt;c&lt;/b&gt;"),
        ("a <b c", "a &lt;b c"),
        ("a &amp; b", "a &amp;amp; b"),
    ],
)
def test_an_rss_description_has_no_needless_reference(
    planet: Planet, summary: str, expected: str
) -> None:
    """Only what could be taken for markup is written as the HTML that shows it."""
    assert expected == rss(with_item(planet, summary=summary)).findtext("description")
