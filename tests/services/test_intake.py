"""Documents that are read in part give what they give when they are read whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aggregator.domain.feeds import Feed, Identity
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.ports.fetching import Fetched, FetchRequest
from aggregator.ports.reading import Document, Inspected
from aggregator.ports.storing import Store
from aggregator.services.asking.gathered import Gathered
from aggregator.services.intake import new_documents
from aggregator.services.intake.intake import Intake
from aggregator.services.intake.taken import Taken
from aggregator.services.intake.writing import Writer
from aggregator.services.trials.inline_reader import InlineReader
from aggregator.store.schema import open_store
from tests.fixtures.records import NOW, make_feed

FEED = make_feed(url="http://molit.example/rss")
VIEW = "http://molit.example/view?id="


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


def entry(number: int, text: str = "", *, title: str = "", guid: int | str = "") -> str:
    told = f"news-{guid}" if isinstance(guid, int) else guid
    named = f"<guid isPermaLink='false'>{told}</guid>" if told else ""
    return (
        f"<item><title>{title or f'소식 {number}'}</title>{named}"
        f"<link>{VIEW}{number}</link><description>{text}</description>"
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


def test_an_edited_entry_whose_guid_another_links_to_is_read_with_it() -> None:
    """An address means the same, whichever of the two it stands in."""
    reader = CountingReader()
    first = entry(1, guid=f"{VIEW}2")
    with opened() as store:
        take(store, reader, rss(first, *map(entry, range(2, 6))), 0)
        take(store, reader, rss(first.replace("소식", "바뀐"), *map(entry, range(2, 6))), 1)
    assert [5, 5] == reader.read_entries


def test_an_entry_whose_guid_is_its_link_is_read_alone() -> None:
    """As most feeds write it."""
    reader = CountingReader()
    with opened() as store:
        plain = [entry(number, guid=f"{VIEW}{number}") for number in range(5)]
        take(store, reader, rss(*plain), 0)
        take(store, reader, rss(entry(0, "정정", guid=f"{VIEW}0"), *plain[1:]), 1)
    assert [5, 1] == reader.read_entries


def dated(number: int, date: str, text: str = "") -> str:
    head, _, tail = entry(number, text).partition("<pubDate>")
    return f"{head}<pubDate>{date}{tail[tail.index('</pubDate>') :]}"


AHEAD, OLD, NOW_ON = (
    "Fri, 05 Apr 2030 10:00:00 +0900",
    "Sun, 01 Jan 2023 10:00:00 +0900",
    "Mon, 04 Mar 2024 08:00:00 +0900",
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([AHEAD] * 3 + [NOW_ON] * 2, [AHEAD] + [NOW_ON] * 4),
        ([AHEAD] + [NOW_ON] * 4, [AHEAD] * 3 + [NOW_ON] * 2),
        ([OLD] * 5, ["Mon, 02 Jan 2023 10:00:00 +0900"] + [OLD] * 4),
        ([OLD] * 5, [NOW_ON] + [OLD] * 4),
    ],
    ids=["dates-mended", "dates-spoilt", "quiet", "quiet-no-more"],
)
def test_health_is_that_of_the_whole_document(
    before: list[str], after: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is odd about a document, or silent, is not told by the entry that changed."""
    found = []
    for divides in (True, False):
        if not divides:
            monkeypatch.setattr(new_documents, "fresh_part", lambda *_: None)
        with opened() as store:
            for hour, dates in enumerate((before, after, after)):
                body = rss(*(dated(n, date) for n, date in enumerate(dates)), made=str(hour))
                taken = take(store, CountingReader(), body, hour)
            found.append((taken.state.condition.health, taken.state.condition.document))
    assert found[0] == found[1]


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


@dataclass(frozen=True)
class Row:
    """An entry as an office writes it."""

    title: str
    guid: str
    link: str
    text: str
    date: str

    def written(self) -> str:
        named = f"<guid isPermaLink='false'>{self.guid}</guid>" if self.guid else ""
        date = f"<pubDate>{self.date}</pubDate>" if self.date else ""
        return (
            f"<item><title>{self.title}</title>{named}<link>{self.link}</link>"
            f"<description>{self.text}</description>{date}</item>"
        )


