"""The press-release interface over real HTTP: windows, pages, keys, refusals, updates, embargoes."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.domain.errors import AggregatorError, ApiError
from aggregator.domain.feeds import Feed, FeedKind, Issuer
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.domain.visits import FeedState, Outcome
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.ports.reading import Inspected
from aggregator.ports.storing import Store
from aggregator.services.asking.gathered import Gathered
from aggregator.services.asking.gathering import gather
from aggregator.services.trials.inline_reader import InlineReader
from aggregator.services.trials.inspect import read_for
from aggregator.services.trials.probe import Probe, Prober, Verdict
from aggregator.services.visits.refresh import Refreshed, Refresher
from aggregator.store.schema import open_store
from tests.fixtures.http import Answer, Office, serve
from tests.fixtures.press_api import ENCODED_KEY, KEY, PATH, Interface, Release
from tests.fixtures.records import NOW, make_feed

BODIES = {"국토교통부": "molit", "환경부": "mcee"}
FEED = make_feed(
    "korea-kr",
    url=f"http://apis.example{PATH}",
    kind=FeedKind.PRESS_API,
    key_env="DATA_GO_KR_KEY",
    issuer=Issuer.AUTHOR,
)
MONTH = [
    Release(number=str(156600000 + n), approved=datetime(2024, 3, 4, 9) - timedelta(hours=7 * n))  # noqa: DTZ001
    for n in range(60)
]
"""Sixty releases of eighteen days, some of them at midnight."""


@dataclass(frozen=True)
class Clock:
    """Stands still."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An interface that runs, and a fetcher to ask it with."""

    interface: Interface
    office: Office

    def fetcher(self) -> HttpFetcher:
        port = self.office.port
        guard = Guard(
            allow=[AddressException(host="127.0.0.1", port=port)],
            connect_to=[ConnectTo(pattern="*.example", host="127.0.0.1", port=port)],
        )
        return HttpFetcher(guard=guard, user_agent="test", spacing=0.0)

    def gather(self, feed: Feed = FEED, key: str = KEY, now: datetime = NOW) -> Gathered:
        """One visit for real."""

        async def go() -> Gathered:
            async with self.fetcher() as fetcher:
                state = FeedState(feed_id=feed.id)
                found = await gather(fetcher, feed, state, now=now, environ={feed.key_env: key})
            assert isinstance(found, Gathered)
            return found

        return asyncio.run(go())

    def read(self, feed: Feed = FEED, key: str = KEY) -> Inspected:
        """One visit, and what it brought."""
        return read_for(self.gather(feed, key).document(feed, NOW), BODIES.get)

    def probe(self, feed: Feed = FEED, environ: Mapping[str, str] | None = None) -> Probe:
        """What ``check --live`` says of it."""

        async def go() -> list[Probe]:
            async with self.fetcher() as fetcher:
                prober = Prober(
                    fetcher=fetcher,
                    clock=Clock(),
                    issuer=BODIES.get,
                    environ={feed.key_env: KEY} if environ is None else environ,
                )
                return await prober.probe([feed])

        (found,) = asyncio.run(go())
        return found


@contextmanager
def running(**settings: object) -> Iterator[Desk]:
    interface = Interface(**settings)  # type: ignore[arg-type]
    with serve(interface.answer) as office:
        yield Desk(interface=interface, office=office)


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("knows_pages", [True, False])
@pytest.mark.parametrize("tells_total", [True, False])
@pytest.mark.parametrize("days", [1, 3, 20])
def test_every_release_of_the_days_arrives_once(
    form: str, days: int, *, knows_pages: bool, tells_total: bool
) -> None:
    """However the interface writes and counts, across the seams of windows and at midnight."""
    with running(
        releases=[*MONTH], form=form, knows_pages=knows_pages, tells_total=tells_total
    ) as desk:
        found = desk.read(replace(FEED, days=days))

    since = datetime(2024, 3, 5) - timedelta(days=days)  # noqa: DTZ001
    expected = [release.number for release in MONTH if release.approved >= since]
    assert expected == [item.guid for item in found.items]
    assert () == found.warnings


def test_a_busy_window_has_several_pages() -> None:
    """Three days of the whole government are more than one question brings."""
    at = datetime(2024, 3, 3, 9)  # noqa: DTZ001
    busy = [Release(number=str(n), approved=at + timedelta(seconds=n)) for n in range(250)]
    with running(releases=busy) as desk:
        found = desk.read()

    assert ["1", "2", "3"] == [asked["pageNo"] for asked in desk.interface.asked]
    assert {str(n) for n in range(250)} == {item.guid for item in found.items}


@pytest.mark.parametrize("key", [KEY, ENCODED_KEY])
def test_either_form_of_the_key_is_taken(key: str) -> None:
    """It is encoded once on its way, whichever it was."""
    with running(releases=MONTH[:1]) as desk:
        assert 1 == len(desk.read(key=key).items)

    assert ENCODED_KEY == desk.interface.asked[0]["serviceKey"]


