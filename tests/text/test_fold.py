from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.text.fold import fold, squash, unescape


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  스마트\u3000시티\n행사 ", "스마트 시티 행사"),
        ("‘국토·교통’ “계획”", "'국토·교통' \"계획\""),
        ("국토ㆍ교통･주택", "국토·교통·주택"),
        ("ＡＩ Smart", "ai smart"),
        ("3～5일 – 안내", "3~5일 - 안내"),
        ("스마트\u200b도시", "스마트도시"),
    ],
)
def test_fold_unifies_spelling(text: str, folded: str) -> None:
    """Width, case, quotes, dots, dashes and white space have one spelling."""
    assert folded == fold(text)


def test_squash_keeps_letters_and_digits() -> None:
    """Spaces, punctuation and signs do not count."""
    assert "2026도시혁신공모ai" == squash("<2026 도시혁신> 공모 - A.I.!")


@pytest.mark.parametrize(
    ("text", "undone"),
    [
        ("노동착취&amp;middot;인권", "노동착취·인권"),
        ("&amp;amp;amp;quot;가&amp;quot;", '"가"'),
        ("R&D 예산", "R&D 예산"),
        ("a.do?x=1&copy=2", "a.do?x=1&copy=2"),
        ("가&nbsp 나", "가\xa0 나"),
        ("&nosuchentity;", "&nosuchentity;"),
    ],
)
def test_unescape_undoes_complete_entities(text: str, undone: str) -> None:
    """Entities are undone until nothing changes; a bare ampersand is text."""
    assert undone == unescape(text)


def test_unescape_is_bounded() -> None:
    """Endless nesting stops after five rounds."""
    assert "&amp;lt;" == unescape("&" + "amp;" * 6 + "lt;")


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text is its own fold, and so is a squashed one."""
    assert fold(text) == fold(fold(text))
    assert squash(text) == squash(squash(text))


LETTERS = st.text(
    st.sampled_from("가나 \t\n\u3000\u00a0\u200b\u00adAbİıßſK_-–·ㆍ…‘’\u0301\u1161ﬁＡ①½㎡𝐀😀7٣")
    | st.characters(),
    max_size=40,
)


@settings(max_examples=300)
@given(LETTERS)
def test_squash_is_the_letters_and_digits_of_the_folded_text(text: str) -> None:
    """Of any text: nothing else of it is left, and none of them is lost."""
    assert "".join(filter(str.isalnum, fold(text))) == squash(text)