VALUES: dict[str, Callable[[int], Sequence[str]]] = {
    "title": lambda n: ("", "인사", f"소식 {n} 번째 발표 내용", f"소식 {n} 번째 발표 내용(수정)"),
    "guid": lambda n: ("", f"g-{n}", f"g-{n}", f"{VIEW}{n}", "http://molit.example/", "7"),
    "link": lambda n: (
        "",
        f"{VIEW}{n}",
        f"{VIEW}{n}",
        f"/view?id={n}",
        "http://molit.example/list",
    ),
    "text": lambda n: ("", "본문", f"{n} 도시의 통합 플랫폼을 새로 구축하기로 했다고 오늘 밝혔다."),
    "date": lambda n: ("", NOW_ON, OLD, AHEAD, f"Mon, 04 Mar 2024 {n:02d}:00:00 +0900"),
}
"""What an entry of a number may say, by field."""


def history_of(seed: int) -> list[list[Row]]:
    """Documents of a feed, each a little different from the one before: an entry edited, added (with
    something that another has), dropped, brought back, or moved."""
    draw = Random(seed)  # noqa: S311 - examples, no secrets
    kind = draw.choice(["{0}", "g-{0}", VIEW + "{0}", "http://molit.example/"])
    rows = [
        Row(
            f"소식 {n} 번째 발표 내용",
            "" if kind == "{0}" else kind.format(n),
            f"{VIEW}{n}",
            "",
            NOW_ON,
        )
        for n in range(draw.randint(6, 8))
    ]
    found, gone = [rows], list[Row]()
    for _ in range(5):
        rows = [*rows]
        for _ in range(draw.randint(1, 2)):
            change(rows, gone, draw)
        found.append(rows)
    return found


def change(rows: list[Row], gone: list[Row], draw: Random) -> None:
    what = draw.choice(["edit", "edit", "edit", "add", "drop", "back", "move"])
    at = draw.randrange(len(rows)) if rows else 0
    name = draw.choice([*VALUES])
    if what == "edit" and rows:
        gone.append(rows[at])
        rows[at] = replace(rows[at], **{name: draw.choice(VALUES[name](draw.randrange(10)))})
    elif what == "add":
        n = draw.randrange(10)
        new = Row(*(draw.choice(values(n)) for values in VALUES.values()))
        like = draw.choice([*rows, *gone, new])
        rows.insert(at, replace(new, **{name: getattr(like, name)}))
    elif what == "back" and gone:
        rows.insert(at, draw.choice(gone))
    elif what == "move":
        draw.shuffle(rows)
    elif rows:
        gone.append(rows.pop(at))


def read_both_ways(seed: int) -> int:
    """How many documents of a history were read in part; each leaves what it leaves read whole."""
    feed = replace(FEED, identity=Random(seed).choice([*Identity]))  # noqa: S311 - as above
    parts = 0
    with opened() as partly, opened() as whole:
        for hour, rows in enumerate(history_of(seed)):
            reader = CountingReader()
            body = rss(*(row.written() for row in rows), made=str(hour))
            in_part = take(partly, reader, body, hour, feed)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(new_documents, "fresh_part", lambda *_: None)
                in_whole = take(whole, CountingReader(), body, hour, feed)
            parts += len(reader.read_entries) == 1 and reader.read_entries[0] < len(rows)
            assert stored(whole) == stored(partly)
            if in_part.visit.outcome is in_whole.visit.outcome:
                assert in_whole.state.condition == in_part.state.condition
    return parts


@pytest.mark.long
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # A smaller example would take minutes to find: each opens two databases.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(st.integers(0, 2**32))
def test_a_history_read_in_part_is_the_history_read_whole(seed: int) -> None:
    """Whatever comes, goes, changes, doubles or shares something, and however items are known."""
    read_both_ways(seed)


@pytest.mark.long
def test_such_histories_are_read_in_part() -> None:
    """Else the test above would say nothing."""
    assert sum(map(read_both_ways, range(12))) >= 12
