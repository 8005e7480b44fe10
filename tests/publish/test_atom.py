"""The combined Atom feed, read back by two feed readers and element by element."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import atoma
import feedparser
import pytest
from lxml import etree
from structlog.testing import capture_logs

from aggregator.domain.errors import RenderError
from aggregator.domain.items import SEOUL, When
from aggregator.domain.publishing import Planet
from aggregator.domain.visits import FeedState
from tests.fixtures.planets import SEEN_AT, make_item, make_placed, make_stored
from tests.fixtures.rendering import render_site

NS = {"a": "http://www.w3.org/2005/Atom"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def render(planet: Planet, path: str = "feed.atom") -> bytes:
    """One artefact of the planet's site."""
    return next(a.body for a in render_site(planet) if a.path == path)


def entries(body: bytes) -> dict[str, etree._Element]:
    """The entries of an Atom document by id."""
    found = etree.fromstring(body).findall("a:entry", NS)
    return {entry.findtext("a:id", "", NS): entry for entry in found}


def links(parent: etree._Element, rel: str) -> list[dict[str, str]]:
    """The attributes of the links with this relation, without it."""
    found = [dict(link.attrib) for link in parent.findall("a:link", NS)]
    return [
        {str(name): str(value) for name, value in link.items() if name != "rel"}
        for link in found
        if link["rel"] == rel
    ]


def entry_of(planet: Planet, public_id: str) -> etree._Element:
    """The entry of one story."""
    return entries(render(planet))[f"tag:news.example,2024:story/{public_id}"]


def test_the_feed_says_what_it_is(planet: Planet) -> None:
    """Id, title, author, language, links, and the newest entry's date."""
    root = etree.fromstring(render(planet))
    assert "tag:news.example,2024:feed/all" == root.findtext("a:id", "", NS)
    assert "스마트시티 코리아 뉴스레터 · 전체 소식" == root.findtext("a:title", "", NS)
    assert "스마트시티 코리아 뉴스레터" == root.findtext("a:author/a:name", "", NS)
    assert "2024-03-01T09:30:00+09:00" == root.findtext("a:updated", "", NS)
    assert "ko" == root.get(XML_LANG)
    own = {"href": "https://news.example/feed.atom", "type": "application/atom+xml"}
    assert [own] == links(root, "self")
    assert [{"href": "https://hub.example/"}] == links(root, "hub")
    page = {"href": "https://news.example/", "type": "text/html", "hreflang": "ko"}
    others = [
        {"href": "https://news.example/feed.rss", "type": "application/rss+xml"},
        {"href": "https://news.example/feed.json", "type": "application/feed+json"},
    ]
    assert [page, *others] == links(root, "alternate")


def test_a_folded_story_is_one_entry(planet: Planet) -> None:
    """Its primary item in the front, the portal's copy as a related link."""
    entry = entry_of(planet, "a1")
    assert "text" == entry.find("a:title", NS).get("type")  # type: ignore[union-attr]
    assert "국토부, 스마트시티 패키지 수출 종합지원 모델 개발 착수" == entry.findtext(
        "a:title", "", NS
    )
    assert entry.findtext("a:summary", "", NS).startswith("국토교통부는 해외건설")
    assert "국토교통부" == entry.findtext("a:author/a:name", "", NS)
    assert "2024-02-15T11:00:00+09:00" == entry.findtext("a:published", "", NS)
    assert "2024-02-15T11:00:00+09:00" == entry.findtext("a:updated", "", NS)
    release = {"href": "https://molit.example/news/1", "type": "text/html", "hreflang": "ko"}
    assert [release] == links(entry, "alternate")
    portal = {
        "href": "http://briefing.example/148925",
        "type": "text/html",
        "hreflang": "ko",
        "title": "대한민국 정책브리핑",
    }
    assert [portal] == links(entry, "related")
    assert entry.get(XML_LANG) is None


