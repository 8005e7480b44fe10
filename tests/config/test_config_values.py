"""What an accepted file becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from aggregator.config import Config, load_config
from aggregator.config.addresses import Endpoint
from aggregator.config.build import hash_rules
from aggregator.config.values import BadValue, read_duration, read_selector, read_size
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Identity, ListSelectors
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.domain.rules import Condition

HEAD = """\
schema = 1
allow_private = ["127.0.0.1:8000", "10.0.0.0/8:443", "[fd00::/8]:443", "Intranet.example:80"]
connect_to = { "*.example" = "127.0.0.1:8123" }
contact = "mailto:desk@news.example"
"""
BODY = """
[defaults]
identity = "link"
timeout = "5s"

[[feeds]]
id = "a"
url = "https://a.example/rss"
body = "molit"

[[feeds]]
id = "b"
url = "https://b.example/rss"
body = "korea-kr"
identity = "guid"
timeout = "1m"
max_bytes = "512KiB"
timezone = "UTC"
active = false

[[series]]
id = "smart-city"
title = { ko = "뉴스레터" }
tagline = { ko = "소식" }

[publish]
base_url = "https://news.example/desk/"
tag_authority = "news.example,2024"

[groups.core]
weight = 3
words = ["스마트시티", "스마트도시"]

[topic]
groups = ["core"]
must_any = ["core@title"]

[[sections]]
id = "trend"
series = "smart-city"
title = { ko = "동향" }
levels = ["ministry", "city"]
require = [["core", "core@title"]]
bonus_levels = { city = 1 }
"""


def load(tmp_path: Path, *, head: str = HEAD, tail: str = "", database: str = "") -> Config:
    """The configuration of a file in ``tmp_path``."""
    file = tmp_path / "feeds.toml"
    file.write_text(head + BODY + tail, encoding="utf-8")
    return load_config(file, {"AGG_DATABASE": database} if database else {})


def test_feeds_inherit_and_override(tmp_path: Path) -> None:
    """Defaults reach every feed that does not say otherwise."""
    first, second = load(tmp_path).feeds
    assert (Identity.LINK, timedelta(seconds=5), 5 * 1024 * 1024, "Asia/Seoul", True) == (
        first.identity,
        first.timeout,
        first.max_bytes,
        first.timezone,
        first.active,
    )
    assert (Identity.GUID, timedelta(minutes=1), 512 * 1024, "UTC", False) == (
        second.identity,
        second.timeout,
        second.max_bytes,
        second.timezone,
        second.active,
    )


def test_portal_has_less_authority_than_an_issuing_body(tmp_path: Path) -> None:
    """The issuing body's own item represents a story."""
    assert [feed.authority for feed in load(tmp_path).feeds] == [90, 40]


def test_title_is_the_bodys_name(tmp_path: Path) -> None:
    """A feed without a title is called like its body."""
    assert [feed.title for feed in load(tmp_path).feeds] == ["국토교통부", "대한민국 정책브리핑"]


@pytest.mark.parametrize("name", ["what?", "no#1", "100%25"])
@pytest.mark.parametrize("database", ["", 'database = "sqlite:///x.db"\n'])
def test_odd_folder_names_reach_the_database(tmp_path: Path, name: str, database: str) -> None:
    """A folder whose name has signs that mean something in an address is still that folder."""
    folder = tmp_path / name
    folder.mkdir()
    config = load(folder, head=HEAD + database)
    expected = "x.db" if database else "var/aggregator.db"
    assert str(folder / expected) == make_url(config.database_url).database


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    """Where the program was started does not matter."""
    config = load(tmp_path)
    assert tmp_path / "var" == config.data_dir
    assert f"sqlite:///{tmp_path}/var/aggregator.db" == config.database_url


def test_database_in_the_file(tmp_path: Path) -> None:
    """A relative SQLite file lies beside the configuration."""
    config = load(tmp_path, head=HEAD + 'database = "sqlite:///data/x.db"\n')
    assert f"sqlite:///{tmp_path}/data/x.db" == config.database_url


def test_environment_overrides_the_database(tmp_path: Path) -> None:
    """AGG_DATABASE may hold a password, which the configuration does not show."""
    url = "postgresql+psycopg://me:secret@db.example/desk"
    config = load(tmp_path, database=url)
    assert url == config.database_url
    assert "secret" not in repr(config)


