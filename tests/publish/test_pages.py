"""The pages: structure, links, languages."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import unquote

import pytest
from lxml import etree, html

from aggregator.domain.corrections import CorrectedField
from aggregator.domain.issues import Phrase
from aggregator.domain.items import SEOUL, When
from aggregator.domain.publishing import Planet
from aggregator.publish.river import PAGE_LIMIT
from tests.fixtures.corrections import make_correction
from tests.fixtures.planets import make_item, make_placed, make_stored
from tests.fixtures.rendering import render_site

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


def site(planet: Planet) -> dict[str, bytes]:
    """Every artefact by path."""
    return {artefact.path: artefact.body for artefact in render_site(planet)}


def pages(planet: Planet) -> dict[str, html.HtmlElement]:
    """Every page by path; mails are none, though they lie beside them."""
    return {
        path: html.document_fromstring(body.decode())
        for path, body in site(planet).items()
        if path.endswith(".html")
        and not path.endswith("/mail.html")
        and path != "404.html"  # it stands at no place of its own
    }


def texts(page: html.HtmlElement, path: str) -> list[str]:
    """The texts of what an XPath finds, with single spaces."""
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


def test_the_site_holds_every_page(planet: Planet) -> None:
    """Each page in both languages; the issue before was printed in Korean alone."""
    found = sorted(pages(planet))
    bodies = ("briefing", "gyeonggi", "lx", "molit", "ulsan")
    sections = ("issue", "project", "trend", "special", "literature", "news")
    expected = ["issues/48/index.html", "issues/48/en/index.html", "issues/47/index.html"]
    for folder in ("", "en/"):
        expected += [f"{folder}index.html", f"issues/{folder}index.html"]
        expected += [f"{folder}bodies/{body}/index.html" for body in bodies]
        expected += [f"{folder}sections/{section}/index.html" for section in sections]
    assert sorted(expected) == found


def test_feeds_come_last(planet: Planet) -> None:
    """What a feed points to is written before it."""
    paths = list(site(planet))
    last_page = max(n for n, path in enumerate(paths) if path.endswith(".html"))
    assert last_page < paths.index("feeds.opml")
    assert "feed.atom" == paths[-1]


def test_every_link_inside_the_site_leads_somewhere(planet: Planet) -> None:
    """Relative links, style sheets and fragments; pictures are published by others."""
    files = site(planet)
    made = pages(planet)
    for path, page in made.items():
        for target in [*page.xpath("//@href"), *page.xpath("//@src")]:
            if re.match(r"https?:", target) or "thumbnails/" in target:
                continue
            name, _, fragment = unquote(target).partition("#")
            full = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            full = full if name else path
            assert full in files, (path, target)
            if fragment:
                assert made[full].xpath("//*[@id=$id]", id=fragment), (path, target)


def test_every_page_is_accessible_in_outline(planet: Planet) -> None:
    """One h1, one main, landmarks, a skip link, no level left out, no id twice."""
    for path, page in pages(planet).items():
        assert 1 == len(page.xpath("//h1")), path
        assert 1 == len(page.xpath("//main[@id='main']")), path
        assert all(page.xpath(f"//{landmark}") for landmark in ("header", "footer", "nav")), path
        assert ["#main"] == page.xpath("//a[@class='skip']/@href"), path
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
        pairs = pairwise(levels)
        assert all(after - before <= 1 for before, after in pairs), path
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        assert not page.xpath("//img[not(@alt)]"), path


def test_no_page_runs_or_loads_anything_foreign(planet: Planet) -> None:
    """No script, no inline style, and a policy that would refuse them; a block of data is no
    script."""
    for path, page in pages(planet).items():
        assert {"application/ld+json"} == set(page.xpath("//script/@type")), path
        assert not page.xpath("//script[not(@type)]|//script[@src]|//style|//@style"), path
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert [POLICY] == policy, path
        assert not [one for one in page.xpath("//@src") if ":" in one], path
    for path, body in site(planet).items():
        if path.endswith(".css"):
            assert b"http" not in body
            assert b"@import" not in body


def test_a_page_names_its_other_language(planet: Planet) -> None:
    """For machines with hreflang and for people with a switch."""
    page = pages(planet)["issues/48/index.html"]
    assert ["ko"] == page.xpath("/html/@lang")
    assert [
        ("ko", "https://news.example/issues/48/"),
        ("en", "https://news.example/issues/48/en/"),
        ("x-default", "https://news.example/issues/48/"),
    ] == [
        (link.get("hreflang"), link.get("href"))
        for link in page.xpath("//link[@rel='alternate'][@hreflang]")
    ]
    switch = page.xpath("//nav[@class='switch']//a")
    assert [
        ("ko", "index.html"),
        ("en", "en/index.html"),
    ] == [(link.get("hreflang"), link.get("href")) for link in switch]


def test_an_issue_in_one_language_has_no_switch(planet: Planet) -> None:
    """The English archive still lists it, and says in which language it is."""
    made = pages(planet)
    assert not made["issues/47/index.html"].xpath("//nav[@class='switch']")
    row = made["issues/en/index.html"].xpath("//li[.//a[@hreflang='ko']]")[-1]
    assert "in Korean only" in row.text_content()


def test_the_issue_page_prints_its_sections(planet: Planet) -> None:
    """Tagline, title and number, then a heading for each section that is not empty."""
    page = pages(planet)["issues/48/index.html"]
    assert ["스마트시티 코리아 뉴스레터 No. 48 (2024.3.4)"] == texts(page, "//h1")
    assert ["스마트시티 최신 정책 정보를 확인하세요!"] == texts(page, "//p[@class='eyebrow']")
    assert [
        "스마트시티 이슈",
        "스마트시티 정책동향",
        "스마트시티 스페셜",
        "스마트시티 문헌",
        "스마트시티 소식",
        "이달의 그림: 지역과 분야",
    ] == texts(page, "//main//h2")
    assert 6 == len(page.xpath("//main//article"))


def test_an_article_is_headline_byline_blurb(planet: Planet) -> None:
    """The headline leads to the source; another language is marked."""
    page = pages(planet)["issues/48/index.html"]
    article = page.xpath("//article[@id='item-c3']")[0]
    assert ["h3", "p", "p"] == [child.tag for child in article]
    assert ["https://ulsan.example/3"] == article.xpath("h3/a/@href")
    assert ["2024.2.27 / 울산시"] == texts(article, "p[@class='byline']")
    assert ["en", "en"] == article.xpath("(h3|p[@class='blurb'])/@lang")


def test_a_video_has_a_linked_picture_or_poster(planet: Planet) -> None:
    """The local copy of the thumbnail, or a poster of our own. What stands for it says where it
    leads; the headline beside it, which leads there too, is not read out twice."""
    page = pages(planet)["issues/48/index.html"]
    with_picture = page.xpath("//article[@id='item-d4']")[0]
    assert ["../../thumbnails/1.png"] == with_picture.xpath("a[@class='poster']/img/@src")
    assert ["영상 보기"] == with_picture.xpath("a/img/@alt")
    assert [""] == texts(with_picture, "a")
    assert ["※ 영상 보기 > 이미지 클릭"] == texts(with_picture, ".//p[@class='media-note']")
    without = page.xpath("//article[@id='item-d5']")[0]
    assert not without.xpath(".//img")
    assert ["https://video.example/watch?v=2"] == without.xpath("a[@class='poster']/@href")
    assert ["영상 보기"] == texts(without, "a")


def test_the_text_of_a_picture_is_in_the_pages_language(planet: Planet) -> None:
    """On an English page too; no attribute mixes the two languages."""
    english = replace(planet, thumbnails={"": "thumbnails/1.png"})
    page = pages(english)["issues/48/en/index.html"]
    poster = page.xpath("//article[@id='item-d4']/a[@class='poster']")[0]
    assert ["Watch the video"] == poster.xpath("img[not(@lang)]/@alt")
    for path, made in pages(english).items():
        if "en/" in path:
            named = made.xpath("//main//*[not(@lang='ko')]")
            found = [one.get(name, "") for one in named for name in ("alt", "aria-label", "title")]
            assert not [text for text in found if re.search("[가-힣]", text)], path


def test_what_the_source_says_of_its_picture_stands_for_it(planet: Planet) -> None:
    """In the source's language; a word then says where the link leads."""
    said = Phrase(text='A bridge at "night" <Ulsan>', language="en")
    korean = planet.issues[1].editions[0]
    sections = [
        replace(section, items=tuple(replace(item, alt=said) for item in section.items))
        for section in korean.sections
    ]
    issue = replace(planet.issues[1], editions=(replace(korean, sections=tuple(sections)),))
    page = pages(replace(planet, issues=(issue,)))["issues/48/index.html"]
    poster = page.xpath("//article[@id='item-d4']/a[@class='poster']")[0]
    assert [said.text] == poster.xpath("img/@alt")
    assert ["en"] == poster.xpath("img/@lang")
    assert ["영상 보기"] == texts(poster, ".")


