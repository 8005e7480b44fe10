"""The feeds.toml that comes with the program."""

from __future__ import annotations

import tomllib
from datetime import time, timedelta
from pathlib import Path

import jsonschema
import msgspec
import pytest

from aggregator.config import Config, json_schema, load_config
from aggregator.domain.issues import Balance, Shape

FILE = Path(__file__).parents[2] / "feeds.toml"
MARK = "# --- rules ---"


@pytest.fixture(scope="module")
def config() -> Config:
    """The shipped configuration."""
    return load_config(FILE, {})


def test_it_validates_against_the_json_schema() -> None:
    """The schema made from the types accepts the file, and is a schema itself."""
    schema = json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    document = msgspec.to_builtins(tomllib.loads(FILE.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(document)] == []


def test_schema_refuses_unknown_keys() -> None:
    """Editors that use the schema mark typing errors."""
    document = msgspec.to_builtins(tomllib.loads(FILE.read_text(encoding="utf-8")))
    document["feeds"][0]["boddy"] = "molit"
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(document)


def test_sections_stand_in_the_order_of_an_issue(config: Config) -> None:
    """Six sections with their Korean and English labels."""
    labels = {
        "issue": ("스마트시티 이슈", "Smart City Issue"),
        "project": ("스마트시티 정책·사업", "Smart City Policy Project"),
        "trend": ("스마트시티 정책동향", "Smart City Policy Trend"),
        "special": ("스마트시티 스페셜", "Smart City Special"),
        "literature": ("스마트시티 문헌", "Smart City Literature"),
        "news": ("스마트시티 소식", "Smart City News"),
    }
    found = {s.id: (s.titles["ko"], s.titles["en"]) for s in config.series.sections}
    assert [*labels.items()] == [*found.items()]


def test_shapes_limits_and_lead(config: Config) -> None:
    """The housing ministry leads; the rest overflows; no local body stands twice."""
    sections = {section.id: section for section in config.series.sections}
    assert [section.limit for section in config.series.sections] == [2, 8, 12, 4, 4, 4]
    assert (
        sections["issue"].lead_bodies,
        sections["issue"].lead_groups,
        sections["issue"].overflow,
    ) == (("molit",), ("core",), "project")
    assert Balance.ONE_PER_BODY is sections["trend"].balance
    assert [sections[name].shape for name in ("special", "literature", "news")] == [
        Shape.MEDIA,
        Shape.PAPER,
        Shape.EVENT,
    ]


def test_series(config: Config) -> None:
    """Two editions, the next number, the day and hour."""
    series = config.series
    assert series.languages == ("ko", "en")
    assert series.titles["en"] == "Smart City Korea Newsletter"
    assert series.taglines["en"] == "Check out the latest smart city policy information!"
    assert (48, time(10), timedelta(days=3)) == (
        series.first_number,
        series.at,
        series.draft_before,
    )


def test_good_first_set_of_feeds(config: Config) -> None:
    """Fourteen feeds; the one that does not answer GET is off."""
    assert len(config.feeds) >= 14
    assert [feed.id for feed in config.feeds if not feed.active] == ["motir-press"]
    assert {"molit", "seoul", "gyeonggi", "daegu", "fsc"} <= {feed.body for feed in config.feeds}


def test_rules_follow_the_mark() -> None:
    """What belongs to the rules stands behind one marker line, and nothing else does."""
    before, after = FILE.read_text(encoding="utf-8").split(MARK)
    assert {"match", "groups", "topic", "sections"} == set(tomllib.loads(after))
    assert {"feeds", "series", "publish"} <= set(tomllib.loads(before))


def test_rules_are_read(config: Config) -> None:
    """Groups, masks and a rule for every section, under a hash."""
    rules = config.rules
    assert [section.id for section in config.series.sections] == [r.id for r in rules.sections]
    assert "core" in {group.id for group in rules.groups}
    assert len(rules.hash) == 64
