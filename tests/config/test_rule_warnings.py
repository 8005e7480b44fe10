"""What looks like a mistake in the rules is told with its line, and what is right is left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.domain.problems import Problem

SOUND = """\
schema = 1

[[feeds]]
id = "molit-press"
url = "https://molit.example/rss.xml"
body = "molit"

[[feeds]]
id = "suwon-press"
url = "https://suwon.example/rss.xml"
body = "suwon"
carries = "notice"

[[feeds]]
id = "lx-press"
url = "https://lx.example/rss.xml"
body = "lx"
active = false

[[series]]
id = "smart-city"
title = { ko = "뉴스레터" }
tagline = { ko = "소식" }

[publish]
base_url = "https://news.example"
tag_authority = "news.example,2024"

[match]
masks = ["교통카드", "re:AI 교과서"]

[groups.core]
weight = 3.0
words = ["스마트시티", "smart city", "re:제[0-9]+회"]

[groups.tech]
weight = 1.0
words = ["AI", "교통", "robot"]

[groups.video]
weight = 4.0
words = ["영상 공개"]

[groups.press]
weight = 0.0
words = ["보도자료"]

[groups.notice]
weight = 0.0
words = ["공지"]

[groups.off]
weight = -3.0
words = ["축제"]

[topic]
groups = ["core", "tech", "off"]
must_any = ["core@title", "core+tech", "core+press+notice"]
threshold = 4.0

[[sections]]
id = "issue"
series = "smart-city"
title = { ko = "이슈" }
levels = ["ministry"]
none = ["video"]
threshold = 5.0