def test_addresses_are_parsed(tmp_path: Path) -> None:
    """Networks and hosts, each with its port."""
    config = load(tmp_path)
    assert (
        AddressException(host="127.0.0.1", port=8000),
        AddressException(network=ip_network("10.0.0.0/8"), port=443),
        AddressException(network=ip_network("fd00::/8"), port=443),
        AddressException(host="intranet.example", port=80),
    ) == config.allow_private
    assert (ConnectTo(pattern="*.example", host="127.0.0.1", port=8123),) == config.connect_to
    assert Endpoint(host="127.0.0.1", port=8080) == config.listen


def test_user_agent_names_program_and_contact(tmp_path: Path) -> None:
    """Sites can tell who visits them."""
    agent = load(tmp_path).user_agent
    assert agent.startswith("press-newsletter-desk/")
    assert agent.endswith(" (+mailto:desk@news.example)")


def test_base_url_has_no_trailing_slash(tmp_path: Path) -> None:
    """Paths are appended with a slash of their own."""
    assert load(tmp_path).publish.base_url == "https://news.example/desk"


def test_rules_become_records(tmp_path: Path) -> None:
    """Scope, conditions and points of a section."""
    (rule,) = load(tmp_path).rules.sections
    assert frozenset({Level.MINISTRY, Level.CITY}) == rule.levels
    assert ((Condition.parse("core"), Condition.parse("core@title")),) == rule.require
    assert rule.bonus_levels == {Level.CITY: 1.0}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("공공누리 제3유형", "KOGL-3"),
        ("KOGL Type 4", "KOGL-4"),
        ("CC BY-ND 4.0", "CC-BY-ND-4.0"),
        ("https://creativecommons.org/licenses/by-nd/4.0/", "CC-BY-ND-4.0"),
        ("CC-BY-2.0-KR", "CC-BY-2.0-KR"),
        ("KOGL-1", "KOGL-1"),
        ("All rights reserved", "All rights reserved"),
    ],
)
def test_a_licence_is_known_by_its_slug(tmp_path: Path, written: str, expected: str) -> None:
    """However it is written; what names none stays as it stands."""
    body = BODY.replace('id = "a"', f'id = "a"\nlicence = "{written}"')
    (tmp_path / "feeds.toml").write_text(HEAD + body, encoding="utf-8")
    assert expected == load_config(tmp_path / "feeds.toml", {}).feeds[0].licence


def test_hash_follows_the_rules_alone(tmp_path: Path) -> None:
    """Another address changes nothing, another weight does."""
    rules = load(tmp_path).rules
    assert rules.hash == load(tmp_path, head="schema = 1\n").rules.hash
    assert rules.hash == hash_rules(rules)
    assert rules.hash != hash_rules(replace(rules, group_cap=7))


