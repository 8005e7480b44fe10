"""The shipped rules on the labelled rows: not worse than they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aggregator.bootstrap import App, open_app
from aggregator.cli.evaluation_form import distractor_form, keyword_form, pair_form, section_form
from aggregator.services.evaluation.keywords import find_keywords
from aggregator.services.evaluation.rows import read_keywords, read_pairs, read_placed
from aggregator.services.evaluation.sections import Answer, place_rows

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "feeds.toml"


@pytest.fixture(scope="module")
def app() -> App:
    """The shipped configuration; no store is opened."""
    return open_app(SHIPPED, now=None, environ={})


def placed(app: App, name: str) -> list[Answer]:
    """The releases of a file, placed."""
    known = frozenset(section.id for section in app.config.series.sections)
    rows = read_placed((HERE / name).read_text(encoding="utf-8"), name, known)
    return place_rows(rows, app.new_material(), app.config.rules)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("duplicates.jsonl", 0.995, 0.92), ("duplicates-closer.jsonl", 0.99, 0.89)],
)
def test_pairs(app: App, name: str, precision: float, recall: float) -> None:
    """Hardly any two releases are taken for one, and few copies are missed."""
    text = (HERE / name).read_text(encoding="utf-8")
    with app.pair_judge() as judge:
        form = pair_form(judge.decide(read_pairs(text, name)), errors=False)
    assert form["precision"] >= precision
    assert form["recall"] >= recall


@pytest.mark.parametrize(("name", "accuracy"), [("sections.jsonl", 0.97), ("english.jsonl", 0.97)])
def test_sections(app: App, name: str, accuracy: float) -> None:
    """In Korean and in English alike."""
    form = section_form(placed(app, name), errors=False)
    assert form["accuracy"] >= accuracy
    assert form["top2"] >= 0.98


def test_distractors(app: App) -> None:
    """At most one in a hundred gets a section."""
    form = distractor_form(placed(app, "distractors.jsonl"), errors=False)
    assert form["selected"] <= form["of"] / 100


def test_keywords(app: App) -> None:
    """Words are found as they are meant."""
    rows = read_keywords((HERE / "keywords.txt").read_text(encoding="utf-8"), "keywords.txt")
    form = keyword_form(find_keywords(rows, app.config.rules), errors=False)
    assert form["f1"] >= 0.91


@pytest.mark.parametrize("name", ["duplicates.jsonl", "duplicates-closer.jsonl"])
def test_rows_are_told_apart(name: str) -> None:
    """No pair stands there twice."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    seen: set[str] = set()
    for line in lines:
        row: dict[str, Any] = json.loads(line)
        seen.add(json.dumps([row["a"], row["b"]], sort_keys=True))
    assert len(lines) == len(seen)
