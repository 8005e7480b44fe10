"""What pages say of themselves to search engines: schema.org as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from lxml import html

from aggregator.domain.corrections import CorrectedField
from aggregator.domain.issues import Edition, Phrase, PrintedItem
from aggregator.domain.items import EventFacts
from aggregator.domain.publishing import Planet
from aggregator.publish.linked_data import LISTED
from tests.fixtures.corrections import correct_planet, make_correction, texts
from tests.fixtures.hostile import BAD_LINKS, SCRIPT, hostile
from tests.fixtures.planets import make_item, make_placed, make_stored
from tests.fixtures.rendering import render_site

ISSUE = "issues/48/index.html"
NEEDED = {
    "CollectionPage": ("name", "url", "mainEntity"),
    "Event": ("name", "startDate", "location"),
    "ItemList": ("itemListElement",),
    "ListItem": ("position", "item"),
    "NewsArticle": ("headline", "author"),
    "Organization": ("name",),
    "Periodical": ("name", "url"),
    "PublicationIssue": ("name", "url", "issueNumber", "datePublished"),
    "ScholarlyArticle": ("headline", "author"),
    "VideoObject": ("name", "thumbnailUrl", "uploadDate"),
}
"""What search engines require of a thing, or show nothing of it."""

EVENT = EventFacts(
    name="SCSE",
    starts_on=date(2024, 3, 19),
    ends_on=date(2024, 3, 23),
    venues=("타이베이 난강전시센터 2관",),
)


def data(planet: Planet, path: str) -> dict[str, Any]:
    """The page's things by type, the last of each."""
    return {one["@type"]: one for one in graph(planet, path)}


def graph(planet: Planet, path: str) -> list[dict[str, Any]]:
    """The page's things, as a reader of HTML and JSON finds them."""
    made = {one.path: one.body for one in render_site(planet)}
    return read(made[path])


def read(page: bytes) -> list[dict[str, Any]]:
    """The graph of the one block in a page."""
    head: Any = html.document_fromstring(page.decode()).find("head")
    (block,) = head.findall("script[@type='application/ld+json']")
    document = json.loads(block.text)
    assert "https://schema.org" == document["@context"]
    found: list[dict[str, Any]] = document["@graph"]
    return found


def things(value: object) -> Iterator[dict[str, Any]]:
    """Every thing in a graph, however deep."""
    if isinstance(value, list):
        for each in value:
            yield from things(each)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for each in value.values():
            yield from things(each)


def with_event(planet: Planet) -> Planet:
    """The planet with the release behind the issue's event."""
    stored = make_stored(make_item(7, event=EVENT), 7)
    return replace(planet, stories=(*planet.stories, make_placed("g7", stored, section="news")))


def printed(planet: Planet, **fields: object) -> Planet:
    """The planet with one issue of one item with these fields."""
    korean = planet.issues[1].editions[0]
    first = replace(korean.sections[0].items[0], **fields)  # type: ignore[arg-type]
    return replace(planet, issues=(replace(planet.issues[1], editions=(_only(korean, first),)),))


def _only(edition: Edition, item: PrintedItem) -> Edition:
    return replace(edition, sections=(replace(edition.sections[0], items=(item,)),))


def test_every_thing_has_what_search_engines_require(planet: Planet) -> None:
    """On every page; whatever is no such thing is called a work."""
    for artefact in render_site(with_event(planet)):
        if artefact.path.endswith("index.html"):
            for thing in things(read(artefact.body)):
                lacking = set(NEEDED.get(thing["@type"], ())) - set(thing)
                assert not lacking, (artefact.path, thing)


def test_an_issue_is_one_of_a_periodical(planet: Planet) -> None:
    """With its number, instants in Korean time, language, and its translation."""
    found = data(planet, ISSUE)
    issue = found["PublicationIssue"]
    assert ("48", "2024-03-04T10:00:00+09:00", "ko") == (
        issue["issueNumber"],
        issue["datePublished"],
        issue["inLanguage"],
    )
    assert found["Periodical"]["@id"] == issue["isPartOf"]["@id"]
    assert found["Organization"]["@id"] == issue["publisher"]["@id"]
    assert [{"@id": "https://news.example/issues/48/en/"}] == issue["workTranslation"]