def test_hangul_on_an_english_page_says_what_it_is(planet: Planet) -> None:
    """Every text and every attribute that is read out stands within an element marked as Korean."""
    for path, page in pages(planet).items():
        for element in page.iter():
            marks = element.xpath("ancestor-or-self::*/@lang")
            if element.tag == "script" or not marks or marks[-1] == "ko":
                continue
            own = [element.text, *(child.tail for child in element)]
            read = [element.get(name) for name in ("alt", "aria-label", "title", "content")]
            found = [text for text in own + read if text and re.search("[가-힣]", text)]
            assert not found, (path, found)


def test_a_release_of_the_far_future_stands_under_the_day_it_was_seen(planet: Planet) -> None:
    """Among the days as in its byline."""
    future = make_item(9, published=When(at=datetime(2099, 1, 1, tzinfo=SEOUL)))
    page = pages(replace(planet, stories=(make_placed("z9", make_stored(future, 9)),)))
    assert ["2024-03-01"] == page["index.html"].xpath("//h2[@class='day-head']/time/@datetime")
    assert ["2024.3.1 / 국토교통부"] == texts(
        page["index.html"], "//article[@id='story-z9']/p[@class='byline']"
    )
    assert not [path for path, made in page.items() if "2099" in made.text_content()]


def test_an_endless_title_is_cut(planet: Planet) -> None:
    """In the river, in the issue and in the archive."""
    endless, cut = "가" * 400, "가" * 299 + "…"
    korean = planet.issues[1].editions[0]
    first = replace(
        korean.sections[0].items[0], headline=Phrase(text=endless, language="ko"), blurb=None
    )
    edition = replace(korean, sections=(replace(korean.sections[0], items=(first,)),))
    made = pages(
        replace(
            planet,
            stories=(make_placed("z9", make_stored(make_item(9, title=endless), 9)),),
            issues=(replace(planet.issues[1], editions=(edition,)),),
        )
    )
    assert [cut] == texts(made["index.html"], "//article[@id='story-z9']/h3")
    assert [cut] == texts(made["index.html"], "//p[@class='latest-leads']")
    assert [cut] == texts(made["issues/48/index.html"], "//article/h3")
    assert [cut] == texts(made["issues/index.html"], "//ul[@class='leads']/li")
    assert not [path for path, page in made.items() if endless in page.text_content()]


