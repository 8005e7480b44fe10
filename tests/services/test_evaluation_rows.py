"""Labelled rows as files have them, right ones and odd ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.bodies import Level
from aggregator.domain.errors import BadRow
from aggregator.domain.feeds import Carries
from aggregator.services.evaluation.rows import (
    Keyword,
    Pair,
    Placed,
    read_keywords,
    read_pairs,
    read_placed,
)

SECTIONS = frozenset({"issue", "trend"})
RELEASE = {
    "title": "스마트도시 데이터 표준 마련",
    "summary": "첫 문단이다.",
    "agency": "국토교통부",
    "published": "2024-02-29T10:00:00+09:00",
    "url": "https://molit.example/1",
}


def lines(*rows: object) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def one_pair(**changes: object) -> Pair:
    row = {"a": RELEASE, "b": RELEASE, "label": 1, "kind": "p_same", **changes}
    (pair,) = read_pairs(lines(row), "rows")
    return pair


def one_placed(**changes: object) -> Placed:
    (row,) = read_placed(lines({**RELEASE, "label": "issue", **changes}), "rows", SECTIONS)
    return row


def complaint_of_pair(row: object) -> str:
    with pytest.raises(BadRow) as found:
        read_pairs(lines(row), "rows.jsonl")
    return str(found.value)


def complaint_of_placed(row: object) -> str:
    with pytest.raises(BadRow) as found:
        read_placed(lines(row), "rows.jsonl", SECTIONS)
    return str(found.value)


# --- pairs ----------------------------------------------------------------------------------------


def test_a_pair() -> None:
    """Both releases with all they have; keys that nobody knows are passed over."""
    pair = one_pair(group="g1", id=4)

    assert (1, True, "p_same") == (pair.line, pair.is_same, pair.kind)
    assert pair.a == pair.b
    assert ("국토교통부", "https://molit.example/1") == (pair.a.agency, pair.a.url)
    assert datetime(2024, 2, 29, 1, tzinfo=UTC) == pair.a.at


@pytest.mark.parametrize(("label", "same"), [(1, True), (0, False), (True, True), (False, False)])
def test_labels_of_a_pair(label: object, same: bool) -> None:  # noqa: FBT001
    """Numbers, or what JSON has for yes and no."""
    assert same is one_pair(label=label).is_same


def test_a_title_is_enough() -> None:
    """Everything else may be missing, null or empty."""
    bare = one_pair(
        a={"title": "제목"}, b={"title": "제목", "url": None, "published": ""}, kind=None
    )

    assert bare.a == bare.b
    assert (None, "", Carries.PRESS, "ko") == (
        bare.a.at, bare.a.agency, bare.a.carries, bare.a.language,
    )  # fmt: skip
    assert "-" == bare.kind


def test_the_kind_of_a_pair_is_no_kind_of_its_releases() -> None:
    """A pair's names its trap, a release's what its feed carries."""
    pair = one_pair(kind="article", a={**RELEASE, "kind": "article"})

    assert ("article", Carries.ARTICLE, Carries.PRESS) == (
        pair.kind, pair.a.carries, pair.b.carries,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "pattern"),
    [
        ({"label": 2}, "label: want 1 (the same release) or 0, not 2"),
        ({"label": "1"}, "label: want 1 (the same release) or 0, not '1'"),
        ({"label": None}, "label: want 1 (the same release) or 0, not null"),
        ({"label": [1]}, "label: want 1 (the same release) or 0, not a list"),
        ({"a": None}, "a: want an object with title, summary, agency, published and url, not null"),
        ({"b": "t"}, "b: want an object with title, summary, agency, published and url, not 't'"),
        ({"b": {"title": " "}}, "b.title: want the headline"),
        ({"a": {"titel": "t"}}, "a.title: want the headline"),
        ({"a": {"title": 3}}, "a.title: want a text, not 3"),
        ({"a": {"title": "t", "url": {}}}, "a.url: want a text, not an object"),
        (
            {"b": {"title": "t", "published": "yesterday"}},
            "b.published: want a date such as 2024-02-29T10:00:00+09:00, not 'yesterday'",
        ),
    ],
)
def test_a_wrong_pair(changes: dict[str, object], pattern: str) -> None:
    """The message names file, line and field, and what would be right."""
    row = {"a": RELEASE, "b": RELEASE, "label": 1, **changes}

    assert f"rows.jsonl: line 1: {pattern}" == complaint_of_pair(row)


# --- releases with a section ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "section"),
    [
        ({"label": "issue"}, "issue"),
        ({"label": None}, None),
        ({"label": ""}, None),
        ({"label": "none"}, None),
        ({"section": "trend"}, "trend"),
        ({"section": None}, None),
        ({"label": "issue", "section": None}, "issue"),
    ],
)
def test_labels_of_a_release(row: dict[str, object], section: str | None) -> None:
    """A section's id under either name; nothing, or none, means none."""
    (found,) = read_placed(lines({"title": "제목", **row}), "rows", SECTIONS)

    assert section == found.section


