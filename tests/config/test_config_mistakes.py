"""Every kind of mistake is refused with its path, its line, what is wrong and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.config import Config, load_config
from aggregator.domain.errors import ConfigError
from aggregator.domain.problems import Problem

SOUND = """\
schema = 1
timezone = "Asia/Seoul"
server = { listen = "127.0.0.1:8080" }
allow_private = ["127.0.0.1:8000"]

[defaults]
every = "60m"
max_interval = "24h"
max_bytes = "5MiB"
identity = "auto"

[[feeds]]
id = "molit-press"
url = "https://molit.example/rss.xml"
body = "molit"
encoding = "cp949"

[[feeds]]
id = "seoul-press"
url = "https://seoul.example/rss.xml"
body = "seoul"
language = "ko"

[[series]]
id = "smart-city"
title = { ko = "뉴스레터", en = "Newsletter" }
tagline = { ko = "소식", en = "News" }
languages = ["ko", "en"]
schedule = { at = "10:00", draft_before = "3d", first_number = 48 }

[publish]
base_url = "https://news.example"
tag_authority = "news.example,2024"
feed_limit = 100

[match]
masks = ["메타버스"]

[groups.core]
weight = 3.0
words = ["스마트시티", "re:제[0-9]+회"]

[topic]
groups = ["core"]
must_any = ["core@title"]
threshold = 3.0

[[sections]]
id = "issue"
series = "smart-city"
title = { ko = "이슈", en = "Issue" }
overflow = "trend"
lead = { bodies = ["molit"], groups = ["core"] }
levels = ["ministry"]

[[sections]]
id = "trend"
series = "smart-city"
title = { ko = "동향", en = "Trend" }
require = [["core"]]
none_words = ["수상"]
"""


def problems_of(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    """What load_config says about a text; nothing where it is accepted."""
    file = tmp_path / "feeds.toml"
    file.write_bytes(text.encode())
    try:
        load_config(file, {})
    except ConfigError as error:
        return error.problems
    return ()


def test_sound_file_is_accepted(tmp_path: Path) -> None:
    """The file that the mistakes below are made in has none of its own."""
    assert problems_of(tmp_path, SOUND) == ()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('kind = "press_api"\nkey_env = "KEY"', ("GET", "KEY", 3, {})),
        (
            'kind = "press_api"\nkey_env = "KEY"\ndays = 30\nissuer = "author"',
            ("GET", "KEY", 30, {}),
        ),
        ('kind = "press_api"\nactive = false', ("GET", "", 3, {})),
        ('method = "POST"', ("POST", "", 3, {})),
        ('method = "POST"\nform = { schGu = "강남구" }', ("POST", "", 3, {"schGu": "강남구"})),
    ],
)
def test_other_ways_to_get_a_feed_are_accepted(
    tmp_path: Path, settings: str, expected: tuple[str, str, int, dict[str, str]]
) -> None:
    """An interface with its key's variable, POST with and without a form; no word of warning."""
    file = tmp_path / "feeds.toml"
    file.write_text(SOUND.replace('language = "ko"', settings, 1), encoding="utf-8")
    config = load_config(file, {})
    feed = config.feeds[1]

    assert expected == (feed.method, feed.key_env, feed.days, feed.form)
    assert not [problem for problem in config.warnings if "feeds" in problem.path]


