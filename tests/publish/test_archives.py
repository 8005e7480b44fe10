"""The archive of the combined feed: complete, linked, and unchanged once something is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.catalogue import Catalogue
from aggregator.domain.items import SEOUL, When
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.archives import combined_artefacts
from aggregator.publish.arrivals import came_at
from aggregator.publish.entries import FeedContext
from aggregator.publish.feed_list import feed_places
from aggregator.publish.layout import Layout
from aggregator.publish.river import ranked_at
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


def combined(*stories: PlacedStory, limit: int = 100) -> dict[str, bytes]:
    """The combined feed, which holds so many, and its archive."""
    planet: Planet = replace(make_planet(), stories=stories, issues=(), changes=())
    planet = replace(planet, options=replace(planet.options, feed_limit=limit))
    layout = Layout(languages=planet.series.languages)
    context = FeedContext.of(planet, layout, CATALOGUE)
    document = feed_places(planet, layout, CATALOGUE)[-1].document(context)
    return {one.path: one.body for one in combined_artefacts(document, context)}


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


def walk(site: dict[str, bytes], known: dict[str, set[str]]) -> set[str]:
    """What a client finds that goes from the feed from document to document, as far as to one that
    it has kept (RFC 5005, section 4.2). It keeps each for ever."""
    found = set(names(site["feed.atom"]))
    path = links(site["feed.atom"]).get("prev-archive", "")
    while path and path not in known:
        known[path] = set(names(site[path]))
        path = links(site[path]).get("prev-archive", "")
    return found.union(*known.values())


def test_the_feed_goes_on_in_days_and_months() -> None:
    """From the feed through the days of the month that is not over, then from month to month; the
    days of the month before stay beside them."""
    made = combined(*daily(54))
    walked, path = [], "feed.atom"
    while path:
        walked.append(path)
        path = links(made[path]).get("prev-archive", "")
    days = ["archive/2024-03-02.atom", "archive/2024-03-01.atom"]
    assert ["feed.atom", *days, "archive/2024-02.atom", "archive/2024-01.atom"] == walked
    assert [f"archive/2024-02-{n:02}.atom" for n in range(1, 30)] == sorted(
        path for path in made if path.startswith("archive/2024-02-")
    )


def test_each_document_leads_to_the_feed_and_to_the_one_before() -> None:
    """To none behind it: when it is closed there is none, and then it stays as it is."""
    made = combined(*daily(54))
    first, second = "archive/2024-01.atom", "archive/2024-02.atom"
    assert {"self": first, "current": "feed.atom"} == links(made[first])
    assert {"self": second, "current": "feed.atom", "prev-archive": first} == links(made[second])
    day = "archive/2024-02-01.atom"
    assert {"self": day, "current": "feed.atom", "prev-archive": first} == links(made[day])


def test_every_document_that_is_linked_is_marked_as_an_archive() -> None:
    """Readers keep what is marked."""
    made = combined(*daily(60), limit=1)
    archived = {path: body for path, body in made.items() if path.startswith("archive/")}
    assert archived
    assert archived == {path: body for path, body in archived.items() if b"archive/>" in body}
    root = etree.fromstring(made["archive/2024-01.atom"])
    assert root.find("fh:archive", NS) is not None


def test_what_the_feed_has_no_room_for_is_found_on_the_same_day() -> None:
    """In a document that has another address as soon as it holds more."""
    busy = [story(f"s{n}", BEGUN + timedelta(days=3, minutes=n)) for n in range(1, 9)]
    day = "archive/2024-01-13-09"
    before = links(combined(*busy[:7], limit=5)["feed.atom"])["prev-archive"]
    assert before.startswith(f"{day}0700-")
    made = combined(*busy, limit=5)
    after = links(made["feed.atom"])["prev-archive"]
    assert after.startswith(f"{day}0800-")
    assert {f"s{n}" for n in range(1, 9)} == set(names(made[after]))


def test_what_comes_in_the_same_second_has_another_address() -> None:
    """Whoever came between the two has kept the first."""
    moment = BEGUN + timedelta(days=3)
    busy = [story(f"s{n}", moment) for n in range(1, 9)]
    known: dict[str, set[str]] = {}
    walk(combined(*busy[:7], limit=5), known)
    assert {f"s{n}" for n in range(1, 9)} == walk(combined(*busy, limit=5), known)


def test_a_day_is_closed_an_hour_after_it_is_over() -> None:
    """What was seen before midnight may be stored behind it."""
    late = datetime(2024, 1, 20, 23, 59, tzinfo=SEOUL)
    first = story("s1", late - timedelta(days=3))
    then = [story(f"s{n}", late + timedelta(minutes=at)) for n, at in ((2, 0), (3, 50), (4, 70))]
    assert "archive/2024-01-20.atom" not in combined(first, *then[:2])
    assert ["s2"] == names(combined(first, *then)["archive/2024-01-20.atom"])


def test_what_is_too_large_for_the_feed_is_found_behind_it() -> None:
    """The feed stays below its size and leaves out the oldest; a client finds them."""
    seen = BEGUN + timedelta(days=3)
    heavy = [
        story(f"s{n}", seen + timedelta(minutes=n), content=f"<p>{'글' * 150_000}</p>")
        for n in range(1, 5)
    ]
    made = combined(*heavy)
    assert len(names(made["feed.atom"])) < 4
    assert {"s1", "s2", "s3", "s4"} == walk(made, {})


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.integers(1, 8), st.data())
def test_who_walks_finds_every_story(limit: int, data: st.DataObject) -> None:
    """However seldom a client comes, however much came between, whatever the dates of it: what it
    kept and what it finds is all that there is, and nothing that it kept has changed."""
    gaps = st.tuples(st.integers(0, 2000), st.integers(-90, 6), st.booleans())
    rows = data.draw(st.lists(gaps, min_size=10, max_size=60))
    stories, seen = [story("s1", BEGUN)], BEGUN + timedelta(days=1)
    known: dict[str, set[str]] = {}
    closed: dict[str, bytes] = {}
    for n, (minutes, dated, comes) in enumerate(rows, 2):
        seen += timedelta(minutes=minutes)
        source = data.draw(st.sampled_from(["molit", "msit"]))
        stories.append(story(f"s{n}", seen, seen + timedelta(days=dated), feed_id=source))
        if comes:
            # What is dated ahead is held back until its day, and not given to the feeds.
            shown = [one for one in stories if came_at(one.story) <= seen]
            shown.sort(key=lambda one: ranked_at(one.story.primary), reverse=True)
            site = combined(*shown, limit=limit)
            assert {one.story.public_id for one in shown} == walk(site, known)
            assert {path: closed[path] for path in closed.keys() & site} == {
                path: site[path] for path in closed.keys() & site
            }
            closed |= {path: body for path, body in site.items() if path.startswith("archive/")}


def test_a_month_is_the_same_feed_with_other_entries() -> None:
    """The same id, title and page; dated by its own newest entry."""
    made = combined(*daily(60))
    now, then = (etree.fromstring(made[path]) for path in ("feed.atom", "archive/2024-01.atom"))
    for name in ("id", "title", "subtitle"):
        assert now.findtext(f"a:{name}", "", NS) == then.findtext(f"a:{name}", "", NS)
    assert "2024-01-31T09:00:00+09:00" == then.findtext("a:updated", "", NS)


def test_a_first_month_alone_has_days() -> None:
    """There are days to go back to, and no month yet."""
    made = combined(*daily(3))
    assert {"archive/2024-01-10.atom", "archive/2024-01-11.atom"} == {
        path for path in made if path.startswith("archive/")
    }


def test_a_first_day_alone_is_in_the_feed() -> None:
    """There is nothing yet to go back to."""
    made = combined(*daily(1))
    assert {"self", "hub"} == links(made["feed.atom"]).keys()
    assert {"feed.atom", "feed.rss", "feed.json"} == made.keys()


def test_no_story_has_no_months() -> None:
    assert {"feed.atom", "feed.rss", "feed.json"} == combined().keys()


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
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
    assert {path for path in closed if len(path) == len("archive/2024-01.atom")} <= again.keys()
    assert {path: closed[path] for path in closed.keys() & again} == {
        path: again[path] for path in closed.keys() & again
    }


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(st.tuples(st.integers(0, 120), st.integers(-60, 6)), max_size=30))
def test_every_story_stands_in_exactly_one_place(rows: list[tuple[int, int]]) -> None:
    """Whatever its dates, and in the order of the feed."""
    stories = [
        story(f"s{n}", BEGUN + timedelta(days=seen), BEGUN + timedelta(days=seen + dated))
        for n, (seen, dated) in enumerate(rows, 1)
    ]
    made = combined(*stories, limit=1)
    found, path = [], links(made["feed.atom"]).get("prev-archive", "") if made else ""
    while path:
        found += names(made[path])
        path = links(made[path]).get("prev-archive", "")
    newest = set(names(made["feed.atom"]))
    assert {one.story.public_id for one in stories} == newest.union(found)
    assert len(found) == len(set(found))


def test_a_new_site_sorts_what_its_sources_hold_by_their_dates() -> None:
    """What it finds on its first day was published before there was an archive."""
    first = BEGUN + timedelta(hours=23)
    made = combined(
        story("s1", BEGUN, datetime(2023, 11, 30, 23, 0, tzinfo=SEOUL)),
        story("s2", first, datetime(2023, 12, 1, tzinfo=SEOUL)),
        story("s3", first),
    )
    assert {
        "archive/2023-11.atom": ["s1"],
        "archive/2023-12.atom": ["s2"],
        "archive/2023-12-01.atom": ["s2"],
    } == {path: names(body) for path, body in made.items() if "archive/" in path}


def test_what_a_site_finds_later_is_found_with_what_is_new() -> None:
    """A source that is added on the third day: whoever has the months before would not look there
    again."""
    added = story("s90", BEGUN + timedelta(days=2), datetime(2023, 12, 1, tzinfo=SEOUL))
    made = combined(*daily(9), added)
    assert "s90" in names(made["archive/2024-01-12.atom"])


def test_a_held_story_stands_on_the_day_on_which_it_was_shown() -> None:
    """First seen in January under an embargo until February."""
    seen = datetime(2024, 1, 30, tzinfo=UTC)
    held = story("s90", seen, seen, embargo_until=datetime(2024, 2, 2, tzinfo=UTC))
    made = combined(*daily(40), held)
    assert "s90" in names(made["archive/2024-02-02.atom"])


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