[[sections]]
id = "trend"
series = "smart-city"
title = { ko = "동향" }
regions = ["gyeonggi"]
carries = ["press", "notice"]
must_any = ["tech@title"]
require = [["core", "tech"]]
bonus = ["video"]
bonus_levels = { city = 1.0 }
topic_threshold = 3.0
threshold = 6.0
"""


def warnings_of(tmp_path: Path, *changes: tuple[str, str]) -> tuple[Problem, ...]:
    text = SOUND
    for old, new in changes:
        assert 1 == text.count(old), old
        text = text.replace(old, new)
    file = tmp_path / "feeds.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, {}).warnings


WORDS = '"AI", "교통", "robot"'
ISSUE_NONE = 'none = ["video"]\nthreshold = 5.0'
REQUIRE = '[["core", "tech"]]'
TREND_SCOPE = 'regions = ["gyeonggi"]'

WARNED = [
    # old, new, path, line, words of the message
    (
        WORDS,
        '"교통 정보", "교통정보"',
        "groups.tech.words[1]",
        38,
        "is the same word as '교통 정보'",
    ),
    (WORDS, '"교통정보", "교통 정보"', "groups.tech.words[0]", 38, "finds it as well"),
    (WORDS, '"AI", "ai"', "groups.tech.words[0]", 38, "'AI' is the same word as 'ai'"),
    (WORDS, '"startup", "start-up"', "groups.tech.words[1]", 38, "same word as 'startup'"),
    (WORDS, '"robots", "robot"', "groups.tech.words[0]", 38, "is the plural of 'robot'"),
    (WORDS, '"robot", "robot"', "groups.tech.words[1]", 38, "is in the list twice"),
    ('"교통카드", ', '"교통카드", "교통 카드", ', "match.masks[0]", 30, "covers it already"),
    ('"교통카드", ', '"robot", ', "groups.tech.words[2]", 38, "a mask as well"),
    ('"교통카드", ', '"ai", ', "groups.tech.words[0]", 38, "'AI' never counts: the mask 'ai'"),
    ("re:AI 교과서", "re:smart[ -]*cit(?:y|ies)", "groups.core.words[1]", 34, "in the first 2,000"),
    ("re:제[0-9]+회", "re:(?=도시)|$", "groups.core.words[2]", 34, "nothing but the empty text"),
    ("re:제[0-9]+회", "가" * 4001, "groups.core.words[2]", 34, "longer than what is looked at"),
    ("re:AI 교과서", "re:^", "match.masks[1]", 30, "nothing but the empty text"),
    (
        'groups = ["core", "tech", "off"]',
        'groups = ["core", "off", "core", "tech"]',
        "topic.groups[2]",
        57,
        "added twice",
    ),
    (
        'bonus = ["video"]',
        'bonus = ["video", "video"]',
        "sections[1].bonus[1]",
        77,
        "added twice",
    ),
    (
        "threshold = 4.0",
        "threshold = 40.0",
        "topic.threshold",
        59,
        "no story reaches it... 26.4 points at most",
    ),
    ("threshold = 5.0", "threshold = 27.0", "sections[0].threshold", 67, "26.4 points"),
    ("threshold = 3.0\n", "threshold = 26.5\n", "sections[1].topic_threshold", 79, "26.4 topic"),
    ("threshold = 6.0", "threshold = 40.7", "sections[1].threshold", 80, "40.6 points"),
    (ISSUE_NONE, 'none = ["core"]', "sections[0]", 61, "no condition of its gate can help"),
    (
        ISSUE_NONE,
        'none = ["video"]\nrequire = [["video@title"]]',
        "sections[0].require[0]",
        67,
        'none refuses "video"',
    ),
    (
        ISSUE_NONE,
        'none = ["video"]\nrequire = [["tech+video", "tech"]]',
        "sections[0].require[0][0]",
        67,
        '"tech+video" never helps',
    ),
    (
        ISSUE_NONE,
        'none = ["video"]\nmust_any = ["video@title"]',
        "sections[0].must_any[0]",
        67,
        '"video@title" never helps',
    ),
    (
        ISSUE_NONE,
        'none = ["press", "notice"]\ncarries = ["press", "notice"]',
        "sections[0].none",
        66,
        "none refuses all",
    ),
    (
        TREND_SCOPE,
        'bodies = ["molit"]\nregions = ["gyeonggi"]',
        "sections[1]",
        69,
        "no body is in its scope",
    ),
    (
        TREND_SCOPE,
        'bodies = ["suwon"]\nexclude = { regions = ["gyeonggi"] }',
        "sections[1]",
        69,
        "no body is in its scope",
    ),
    (TREND_SCOPE, 'regions = ["seoul"]', "sections[1]", 69, "no active feed"),
    (TREND_SCOPE, 'bodies = ["lx"]', "sections[1]", 69, "no active feed"),
    ('["press", "notice"]', '["press"]', "sections[1]", 69, "no active feed"),
    (TREND_SCOPE, 'exclude = { bodies = ["molit", "suwon"] }', "sections[1]", 69, "no active feed"),
    (
        'levels = ["ministry"]',
        'levels = ["ministry"]\nbonus_levels = { city = 2.0 }',
        "sections[0].bonus_levels.city",
        66,
        '"city" is not among the levels',
    ),
]


def test_the_sound_rules_give_no_warning(tmp_path: Path) -> None:
    """The file that the warnings below are made in gives none by itself."""
    assert () == warnings_of(tmp_path)


@pytest.mark.parametrize(("old", "new", "path", "line", "words"), WARNED)
def test_it_is_warned_of(  # noqa: PLR0917 - a row of the table above
    tmp_path: Path, old: str, new: str, path: str, line: int, words: str
) -> None:
    """One change gives one warning, at its line, with the way out."""
    (warning,) = warnings_of(tmp_path, (old, new))
    assert (path, line) == (warning.path, warning.line)
    assert all(part in warning.message for part in words.split("... "))
    assert warning.remedy


ACCEPTED = [
    (WORDS, '"AI", "교통", "bus", "buses"'),  # short words have no plural made for them
    (WORDS, '"스마트 도시재생", "스마트도시 재생"'),  # each finds what the other does not
    (WORDS, '"도시 재생", "도시 재생에너지"'),
    (WORDS, '"스마트시티", "AI"'),  # the same word in another group
    ('"교통카드", ', '"신교통", '),  # longer than the word: it hides the word in one place
    ('"교통카드", ', '"re:robot(?! 수술)", '),  # what it spares is not known
    ('"교통카드", ', '"re:AI[^가-힣]", '),
    ('"교통카드", ', '"re:smart.?city", '),  # two spaces escape it
    ('"교통카드", ', '"re:교통", '),  # the word is found with a space, the expression is not
    ("threshold = 5.0", "threshold = 26.4"),
    ("threshold = 6.0", "threshold = 40.6"),
    (REQUIRE, '[["video"]]'),
    (TREND_SCOPE, 'bodies = ["suwon"]\nregions = ["gyeonggi"]\nlevels = ["city"]'),
    (TREND_SCOPE, 'exclude = { bodies = ["molit"] }'),
    ('body = "molit"', 'body = "korea-kr"\nissuer = "author"'),
]


@pytest.mark.parametrize(("old", "new"), ACCEPTED)
def test_what_may_be_meant_is_left_in_peace(tmp_path: Path, old: str, new: str) -> None:
    """No warning where it would not be true of every text."""
    assert () == warnings_of(tmp_path, (old, new))


def test_a_group_whose_words_are_all_masked_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    """The word, the condition that it leaves empty, and what cannot happen for it."""
    found = warnings_of(
        tmp_path,
        ('"영상 공개"', '"홍보관"'),
        ('"교통카드", ', '"홍보관", '),
        (
            '["core@title", "core+tech", "core+press+notice"]',
            '["core@title", "off+tech", "press+notice"]',
        ),
        ('"축제"', '"잔치"'),
        ('"re:AI 교과서"', '"잔치"'),
        (REQUIRE, '[["core", "off@title"], ["off"]]'),
    )
    expected = {
        "groups.video.words[0]": "is a mask as well",
        "groups.off.words[0]": "is a mask as well",
        "topic.must_any[1]": '"off+tech" never holds: no word of "off"',
        "sections[1].require[0][1]": '"off@title" never holds',
        "sections[1].require[1]": 'cannot be met (no word of "off" can count)',
    }
    assert [*expected] == [one.path for one in found]
    assert all(words in one.message for one, words in zip(found, expected.values(), strict=True))


def test_a_section_that_another_always_beats_is_told(tmp_path: Path) -> None:
    """It asks for more, adds the same and loses the tie."""
    twin = """
