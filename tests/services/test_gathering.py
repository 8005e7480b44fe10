"""What one visit asks: methods, forms, validators, pages of lists, windows of interfaces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import (
    ApiError,
    BadStatus,
    ConnectFailed,
    FetchError,
    FetchTimeout,
    HostHeld,
    Throttled,
)
from aggregator.domain.feeds import Feed, FeedKind, ListSelectors
from aggregator.domain.net import Hop, Tls, TlsProfile
from aggregator.domain.visits import FeedState, Move
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified
from aggregator.services.asking.asking_with_key import MOST_PAGES
from aggregator.services.asking.gathered import Gathered, digest_of, digest_of_all
from aggregator.services.asking.gathering import gather
from aggregator.services.asking.press_question import key_of, windows
from tests.fixtures.press_api import ENCODED_KEY, KEY, Release, gateway_answer, xml_answer
from tests.fixtures.records import NOW, make_feed

STATE = FeedState(feed_id="molit", etag='"1"', last_modified="Mon", wire_bytes=700)
LIST = make_feed(
    kind=FeedKind.HTML_LIST,
    url="https://molit.example/list",
    select=ListSelectors(item="tr", title="a", link="a@href"),
    pages=3,
    page_url="https://molit.example/list?page={page}",
)
API_URL = "https://apis.example/1371000/pressReleaseService/pressReleaseList"
API = make_feed("korea-kr", url=API_URL, kind=FeedKind.PRESS_API, key_env="DATA_GO_KR_KEY")
ENVIRON = {"DATA_GO_KR_KEY": KEY}
SECRET_KEYS = (KEY, ENCODED_KEY)

Script = Callable[[FetchRequest], Fetched | NotModified | Exception]


@dataclass
class Fake:
    """A fetcher that answers by a script, and notes what it was asked."""

    script: Script
    asked: list[FetchRequest] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        self.asked.append(request)
        answer = self.script(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self) -> None:
        pass


def page(body: str | bytes, url: str = "https://molit.example/rss") -> Fetched:
    octets = body.encode() if isinstance(body, str) else body
    return Fetched(
        url=url, status=200, body=octets, media_type="text/xml", charset="", etag='"2"', last_modified=None
    )  # fmt: skip


def in_turn(*answers: str | Fetched | NotModified | Exception) -> Fake:
    """A fetcher that gives these answers in turn, and no more."""
    left = list(answers)

    def script(request: FetchRequest) -> Fetched | NotModified | Exception:
        answer = left.pop(0)
        return page(answer, request.url) if isinstance(answer, str) else answer

    return Fake(script)


def visit(
    fake: Fake,
    feed: Feed,
    state: FeedState = STATE,
    environ: Mapping[str, str] = ENVIRON,
    now: datetime = NOW,
) -> Gathered | NotModified:
    return asyncio.run(gather(fake, feed, state, now=now, environ=environ))


def brought(fake: Fake, feed: Feed, state: FeedState = STATE, **more: object) -> Gathered:
    found = visit(fake, feed, state, **more)  # type: ignore[arg-type]
    assert isinstance(found, Gathered)
    return found


# --- one question -----------------------------------------------------------------------------


def test_a_feed_is_asked_as_it_is_configured() -> None:
    """With validators, and with everything that it relaxes or adds."""
    feed = make_feed(
        headers={"Referer": "https://molit.example/"},
        proxy="http://proxy.example:3128",
        tls=TlsProfile(relax=frozenset({Tls.OLD_CIPHERS})),
        timeout=timedelta(seconds=7),
        max_bytes=1000,
    )
    fake = in_turn("<rss/>")
    found = brought(fake, feed)

    expected = FetchRequest(
        feed_id="molit",
        url=feed.url,
        home=feed.url,
        headers=feed.headers,
        etag='"1"',
        last_modified="Mon",
        timeout=7.0,
        max_bytes=1000,
        known_bytes=700,
        proxy=feed.proxy,
        tls=feed.tls,
    )
    assert [expected] == fake.asked
    assert (b"<rss/>", (), True) == (found.first.body, found.further, found.is_whole)


KEYED = make_feed(url="https://molit.example/rss?token={key}&page=1", key_env="MOLIT_KEY")
MOLIT_KEY = "k3y/of+molit"
SENT = "https://molit.example/rss?token=k3y%2Fof%2Bmolit&page=1"
HAS_KEY = {"MOLIT_KEY": MOLIT_KEY}


def test_the_key_of_an_address_comes_from_the_environment() -> None:
    """It is sent, and is in nothing that comes back; validators go along as with any feed."""
    came = page(f"<rss>{SENT} {MOLIT_KEY}</rss>", "https://molit.example/rss?token=***&page=1")
    fake = in_turn(replace(came, wire=b"packed", coding="gzip"))
    found = brought(fake, KEYED, environ=HAS_KEY).first

    (asked,) = fake.asked
    assert (SENT, '"1"', KEYED.url) == (asked.url, asked.etag, asked.home)
    assert MOLIT_KEY in asked.secrets
    assert KEYED.url == found.url
    assert b"<rss>https://molit.example/rss?token=***&page=1 ***</rss>" == found.body
    assert (b"", "") == (found.wire, found.coding)


def test_a_validator_that_repeats_the_key_is_not_kept() -> None:
    """Masked, it would stand for nothing; another one stays."""
    came = replace(page("<rss/>"), etag=f'"{MOLIT_KEY}"', last_modified="Mon")
    found = brought(in_turn(came), KEYED, environ=HAS_KEY).first

    assert (None, "Mon") == (found.etag, found.last_modified)


def test_not_modified_says_nothing_of_the_key() -> None:
    """Neither in its address nor on the way there."""
    hop = Hop(url=SENT, status=302)
    found = visit(in_turn(NotModified(url=SENT, hops=(hop,))), KEYED, environ=HAS_KEY)

    assert isinstance(found, NotModified)
    assert "k3y" not in f"{found}"


def test_an_error_says_nothing_of_the_key() -> None:
    """Nor do its bytes, nor what led to it."""
    error = BadStatus(f"{SENT} answered 500", feed_id="molit", url=SENT, status=500)
    error.head = MOLIT_KEY.encode()
    with pytest.raises(BadStatus) as caught:
        visit(in_turn(error), KEYED, environ=HAS_KEY)

    raised = caught.value
    assert "k3y" not in f"{raised} {raised.url} {raised.head!r} {raised.__cause__}"


@pytest.mark.parametrize(("value", "reason"), [("", "key_missing"), ("두 낱말", "key_malformed")])
def test_an_address_without_its_key_is_not_asked(value: str, reason: str) -> None:
    """One line names the variable."""
    fake = in_turn()
    with pytest.raises(ApiError, match="environment variable MOLIT_KEY") as caught:
        visit(fake, KEYED, environ={"MOLIT_KEY": value})

    assert (reason, []) == (caught.value.reason, fake.asked)
    assert value == "" or value not in str(caught.value)


def test_a_moved_address_with_a_key_is_asked_at_its_own() -> None:
    """The address that was kept of the move has no key."""
    moved = Move(url="https://new.example/rss?token=***", kept=True)
    fake = in_turn("<rss/>")
    brought(fake, KEYED, replace(STATE, move=moved), environ=HAS_KEY)

    assert [SENT] == [asked.url for asked in fake.asked]


def test_not_modified_is_all_there_is() -> None:
    """As the fetcher says it."""
    answer = NotModified(url="https://molit.example/rss")

    assert answer == visit(in_turn(answer), make_feed())


def test_an_error_of_the_first_exchange_is_the_visits() -> None:
    """Unchanged."""
    error = FetchTimeout("slow", feed_id="molit", url="https://molit.example/rss")
    with pytest.raises(FetchTimeout) as caught:
        visit(in_turn(error), make_feed())

    assert error is caught.value


@pytest.mark.parametrize(
    ("move", "url"),
    [
        (None, "https://molit.example/rss"),
        (Move(url="https://new.example/rss"), "https://molit.example/rss"),
        (Move(url="https://new.example/rss", kept=True), "https://new.example/rss"),
    ],
)
def test_a_kept_move_replaces_the_address(move: Move | None, url: str) -> None:
    """One that is merely seen does not; what is the feed's own stays where it is configured."""
    fake = in_turn("<rss/>")
    visit(fake, make_feed(), replace(STATE, move=move))

    assert (url, "https://molit.example/rss") == (fake.asked[0].url, fake.asked[0].home)


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        (None, b"schGu=%EA%B0%95%EB%82%A8%EA%B5%AC&page=1"),
        ("utf-8", b"schGu=%EA%B0%95%EB%82%A8%EA%B5%AC&page=1"),
        ("euc-kr", b"schGu=%B0%AD%B3%B2%B1%B8&page=1"),
        ("cp949", b"schGu=%B0%AD%B3%B2%B1%B8&page=1"),
    ],
)
def test_a_form_is_sent_in_the_encoding_of_the_feed(encoding: str | None, content: bytes) -> None:
    """In UTF-8 unless the feed says that its site is an old one."""
    fake = in_turn("<rss/>")
    form = {"schGu": "강남구", "page": "1"}
    visit(fake, make_feed(method="POST", form=form, encoding=encoding))

    (asked,) = fake.asked
    expected = ("POST", content, "application/x-www-form-urlencoded")
    assert expected == (asked.method, asked.content, asked.content_type)


