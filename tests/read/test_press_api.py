"""Answers of the press-release interface: both forms, both envelopes, every way to be refused."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import ApiError, EmptyBody, HtmlPage, NotAFeed, ReadError, TooDeep
from aggregator.domain.feeds import Feed, FeedKind, Issuer
from aggregator.domain.items import Attachment, Entry, Image, Item, ParsedFeed
from aggregator.ports.reading import Document, Page
from aggregator.read.press_api.answers import read_press_api
from aggregator.read.press_api.codes import KEY_MISSING, KEY_REFUSED, REFUSALS, refusal_in
from aggregator.read.press_api.glance import glance
from aggregator.services.trials.inspect import read_for
from tests.fixtures.press_api import Release, gateway_answer, json_answer, xml_answer
from tests.fixtures.records import NOW, make_feed

APPROVED = datetime(2024, 2, 27, 16, 51)  # noqa: DTZ001 - as the interface writes it
RELEASE = Release(number="156614021", approved=APPROVED)
FEED: Feed = make_feed("korea-kr", kind=FeedKind.PRESS_API, issuer=Issuer.AUTHOR)
BODIES = {"국토교통부": "molit", "환경부": "mcee"}


@dataclass(frozen=True)
class Came:
    """A body as it came."""

    body: bytes
    charset: str = ""


def parse(*answers: str | bytes, issuer: Issuer = Issuer.AUTHOR) -> ParsedFeed:
    """These answers as those of one visit."""
    bodies = [answer.encode() if isinstance(answer, str) else answer for answer in answers]
    return read_press_api([Came(body) for body in bodies], issuer=issuer)


def entry_of(release: Release) -> Entry:
    (entry,) = parse(xml_answer([release])).entries
    return entry


def items_of(*answers: str, feed: Feed = FEED) -> tuple[Item, ...]:
    """The items that a refresh would store."""
    first, *further = (answer.encode() for answer in answers)
    document = Document(
        body=first, feed=feed, now=NOW, further=tuple(Page(body=body) for body in further)
    )
    return read_for(document, BODIES.get).items


def item_of(release: Release, feed: Feed = FEED) -> Item:
    (item,) = items_of(xml_answer([release]), feed=feed)
    return item


def test_a_release_is_an_entry_in_its_own_words() -> None:
    """Number, address, headline, text; the date with the zone that it leaves out."""
    entry = entry_of(RELEASE)

    assert (
        "156614021",
        "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156614021",
        "스마트도시 조성계획 승인",
        "<p>국토교통부는 스마트도시 조성계획을 승인했다고 밝혔다.</p>",
        "02/27/2024 16:51:00 KST",
    ) == (entry.guid, entry.link, entry.title, entry.content, entry.published)


@pytest.mark.parametrize("write", [xml_answer, json_answer])
def test_both_forms_say_the_same(write: object) -> None:
    """XML, and JSON in which what stands there once is no list and the number is a number."""
    releases = [
        RELEASE,
        replace(RELEASE, number="2", files=[("가.hwpx", "https://www.korea.kr/a.hwpx")]),
    ]
    assert callable(write)

    assert parse(xml_answer(releases)).entries == parse(write(releases)).entries
    assert parse(xml_answer(releases[:1])).entries == parse(write(releases[:1])).entries


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York"])
def test_dates_are_korean(zone: str) -> None:
    """16:51 is 07:51 UTC, whatever zone the dates of other feeds have."""
    expected = datetime(2024, 2, 27, 7, 51, tzinfo=UTC)
    published = item_of(RELEASE, replace(FEED, timezone=zone)).published

    assert published is not None
    assert expected == published.at


def test_the_ministry_is_the_issuing_body() -> None:
    """MinisterCode is its name in spite of the element's own; it is no person."""
    item = item_of(RELEASE)

    assert ("molit", ()) == (item.body, item.authors)


def test_the_ministry_is_where_the_feed_looks_for_it() -> None:
    """As a category, with issuer = "category" and with the default alike."""
    (entry,) = parse(xml_answer([RELEASE]), issuer=Issuer.CATEGORY).entries

    assert (("국토교통부",), ()) == (entry.categories, entry.authors)
    assert "molit" == item_of(RELEASE, replace(FEED, issuer=Issuer.CATEGORY)).body
    assert "korea-kr" == item_of(RELEASE, replace(FEED, issuer=Issuer.BODY)).body