def test_a_section_is_a_category(planet: Planet) -> None:
    """A scheme and a term that never change, and a Korean label."""
    category = entry_of(planet, "a1").find("a:category", NS)
    assert category is not None
    expected = {
        "scheme": "tag:news.example,2024:sections",
        "term": "issue",
        "label": "스마트시티 이슈",
    }
    assert expected == {str(name): str(value) for name, value in category.attrib.items()}


def test_an_entry_names_its_source(planet: Planet) -> None:
    """Id, title, date and links of the feed it came from, with the licence."""
    entry = entry_of(planet, "a1")
    source = entry.find("a:source", NS)
    assert source is not None
    assert "tag:news.example,2024:source/molit" == source.findtext("a:id", "", NS)
    assert "국토교통부 보도자료" == source.findtext("a:title", "", NS)
    assert "2024-02-15T11:00:00+09:00" == source.findtext("a:updated", "", NS)
    assert [{"href": "https://molit.example/rss/press.xml"}] == links(source, "self")
    home = {"href": "https://molit.example/news", "type": "text/html"}
    assert [home] == links(source, "alternate")
    assert "공공누리 제1유형" == source.findtext("a:rights", "", NS)
    assert "공공누리 제1유형(출처표시) · 국토교통부" == entry.findtext("a:rights", "", NS)


def test_the_licence_of_a_release_comes_before_that_of_its_feed(planet: Planet) -> None:
    """Offices mark each release; the source keeps what is true of the feed as a whole."""
    own = make_stored(make_item(9, licence="KOGL-4"), 9)
    entry = entry_of(replace(planet, stories=(make_placed("z9", own),)), "z9")
    rights = entry.findtext("a:rights", "", NS)
    assert "공공누리 제4유형(출처표시·상업적 이용금지·변경금지) · 국토교통부" == rights
    assert "공공누리 제1유형" == entry.findtext("a:source/a:rights", "", NS)


def test_a_day_alone_is_midnight_and_a_change_is_an_update(planet: Planet) -> None:
    """The day stays as its source gave it; the correction dates the update, to the second."""
    entry = entry_of(planet, "b2")
    assert "2024-02-27T00:00:00+09:00" == entry.findtext("a:published", "", NS)
    assert "2024-02-28T10:02:03+09:00" == entry.findtext("a:updated", "", NS)


def test_content_and_attachments_go_along(planet: Planet) -> None:
    """HTML as escaped text, a file as an enclosure with type and length."""
    entry = entry_of(planet, "b2")
    content = entry.find("a:content", NS)
    assert content is not None
    assert "html" == content.get("type")
    assert "<p>전기버스 <b>2,000여 대</b> &amp; 충전 인프라</p>" == content.text
    file = {"href": "https://molit.example/a.pdf", "type": "application/pdf", "length": "512"}
    assert [file] == links(entry, "enclosure")


def test_another_language_is_marked(planet: Planet) -> None:
    """An English release in the Korean feed says so."""
    entry = entry_of(planet, "c3")
    assert "en" == entry.get(XML_LANG)
    assert "en" == links(entry, "alternate")[0]["hreflang"]


def test_an_item_without_link_and_date_stands_on_the_site(planet: Planet) -> None:
    """What an editor typed in: first sight as its update, content, a place on the site."""
    entry = entry_of(planet, "d4")
    assert entry.find("a:published", NS) is None
    assert "2024-03-01T09:30:00+09:00" == entry.findtext("a:updated", "", NS)
    assert "https://news.example/bodies/lx/#story-d4" == links(entry, "alternate")[0]["href"]
    assert entry.findtext("a:content", "", NS).startswith("<p>우리나라")


def test_entries_are_newest_first(planet: Planet) -> None:
    """By the source's own date, ties by public id; what has no section is left out."""
    ids = [name.rpartition("/")[2] for name in entries(render(planet))]
    assert ["d4", "b2", "c3", "a1"] == ids


