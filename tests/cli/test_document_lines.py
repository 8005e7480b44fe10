"""What a terminal and JSON show of an entry that has everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator.cli.document_form import document_form, entry_form, reading_form
from aggregator.cli.document_lines import LONGEST, document_lines
from aggregator.cli.inspection import Checked, Source
from aggregator.domain.feeds import Identity
from aggregator.domain.items import (
    SEOUL,
    Attachment,
    Enclosure,
    Entry,
    EventFacts,
    Image,
    ParsedFeed,
    Person,
    When,
)
from aggregator.ports.reading import Inspected
from aggregator.services.trials.inspect import Chosen, Reading, Text
from tests.fixtures.records import make_feed, make_item

DAY = datetime(2024, 3, 4, 9, tzinfo=SEOUL)
ENTRY = Entry(
    guid="c-1",
    title="글",
    categories=("안전", "도시"),
    updated="어제",
    rights="ⓒ 시청",
    comments="https://city.example/c/1",
    source="다른 시청",
)
ITEM = make_item(
    "guid:c-1",
    published=When(at=DAY),
    updated=When(at=DAY, clamped=True),
    authors=(Person(name="김시민", affiliation="연구원"), Person(name="이시민")),
    enclosures=(Enclosure(url="https://city.example/a.mp4", media_type="video/mp4", length=9),),
    attachments=(Attachment(url="https://city.example/a.hwp", name="보도자료", kind="hwp"),),
    images=(
        Image(url="https://city.example/1.jpg", credit="시청", licence="KOGL-1"),
        Image(url="https://city.example/2.jpg"),
    ),
    licence="KOGL-4",
    embargo_until=DAY,
    event=EventFacts(
        name="행사", starts_on=date(2024, 3, 5), ends_on=date(2024, 3, 6), venues=("서울", "부산")
    ),
)
READING = Reading(
    item=ITEM,
    entry=ENTRY,
    date_from="regdate",
    date_raw="2024.3.4 9:00",
    inferred=True,
    chosen=Chosen.GUID,
    text=Text.STORED,
)
PARSED = ParsedFeed(
    version="atom10",
    title="시정 소식",
    link="https://city.example/",
    language="ko",
    encoding="utf-8",
    claimed="",
    entries=(ENTRY,),
    subtitle="알리는 말",
    updated="2024.3.4",
    hub_url="https://hub.example/",
    minutes_to_live=60,
)


def checked(reading: Reading = READING) -> Checked:
    return Checked(
        source=Source(name="feed.xml", body=b"<feed/>", header="utf-8"),
        found=Inspected(parsed=PARSED, items=(reading.item,), warnings=("odd-slug",)),
        readings=[reading],
        declaration="",
        feed=make_feed("city", licence="KOGL-1"),
        configured=True,
        updated=When(at=DAY),
    )


def shown(reading: Reading = READING) -> list[str]:
    return [line.strip() for line in document_lines(checked(reading))]


def test_everything_has_a_line() -> None:
    """With marks for what the source did not say plainly."""
    lines = shown()

    for line in (
        "subtitle 알리는 말",
        "hub https://hub.example/",
        "updated 2024-03-04T09:00:00+09:00   given '2024.3.4'",
        "ttl 60 minutes",
        "date 2024-03-04T09:00:00+09:00   from regdate '2024.3.4 9:00' [inferred]",
        "updated 2024-03-04T09:00:00+09:00   given '어제' [clamped]",
        "embargo not to be printed before 2024-03-04T09:00:00+09:00",
        "body molit",
        "authors 김시민 (연구원), 이시민",
        "category 안전, 도시",
        "event 2024-03-05 to 2024-03-06, 서울, 부산",
        "enclosure https://city.example/a.mp4   video/mp4, 9 bytes",
        "attached https://city.example/a.hwp   hwp 보도자료",
        "image https://city.example/1.jpg   credit 시청, licence KOGL-1",
        "image https://city.example/2.jpg   all rights reserved",
        "licence KOGL-4",
        "rights ⓒ 시청",
        "comments https://city.example/c/1",
        "source 다른 시청",
    ):
        assert line in lines


def test_the_feeds_licence_stands_in() -> None:
    """Where the entry says nothing, marked as the feed's."""
    silent = replace(READING, item=replace(ITEM, licence=""))

    assert "licence KOGL-1 (the feed's)" in shown(silent)


def test_a_long_value_is_cut() -> None:
    """A terminal is read at a glance."""
    long = replace(READING, item=replace(ITEM, summary="가" * 1000))

    (line,) = (line for line in shown(long) if line.startswith("text "))
    assert len("text ") + LONGEST == len(line)
    assert line.endswith("…")


def test_an_id_that_made_no_key_is_shown() -> None:
    """And how much text there is behind the first paragraph."""
    linked = replace(
        ITEM, key="link:https://city.example/1", guid="c-1", summary="첫 문단.",
        content="<p>첫 문단.</p><p>둘째 문단.</p>",
    )  # fmt: skip
    lines = shown(replace(READING, item=linked))

    assert "guid c-1" in lines
    assert any(line.startswith("content ") for line in lines)
    assert not any(line.startswith("guid ") for line in shown())


def test_a_warning_without_a_sentence_is_still_named() -> None:
    """Nothing is kept back."""
    assert any("warning odd-slug" in line for line in shown())


def test_what_says_nothing_is_marked() -> None:
    """It is shown, since the document has it, and would not be stored."""
    nothing = replace(READING, item=replace(ITEM, title="", link="", content=""))

    assert "1 no headline [not stored: it says nothing]" in [
        line.replace("\x1b[1m", "").replace("\x1b[0m", "").strip() for line in shown(nothing)
    ]
    assert [True, False] == [reading_form(one, Identity.AUTO)["kept"] for one in (READING, nothing)]


def test_the_json_has_the_same() -> None:
    """Objects with the names of the records."""
    form = reading_form(READING, Identity.AUTO)

    assert [{"name": "김시민", "affiliation": "연구원"}, {"name": "이시민", "affiliation": ""}] == (
        form["authors"]
    )
    assert {
        "name": "행사",
        "starts_on": "2024-03-05",
        "ends_on": "2024-03-06",
        "venues": ("서울", "부산"),
        "subject": "",
        "phone": "",
    } == form["event"]
    assert ("KOGL-1", "") == tuple(image["licence"] for image in form["images"])
    assert "2024-03-04T09:00:00+09:00" == form["embargo_until"]
    assert ("ⓒ 시청", "다른 시청") == (form["raw"]["rights"], form["raw"]["source"])
    whole = document_form(checked())
    assert {"raw": "2024.3.4", "instant": "2024-03-04T09:00:00+09:00"} == whole["updated"]
    assert ("city", 60) == (whole["feed"], whole["minutes_to_live"])


def test_the_json_has_each_entry_as_given() -> None:
    """Raw strings with what its dates mean, in the zone of the feed."""
    entry = Entry(
        title="<b>A</b>&amp;B",
        published="2024.3.4 9:00",
        authors=("a@city.example (김시민)",),
        fields={"language": "en"},
    )
    form = entry_form(entry, ZoneInfo("Asia/Seoul"))

    assert ("<b>A</b>&amp;B", "en") == (form["title"], form["language"])
    assert {"raw": "2024.3.4 9:00", "instant": "2024-03-04T09:00:00+09:00"} == form["published"]
    assert {"raw": None, "instant": None} == form["updated"]
    assert ["a@city.example (김시민)"] == form["authors"]
