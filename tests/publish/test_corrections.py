"""Corrections of a published issue as pages, feeds and other forms tell them."""

from __future__ import annotations

import json
import posixpath
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree, html

from aggregator.catalogue import Catalogue
from aggregator.domain.corrections import CorrectedField, Correction
from aggregator.domain.publishing import Planet
from aggregator.publish.sink import FileSink
from tests.fixtures.browser import needs_browser, phone_widths
from tests.fixtures.corrections import (
    AT,
    correct_planet,
    make_correction,
    make_corrections,
    texts,
)
from tests.fixtures.feed_checks import problems
from tests.fixtures.hostile import SCRIPT
from tests.fixtures.planets import make_planet
from tests.fixtures.rendering import render_site

NS = {"a": "http://www.w3.org/2005/Atom"}
NOW = datetime(2024, 3, 7, tzinfo=UTC)
FORMS = ("atom", "rss", "json")


def site(*corrections: Correction, planet: Planet | None = None) -> dict[str, bytes]:
    """Every file of the small planet's site with these corrections."""
    made = correct_planet(corrections, planet)
    return {one.path: one.body for one in render_site(made)}


@pytest.fixture(scope="module")
def plain() -> dict[str, bytes]:
    """The site without corrections."""
    return site()


@pytest.fixture(scope="module")
def put_right() -> dict[str, bytes]:
    """The site with all of them."""
    return site(*make_corrections())


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after if before.get(path) != after.get(path)}


def entries(files: dict[str, bytes], path: str = "corrections.atom") -> list[etree._Element]:
    return etree.fromstring(files[path]).findall("a:entry", NS)


def page(files: dict[str, bytes], path: str = "issues/48/index.html") -> html.HtmlElement:
    return html.document_fromstring(files[path].decode())


def told(place: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in place.xpath(path)]


# --- pages ----------------------------------------------------------------------------------------


def test_the_item_shows_a_dated_note(put_right: dict[str, bytes]) -> None:
    """In the page's language, with a way to what changed; a note in another language is marked."""
    korean, english = page(put_right), page(put_right, "issues/48/en/index.html")
    at_item = "//article[@id='item-{}']//p[@class='corrected-item']"
    assert ["정정 2024.3.6 · 제목 '모델'이 아니라 '체계'입니다.", "정정 2024.3.6 · 날짜"] == told(
        korean, at_item.format("a1")
    )
    assert [
        "Corrected 2024.3.6 · Headline It is a system, not a model.",
        "Corrected 2024.3.6 · Day",
    ] == told(english, at_item.format("a1"))
    assert ["정정 2024.3.6 · 철회 The video shows another city."] == told(
        korean, at_item.format("d4")
    )
    assert ["en"] == korean.xpath(f"{at_item.format('d4')}/span/@lang")
    assert not korean.xpath(at_item.format("d5"))


def test_the_page_lists_what_was_put_right(put_right: dict[str, bytes]) -> None:
    """With the minute in Korean time, the words before and after, and that the mail is older."""
    korean, english = page(put_right), page(put_right, "issues/48/en/index.html")
    first = korean.xpath("//li[@id='correction-k1']")[0]
    assert ["2024.3.6 08:30 (한국 시간) · 제목"] == told(first, "./p[@class='byline']")
    assert ["2024-03-06T08:30:15+09:00"] == first.xpath(".//time/@datetime")
    assert (["모델"], ["체계"]) == (first.xpath(".//del/text()"), first.xpath(".//ins/text()"))
    assert ["k1", "k2", "k3", "k4", "k5"] == [
        name.removeprefix("correction-")
        for name in korean.xpath("//section[@id='corrections']//li/@id")
    ]
    assert ["k1", "k2", "k5"] == [
        name.removeprefix("correction-")
        for name in english.xpath("//section[@id='corrections']//li/@id")
    ]
    note = "//section[@id='corrections']/p"
    assert told(korean, note)[0].startswith("이미 보낸 메일은 되돌릴 수 없습니다.")
    assert [] == told(english, note)