def test_a_wrong_key_is_refused_by_name() -> None:
    """With what would be right."""
    with running() as desk, pytest.raises(ApiError, match="apply for the data set") as caught:
        desk.read(key="0123456789abcdef")

    assert "key_unregistered" == caught.value.reason


def test_no_key_is_one_clear_line_and_no_request() -> None:
    """In check --live as well."""
    with running() as desk:
        found = desk.probe(environ={})

    assert ("api_error", Verdict.NO_FEED, []) == (
        found.error_code,
        found.verdict,
        desk.interface.asked,
    )
    assert "environment variable DATA_GO_KR_KEY" in found.says
    assert "\n" not in found.says


def test_check_live_asks_the_interface() -> None:
    """Its releases are counted, and nobody takes its address for a move."""
    with running(releases=[*MONTH]) as desk:
        found = desk.probe(replace(FEED, days=9))

    assert found.contents is not None
    assert (Verdict.WORKS, FEED.url, 3) == (found.verdict, found.url, len(desk.interface.asked))
    assert (29, 29) == (found.contents.entries, found.contents.with_guid)


def test_a_limit_that_is_reached_on_the_way() -> None:
    """The newer days arrive, and that the older ones did not is told."""
    with running(releases=[*MONTH], limit=2) as desk:
        gathered = desk.gather(replace(FEED, days=20))
        found = desk.probe(replace(FEED, days=20))

    assert (1, ("window-missing",)) == (len(gathered.further), gathered.warnings)
    assert "limit_exceeded" not in gathered.warnings
    assert "api_error" == found.error_code


@pytest.mark.parametrize(
    "fault",
    [Answer(status=500), Answer(body=b"<html>busy</html>"), Answer(reset=True, length=99)],
)
def test_a_window_that_fails_is_told(fault: Answer) -> None:
    """The ones beside it arrive."""
    with running(releases=[*MONTH], refuses={"20240228": fault}) as desk:
        gathered = desk.gather(replace(FEED, days=9))
        items = read_for(gathered.document(FEED, NOW), BODIES.get).items

    days = {item.published.day for item in items if item.published}
    assert not gathered.is_whole
    assert (3, 3) == (
        len([d for d in days if d.month == 3 and d.day > 1]),
        len(desk.interface.asked),
    )
    assert {25, 26, 27} <= {day.day for day in days}


def test_an_update_is_the_same_release_again() -> None:
    """Same number, same key, other hash."""
    with running(releases=MONTH[:3]) as desk:
        before = {item.key: item.hash for item in desk.read().items}
        desk.interface.releases[1] = replace(
            MONTH[1],
            status="U",
            revision=2,
            text="<p>정정합니다.</p>",
            modified=datetime(2024, 3, 4, 9, 30),  # noqa: DTZ001
        )
        after = {item.key: item.hash for item in desk.read().items}

    assert [*before] == [*after]
    assert [f"guid:{MONTH[1].number}"] == [key for key in before if before[key] != after[key]]


def test_an_embargo_is_kept() -> None:
    """Twelve o'clock in Seoul."""
    noon = datetime(2024, 3, 4, 12)  # noqa: DTZ001
    with running(releases=[replace(MONTH[0], embargo=noon)]) as desk:
        (item,) = desk.read().items

    assert datetime(2024, 3, 4, 3, tzinfo=UTC) == item.embargo_until


def test_bodies_and_licences_are_those_of_the_release() -> None:
    """An office that is not known leaves the portal."""
    releases = [
        replace(MONTH[0], ministry="환경부", kogl="4"),
        replace(MONTH[1], ministry="없는부", kogl=""),
    ]
    with running(releases=releases) as desk:
        items = desk.read().items

    assert [("mcee", "KOGL-4"), ("korea-kr", "")] == [(i.body, i.licence) for i in items]


def test_a_wrong_address_is_told() -> None:
    """The gateway knows no such service."""
    with running() as desk, pytest.raises(ApiError) as caught:
        desk.read(replace(FEED, url="http://apis.example/1371000/gone/list"))

    assert "no_service" == caught.value.reason


FAULTS = {
    "fine": {},
    "wrong": {"key": "another key of eighty letters"},
    "page": {"broken": Answer(body=b"<html>busy</html>")},
    "status": {"broken": Answer(status=502)},
    "cut": {"broken": Answer(body=b"<response>", length=99)},
    "not HTTP": {"broken": Answer(raw=b"nonsense\r\n\r\n")},
    "late": {"broken": Answer(pause=1.0)},
}


