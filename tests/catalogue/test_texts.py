"""The catalogue: every text in both languages, and none missing."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from aggregator.catalogue import LANGUAGES, Catalogue
from aggregator.domain.bodies import Level
from aggregator.domain.errors import AggregatorError, BadRow, FetchError, NotAList, ReadError
from aggregator.domain.health import Health

PACKAGE = Path(__file__).parents[2] / "aggregator"
CATALOGUE = Catalogue.load()
ROOMS = ("catalogue", "issue", "publish", "services", "web")
TEMPLATE_CALL = re.compile(r"\bt\(\s*[\"']([a-z0-9_.]*[a-z0-9_])[\"']")
LITERAL = re.compile(r"\"([a-z]+)((?:\.[a-z0-9_]+)+)\"")
FILE_NAMES = (".html", ".atom", ".rss", ".opml", ".toml", ".css", ".svg", ".py", ".eml", ".txt")


def used_keys() -> set[str]:
    """Every key that a template asks for, and every string in the code that looks like a key."""
    keys: set[str] = set()
    for template in PACKAGE.rglob("templates/**/*"):
        if template.is_file():
            keys |= set(TEMPLATE_CALL.findall(template.read_text(encoding="utf-8")))
    rooms = {key.partition(".")[0] for key in CATALOGUE.texts}
    for module in (file for room in ROOMS for file in (PACKAGE / room).rglob("*.py")):
        for room, rest in LITERAL.findall(module.read_text(encoding="utf-8")):
            if room in rooms and not rest.endswith(FILE_NAMES):
                keys.add(room + rest)
    return keys


def names_in(form: str) -> set[str]:
    """The values that a text is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def test_every_text_that_is_used_exists() -> None:
    """A template or module never names a text that the catalogue lacks."""
    used = used_keys()
    assert len(used) > 30
    assert set() == used - set(CATALOGUE.texts)


@pytest.mark.parametrize("level", Level)
def test_every_level_has_a_name(level: Level) -> None:
    """Levels are named by their value."""
    assert f"level.{level.value}" in CATALOGUE.texts


@pytest.mark.parametrize("health", Health)
def test_every_state_of_a_feed_is_put_in_words(health: Health) -> None:
    """Its name, what it means and what to do; the last two are whole sentences."""
    assert f"health.{health}" in CATALOGUE.texts
    for part in ("what", "do"):
        forms = CATALOGUE.texts[f"health.{health}.{part}"]
        assert ["."] * len(forms) == [form[-1] for form in forms.values()]


def test_no_words_are_left_of_a_state_that_is_gone() -> None:
    """Every text below ``health`` belongs to a state."""
    found = {key.split(".")[1] for key in CATALOGUE.texts if key.startswith("health.")}
    assert {*Health} == found


def test_the_states_are_documented_in_their_order() -> None:
    """docs/health.md has the words of the catalogue, the worst state first."""
    text = (PACKAGE.parent / "docs" / "health.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (.*) \| (.*) \| (.*) \|$", text, re.MULTILINE)
    expected = [
        (
            health.value,
            *(CATALOGUE.text(f"health.{health}{part}", "en") for part in ("", ".what", ".do")),
        )
        for health in Health
    ]
    assert expected == rows


def test_advice_that_depends_on_what_was_seen_is_documented() -> None:
    """docs/health.md has every such text; all are whole sentences."""
    text = (PACKAGE.parent / "docs" / "health.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| [^|]* \| ([^|]*) \|$", text, re.MULTILINE)
    special = [key for key in CATALOGUE.texts if re.fullmatch(r"health\.\w+\.do\.\w+", key)]

    assert [(key.split(".")[1], CATALOGUE.text(key, "en")) for key in special] == rows
    assert all(form.endswith(".") for key in special for form in CATALOGUE.texts[key].values())