def test_a_page_with_corrections_holds_together(put_right: dict[str, bytes]) -> None:
    """Every fragment is there, no id is twice, no heading skips a level."""
    for path in ("issues/48/index.html", "issues/48/en/index.html"):
        made = page(put_right, path)
        ids = made.xpath("//@id")
        assert len(ids) == len(set(ids))
        fragments = {one.removeprefix("#") for one in made.xpath("//@href[starts-with(., '#')]")}
        assert fragments <= set(ids)
        levels = [int(one.tag[1]) for one in made.xpath("//h1|//h2|//h3")]
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_another_issue_says_nothing(plain: dict[str, bytes], put_right: dict[str, bytes]) -> None:
    """Neither its page nor its forms."""
    assert not [path for path in changed(plain, put_right) if path.startswith("issues/47/")]


@pytest.mark.long
@needs_browser
def test_corrections_fit_on_a_phone(put_right: dict[str, bytes], tmp_path: Path) -> None:
    """Long words and addresses too."""
    long = make_correction(
        "k6",
        field=CorrectedField.LINK,
        texts=texts(("ko", "https://molit.example/news/1", f"https://molit.example/{'x' * 300}")),
    )
    files = render_site(correct_planet([*make_corrections(), long]))
    FileSink(tmp_path / "public").write(files)
    paths = ["public/issues/48/index.html", "public/issues/48/en/index.html"]
    assert [f"{path} 375 375 800" for path in paths] == phone_widths(tmp_path, *paths)


# --- which files change ---------------------------------------------------------------------------


def test_a_correction_changes_exactly_what_shows_it(plain: dict[str, bytes]) -> None:
    """A day of one edition: its page and forms, its entry, the corrections, and the pages that tell
    search engines when the issue was changed. The mails were sent and stay."""
    day = make_correction(
        field=CorrectedField.DAY,
        texts=texts(("ko", "2024.2.15", "2024.2.16")),
        notes={},
        mailed=("en", "ko"),
    )
    assert {
        *("index.html", "issues/index.html"),
        *(f"issues/48/{name}" for name in ("index.html", "issue.md", "issue.ninjs.json")),
        *(f"{name}.{form}" for name in ("issues", "corrections") for form in FORMS),
    } == changed(plain, site(day))


def test_a_mail_that_waits_goes_out_corrected(plain: dict[str, bytes]) -> None:
    """And says when it was put right; the one that was sent does not change."""
    after = site(make_correction(mailed=("ko",)))
    names = ("mail.html", "mail.txt", "issue.eml")
    mails = {path for path in changed(plain, after) if posixpath.basename(path) in names}
    assert {f"issues/48/en/{name}" for name in names} == mails
    assert "Corrected after publication: 2024.3.6" in after["issues/48/en/mail.txt"].decode()


def test_only_the_entry_of_the_issue_is_updated(
    plain: dict[str, bytes], put_right: dict[str, bytes]
) -> None:
    """In every language that shows a correction; feeds of stories and of changes stay, byte for
    byte."""
    for path, at in (("issues.atom", "13:30:15"), ("en/issues.atom", "13:30:15")):
        newest, *others = entries(put_right, path)
        before, *unchanged = entries(plain, path)
        assert f"2024-03-06T{at}+09:00" == newest.findtext("a:updated", "", NS)
        for name in ("id", "published", "title", "summary"):
            assert before.findtext(f"a:{name}", "", NS) == newest.findtext(f"a:{name}", "", NS)
        assert [etree.tostring(one) for one in unchanged] == [etree.tostring(one) for one in others]
    feeds = {path for path in changed(plain, put_right) if path.endswith(FORMS)}
    assert {
        *(
            f"{folder}{name}.{form}"
            for folder in ("", "en/")
            for name in ("issues", "corrections")
            for form in FORMS
        ),
        "issues/48/issue.ninjs.json",
        "issues/48/en/issue.ninjs.json",
    } == feeds