MISTAKES = [
    # old, new, path, line, words of the message, words of the remedy
    ("schema = 1", "schema = 2", "schema", 1, "2 is not known", "allowed: 1"),
    ("schema = 1", "scheme = 1\nschema = 1", "scheme", 1, 'no key "scheme"', '"schema"'),
    ('"Asia/Seoul"', '"Asia/Soul"', "timezone", 2, "no time zone", '"Asia/Seoul"'),
    ('"Asia/Seoul"', '"Asia"', "timezone", 2, "no time zone", "Asia/"),
    ("127.0.0.1:8080", "127.0.0.1", "server.listen", 3, "no host and port", "127.0.0.1:8080"),
    ("listen", "port", "server.port", 3, 'no key "port"', "allowed: listen"),
    ("127.0.0.1:8000", "10.0.0.1/8:443", "allow_private[0]", 4, "bits set", '"10.0.0.0/8"'),
    ("127.0.0.1:8000", "10.0.0.0/8", "allow_private[0]", 4, "no host and port", "10.0.0.0/8:443"),
    ('["127.0.0.1:8000"]', '"x:1"', "allow_private", 4, "must be a list, not a text", "brackets"),
    ('"60m"', '"1 hour"', "defaults.every", 7, "'1 hour' is no duration", '"60m"'),
    ('"60m"', '"0m"', "defaults.every", 7, "'0m' is too short", 'from "1s"'),
    ('"60m"', '"367d"', "defaults.every", 7, "'367d' is too long", 'to "366d"'),
    ('"60m"', '"05m"', "defaults.every", 7, "'05m' is no duration", '"60m"'),
    ('"60m"', "60", "defaults.every", 7, "must be a text, not a whole number", "quotes"),
    ('"auto"', '"auto"\nspacing = "0"', "defaults.spacing", 11, "'0' is no duration", '"20s"'),
    ('"60m"', '"48h"', "defaults.every", 7, "longer than max_interval", "raise the max_interval"),
    ('"5MiB"', '"5 megabytes"', "defaults.max_bytes", 9, "no size", '"5MiB"'),
    ('"auto"', '"giud"', "defaults.identity", 10, "'giud' is not known", 'did you mean "guid"'),
    ('"molit-press"', '"desk"', "feeds[0].id", 13, "reserved", "another id"),
    ('"molit-press"', '"MOLIT Press"', "feeds[0].id", 13, "is no id", "lower-case"),
    ('"seoul-press"', '"molit-press"', "feeds[1].id", 19, "feeds[0]", "its own"),
    ("https://molit", "htps://molit", "feeds[0].url", 14, "no web address", "https://"),
    ("https://molit", "https://me:pw@molit", "feeds[0].url", 14, "password", "leave them out"),
    ("https://seoul.", "https://molit.", "feeds[1].url", 20, "feeds[0]", "its own"),
    ('body = "molit"\n', "", "feeds[0]", 12, 'the key "body" is missing', 'body = "molit"'),
    ('body = "molit"', 'body = "molti"', "feeds[0].body", 15, "no body", 'mean "molit"'),
    ('"cp949"', '"cp-949"', "feeds[0].encoding", 16, "no known charset", '"cp949"'),
    ('language = "ko"', 'language = "kr-KO"', "feeds[1].language", 22, "no known language", '"ko"'),
    (
        'language = "ko"',
        'kind = "manual"',
        "feeds[1].kind",
        22,
        "'manual'",
        "allowed: feed, html_list, press_api",
    ),
    (
        'language = "ko"',
        'kind = "press_api"',
        "feeds[1]",
        18,
        'key "key_env" is missing',
        'key_env = "DATA_GO_KR_KEY"',
    ),
    (
        'language = "ko"',
        'kind = "press_api"\nkey_env = "KEY"\nmethod = "POST"',
        "feeds[1].method",
        24,
        "asked with GET",
        "leave it out",
    ),
    (
        'language = "ko"',
        'kind = "press_api"\nkey_env = "KEY"\nselect = { item = "li", title = "a", link = "a@href" }',
        "feeds[1].select",
        24,
        "selects nothing",
        'kind = "html_list"',
    ),
    (
        'rss.xml"\nbody = "seoul"\nlanguage = "ko"',
        'list?ServiceKey=abc"\nbody = "seoul"\nkind = "press_api"\nkey_env = "KEY"',
        "feeds[1].url",
        20,
        "'servicekey' of the address",
        "the environment variable",
    ),
    (
        'language = "ko"',
        'kind = "press_api"\nkey_env = "KEY"\ndays = 91',
        "feeds[1].days",
        24,
        "range",
        "from 1 to 90",
    ),
    (
        'language = "ko"',
        'key_env = "KEY"',
        "feeds[1].key_env",
        22,
        "needs no key",
        'kind = "press_api"',
    ),
    (
        'language = "ko"',
        'kind = "html_list"\nkey_env = "KEY"\nselect = { item = "li", title = "a", link = "a" }',
        "feeds[1].key_env",
        23,
        "needs no key",
        "leave it out",
    ),
    (
        'rss.xml"\nbody = "seoul"',
        'rss.xml?token={key}"\nbody = "seoul"',
        "feeds[1].url",
        20,
        "has a place for a key",
        'key_env = "',
    ),
    (
        'seoul.example/rss.xml"\nbody = "seoul"',
        '{key}.seoul.example/rss.xml"\nbody = "seoul"\nkey_env = "KEY"',
        "feeds[1].url",
        20,
        "no part of the host",
        "behind the host",
    ),
    ('language = "ko"', "days = 3", "feeds[1].days", 22, "not asked for days", '"press_api"'),
    (
        'language = "ko"',
        'form = { a = "b" }',
        "feeds[1].form",
        22,
        "not sent with GET",
        'method = "POST"',
    ),
    ('language = "ko"', 'method = "post"', "feeds[1].method", 22, "'post'", "GET, POST"),
    ('language = "ko"', 'kind = "html_list"', "feeds[1]", 18, 'key "select"', "select = {"),
    (
        'language = "ko"',
        'select = { item = "li", title = "a", link = "a@href" }',
        "feeds[1].select",
        22,
        "selects nothing",
        'kind = "html_list"',
    ),
    (
        'language = "ko"',
        'select = { item = "li", title = "a" }',
        "feeds[1].select",
        22,
        'key "link" is missing',
        'link = "',
    ),
    (
        'language = "ko"',
        'select = { item = "li@id", title = "a", link = "a@href" }',
        "feeds[1].select.item",
        22,
        "an attribute",
        "leave the @ part out",
    ),
    (
        'language = "ko"',
        'select = { item = "li", title = "a[title", link = "a@href" }',
        "feeds[1].select.title",
        22,
        "no CSS selector",
        "td.subject a",
    ),
    (
        'language = "ko"',
        'select = { item = "li", title = "a:nth-child(", link = "a" }',
        "feeds[1].select.title",
        22,
        "no CSS selector",
        "td.subject a",
    ),
    (
        'language = "ko"',
        'kind = "html_list"\npages = 3\nselect = { item = "li", title = "a", link = "a" }',
        "feeds[1].pages",
        23,
        'needs the key "page_url"',
        "{page}",
    ),
    (
        'language = "ko"',
        'kind = "html_list"\npage_url = "https://seoul.example/{1}"\nselect = { item = "li", title = "a", link = "a" }',
        "feeds[1].page_url",
        23,
        "no place for the number of a page",
        "write {page}",
    ),
    (
        'language = "ko"',
        'page_url = "https://seoul.example/{page}"',
        "feeds[1].page_url",
        22,
        "no further pages",
        "html_list",
    ),
    (
        'language = "ko"',
        "pages = 3",
        "feeds[1].pages",
        22,
        'a feed of the kind "feed" has no further pages',
        'leave it out, or write kind = "html_list"',
    ),
    (
        'language = "ko"',
        'kind = "press_api"\nkey_env = "KEY"\npages = 2',
        "feeds[1].pages",
        24,
        'a feed of the kind "press_api" has no further pages',
        "leave it out",
    ),
    (
        'language = "ko"',
        'kind = "html_list"\nselect = { item = "li", title = "a", link = "a", link_pattern = "v[(]([0-9]+)" }',
        "feeds[1].select.link_pattern",
        23,
        '"link_template" is missing',
        "come together",
    ),
    (
        'language = "ko"',
        'kind = "html_list"\nselect = { item = "li", title = "a", link = "a", link_template = "https://seoul.example/{1}" }',
        "feeds[1].select.link_template",
        23,
        '"link_pattern" is missing',
        "come together",
    ),
    (
        'language = "ko"',
        'kind = "html_list"\nselect = { item = "li", title = "a", link = "a", link_pattern = "v[(]([0-9]+)", link_template = "https://seoul.example/{2}" }',
        "feeds[1].select.link_template",
        23,
        "no group 2",
        "put brackets",
    ),
    (
        'language = "ko"',
        'kind = "html_list"\nselect = { item = "li", title = "a", link = "a", link_pattern = "v[(]([0-9]+)", link_template = "https://seoul.example/{page}" }',
        "feeds[1].select.link_template",
        23,
        "no place for what the pattern finds",
        "write {1}",
    ),
    ('language = "ko"', "active = 1", "feeds[1].active", 22, "true or false", "without quotes"),
    ('language = "ko"', "authority = 900", "feeds[1].authority", 22, "range", "from 0 to 100"),
    ('language = "ko"', 'checked = "soon"', "feeds[1].checked", 22, "a day", "2026-11-22"),
    (', en = "News" ', " ", "series[0].tagline", 27, 'key "en" is missing', "English edition"),
    ('["ko", "en"]', '["ko", "fr"]', "series[0].languages[1]", 28, "'fr'", "ko, en"),
    ('["ko", "en"]', "[]", "series[0].languages", 28, "empty", "at least one"),
    ("10:00", "25:00", "series[0].schedule.at", 29, "no time of day", "10:00"),
    ('"3d"', '"3 days"', "series[0].schedule.draft_before", 29, "no duration", "3d"),
    ("48 }", "0 }", "series[0].schedule.first_number", 29, "out of range", "from 1"),
    ("[publish]", "[[series]]\n[publish]", "series[1]", 31, "a second series", "one [[series]]"),
    ("https://news", "news", "publish.base_url", 32, "no web address", "https://"),
    (",2024", "", "publish.tag_authority", 33, "no tag authority", "news.example,2024"),
    ("= 100", '= "100"', "publish.feed_limit", 34, "a whole number, not a text", "quotes"),
    ("weight = 3.0", "weight = nan", "groups.core.weight", 40, "nan", "2.5"),
    ("weight = 3.0\n", "", "groups.core", 39, 'key "weight" is missing', "weight = 2.0"),
    ("[0-9]+회", "[0-9+회", "groups.core.words[1]", 41, "no regular expression", "backslash"),
    ("[0-9]+회", "[[a]회", "groups.core.words[1]", 41, "no regular expression", "backslash"),
    ('groups = ["core"]\n', 'groups = ["cor"]\n', "topic.groups[0]", 44, "no group", '"core"'),
    ('"core@title"', '"core@titel"', "topic.must_any[0]", 45, "no field 'titel'", '"title"'),
    ('"core@title"', '"core+"', "topic.must_any[0]", 45, "no condition", "core+tech"),
    ('"core@title"', '"core+tech"', "topic.must_any[0]", 45, "no group 'tech'", "allowed: core"),
    (
        'overflow = "trend"',
        'overflow = "trends"',
        "sections[0].overflow",
        52,
        "no section",
        "trend",
    ),
    ('overflow = "trend"', 'overflow = "issue"', "sections[0].overflow", 52, "back", "further"),
    ('["ministry"]', "[]\nlimit = 2\nfill = 3", "sections[0].fill", 56, "3 is more than", "beyond"),
    ('["molit"]', '["molitt"]', "sections[0].lead.bodies[0]", 53, "no body", '"molit"'),
    ('["ministry"]', '["minister"]', "sections[0].levels[0]", 54, "'minister'", '"ministry"'),
    (
        'levels = ["ministry"]',
        'regions = ["경기"]',
        "sections[0].regions[0]",
        54,
        "no region '경기'",
        'mean "gyeonggi"',
    ),
    (
        'levels = ["ministry"]',
        'regions = ["seol"]',
        "sections[0].regions[0]",
        54,
        "no region 'seol'",
        '"seoul"',
    ),
    (
        'levels = ["ministry"]',
        'exclude = { regions = ["suwon"] }',
        "sections[0].exclude.regions[0]",
        54,
        "no region 'suwon'",
        "",
    ),
    (
        'levels = ["ministry"]',
        'exclude = { bodies = ["molitt"] }',
        "sections[0].exclude.bodies[0]",
        54,
        "no body",
        '"molit"',
    ),
    ('"trend"\nseries', '"issue"\nseries', "sections[1].id", 57, "sections[0]", "its own"),
    ('[["core"]]', '[["core", "x"]]', "sections[1].require[0][1]", 60, "no group 'x'", "core"),
    ('[["core"]]', "[[]]", "sections[1].require[0]", 60, "empty", "at least one"),
    ('["수상"]', '["re:수상"]', "sections[1].none_words[0]", 61, "regular expression", "plain"),
    ("timezone", 'contact = "문의"\ntimezone', "contact", 2, "HTTP header", "ASCII"),
    ("timezone", "transport = 1\ntimezone", "transport", 2, 'no key "transport"', "allowed: "),
    (
        "timezone",
        'connect_to = { "a b" = "c:1" }\ntimezone',
        'connect_to."a b"',
        2,
        "pattern",
        "*.",
    ),
    ("timezone", 'connect_to = { a = "c" }\ntimezone', "connect_to.a", 2, "host and port", ":8123"),
    ("timezone", 'database = "mysql://x/y"\ntimezone', "database", 2, "no database", "sqlite:///"),
    ("timezone", 'database = "sqlite://"\ntimezone', "database", 2, "no database", "sqlite:///"),
    (
        "timezone",
        'database = "postgresql://me:secret@db/x"\ntimezone',
        "database",
        2,
        "holds a password",
        "AGG_DATABASE",
    ),
    (
        "[match]",
        '[[bodies]]\nid = "mine"\n[match]',
        "bodies[0]",
        36,
        'key "name" is missing',
        "name, print and level",
    ),
    (
        "[match]",
        '[[bodies]]\nid = "molit"\naliases = ["서울시"]\n[match]',
        "bodies[0].aliases[0]",
        38,
        'the body "seoul" already',
        "one body",
    ),
    (
        "[match]",
        '[[bodies]]\nid = "molit"\nregion = "suwon"\n[match]',
        "bodies[0].region",
        38,
        "no region 'suwon'",
        "",
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "line", "message", "remedy"), MISTAKES)
def test_mistake_is_refused(  # noqa: PLR0917 - a row of the table above
    tmp_path: Path, old: str, new: str, path: str, line: int, message: str, remedy: str
) -> None:
    """One mistake gives its problem, at its line, with the way out."""
    assert old in SOUND
    found = problems_of(tmp_path, SOUND.replace(old, new, 1))
    here = [p for p in found if (path, line) == (p.path, p.line) and message in p.message]
    assert here, found
    assert remedy in here[0].remedy