def test_a_form_says_what_its_encoding_cannot() -> None:
    """As a browser does: by a character reference."""
    fake = in_turn("<rss/>")
    visit(fake, make_feed(method="POST", form={"q": "🏙"}, encoding="euc-kr"))

    assert b"q=%26%23127961%3B" == fake.asked[0].content


def test_a_post_carries_no_validators() -> None:
    """To a POST they would mean that it is to fail where nothing changed."""
    fake = in_turn("<rss/>")
    visit(fake, make_feed(method="POST"))

    (asked,) = fake.asked
    assert (None, None, b"") == (asked.etag, asked.last_modified, asked.content)


# --- pages of a list ----------------------------------------------------------------------------


def test_the_pages_of_a_list_are_turned() -> None:
    """The first with validators, the others without."""
    fake = in_turn("one", "two", "three")
    found = brought(fake, LIST)

    assert [
        ("https://molit.example/list", '"1"', 700),
        ("https://molit.example/list?page=2", None, 0),
        ("https://molit.example/list?page=3", None, 0),
    ] == [(asked.url, asked.etag, asked.known_bytes) for asked in fake.asked]
    assert (b"one", [b"two", b"three"]) == (found.first.body, [a.body for a in found.further])


def test_a_list_that_did_not_change_is_not_turned() -> None:
    """Neither after a 304 nor where the first page is that of last time."""
    state = replace(STATE, body_hash=f"reader:{digest_of(page('one'))}")

    same, not_modified = in_turn("one"), in_turn(NotModified())

    assert ((), 1) == (brought(same, LIST, state).further, len(same.asked))
    assert NotModified() == visit(not_modified, LIST)


