"""What a page says of itself: JSON-LD, citation tags, Open Graph, its title."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import ReadError
from aggregator.domain.items import EventFacts, Person
from aggregator.read.cards.linked import linked_objects
from aggregator.read.cards.page_card import Card, read_card

URL = "https://news.example/view?id=7"


def card(head: str, *, body: str = "") -> Card:
    """The card of a page with this head."""
    page = f"<!doctype html><html lang=ko><head>{head}</head><body>{body}</body></html>"
    return read_card(page.encode(), charset="utf-8", url=URL)


def linked(value: object) -> str:
    """A script of JSON-LD."""
    return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'


def test_open_graph_is_read() -> None:
    """Headline, lead, day, picture, issuer; the picture's address becomes absolute."""
    found = card(
        '<meta property="og:title" content="데이터 허브 착수">'
        '<meta property="og:description" content="첫 문단이다.">'
        '<meta property="og:image" content="/files/a.png">'
        '<meta property="og:site_name" content="국토교통부">'
        '<meta property="article:published_time" content="2024-02-27T09:00:00+09:00">'
    )

    assert ("데이터 허브 착수", "첫 문단이다.") == (found.title, found.summary)
    assert "https://news.example/files/a.png" == found.picture
    assert ("국토교통부",) == found.issuers
    assert found.published is not None
    assert date(2024, 2, 27) == found.published.day


def test_linked_data_goes_before_open_graph() -> None:
    """Wherever it stands in the graph."""
    graph = {
        "@graph": [
            {"@type": "BreadcrumbList"},
            {
                "@type": ["NewsArticle"],
                "headline": "참된 제목",
                "datePublished": "2024-02-13",
                "publisher": {"@type": "Organization", "name": "서울특별시"},
            },
        ]
    }
    found = card('<meta property="og:title" content="누리집">' + linked(graph))

    assert ("참된 제목", ("서울특별시",)) == (found.title, found.issuers)
    assert found.published is not None
    assert date(2024, 2, 13) == found.published.day


def test_a_journal_names_its_authors() -> None:
    """Each with the affiliation that stands at the same place."""
    found = card(
        '<meta name="citation_title" content="도시재생 연구">'
        '<meta name="citation_author" content="강원평"><meta name="citation_author" content="김경석">'
        '<meta name="citation_author_institution" content="협회">'
        '<meta name="citation_author_institution" content="공주대학교">'
        '<meta name="citation_abstract" content="초록이다.">'
    )

    assert (
        Person(name="강원평", affiliation="협회"),
        Person(name="김경석", affiliation="공주대학교"),
    ) == found.people
    assert ("도시재생 연구", "초록이다.") == (found.title, found.summary)


def test_an_event_has_its_days_and_venue() -> None:
    """Of whichever kind of event."""
    event = {
        "@type": "BusinessEvent",
        "name": "Smart City Expo",
        "startDate": "2024-03-19",
        "endDate": "2024-03-23T18:00+09:00",
        "location": {"@type": "Place", "name": "난강전시센터"},
    }

    found = card(linked(event))

    assert "Smart City Expo" == found.title
    assert (
        EventFacts(
            name="Smart City Expo",
            starts_on=date(2024, 3, 19),
            ends_on=date(2024, 3, 23),
            venues=("난강전시센터",),
        )
        == found.event
    )


def test_a_plain_page_has_its_title_without_the_site() -> None:
    """Where the site says its own name."""
    site = '<meta property="og:site_name" content="경기도">'

    assert "스마트팜 공모" == card(f"<title>스마트팜 공모 | 경기도</title>{site}").title
    assert "A - B" == card("<title>A - B</title>").title


def test_a_page_names_where_it_is() -> None:
    """As an address of the web, and nothing else."""
    assert "https://news.example/7" == card('<link rel="canonical" href="/7">').url
    assert "" == card('<link rel="canonical" href="javascript:alert(1)">').url


def test_hostile_values_are_text_or_nothing() -> None:
    """No address of another kind, no line end, nothing without bound."""
    found = card(
        '<meta property="og:image" content="data:image/png;base64,AAAA">'
        f'<meta property="og:title" content="{"가" * 100_000}">'
        + linked({"@type": "Article", "image": "javascript:alert(1)"})
    )

    assert "" == found.picture
    assert 500 == len(found.title)


def test_broken_scripts_are_passed_over() -> None:
    """Also one that is nested without end."""
    deep = "[" * 100_000

    assert [] == linked_objects(["{", deep, "7", '"text"'])
    assert 500 == len(linked_objects([json.dumps([{"@type": "Event"}] * 5000)]))


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_whatever_the_bytes_are_there_is_a_card(body: bytes) -> None:
    """Or one of the errors of reading: nothing else may break."""
    page = b"<!doctype html><title>x</title><meta property=og:title content='" + body

    try:
        found = read_card(page, url=URL)
    except ReadError:
        return
    assert len(found.title) <= 500