def test_unknown_series_is_refused(tmp_path: Path) -> None:
    """A section belongs to a series of the file."""
    found = problems_of(tmp_path, SOUND.replace('series = "smart-city"', 'series = "smart"', 1))
    assert [(p.path, p.line) for p in found] == [("sections[0].series", 50)]
    assert found[0].remedy == 'did you mean "smart-city"?'


def test_missing_tables_are_told_of_the_file(tmp_path: Path) -> None:
    """What the whole file lacks has no line."""
    found = problems_of(tmp_path, "schema = 1\n")
    assert {("file", None)} == {(p.path, p.line) for p in found}
    assert [p.remedy for p in found[:2]] == ["add [[series]]", "add [[sections]]"]
    assert "[publish]" in found[2].remedy


def test_all_mistakes_are_told_at_once_in_file_order(tmp_path: Path) -> None:
    """Wrong types, unknown keys, unknown names and double ids stand in one list, by line."""
    text = SOUND
    for old, new in (
        ("10:00", "10 o'clock"),
        ('"60m"', '"hourly"'),
        ('"seoul-press"', '"molit-press"'),
        ('body = "molit"', 'body = "molitt"'),
        ('"core@title"', '"cores@title"'),
        ("feed_limit", "feed_limits"),
        ("schema = 1", "schema = 1\ncolour = true"),
    ):
        text = text.replace(old, new, 1)
    found = problems_of(tmp_path, text)
    assert [(problem.path, problem.line) for problem in found] == [
        ("colour", 2),
        ("defaults.every", 8),
        ("feeds[0].body", 16),
        ("feeds[1].id", 20),
        ("series[0].schedule.at", 30),
        ("publish.feed_limits", 35),
        ("topic.must_any[0]", 46),
    ]


