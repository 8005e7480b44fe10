"""Leads on pages of many stories: as long as a reader takes in, cut where a text may end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.domain.publishing import Planet
from aggregator.publish.titles import LEAD_LIMIT, short_lead
from tests.fixtures.planets import make_item, make_placed, make_stored
from tests.fixtures.rendering import render_site

SENTENCE = "도시의 여러 기관이 함께 쓰는 자료를 한곳에 모은다. "
WORDS = "도시 자료 "


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (SENTENCE * 100, ("모은다. …",)),
        (WORDS * 500, ("도시…", "자료…")),
        ("가" * 3000, ("가…",)),
        ("값은 3.14다 " * 300, ("은…", "다…")),
    ],
    ids=["sentences", "words", "one word", "points in numbers"],
)
def test_a_long_lead_ends_where_a_text_may_end(text: str, end: tuple[str, ...]) -> None:
    """Behind a sentence, else behind a word, and says that it goes on."""
    made = short_lead(text)
    assert len(made) <= LEAD_LIMIT
    assert len(made) > LEAD_LIMIT // 2
    assert made.endswith(end)


@pytest.mark.parametrize("text", ["", "짧다.", "가" * LEAD_LIMIT])
def test_a_lead_that_fits_is_whole(text: str) -> None:
    """Nothing is added to it."""
    assert text == short_lead(text)


def test_pages_of_many_stories_print_no_endless_lead(planet: Planet) -> None:
    """Feeds have it whole."""
    endless = make_placed("z9", make_stored(make_item(9, summary=SENTENCE * 100), 9))
    made = {one.path: one.body.decode() for one in render_site(replace(planet, stories=(endless,)))}
    assert (SENTENCE * 20).strip() not in made["index.html"]
    assert "모은다. …</p>" in made["index.html"]
    assert (SENTENCE * 100).strip() in made["feed.atom"]
