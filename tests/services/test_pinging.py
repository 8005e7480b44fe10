"""The hub is told of each feed that has changed: once, after its file is live, whatever it answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.domain.errors import SinkError, StoreBusy
from aggregator.domain.mailing import DeliveryState, Outcome
from aggregator.domain.net import AddressException
from aggregator.domain.pings import HubAnswer, Ping
from aggregator.domain.publishing import PublishOptions
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.notify.hub import WebSubHub
from aggregator.ports.publishing import Artefact
from aggregator.services.desk import Desk
from aggregator.services.publishing.pinging import (
    LEASE,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    Pinger,
    Told,
    pause_after,
    queue_pings,
    settle,
)
from aggregator.services.publishing.publish import build_site
from aggregator.services.visits.remembering import RememberingFetcher
from aggregator.store.sql import SqlStore
from tests.fixtures.desk import ISSUE_DAY, bring, make_desk, make_press, release, set_clock
from tests.fixtures.http import Answer, free_port
from tests.fixtures.hubs import NO_CONTENT, hubbing

BASE = "https://news.example"
PENDING, SENT, FAILED = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.FAILED
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose feeds name a hub, with one story; its site is not made yet."""
    options = PublishOptions(
        base_url=BASE, tag_authority="news.example,2024", hub="https://hub.example/"
    )
    made = make_desk(tmp_path, options=options)
    bring(made, release("molit", "a"))
    yield made
    made.store.close()