def test_message_of_the_error_has_a_line_for_each_problem(tmp_path: Path) -> None:
    """File, line, path, mistake and remedy are readable without the program."""
    file = tmp_path / "feeds.toml"
    file.write_text(SOUND.replace("https://molit", "ftp://molit"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    wanted = (
        f"{file}: line 14: feeds[0].url: 'ftp://molit.example/rss.xml' is no web address "
        '(an absolute address such as "https://www.example/rss.xml")'
    )
    assert wanted == str(caught.value)
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", None, "the file is empty"),
        (b"# nothing\n\n", None, "the file is empty"),
        (b"schema = 1\n\xb1\xb9\xc5\xe4 = 1\n", 2, "not UTF-8"),
        (b"schema = 1\nserver = {\n", 2, "no TOML"),
        (b"schema = 1\nschema = 1\n", 2, "no TOML"),
        (b"a = " + b"[" * 5000, None, "nested too deeply"),
        (b"schema = " + b"1" * 5000, 1, "no TOML"),
    ],
)
def test_file_that_is_no_configuration(
    tmp_path: Path, data: bytes, line: int | None, message: str
) -> None:
    """Empty files, other charsets and broken TOML are refused with the line where they break."""
    file = tmp_path / "feeds.toml"
    file.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    (problem,) = caught.value.problems
    assert ("file", line) == (problem.path, problem.line)
    assert message in problem.message
    assert problem.remedy


