"""One bad entry never takes a feed down: it is mended or left out, and the others are published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from structlog.testing import capture_logs

from aggregator.catalogue import Catalogue
from aggregator.domain.errors import RenderError
from aggregator.domain.publishing import PlacedStory
from aggregator.publish import entries, xml_feed
from aggregator.publish.feed_list import feed_places
from aggregator.publish.feed_records import FeedEntry, FeedFormat
from aggregator.publish.feeds import rendering
from aggregator.publish.layout import Layout
from tests.fixtures.bad_entries import BAD, GOOD, document
from tests.fixtures.desk import FEBRUARY_20, public_files
from tests.fixtures.feed_checks import problems
from tests.fixtures.house import NS, House
from tests.fixtures.planets import make_planet

LEFT_OUT = frozenset(
    {
        "a text of 4 MB",
        "no title",
        "a title of blanks",
        "nulls",
        "null itself",
        "a list",
        "wrong types",
    }
)
"""What cannot be mended; everything else is published without what was wrong with it."""

LATER = FEBRUARY_20 + timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House.opened(tmp_path)
    yield opened
    opened.desk.store.close()


def wrong(house: House) -> dict[str, list[str]]:
    """What validators would say of the published feeds, by path."""
    found = {
        path: problems(path, body, "https://news.example", LATER)
        for path, body in public_files(house.folder).items()
        if path.endswith((".atom", ".rss", ".json"))
    }
    return {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_entry_is_mended_or_left_out(house: House, what: str) -> None:
    """Through the whole program, in every feed and format, and all of them are valid."""
    house.visit(molit=BAD[what])

    assert {} == wrong(house)
    for stem in ("feed", "sections/issue", "bodies/molit"):
        titles = [entry.title for entry in house.shown()[stem]]
        assert set(GOOD) <= set(titles)
        assert (2 if what in LEFT_OUT else 3) == len(titles)


def test_what_is_odd_is_reported(house: House) -> None:
    """By name, in the log of the visit; what a feed has no room for, in that of the build."""
    with capture_logs() as lines:
        house.visit(molit=BAD["a text of 4 MB"])

    (visited,) = (line for line in lines if line["event"] == "feed_refreshed")
    assert ["text-cut"] == visited["warnings"]
    assert "feed.atom" in {line["feed"] for line in lines if line["event"] == "feed_shortened"}


def test_an_entry_that_turns_bad_leaves_the_others(house: House) -> None:
    """And comes back under its id when its office mends it."""
    house.visit(molit=document())
    before = house.combined()
    house.visit(molit=document(title=""))
    house.visit(molit=document())

    assert {entry.id for entry in before} == {entry.id for entry in house.combined()}


def test_a_story_of_which_no_entry_can_be_made_is_left_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with what is stored of it."""
    make = entries.story_entry

    def fail(placed: PlacedStory, context: entries.FeedContext) -> FeedEntry:
        if placed.story.primary.item.title == GOOD[0]:
            raise OverflowError("date value out of range")
        return make(placed, context)

    monkeypatch.setattr(entries, "story_entry", fail)
    with capture_logs() as lines:
        house.visit(molit=document())

    assert 2 == len(house.combined())
    reasons = {line["reason"] for line in lines if line["event"] == "entry_left_out"}
    assert {"date value out of range"} == reasons


@pytest.mark.parametrize("form", [FeedFormat.ATOM, FeedFormat.RSS])
def test_an_entry_that_cannot_be_read_back_is_left_out(form: FeedFormat) -> None:
    """A parser refuses texts of more than ten million characters, and with them the whole feed."""
    planet, catalogue = make_planet(), Catalogue.load()
    layout = Layout(languages=planet.series.languages)
    place = feed_places(planet, layout, catalogue)[-1]
    feed = place.document(entries.FeedContext.of(planet, layout, catalogue))
    first, *others = feed.entries
    feed = replace(feed, entries=(replace(first, content="가" * 10_000_001), *others))
    with capture_logs() as lines:
        body = rendering(feed, form).body

    found = list(etree.fromstring(body).iter("{*}entry", "item"))
    assert len(others) == len(found)
    assert [first.id] == [line["entry"] for line in lines if line["event"] == "entry_left_out"]


def test_the_last_good_files_stay_where_a_feed_cannot_be_made(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one file of the build is written, and the next one that works has everything."""
    house.visit(molit=document())
    before = public_files(house.folder)

    def fail(*_: object) -> None:
        raise RenderError("feed.atom: the feed cannot be read back")

    with monkeypatch.context() as failing:
        failing.setattr(xml_feed, "_read_back", fail)
        with pytest.raises(RenderError):
            house.visit(molit=document(title="스마트시티 새 제목"))
        assert before == public_files(house.folder)

    house.build()
    assert "스마트시티 새 제목" in [entry.title for entry in house.combined()]
    root = etree.fromstring(public_files(house.folder)["feed.atom"])
    assert 3 == len(root.findall("a:entry", NS))