def tell(
    desk: Desk, url: str, *, allowed: bool = True, timeout: float | None = None, **more: float
) -> Told:
    """One round of pings to a hub, by a fetcher as the program makes it."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    exceptions = (AddressException(host="127.0.0.1", port=port),) if allowed else ()

    async def go() -> Told:
        plain = HttpFetcher(
            guard=Guard(allow=exceptions), user_agent="test", spacing=0.0, clock=desk.clock
        )
        fetcher = RememberingFetcher(fetcher=plain, store=desk.store, clock=desk.clock)
        pinger = Pinger(store=desk.store, clock=desk.clock, hub=WebSubHub(fetcher, url))
        try:
            return await asyncio.wait_for(pinger.send_due(**more), timeout)
        finally:
            await pinger.aclose()

    return asyncio.run(go())


def queue_one(desk: Desk, body: bytes = b"a", name: str = "feed.atom") -> None:
    """Let one feed of these bytes be published."""
    queue_pings(desk, [Artefact(path=name, body=body, topic=f"{BASE}/{name}")])


def states(desk: Desk) -> list[DeliveryState]:
    return [ping.state for ping in desk.store.pings()]


def test_the_hub_is_told_of_every_feed_and_of_nothing_else(desk: Desk, tmp_path: Path) -> None:
    """In each format, by the address under which the feed knows itself; of no archive or page."""
    build_site(desk, make_press(tmp_path))
    with hubbing() as hub:
        told = tell(desk, hub.url)

    public = tmp_path / "public"
    feeds = {
        f"{BASE}/{file.relative_to(public).as_posix()}"
        for file in public.rglob("*")
        if file.suffix in {".atom", ".rss", ".json"} and not file.name.endswith(".ninjs.json")
    }
    feeds = {url for url in feeds if "/archive/" not in url}
    assert f"{BASE}/feed.json" in feeds
    assert sorted(feeds) == sorted(hub.topics)
    assert Told(taken=len(feeds)) == told


def test_a_ping_is_a_form(desk: Desk) -> None:
    """As PubSubHubbub 0.3 has it, with the name of 0.4 beside."""
    queue_one(desk)
    with hubbing() as hub:
        tell(desk, hub.url)

    topic = [f"{BASE}/feed.atom"]
    assert [{"hub.mode": ["publish"], "hub.url": topic, "hub.topic": topic}] == hub.pings


def test_only_feeds_with_other_bytes_are_told_of(desk: Desk, tmp_path: Path) -> None:
    """A second release of another office: the combined feed, its section and its body."""
    press = make_press(tmp_path)
    build_site(desk, press)
    with hubbing() as hub:
        tell(desk, hub.url)
        before = {
            file: file.read_bytes() for file in (tmp_path / "public").rglob("*") if file.is_file()
        }
        build_site(desk, press)
        assert Told() == tell(desk, hub.url)

        hub.pings.clear()
        bring(desk, release("ulsan", "b"))
        build_site(desk, press)
        tell(desk, hub.url)

    names = {topic.removeprefix(f"{BASE}/") for topic in hub.topics}
    changed = {
        name
        for name in names
        if before.get(tmp_path / "public" / name) != (tmp_path / "public" / name).read_bytes()
    }
    assert names == changed
    assert {"feed.atom", "sections/trend.rss", "bodies/ulsan.json"} <= names
    assert not {"sections/issue.atom", "bodies/molit.atom", "issues.atom"} & names


def test_the_file_is_live_when_the_hub_is_told(desk: Desk, tmp_path: Path) -> None:
    """A hub that looks at once sees the new story."""
    press = make_press(tmp_path)
    build_site(desk, press)
    seen: dict[str, str] = {}

    def look(topic: str) -> None:
        file = tmp_path / "public" / topic.removeprefix(f"{BASE}/")
        seen[topic] = file.read_text(encoding="utf-8")

    with hubbing() as quiet:
        tell(desk, quiet.url)
    bring(desk, release("ulsan", "새 소식"))
    build_site(desk, press)
    with hubbing(look=look) as hub:
        tell(desk, hub.url)

    assert "새 소식" in seen[f"{BASE}/feed.atom"]
    assert all("새 소식" in text for text in seen.values())


@pytest.mark.parametrize("status", [200, 202, 204])
def test_thanks_are_thanks(desk: Desk, status: int) -> None:
    """With or without content."""
    queue_one(desk)
    with hubbing(Answer(status=status)) as hub:
        assert 1 == tell(desk, hub.url).taken
        assert Told() == tell(desk, hub.url)

    assert 1 == len(hub.pings)


def test_a_hub_that_fails_is_asked_again_later(desk: Desk) -> None:
    """After a pause, not before."""
    queue_one(desk)
    with hubbing([Answer(status=500), NO_CONTENT]) as hub:
        failed = tell(desk, hub.url)
        assert (0, 1) == (failed.taken, failed.waiting)
        assert "answered 500" in failed.reason
        assert Told() == tell(desk, hub.url)

        set_clock(desk, ISSUE_DAY + MINUTE)
        assert 1 == tell(desk, hub.url).taken

    assert 2 == len(hub.pings)
    assert [SENT] == states(desk)


def test_retry_after_is_honoured(desk: Desk) -> None:
    """For all feeds: nothing at all is sent before that time."""
    queue_one(desk)
    desk.store.queue_pings({f"{BASE}/a": "a", f"{BASE}/b": "b"}, desk.clock.now())
    wait = Answer(status=429, headers=[("Retry-After", "3600")])
    with hubbing([wait, NO_CONTENT]) as hub:
        assert (0, 2) == ((told := tell(desk, hub.url)).taken, told.waiting)
        set_clock(desk, ISSUE_DAY + timedelta(minutes=59))
        assert Told() == tell(desk, hub.url)
        desk.store.queue_pings({f"{BASE}/a": "A", f"{BASE}/b": "b"}, desk.clock.now())
        assert 0 == tell(desk, hub.url).taken
        assert 1 == len(hub.pings)

        set_clock(desk, ISSUE_DAY + timedelta(minutes=62))
        assert 2 == tell(desk, hub.url).taken

    assert [SENT, SENT] == states(desk)


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_refusal_is_told_and_not_repeated(desk: Desk, status: int) -> None:
    """The hub does not want the feed; until it changes nobody asks again."""
    queue_one(desk)
    with hubbing(Answer(status=status)) as hub:
        told = tell(desk, hub.url)
        set_clock(desk, ISSUE_DAY + timedelta(days=9))
        assert Told() == tell(desk, hub.url)
        assert 1 == len(hub.pings)

        queue_one(desk, b"b")
        tell(desk, hub.url)

    assert 1 == told.refused
    assert f"answered {status}" in told.reason
    assert 2 == len(hub.pings)


def test_a_hub_that_hangs_holds_up_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once, and the other feeds wait with the first."""
    monkeypatch.setattr("aggregator.notify.hub.TIMEOUT", 0.3)
    desk.store.queue_pings({f"{BASE}/{n}": "x" for n in range(5)}, desk.clock.now())
    with hubbing(Answer(status=204, pause=30)) as hub:
        told = tell(desk, hub.url, timeout=5)

    assert 1 == len(hub.pings)
    assert 5 == told.waiting
    assert {ISSUE_DAY + MINUTE} == {ping.next_try_at for ping in desk.store.pings()}