def test_a_corrected_issue_says_so(planet: Planet) -> None:
    """With the day in Korea, on the page that was corrected; the others are silent."""
    at = datetime(2024, 3, 4, 23, 0, tzinfo=UTC)
    made = pages(
        replace(planet, issues=(planet.issues[0], replace(planet.issues[1], corrected={"en": at})))
    )
    note = "//p[@class='corrected']"
    assert ["Corrected after publication: 2024.3.5"] == texts(made["issues/48/en/index.html"], note)
    assert ["2024-03-05"] == made["issues/48/en/index.html"].xpath(f"{note}/time/@datetime")
    assert not made["issues/48/index.html"].xpath(note)
    assert not made["issues/47/index.html"].xpath(note)


def test_a_paper_ends_with_its_authors(planet: Planet) -> None:
    """Title, abstract, authors with affiliations."""
    article = pages(planet)["issues/48/index.html"].xpath("//article[@id='item-f6']")[0]
    assert ["h3", "blurb", "authors"] == [child.get("class", child.tag) for child in article]
    assert (
        "강원평 (한국지능형교통체계협회) / 김경석 (국립공주대학교)"
        == texts(article, "p[@class='authors']")[0]
    )


def test_an_event_has_three_bullets(planet: Planet) -> None:
    """A phrase that kept its own language is marked inside its line."""
    article = pages(planet)["issues/48/index.html"].xpath("//article[@id='item-g7']")[0]
    assert [
        "행사명: 2024 Smart City Summit & Expo",
        "일시·장소: '24.3.19~23 / 타이베이 난강전시센터 2관",
        "주제: 디지털·그린 전환 / 02-3667-3114",
    ] == texts(article, "ul/li")
    assert ["en"] == article.xpath("ul/li/span/@lang")


