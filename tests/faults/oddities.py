"""Honest feeds in odd clothes: dates of all ages and zones, titles that look like code, headers."""

from __future__ import annotations

from aggregator.domain.health import Health
from tests.faults.documents import feed, item, rss_text, xml
from tests.faults.fault import Fault, Titles, ends, fault, reads
from tests.faults.wire import Exchange, HeaderValue, Reply, says

ZONES = [
    "GMT",
    "UT",
    "UTC",
    "Z",
    "EST",
    "EDT",
    "CST",
    "CDT",
    "MST",
    "MDT",
    "PST",
    "PDT",
    "KST",
    "JST",
    "IST",
    "CET",
    "CEST",
    "EET",
    "MSK",
    "HKT",
    "SGT",
    "AEST",
    "NZST",
    "A",
    "B",
    "K",
    "M",
    "N",
    "Y",
    "XYZ",
    "Asia/Seoul",
    "+0900",
    "+09:00",
    "-0000",
    "+1400",
    "-1200",
    "+0545",
    "+0330",
    "+9",
    "GMT+9",
    "UTC+09:00",
    "+2400",
    "+9999",
    "-9999",
    "(KST)",
    "LMT",
]

DATES = {
    "year-1": "0001-01-01T00:00:00Z",
    "year-1-ahead": "0001-01-01T00:00:00+14:00",
    "year-9999": "9999-12-31T23:59:59-12:00",
    "year-10000": "10000-01-01T00:00:00Z",
    "february-30": "Mon, 30 Feb 2026 09:00:00 +0900",
    "hour-24": "2026-03-02T24:00:00+09:00",
    "hour-99": "2026-03-02 99:99:99",
    "leap-second": "2026-06-30T23:59:60Z",
    "epoch": "1970-01-01T00:00:00Z",
    "before-epoch": "1899-12-30 00:00:00",
    "number": "1772409600",
    "number-huge": "99999999999999999999999999",
    "negative": "-1",
    "not-a-number": "NaN",
    "future": "Mon, 02 Mar 2099 09:00:00 +0900",
    "words": "작년 이맘때",
    "format-string": "%s%n{0}",
    "full-width": "２０２６-０３-０２",
    "arabic-digits": "٢٠٢٦-٠٣-٠٢",
    "zone-broken": "Mon, 02 Mar 2026 09:00:00 +99:99",
}

TITLES: Titles = (
    "%s %n %d %99999999s {0} {} {self.__class__}",
    "${jndi:ldap://127.0.0.1:9/a} #{7*7} {{7*7}} <%= 7*7 %>",
    "'; DROP TABLE items; --",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "[bold red]꾸밈[/bold red] :smile:",
    "null",
    "\\u0000 \\x1b[31m \\n",
    "ʼn ǆ ﬁ ① ㈜ ㎡",
    "👩‍👩‍👧‍👦🏳️‍🌈",
)

SPLIT = "줄이&#13;&#10;나뉜&#9;제목"
ANSI = "&#27;[31m붉은 제목&#7;&#8;"
"""References to characters that XML forbids; a terminal would obey them."""


def zones() -> Reply:
    dates = [f"Mon, 02 Mar 2026 09:00:00 {zone}" for zone in ZONES]
    return xml(
        rss_text(item(f"시간대 {z}", date=d) for z, d in zip(ZONES, dates, strict=True)).encode()
    )


def offsets() -> Reply:
    marks = [
        f"{sign}{hour:02}:{minute:02}"
        for sign in "+-"
        for hour in range(15)
        for minute in (0, 30, 45)
    ]
    return xml(
        rss_text(item(f"차이 {mark}", date=f"2026-03-02T09:00:00{mark}") for mark in marks).encode()
    )


OFFSETS = tuple(
    f"차이 {sign}{hour:02}:{minute:02}"
    for sign in "+-"
    for hour in range(15)
    for minute in (0, 30, 45)
)


