from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from aggregator.domain.feeds import Carries, Feed, Issuer
from aggregator.domain.items import Entry, Item, ParsedFeed, Person, Precision
from aggregator.read.items.normalise import normalise, read_items

BASE = "https://www.city.example/rss/press.xml"
NOW = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)
FEED = Feed(id="city", url=BASE, title="시정 소식", body="city")
LEAD = "나라시는 스마트도시 통합 플랫폼을 넓혀 시민이 체감하는 교통 서비스를 늘린다고 27일 밝혔다."
ENTRY = Entry(
    guid="urn:7", link="https://www.city.example/v?id=7&utm_source=rss", title="스마트도시 &amp;middot; 확대",
    summary=f"<p>{LEAD}</p><p>둘째 문단이다.</p>", published="2024.02.27",
)  # fmt: skip


def issuer(name: str) -> str | None:
    return {"국토교통부": "molit", "경기도": "gyeonggi"}.get(name)


def made(entry: Entry, feed: Feed = FEED) -> Item:
    return normalise(entry, feed, issuer=issuer, base_url=BASE)


def test_item_of_an_entry() -> None:
    """Identity, links, plain text, day and the entry's own words."""
    item = made(ENTRY)
    assert ("guid:urn:7", "https://city.example/v?id=7") == (item.key, item.canonical_url)
    assert ("스마트도시 · 확대", LEAD, "city", "ko") == (
        item.title, item.summary, item.body, item.language,
    )  # fmt: skip
    assert item.published is not None
    assert (date(2024, 2, 27), Precision.DAY) == (item.published.day, item.published.precision)
    assert ("2024.02.27", "스마트도시 &amp;middot; 확대") == (
        item.raw["published"],
        item.raw["title"],
    )


def test_full_text_helps_a_poor_description() -> None:
    """A cut or tiny description gives way to the first paragraph of the content."""
    content = f"<p>보도자료</p><p>{LEAD}</p>"
    for summary in ("나라시는 스마트도시 …", "안내"):
        assert LEAD == made(replace(ENTRY, summary=summary, content=content)).summary


def test_sentence_of_the_source_is_the_summary() -> None:
    """A short description that is a whole sentence was written as the summary."""
    sentence = "나라시는 3월 4일부터 참가자를 모집합니다."
    content = f"<p>{LEAD}</p>"
    assert sentence == made(replace(ENTRY, summary=sentence, content=content)).summary


@pytest.mark.parametrize(
    "summary",
    [
        "<iframe title='보도자료' src='https://v.example/x'></iframe>",
        "확대 관련 보도자료 내용입니다. 자세한 내용은 첨부파일을 참고하시기 바랍니다.",
    ],
)
def test_viewer_frames_and_stock_sentences_are_no_text(summary: str) -> None:
    """Such an item has a headline and nothing else."""
    item = made(replace(ENTRY, summary=summary))
    assert ("", "") == (item.summary, item.content)


def test_hash_ignores_cosmetics() -> None:
    """Markup, white space, escaping, trackers and the spelling of the date change nothing."""
    other = replace(
        ENTRY, title=" 스마트도시  · 확대 ", published="2024-02-27", link="http://city.example/v?id=7",
        summary=f"<div class='x'>\n {LEAD}</div><div>둘째&nbsp;문단이다.</div>",
    )  # fmt: skip
    assert made(ENTRY).hash == made(other).hash


@pytest.mark.parametrize(
    "change",
    [
        {"title": "스마트도시 축소"},
        {"summary": f"<p>{LEAD}</p><p>다른 문단이다.</p>"},
        {"published": "2024.02.28"},
        {"link": "https://www.city.example/v?id=8"},
        {"authors": ("홍길동",)},
    ],
)
def test_hash_sees_real_changes(change: dict[str, object]) -> None:
    """Whatever a reader can see counts."""
    assert made(ENTRY).hash != made(replace(ENTRY, **change)).hash  # type: ignore[arg-type]


def test_portal_names_the_issuing_body() -> None:
    """Author or category name the body where the feed says so; such an author is no person."""
    by_author = made(
        replace(ENTRY, authors=("국토교통부 도시정책과",)), replace(FEED, issuer=Issuer.AUTHOR)
    )
    by_category = made(
        replace(ENTRY, categories=("교통", "경기도")), replace(FEED, issuer=Issuer.CATEGORY)
    )
    assert ("molit", ()) == (by_author.body, by_author.authors)
    assert "gyeonggi" == by_category.body


def test_numbers_are_no_authors() -> None:
    """A portal that puts its article number into the author's place names nobody."""
    item = made(replace(ENTRY, authors=("156759629",)), replace(FEED, issuer=Issuer.AUTHOR))
    assert ("city", ()) == (item.body, item.authors)


def test_authors_of_a_paper() -> None:
    """Several authors with their affiliations."""
    item = made(replace(ENTRY, authors=("서유강 (한국대학교), 강원평 (교통협회)",)))
    assert (
        Person(name="서유강", affiliation="한국대학교"),
        Person(name="강원평", affiliation="교통협회"),
    ) == item.authors


def test_board_field_dates_an_entry() -> None:
    """Where no standard date stands, the board's own element counts; a bad date is none."""
    dated = made(replace(ENTRY, published="", fields={"regdate": "2026-02-16"}))
    assert dated.published is not None
    assert date(2026, 2, 16) == dated.published.day
    assert made(replace(ENTRY, published="not-a-date")).published is None


def test_event_feeds_bring_events() -> None:
    """Only a feed that carries events is asked for their days."""
    entry = replace(ENTRY, fields={"ev_startdate": "2024-03-19"})
    event = made(entry, replace(FEED, carries=Carries.EVENT)).event
    assert event is not None
    assert date(2024, 3, 19) == event.ends_on
    assert made(entry).event is None


def test_duplicates_within_a_document() -> None:
    """The first of equal entries wins; a shared guid does not swallow another entry."""
    parsed = ParsedFeed(
        version="rss20", title="t", link="", language="ko", encoding="utf-8", claimed="",
        entries=(ENTRY, replace(ENTRY, title="다른 제목"), replace(ENTRY, guid="urn:8", link="https://city.example/v?id=8"),
                 Entry(title="NOT SUPPORT")),
        warnings=("doctype-removed",),
    )  # fmt: skip
    items, warnings = read_items(parsed, FEED, issuer=issuer, base_url=BASE, seen_at=NOW)
    assert ["guid:urn:7", "guid:urn:8"] == [item.key for item in items]
    assert ["doctype-removed", "placeholder-entry", "duplicate-entries"] == warnings


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_copies_the_later_one_counts(turn: int) -> None:
    """A correction may stand below what it corrects; which comes first decides nothing."""
    old = replace(ENTRY, summary="고치기 전의 글입니다.", updated="2024-02-20T09:00:00+09:00")
    new = replace(ENTRY, summary="고친 글입니다.", updated="2024-02-20T15:00:00+09:00")
    parsed = ParsedFeed(
        version="atom10", title="t", link="", language="ko", encoding="utf-8", claimed="",
        entries=(new, old)[::turn],
    )  # fmt: skip
    (item,), warnings = read_items(parsed, FEED, issuer=issuer, base_url=BASE, seen_at=NOW)
    assert "고친 글입니다." == item.summary
    assert ["duplicate-entries"] == warnings
