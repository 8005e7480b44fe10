"""What entries say of a story: its text in every format, its authors, the facts of an event."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from lxml import etree, html

from aggregator.domain.items import EventFacts, Person, StoredItem
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.addresses import reader_url
from tests.fixtures.planets import make_item, make_placed, make_stored
from tests.fixtures.rendering import render_site

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def with_story(planet: Planet, placed: PlacedStory) -> dict[str, bytes]:
    """The site of a planet that has this story alone."""
    site = render_site(replace(planet, stories=(placed,), changes=()))
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


AUTHORS = (Person(name="서유강", affiliation="가천대학교"), Person(name="김경석"))
EXPO = EventFacts(
    name="2024 스마트시티 엑스포",
    starts_on=date(2024, 3, 19),
    ends_on=date(2024, 3, 23),
    venues=("타이베이 난강전시센터", "가오슝 전시센터"),
    subject="디지털 & 그린 전환",
    phone="02-3667-3114",
)
DESK: dict[str, Any] = {"feed_id": "desk", "body": "", "summary": ""}
FACTS = [
    "행사명: 2024 스마트시티 엑스포",
    "일시·장소: '24.3.19~23 / 타이베이 난강전시센터 및 가오슝 전시센터",
    "주제: 디지털 & 그린 전환 / 02-3667-3114",
]


def texts(elements: list[etree._Element]) -> list[str]:
    """Their words, as a reader sees them."""
    return [" ".join("".join(map(str, one.itertext())).split()) for one in elements]


def test_a_paper_is_by_its_authors(planet: Planet) -> None:
    """Each of them in every format, and not the newsletter that an editor typed it into."""
    files = with_item(planet, "literature", authors=AUTHORS, **DESK)
    assert ["서유강", "김경석"] == [
        one.text for one in atom(files).iterfind(f"{ATOM}author/{ATOM}name")
    ]
    creators = rss(files).iterfind("{http://purl.org/dc/elements/1.1/}creator")
    assert ["서유강", "김경석"] == [one.text for one in creators]
    assert [{"name": "서유강"}, {"name": "김경석"}] == json_item(files)["authors"]
    ninjs = json.loads(files["stories/a1.ninjs.json"])
    assert "서유강 (가천대학교) / 김경석" == ninjs["by"]


def test_a_page_names_the_authors_of_a_paper(planet: Planet) -> None:
    """In the byline, in their own language."""
    files = with_item(planet, "literature", authors=AUTHORS, **DESK)
    for path, byline in (
        ("sections/literature/index.html", "2024.2.15 / 서유강 (가천대학교) / 김경석"),
        ("en/sections/literature/index.html", "2024.2.15 / 서유강 (가천대학교) / 김경석"),
    ):
        page = html.fromstring(files[path].decode())
        assert [byline] == texts(page.cssselect("article .byline"))


def test_a_release_is_by_its_body(planet: Planet) -> None:
    """Whoever a feed says wrote it there."""
    files = with_item(planet, authors=(Person(name="홍보담당관"),))
    assert "국토교통부" == atom(files).findtext(f"{ATOM}author/{ATOM}name")


def test_an_event_has_its_facts_in_every_format(planet: Planet) -> None:
    """Days, places, subject and telephone, with labels in the feed's language."""
    files = with_item(planet, "news", event=EXPO, **DESK)
    for content in (
        atom(files).findtext(f"{ATOM}content"),
        atom(files, "sections/news.atom").findtext(f"{ATOM}content"),
        rss(files).findtext(CONTENT),
        json_item(files)["content_html"],
    ):
        assert FACTS == texts(html.fromstring(str(content)).cssselect("li"))
    ninjs = json.loads(files["stories/a1.ninjs.json"])
    assert ["\n".join(FACTS)] == [body["value"] for body in ninjs["bodies"]]


def test_the_facts_of_an_event_stand_before_its_text(planet: Planet) -> None:
    """A reader who shows the content only loses neither."""
    files = with_item(planet, "news", event=EXPO, **{**DESK, "summary": "누구나 올 수 있다."})
    content = str(atom(files).findtext(f"{ATOM}content"))
    assert content.endswith("</li></ul><p>누구나 올 수 있다.</p>")