def test_a_hub_that_is_not_there_is_given_up_after_a_day(desk: Desk) -> None:
    """With growing pauses, and one reason for all feeds."""
    desk.store.queue_pings({f"{BASE}/{n}": "x" for n in range(3)}, desk.clock.now())
    url = f"http://127.0.0.1:{free_port()}/"
    rounds = []
    while PENDING in states(desk):
        due = min(p.next_try_at for p in desk.store.pings() if p.state is PENDING)
        set_clock(desk, max(due, desk.clock.now()))
        rounds.append(desk.clock.now())
        told = tell(desk, url)

    pauses = [b - a for a, b in itertools.pairwise(rounds)]
    assert MOST_ATTEMPTS == len(rounds)
    assert sorted(pauses) == pauses
    assert timedelta(hours=12) < rounds[-1] - rounds[0] < timedelta(hours=36)
    assert [FAILED] * 3 == states(desk)
    assert 3 == told.refused
    assert "the hub at 127.0.0.1 did not take it" in told.reason


def test_a_failing_hub_is_left_alone_after_some_feeds(desk: Desk) -> None:
    """What fails for one may be its own fault; three in a row are the hub's."""
    desk.store.queue_pings({f"{BASE}/{n}": "x" for n in range(9)}, desk.clock.now())
    with hubbing(Answer(status=502)) as hub:
        tell(desk, hub.url)

    assert 3 == len(hub.pings)
    assert [1] * 9 == [ping.attempts for ping in desk.store.pings()]


def test_one_feed_that_a_hub_cannot_take_bars_no_other(desk: Desk) -> None:
    """The others are told at once."""
    desk.store.queue_pings({f"{BASE}/{n}": "x" for n in range(4)}, desk.clock.now())
    with hubbing([Answer(status=500), NO_CONTENT]) as hub:
        assert 3 == tell(desk, hub.url).taken


def test_a_private_hub_must_be_allowed(desk: Desk) -> None:
    """As a feed must; nothing is sent, and the message says how to allow it."""
    queue_one(desk)
    with hubbing() as hub:
        told = tell(desk, hub.url, allowed=False)

    assert ([], 1) == (hub.pings, told.refused)
    assert "allow_private" in told.reason


def test_a_redirect_that_makes_a_get_of_it_is_a_refusal(desk: Desk) -> None:
    """The page that answered was told nothing."""
    queue_one(desk)
    with hubbing([Answer(status=302, headers=[("Location", "/other")])]) as hub:
        told = tell(desk, hub.url)

    assert (0, 1) == (told.taken, told.refused)
    assert "put its final address into publish.hub" in told.reason


def test_keys_of_the_hub_are_in_no_message(desk: Desk) -> None:
    """Neither in what is said nor in what is stored."""
    queue_one(desk)
    told = tell(desk, f"http://127.0.0.1:{free_port()}/?token=s3cretkey")

    assert "s3cret" not in told.reason
    assert "s3cret" not in str(desk.store.pings())