def test_the_names_of_an_error_status_are_documented() -> None:
    """docs/health.md has the name and the meaning of every kind of it."""
    text = (PACKAGE.parent / "docs" / "health.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^`|]* \| ([a-z ]+) \| ([^|]*\.) \|$", text, re.MULTILINE)
    kinds = [
        key.removeprefix("health.http_error.what.")
        for key in CATALOGUE.texts
        if key.startswith("health.http_error.what.")
    ]

    assert rows == [
        tuple(CATALOGUE.text(f"health.http_error.{key}", "en") for key in (kind, f"what.{kind}"))
        for kind in kinds
    ]


def test_a_text_may_have_others_below_it() -> None:
    """A table's own strings are its forms, its tables are further texts."""
    parsed = Catalogue.parse('[a]\nko = "가"\nen = "A"\n[a.b]\nko = "나"\nen = "B"\n')
    assert ("A", "B") == (parsed.text("a", "en"), parsed.text("a.b", "en"))


def codes(error: type[AggregatorError]) -> set[str]:
    """The code of an error and of all below it."""
    return {error.code}.union(*(codes(narrower) for narrower in error.__subclasses__()))


@pytest.mark.parametrize(
    "code", sorted((codes(FetchError) | codes(ReadError)) - {NotAList.code, BadRow.code})
)
def test_every_fault_of_a_feed_is_put_in_words(code: str) -> None:
    """Whatever stops a feed from being read, the status page can say it."""
    assert f"fault.{code}" in CATALOGUE.texts


@pytest.mark.parametrize("key", sorted(CATALOGUE.texts))
def test_a_text_stands_in_every_language_with_the_same_values(key: str) -> None:
    """Korean and English side by side, filled with the same names; only a singular may do
    without its count."""
    forms = CATALOGUE.texts[key]
    assert set(LANGUAGES) <= set(forms) <= {*LANGUAGES, *(f"{one}_one" for one in LANGUAGES)}
    assert all(form.strip() == form != "" for form in forms.values())
    expected = names_in(forms["ko"])
    assert expected == names_in(forms["en"])
    assert all(names_in(form) | {"count"} == expected | {"count"} for form in forms.values())


def test_no_english_text_holds_hangul() -> None:
    """Only the name of the Korean language is Korean in English."""
    found = {
        key for key, forms in CATALOGUE.texts.items() if re.search("[가-힣ㄱ-ㆎ]", forms["en"])
    }
    assert {"language.ko"} == found


def test_a_count_of_one_takes_the_singular() -> None:
    """English has a singular, Korean does not need one."""
    assert "+1 more source" == CATALOGUE.text("story.more_sources", "en", count=1)
    assert "+2 more sources" == CATALOGUE.text("story.more_sources", "en", count=2)
    assert "출처 1곳 더" == CATALOGUE.text("story.more_sources", "ko", count=1)


def test_a_regional_language_reads_its_base() -> None:
    """en-GB reads English."""
    assert "Home" == CATALOGUE.text("site.home", "en-GB")


def test_another_language_reads_korean() -> None:
    """A language without texts of its own is never an error."""
    assert "홈" == CATALOGUE.text("site.home", "ja")


def test_a_missing_text_is_named() -> None:
    """The error says which key is missing."""
    with pytest.raises(LookupError, match=r"no text 'site\.nowhere'"):
        CATALOGUE.text("site.nowhere", "ko")


def test_a_missing_value_is_named() -> None:
    """The error says which value is missing from which text."""
    with pytest.raises(LookupError, match=r"'issue.read' needs a value for 'number'"):
        CATALOGUE.text("issue.read", "ko")


def test_braces_in_a_value_stay_as_they_are() -> None:
    """A value is never read as a pattern."""
    title = "{key.__class__}"
    assert f"[Corrected] {title}" == CATALOGUE.text("correction.title", "en", headline=title)


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ("섹션", "분야"),
        ("추천", "제안"),
        ("자동 제안", "제안"),
        ("까닭", "이유"),
        ("버림", "제외"),
        ("편집됨", "고침"),
        ("인쇄되", "실리"),
    ],
)
def test_one_word_stands_for_one_thing(other: str, word: str) -> None:
    """The head of the catalogue says which; another word makes an editor look for another thing."""
    assert [] == [key for key, text in CATALOGUE.texts.items() if other in text["ko"]], word