@pytest.mark.parametrize("level", Level)
def test_every_level_is_known(level: Level) -> None:
    """It is also the kind of a row that names no category."""
    row = one_placed(level=level.value)

    assert (level, level.value) == (row.release.level, row.kind)


def test_a_category_is_the_kind_of_a_row() -> None:
    """Distractors say what they are."""
    assert "near:시장" == one_placed(category="near:시장", level="city").kind


@pytest.mark.parametrize(
    ("row", "carries"),
    [
        ({"kind": "video"}, Carries.VIDEO),
        ({"kind": "cardnews"}, Carries.VIDEO),
        ({"kind": "paper"}, Carries.PAPER),
        ({"kind": "something"}, Carries.PRESS),
        ({"carries": "event", "kind": "video"}, Carries.EVENT),
        ({}, Carries.PRESS),
    ],
)
def test_what_its_feed_carries(row: dict[str, object], carries: Carries) -> None:
    """Press where nothing is said."""
    assert carries is one_placed(**row).release.carries


@pytest.mark.parametrize("name", ["lang", "language"])
def test_a_language(name: str) -> None:
    """Under either name."""
    assert "en" == one_placed(**{name: "en"}).release.language


@pytest.mark.parametrize(
    ("row", "pattern"),
    [
        ({"title": "t"}, "want 'label' or 'section': the id of a section, or null for none"),
        (
            {"title": "t", "label": "sport"},
            "label: want one of issue, trend, or null for none, not ",
        ),
        (
            {"title": "t", "section": 1},
            "section: want one of issue, trend, or null for none, not 1",
        ),
        (
            {"title": "t", "label": ["issue"]},
            "label: want one of issue, trend, or null for none, no",
        ),
        ({"title": "t", "label": None, "level": "planet"}, "level: want one of ministry, agency, "),
        (
            {"title": "t", "label": None, "lang": "한국어"},
            "lang: want a tag such as ko or en, not ",
        ),
        ({"title": "t", "label": None, "category": 4}, "category: want a text, not 4"),
    ],
)
def test_a_wrong_release(row: dict[str, object], pattern: str) -> None:
    """A section that the configuration does not have is said, too."""
    assert complaint_of_placed(row).startswith(f"rows.jsonl: line 1: {pattern}")


# --- files ----------------------------------------------------------------------------------------


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    """Empty ones and comments too; line ends of Windows are none of a row."""
    text = f"# pairs\r\n\r\n{lines({'title': 't', 'label': None})}\r\n{lines({'label': None})}\r\n"

    with pytest.raises(BadRow, match=r"^rows: line 4: title: want the headline$"):
        read_placed(text, "rows", SECTIONS)


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e"])
def test_only_a_line_end_ends_a_row(sign: str) -> None:
    """JSON allows some of what Unicode takes for line ends within a text."""
    raw = json.dumps({"title": "앞-뒤", "label": None}, ensure_ascii=False)
    text = raw.replace("-", sign if sign > "\x1f" else json.dumps(sign)[1:-1])

    (row,) = read_placed(text, "rows", SECTIONS)
    assert row.release.title.startswith("앞")
    assert row.release.title.endswith("뒤")