def test_a_new_classifier_changes_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older version of the program placed is placed anew."""
    before = load(tmp_path).rules.hash
    monkeypatch.setattr("aggregator.config.build.CLASSIFIER_VERSION", "next")
    assert before != load(tmp_path).rules.hash


def test_own_body_is_added(tmp_path: Path) -> None:
    """A new body is found by its names and comes last."""
    config = load(
        tmp_path,
        tail='[[bodies]]\nid = "mine"\nname = "우리연구소"\nprint = { ko = "우리연구소" }\n'
        'level = "institute"\naliases = ["우리연"]\n',
    )
    assert config.issuer("우리연") == "mine"
    assert max(config.bodies.values(), key=lambda body: body.order).id == "mine"


def test_shipped_body_is_changed(tmp_path: Path) -> None:
    """What an entry does not say stays as shipped; aliases are added."""
    config = load(
        tmp_path,
        tail='[[bodies]]\nid = "molit"\nprint = { ko = "국토교통부", en = "MOLIT" }\naliases = ["국교부"]\n',
    )
    assert (
        config.bodies["molit"].print_name("en"),
        config.bodies["molit"].level,
    ) == ("MOLIT", Level.MINISTRY)
    assert [config.issuer(name) for name in ("국교부", "국토부")] == ["molit", "molit"]


@pytest.mark.parametrize(
    ("tail", "path", "words"),
    [
        ('[groups.idle]\nweight = 1\nwords = ["가"]\n', "groups.idle", "no condition"),
        ('[match]\nmasks = ["가나", "가나"]\n', "match.masks[1]", "twice"),
        (
            '[[feeds]]\nid = "k"\nurl = "https://k.example/rss?apikey=s3cret-k3y"\nbody = "seoul"\n',
            "feeds[2].url",
            "the address holds a key ('apikey')",
        ),
        ('[match]\nmasks = ["스마트시티"]\n', "groups.core.words[0]", "mask as well"),
        (
            '[match]\nmasks = ["re:(가+)+나"]\n',
            "match.masks[0]",
            "it sees 7 characters of a field only",
        ),
        (
            '[[sections]]\nid = "x"\nseries = "smart-city"\ntitle = { ko = "x" }\nlead.groups = ["core"]\n',
            "sections[1].lead",
            "nowhere to go",
        ),
    ],
)
def test_oddity_is_a_warning(tmp_path: Path, tail: str, path: str, words: str) -> None:
    """What looks wrong is told and stops nothing."""
    (warning,) = load(tmp_path, tail=tail).warnings
    assert path == warning.path
    assert words in warning.message
    assert warning.line is not None


@pytest.mark.parametrize(
    ("exception", "is_odd"),
    [
        ("169.254.169.254:80", True),
        ("169.254.169.254:8080", True),
        ("169.254.0.0/16:80", True),
        ("0.0.0.0/0:80", True),
        ("[fd00:ec2::254]:80", True),
        ("metadata.google.internal:80", True),
        ("10.0.0.0/8:80", False),
        ("0.0.0.0/0:8123", False),
        ("intranet.example:80", False),
    ],
)
def test_an_exception_for_metadata_is_warned_of(
    tmp_path: Path, exception: str, *, is_odd: bool
) -> None:
    """Nobody means an address where a cloud tells its machines their own secrets."""
    path = tmp_path / "feeds.toml"
    path.write_text(f'schema = 1\nallow_private = ["{exception}"]\n{BODY}', encoding="utf-8")
    warned = [one.path for one in load_config(path, {}).warnings]
    assert (["allow_private[0]"] if is_odd else []) == warned


@given(st.integers(1, 365))
def test_durations_are_read(number: int) -> None:
    """A number and a unit."""
    assert timedelta(days=number) == read_duration(f"{number}d")
    assert timedelta(minutes=number) == read_duration(f"{number}m")


@given(st.integers(1, 256))
def test_sizes_are_read(number: int) -> None:
    """Bytes in powers of 1024."""
    assert number * 1024 * 1024 == read_size(f"{number}MiB")
    assert number == read_size(f"{number}B")


WAYS = """
[[feeds]]
id = "list"
url = "https://list.example/board"
body = "molit"
kind = "html_list"
active = false
select = { item = "table tr", title = "td a", link = "td a@href", date = 'td[class="day"]' }

[[feeds]]
id = "api"
url = "https://api.example/press"
body = "molit"
kind = "press_api"
active = false

[[feeds]]
id = "post"
url = "https://post.example/rss"
body = "molit"
method = "POST"
active = false
"""


def test_ways_that_are_not_fetched_are_kept_while_inactive(tmp_path: Path) -> None:
    """A list of sources may name what this program cannot visit."""
    *_, listed, api, post = load(tmp_path, tail=WAYS).feeds
    assert ["html_list", "press_api", "feed"] == [feed.kind.value for feed in (listed, api, post)]
    assert ["GET", "GET", "POST"] == [feed.method for feed in (listed, api, post)]
    assert (
        ListSelectors(item="table tr", title="td a", link="td a@href", date='td[class="day"]')
        == listed.select
    )
    assert api.select is None


@pytest.mark.parametrize(
    "text", ["a", "a@href", "@href", 'a[href*="@"]', "li:not(.top) > a@data-no"]
)
def test_selectors_are_taken(text: str) -> None:
    """Elements, attributes, and the attribute of the item itself."""
    assert text == read_selector(text)


@pytest.mark.parametrize("text", ["", " ", "a[", "a)", "a@", "a@b@c", 'a["', "a{b}", "a\n"])
def test_what_selects_nothing_is_refused(text: str) -> None:
    """Open brackets and quotes, and a sign without a name."""
    with pytest.raises(BadValue):
        read_selector(text)