def test_an_updated_entry_says_why(put_right: dict[str, bytes]) -> None:
    """Readers who see it come again see what was put right, of which item, and come to the place."""
    told = entries(put_right, "en/issues.atom")[0].findtext("a:content", "", NS)
    assert "<h2>Corrections</h2>" in told
    place = "https://news.example/issues/48/en/#correction-k1"
    headline = "Ministry starts building an all-in-one support system"
    line = "Corrected 2024.3.6 · Headline: “model” is now “system”. It is a system"
    assert f'<li><a href="{place}">{headline}</a><br>{line}' in told


# --- the feed -------------------------------------------------------------------------------------


def test_a_correction_is_an_entry_of_its_own(put_right: dict[str, bytes]) -> None:
    """The newest first, with an id that is kept, the time when it was made, and a place on the page
    that is there."""
    found = entries(put_right)
    assert [f"tag:news.example,2024:correction/k{n}" for n in (5, 4, 3, 2, 1)] == [
        entry.findtext("a:id", "", NS) for entry in found
    ]
    entry = found[-1]
    assert ["2024-03-06T08:30:15+09:00"] * 2 == [
        entry.findtext(f"a:{name}", "", NS) for name in ("published", "updated")
    ]
    assert "[정정] 국토부, 스마트시티 패키지 수출 종합지원 체계 개발 착수" == entry.findtext(
        "a:title", "", NS
    )
    links = [(one.get("rel"), one.get("href")) for one in entry.findall("a:link", NS)]
    assert [
        ("alternate", "https://news.example/issues/48/#correction-k1"),
        ("related", "https://news.example/issues/48/en/#correction-k1"),
    ] == links
    assert page(put_right).xpath("//*[@id='correction-k1']")
    assert "issue" == entry.find("a:category", NS).get("term")  # type: ignore[union-attr]


def test_an_entry_tells_old_and_new_word_by_word(put_right: dict[str, bytes]) -> None:
    """In each edition, marked and readable without marks; then both notes, and that the mail
    cannot be recalled."""
    entry = entries(put_right)[-1]
    assert (
        "제목 (한국어): ‘모델’ → ‘체계’; 제목 (영어): ‘model’ → ‘system’. '모델'이 아니라 '체계'입니다."
        == entry.findtext("a:summary", "", NS)
    )
    content = html.fragment_fromstring(entry.findtext("a:content", "", NS), create_parent="div")
    assert ["제목 (한국어)", "제목 (영어)"] == content.xpath("./h3/text()")
    assert (["모델", "model"], ["체계", "system"]) == (
        content.xpath(".//del/text()"),
        content.xpath(".//ins/text()"),
    )
    assert [
        "'모델'이 아니라 '체계'입니다.",
        "It is a system, not a model.",
        "이미 보낸 메일은 되돌릴 수 없습니다. 메일에는 정정하기 전의 내용이 실려 있습니다.",
        "정정한 곳 보기",
    ] == told(content, "./p")[-4:]


def test_who_reads_english_is_told_in_english(put_right: dict[str, bytes]) -> None:
    """Of what the English edition shows, with an id of its own; Korean words are marked."""
    found = entries(put_right, "en/corrections.atom")
    assert [f"tag:news.example,2024:correction/k{n}/en" for n in (5, 2, 1)] == [
        entry.findtext("a:id", "", NS) for entry in found
    ]
    title = "[Corrected] Ministry starts building an all-in-one support system"
    assert title == found[-1].findtext("a:title", "", NS)
    assert (
        found[-1]
        .findtext("a:summary", "", NS)
        .startswith(
            "Headline (English): “model” is now “system”; Headline (Korean): “모델” is now “체계”. It is"
        )
    )
    content = html.fragment_fromstring(found[-1].findtext("a:content", "", NS), create_parent="div")
    assert ["ko", "ko"] == content.xpath(".//del/../@lang | .//ins/../@lang")
    assert "https://news.example/issues/48/en/#correction-k1" == found[-1].find("a:link", NS).get(  # type: ignore[union-attr]
        "href"
    )


def test_pages_announce_the_feeds_of_their_language(put_right: dict[str, bytes]) -> None:
    """The English page the English ones alone."""
    made = page(put_right, "issues/48/en/index.html")
    hrefs = made.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
    names = {posixpath.normpath(posixpath.join("issues/48/en", href)) for href in hrefs}
    assert {"feed.atom", "en/issues.atom", "en/changes.atom", "en/corrections.atom"} == names


