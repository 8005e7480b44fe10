"""Stories and issues as ninjs, held against IPTC's schema.

The schema of version 3.1 is IPTC's own (MIT licence, beside it). Version 3.2 asks for an id and for
values where 3.1 does not, and knows more of renditions, of which nothing is written here: what
it asks for is added to the schema before it is used, and 3.1 is tested as it stands.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.layout import Layout
from aggregator.publish.ninjs import issue_ninjs, story_ninjs
from aggregator.publish.river import shown_stories
from tests.fixtures.corrections import correct_planet, make_corrections
from tests.fixtures.rendering import render_site

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "ninjs-3.1.json").read_bytes())
LAYOUT = Layout(languages=("ko", "en"))
CATALOGUE = Catalogue.load()


def stricter() -> dict[str, Any]:
    """The schema with what version 3.2 requires."""
    made = copy.deepcopy(SCHEMA)
    news = made["$defs"]["ninjsType"]
    news["required"] = ["uri"]
    for name in ("headlines", "descriptions", "bodies"):
        news["properties"][name]["items"]["required"] = ["value"]
        news["properties"][name]["items"]["additionalProperties"] = False
    result: dict[str, Any] = made
    return result


VALIDATORS = [
    Draft202012Validator(schema, format_checker=FormatChecker()) for schema in (SCHEMA, stricter())
]


def check(body: bytes) -> dict[str, Any]:
    """The document, which passes both schemas."""
    document: dict[str, Any] = json.loads(body)
    for validator in VALIDATORS:
        assert [] == [error.message for error in validator.iter_errors(document)]
    return document


def hostile_stories(planet: Planet) -> Iterator[PlacedStory]:
    """Every story with nothing in it, and with what no document may break of."""
    nasty = '\x00"</script>\ud800\u2028\n' + "x" * 5000
    texts = {"title": nasty, "summary": nasty, "licence": nasty, "body": nasty, "link": nasty}
    for changes in (texts, dict.fromkeys(texts, ""), {"published": None}):
        for placed in planet.stories:
            primary = placed.story.primary
            item = replace(primary.item, **changes)
            story = replace(placed.story, members=(replace(primary, item=item),))
            yield replace(placed, story=story)


def test_the_schema_can_fail() -> None:
    """A document without an id, or with a property that ninjs does not have."""
    for validator in VALIDATORS:
        assert not validator.is_valid({"type": "text"})
        assert not validator.is_valid({"uri": "tag:x,2024:y", "headline": "x"})
        assert not validator.is_valid({"uri": "tag:x,2024:y", "type": "issue"})


def test_every_file_of_the_site_passes(planet: Planet) -> None:
    """Stories and editions."""
    files = {a.path: a.body for a in render_site(planet)}
    names = [name for name in files if name.endswith(".ninjs.json")]
    assert {"issues/48/issue.ninjs.json", "stories/a1.ninjs.json"} <= set(names)
    for name in names:
        check(files[name])


def test_hostile_stories_pass_too(planet: Planet) -> None:
    """Whatever a feed brings."""
    for placed in hostile_stories(planet):
        check(story_ninjs(placed, planet, "ko", CATALOGUE))


def test_a_story_has_the_id_of_its_entry(planet: Planet) -> None:
    """The same in every feed."""
    placed = planet.stories[0]
    uri = check(story_ninjs(placed, planet, "ko", CATALOGUE))["uri"]
    assert f"tag:news.example,2024:story/{placed.story.public_id}" == uri
    files = {a.path: a.body for a in render_site(planet)}
    assert f"<id>{uri}</id>".encode() in files["feed.atom"]


def test_only_public_addresses_are_told(planet: Planet) -> None:
    """Others are left out; letters of other scripts are coded."""
    placed = planet.stories[0]

    def told(link: str) -> object:
        primary = placed.story.primary
        changed = replace(primary, item=replace(primary.item, link=link))
        other = replace(placed, story=replace(placed.story, members=(changed,)))
        renditions = check(story_ninjs(other, planet, "ko", CATALOGUE)).get("renditions")
        return renditions[0]["href"] if renditions else None

    assert "https://a.example/%EA%B0%80?b=%20" == told("https://a.example/가?b=%20")
    for link in ("javascript:alert(1)", "http://127.0.0.1/x", ""):
        assert told(link) is None


def test_an_issue_is_a_package_in_printed_order(planet: Planet) -> None:
    """Each item by its place in its section, with the text of the edition."""
    issue = planet.issues[1]
    document = check(issue_ninjs(issue, issue.editions[0], planet, LAYOUT, CATALOGUE))
    names = [item["name"] for item in document["associations"]]
    assert ["issue-1", "trend-1", "special-1", "special-2", "literature-1", "news-1"] == names
    assert "국토교통부" == document["associations"][0]["by"]
    assert "video" == document["associations"][2]["type"]
    assert document["associations"][5]["bodies"][0]["value"].startswith("행사명: 2024 Smart City")


def test_a_correction_makes_a_new_version(planet: Planet) -> None:
    """Of the edition that was corrected alone."""
    at = datetime(2024, 3, 5, 16, 0, tzinfo=UTC)
    issue = replace(planet.issues[1], corrected={"en": at})
    versions = [
        check(issue_ninjs(issue, edition, planet, LAYOUT, CATALOGUE))["versionCreated"]
        for edition in issue.editions
    ]
    assert ["2024-03-04T10:00:00+09:00", "2024-03-06T01:00:00+09:00"] == versions


def test_what_an_issue_printed_keeps_its_file(planet: Planet) -> None:
    """Also when the story has left the feeds; others go with the feeds."""
    planet = replace(planet, options=replace(planet.options, feed_limit=1))
    names = {artefact.path for artefact in render_site(planet)}
    printed = {
        item.story
        for issue in planet.issues
        for edition in issue.editions
        for section in edition.sections
        for item in section.items
    }
    newest, *others = (placed.story.public_id for placed in shown_stories(planet))
    kept = {newest, *printed.intersection(others)}
    assert kept < {newest, *others}
    wanted = {f"stories/{public_id}.ninjs.json" for public_id in kept}
    assert wanted == {name for name in names if name.startswith("stories/")}


def test_corrections_pass_the_schema() -> None:
    """In every edition, with an item that is withdrawn."""
    planet = correct_planet(make_corrections())
    issue = planet.issues[1]
    for edition in issue.editions:
        check(issue_ninjs(issue, edition, planet, LAYOUT, CATALOGUE))


def test_a_printed_item_says_who_when_and_under_which_licence(planet: Planet) -> None:
    """Each in its own property; a video brings its poster."""
    before, issue = planet.issues
    korean = issue.editions[0]
    video = next(one for one in korean.sections if one.id == "special").items[0]
    section = replace(korean.sections[0], items=(replace(video, licence="KOGL-1"),))
    issue = replace(issue, editions=(replace(korean, sections=(section,)),))
    made = {one.path: one.body for one in render_site(replace(planet, issues=(before, issue)))}
    [item] = json.loads(made["issues/48/issue.ninjs.json"])["associations"]
    assert ("국토교통부", "2024-02-21T00:00:00+09:00", "공공누리 제1유형(출처표시)") == (
        item["by"],
        item["contentCreated"],
        item["usageTerms"],
    )
    assert ["molit"] == [one["literal"] for one in item["organisations"]]
    poster = item["renditions"][1]
    assert ("poster", "https://news.example/thumbnails/1.png", "image/png") == (
        poster["name"],
        poster["href"],
        poster["contentType"],
    )