def test_a_word_may_stand_beside_odd_signs() -> None:
    """A sentence ends with its line, at nothing else."""
    (row,) = read_keywords("드론|1|앞\u2028드론 뒤", "rows")
    assert "앞\u2028드론 뒤" == row.sentence


def test_what_no_document_can_hold_is_left_out() -> None:
    """Lone surrogates and control characters, which a database would refuse."""
    row = one_placed(title="스마트\ud800 도\u0000시", category="\x1b[31m빨강")

    assert ("스마트 도시", "[31m빨강") == (row.release.title, row.kind)


@pytest.mark.parametrize(
    ("raw", "pattern"),
    [
        ("", "rows has no rows"),
        ("\n# nothing\n", "rows has no rows"),
        ("[1]", "line 1: want a JSON object on each line: not a list"),
        ('{"title": ', "line 1: want a JSON object on each line: Expecting value at character 1"),
        ("[" * 5000, "line 1: want a JSON object on each line: a number is too long, or "),
        (f'{{"n": {"1" * 5000}}}', "line 1: want a JSON object on each line: a number is too long"),
        ("title,label", "line 1: want a JSON object on each line: Expecting value at character 1"),
    ],
)
def test_a_file_that_is_none(raw: str, pattern: str) -> None:
    """Whatever it holds, one line says what is wrong."""
    with pytest.raises(BadRow) as found:
        read_pairs(raw, "rows")
    assert pattern in str(found.value)


def test_a_message_is_one_short_line() -> None:
    """A row may be of any length."""
    said = complaint_of_placed({"title": "t", "label": "길고\n" * 10_000})

    assert len(said) < 200
    assert said.isprintable()


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(
    ["title", "summary", "agency", "published", "url", "level", "kind", "carries", "category",
     "lang", "label", "section", "a", "b"]
)  # fmt: skip


@given(st.dictionaries(NAMES, ANY | st.dictionaries(NAMES, ANY, max_size=4)))
def test_no_row_is_too_odd(row: dict[str, Any]) -> None:
    """It is read, or refused with one line."""
    text = json.dumps(row)
    for read in (
        lambda: read_pairs(text, "rows"),
        lambda: read_placed(text, "rows", SECTIONS),
        lambda: read_keywords(text, "rows"),
    ):
        said = "fine"
        try:
            read()
        except BadRow as error:
            said = str(error)
        assert 1 == len(said.splitlines())


# --- keywords -------------------------------------------------------------------------------------


def test_keywords() -> None:
    """With or without blanks; the sentence may have the sign that parts them."""
    text = "# word|is there|sentence\n드론|1|드론 배송\n\n 시장 | 0 | 시장 | 군수\n"

    assert [
        Keyword(line=2, word="드론", occurs=True, sentence="드론 배송"),
        Keyword(line=4, word="시장", occurs=False, sentence="시장 | 군수"),
    ] == read_keywords(text, "rows")


@pytest.mark.parametrize("raw", ["드론", "드론|1", "드론|2|x", "|1|x", "드론|yes|x"])
def test_a_wrong_keyword(raw: str) -> None:
    """Three parts, of which the second is a number."""
    with pytest.raises(BadRow) as found:
        read_keywords(f"시장|1|x\n{raw}", "rows")

    assert f"rows: line 2: want 'word|1 or 0|sentence', not {raw!r}" == str(found.value)


def test_a_wrong_pattern() -> None:
    """A word may be a regular expression, as in the rules."""
    assert ["re:드론.{2}"] == [row.word for row in read_keywords("re:드론.{2}|1|x", "rows")]
    with pytest.raises(BadRow, match=r"line 1: 're:\(' is no regular expression: missing \)"):
        read_keywords("re:(|1|x", "rows")