def test_what_is_the_same_in_both_editions_is_told_once(put_right: dict[str, bytes]) -> None:
    """Such as a day."""
    entry = entries(put_right)[-2]
    assert "날짜: ‘2024.2.15’ → ‘2024.2.16’" == entry.findtext("a:summary", "", NS)
    assert 1 == entry.findtext("a:content", "", NS).count("<del>")


def test_a_later_correction_leaves_earlier_entries_as_they_were(
    put_right: dict[str, bytes],
) -> None:
    """Also where it corrects the same headline."""
    later = make_correction(
        "k6",
        at=AT + timedelta(days=1),
        title="네 번째",
        texts=texts(("ko", make_correction().texts["ko"].new, "네 번째")),
    )
    newest, *others = entries(site(*make_corrections(), later))
    assert "[정정] 네 번째" == newest.findtext("a:title", "", NS)
    assert [etree.tostring(one) for one in entries(put_right)] == [
        etree.tostring(one) for one in others
    ]


def test_the_feed_is_bounded_as_the_others_are() -> None:
    """By number and by days before its newest."""
    many = [
        make_correction(f"n{n}", at=AT + timedelta(days=n), field=CorrectedField.NOTE, texts={})
        for n in range(60)
    ]
    planet = make_planet()
    assert 46 == len(entries(site(*many)))
    few = replace(planet, options=replace(planet.options, feed_limit=3))
    ids = [one.findtext("a:id", "", NS) for one in entries(site(*many, planet=few))]
    assert [f"tag:news.example,2024:correction/n{n}" for n in (59, 58, 57)] == ids


def test_no_correction_is_an_empty_feed(plain: dict[str, bytes]) -> None:
    """As old as the tag authority."""
    assert [] == entries(plain)
    root = etree.fromstring(plain["corrections.atom"])
    assert "2024-01-01T00:00:00+09:00" == root.findtext("a:updated", "", NS)
    assert [] == json.loads(plain["corrections.json"])["items"]


def test_nothing_is_wrong_with_any_feed(put_right: dict[str, bytes]) -> None:
    """By the schemas and the conditions of validators."""
    paths = [path for path in put_right if path.endswith(FORMS) and ".ninjs." not in path]
    assert {} == {
        path: found
        for path in paths
        if (found := problems(path, put_right[path], "https://news.example", NOW))
    }


def test_what_anybody_writes_stays_text() -> None:
    """In notes, titles and texts, whatever they hold; a private address is told nowhere."""
    evil = make_correction(
        title=SCRIPT,
        texts=texts(("ko", "국토부, 스마트시티 패키지 수출 종합지원 모델 개발 착수", SCRIPT)),
        notes={"ko": SCRIPT},
    )
    hidden = make_correction(
        "k2",
        field=CorrectedField.LINK,
        texts=texts(("ko", "https://molit.example/news/1", "http://127.0.0.1/secret")),
        notes={},
    )
    files = site(evil, hidden)
    for path in ("corrections.atom", "corrections.rss", "corrections.json", "issues.atom"):
        assert [] == problems(path, files[path], "https://news.example", NOW)
    made = page(files)
    assert not made.xpath(
        "//script[not(@type='application/ld+json')] | //img[@onerror] | //@onload"
    )
    for path in ("corrections.atom", "issues.atom", "issues/48/index.html", "issues/48/issue.md"):
        assert b"127.0.0.1" not in files[path]
    content = html.fragment_fromstring(
        entries(files)[-1].findtext("a:content", "", NS), create_parent="div"
    )
    assert not content.xpath(".//script | .//img")


# --- other forms ----------------------------------------------------------------------------------


def test_a_withdrawn_item_is_canceled_in_ninjs(put_right: dict[str, bytes]) -> None:
    """And each correction is a description of its own."""
    document = json.loads(put_right["issues/48/issue.ninjs.json"])
    items = {one["uri"].rpartition("/")[2]: one for one in document["associations"]}
    assert ("canceled", "usable") == (items["d4"]["pubStatus"], document["pubStatus"])
    assert "pubStatus" not in items["d5"]
    assert ["summary", "correction", "correction"] == [
        one["role"] for one in items["a1"]["descriptions"]
    ]