def dated(name: str, date: str) -> Fault:
    """A feed whose one item has such a date."""
    reply = xml(rss_text([item(f"{name} 날짜의 것", date=date)]).encode())
    end = ends(Health.OK, Health.UNSURE_DATES, titles=(f"{name} 날짜의 것",))
    return fault(f"date-of-{name}", says(reply), end)


def validated(name: str, header: str, value: HeaderValue) -> Fault:
    """A feed with an odd validator, visited twice."""
    title = f"{name} 보도자료"
    reply = feed(title, headers=((header, value),))
    return fault(f"validator-{name}", says(reply), reads(title), reads(title))


def written(name: str, markup: str, *titles: str) -> Fault:
    """A feed whose title is written so, and how it must be read."""
    reply = xml(rss_text([f"<item><title>{markup}</title><guid>w</guid></item>"]).encode())
    return fault(f"title-{name}", says(reply), reads(*titles))


async def another_tag_each_time(exchange: Exchange) -> None:
    await exchange.answer(feed("늘 같은 것", headers=(("ETag", f'"{exchange.turn}"'),)))


async def always_304_when_asked(exchange: Exchange) -> None:
    """The first tag is a lie: nothing is ever new again."""
    if "if-none-match" in exchange.headers:
        await exchange.answer(Reply(status=304, reason="Not Modified"))
    else:
        await exchange.answer(feed("처음이자 마지막", headers=(("ETag", '"same"'),)))


FAULTS: tuple[Fault, ...] = (
    *(dated(name, date) for name, date in DATES.items()),
    fault(
        "date-zones",
        says(zones()),
        ends(Health.OK, Health.UNSURE_DATES, titles=tuple(f"시간대 {zone}" for zone in ZONES)),
    ),
    fault("date-offsets", says(offsets()), reads(*OFFSETS)),
    fault("titles-like-code", says(feed(*TITLES)), reads(*TITLES)),
    written("split", SPLIT, "줄이 나뉜 제목"),
    written("ansi", ANSI, "[31m붉은 제목"),
    written("cdata", "<![CDATA[스마트 & 도시 < 마을]]>", "스마트 & 도시 < 마을"),
    written("korean-ampersand", "R&D 예산", "R&D 예산"),
    written("html-entity", "가&middot;나", "가·나"),
    validated("weak", "ETag", 'W/"1"'),
    validated("unquoted", "ETag", "no quotes at all"),
    validated("empty", "ETag", ""),
    validated("controls", "ETag", b'"a\x01\x1b[31m\x7f"'),
    validated("octets", "ETag", b'"\xc7\xd1\xb1\xdb"'),
    validated("huge", "ETag", f'"{"x" * 50_000}"'),
    validated("format", "ETag", '"%s%n{0}${jndi:ldap://127.0.0.1/a}"'),
    validated("date-garbage", "Last-Modified", "yesterday, at tea time"),
    validated("date-year-0", "Last-Modified", "Sat, 00 Jan 0000 00:00:00 GMT"),
    validated("date-future", "Last-Modified", "Fri, 31 Dec 9999 23:59:59 GMT"),
    validated("max-age-absurd", "Cache-Control", "max-age=99999999999999999999"),
    validated("max-age-negative", "Cache-Control", "max-age=-1"),
    validated("expires-garbage", "Expires", "0"),
    fault("tag-new-each-time", another_tag_each_time, reads("늘 같은 것"), reads("늘 같은 것")),
    fault("tag-forever", always_304_when_asked, reads("처음이자 마지막"), reads("처음이자 마지막")),
    fault(
        "ttl-absurd",
        says(
            xml(
                rss_text(
                    [item("살 날이 긴 것")],
                    channel="<ttl>99999999999999</ttl><skipHours><hour>99</hour></skipHours>",
                ).encode()
            )
        ),
        reads("살 날이 긴 것"),
        reads("살 날이 긴 것"),
    ),
)