def test_missing_file(tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    with pytest.raises(ConfigError, match="there is no such file") as caught:
        load_config(tmp_path / "no.toml", {})
    assert str(tmp_path / "no.toml") == caught.value.file


def test_directory_in_place_of_the_file(tmp_path: Path) -> None:
    """A directory is no file."""
    with pytest.raises(ConfigError, match="cannot be opened"):
        load_config(tmp_path, {})


def test_bad_database_in_the_environment_is_refused_without_showing_it(tmp_path: Path) -> None:
    """A password never reaches a message."""
    file = tmp_path / "feeds.toml"
    file.write_text(SOUND, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {"AGG_DATABASE": "oracle://me:hunter2@db/x"})
    assert [problem.path for problem in caught.value.problems] == ["AGG_DATABASE"]
    assert "hunter2" not in str(caught.value)


def load_text(tmp_path: Path, data: bytes) -> Config | ConfigError:
    """What comes out, whichever it is."""
    file = tmp_path / "feeds.toml"
    file.write_bytes(data)
    try:
        return load_config(file, {})
    except ConfigError as error:
        return error


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=200).map(str.encode), st.binary(max_size=200)))
@example(b"schema = 1e999")
@example(b"\xef\xbb\xbfschema = 1")
@example(b"[feeds]\nx = 1")
@example(b'groups."a\\nb".weight = 1')
def test_any_bytes_give_a_config_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """Nothing that a file may hold raises anything else."""
    found = load_text(tmp_path_factory.getbasetemp(), data)
    assert isinstance(found, ConfigError)
    assert found.problems