def test_the_index_tells_when_each_source_was_read(planet: Planet) -> None:
    """The day in Korean time, which no visit of the same day changes; a failing and a new source say
    so."""
    rows = texts(pages(planet)["index.html"], "//section[@id='sources']//li")
    assert [
        "국토교통부 보도자료 최근 확인 2024.3.4",
        "정책브리핑 최근 확인 2024.3.4 수집 지연",
        "경기도 <보도자료> 최근 확인 2024.3.4",
        "Ulsan news 아직 확인 전",
    ] == rows


def test_a_folded_story_counts_its_other_sources(planet: Planet) -> None:
    """And lists them, in either language."""
    for path, words in (("index.html", "출처 1곳 더"), ("en/index.html", "+1 more source")):
        card = pages(planet)[path].xpath("//article[@id='story-a1']")[0]
        assert [words] == texts(card, "details/summary")
        assert ["http://briefing.example/148925"] == card.xpath("details//a/@href")


def test_the_english_index_marks_korean_headlines(planet: Planet) -> None:
    """The frame is English, what the source says stays Korean and is marked."""
    made = pages(replace(planet, issues=()))
    assert ["ko"] == made["en/index.html"].xpath("//article[@id='story-a1']/h3/@lang")
    assert not made["index.html"].xpath("//article[@id='story-a1']/h3/@lang")
    assert ["2024.2.15 / Ministry of Land, Infrastructure, and Transport"] == texts(
        made["en/index.html"], "//article[@id='story-a1']/p[@class='byline']"
    )


def test_the_english_pages_have_what_an_issue_translated(planet: Planet) -> None:
    """Headline and blurb as they were printed; the link says that what it leads to is Korean."""
    printed = "Ministry starts building an all-in-one support model"
    for path in ("en/index.html", "en/sections/issue/index.html", "en/bodies/molit/index.html"):
        card = pages(planet)[path].xpath("//article[@id='story-a1']")[0]
        assert [printed] == texts(card, "h3[not(@lang)]/a[@hreflang='ko']")
        blurb = "The ministry holds a town hall with overseas construction firms."
        assert [blurb] == texts(card, "p[@class='blurb'][not(@lang)]")
    korean = pages(planet)["index.html"].xpath("//article[@id='story-a1']/h3/a")[0]
    assert printed not in korean.text_content()


def test_what_was_withdrawn_or_half_translated_stays_as_its_source_has_it(planet: Planet) -> None:
    """An editor stands behind the words of an issue no longer, or not in whole."""
    issue = planet.issues[-1]
    english = next(one for one in issue.editions if one.language == "en")
    first = english.sections[0]
    korean = replace(first.items[0], blurb=Phrase(text="설명회를 연다.", language="ko"))
    half = replace(english, sections=(replace(first, items=(korean,)), *english.sections[1:]))
    taken = make_correction("k9", story="a1", field=CorrectedField.WITHDRAWN, texts={})
    for changed in (
        replace(issue, editions=(issue.editions[0], half)),
        replace(issue, corrections=(taken,)),
    ):
        made = pages(replace(planet, issues=(*planet.issues[:-1], changed)))
        assert ["ko"] == made["en/index.html"].xpath("//article[@id='story-a1']/h3/@lang")


