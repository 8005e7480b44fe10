"""Every example of docs/rules.md comes out as it says, by the real rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from aggregator.config import Config, load_config
from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.words import compile_rules
from aggregator.curate.placing.classify import ClassifyInput, classify
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import Group, RuleSet, Topic
from aggregator.domain.stories import Placement

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
HEAD = """\
schema = 1
[[feeds]]
id = "molit-press"
url = "https://molit.example/rss"
body = "molit"
[[feeds]]
id = "seoul-press"
url = "https://seoul.example/rss"
body = "seoul"
[[series]]
id = "smart-city"
title = { ko = "뉴스레터" }
tagline = { ko = "소식" }
[publish]
base_url = "https://news.example"
tag_authority = "news.example,2024"
"""


def rows(*header: str) -> list[tuple[str, ...]]:
    """The rows of all tables with this header."""
    return [row for head, row in _tables() if head == header]


def _tables() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    header: tuple[str, ...] = ()
    for line in GUIDE.splitlines():
        if not line.startswith("|"):
            header = ()
            continue
        cells = tuple(cell.strip() for cell in line.strip("|").split(" |"))
        if not header:
            header = cells
        elif not set(line) <= set("|- "):
            yield header, cells


def found(words: list[str], text: str, *masks: str) -> list[str]:
    rules = RuleSet(
        field_weights={"title": 1.0},
        group_cap=2,
        masks=masks,
        groups=(Group(id="g", weight=1.0, words=tuple(words)),),
        topic=Topic(groups=(), must_any=(), threshold=0.0),
        sections=(),
        hash="",
    )
    return [hit["word"] for hit in find_hits(compile_rules(rules), {"title": text})]


@pytest.mark.parametrize(("word", "text", "hit"), rows("word", "text", "hit"))
def test_words(word: str, text: str, hit: str) -> None:
    """A word hits where the guide says yes."""
    assert hit == ("yes" if found([word], text) else "no")


@pytest.mark.parametrize(("words", "text", "expected"), rows("words", "text", "found"))
def test_the_longest_wins(words: str, text: str, expected: str) -> None:
    """Of several words those are found that the guide names."""
    assert expected.split(", ") == found(words.split(", "), text)


@pytest.mark.parametrize(("word", "mask", "text", "hit"), rows("word", "mask", "text", "hit"))
def test_masks(word: str, mask: str, text: str, hit: str) -> None:
    """A word is swallowed where the guide says no, and would hit without the mask."""
    assert hit == ("yes" if found([word], text, mask) else "no")
    assert found([word], text)


@cache
def config(folder: Path) -> Config:
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    file = folder / "feeds.toml"
    file.write_text(HEAD + block, encoding="utf-8")
    return load_config(file, {})


def place(
    folder: Path, title: str, summary: str, body: str = "molit", carries: str = "press"
) -> Placement:
    one = config(folder).bodies[body]
    story = ClassifyInput(
        title=title,
        summary=summary,
        content="",
        level=one.level,
        body=body,
        region=one.home_region,
        carries=Carries(carries),
    )
    return classify(story, compile_rules(config(folder).rules))


def test_the_example_rules_give_no_warning(tmp_path: Path) -> None:
    """An example is one to follow."""
    assert () == config(tmp_path).warnings


@pytest.mark.parametrize(("title", "summary", "points"), rows("title", "summary", "topic points"))
def test_topic_points(tmp_path: Path, title: str, summary: str, points: str) -> None:
    """The points of the topic are those of the guide."""
    assert float(points) == place(tmp_path, title, summary).trace["topic"]["points"]


@pytest.mark.parametrize(
    ("office", "carries", "title", "summary", "section", "points"),
    rows("office", "feed carries", "title", "summary", "section", "points"),
)
def test_sections(  # noqa: PLR0917 - a row of the guide
    tmp_path: Path, office: str, carries: str, title: str, summary: str, section: str, points: str
) -> None:
    """A story comes where the guide says, with those points."""
    found = place(tmp_path, title, summary, office, carries)
    assert (section, float(points)) == (found.section or "none", found.score)


def test_the_shipped_groups() -> None:
    """The guide names every group of the shipped rules, with what a word is worth in a title."""
    rules = load_config(ROOT / "feeds.toml", {}).rules
    shown = {
        group: points
        for groups, _, points in rows("group", "says", "points in the title")
        for group in re.findall("`([a-z_]+)`", groups)
    }

    assert {group.id for group in rules.groups} == set(shown)
    topic = [group for group in rules.groups if group.id in rules.topic.groups]
    for group in topic:
        worth = group.weight * rules.field_weights["title"]
        assert float(shown[group.id].replace("−", "-")) == pytest.approx(worth), group.id


def test_no_table_of_examples_is_left_out() -> None:
    """Each table is run, or has no outcome to run."""
    told = {("written", "holds when"), ("warned of", "why")}
    run = {
        ("word", "text", "hit"),
        ("words", "text", "found"),
        ("word", "mask", "text", "hit"),
        ("title", "summary", "topic points"),
        ("office", "feed carries", "title", "summary", "section", "points"),
        ("group", "says", "points in the title"),
    }
    assert told | run == {header for header, _ in _tables()}