def test_a_list_ends_where_it_repeats_itself() -> None:
    """A site that does not know the number of the page gives the first one again."""
    found = brought(in_turn("one", "one"), LIST)

    assert ((), True) == (found.further, found.is_whole)


@pytest.mark.parametrize(
    "answer", [NotModified(), ConnectFailed("reset", feed_id="molit", url="https://molit.example")]
)
def test_a_page_that_cannot_be_had_is_missed(answer: NotModified | Exception) -> None:
    """The pages before it are not lost, and the visit is no whole one."""
    found = brought(in_turn("one", "two", answer), LIST)

    assert ([b"two"], ("page-missing",), False) == (
        [each.body for each in found.further],
        found.warnings,
        found.is_whole,
    )


def test_the_pages_of_a_visit_are_bounded_together() -> None:
    """Fifty pages of the largest size would be a bomb."""
    fake = Fake(lambda request: page(request.url.ljust(100)))
    found = brought(fake, replace(LIST, pages=50, max_bytes=100))

    assert (8, ("page-missing",)) == (len(fake.asked), found.warnings)


# --- windows of an interface ----------------------------------------------------------------------


def days_of(asked: Sequence[FetchRequest]) -> list[str]:
    """Which days each question was about, with its page."""
    told = [parse_qs(urlsplit(request.url).query) for request in asked]
    return [f"{q['startDate'][0]}-{q['endDate'][0]}/{q['pageNo'][0]}" for q in told]


