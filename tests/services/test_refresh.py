"""Feeds fetched over loopback, read, and stored in a real database."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.domain.errors import Conflict, StoreError, StoreFull
from aggregator.domain.feeds import Feed, Identity, Issuer
from aggregator.domain.health import Health
from aggregator.domain.visits import FeedState, Move, Outcome, Visit
from aggregator.fetch.http import HttpFetcher
from aggregator.ports.reading import Document, Inspected
from aggregator.ports.refreshing import Arrived, KnownItem, RefreshPlan
from aggregator.ports.storing import Store
from aggregator.read.items import fingerprint
from aggregator.read.items.hash_version import HASH_VERSION
from aggregator.services.intake import digests
from aggregator.services.intake.after_visit import after_hold, after_reading
from aggregator.services.intake.refresh_plan import plan_refresh
from aggregator.services.trials.inline_reader import InlineReader
from aggregator.services.trials.inspect import read_for
from aggregator.services.visits.refresh import IN_USE, Refreshed, Refresher
from aggregator.store.schema import open_store
from tests.fetch.make import guard_for
from tests.fixtures.http import Answer, Asked, Office, Script, serve
from tests.fixtures.records import NOW, make_feed, make_item


@dataclass
class HandClock:
    """Shows what the test says."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    yield opened
    opened.close()


def rss(*titles: str, day: int = 20) -> bytes:
    """A feed with one entry for each title."""
    entries = "".join(
        f"<item><title>{title}</title><link>http://molit.example/{number}</link>"
        f"<pubDate>Tue, {day} Feb 2024 09:00:00 +0900</pubDate></item>"
        for number, title in enumerate(titles)
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>보도</title>"
        f"<link>http://molit.example/</link>{entries}</channel></rss>"
    ).encode()


def visit(
    store: Store, office: Office, *feeds: Feed, clock: HandClock | None = None
) -> list[Refreshed]:
    """Sync these feeds and visit them once."""

    async def go() -> list[Refreshed]:
        async with HttpFetcher(guard=guard_for(office), user_agent="desk", spacing=0.0) as fetcher:
            refresher = Refresher(
                store=store,
                fetcher=fetcher,
                clock=clock or HandClock(),
                reader=InlineReader(issuer={"국토교통부": "molit"}.get),
            )
            return await refresher.refresh(feeds)

    return asyncio.run(go())


def synced(store: Store, *feeds: Feed) -> tuple[Feed, ...]:
    store.sync_feeds(feeds, NOW)
    return feeds


def feed(name: str = "molit", /, **changes: object) -> Feed:
    return make_feed(name, url=f"http://{name}.example/rss", **changes)


def titles(store: Store) -> list[str]:
    return [stored.item.title for stored in store.items()]


def test_a_plan_tells_new_changed_and_unchanged_apart() -> None:
    """An item is known by its key and changed by its hash."""
    known = {
        "a": KnownItem(id=1, key="a", hash="old", rev=1),
        "b": KnownItem(id=2, key="b", hash="same", rev=3),
    }
    items = [make_item("a", hash="new"), make_item("b", hash="same"), make_item("c")]
    known = {
        key: replace(each, link=make_item(key).link, canonical_url=make_item(key).canonical_url)
        for key, each in known.items()
    }
    plan = plan_refresh("molit", known, items, NOW)
    assert (
        RefreshPlan(
            feed_id="molit", seen_at=NOW, new=(items[2],), changed=(items[0],), unchanged=("b",)
        )
        == plan
    )


def test_a_visit_stores_items_state_and_its_own_record(store: Store) -> None:
    """What came is kept with the validators that it came with."""
    headers = [("ETag", '"1"'), ("Last-Modified", "Tue, 20 Feb 2024 00:00:00 GMT")]
    with serve(Answer(headers=headers, body=rss("하나", "둘"), pause=0.02)) as office:
        (report,) = visit(store, office, *synced(store, feed()))
    assert ["하나", "둘"] == titles(store)
    state = store.feed_states()["molit"]
    assert ('"1"', headers[1][1], NOW, NOW) == (
        state.etag,
        state.last_modified,
        state.last_ok_at,
        state.last_new_at,
    )
    assert ("보도", "http://molit.example/") == (state.title, state.link)
    (logged,) = store.visits("molit")
    assert (Outcome.FETCHED, 200, 2, 0) == (
        logged.outcome,
        logged.status,
        logged.new,
        logged.changed,
    )
    assert logged == report.visit
    assert 20 <= logged.milliseconds < 5000