LINES = SOUND.splitlines()
ODD = st.sampled_from(
    [
        "1",
        "-1",
        "0.5",
        "nan",
        "inf",
        "true",
        '""',
        '" "',
        '"\\u0000"',
        "[]",
        "[[]]",
        "[1, '']",
        "{}",
        "{ a = 1 }",
        "1979-05-27",
        "07:32:00",
        "1979-05-27T07:32:00Z",
        "9" * 400,
        "'re:('",
        "'re:a{99999999999}'",
        "'re:" + "(?:" * 60 + "a" + ")+" * 60 + "'",
        "'core@'",
        "'https://[::'",
        "'[::1]:1'",
        "'../../etc'",
        "'postgresql://[x'",
        "'sqlite:///:memory:'",
        "'http://a:99999/'",
        "'a:" + "9" * 5000 + "'",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), ODD), min_size=1, max_size=4),
    st.sets(st.integers(0, len(LINES) - 1), max_size=3),
)
def test_any_change_gives_a_config_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str]], gone: set[int]
) -> None:
    """Odd values and missing lines are problems with lines of the file, or accepted."""
    lines = [*LINES]
    for number, value in changes:
        key, equals, _ = lines[number].partition("=")
        lines[number] = f"{key}= {value}" if equals else lines[number]
    text = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    found = load_text(tmp_path_factory.getbasetemp(), text.encode())
    if isinstance(found, ConfigError):
        assert found.problems
        assert all(p.line is None or 1 <= p.line <= len(LINES) for p in found.problems)
        assert all("\n" not in str(problem) for problem in found.problems)


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ('a = 1\nb = ["가", "나]\n', 2, "a text has no closing quote on its line", 'close it: "…"'),
        ("a = “x”\n", 1, "curly quotes are no quotes here", 'write straight ones: "…"'),
        ('a = ["가", “나”]\n', 1, "curly quotes are no quotes here", 'write straight ones: "…"'),
        ('a = "x”\n', 1, "curly quotes are no quotes here", 'write straight ones: "…"'),
        ('a = ["re:\\d+"]\n', 1, "a backslash in a text", "single quotes, 're:\\d+'"),
        ("[a]\nx = 1\n[b]\n[a]\n", 4, "the table [a] is there twice", "the first, on line 1"),
        ("[a.b]\n[ a.b ] # c\n", 2, "the table [a.b] is there twice", "the first, on line 1"),
        ("a = 1\na = 2\n", 2, "a is there twice in its table", "leave one"),
        ('a = ["가",\n"나"\nb = 2\n', 3, "(it begins on line 1)", "commas between its texts"),
        ("a = True\n", 1, "a value begins with a letter", "true and false in none"),
    ],
)  # fmt: skip
def test_slips_of_toml_are_told_in_plain_words(
    tmp_path: Path, text: str, line: int, message: str, remedy: str
) -> None:
    """What, in which line, and what would be right."""
    file = tmp_path / "feeds.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_config(file, {})

    (problem,) = caught.value.problems
    assert line == problem.line
    assert problem.message.startswith("no TOML: ")
    assert message in problem.message
    assert remedy in problem.remedy


def test_a_place_in_a_pattern_counts_from_its_beginning(tmp_path: Path) -> None:
    """As it is written, with its ``re:``."""
    file = tmp_path / "feeds.toml"
    file.write_text(SOUND.replace("re:제[0-9]+회", "re:제(회"), encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_config(file, {})

    (problem,) = caught.value.problems
    assert "'re:제(회'" in problem.message
    assert problem.message.endswith(", at character 5")
    assert "(" == "re:제(회"[5 - 1]