def releases(*numbers: int) -> list[Release]:
    at = datetime(2024, 3, 3, 9)  # noqa: DTZ001 - as the interface writes it
    return [Release(number=str(number), approved=at) for number in numbers]


def api_page(*numbers: int, total: int | None = None) -> str:
    return xml_answer(releases(*numbers), total=total)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, ["20240304-20240304"]),
        (3, ["20240302-20240304"]),
        (4, ["20240302-20240304", "20240301-20240301"]),
        (7, ["20240302-20240304", "20240228-20240301", "20240227-20240227"]),
    ],
)
def test_the_days_are_asked_for_in_windows(days: int, expected: list[str]) -> None:
    """Of at most three days each, the newest first, none left out and none twice."""
    fake = Fake(lambda request: page(api_page(), request.url))
    visit(fake, replace(API, days=days))

    assert [f"{each}/1" for each in expected] == days_of(fake.asked)


@given(st.integers(1, 90), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_windows_abut(days: int, now: datetime) -> None:
    """Every day of the last ``days`` is in exactly one window, and no window is too long."""
    covered = [
        each.start + timedelta(days=n)
        for each in windows(days, now.replace(tzinfo=UTC))
        for n in range((each.end - each.start).days + 1)
    ]
    today = (now + timedelta(hours=9)).date()

    assert {today - timedelta(days=n) for n in range(days)} == set(covered)
    assert days == len(covered)
    assert all((w.end - w.start).days < 3 for w in windows(days, now.replace(tzinfo=UTC)))


def test_the_day_is_that_of_seoul() -> None:
    """At 15:00 UTC the next one has begun."""
    (window,) = windows(1, datetime(2024, 3, 3, 15, 0, tzinfo=UTC))

    assert date(2024, 3, 4) == window.end


def test_a_window_is_read_to_its_end() -> None:
    """Page after page while the interface says that there is more."""
    fake = in_turn(api_page(1, 2, total=3), api_page(3, total=3))
    found = brought(fake, API)

    assert ["20240302-20240304/1", "20240302-20240304/2"] == days_of(fake.asked)
    assert (1, True) == (len(found.further), found.is_whole)


def test_a_full_page_without_a_total_is_followed_by_another() -> None:
    """Which may be the same again, from a service that knows no pages: that one is not kept."""
    full = api_page(*range(100))
    found = brought(fake := in_turn(full, full), API)

    assert (2, (), True) == (len(fake.asked), found.further, found.is_whole)


def test_pages_without_end_are_bounded() -> None:
    """An interface that always says that there is more."""
    numbers = iter(range(1000))
    fake = Fake(lambda request: page(api_page(next(numbers), total=1000), request.url))
    found = brought(fake, API)

    assert (MOST_PAGES, ("window-missing",)) == (len(fake.asked), found.warnings)


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (ConnectFailed("reset", feed_id="korea-kr", url=API_URL), 3),
        ("<html>busy</html>", 3),
        (gateway_answer("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"), 2),
        (HostHeld("held", feed_id="korea-kr", url=API_URL, until=NOW), 2),
        (
            Throttled("429", feed_id="korea-kr", url=API_URL, status=429, retry_after=None),
            2,
        ),
    ],
)
def test_a_window_that_cannot_be_had_is_missed(fault: str | Exception, asked: int) -> None:
    """The newer one is not lost, the older ones are asked for unless it wants to be left alone,
    and the visit is no whole one."""
    fake = in_turn(api_page(1), fault, api_page(2))
    found = brought(fake, replace(API, days=9))

    assert asked == len(fake.asked)
    assert (asked - 2, ("window-missing",)) == (len(found.further), found.warnings)


