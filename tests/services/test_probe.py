"""What is said of the feeds' addresses: the verdict from figures, and real answers on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import BadStatus, BlockedAddress, FetchTimeout, NotAFeed
from aggregator.domain.feeds import Feed, FeedKind, ListSelectors
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.services.trials.probe import (
    Contents,
    Probe,
    Prober,
    Verdict,
    can_visit,
    judge,
    judge_error,
)
from tests.fixtures.http import Answer, Asked, Office, free_port, redirect, serve
from tests.fixtures.records import NOW, make_feed

TODAY = date(2024, 3, 4)
SOUND = Contents(
    version="rss20",
    title="보도자료",
    encoding="utf-8",
    header="",
    declaration="utf-8",
    entries=3,
    newest=TODAY,
    with_guid=3,
    with_date=3,
    with_text=3,
)


@dataclass(frozen=True)
class Clock:
    """Stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def rss(*entries: str, declaration: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declaration}"?><rss version="2.0"><channel>'
        f"<title>보도자료</title>{''.join(entries)}</channel></rss>"
    )


def entry(number: int, day: str) -> str:
    return (
        f"<item><title>글 {number}</title><link>https://molit.example/{number}</link>"
        f"<guid>molit-{number}</guid><pubDate>{day}</pubDate>"
        f"<description>국토교통부는 {number}번째 사업을 시작한다고 밝혔다.</description></item>"
    )


def sent(text: str, charset: str = "utf-8", media_type: str = "text/xml") -> Answer:
    return Answer(headers=[("Content-Type", media_type)], body=text.encode(charset))


GOOD = rss(entry(1, "2024-02-27 10:00:00"), entry(2, "2024-02-26 10:00:00"))
ANSWERS: Mapping[str, Answer] = {
    "/good": sent(GOOD, media_type="application/rss+xml; charset=UTF-8"),
    "/korean": sent(rss(entry(1, "2024-02-27"), declaration="euc-kr"), "cp949"),
    "/page": sent("<html><head><title>점검 중</title></head></html>", media_type="text/html"),
    "/empty": Answer(),
    "/gone": Answer(status=404),
    "/loop": redirect("/loop"),
    "/stale": sent(rss(entry(1, "2023-11-02"))),
    "/off": sent(rss("<item><title>NOT SUPPORT</title><link>https://k2.example/</link></item>")),
    "/none": sent(rss()),
    "/undated": sent(rss(entry(1, "soon"), entry(2, "later"))),
    "/some": sent(rss(entry(1, "2024-02-27"), entry(2, "soon"))),
    "/ahead": sent(rss(entry(1, "2042-02-27"))),
    "/moved": redirect("/good", status=301),
}


def answer(asked: Asked) -> Answer:
    return ANSWERS[asked.path]


def visit(office: Office, feeds: Sequence[Feed], *, spacing: float = 0.0) -> list[Probe]:
    """Visit these feeds for real."""
    guard = Guard(
        allow=[AddressException(host="127.0.0.1", port=office.port)],
        connect_to=[ConnectTo(pattern="*.example", host="127.0.0.1", port=office.port)],
    )

    async def go() -> list[Probe]:
        async with HttpFetcher(guard=guard, user_agent="test", spacing=spacing) as fetcher:
            prober = Prober(fetcher=fetcher, clock=Clock(), issuer=lambda _: None, spacing=spacing)
            return await prober.probe(feeds)

    return asyncio.run(go())


def look(path: str) -> Probe:
    """What is said of one of ANSWERS."""
    with serve(answer) as office:
        (found,) = visit(office, [make_feed(url=f"http://molit.example{path}")])
    return found


def test_a_feed_that_grows_works() -> None:
    """With its figures; there is nothing to be said of it."""
    found = look("/good")

    assert (Verdict.WORKS, "", False) == (found.verdict, found.says, found.failed)
    assert (200, "application/rss+xml", len(GOOD.encode())) == (
        found.status,
        found.media_type,
        found.body_bytes,
    )
    assert found.contents is not None
    assert found.contents == replace(
        SOUND,
        header=found.contents.header,
        entries=2,
        newest=date(2024, 2, 27),
        with_guid=2,
        with_date=2,
        with_text=2,
    )
    assert "utf-8" == found.contents.header.lower()


def test_the_charset_is_shown_as_found_and_as_claimed() -> None:
    """The declaration of an office that sends CP949."""
    contents = look("/korean").contents

    assert contents is not None
    assert ("cp949", "", "euc-kr") == (contents.encoding, contents.header, contents.declaration)


