"""The feeds as JSON Feed 1.1."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator.domain.feeds import Feed
from aggregator.domain.items import Enclosure
from aggregator.domain.publishing import Planet
from aggregator.publish.feed_records import MAX_BYTES
from aggregator.publish.licences import licence_url
from aggregator.services.trials.inspect import inspect_document
from tests.fixtures.planets import SEEN_AT, make_item, make_placed, make_stored
from tests.fixtures.rendering import render_site


def body_of(planet: Planet, path: str = "feed.json") -> bytes:
    return next(one.body for one in render_site(planet) if one.path == path)


def items(planet: Planet, path: str = "feed.json") -> dict[str, dict[str, Any]]:
    """The items of a feed by the last part of their ids."""
    feed = json.loads(body_of(planet, path))
    return {item["id"].rpartition("/")[2]: item for item in feed["items"]}


def test_the_feed_says_what_it_is(planet: Planet) -> None:
    """Everything that the specification has for a feed and that is known of this one."""
    feed = json.loads(body_of(planet))
    del feed["items"]
    assert {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "스마트시티 코리아 뉴스레터 · 전체 소식",
        "home_page_url": "https://news.example/",
        "feed_url": "https://news.example/feed.json",
        "description": "스마트시티 최신 정책 정보를 확인하세요!",
        "authors": [{"name": "스마트시티 코리아 뉴스레터"}],
        "language": "ko",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    } == feed
    without = replace(planet, options=replace(planet.options, hub=""))
    assert "hubs" not in json.loads(body_of(without))


def test_korean_is_written_as_it_is(planet: Planet) -> None:
    """A person can read the file."""
    assert "전기버스 똑똑하게 쓴다".encode() in body_of(planet)


def test_a_folded_story_is_one_item(planet: Planet) -> None:
    """With its source and licence, and where else it stands."""
    assert {
        "id": "tag:news.example,2024:story/a1",
        "url": "https://molit.example/news/1",
        "title": "국토부, 스마트시티 패키지 수출 종합지원 모델 개발 착수",
        "content_text": planet.stories[-1].story.primary.item.summary,
        "summary": planet.stories[-1].story.primary.item.summary,
        "date_published": "2024-02-15T11:00:00+09:00",
        "date_modified": "2024-02-15T11:00:00+09:00",
        "authors": [{"name": "국토교통부"}],
        "tags": ["스마트시티 이슈"],
        "_source": {
            "id": "tag:news.example,2024:source/molit",
            "title": "국토교통부 보도자료",
            "home_page_url": "https://molit.example/news",
            "feed_url": "https://molit.example/rss/press.xml",
            "date_modified": "2024-02-15T11:00:00+09:00",
            "licence": "공공누리 제1유형(출처표시) · 국토교통부",
            "licence_url": "https://www.kogl.or.kr/info/licenseType1.do",
        },
        "_links": {
            "related": [
                {
                    "url": "http://briefing.example/148925",
                    "title": "대한민국 정책브리핑",
                    "language": "ko",
                    "mime_type": "text/html",
                }
            ]
        },
    } == items(planet)["a1"]


def test_a_file_with_type_and_length_is_an_attachment(planet: Planet) -> None:
    """What has no true length is a link, and nothing that a reader would begin to load."""
    assert [
        {
            "url": "https://molit.example/a.pdf",
            "mime_type": "application/pdf",
            "size_in_bytes": 512,
        }
    ] == items(planet)["b2"]["attachments"]
    for enclosure in (
        Enclosure(url="https://molit.example/b.pdf", media_type="application/pdf"),
        Enclosure(url="https://molit.example/b.pdf", media_type="pdf", length=9),
    ):
        item = make_item(9, enclosures=(enclosure,))
        planet = replace(planet, stories=(make_placed("z9", make_stored(item, 9)),))
        found = items(planet)["z9"]
        assert "attachments" not in found
        assert [("https://molit.example/b.pdf", "b.pdf")] == [
            (x["url"], x["title"]) for x in found["_links"]["related"]
        ]
        assert b"<enclosure" not in body_of(planet, "feed.rss")
        assert b'rel="enclosure"' not in body_of(planet, "feed.atom")


def test_another_language_and_an_unknown_day(planet: Planet) -> None:
    """Marked, and left out."""
    found = items(planet)
    assert "en" == found["c3"]["language"]
    assert "language" not in found["a1"]
    assert "date_published" not in found["d4"]
    assert "2024-03-01T09:30:00+09:00" == found["d4"]["date_modified"]


def test_what_stands_here_alone_names_the_place_elsewhere(planet: Planet) -> None:
    """A release that was typed in without a link, and folded with one that has a link."""
    typed = make_stored(make_item(9, link="", canonical_url=""), 9)
    there = make_stored(make_item(10, feed_id="briefing", body="briefing"), 10)
    found = items(replace(planet, stories=(make_placed("z9", typed, there),)))["z9"]
    assert "https://news.example/bodies/molit/#story-z9" == found["url"]
    assert "https://molit.example/news/10" == found["external_url"]
    assert "external_url" not in items(planet)["a1"]


def test_the_issues_of_each_language_are_a_feed(planet: Planet) -> None:
    """The English one in its folder: its own ids, its own headlines, only what is in English."""
    korean, english = items(planet, "issues.json"), items(planet, "en/issues.json")
    assert ["48", "47"] == list(korean)
    (entry,) = english.values()
    assert "tag:news.example,2024:issue/48/en" == entry["id"]
    assert "https://news.example/issues/48/en/" == entry["url"]
    assert "Ministry starts building an all-in-one support model" in entry["content_html"]
    feed = json.loads(body_of(planet, "en/issues.json"))
    assert "Smart City Korea Newsletter · Issues" == feed["title"]
    assert "https://news.example/issues/en/" == feed["home_page_url"]
    assert "en" == feed["language"]


def test_the_projects_own_reader_reads_it(planet: Planet) -> None:
    """Every story with id, title, link and day, without a complaint; of one without a day it takes
    the date of the change."""
    feed = Feed(id="own", url="https://news.example/feed.json", title="own", body="molit")
    found = inspect_document(body_of(planet), feed=feed, now=SEEN_AT)
    assert set() == set(found.warnings)
    read = {item.guid.rpartition("/")[2]: item for item in found.items}
    assert {"a1", "b2", "c3", "d4"} == read.keys()
    for placed in planet.stories:
        item = placed.story.primary.item
        again = read.get(placed.story.public_id)
        if again is not None:
            assert item.title == again.title
            assert item.summary == again.summary
            assert not item.link or item.link == again.link
            assert again.published is not None
            assert item.published is None or item.published.at == again.published.at


def test_a_large_feed_is_shortened_and_stays_whole(planet: Planet) -> None:
    """Below what readers take, with the newest of its stories."""
    stories = tuple(
        make_placed(f"m{n:02}", make_stored(make_item(n, content=f"<p>{'글' * 10000}</p>"), n))
        for n in range(1, 51)
    )
    with capture_logs() as lines:
        body = body_of(replace(planet, stories=stories))
    assert MAX_BYTES - 40_000 < len(body) < MAX_BYTES
    kept = len(json.loads(body)["items"])
    assert [50 - kept] == [one["left_out"] for one in lines if one.get("feed") == "feed.json"]


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("공공누리 제1유형", "https://www.kogl.or.kr/info/licenseType1.do"),
        ("KOGL-4", "https://www.kogl.or.kr/info/licenseType4.do"),
        ("KOGL-0", "https://www.kogl.or.kr/info/license.do"),
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC-BY-NC-ND-2.0-KR", "https://creativecommons.org/licenses/by-nc-nd/2.0/kr/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("All rights reserved", ""),
        ("", ""),
    ],
)
def test_a_licence_has_an_address(licence: str, expected: str) -> None:
    """Of those that stand on a page of their own."""
    assert expected == licence_url(licence)
