"""The feed of silent edits."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import feedparser
import pytest
from lxml import etree, html

from aggregator.catalogue import Catalogue
from aggregator.domain.changes import ChangedField, FieldChange, Piece, PieceKind
from aggregator.domain.publishing import ChangedRelease, Planet
from tests.fixtures.planets import make_change, make_item, make_stored
from tests.fixtures.rendering import render_site

NS = {"a": "http://www.w3.org/2005/Atom"}


def render(planet: Planet) -> bytes:
    return {a.path: a.body for a in render_site(planet)}["changes.atom"]


def entries(planet: Planet) -> list[etree._Element]:
    return etree.fromstring(render(planet)).findall("a:entry", NS)


def content(entry: etree._Element) -> html.HtmlElement:
    return html.fragment_fromstring(entry.findtext("a:content", "", NS), create_parent="div")


def links(entry: etree._Element) -> list[tuple[str, str]]:
    """Relation and address of its links in their order."""
    found = entry.findall("a:link", NS)
    return [(link.get("rel", ""), link.get("href", "")) for link in found]


def lines(place: html.HtmlElement) -> list[str]:
    """The text of an element as a reader shows it that knows no other element than breaks."""
    for line in place.iter("br"):
        line.tail = f"\n{line.tail or ''}"
    return str(place.text_content()).split("\n")


def changed(planet: Planet, **fields: object) -> Planet:
    """The planet with one change, of a release that stands nowhere else."""
    stored = make_stored(make_item(9), 9)
    change = make_change("c9", stored, "z9", **fields)
    return replace(planet, changes=(ChangedRelease(change=change, stored=stored, placed=None),))


def test_a_change_is_an_entry_of_its_own(planet: Planet) -> None:
    """With an id that is kept, the time when it was seen, its body, its source and its section."""
    entry, other = entries(planet)
    assert "tag:news.example,2024:change/c1" == entry.findtext("a:id", "", NS)
    assert "tag:news.example,2024:change/c2" == other.findtext("a:id", "", NS)
    assert entry.findtext("a:title", "", NS).startswith("[원문 변경] 국토부, 스마트시티")
    assert ["2024-03-05T10:02:03+09:00"] * 2 == [
        entry.findtext(f"a:{name}", "", NS) for name in ("published", "updated")
    ]
    assert "국토교통부" == entry.findtext("a:author/a:name", "", NS)
    assert "본문: ‘120억’ → ‘130억’" == entry.findtext("a:summary", "", NS)
    assert "issue" == entry.find("a:category", NS).get("term")  # type: ignore[union-attr]
    assert "tag:news.example,2024:source/molit" == entry.findtext("a:source/a:id", "", NS)
    assert "공공누리 제1유형" == entry.findtext("a:rights", "", NS)


def test_a_summary_names_fields_and_what_came_or_went(planet: Planet) -> None:
    """In words, each field once."""
    summary = entries(planet)[1].findtext("a:summary", "", NS)
    assert "제목: ‘(정정)’ 추가; 본문: ‘<인프라>를 올해 안에 두 배로 늘린다.’ 삭제, " in unescape(
        summary
    )
    assert summary.endswith("; 날짜: ‘2024.2.27’ → ‘2024.2.28’")


def test_who_reads_english_is_told_in_english(planet: Planet) -> None:
    """In its own feed, with ids of their own; what the source says is marked as Korean."""
    made = {one.path: one.body for one in render_site(planet)}
    entry = etree.fromstring(made["en/changes.atom"]).find("a:entry", NS)
    assert entry is not None
    assert "tag:news.example,2024:change/c1/en" == entry.findtext("a:id", "", NS)
    assert entry.findtext("a:title", "", NS).startswith("[Changed] ")
    assert "Text: “120억” is now “130억”" == entry.findtext("a:summary", "", NS)
    assert ["ko", "ko"] == content(entry).xpath(".//del/../@lang | .//ins/../@lang")


def test_words_are_marked_and_read_without_marks(planet: Planet) -> None:
    """By elements, and by a line before and one after."""
    entry, _ = entries(planet)
    told = content(entry)
    assert (["120억"], ["130억"]) == (told.xpath(".//del/text()"), told.xpath(".//ins/text()"))
    assert [
        "− 이전: … 패키지를 수출하도록 돕는 사업에 120억 원을 들인다.",
        "+ 이후: … 패키지를 수출하도록 돕는 사업에 130억 원을 들인다.",
    ] == lines(told.xpath("./p")[1])


def test_each_place_stands_by_itself(planet: Planet) -> None:
    """Headings name the fields; what is left out between two places parts them."""
    _, other = entries(planet)
    told = content(other)
    assert ["제목", "본문", "날짜"] == told.xpath("./h3/text()")
    assert [
        [
            "− 이전: 경기도, 충전 인프라 표준화로 …",
            "+ 이후: (정정) 경기도, 충전 인프라 표준화로 …",
        ],
        [
            "− 이전: 전기버스 2,000여 대 & 충전 <인프라>를 올해 안에 두 배로 늘린다. …",
            "+ 이후: 전기버스 2,000여 대 & 충전 …",
        ],
        ["− 이전: … 문의: 031-120", "+ 이후: … 문의: 031-121"],
        ["− 이전: 2024.2.27", "+ 이후: 2024.2.28"],
    ] == [lines(place) for place in told.xpath("./p")[1:-1]]


def test_release_story_and_issues_are_linked(planet: Planet) -> None:
    """Issues that printed it before; one that came later did not print what was there before. The
    licence comes last."""
    entry, other = entries(planet)
    *found, licence = links(entry)
    assert ("license", "https://www.kogl.or.kr/info/licenseType1.do") == licence
    assert [
        ("alternate", "https://molit.example/news/1"),
        ("related", "https://news.example/bodies/molit/#story-a1"),
        ("related", "https://news.example/issues/47/"),
        ("related", "https://news.example/issues/48/"),
    ] == found
    told = content(entry).xpath("./p")[-1]
    assert [href for _, href in found] == told.xpath("./a/@href")
    issues = "No. 47 (2024.2.1)에 실림 · No. 48 (2024.3.4)에 실림"
    assert f"원문 보기 · 이 소식이 있는 곳 · {issues}" == told.text_content()
    assert 2 == len(other.findall("a:link", NS))
    (late,) = entries(
        replace(
            planet,
            changes=tuple(
                replace(one, change=replace(one.change, at=planet.issues[0].published_at))
                for one in planet.changes[:1]
            ),
        )
    )
    assert links(entry)[:3] == links(late)[:-1]


def test_a_release_without_a_link_leads_to_the_site(planet: Planet) -> None:
    """Every entry leads somewhere."""
    (entry,) = entries(changed(planet, link="http://127.0.0.1/x"))
    assert [("alternate", "https://news.example/")] == links(entry)[:-1]
    assert not content(entry).xpath(".//a")


def test_what_sources_write_stays_text(planet: Planet) -> None:
    """In headline and words, whatever they hold."""
    evil = "<script>alert(1)</script>\x00\"' onload=x </del>"
    field = FieldChange(field=ChangedField.TEXT, pieces=(Piece(kind=PieceKind.ADDED, text=evil),))
    (entry,) = entries(changed(planet, title=evil, fields=(field,)))
    told = content(entry)
    assert [] == told.xpath(".//script | .//del | .//@onload")
    assert told.xpath(".//ins/text()")[0].startswith("<script>alert(1)</script>")
    assert "html" == entry.find("a:title", NS).get("type")  # type: ignore[union-attr]
    assert "[원문 변경] &lt;script&gt;" in entry.findtext("a:title", "", NS)


def test_no_change_is_an_empty_feed(planet: Planet) -> None:
    """As old as the tag authority, the same in every build."""
    empty = replace(planet, changes=())
    assert [] == entries(empty)
    root = etree.fromstring(render(empty))
    assert "2024-01-01T00:00:00+09:00" == root.findtext("a:updated", "", NS)
    assert render(empty) == render(empty)


def test_feed_and_entries_are_read_by_feedparser(planet: Planet) -> None:
    """Well formed, with the feed's own address and the marks still in place."""
    parsed = feedparser.parse(render(planet))
    assert not parsed.bozo
    assert "스마트시티 코리아 뉴스레터 · 원문 변경" == parsed.feed.title
    assert "https://news.example/changes.atom" in [
        link.href for link in parsed.feed.links if link.rel == "self"
    ]
    assert "<del>120억</del>" in parsed.entries[0].content[0].value


@pytest.mark.parametrize("field", ChangedField)
def test_every_field_has_a_name(field: ChangedField) -> None:
    """In the catalogue, under its value."""
    assert f"change.field.{field.value}" in Catalogue.load().texts