@pytest.mark.parametrize(
    ("path", "verdict", "words"),
    [
        ("/page", Verdict.NO_FEED, "an HTML page titled '점검 중'"),
        ("/empty", Verdict.NO_FEED, "an empty body"),
        ("/gone", Verdict.NO_FEED, "404 Not Found"),
        ("/loop", Verdict.NO_FEED, "redirected in a circle"),
        ("/stale", Verdict.LACKS, "alive but not growing: its newest entry is 123 days old"),
        ("/off", Verdict.LACKS, "NOT SUPPORT"),
        ("/none", Verdict.LACKS, "no entries"),
        ("/undated", Verdict.LACKS, "none of its entries has a date"),
        ("/some", Verdict.LACKS, "1 of its entries have no date"),
        ("/ahead", Verdict.LACKS, "none of its entries has a date"),
        ("/moved", Verdict.WORKS, ""),
    ],
)
def test_the_verdict_says_what_came(path: str, verdict: Verdict, words: str) -> None:
    """In plain words; only what brings no feed has failed."""
    found = look(path)

    assert (verdict, verdict is Verdict.NO_FEED) == (found.verdict, found.failed)
    assert words in found.says


def test_where_a_redirect_led_is_told() -> None:
    """The address that the configuration should have."""
    assert look("/moved").url.endswith("/good")


def test_what_cannot_be_reached_is_told_from_what_answers() -> None:
    """Nobody listens, or the address is private."""
    with serve(answer) as office:
        closed, private = visit(
            office,
            [
                make_feed("a", url=f"http://127.0.0.1:{free_port()}/"),
                make_feed("b", url="http://10.0.0.1/rss"),
            ],
        )

    assert [Verdict.UNREACHABLE] * 2 == [closed.verdict, private.verdict]
    assert (None, None) == (closed.status, private.contents)
    assert "blocked_address" == private.error_code


def test_one_host_is_asked_in_turn_and_its_pause_is_not_its_time() -> None:
    """The answers stand in the order of the feeds."""
    feeds = [make_feed(name, url="http://molit.example/good") for name in ("a", "b", "c")]
    with serve(answer) as office:
        found = visit(office, feeds, spacing=1.0)
        began = [asked.began for asked in office.asked]

    assert ["a", "b", "c"] == [one.feed.id for one in found]
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(began))
    assert all(one.milliseconds < 900 for one in found)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (BlockedAddress("x", feed_id="a", url="u"), Verdict.UNREACHABLE),
        (FetchTimeout("x", feed_id="a", url="u"), Verdict.UNREACHABLE),
        (BadStatus("x", feed_id="a", url="u", status=403), Verdict.NO_FEED),
        (NotAFeed("x"), Verdict.NO_FEED),
    ],
)
def test_an_error_is_nothing_or_something_else(
    error: BlockedAddress | FetchTimeout | BadStatus | NotAFeed, verdict: Verdict
) -> None:
    """Where anything at all answered, the way to it is open."""
    assert verdict is judge_error(error)


@pytest.mark.parametrize(
    ("warning", "says"),
    [("cut-off", "the document is damaged"), ("bare-ampersands", "")],
)
def test_only_what_is_lost_counts_against_a_feed(warning: str, says: str) -> None:
    """Markup that could be mended is no lack."""
    assert says == judge(replace(SOUND, warnings=(warning,)), TODAY)[1]


@given(st.integers(0, 400))
def test_a_feed_is_stale_after_sixty_days(days: int) -> None:
    """Not on the sixtieth."""
    verdict, _ = judge(replace(SOUND, newest=TODAY - timedelta(days=days)), TODAY)

    assert (Verdict.WORKS if days <= 60 else Verdict.LACKS) is verdict


@given(
    st.builds(
        replace,
        st.just(SOUND),
        entries=st.integers(0, 5),
        with_date=st.integers(0, 5),
        newest=st.none() | st.dates(date(1990, 1, 1), date(2024, 3, 7)),
        warnings=st.sets(st.sampled_from(["cut-off", "placeholder-entry", "no-entries"])).map(
            tuple
        ),
    )
)
def test_what_lacks_something_says_what(contents: Contents) -> None:
    """And what works lacks nothing."""
    verdict, says = judge(contents, TODAY)

    assert (verdict is Verdict.LACKS) is bool(says)


def test_other_kinds_are_not_visited() -> None:
    """Lists of releases; feeds that want another method are, and so are interfaces."""
    feed = make_feed()
    others = [
        replace(feed, kind=FeedKind.PRESS_API),
        replace(feed, method="POST"),
        replace(feed, kind=FeedKind.HTML_LIST),
    ]
    assert [True, True, True, False] == [can_visit(one) for one in (feed, *others)]


def test_a_list_is_visited_once_its_selectors_are_known() -> None:
    """Without them nothing could be read."""
    select = ListSelectors(item="li", title="a", link="a")
    assert can_visit(make_feed(kind=FeedKind.HTML_LIST, select=select))


def test_a_list_is_probed_as_its_selectors_read_it() -> None:
    """Its entries and its newest day stand in the table like those of a feed."""
    page = b"<title>News</title><li><a href=/1>One</a><b>2024-03-01</b><li><a href=/2>Two</a>"
    select = ListSelectors(item="li", title="a", link="a", date="b")
    with serve(lambda _: Answer(headers=[("Content-Type", "text/html")], body=page)) as office:
        feed = make_feed(url=office.url(), kind=FeedKind.HTML_LIST, select=select)
        (found,) = visit(office, [feed])
    assert found.contents is not None
    assert ("html", 2, date(2024, 3, 1)) == (
        found.contents.version,
        found.contents.entries,
        found.contents.newest,
    )
