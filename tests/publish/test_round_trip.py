"""What is published and read again is what was stored."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.catalogue import Catalogue
from aggregator.domain.feeds import Feed
from aggregator.domain.items import SEOUL, Entry, Item
from aggregator.domain.publishing import Planet
from aggregator.publish.entries import FeedContext
from aggregator.publish.feed_list import feed_places
from aggregator.publish.feed_records import FeedFormat
from aggregator.publish.feeds import rendering
from aggregator.publish.layout import Layout
from aggregator.read.items.normalise import normalise
from aggregator.services.trials.inspect import inspect_document
from aggregator.text.clean import one_line, plain_text
from tests.fixtures.planets import SEEN_AT, make_placed, make_planet, make_stored

FEED = Feed(id="molit", url="https://molit.example/rss", title="국토교통부", body="molit")
CATALOGUE = Catalogue.load()
EARLIEST = datetime(2024, 2, 1, tzinfo=UTC)


def is_encoded_twice(text: str) -> bool:
    """Whether a text is what UTF-8 looks like when it is taken for Latin-1: feedparser undoes that."""
    with contextlib.suppress(UnicodeError):
        return text.encode("latin-1").decode("utf-8") != text
    return False


WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from("가나다스마트시티 <>&;\"'·…[](){}]]>2026#%/\\\n\t\u3000ＡＢ｢｣😀"),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
).filter(lambda text: not is_encoded_twice(one_line(text)))
"""Texts with everything that markup trips over."""


@st.composite
def items(draw: st.DrawFn, number: int) -> Item:
    """An item as the reading makes it from an entry that holds anything."""
    at = EARLIEST + timedelta(seconds=draw(st.integers(0, 28 * 86400)))
    entry = Entry(
        guid=f"urn:{number}",
        link=f"https://molit.example/v?id={number}&x={draw(st.sampled_from(['', 'a+b', '%20', '가']))}",
        title=f"{number} {draw(WORDS)}",
        summary=draw(WORDS),
        content=draw(WORDS),
        published=at.astimezone(SEOUL).isoformat(),
    )
    return normalise(entry, FEED, issuer=lambda _: None, base_url=FEED.url)


def atom_of(planet: Planet) -> bytes:
    """The combined feed of the planet."""
    layout = Layout(languages=planet.series.languages)
    *_, combined = feed_places(planet, layout, CATALOGUE)
    document = combined.document(FeedContext.of(planet, layout, CATALOGUE))
    return rendering(document, FeedFormat.ATOM).body


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_published_stories_read_back_as_they_were_stored(data: st.DataObject) -> None:
    """Title, link, day and time, summary, and the text of the content survive the way through the
    feed; the identity of an entry is that of its story."""
    stored = [make_stored(data.draw(items(number)), number) for number in range(1, 4)]
    planet = replace(
        make_planet(),
        stories=tuple(make_placed(f"s{each.id}", each) for each in stored),
        issues=(),
    )
    document = atom_of(planet)

    found = inspect_document(document, feed=FEED, now=SEEN_AT)

    assert set() == set(found.warnings)
    read = {item.link: item for item in found.items}
    assert {each.item.link for each in stored} == read.keys()
    for each in stored:
        item, again = each.item, read[each.item.link]
        assert again.guid.endswith(f"story/s{each.id}")
        assert one_line(item.title) == again.title
        assert item.published == again.published
        assert item.summary == again.summary
        if plain_text(item.content).strip():
            assert plain_text(item.content) == plain_text(again.content)