def test_everything_holds_what_has_no_section(planet: Planet) -> None:
    """Asked for, it stands in its order and without a category."""
    everything = replace(planet, options=replace(planet.options, everything=True))
    ids = [name.rpartition("/")[2] for name in entries(render(everything))]
    assert ["d4", "b2", "c3", "e5", "a1"] == ids
    assert entry_of(everything, "e5").find("a:category", NS) is None


def test_a_section_feed_holds_its_section(planet: Planet) -> None:
    """Under an id and an address of its own."""
    root = etree.fromstring(render(planet, "sections/trend.atom"))
    assert "tag:news.example,2024:feed/section/trend" == root.findtext("a:id", "", NS)
    assert "https://news.example/sections/trend.atom" == links(root, "self")[0]["href"]
    assert "https://news.example/sections/trend/" == links(root, "alternate")[0]["href"]
    assert ["b2", "c3"] == [
        entry.findtext("a:id", "", NS).rpartition("/")[2] for entry in root.findall("a:entry", NS)
    ]


def test_an_empty_feed_is_as_old_as_its_name(planet: Planet) -> None:
    """Never the present: the date of the tag authority, in Asia/Seoul."""
    root = etree.fromstring(render(planet, "sections/news.atom"))
    assert "2024-01-01T00:00:00+09:00" == root.findtext("a:updated", "", NS)


def test_limits_count_from_the_newest(planet: Planet) -> None:
    """``feed_limit`` entries of ``feed_days``, counted from the newest entry."""
    few = replace(planet, options=replace(planet.options, feed_limit=2))
    assert 2 == len(entries(render(few)))
    short = replace(planet, options=replace(planet.options, feed_days=4))
    ids = [name.rpartition("/")[2] for name in entries(render(short))]
    assert ["d4", "b2", "c3"] == ids


def test_a_release_of_the_far_future_does_not_stay_on_top(planet: Planet) -> None:
    """Dated long after it was first seen, it is sorted and updated by that first sight; the date
    itself is not passed on."""
    future = make_item(9, published=When(at=datetime(2099, 1, 1, tzinfo=SEOUL)))
    stored = make_stored(future, 9, first_seen_at=SEEN_AT - timedelta(days=2))
    full = replace(planet, stories=(*planet.stories, make_placed("z9", stored)))
    ids = [name.rpartition("/")[2] for name in entries(render(full))]
    assert ["d4", "z9", "b2", "c3", "a1"] == ids
    assert entry_of(full, "z9").find("a:published", NS) is None
    assert "2024-02-28T09:30:00+09:00" == entry_of(full, "z9").findtext("a:updated", "", NS)
    rss: Any = feedparser.parse(io.BytesIO(render(full, "feed.rss")))
    assert "Wed, 28 Feb 2024 09:30:00 +0900" == rss.entries[1].published


def test_a_release_of_tomorrow_keeps_its_date(planet: Planet) -> None:
    """An embargo of a day is no slip."""
    soon = When(at=SEEN_AT + timedelta(days=1))
    full = replace(
        planet, stories=(make_placed("z9", make_stored(make_item(9, published=soon), 9)),)
    )
    assert "2024-03-02T09:30:00+09:00" == entry_of(full, "z9").findtext("a:published", "", NS)


def test_another_primary_is_an_update(planet: Planet) -> None:
    """A reader has to fetch the entry anew when it is told by another release; an older change
    than the release's own says nothing."""
    placed = next(one for one in planet.stories if one.story.public_id == "a1")
    for changed_at, expected in (
        (datetime(2024, 2, 29, 3, 0, tzinfo=UTC), "2024-02-29T12:00:00+09:00"),
        (datetime(2024, 2, 1, 3, 0, tzinfo=UTC), "2024-02-15T11:00:00+09:00"),
    ):
        story = replace(placed.story, primary_changed_at=changed_at)
        changed = replace(planet, stories=(replace(placed, story=story),))
        assert expected == entry_of(changed, "a1").findtext("a:updated", "", NS)
        assert "2024-02-15T11:00:00+09:00" == entry_of(changed, "a1").findtext(
            "a:published", "", NS
        )