def test_a_page_has_the_facts_of_an_event(planet: Planet) -> None:
    """As its shape says, labelled in the page's language; nobody is said to have issued it."""
    files = with_item(replace(planet, issues=()), "news", event=EXPO, **DESK)
    korean = html.fromstring(files["sections/news/index.html"].decode())
    assert FACTS == texts(korean.cssselect("article .facts li"))
    assert ["2024.2.15"] == texts(korean.cssselect("article .byline"))
    english = html.fromstring(files["en/sections/news/index.html"].decode())
    first = english.cssselect("article .facts li")[0]
    assert ["Event Name: 2024 스마트시티 엑스포"] == texts([first])
    assert ["ko"] == [one.get("lang") for one in first.iterchildren()]


def test_a_paper_is_by_its_authors_for_search_engines(planet: Planet) -> None:
    """With the house that each of them works for."""
    files = with_item(planet, "literature", authors=AUTHORS, **DESK)
    page = html.fromstring(files["sections/literature/index.html"].decode())
    listing = json.loads(str(page.findtext(".//script[@type='application/ld+json']")))["@graph"][0]
    paper = listing["mainEntity"]["itemListElement"][0]["item"]
    assert "ScholarlyArticle" == paper["@type"]
    house = {"@type": "Organization", "name": "가천대학교"}
    assert [
        {"@type": "Person", "name": "서유강", "affiliation": house},
        {"@type": "Person", "name": "김경석"},
    ] == paper["author"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("(석간) 스마트시티 공모", "스마트시티 공모"),
        ("[보도참고] (2.27. 조간) 스마트시티 공모", "스마트시티 공모"),
        ("[해명] 스마트시티 공모", "[해명] 스마트시티 공모"),
        ("[보도자료](정정) 스마트시티 공모", "(정정) 스마트시티 공모"),
        ("[보도자료]", "[보도자료]"),
        ("(주)대한, 스마트시티 공모", "(주)대한, 스마트시티 공모"),
    ],
)
def test_marks_for_the_press_are_not_shown(planet: Planet, title: str, expected: str) -> None:
    """In feeds, pages and ninjs alike; what says something of the release stays."""
    files = with_item(planet, title=title)
    assert expected == atom(files).findtext(f"{ATOM}title")
    assert expected == rss(files).findtext("title")
    assert expected == json_item(files)["title"]
    page = html.fromstring(files["index.html"].decode())
    assert [expected] == texts(page.cssselect("article h3"))
    assert expected == json.loads(files["stories/a1.ninjs.json"])["headlines"][0]["value"]


TRACKED = "https://molit.example/view.do?newsId=1&call_from=rsslink#top"
UNTRACKED = "https://molit.example/view.do?newsId=1#top"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (TRACKED, UNTRACKED),
        ("https://a.example/?utm_source=rss", "https://a.example/"),
        ("https://a.example/?b=%20+1&&utm_source=rss&c", "https://a.example/?b=%20+1&&c"),
        ("https://a.example/x?b=1", "https://a.example/x?b=1"),
        ("https://a.example/x#?", "https://a.example/x#?"),
    ],
)
def test_readers_are_sent_without_trackers(link: str, expected: str) -> None:
    """What else is in an address stays as it is written."""
    assert expected == reader_url(link)


def test_no_link_to_a_release_has_a_tracker(planet: Planet) -> None:
    """In feeds, pages and ninjs, and within the text."""
    files = with_item(planet, link=TRACKED, content=f'<p><a href="{TRACKED}">원문</a></p>')
    assert UNTRACKED == rss(files).findtext("link")
    assert UNTRACKED == json_item(files)["url"]
    assert [] == [path for path, body in files.items() if b"call_from" in body]


@pytest.mark.parametrize(
    ("section", "expected"),
    [("issue", "보도자료"), ("special", "영상"), ("literature", "논문"), ("news", "행사")],
)
def test_a_section_is_said_to_hold_what_it_holds(
    planet: Planet, section: str, expected: str
) -> None:
    """By its shape: on its page, and in the subtitle of its feed."""
    files = with_item(planet, section)
    feed = etree.fromstring(files[f"sections/{section}.atom"])
    assert expected in (feed.findtext(f"{ATOM}subtitle") or "")
    page = html.fromstring(files[f"sections/{section}/index.html"].decode())
    assert [feed.findtext(f"{ATOM}subtitle")] == texts(page.cssselect(".lede"))


def test_the_feed_of_a_body_says_whose_it_is(planet: Planet) -> None:
    """Readers show the subtitle beside the title."""
    files = with_item(planet)
    feed = etree.fromstring(files["bodies/molit.atom"])
    assert "국토교통부" in (feed.findtext(f"{ATOM}subtitle") or "")
