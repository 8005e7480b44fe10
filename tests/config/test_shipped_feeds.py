"""The feeds.toml that comes with the program."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from aggregator.config import Config, json_schema, load_config
from aggregator.config.bodies import index_names, shipped_bodies
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Issuer
from aggregator.domain.issues import Balance, Shape
from aggregator.read.links.addresses import canonical_url
from aggregator.text.offices import find_issuer

FILE = Path(__file__).parents[2] / "feeds.toml"
MARK = "# --- rules ---"
NO_ADDRESS = "# --- no address is known ---"
PART = FILE.read_text(encoding="utf-8").partition("# --- feeds ---")[2]
PART = PART.partition("# --- the newsletter ---")[0]
BEHIND = "# --- media, literature, video"
ABOLISHED = {"spo", "jung-incheon", "dong-incheon"}
"""Bodies of the past, kept for older items."""


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
    assert (Balance.ONE_PER_BODY, 7) == (sections["trend"].balance, sections["trend"].fill)
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
    assert 12 == series.no_repeat
    assert (48, time(10), timedelta(days=3)) == (
        series.first_number,
        series.at,
        series.draft_before,
    )


def test_enough_feeds_are_read(config: Config) -> None:
    """The desk starts with a list that is worth it."""
    assert sum(feed.active for feed in config.feeds) >= 60


def test_every_first_level_government_is_accounted_for(config: Config) -> None:
    """17 of them and the one of July 2026: a feed, a board, or a word that there is none."""
    bodies = shipped_bodies()
    wanted = {i for i, body in bodies.items() if body.level in {Level.METRO, Level.PROVINCE}}
    assert len(wanted) == 18
    assert [] == _unaccounted(wanted, config)


def test_every_body_of_an_issue_is_accounted_for(config: Config) -> None:
    """Those who stood in a printed issue are followed, or said to have no address."""
    printed = {"molit", "kaia", "korea-kr", "seoul", "gyeonggi", "chungbuk", "jeju", "ulsan"}
    printed |= {"seongnam", "haenam", "lx", "snu", "its-korea", "kongju"}
    assert [] == _unaccounted(printed, config)


def _unaccounted(wanted: set[str], config: Config) -> list[str]:
    """Ids of bodies that have neither a feed nor a line in the lists behind the feeds."""
    followed = {feed.body for feed in config.feeds}
    listed = PART.partition(BEHIND)[2]
    names = {i: body.print_names["ko"] for i, body in shipped_bodies().items()}
    return sorted(i for i in wanted - followed if names[i] not in listed)


def test_known_bad_addresses_are_not_visited(config: Config) -> None:
    """Dead feeds, guide pages, pages of errors, and with GET addresses that answer POST only."""
    bad = {"korea.kr/rss", "gnews_rss_main", "/rss/pressRelease.xml", "apply.lh.or.kr"}
    bad |= {"RssXML3.do", "M7116/boardRss.do", "//www.moef.go.kr", "//www.me.go.kr"}
    active = [feed.url for feed in config.feeds if feed.active]
    assert [] == [url for url in active if any(part in url for part in bad)]
    assert [] == [feed.id for feed in config.feeds if "korea.kr/rss" in feed.url]
    motir = [feed.method for feed in config.feeds if "motir.go.kr" in feed.url]
    assert ["POST"] == motir


def test_the_interfaces_of_the_policy_portal_wait_for_a_key(config: Config) -> None:
    """Complete but for it: the variable is named, the ministry is read, they are off."""
    found = {f.id: (f.key_env, f.days, f.issuer, f.active) for f in config.feeds if f.key_env}

    assert {
        "korea-kr-press": ("DATA_GO_KR_KEY", 3, Issuer.AUTHOR, False),
        "korea-kr-news": ("DATA_GO_KR_KEY", 3, Issuer.BODY, False),
    } == found


def test_no_board_stands_twice(config: Config) -> None:
    """Not under two spellings of its address either."""
    owners: dict[str, list[str]] = {}
    for feed in config.feeds:
        owners.setdefault(canonical_url(feed.url), []).append(feed.id)
    assert [] == [ids for ids in owners.values() if len(ids) > 1]


def test_ids_begin_with_the_body(config: Config) -> None:
    """molit-press is a feed of molit."""
    assert [] == [f.id for f in config.feeds if not f.id.startswith(f"{f.body}-")]


def test_active_feeds_say_what_is_known_of_them() -> None:
    """The day somebody looked, or a word about it on the feed's first line."""
    assert [] == [
        feed["id"]
        for feed, note in _noted()
        if feed.get("active", True) and not feed.get("checked") and not note
    ]


def test_feeds_that_are_off_say_why() -> None:
    """Each has a reason that can be read."""
    assert [] == [f["id"] for f, note in _noted() if not f.get("active", True) and not note]


def _noted() -> list[tuple[dict[str, Any], str]]:
    """Every feed as written, with the comment behind its header."""
    feeds = tomllib.loads(PART)["feeds"]
    notes = re.findall(r"^\[\[feeds\]\] *#? ?(.*)$", PART, re.MULTILINE)
    return [*zip(feeds, notes, strict=True)]


def test_bodies_that_are_listed_without_an_address_have_none(config: Config) -> None:
    """The last list names nobody whose feed stands above."""
    listed = PART.partition(NO_ADDRESS)[2]
    names = re.findall(r"[가-힣A-Za-z]+", listed.partition("# Cities")[0])
    index = index_names(shipped_bodies().values())
    offices = {find_issuer(index, name) for name in names} - {None, "korea-kr"}
    assert set() == offices & {feed.body for feed in config.feeds}


def test_every_national_body_has_a_feed_or_is_listed(config: Config) -> None:
    """Whoever is shipped and may issue is followed, or said to have no address."""
    local = {Level.CITY, Level.COUNTY, Level.DISTRICT}
    wanted = {i for i, body in shipped_bodies().items() if body.level not in local}
    assert [] == _unaccounted(wanted - ABOLISHED, config)


def test_counts_of_local_governments_without_an_address(config: Config) -> None:
    """The numbers by region are those of the data."""
    local = {Level.CITY, Level.COUNTY, Level.DISTRICT}
    bodies = shipped_bodies()
    today = [b for b in bodies.values() if b.level in local and b.id not in ABOLISHED]
    missing = Counter(b.region for b in today if b.id not in {feed.body for feed in config.feeds})
    listed = PART.partition("# Cities, counties and districts, ")[2].partition(".")[0]
    total, _, regions = " ".join(listed.replace("#", " ").split()).partition(": ")
    assert f"{missing.total()} of {len(today)}" == total
    shown = [f"{bodies[i].print_names['ko']} {missing[i]}" for i in bodies if missing[i]]
    assert shown == regions.split(", ")


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