def test_items_are_things_of_their_shape(planet: Planet) -> None:
    """Releases, videos, papers; an event is no work, and the issue mentions it."""
    issue = data(with_event(planet), ISSUE)["PublicationIssue"]
    assert [
        "NewsArticle",
        "NewsArticle",
        "VideoObject",
        "CreativeWork",
        "ScholarlyArticle",
    ] == [part["@type"] for part in issue["hasPart"]]
    assert ["Event"] == [one["@type"] for one in issue["mentions"]]


def test_a_release_says_who_when_and_under_which_licence(planet: Planet) -> None:
    """The instant where the source gives it, the beginning of the printed day else."""
    first, second, *_ = data(planet, ISSUE)["PublicationIssue"]["hasPart"]
    assert "2024-02-15T11:00:00+09:00" == first["datePublished"]
    assert {"@type": "GovernmentOrganization", "name": "국토교통부"} == first["author"]
    assert "https://www.kogl.or.kr/info/licenseType1.do" == first["license"]
    assert "2024-02-27T00:00:00+09:00" == second["datePublished"]
    assert "license" not in second


def test_a_release_that_moved_to_another_day_keeps_the_printed_one(planet: Planet) -> None:
    """What is frozen is what the page says."""
    moved = printed(planet, byline="2024.2.14 / 국토교통부")
    (part,) = data(moved, ISSUE)["PublicationIssue"]["hasPart"]
    assert "2024-02-14T00:00:00+09:00" == part["datePublished"]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("국토교통부", (None, "국토교통부")),
        ("2024.2.14", ("2024-02-14T00:00:00+09:00", None)),
        ("2024.2.31 / 국토교통부", (None, "국토교통부")),
        ("", (None, None)),
    ],
)
def test_a_byline_may_be_half(
    planet: Planet, byline: str, expected: tuple[str | None, str | None]
) -> None:
    """What is not printed is not said."""
    (part,) = data(printed(planet, byline=byline), ISSUE)["PublicationIssue"]["hasPart"]
    assert expected == (part.get("datePublished"), part.get("author", {}).get("name"))


def test_a_video_shows_the_sites_own_picture(planet: Planet) -> None:
    """The copy of the thumbnail, which outlives its source."""
    video = data(planet, ISSUE)["PublicationIssue"]["hasPart"][2]
    assert "https://news.example/thumbnails/1.png" == video["thumbnailUrl"]
    assert video["datePublished"] == video["uploadDate"]
    assert video["description"]


def test_a_paper_has_authors_with_their_houses(planet: Planet) -> None:
    """Authors that share one are printed before it."""
    people = "강원평, 김경석 (국립공주대학교) / Kim (Univ. (A))"
    papers = with_authors(planet, people)
    assert [
        ("강원평", "국립공주대학교"),
        ("김경석", "국립공주대학교"),
        ("Kim", "Univ. (A)"),
    ] == [(one["name"], one["affiliation"]["name"]) for one in papers]


def with_authors(planet: Planet, people: str) -> list[dict[str, Any]]:
    """The authors of the issue's paper when these are printed."""
    korean = planet.issues[1].editions[0]
    paper = next(section for section in korean.sections if section.id == "literature").items[0]
    item = replace(paper, authors=Phrase(text=people, language="ko"))
    issue = replace(planet.issues[1], editions=(_only(korean, item),))
    (part,) = data(replace(planet, issues=(issue,)), ISSUE)["PublicationIssue"]["hasPart"]
    found: list[dict[str, Any]] = part["author"]
    return found


def test_an_event_has_days_and_a_place(planet: Planet) -> None:
    """Whole days, which have no hour; the place as it is printed."""
    (event,) = data(with_event(planet), ISSUE)["PublicationIssue"]["mentions"]
    assert ("2024-03-19", "2024-03-23") == (event["startDate"], event["endDate"])
    assert "타이베이 난강전시센터 2관" == event["location"]["name"]


