"""Documents that are read in part give what they give when they are read whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.ports.fetching import Fetched, FetchRequest
from aggregator.ports.reading import Document, Inspected
from aggregator.ports.storing import Store
from aggregator.services import new_documents
from aggregator.services.gathered import Gathered
from aggregator.services.inline_reader import InlineReader
from aggregator.services.intake import Intake
from aggregator.services.taken import Taken
from aggregator.services.writing import Writer
from aggregator.store.schema import open_store
from tests.fixtures.records import NOW, make_feed

FEED = make_feed(url="http://molit.example/rss")


@dataclass
class CountingReader:
    """Reads inline and counts the entries that it was given."""

    inner: InlineReader = field(default_factory=lambda: InlineReader(issuer=lambda _: None))
    read_entries: list[int] = field(default_factory=list)

    async def read(self, document: Document) -> Inspected:
        found = await self.inner.read(document)
        self.read_entries.append(len(found.parsed.entries))
        return found

    async def aclose(self) -> None:
        return None


class NoFetcher:
    """Nothing is fetched where no pages are to be followed."""

    async def fetch(self, request: FetchRequest) -> Fetched:
        raise AssertionError(request.url)

    async def aclose(self) -> None:
        return None


def entry(number: int, text: str = "", *, title: str = "", guid: int | None = None) -> str:
    named = f"<guid isPermaLink='false'>news-{guid}</guid>" if guid is not None else ""
    return (
        f"<item><title>{title or f'소식 {number}'}</title>{named}"
        f"<link>http://molit.example/view?id={number}</link><description>{text}</description>"
        f"<pubDate>Mon, 04 Mar 2024 {number % 24:02d}:00:00 +0900</pubDate></item>"
    )


def rss(*entries: str, made: str = "10:00", base: str = "") -> bytes:
    above = f" xml:base='{base}'" if base else ""
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'{above}><channel>"
        "<title>보도</title>"
        f"<link>http://molit.example/</link><lastBuildDate>{made}</lastBuildDate>"
        f"{''.join(entries)}</channel></rss>"
    ).encode()


@contextmanager
def opened() -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'desk.db'}")
        store.sync_feeds([FEED], NOW)
        yield store
        store.close()


def take(store: Store, reader: CountingReader, body: bytes, hour: int, feed: Feed = FEED) -> Taken:
    """One visit that brought ``body``, as the refresh makes it."""
    state = store.feed_states().get(feed.id) or FeedState(feed_id=feed.id)
    visit = Visit(
        feed_id=feed.id,
        started_at=NOW + timedelta(hours=hour),
        milliseconds=1,
        outcome=Outcome.NOT_MODIFIED,
    )
    answer = Fetched(
        url=feed.url, status=200, body=body, media_type="text/xml", charset="utf-8",
        etag=None, last_modified=None,
    )  # fmt: skip
    intake = Intake(store=store, writer=Writer(store=store), fetcher=NoFetcher(), reader=reader)
    taken = asyncio.run(intake.take_in(feed, state, Gathered(first=answer), visit, feed.url))
    if not taken.is_written:
        store.record_visits([(taken.state, taken.visit)])
    return taken


def stored(store: Store) -> list[tuple[object, ...]]:
    """Everything of the items but when they were seen last."""
    return [
        (one.id, one.item.key, one.item.hash, one.item.title, one.item.link, one.rev,
         one.first_seen_at, one.item.published)
        for one in store.items()
    ]  # fmt: skip


def test_only_new_entries_are_read() -> None:
    """Ten entries, then one more on top: one is read."""
    reader = CountingReader()
    with opened() as store:
        take(store, reader, rss(*map(entry, range(10))), 0)
        taken = take(store, reader, rss(*map(entry, [10, *range(9)])), 1)
        assert [10, 1] == reader.read_entries
        assert (1, 0) == (taken.visit.new, taken.visit.changed)
        assert 11 == len(stored(store))


def test_a_document_of_another_date_alone_is_unchanged() -> None:
    """Nothing is read, although every byte count differs."""
    reader = CountingReader()
    with opened() as store:
        take(store, reader, rss(*map(entry, range(5))), 0)
        taken = take(store, reader, rss(*map(entry, range(5)), made="11:00"), 1)
        assert ([5], Outcome.UNCHANGED) == (reader.read_entries, taken.visit.outcome)


def test_a_corrected_entry_is_read_alone() -> None:
    """It shares guid and link with its own old version only, and is that one."""
    reader = CountingReader()
    with opened() as store:
        take(store, reader, rss(*map(entry, range(5))), 0)
        for hour, text in enumerate(["정정", "다시 정정"], start=1):
            taken = take(store, reader, rss(entry(0, text), *map(entry, range(1, 5))), hour)
            assert (0, 1) == (taken.visit.new, taken.visit.changed)
        assert [5, 1, 1] == reader.read_entries
        assert [1, 1, 1, 1, 3] == sorted(one.rev for one in store.items())


def test_a_corrected_entry_with_the_headline_of_another_is_read_with_it() -> None:
    """What each of the two is depends on the other."""
    reader = CountingReader()
    with opened() as store:
        take(store, reader, rss(*map(entry, range(5))), 0)
        take(store, reader, rss(entry(0, "정정", title="소식 1"), *map(entry, range(1, 5))), 1)
    assert [5, 1, 5] == reader.read_entries


def test_an_entry_that_only_has_the_headline_of_a_gone_one_is_read_with_the_others() -> None:
    """It may be that one at another place, or another one."""
    reader = CountingReader()
    with opened() as store:
        take(store, reader, rss(*map(entry, range(5))), 0)
        take(store, reader, rss(entry(9, title="소식 0"), *map(entry, range(1, 5))), 1)
    assert [5, 1, 5] == reader.read_entries


def test_another_head_is_another_meaning_of_every_entry() -> None:
    """The base of links stands above them: a document with another one is read whole."""
    relative = [entry(number).replace("http://molit.example", "") for number in range(5)]
    reader = CountingReader()
    with opened() as store:
        take(store, reader, rss(*relative, base="http://old.example/"), 0)
        take(store, reader, rss(*relative, base="http://new.example/"), 1)
        assert {"new.example"} == {one.item.link.split("/")[2] for one in store.items()}
    assert [5, 5] == reader.read_entries


def test_a_document_that_overlaps_with_nothing_is_warned_of() -> None:
    """Items may have come and gone between the two visits."""
    reader = CountingReader()
    with opened() as store:
        first = take(store, reader, rss(*map(entry, range(5))), 0)
        second = take(store, reader, rss(*map(entry, range(100, 105))), 1)
        third = take(store, reader, rss(*map(entry, [106, *range(100, 104)])), 2)
    told = ["window-passed" in one.warnings for one in (first, second, third)]
    assert [False, True, False] == told


numbers = st.integers(0, 12)
entries = st.builds(
    entry,
    numbers,
    st.sampled_from(["", "본문", "정정"]),
    title=st.sampled_from(["", "", "인사", "알림"]),
    guid=st.none() | st.integers(0, 5),
)
documents = st.lists(st.lists(entries, max_size=8), min_size=1, max_size=6)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # A smaller example would take minutes to find: each opens two databases.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(documents)
def test_a_history_read_in_part_is_the_history_read_whole(history: list[Sequence[str]]) -> None:
    """Whatever comes, goes, changes, doubles or shares its headline."""
    with opened() as partly, opened() as whole:
        for hour, written in enumerate(history):
            body = rss(*written, made=str(hour), base=("", "http://b.example/")[hour // 3])
            in_part = take(partly, CountingReader(), body, hour)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(new_documents, "fresh_part", lambda *_: None)
                in_whole = take(whole, CountingReader(), body, hour)
            assert stored(whole) == stored(partly)
            if in_part.visit.outcome is in_whole.visit.outcome:
                assert in_whole.state.condition == in_part.state.condition