def test_feed_readers_find_the_feeds(planet: Planet) -> None:
    """Each page announces its own in every format first, then the common ones as Atom."""
    made = pages(planet)
    for path, own, others in (
        ("index.html", "feed", ["issues", "changes", "corrections"]),
        ("en/index.html", "../feed", ["issues", "changes", "corrections"]),
        (
            "sections/trend/index.html",
            "../trend",
            ["../../feed", "../../issues", "../../changes", "../../corrections"],
        ),
        (
            "bodies/molit/index.html",
            "../molit",
            ["../../feed", "../../issues", "../../changes", "../../corrections"],
        ),
        (
            "issues/48/index.html",
            "../../issues",
            ["../../feed", "../../changes", "../../corrections"],
        ),
        (
            "issues/en/index.html",
            "../../en/issues",
            ["../../feed", "../../en/changes", "../../en/corrections"],
        ),
    ):
        expected = [f"{own}.{ending}" for ending in ("atom", "rss", "json")]
        expected += [f"{other}.atom" for other in others]
        assert expected == made[path].xpath("//link[@rel='alternate'][@type]/@href")


def test_a_body_without_a_story_announces_no_feed_of_its_own(planet: Planet) -> None:
    """It has none; its page stands for its active feed."""
    made = pages(replace(planet, stories=planet.stories[:1]))
    found = made["bodies/molit/index.html"].xpath("//link[@rel='alternate'][@type]/@href")
    assert [f"../../{name}.atom" for name in ("feed", "issues", "changes", "corrections")] == found


def test_a_bodys_page_lists_its_feed(planet: Planet) -> None:
    """In every format, above the others."""
    rows = pages(planet)["bodies/molit/index.html"].xpath("//section[@id='feeds']//li")
    assert "국토교통부" == rows[0].xpath("string(span[1])")
    assert ["../molit.atom", "../molit.rss", "../molit.json"] == rows[0].xpath(".//a/@href")


def test_a_long_page_says_that_it_ends(planet: Planet) -> None:
    """The newest stories, and how many they are."""
    many = tuple(
        make_placed(f"m{n:04}", make_stored(make_item(1000 + n), 1000 + n))
        for n in range(PAGE_LIMIT + 1)
    )
    page = pages(replace(planet, stories=many))["bodies/molit/index.html"]
    assert PAGE_LIMIT == len(page.xpath("//main//article"))
    assert [f"최근 소식 {PAGE_LIMIT}건만 표시합니다."] == texts(page, "//p[@class='note']")


@pytest.mark.parametrize("gone", ["stories", "issues", "feeds"])
def test_an_empty_planet_has_a_site(planet: Planet, gone: str) -> None:
    """Nothing to show is no error."""
    empty = replace(planet, **{gone: ()})  # type: ignore[arg-type]
    assert "index.html" in pages(empty)


def test_the_opml_groups_feeds_by_level(planet: Planet) -> None:
    """Active feeds with a public address, under the level of their body."""
    local = replace(planet.feeds[0], id="local", url="http://127.0.0.1/rss")
    off = replace(planet.feeds[0], id="off", active=False)
    root = etree.fromstring(site(replace(planet, feeds=(*planet.feeds, local, off)))["feeds.opml"])
    groups = {
        group.get("text"): [feed.get("xmlUrl") for feed in group]
        for group in root.findall("body/outline")
    }
    assert {
        "중앙행정기관": ["https://molit.example/rss/press.xml"],
        "정부 포털": ["https://briefing.example/rss.xml"],
        "특별시·광역시": ["https://ulsan.example/en.xml"],
        "도": ["https://gyeonggi.example/rss?a=1&b=2"],
    } == groups
    assert "2.0" == root.get("version")
    assert ["https://molit.example/news"] == root.xpath("//outline[@type='rss']/@htmlUrl")