def test_an_endless_title_is_cut(planet: Planet) -> None:
    """In both formats; 300 characters still stand as they are."""
    stories = (
        make_placed("z8", make_stored(make_item(8, title="가" * 300), 8)),
        make_placed("z9", make_stored(make_item(9, title="나" * 301), 9)),
    )
    full = replace(planet, stories=stories)
    assert "가" * 300 == entry_of(full, "z8").findtext("a:title", "", NS)
    assert "나" * 299 + "…" == entry_of(full, "z9").findtext("a:title", "", NS)
    rss: Any = feedparser.parse(io.BytesIO(render(full, "feed.rss")))
    assert "나" * 299 + "…" in [entry.title for entry in rss.entries]


def test_an_entry_stays_as_it_is_when_its_source_brings_another(planet: Planet) -> None:
    """Readers that compare whole entries would take it for changed."""
    new = make_stored(make_item(9, published=When(at=datetime(2024, 3, 1, tzinfo=SEOUL))), 9)
    more = replace(planet, stories=(make_placed("z9", new), *planet.stories))
    assert etree.tostring(entry_of(planet, "a1")) == etree.tostring(entry_of(more, "a1"))


def test_a_feed_that_is_gone_is_still_named(planet: Planet) -> None:
    """Taken out of the configuration, it lives on in its stories: title, address and date."""
    state = replace(
        planet.states["molit"],
        title="국토교통부\n보도자료",
        url="https://molit.example/old.xml?key=1",
    )
    gone = replace(planet, feeds=planet.feeds[1:], states={**planet.states, "molit": state})
    source = entry_of(gone, "a1").find("a:source", NS)
    assert source is not None
    assert "tag:news.example,2024:source/molit" == source.findtext("a:id", "", NS)
    assert "국토교통부 보도자료" == source.findtext("a:title", "", NS)
    assert "2024-02-15T11:00:00+09:00" == source.findtext("a:updated", "", NS)
    assert [{"href": "https://molit.example/old.xml"}] == links(source, "self")
    home = {"href": "https://molit.example/news", "type": "text/html"}
    assert [home] == links(source, "alternate")


def test_a_gone_feed_without_a_trace_goes_by_its_body(planet: Planet) -> None:
    """Where nothing is known of it any more, or only an address that the public cannot reach."""
    hidden = FeedState(feed_id="molit", url="http://127.0.0.1/rss")
    for states in ({}, {"molit": hidden}):
        gone = replace(planet, feeds=(), states=states)
        source = entry_of(gone, "a1").find("a:source", NS)
        assert source is not None
        assert "국토교통부" == source.findtext("a:title", "", NS)
        assert not source.findall("a:link", NS)


def test_what_editors_typed_in_has_this_site_as_its_source(planet: Planet) -> None:
    """Every entry says where it was taken from."""
    source = entry_of(planet, "d4").find("a:source", NS)
    assert source is not None
    assert "tag:news.example,2024:source/desk" == source.findtext("a:id", "", NS)
    assert [{"href": "https://news.example/feed.atom"}] == links(source, "self")


def test_a_corrected_issue_is_an_update(planet: Planet) -> None:
    """The day it was published stays."""
    at = datetime(2024, 3, 5, 2, 0, tzinfo=UTC)
    issues = (planet.issues[0], replace(planet.issues[1], corrected={"ko": at}))
    body = render(replace(planet, issues=issues), "issues.atom")
    entry = entries(body)["tag:news.example,2024:issue/48"]
    assert "2024-03-05T11:00:00+09:00" == entry.findtext("a:updated", "", NS)
    assert "2024-03-04T10:00:00+09:00" == entry.findtext("a:published", "", NS)
    assert "2024-03-05T11:00:00+09:00" == etree.fromstring(body).findtext("a:updated", "", NS)