def test_a_refusal_ends_the_visit() -> None:
    """It is read, and named, like any other answer; nothing more is asked."""
    refusal = gateway_answer("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR")
    found = brought(fake := in_turn(refusal), replace(API, days=9))

    assert (1, refusal.encode()) == (len(fake.asked), found.first.body)


@pytest.mark.parametrize(
    ("status", "head", "reason"),
    [
        (401, gateway_answer("20", "서비스 접근거부", "SERVICE_KEY_IS_NULL"), "key_missing"),
        (401, "", "key_refused"),
        (403, gateway_answer("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), "key_unregistered"),
    ],
)
def test_a_refusal_with_a_status_is_named(status: int, head: str, reason: str) -> None:
    """By the first bytes of what came."""
    error = BadStatus("refused", feed_id="korea-kr", url=API_URL, status=status)
    error.head = head.encode()
    with pytest.raises(ApiError) as caught:
        visit(in_turn(error), API)

    assert reason == caught.value.reason


def test_a_status_that_tells_nothing_stays_one() -> None:
    """502 is the server's own trouble."""
    error = BadStatus("bad gateway", feed_id="korea-kr", url=API_URL, status=502)
    with pytest.raises(BadStatus):
        visit(in_turn(error), API)


def test_an_unasked_304_is_no_answer() -> None:
    """No validators are sent to an interface."""
    fake = in_turn(NotModified())
    with pytest.raises(BadStatus, match="without being asked"):
        visit(fake, API)

    assert (None, None, 0) == (
        fake.asked[0].etag,
        fake.asked[0].last_modified,
        fake.asked[0].known_bytes,
    )


def test_a_kept_move_does_not_replace_an_interface() -> None:
    """It would keep the days that were asked for when it was seen."""
    fake = in_turn(api_page())
    visit(fake, API, replace(STATE, move=Move(url="https://new.example/x?pageNo=1", kept=True)))

    assert fake.asked[0].url.startswith(f"{API_URL}?serviceKey=")


def test_the_address_may_have_parameters_of_its_own() -> None:
    """Such as the form of the answer."""
    fake = in_turn(api_page())
    visit(fake, replace(API, url=f"{API_URL}?_type=json"))

    assert fake.asked[0].url.startswith(f"{API_URL}?_type=json&serviceKey=")


def test_the_digest_stands_for_everything_that_came() -> None:
    """Of an interface all answers, of a list the page that decides."""
    one, two = page("one"), page("two")
    both, other = Gathered(first=one, further=(two,)), Gathered(first=one, further=(one,))

    assert digest_of_all(both, API) != digest_of_all(other, API)
    assert digest_of(one) == digest_of_all(both, LIST) == digest_of_all(Gathered(first=one), API)


# --- the key --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling", [KEY, ENCODED_KEY, f"  {KEY}\n", ENCODED_KEY.lower().replace("%2b", "%2B")]
)
def test_both_forms_of_the_key_are_encoded_once(spelling: str) -> None:
    """The one of the portal's page, and the one that is meant for an address."""
    fake = in_turn(api_page())
    visit(fake, API, environ={"DATA_GO_KR_KEY": spelling})

    sent = urlsplit(fake.asked[0].url).query.partition("serviceKey=")[2].partition("&")[0]
    assert unquote(spelling.strip()) == unquote(sent)
    assert "%25" not in sent


@pytest.mark.parametrize(
    ("environ", "reason", "words"),
    [
        ({}, "key_missing", "environment variable DATA_GO_KR_KEY"),
        ({"DATA_GO_KR_KEY": "  "}, "key_missing", "environment variable DATA_GO_KR_KEY"),
        ({"DATA_GO_KR_KEY": "secret"}, "key_malformed", "is no key"),
        ({"DATA_GO_KR_KEY": "two words of it"}, "key_malformed", "is no key"),
        ({"DATA_GO_KR_KEY": "비밀비밀비밀비밀비밀"}, "key_malformed", "is no key"),
    ],
)
def test_without_a_key_nothing_is_sent(environ: dict[str, str], reason: str, words: str) -> None:
    """One clear line says where it belongs, and does not repeat what stands there."""
    fake = in_turn()
    with pytest.raises(ApiError, match=words) as caught:
        visit(fake, API, environ=environ)

    assert (reason, []) == (caught.value.reason, fake.asked)
    assert not any(value.strip() and value in str(caught.value) for value in environ.values())


def test_the_fetcher_is_told_what_to_hide() -> None:
    """In every spelling that an address or a message may have."""
    fake = in_turn(api_page())
    visit(fake, API)

    lower = ENCODED_KEY.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")
    assert {KEY, ENCODED_KEY, lower} <= set(fake.asked[0].secrets)


def leaks(*told: object) -> list[str]:
    """What of these tells the key."""
    texts = [repr(each) for each in told]
    return [text for text in texts for key in SECRET_KEYS if key in text or key[:20] in text]


def test_what_came_does_not_tell_the_key() -> None:
    """Neither its address, nor its hops, nor a body that repeats the question."""

    def script(request: FetchRequest) -> Fetched:
        body = api_page(1) + f"<!-- {request.url} {KEY} -->"
        moved = request.url.replace("apis.example", "other.example")
        came = page(body, moved)
        return replace(came, wire=body.encode(), hops=(Hop(url=request.url, status=302),))

    found = brought(Fake(script), API)

    assert [] == leaks(found, found.document(API, NOW))
    assert found.first.url.startswith("https://other.example/1371000/")
    assert "startDate=20240302" in found.first.url


def test_the_address_of_an_answer_is_the_configured_one() -> None:
    """So that nobody takes it for a move, and relative links have a base."""
    assert API_URL == brought(in_turn(api_page()), API).first.url


@pytest.mark.parametrize("kind", [ConnectFailed, FetchTimeout])
def test_no_error_tells_the_key(kind: type[FetchError]) -> None:
    """Neither its words, nor its address, hops and first bytes, nor what caused it."""

    def script(request: FetchRequest) -> Exception:
        error = kind(f"no answer from {request.url}", feed_id=request.feed_id, url=request.url)
        error.hops = (Hop(url=request.url, status=302),)
        error.head = request.url.encode()
        error.__cause__ = OSError(request.url)
        return error

    with pytest.raises(kind) as caught:
        visit(Fake(script), API)

    error = caught.value
    assert [] == leaks(str(error), error.args, error.url, error.hops, error.head, error.__cause__)
    assert error.__suppress_context__


def test_keys_are_masked_longest_first() -> None:
    """The encoded form holds parts of the plain one."""
    key = key_of(API, ENVIRON)

    assert "a *** b *** c" == key.masked(f"a {KEY} b {ENCODED_KEY} c")
    assert '{"asked": "***"}' == key.masked(f'{{"asked": "{KEY.replace("/", chr(92) + "/")}"}}')
    assert "***" == key.masked(
        KEY.replace("+", "&#43;").replace("/", "&#47;").replace("=", "&#61;")
    )
    assert "***" == key.masked(KEY.replace("+", " "))
    assert [len(s) for s in key.spellings] == sorted((len(s) for s in key.spellings), reverse=True)