def test_a_release_under_embargo_is_held_back() -> None:
    """EmbargoDate is Korean time as well."""
    item = item_of(replace(RELEASE, embargo=datetime(2024, 2, 29, 12, 0)))  # noqa: DTZ001

    assert datetime(2024, 2, 29, 3, 0, tzinfo=UTC) == item.embargo_until


def test_an_embargo_without_any_other_date_holds_all_the_same() -> None:
    """The release is dated by it, and what is dated ahead is not shown."""
    answer = xml_answer([replace(RELEASE, embargo=datetime(2024, 3, 5, 12, 0))])  # noqa: DTZ001
    for name in ("ApproveDate", "ModifyDate"):
        answer = answer.replace(f"<{name}>02/27/2024 16:51:00</{name}>", f"<{name}></{name}>")
    (item,) = items_of(answer)

    assert item.published is not None
    assert datetime(2024, 3, 5, 3, 0, tzinfo=UTC) == item.published.at


@pytest.mark.parametrize(
    ("kogl", "licence"),
    [
        ("1", "KOGL-1"), ("04", "KOGL-4"), ("제2유형", "KOGL-2"), ("KOGL3", "KOGL-3"),
        ("공공누리 제1유형", "KOGL-1"), ("", ""), ("1,4", ""), ("5", ""),
    ],
)  # fmt: skip
def test_the_type_of_the_licence(kogl: str, licence: str) -> None:
    """Its values are specified nowhere; what is not clear is no licence."""
    assert licence == item_of(replace(RELEASE, kogl=kogl)).licence


def test_files_come_with_their_names() -> None:
    """One pair of elements for each file."""
    files = [
        ("보도자료.hwpx", "https://www.korea.kr/common/download.do?fileId=1&tblKey=GMN"),
        ("붙임.pdf", "https://www.korea.kr/common/download.do?fileId=2&tblKey=GMN"),
    ]
    expected = tuple(
        Attachment(url=url, name=name, kind=name.rpartition(".")[2]) for name, url in files
    )

    assert expected == item_of(replace(RELEASE, files=files)).attachments


def test_a_picture_has_no_licence_of_its_text() -> None:
    """KoglType is that of the text alone (quirk G2)."""
    picture = "https://www.korea.kr/newsWeb/resources/photo.jpg"
    item = item_of(replace(RELEASE, picture=picture))

    assert ((Image(url=picture),), "KOGL-1") == (item.images, item.licence)


def test_subtitles_are_the_summary() -> None:
    """Where they say enough."""
    release = replace(
        RELEASE, subtitles=["2028년까지 전국 열 곳에 조성한다.", "주민이 함께 정한다."]
    )

    assert item_of(release).summary.startswith("2028년까지 전국 열 곳에 조성한다.")


def test_plain_text_stays_text() -> None:
    """ContentsType T is no HTML: what looks like a tag is none."""
    release = replace(RELEASE, contents="T", text="첫 문단 <2026 도시혁신>\n\n둘째 문단")

    expected = "<p>첫 문단 &lt;2026 도시혁신&gt;</p><p>둘째 문단</p>"
    assert expected == entry_of(release).content


def test_a_release_of_two_windows_is_one_entry() -> None:
    """The first place, the latest state."""
    other = replace(RELEASE, number="2")
    update = replace(
        RELEASE,
        title="[정정] 승인",
        status="U",
        revision=2,
        modified=datetime(2024, 2, 28, 9),  # noqa: DTZ001
    )
    first, second = (xml_answer([RELEASE, other]), xml_answer([update]))

    assert ["[정정] 승인", RELEASE.title] == [e.title for e in parse(first, second).entries]
    assert ["[정정] 승인", RELEASE.title] == [
        e.title for e in parse(xml_answer([update, other]), xml_answer([RELEASE])).entries
    ]