def test_a_bad_entry_is_left_out_and_logged(planet: Planet) -> None:
    """An entry without a title never takes the feed with it."""
    bad = make_placed("x0", make_stored(make_item(9, title=" "), 9))
    with capture_logs() as lines:
        body = render(replace(planet, stories=(*planet.stories, bad)))
    assert ["d4", "b2", "c3", "a1"] == [name.rpartition("/")[2] for name in entries(body)]
    assert {
        "event": "entry_left_out",
        "log_level": "warning",
        "feed": "feed.atom",
        "entry": "tag:news.example,2024:story/x0",
        "reason": "it has no title",
    } in lines


def test_a_bad_tag_authority_is_refused(planet: Planet) -> None:
    """Ids that are no tag: URIs are never published."""
    bad = replace(planet, options=replace(planet.options, tag_authority="news.example"))
    with pytest.raises(RenderError, match=r"news\.example,2024"):
        render_site(bad)


def test_an_issue_is_one_entry_with_both_editions(planet: Planet) -> None:
    """A link for each language, the headlines as content, the day it was published."""
    body = render(planet, "issues.atom")
    found = entries(body)
    assert ["tag:news.example,2024:issue/48", "tag:news.example,2024:issue/47"] == list(found)
    entry = found["tag:news.example,2024:issue/48"]
    assert "스마트시티 코리아 뉴스레터 No. 48 (2024.3.4)" == entry.findtext("a:title", "", NS)
    assert "2024-03-04T10:00:00+09:00" == entry.findtext("a:published", "", NS)
    assert [
        "https://news.example/issues/48/",
        "https://news.example/issues/48/en/",
    ] == [link["href"] for link in links(entry, "alternate")]
    content = entry.findtext("a:content", "", NS)
    assert "<li>지역 버스정보 제공을 위한 Open BIS 플랫폼 개발</li>" in content
    assert "2024 스마트시티 서밋 &amp; 엑스포(SCSE)" in content
    assert "스마트시티 정책·사업" not in content


def test_feedparser_reads_the_feed(planet: Planet) -> None:
    """Without a complaint, and with the same ids, titles and dates."""
    read: Any = feedparser.parse(io.BytesIO(render(planet)))
    assert not read.bozo
    assert "atom10" == read.version
    folded = read.entries[-1]
    assert "tag:news.example,2024:story/a1" == folded.id
    assert "국토부, 스마트시티 패키지 수출 종합지원 모델 개발 착수" == folded.title
    assert "https://molit.example/news/1" == folded.link
    assert (2024, 2, 15, 2, 0, 0) == tuple(folded.published_parsed[:6])
    assert "국토교통부" == folded.author
    assert "issue" == folded.tags[0].term
    assert "tag:news.example,2024:source/molit" == folded.source.id


def test_atoma_reads_the_feed(planet: Planet) -> None:
    """A strict reader finds every required element."""
    read = atoma.parse_atom_bytes(render(planet))
    assert "tag:news.example,2024:feed/all" == read.id_
    assert 4 == len(read.entries)
    folded = read.entries[-1]
    assert datetime(2024, 2, 15, 2, 0, tzinfo=UTC) == folded.updated
    assert "국토교통부 보도자료" == folded.source.title.value
    assert [
        "https://molit.example/news/1",
        "http://briefing.example/148925",
        "https://www.kogl.or.kr/info/licenseType1.do",
    ] == [link.href for link in folded.links]


def test_feedparser_reads_the_rss(planet: Planet) -> None:
    """The same stories under the same ids, undated ones without a date."""
    read: Any = feedparser.parse(io.BytesIO(render(planet, "feed.rss")))
    assert not read.bozo
    assert "rss20" == read.version
    assert ["d4", "b2", "c3", "a1"] == [entry.id.rpartition("/")[2] for entry in read.entries]
    assert "published" not in read.entries[0]
    assert "Thu, 15 Feb 2024 11:00:00 +0900" == read.entries[-1].published
    assert "국토교통부" == read.entries[-1].author
    assert "스마트시티 이슈" == read.entries[-1].tags[0].term
    assert "application/pdf" == read.entries[1].enclosures[0].type
