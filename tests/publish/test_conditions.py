"""Every published feed keeps the schemas and the conditions of feed validators."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from aggregator.domain.items import SEOUL, When
from aggregator.domain.publishing import Planet
from tests.fixtures.feed_checks import problems
from tests.fixtures.hostile import BAD_LINKS, SCRIPT, hostile
from tests.fixtures.planets import make_item, make_placed, make_planet, make_stored
from tests.fixtures.rendering import render_site

BASE = "https://news.example"
NOW = datetime(2024, 3, 6, tzinfo=UTC)
ENDINGS = (".atom", ".rss", ".json")


def feeds(planet: Planet) -> dict[str, bytes]:
    """Every feed document of the planet's site."""
    made = {one.path: one.body for one in render_site(planet)}
    return {
        path: body
        for path, body in made.items()
        if path.endswith(ENDINGS) and not path.endswith(".ninjs.json")
    }


def wrong(made: dict[str, bytes]) -> dict[str, list[str]]:
    """What is wrong with them, by path."""
    found = {path: problems(path, body, BASE, NOW) for path, body in made.items()}
    return {path: lines for path, lines in found.items() if lines}


def test_every_feed_stands_in_every_format(planet: Planet) -> None:
    """Combined, by section, by body with stories, issues, changes and corrections in each language; months
    and days as Atom alone, which readers come to from the combined one."""
    names = {
        "feed", "issues", "en/issues", "changes", "en/changes", "corrections", "en/corrections",
        *(f"sections/{section.id}" for section in planet.series.sections),
        *(f"bodies/{body}" for body in ("molit", "gyeonggi", "ulsan", "lx")),
    }  # fmt: skip
    expected = {f"{name}{ending}" for name in names for ending in ENDINGS}
    made = set(feeds(planet))
    archived = {path for path in made if path.startswith("archive/")}
    assert "archive/2024-02.atom" in archived
    assert {".atom"} == {path[path.rindex(".") :] for path in archived}
    assert expected == made - archived


def test_nothing_is_wrong_with_any_feed(planet: Planet) -> None:
    """Of a usual planet, and of one with everything."""
    assert {} == wrong(feeds(planet))
    everything = replace(planet, options=replace(planet.options, everything=True, hub=""))
    assert {} == wrong(feeds(everything))


@pytest.mark.parametrize("gone", ["stories", "issues", "feeds", "changes"])
def test_nothing_is_wrong_with_empty_feeds(planet: Planet, gone: str) -> None:
    """A site begins with them."""
    assert {} == wrong(feeds(replace(planet, **{gone: ()})))  # type: ignore[arg-type]


@pytest.mark.parametrize("link", [BAD_LINKS[0], BAD_LINKS[-1], "https://evil.example/가?나=<"])
@pytest.mark.parametrize(
    "text",
    [
        SCRIPT,
        "</b> &amp; &lt;script&gt; &#0; &copy; <a href='x'>",
        "]]> <![CDATA[ <!-- <?php ?> <!DOCTYPE x [<!ENTITY a 'b'>]> &a;",
        "\u202e\ufeff\u200b 가\x85나\u2028다",
        "R&D AT&T Q&A <보도자료> 3 < 5 > 2",
    ],
)
def test_nothing_is_wrong_with_feeds_of_hostile_input(text: str, link: str) -> None:
    """Whatever sources write."""
    assert {} == wrong(feeds(hostile(text, link)))


def test_a_strange_date_is_no_implausible_one(planet: Planet) -> None:
    """None before 1990 and none ahead comes to any reader."""
    dates = [datetime(year, 6, 1, tzinfo=SEOUL) for year in (1, 1969, 1980, 1989, 9999)]
    strange = tuple(
        make_placed(f"z{n}", make_stored(make_item(90 + n, published=When(at=at)), 90 + n))
        for n, at in enumerate(dates)
    )
    assert {} == wrong(feeds(replace(planet, stories=(*planet.stories, *strange))))


def test_an_address_in_hangul_is_a_link_in_rss(planet: Planet) -> None:
    """RSS knows plain URIs only."""
    item = make_item(9, link="https://한글.example/가 나".replace(" ", "%20"))
    made = feeds(replace(planet, stories=(make_placed("h1", make_stored(item, 9)),)))
    link = b"<link>https://xn--bj0bj06e.example/%EA%B0%80%20%EB%82%98</link>"
    assert link in made["feed.rss"]


def test_a_bad_entry_takes_no_feed_down() -> None:
    """It is left out of each, with a line in the log, and the others stay."""
    planet = make_planet()
    bad = make_placed("x0", make_stored(make_item(9, title=" "), 9))
    with capture_logs() as lines:
        made = feeds(replace(planet, stories=(*planet.stories, bad)))
    assert {} == wrong(made)
    left = {line["feed"] for line in lines if line["event"] == "entry_left_out"}
    assert {"feed.atom", "feed.rss", "feed.json", "bodies/molit.json"} <= left
    assert all(b"story/d4" in made[f"feed{ending}"] for ending in ENDINGS)
    assert not [path for path, body in made.items() if b"story/x0" in body]


@pytest.mark.parametrize(
    "change",
    [
        {"link": "http://molit.example/news/1"},
        {
            "link": "https://www.molit.example/news/1",
            "canonical_url": "https://www.molit.example/1",
        },
        {"feed_id": "molit-new", "guid": "other", "key": "guid:other"},
        {"title": "(정정) 국토부, 스마트시티 패키지 수출"},
        {"body": "lx"},
    ],
)
def test_an_id_stays_whatever_changes_of_a_release(planet: Planet, change: dict[str, str]) -> None:
    """In every format: the address, the host, the source, the headline, the office."""
    placed = planet.stories[-1]
    stored = placed.story.primary
    members = (replace(stored, item=replace(stored.item, **change)), *placed.story.members[1:])  # type: ignore[arg-type]
    changed = replace(placed, story=replace(placed.story, members=members))
    made = feeds(replace(planet, stories=(*planet.stories[:-1], changed)))
    assert all(b"tag:news.example,2024:story/a1" in made[f"feed{ending}"] for ending in ENDINGS)
    assert {} == wrong(made)