def test_an_update_keeps_its_key_and_changes_its_hash() -> None:
    """So that it becomes another revision of the stored item, never a second one."""
    old = item_of(RELEASE)
    new = item_of(
        replace(RELEASE, status="U", text="<p>고친 글</p>", modified=datetime(2024, 2, 28))  # noqa: DTZ001
    )

    assert old.key == new.key
    assert old.hash != new.hash
    assert new.updated is not None


def test_a_withdrawn_release_is_left_out() -> None:
    """Nobody has seen the status D, and it can mean nothing else."""
    parsed = parse(xml_answer([replace(RELEASE, status="D"), replace(RELEASE, number="2")]))

    assert ["2"] == [entry.guid for entry in parsed.entries]
    assert ("withdrawn-entries",) == parsed.warnings


@pytest.mark.parametrize("code", ["0", "00", "3", "03"])
def test_no_releases_are_no_error(code: str) -> None:
    """Not on a holiday either, on which some services say 03."""
    parsed = parse(xml_answer(code=code))

    assert ((), ("no-entries",)) == (parsed.entries, parsed.warnings)


@pytest.mark.parametrize("code", [*REFUSALS])
def test_every_code_has_its_reason(code: str) -> None:
    """In the interface's envelope in both forms, and in that of the gateway."""
    refusal = REFUSALS[code]
    answers = [
        xml_answer(code=code),
        json_answer(code=code.zfill(2)),
        gateway_answer(code, refusal.name or "SERVICE ERROR"),
        json.dumps({"OpenAPI_ServiceResponse": {"cmmMsgHeader": {"returnReasonCode": code}}}),
    ]
    for answer in answers:
        with pytest.raises(ApiError) as caught:
            parse(answer)
        assert refusal.reason == caught.value.reason
        assert refusal.says in str(caught.value)


def test_every_reason_is_documented() -> None:
    """In the table of errors.md, and no other."""
    text = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
    table = text.partition("## Reasons of an interface")[2].partition("\n## ")[0]
    told = [
        name
        for row in re.findall(r"^\| (`.*?`) \| ", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    ]

    known = {refusal.reason for refusal in (*REFUSALS.values(), KEY_MISSING, KEY_REFUSED)}
    assert sorted({*known, "key_malformed"}) == sorted(told)


def test_a_name_says_more_than_a_code() -> None:
    """The gateway sends "access denied" where the key is missing (quirk H2)."""
    with pytest.raises(ApiError) as caught:
        parse(gateway_answer("20", "서비스 접근거부", "SERVICE_KEY_IS_NULL"))

    assert "key_missing" == caught.value.reason


def test_a_name_may_stand_for_the_code() -> None:
    """Seen in place of returnReasonCode."""
    name = "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"
    with pytest.raises(ApiError) as caught:
        parse(gateway_answer(name, name))

    assert "key_unregistered" == caught.value.reason


def test_an_unknown_code_is_told_as_it_came() -> None:
    """With the server's own words, on one line."""
    with pytest.raises(ApiError, match=r"'77' \(이상한 오류\)") as caught:
        parse(xml_answer(code="77", message="이상한\n오류"))

    assert "unknown" == caught.value.reason


@pytest.mark.parametrize(
    ("head", "status", "reason"),
    [
        (b"SERVICE_KEY_IS_NULL", 401, "key_missing"),
        (b"Unauthorized", 401, "key_refused"),
        (b"", 401, "key_refused"),
        (gateway_answer("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR").encode(), 403, "key_unregistered"),
        (b"<returnReasonCode>22</returnReasonCode>", None, "limit_exceeded"),
        (b'{"resultCode": "98"}', 200, "window_too_long"),
        (b"<html>Bad Gateway</html>", 502, None),
        (b"<html><h2>HTTP ERROR 502</h2>SERVICE_KEY_IS_NULL</html>", 502, None),
        (b"HTTP ERROR 502", 502, None),
        (b"<errMsg>HTTP ERROR</errMsg><returnReasonCode>04</returnReasonCode>", 502, "http_error"),
        (xml_answer([RELEASE]).encode(), 200, None),
    ],
)  # fmt: skip
def test_the_beginning_of_an_answer_tells(
    head: bytes, status: int | None, reason: str | None
) -> None:
    """Whatever status and form a refusal comes in."""
    refusal = refusal_in(head, status=status)

    assert reason == (refusal.reason if refusal else None)


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", EmptyBody, "an empty body"),
        (b"<!DOCTYPE html><title>\xec\xa0\x90\xea\xb2\x80</title>", HtmlPage, "titled '점검'"),
        (b"<html><body>x</body></html>", HtmlPage, "without a title"),
        (b"<html><h2>HTTP ERROR 500</h2></html>", HtmlPage, "without a title"),
        (b"busy", NotAFeed, "begins 'busy'"),
        (b"<rss><channel/></rss>", NotAFeed, "instead of the interface's answer"),
        (b'{"response": ', NotAFeed, "JSON that breaks off"),
        (b"[" * 100_000, (TooDeep, NotAFeed), "instead of the interface's answer"),
        (b"<response>" + b"<a>" * 1000 + b"</a>" * 1000, TooDeep, "more than 64"),
    ],
)
def test_what_is_no_answer(
    body: bytes, error: type[ReadError] | tuple[type[ReadError], ...], words: str
) -> None:
    """Is named for what it is."""
    with pytest.raises(error, match=words):
        parse(body)