[[sections]]
id = "twin"
series = "smart-city"
title = { ko = "쌍" }
levels = ["ministry"]
bodies = ["molit"]
none = ["video"]
require = [["tech"]]
threshold = 5.0
"""
    end = "topic_threshold = 3.0\nthreshold = 6.0\n"
    (warning,) = warnings_of(tmp_path, (end, end + twin))
    assert ("sections[2]", 82) == (warning.path, warning.line)
    assert 'goes to "issue"' in warning.message
    for change in ("priority = 1", "threshold = 4.9", 'bonus = ["tech"]', 'must_any = ["tech"]'):
        other = twin.replace("threshold = 5.0", f"{change}\nthreshold = 5.0")
        other = twin.replace("threshold = 5.0", change) if "threshold" in change else other
        assert () == warnings_of(tmp_path, (end, end + other)), change


def test_a_section_that_takes_what_overflows_may_be_beaten(tmp_path: Path) -> None:
    """It need not take a story by itself."""
    twin = '\n[[sections]]\nid = "twin"\nseries = "smart-city"\ntitle = { ko = "쌍" }\n'
    twin += 'levels = ["ministry"]\nnone = ["video"]\nthreshold = 5.0\n'
    end = "topic_threshold = 3.0\nthreshold = 6.0\n"
    issue = 'title = { ko = "이슈" }\n'
    assert () == warnings_of(tmp_path, (end, end + twin), (issue, issue + 'overflow = "twin"\n'))


def test_a_word_counts_twice_only_where_two_count(tmp_path: Path) -> None:
    """With a cap of one word the second does no harm, and the warning claims none."""
    (warning,) = warnings_of(
        tmp_path, (WORDS, '"startup", "start-up"'), ("[match]\n", "[match]\ngroup_cap = 1\n")
    )
    assert "twice" not in warning.message


def test_without_an_active_feed_scopes_are_not_judged(tmp_path: Path) -> None:
    """A file in the making has no feeds yet."""
    off = [(f'body = "{body}"', f'body = "{body}"\nactive = false') for body in ("molit", "suwon")]
    assert () == warnings_of(tmp_path, *off)