@pytest.mark.parametrize("settings", FAULTS.values(), ids=FAULTS)
def test_nobody_is_told_the_key(
    settings: dict[str, object],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither what is kept of the visit, nor an error with all that it carries, nor any output,
    although the interface itself repeats the key wherever it can."""
    caplog.set_level(logging.DEBUG)
    feed = replace(FEED, timeout=timedelta(seconds=0.3))
    told: list[str] = []
    with running(releases=MONTH[:2], echoes=True, **settings) as desk:
        try:
            gathered = desk.gather(feed)
            told.append(repr(gathered))
            told.append(repr(read_for(gathered.document(feed, NOW), BODIES.get)))
        except AggregatorError as error:
            told += ["".join(traceback.format_exception(error)), repr(vars(error)), str(error)]
        told.append(repr(desk.probe(feed)))
    seen = capfd.readouterr()

    everything = "\n".join([*told, seen.out, seen.err, caplog.text])
    assert {ENCODED_KEY} == {asked["serviceKey"] for asked in desk.interface.asked}
    assert [] == [spelling for spelling in (KEY, ENCODED_KEY, KEY[:16]) if spelling in everything]


# --- as a refresh stores it -----------------------------------------------------------------------


@contextmanager
def newsroom(folder: Path, **settings: object) -> Iterator[tuple[Desk, Store]]:
    """An interface that runs, and a store that knows its feed."""
    store = open_store(f"sqlite:///{folder / 'desk.db'}")
    try:
        with running(**settings) as desk:
            yield desk, store
    finally:
        store.close()


def refresh(desk: Desk, store: Store, feed: Feed = FEED, key: str = KEY) -> Refreshed:
    """One visit, stored."""
    store.sync_feeds([feed], NOW)

    async def go() -> list[Refreshed]:
        async with desk.fetcher() as fetcher:
            environ = {feed.key_env: key}
            refresher = Refresher(
                store=store,
                fetcher=fetcher,
                clock=Clock(),
                reader=InlineReader(issuer=BODIES.get),
                environ=environ,
            )
            return await refresher.refresh([feed])

    (report,) = asyncio.run(go())
    return report


def test_a_refresh_stores_every_window(tmp_path: Path) -> None:
    """And finds at the second visit that nothing changed."""
    with newsroom(tmp_path, releases=[*MONTH]) as (desk, store):
        feed = replace(FEED, days=9)
        first, second = refresh(desk, store, feed), refresh(desk, store, feed)

    assert (29, "") == (first.visit.new, first.error)
    assert (Outcome.UNCHANGED, 0) == (second.visit.outcome, second.visit.new)


def test_an_update_in_an_older_window_is_seen(tmp_path: Path) -> None:
    """The first answer alone does not say that nothing changed; the item gets a revision."""
    with newsroom(tmp_path, releases=[*MONTH]) as (desk, store):
        feed = replace(FEED, days=9)
        refresh(desk, store, feed)
        desk.interface.releases[20] = replace(MONTH[20], status="U", text="<p>정정합니다.</p>")
        report = refresh(desk, store, feed)
        items = {one.item.guid: one.rev for one in store.items()}

    assert (0, 1) == (report.visit.new, report.visit.changed)
    assert (29, 2) == (len(items), items[MONTH[20].number])


def test_what_is_missing_is_asked_for_again(tmp_path: Path) -> None:
    """Although the answers that came are the same as before."""
    broken = {"20240228": Answer(status=500)}
    with newsroom(tmp_path, releases=[*MONTH], refuses=broken) as (desk, store):
        feed = replace(FEED, days=6)
        first = refresh(desk, store, feed)
        state = store.feed_states()[feed.id]
        desk.interface.refuses = {}
        second = refresh(desk, store, feed)

    assert ("window-missing",) == first.warnings
    assert (None, None) == (state.body_hash, state.etag)
    assert 0 < second.visit.new
    assert () == second.warnings


@pytest.mark.parametrize("key", [KEY, "0123456789abcdef"])
def test_nothing_that_is_stored_tells_the_key(tmp_path: Path, key: str) -> None:
    """Neither items nor state nor visits, of a visit that succeeds and of one that fails."""
    with newsroom(tmp_path, releases=MONTH[:3], echoes=True) as (desk, store):
        report = refresh(desk, store, key=key)

    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert 1 == len(desk.interface.asked)
    assert [] == [form for form in (key, ENCODED_KEY, KEY[:16]) if form.encode() in written]
    assert key not in repr(report)


def test_a_missing_key_is_an_error_of_its_feed_alone(tmp_path: Path) -> None:
    """It is recorded with its sentence, and nothing is sent."""
    with newsroom(tmp_path) as (desk, store):
        report = refresh(desk, store, key="")
        state = store.feed_states()[FEED.id]

    assert ("api_error", []) == (report.visit.error_code, desk.interface.asked)
    assert "environment variable DATA_GO_KR_KEY" in (state.error_text or "")