def test_not_modified_is_cheap(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """304 sends the validators, counts as success, and looks at no item."""
    answers = [Answer(headers=[("ETag", '"1"')], body=rss("하나")), Answer(status=304)]
    with serve(answers) as office:
        feeds = synced(store, feed())
        visit(store, office, *feeds)
        before = store.feed_states()["molit"]
        forbid_items(store, monkeypatch)
        later = HandClock(NOW + timedelta(hours=1))
        (report,) = visit(store, office, *feeds, clock=later)
    assert '"1"' == office.asked[1].headers["if-none-match"]
    assert (Outcome.NOT_MODIFIED, 304) == (report.visit.outcome, report.visit.status)
    after = store.feed_states()["molit"]
    assert (before.etag, before.body_hash) == (after.etag, after.body_hash)
    assert later.at == after.last_ok_at
    assert NOW == after.last_new_at


def test_an_unchanged_body_is_cheap(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal bytes are not read again, but their new validators are kept."""
    bodies = [Answer(headers=[("ETag", f'"{n}"')], body=rss("하나")) for n in range(2)]
    with serve(bodies) as office:
        feeds = synced(store, feed())
        visit(store, office, *feeds)
        forbid_items(store, monkeypatch)
        (report,) = visit(store, office, *feeds)
    assert Outcome.UNCHANGED == report.visit.outcome
    assert '"1"' == store.feed_states()["molit"].etag


def forbid_items(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        pytest.fail("an item was touched")

    monkeypatch.setattr(store, "known_items", fail)
    monkeypatch.setattr(store, "apply_refresh", fail)


def test_a_changed_entry_is_a_new_revision(store: Store) -> None:
    """Changed and unchanged items are told apart on the second visit."""
    with serve([Answer(body=rss("하나", "둘")), Answer(body=rss("하나", "둘 (수정)"))]) as office:
        feeds = synced(store, feed())
        visit(store, office, *feeds)
        (report,) = visit(store, office, *feeds)
    assert (0, 1) == (report.visit.new, report.visit.changed)
    assert [("하나", 1), ("둘 (수정)", 2)] == [(s.item.title, s.rev) for s in store.items()]


def test_a_new_program_version_reads_the_same_bytes_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When reading changed, the validators are held back once and equal bytes are read anew."""

    def script(asked: Asked) -> Answer:
        if "if-none-match" in asked.names:
            return Answer(status=304)
        return Answer(headers=[("ETag", '"1"')], body=rss("하나"))

    with serve(script) as office:
        feeds = synced(store, feed())
        visit(store, office, *feeds)
        monkeypatch.setattr(digests, "READER_VERSION", "next")
        outcomes = [visit(store, office, *feeds)[0].visit.outcome for _ in range(2)]
    assert [Outcome.FETCHED, Outcome.NOT_MODIFIED] == outcomes


@pytest.mark.parametrize(
    "changes",
    [
        {"encoding": "cp949"},
        {"timezone": "UTC"},
        {"identity": Identity.TITLE_DATE},
        {"issuer": Issuer.AUTHOR},
        {"body": "seoul"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_settings_read_the_same_bytes_again(store: Store, changes: dict[str, object]) -> None:
    """Also when a process with the old settings visited the feed after the change was synced."""
    with serve(Answer(headers=[("ETag", '"1"')], body=rss("one"))) as office:
        old, new = feed(), feed(**changes)
        synced(store, new)
        visit(store, office, old)
        (report,) = visit(store, office, new)
    assert "if-none-match" not in office.asked[1].names
    assert Outcome.FETCHED == report.visit.outcome


@pytest.mark.parametrize("changes", [{"title": "새 이름"}, {"every": timedelta(hours=2)}])
def test_settings_that_decide_nothing_read_nothing_again(
    store: Store, changes: dict[str, object]
) -> None:
    """A new title or interval leaves the validators in use."""
    with serve([Answer(headers=[("ETag", '"1"')], body=rss("하나")), Answer(status=304)]) as office:
        visit(store, office, *synced(store, feed()))
        (report,) = visit(store, office, *synced(store, feed(**changes)))
    assert Outcome.NOT_MODIFIED == report.visit.outcome


def test_another_charset_in_the_header_is_another_document(store: Store) -> None:
    """Equal bytes that are now said to be in another charset are read again."""
    bodies = [
        Answer(headers=[("Content-Type", f"text/xml; charset={charset}")], body=rss("하나"))
        for charset in ("utf-8", "euc-kr")
    ]
    with serve(bodies) as office:
        feeds = synced(store, feed())
        visit(store, office, *feeds)
        (report,) = visit(store, office, *feeds)
    assert Outcome.FETCHED == report.visit.outcome


HTML = Answer(headers=[("Content-Type", "text/html")], body=b"<html><title>x</title></html>")


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        (Answer(status=503), "bad_status", 503),
        (HTML, "html_page", 200),
        (Answer(raw=b""), "refused", None),
        (Answer(status=302, headers=[("Location", "file:///etc/passwd")]), "blocked_address", None),
    ],
    ids=["status", "html", "closed", "blocked"],
)
def test_a_failure_is_recorded_and_stops_nobody_else(
    store: Store, answer: Answer, code: str, status: int | None
) -> None:
    """The ill feed has its words, the feeds beside it their items; what was known stays."""

    def script(asked: Asked) -> Answer:
        return answer if asked.headers["host"] == "molit.example" else Answer(body=rss("하나"))

    old = FeedState(feed_id="molit", etag='"1"', body_hash="x", last_ok_at=NOW - timedelta(1))
    with serve(script) as office:
        feeds = synced(store, feed("msit"), feed(), feed("seoul"))
        store.apply_refresh(RefreshPlan(feed_id="molit", seen_at=NOW), old, _earlier())
        reports = visit(store, office, *feeds)
    assert ["msit", "molit", "seoul"] == [report.visit.feed_id for report in reports]
    assert ["", code, ""] == [report.visit.error_code or "" for report in reports]
    assert 2 == len(titles(store))
    state = store.feed_states()["molit"]
    assert (1, code, reports[1].error) == (state.failures, state.error_code, state.error_text)
    assert ('"1"', "x", old.last_ok_at) == (state.etag, state.body_hash, state.last_ok_at)
    assert (Outcome.FAILED, status) == (reports[1].visit.outcome, reports[1].visit.status)
    assert "Traceback" not in reports[1].error
    assert 1 == len(reports[1].error.splitlines())


def _earlier() -> Visit:
    return Visit(
        feed_id="molit", started_at=NOW - timedelta(1), milliseconds=1, outcome=Outcome.FETCHED
    )


def test_a_success_ends_an_illness(store: Store) -> None:
    """One good visit clears failures and words, and the interval is the wished one again."""
    busy = rss(*(f"소식 {number}" for number in range(200)))
    with serve([Answer(status=500), Answer(status=500), Answer(body=busy)]) as office:
        feeds = synced(store, feed())
        for _ in range(3):
            visit(store, office, *feeds)
    state = store.feed_states()["molit"]
    assert (0, None, None) == (state.failures, state.error_code, state.error_text)
    assert state.next_check_at is not None
    assert state.next_check_at - NOW <= timedelta(hours=1.1)


def test_a_document_that_trips_the_reader_stops_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program in reading one document is that feed's illness alone."""
    honest = read_for

    def trip(document: Document, issuer: Callable[[str], str | None]) -> Inspected:
        if b"BOOM" in document.body:
            raise ZeroDivisionError
        return honest(document, issuer)

    monkeypatch.setattr("aggregator.services.trials.inline_reader.read_for", trip)

    def script(asked: Asked) -> Answer:
        return Answer(body=rss("BOOM" if asked.headers["host"] == "molit.example" else "하나"))

    with serve(script) as office:
        ill, well = visit(store, office, *synced(store, feed(), feed("msit")))
    assert ("read_failed", None) == (ill.visit.error_code, well.visit.error_code)


def test_a_fault_of_the_program_in_one_visit_stops_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged with where it was, told as that feed's illness, and the others go on."""
    honest = after_reading

    def trip(feed: Feed, *parts: object, **more: object) -> FeedState:
        if feed.id == "molit":
            raise OverflowError
        return honest(feed, *parts, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("aggregator.services.intake.new_documents.after_reading", trip)
    with serve(Answer(body=rss("하나"))) as office:
        ill, well = visit(store, office, *synced(store, feed(), feed("msit")))
    assert ("read_failed", None) == (ill.visit.error_code, well.visit.error_code)
    assert "OverflowError in the program" in ill.error


def test_a_time_to_live_without_end_is_a_week(store: Store) -> None:
    """And the ceiling holds for that, too."""
    body = rss("하나").replace(b"<item>", b"<ttl>99999999999999</ttl><item>", 1)
    with serve(Answer(body=body)) as office:
        (report,) = visit(store, office, *synced(store, feed()))
    state = store.feed_states()["molit"]
    assert ("", 7 * 24 * 60) == (report.error, state.schedule.minutes_to_live)
    assert state.next_check_at is not None
    assert state.next_check_at - NOW <= timedelta(hours=24.2)


@pytest.mark.parametrize("method", ["apply_refresh", "record_visits"])
def test_a_store_error_is_raised_and_leaves_the_old_validators(
    store: Store, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is no illness of a feed: it is raised, and the body will come again."""

    def full(*_: object, **__: object) -> None:
        raise StoreFull("no room")

    bodies: Sequence[Answer] = [
        Answer(headers=[("ETag", '"1"')], body=rss("하나")),
        Answer(headers=[("ETag", '"2"')], body=rss(*(["하나", "둘"][: 1 + _brings(method)]))),
    ]
    with serve(bodies) as office:
        feeds = synced(store, feed())
        visit(store, office, *feeds)
        before = store.feed_states()["molit"]
        with monkeypatch.context() as patch:
            patch.setattr(store, method, full)
            with pytest.raises(StoreFull):
                visit(store, office, *feeds)
        assert before == store.feed_states()["molit"]
        visit(store, office, *feeds)
    assert '"1"' == office.asked[2].headers["if-none-match"]
    assert 1 + _brings(method) == len(titles(store))


def _brings(method: str) -> bool:
    """Whether this method is the one that takes in items."""
    return method == "apply_refresh"


def test_a_store_that_fails_between_items_and_state_keeps_neither(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Items and validators are one transaction."""
    from aggregator.store import feeds as rows  # noqa: PLC0415

    def fail(*_: object) -> None:
        raise StoreError("power cut")

    with serve(Answer(headers=[("ETag", '"1"')], body=rss("하나"))) as office:
        feeds = synced(store, feed())
        with monkeypatch.context() as patch:
            patch.setattr(rows, "write_visits", fail)
            (report,) = visit(store, office, *feeds)
        assert "power cut" in report.error
        assert ([], None) == (titles(store), store.feed_states()["molit"].etag)
        visit(store, office, *feeds)
    assert ["하나"] == titles(store)


def test_after_a_store_error_nobody_is_still_fetching(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visits under way are given up before the error is raised, so nothing waits for them."""
    slow: Script = lambda asked: (  # noqa: E731
        Answer(body=rss("하나"), pause=20 if asked.headers["host"] == "slow.example" else 0)
    )

    def full(*_: object, **__: object) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr(store, "apply_refresh", full)
    with serve(slow) as office, pytest.raises(StoreFull):
        visit(store, office, *synced(store, feed(), feed("slow")))
    assert ["molit.example"] == [asked.headers["host"] for asked in office.asked]


def refresher_of(store: Store, fetcher: HttpFetcher) -> Refresher:
    """One with a clock that stands still, which reads in this process."""
    reader = InlineReader(issuer=lambda _: None)
    return Refresher(store=store, fetcher=fetcher, clock=HandClock(), reader=reader)


def test_whoever_is_cancelled_at_the_end_still_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun ends first: no lease is left behind."""
    begun, ended, release = threading.Event(), threading.Event(), store.release_feeds

    def slow(token: str) -> None:
        begun.set()
        time.sleep(0.2)
        release(token)
        ended.set()

    async def go(office: Office, feeds: Sequence[Feed]) -> None:
        async with HttpFetcher(guard=guard_for(office), user_agent="desk", spacing=0.0) as fetcher:
            refresher = refresher_of(store, fetcher)
            task = asyncio.ensure_future(refresher.refresh(feeds))
            await asyncio.to_thread(begun.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    monkeypatch.setattr(store, "release_feeds", slow)
    with serve(Answer(body=rss("하나"))) as office:
        asyncio.run(go(office, synced(store, feed())))
    assert ended.is_set()


def test_each_visit_is_reported_as_it_ends(store: Store) -> None:
    """on_done is called once for each feed, ill or well."""
    done: list[str] = []

    async def go(office: Office, feeds: Sequence[Feed]) -> None:
        async with HttpFetcher(guard=guard_for(office), user_agent="desk", spacing=0.0) as fetcher:
            refresher = refresher_of(store, fetcher)
            await refresher.refresh(feeds, on_done=lambda r: done.append(r.visit.feed_id))

    with serve([Answer(status=500), Answer(body=rss("하나"))]) as office:
        feeds = synced(store, feed(), feed("msit"))
        asyncio.run(go(office, feeds))
    assert ["molit", "msit"] == sorted(done)


def test_warnings_are_said_once(store: Store) -> None:
    """An oddity of the document is one slug in the report."""
    body = rss("하나", "하나").replace(b"</rss>", b"")
    with serve(Answer(body=body)) as office:
        (report,) = visit(store, office, *synced(store, feed()))
    assert "not-well-formed" in report.warnings
    assert len(set(report.warnings)) == len(report.warnings)


def test_the_issuer_is_asked_where_the_feed_says_so(store: Store) -> None:
    """A portal's entry belongs to the body that its author names."""
    body = rss("하나").replace(b"</item>", "<author>국토교통부</author></item>".encode())
    portal = replace(feed("korea"), issuer=Issuer.AUTHOR)
    with serve(Answer(body=body)) as office:
        visit(store, office, *synced(store, portal))
    assert ["molit"] == [stored.item.body for stored in store.items()]


def test_an_entry_that_says_nothing_is_not_kept(store: Store) -> None:
    """A date alone is no release; it is warned about."""
    body = rss("하나").replace(
        b"</channel>", b"<item><pubDate>2024-02-20</pubDate></item></channel>"
    )

    report = in_turn(store, body)

    assert ["하나"] == titles(store)
    assert "empty-entries" in report.warnings


def board(*numbers: int, host: str = "molit.example", guid: str = "", title: str = "소식") -> bytes:
    """A feed of a board's pages; ``guid`` stands before the number, or is no guid."""
    entries = "".join(
        f"<item><title>{title} {number}</title>"
        f"<link>http://{host}/www/selectBbsNttView.do?bbsNo=27&amp;nttNo={number}</link>"
        + (f"<guid isPermaLink='false'>{guid}{number}</guid>" if guid else "")
        + "<pubDate>Tue, 20 Feb 2024 09:00:00 +0900</pubDate></item>"
        for number in numbers
    )
    return f"<rss version='2.0'><channel><title>보도</title>{entries}</channel></rss>".encode()


def in_turn(store: Store, *bodies: bytes, feeds: tuple[Feed, ...] = ()) -> Refreshed:
    """Visit the feed once for each body; the last report."""
    with serve([Answer(body=body) for body in bodies]) as office:
        synced(store, *(feeds or (feed(),)))
        clock = HandClock()
        for _ in bodies:
            clock.at += timedelta(hours=1)
            (report,) = visit(store, office, *(feeds or (feed(),)), clock=clock)
    return report


def test_a_feed_that_renumbers_is_told_and_brings_nothing_new(store: Store) -> None:
    """Other guids for all entries: the rows move, the report and the log say so."""
    in_turn(store, board(1, 2, 3, guid="a-"))
    before = {stored.item.title: stored.id for stored in store.items()}
    with capture_logs() as lines:
        report = in_turn(store, board(3, 2, 1, guid="b-"))
    assert (0, 0) == (report.visit.new, report.visit.changed)
    assert "renumbered" in report.warnings
    assert [["renumbered"]] == [line.get("warnings") for line in lines]
    assert before == {stored.item.title: stored.id for stored in store.items()}
    assert {"guid:b-1", "guid:b-2", "guid:b-3"} == {one.item.key for one in store.items()}


def test_a_ministry_that_moves_keeps_its_items(store: Store) -> None:
    """Another host under every link: the links are the new ones, the revisions the old ones."""
    report = in_turn(store, board(1, 2), board(1, 2, 3, host="molit-new.example"))
    assert (1, 0) == (report.visit.new, report.visit.changed)
    assert {"molit-new.example"} == {one.item.link.split("/")[2] for one in store.items()}
    assert {(1, None)} == {(one.rev, one.changed_at) for one in store.items()}


def test_a_guid_used_again_overwrites_nothing(store: Store) -> None:
    """The guid of an old release over a new one: both are there, at every later visit."""
    first, then = board(1, guid="press-"), board(2, guid="press-").replace(b"press-2", b"press-1")
    report = in_turn(store, first, then, first, then)
    assert (0, 0) == (report.visit.new, report.visit.changed)
    assert ["소식 1", "소식 2"] == sorted(titles(store))


def test_one_feed_never_touches_the_items_of_another(store: Store) -> None:
    """The same guids, links and headlines in two feeds are four items."""
    both = (feed(), feed("msit"))
    with serve(Answer(body=board(1, 2, guid="a-"))) as office:
        visit(store, office, *synced(store, *both))
        visit(store, office, *both)
    with serve(Answer(body=board(1, 2, guid="b-"))) as office:
        visit(store, office, both[0])
    keys = [(one.item.feed_id, one.item.key) for one in store.items()]
    assert [("molit", "guid:b-1"), ("molit", "guid:b-2")] == keys[:2]
    assert [("msit", "guid:a-1"), ("msit", "guid:a-2")] == keys[2:]


def test_a_database_of_an_older_version_shows_no_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All documents are read again and all hashes made anew, and no reader is told of a change."""
    with monkeypatch.context() as old:
        old.setattr(fingerprint, "HASH_VERSION", "old")
        old.setattr(digests, "HASH_VERSION", "old")
        in_turn(store, board(1, 2, 3))
    report = in_turn(store, board(1, 2, 3))
    assert Outcome.FETCHED == report.visit.outcome
    assert (0, 0, ()) == (report.visit.new, report.visit.changed, report.warnings)
    assert {(1, None)} == {(one.rev, one.changed_at) for one in store.items()}
    version = HASH_VERSION
    assert {version} == {one.item.hash.partition(":")[0] for one in store.items()}


def test_a_plan_that_is_out_of_date_is_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process visits the feed between reading and writing; nothing is doubled."""
    in_turn(store, board(1, 2, 3, guid="a-"))
    apply, calls = store.apply_refresh, []

    def late(plan: RefreshPlan, state: FeedState, seen: Visit, **more: object) -> None:
        calls.append(plan)
        if len(calls) == 1:
            apply(plan, FeedState(feed_id="molit"), seen)
            raise Conflict("refresh again")
        apply(plan, state, seen, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "apply_refresh", late)
    report = in_turn(store, board(1, 2, 3, guid="b-"))
    assert (2, 3, 0) == (len(calls), len(titles(store)), report.visit.new)
    monkeypatch.setattr(
        store, "apply_refresh", lambda *_, **__: (_ for _ in ()).throw(Conflict("again"))
    )
    report = in_turn(store, board(1, 2, 3, guid="c-"))
    assert "could not be stored" in report.error


def test_a_plan_that_is_never_in_time_is_one_feeds_illness(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feeds beside it are stored."""
    apply = store.apply_refresh

    def late(plan: RefreshPlan, state: FeedState, seen: Visit, **more: object) -> None:
        if plan.feed_id == "molit":
            raise Conflict("refresh again")
        apply(plan, state, seen, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "apply_refresh", late)
    together = store.apply_refreshes

    def late_together(arrived: Sequence[Arrived]) -> None:
        if len(arrived) > 1:
            raise Conflict("refresh again")
        together(arrived)

    monkeypatch.setattr(store, "apply_refreshes", late_together)
    with serve(Answer(body=rss("하나"))) as office:
        ill, well = visit(store, office, *synced(store, feed(), feed("msit")))
    assert ("read_failed", None) == (ill.visit.error_code, well.visit.error_code)
    assert ["하나"] == titles(store)


def test_a_feed_that_is_named_twice_is_visited_once(store: Store) -> None:
    """One feed, one report for each name."""
    with serve(Answer(body=rss("하나"))) as office:
        (one,) = synced(store, feed())
        reports = visit(store, office, one, one)
    assert (1, 1) == (len(office.asked), len({report.visit for report in reports}))


def test_two_ports_are_one_host(store: Store) -> None:
    """Another run that would visit a host at another port meanwhile leaves it alone."""
    molit, msit = (
        make_feed(name, url=f"http://office.example:{port}/{name}")
        for name, port in (("molit", 8001), ("msit", 8002))
    )
    meanwhile: list[Refreshed] = []

    def answer(asked: Asked) -> Answer:
        if asked.path == "/molit":
            meanwhile.extend(visit(store, office, msit))
        return Answer(body=rss("하나"))

    with serve(answer) as office:
        synced(store, molit, msit)
        (report,) = visit(store, office, molit)
        assert ("", [IN_USE]) == (report.error, [one.error for one in meanwhile])
        assert ["/molit"] == [asked.path for asked in office.asked]
        assert [""] == [one.error for one in visit(store, office, msit)]


def test_what_watches_undoes_no_visit(store: Store) -> None:
    """A bar that breaks down is logged, and the visit counts."""

    async def go(office: Office, feeds: Sequence[Feed]) -> list[Refreshed]:
        async with HttpFetcher(guard=guard_for(office), user_agent="desk", spacing=0.0) as fetcher:
            refresher = refresher_of(store, fetcher)

            def watch(_: Refreshed) -> None:
                raise ZeroDivisionError

            return await refresher.refresh(feeds, on_done=watch)

    with serve(Answer(body=rss("하나"))) as office:
        (report,) = asyncio.run(go(office, synced(store, feed())))
    assert ("", 1) == (report.error, report.visit.new)


def test_what_is_gone_at_a_kept_address_is_asked_for_at_the_configured_one(store: Store) -> None:
    """410 there ends the move, not the feed."""
    with serve([Answer(status=410), Answer(body=rss("하나"))]) as office:
        (one,) = synced(store, feed())
        kept = Move(url="http://new.example/rss", days=(NOW.date(),) * 3, kept=True)
        store.record_visit(FeedState(feed_id="molit", move=kept), _earlier())
        visit(store, office, one)
        state = store.feed_states()["molit"]
        assert (None, None, Health.GONE) == (
            state.suspended_at,
            state.move,
            state.condition.health,
        )
        visit(store, office, one)
    hosts = [asked.headers["host"] for asked in office.asked]
    assert ["new.example", "molit.example"] == hosts


def test_a_held_host_never_brings_a_visit_forward() -> None:
    """The later of both times counts."""
    far = FeedState(feed_id="molit", next_check_at=NOW + timedelta(hours=20))
    soon = NOW + timedelta(minutes=5)
    assert [far.next_check_at, soon] == [
        after_hold(far, soon).next_check_at,
        after_hold(FeedState(feed_id="molit"), soon).next_check_at,
    ]
