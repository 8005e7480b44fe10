"""The combined feed by months: complete, linked, and unchanged once a month is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.catalogue import Catalogue
from aggregator.domain.items import SEOUL, When
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.archives import with_archives
from aggregator.publish.entries import FeedContext
from aggregator.publish.feed_list import feed_places
from aggregator.publish.feeds import feed_artefacts
from aggregator.publish.layout import Layout
from tests.fixtures.planets import make_item, make_placed, make_planet, make_stored

NS = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}
BASE = "https://news.example/"
BEGUN = datetime(2024, 1, 10, tzinfo=UTC)
CATALOGUE = Catalogue.load()


def story(name: str, seen: datetime, published: datetime | None = None, **more: Any) -> PlacedStory:  # noqa: ANN401 - fields of an item
    """A story that was first seen then."""
    number = int(name.lstrip("abcdefghijklmnopqrstuvwxyz"))
    when = When(at=published) if published is not None else None
    stored = make_stored(make_item(number, published=when, **more), number, first_seen_at=seen)
    placed = make_placed(name, stored)
    return replace(placed, story=replace(placed.story, first_seen_at=seen))


def daily(days: int) -> tuple[PlacedStory, ...]:
    """One story a day, seen when it was published, from 10 January 2024 on."""
    times = [BEGUN + timedelta(days=n) for n in range(days)]
    return tuple(story(f"s{n}", at, at) for n, at in enumerate(times, 1))


def combined(*stories: PlacedStory) -> dict[str, bytes]:
    """The combined feed and its months."""
    planet: Planet = replace(make_planet(), stories=stories, issues=(), changes=())
    layout = Layout(languages=planet.series.languages)
    context = FeedContext.of(planet, layout, CATALOGUE)
    document = feed_places(planet, layout, CATALOGUE)[-1].document(context)
    made = (one for each in with_archives(document, context) for one in feed_artefacts(each))
    return {one.path: one.body for one in made}


def links(body: bytes) -> dict[str, str]:
    """Where a document leads, by relation, below the site."""
    found = etree.fromstring(body).findall("a:link", NS)
    kept = ("self", "current", "prev-archive", "next-archive", "hub")
    return {
        link.get("rel", ""): link.get("href", "").removeprefix(BASE)
        for link in found
        if link.get("rel") in kept
    }


def names(body: bytes) -> list[str]:
    ids = [
        entry.findtext("a:id", "", NS) for entry in etree.fromstring(body).iterfind("a:entry", NS)
    ]
    return [one.rpartition("/")[2] for one in ids]


def test_the_months_are_linked_with_each_other() -> None:
    """From the feed to the newest closed month, and from month to month both ways."""
    made = combined(*daily(60))
    months = [f"archive/2024-0{n}.atom" for n in (1, 2, 3)]
    assert [*months, "feed.json", "feed.rss", "feed.atom"] == list(made)
    assert {"self": "feed.atom", "hub": "https://hub.example/", "prev-archive": months[1]} == links(
        made["feed.atom"]
    )
    assert {"self": months[0], "current": "feed.atom", "next-archive": months[1]} == links(
        made[months[0]]
    )
    assert {
        "self": months[1],
        "current": "feed.atom",
        "prev-archive": months[0],
        "next-archive": months[2],
    } == links(made[months[1]])
    assert {"self": months[2], "current": "feed.atom", "prev-archive": months[1]} == links(
        made[months[2]]
    )


def test_a_closed_month_is_marked_and_the_last_one_is_not() -> None:
    """Readers keep what is marked for ever, and the last month still grows."""
    made = combined(*daily(60))
    marked = [path for path, body in made.items() if b"archive/>" in body]
    assert ["archive/2024-01.atom", "archive/2024-02.atom"] == marked
    root = etree.fromstring(made["archive/2024-01.atom"])
    assert root.find("fh:archive", NS) is not None


def test_a_month_is_the_same_feed_with_other_entries() -> None:
    """The same id, title and page; dated by its own newest entry."""
    made = combined(*daily(60))
    now, then = (etree.fromstring(made[path]) for path in ("feed.atom", "archive/2024-01.atom"))
    for name in ("id", "title", "subtitle"):
        assert now.findtext(f"a:{name}", "", NS) == then.findtext(f"a:{name}", "", NS)
    assert "2024-01-31T09:00:00+09:00" == then.findtext("a:updated", "", NS)


def test_a_first_month_alone_is_open() -> None:
    """There is nothing yet to go back to."""
    made = combined(*daily(5))
    assert {"self", "hub"} == links(made["feed.atom"]).keys()
    assert {"self", "current"} == links(made["archive/2024-01.atom"]).keys()


def test_no_story_has_no_months() -> None:
    assert {"feed.atom", "feed.rss", "feed.json"} == combined().keys()


@settings(max_examples=15, deadline=None)
@given(st.integers(25, 70), st.integers(1, 40), st.data())
def test_a_closed_month_never_changes_whatever_comes(
    before: int, after: int, data: st.DataObject
) -> None:
    """New stories leave it byte for byte: those of today, those that bear an old date, those that
    were held back, those of sources that it names."""
    stories = daily(before)
    made = combined(*stories)
    closed = {path: body for path, body in made.items() if b"archive/>" in body}
    last = stories[-1].story.first_seen_at
    late = []
    for n in range(after):
        seen = last + timedelta(hours=1 + 9 * n)
        dated = seen + timedelta(days=data.draw(st.integers(-80, 6)))
        held = data.draw(st.sampled_from([None, seen + timedelta(days=3)]))
        late.append(story(f"late{900 + n}", seen, dated, embargo_until=held))
    again = combined(*stories, *late)
    assert closed == {path: again[path] for path in closed}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 120), st.integers(-60, 6)), max_size=30))
def test_every_story_stands_in_exactly_one_month(rows: list[tuple[int, int]]) -> None:
    """Whatever its dates, and in the order of the feed."""
    stories = [
        story(f"s{n}", BEGUN + timedelta(days=seen), BEGUN + timedelta(days=seen + dated))
        for n, (seen, dated) in enumerate(rows, 1)
    ]
    made = combined(*stories)
    found = [name for path, body in made.items() if "archive/" in path for name in names(body)]
    assert sorted(one.story.public_id for one in stories) == sorted(found)


def test_a_new_site_sorts_what_its_sources_hold_by_their_dates() -> None:
    """What it finds in its first week was published before there was an archive."""
    first = BEGUN + timedelta(days=1)
    made = combined(
        story("s1", BEGUN, datetime(2023, 11, 30, 23, 0, tzinfo=SEOUL)),
        story("s2", first, datetime(2023, 12, 1, tzinfo=SEOUL)),
        story("s3", first),
    )
    assert {
        "archive/2023-11.atom": ["s1"],
        "archive/2023-12.atom": ["s2"],
        "archive/2024-01.atom": ["s3"],
    } == {path: names(body) for path, body in made.items() if "archive/" in path}


def test_a_held_story_stands_in_the_month_in_which_it_was_shown() -> None:
    """First seen in January under an embargo until February."""
    seen = datetime(2024, 1, 30, tzinfo=UTC)
    held = story("s90", seen, seen, embargo_until=datetime(2024, 2, 2, tzinfo=UTC))
    made = combined(*daily(40), held)
    assert "s90" in names(made["archive/2024-02.atom"])


def test_an_edited_story_changes_its_month_alone() -> None:
    """Byte for byte no other."""
    stories = daily(60)
    placed = stories[3]
    stored = placed.story.primary
    other = replace(
        stored,
        rev=2,
        changed_at=datetime(2024, 3, 1, tzinfo=UTC),
        item=replace(stored.item, title="다른 제목"),
    )
    edited = replace(placed, story=replace(placed.story, members=(other,)))
    before = combined(*stories)
    after = combined(*stories[:3], edited, *stories[4:])
    changed = {path for path in before if before[path] != after[path]}
    assert "archive/2024-01.atom" in changed
    assert not {"archive/2024-02.atom", "archive/2024-03.atom"} & changed


def test_a_withdrawn_story_leaves_its_month() -> None:
    """And the other months as they were."""
    stories = daily(60)
    before, after = combined(*stories), combined(*stories[:3], *stories[4:])
    assert set(names(before["archive/2024-01.atom"])) - {"s4"} == set(
        names(after["archive/2024-01.atom"])
    )
    assert before["archive/2024-02.atom"] == after["archive/2024-02.atom"]