def test_a_crash_between_the_files_and_the_queue_loses_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next build finds what the hub was not told of, although no file is written then."""
    press = make_press(tmp_path)
    with monkeypatch.context() as crashing:
        crashing.setattr("aggregator.services.publishing.publish.queue_pings", _die)
        with pytest.raises(KeyboardInterrupt):
            build_site(desk, press)
    assert [] == desk.store.pings()

    assert 0 == build_site(desk, press)
    with hubbing() as hub:
        tell(desk, hub.url)
    assert f"{BASE}/feed.atom" in hub.topics


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_crash_while_the_hub_is_told_repeats_the_ping(desk: Desk) -> None:
    """When its lease has run out."""
    queue_one(desk)
    now = desk.clock.now()
    desk.store.claim_ping(now=now, until=now + LEASE, token="dead")
    with hubbing() as hub:
        assert Told() == tell(desk, hub.url)
        set_clock(desk, ISSUE_DAY + LEASE)
        assert 1 == tell(desk, hub.url).taken


def test_nothing_is_queued_for_files_that_could_not_be_written(desk: Desk, tmp_path: Path) -> None:
    """The hub would find the old ones."""
    (tmp_path / "public").write_text("in the way")
    with pytest.raises(SinkError):
        build_site(desk, make_press(tmp_path))

    assert [] == desk.store.pings()


def test_publishing_does_not_wait_for_the_queue(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the store is busy the site is made all the same."""

    def busy(*_: object) -> int:
        raise StoreBusy("locked")

    monkeypatch.setattr(SqlStore, "queue_pings", busy)
    assert 0 < build_site(desk, make_press(tmp_path))


def test_without_a_hub_nothing_is_queued(desk: Desk, tmp_path: Path) -> None:
    """There is nobody to tell."""
    plain = replace(desk, options=replace(desk.options, hub=""))
    build_site(plain, make_press(tmp_path))

    assert [] == desk.store.pings()


def test_a_round_ends_in_time(desk: Desk) -> None:
    """A verb does not stay for ever; the rest is still due."""
    desk.store.queue_pings({f"{BASE}/{n}": "x" for n in range(20)}, desk.clock.now())
    with hubbing(Answer(status=204, pause=0.05)) as hub:
        told = tell(desk, hub.url, seconds=0.12)

    assert 0 < told.taken < 20
    assert 20 == told.taken + told.waiting


NOW = datetime.fromisoformat("2024-03-04T10:00:00+09:00")


def one_ping(attempts: int = 0) -> Ping:
    return Ping(
        id=1, topic=f"{BASE}/feed.atom", digest="a", state=DeliveryState.SENDING, queued_at=NOW,
        next_try_at=NOW, attempts=attempts,
    )  # fmt: skip


def test_the_longer_wait_counts() -> None:
    """The hub's, or our own pause."""
    long = HubAnswer(outcome=Outcome.LATER, wait=timedelta(hours=2))
    short = HubAnswer(outcome=Outcome.LATER, wait=timedelta(seconds=1))

    assert NOW + timedelta(hours=2) == settle(one_ping(), long, NOW).next_try_at
    assert NOW + 4 * MINUTE == settle(one_ping(2), short, NOW).next_try_at


def test_pauses_grow_to_a_bound() -> None:
    """Doubled each time."""
    assert [1, 2, 4] == [pause_after(n) // MINUTE for n in (1, 2, 3)]
    assert LONGEST_PAUSE == pause_after(99)


def test_nobody_is_asked_more_than_the_most(desk: Desk) -> None:
    """And whoever was not even asked has tried nothing."""
    last = one_ping(MOST_ATTEMPTS - 1)
    held = HubAnswer(outcome=Outcome.LATER, until=NOW + MINUTE, is_unsent=True)

    assert FAILED is settle(last, HubAnswer(outcome=Outcome.LATER), NOW).state
    assert PENDING is settle(last, held, NOW).state


def test_a_new_pair_of_bytes_begins_anew(desk: Desk) -> None:
    """A feed that was given up is told of when it changes."""
    queue_one(desk)
    ping = desk.store.claim_ping(now=desk.clock.now(), until=ISSUE_DAY + LEASE, token="t")
    assert ping is not None
    desk.store.settle_ping(replace(ping, state=FAILED, attempts=12), "t")
    queue_one(desk, b"b")

    assert [(PENDING, 0)] == [(one.state, one.attempts) for one in desk.store.pings()]