def test_an_event_has_the_days_that_are_printed(planet: Planet) -> None:
    """Whatever the release says by now, or whether there still is one."""
    moved = replace(EVENT, starts_on=date(2024, 3, 18))
    stored = make_stored(make_item(7, event=moved), 7)
    later = replace(planet, stories=(make_placed("g7", stored, section="news"),))
    for one in (later, replace(planet, stories=())):
        (event,) = data(one, ISSUE)["PublicationIssue"]["mentions"]
        assert ("2024-03-19", "2024-03-23") == (event["startDate"], event["endDate"])


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("일시·장소: '24.3.20~22 / 타이베이", ("2024-03-20", "2024-03-22", "타이베이")),
        ("일시·장소: '24.3.30~4.2 / 서울 / 부산", ("2024-03-30", "2024-04-02", "서울 / 부산")),
        ("When: '24.12.30~'25.1.2 / Seoul", ("2024-12-30", "2025-01-02", "Seoul")),
        ("일시·장소: 2024.3.20", ("2024-03-20", "2024-03-20", None)),
        ("일시·장소: '24.3.20~19 / 타이베이", (None, None, None)),
        ("일시·장소: '24.2.30 / 타이베이", (None, None, None)),
        ("일시·장소: 3월 중순 / 타이베이", (None, None, None)),
    ],
)
def test_a_corrected_event_stays_an_event(
    planet: Planet, line: str, wanted: tuple[str | None, str | None, str | None]
) -> None:
    """With the corrected days and place where they can be read, else without."""
    old = "일시·장소: '24.3.19~23 / 타이베이 난강전시센터 2관"
    correction = make_correction(
        story="g7", field=CorrectedField.EVENT_WHEN_WHERE, texts=texts(("ko", old, line))
    )
    corrected = correct_planet([correction], with_event(planet))
    (event,) = data(corrected, ISSUE)["PublicationIssue"]["mentions"]
    place = event["location"]["name"] if "location" in event else None
    assert wanted == (event.get("startDate"), event.get("endDate"), place)


def test_a_listing_numbers_its_newest_stories(planet: Planet) -> None:
    """And says how many there are."""
    many = tuple(
        make_placed(f"m{n:04}", make_stored(make_item(1000 + n), 1000 + n))
        for n in range(LISTED + 1)
    )
    listed = data(replace(planet, stories=many), "bodies/molit/index.html")["CollectionPage"]
    rows = listed["mainEntity"]["itemListElement"]
    assert list(range(1, LISTED + 1)) == [row["position"] for row in rows]
    assert LISTED + 1 == listed["mainEntity"]["numberOfItems"]
    assert {"@type": "GovernmentOrganization", "name": "국토교통부"} == listed["about"]


def test_the_archive_lists_its_issues(planet: Planet) -> None:
    """The newest first."""
    listed = data(planet, "issues/index.html")["CollectionPage"]["mainEntity"]["itemListElement"]
    assert ["48", "47"] == [row["item"]["issueNumber"] for row in listed]


def test_a_correction_is_a_date_of_change(planet: Planet) -> None:
    """Of that edition."""
    at = datetime.fromisoformat("2024-03-05T08:00:00+09:00")
    corrected = replace(planet.issues[1], corrected={"en": at})
    planet = replace(planet, issues=(corrected,))
    english = data(planet, "issues/48/en/index.html")["PublicationIssue"]
    assert "2024-03-05T08:00:00+09:00" == english["dateModified"]
    assert "dateModified" not in data(planet, ISSUE)["PublicationIssue"]


@pytest.mark.parametrize("text", [SCRIPT, "</script><script>alert(1)</script>", "<!--<script>"])
def test_no_text_ends_the_block(text: str) -> None:
    """Nothing from a feed is markup, in any page; what it says is read back."""
    for artefact in render_site(hostile(text, "https://news.example/x")):
        if artefact.path.endswith("index.html"):
            page = artefact.body.decode()
            inside = page.partition('<script type="application/ld+json">')[2]
            block = inside.partition("</script>")[0]
            assert not set("<>&") & set(block), artefact.path
            assert 1 == page.count("</script>"), artefact.path
            assert read(artefact.body)


@pytest.mark.parametrize("link", BAD_LINKS)
def test_no_bad_link_is_told(link: str) -> None:
    """Addresses are those that readers may be sent to."""
    for artefact in render_site(hostile("x", link)):
        if artefact.path.endswith("index.html"):
            for thing in things(read(artefact.body)):
                url = str(thing.get("url", "https://x"))
                assert url.startswith(("https://", "http://")), (artefact.path, url)
                assert not link.strip() or link.strip() not in url, artefact.path