def test_a_gateway_that_speaks_plain_text() -> None:
    """Tells what is wrong all the same."""
    with pytest.raises(ApiError) as caught:
        parse("SERVICE_KEY_IS_NULL")

    assert "key_missing" == caught.value.reason


def test_a_later_answer_that_cannot_be_read_is_left_out() -> None:
    """The newer days are not lost with it, and the visit says so."""
    parsed = parse(xml_answer([RELEASE]), gateway_answer("1", "APPLICATION_ERROR"))

    assert 1 == len(parsed.entries)
    assert ("window-missing",) == parsed.warnings


def test_a_document_that_breaks_off() -> None:
    """Half a release is none; the whole ones before it are read."""
    answer = xml_answer([RELEASE, replace(RELEASE, number="2")])
    parsed = parse(answer[: answer.rindex("DataContents")])

    assert ["156614021"] == [entry.guid for entry in parsed.entries]
    assert "cut-off" in parsed.warnings


def test_entities_are_not_expanded() -> None:
    """An entity bomb is nothing but a document type that goes."""
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    )
    answer = xml_answer([replace(RELEASE, title="제목")]).partition("?>")[2]
    parsed = parse(bomb + answer.replace("제목", "제목 &x;"))

    assert "root:" not in parsed.entries[0].title


def test_markup_of_a_release_does_not_confuse_the_envelope() -> None:
    """A text that is itself about feeds and items, not in a CDATA section."""
    text = "&lt;NewsItem&gt;&lt;channel&gt;&lt;item&gt;가나다&lt;/item&gt;"
    answer = xml_answer([RELEASE]).replace("<![CDATA[<p>", text).replace("</p>]]>", "")
    (entry,) = parse(answer).entries

    assert entry.content.startswith("<NewsItem><channel><item>가나다")


@pytest.mark.parametrize("write", [xml_answer, json_answer])
def test_a_glance_counts_what_is_read(write: object) -> None:
    """Numbers and total, without reading."""
    assert callable(write)
    found = glance(write([RELEASE, replace(RELEASE, number="2")], total=7).encode())

    assert (True, frozenset({b"156614021", b"2"}), 7) == (found.is_good, found.ids, found.total)


@pytest.mark.parametrize(
    "body", [b"", b"<html/>", gateway_answer("1", "").encode(), xml_answer(code="98").encode()]
)
def test_a_glance_knows_a_bad_answer(body: bytes) -> None:
    """Anything but an answer with a good code."""
    assert not glance(body).is_good


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """With a ReadError and nothing else."""
    glance(body)
    with suppress(ReadError):
        parse(body)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)


@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from([xml_answer, json_answer]))
def test_every_headline_survives(titles: Sequence[str], write: object) -> None:
    """Whatever characters it has, in both forms."""
    assert callable(write)
    releases = [
        replace(RELEASE, number=str(n), title=title.replace("]]>", ""))
        for n, title in enumerate(titles)
    ]

    expected = [release.title.strip() for release in releases]
    assert expected == [entry.title.strip() for entry in parse(write(releases)).entries]