def test_a_rebuild_gives_the_same_bytes(put_right: dict[str, bytes]) -> None:
    """With corrections as without."""
    assert put_right == site(*make_corrections())


@pytest.mark.parametrize("field", CorrectedField)
def test_every_field_has_a_name(field: CorrectedField) -> None:
    """In the catalogue, under its value."""
    assert f"correction.field.{field.value}" in Catalogue.load().texts


# --- withdrawals elsewhere ------------------------------------------------------------------------


def withdrawn(**changes: object) -> dict[str, bytes]:
    """The site after the video of No. 48 was withdrawn, its mail not yet sent."""
    plain = {
        "story": "d4",
        "field": CorrectedField.WITHDRAWN,
        "texts": {},
        "notes": {"ko": "영상이 다른 도시를 보여 줍니다."},
    }
    return site(make_correction("k9", **(plain | changes)))


def test_a_mail_says_why_an_item_was_withdrawn() -> None:
    """And leads to the reason in place of the video; other videos keep their pictures' notes."""
    made = withdrawn()
    mail = page(made, "issues/48/mail.html")
    item = mail.xpath("//td[.//h3[contains(., '[철회]')]]")[-1]
    assert "정정 2024.3.6 · 철회: 영상이 다른 도시를 보여 줍니다." in " ".join(
        item.text_content().split()
    )
    assert [] == item.findall(".//img")
    assert "이미지 클릭" not in item.text_content()
    assert {"https://news.example/issues/48/#correction-k9"} == set(item.xpath(".//a/@href"))
    text = made["issues/48/mail.txt"].decode()
    assert (
        "정정 2024.3.6 · 철회: 영상이 다른 도시를 보여 줍니다.\n\nhttps://news.example/issues/48/#correction-k9"
        in text
    )
    assert "watch?v=1" not in text


def test_a_mail_that_was_sent_keeps_what_was_withdrawn_since(plain: dict[str, bytes]) -> None:
    """It is a record."""
    assert plain["issues/48/mail.html"] == withdrawn(mailed=("ko",))["issues/48/mail.html"]


@pytest.mark.parametrize(
    ("path", "wanted", "target"),
    [
        ("index.html", "뉴스레터 No. 48에서 철회한 소식: 사유 보기", "issues/48/index.html#correction-k9"),
        ("sections/special/index.html", "뉴스레터 No. 48에서 철회한 소식: 사유 보기", "../../issues/48/index.html#correction-k9"),
        ("en/index.html", "Withdrawn from newsletter No. 48: see why", "../issues/48/en/index.html#correction-k9"),
    ],
)  # fmt: skip
def test_other_pages_mark_what_an_issue_withdrew(path: str, wanted: str, target: str) -> None:
    """The release of the source still exists, so that it stays and its link; the mark leads to the
    reason."""
    shown = page(withdrawn(), path)
    assert [wanted] == told(shown, "//article[@id='story-d4']/p[@class='taken-back']")
    assert [target] == shown.xpath("//p[@class='taken-back']/a/@href")


def test_what_was_restored_is_not_marked() -> None:
    """The last word counts."""
    gone = make_correction("k9", story="d4", field=CorrectedField.WITHDRAWN, texts={})
    back = make_correction("k10", story="d4", field=CorrectedField.RESTORED, texts={})
    assert b"taken-back" not in site(gone, back)["index.html"]


def test_a_story_that_no_edition_in_the_language_has_leads_to_the_other() -> None:
    """The mark on an English page leads to the Korean issue where only that had the item."""
    shown = page(withdrawn(story="c3"), "en/index.html")
    assert ["../issues/48/index.html#correction-k9"] == shown.xpath(
        "//p[@class='taken-back']/a/@href"
    )
    assert ["ko"] == shown.xpath("//p[@class='taken-back']/a/@hreflang")
