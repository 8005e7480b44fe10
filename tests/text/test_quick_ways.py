"""What is passed over because it cannot be there: with every short way closed the results are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given

from aggregator.text import clean, programs, stock
from aggregator.text.programs import without_programs
from aggregator.text.stock import own_lines
from aggregator.text.tag_forms import with_own_brackets
from aggregator.text.unseen import is_plain, without_unseen
from aggregator.text.xml_chars import xml_safe
from tests.fixtures.odd_texts import texts

_NEVER = re.compile("(?!)")
_ALWAYS = re.compile("")


def _forget() -> None:
    clean._marked_up.cache_clear()
    clean._pieces.cache_clear()


@contextmanager
def _short_ways_closed() -> Iterator[None]:
    codes = tuple((("",), code) for _, code in programs._CODE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aggregator.text.clean.is_plain", lambda _: False)
        patch.setattr("aggregator.text.clean._TITLE_SIGN", _ALWAYS)
        patch.setattr("aggregator.text.clean._has_relative_links", lambda _: True)
        patch.setattr("aggregator.text.stock.has_stock_word", lambda _: True)
        patch.setattr("aggregator.text.tag_forms._SURE_TAG", _NEVER)
        patch.setattr("aggregator.text.programs._CODE", codes)
        _forget()
        yield
    _forget()


@given(texts, texts)
def test_texts_are_cleaned_the_same(one: str, other: str) -> None:
    """Plain text, lead, headline and HTML."""
    markup = f"{one}<p>{other}</p>"

    def made() -> tuple[object, ...]:
        _forget()
        return (
            clean.plain_text(markup),
            clean.plain_text(one),
            clean.first_paragraph(markup, title=one),
            clean.clean_title(one),
            clean.clean_title(other),
            clean.clean_html(markup, "https://press.example/a/"),
            clean.clean_html(one, "https://press.example/a/"),
            clean.as_markup(markup),
            clean.is_boilerplate(one),
            clean.strip_boilerplate(f"{other}\n{one}"),
        )

    quickly = made()
    with _short_ways_closed():
        plainly = made()

    assert plainly == quickly


@given(texts)
def test_stock_sentences_are_found_the_same(text: str) -> None:
    """A line without the words of any sentence has none."""
    quickly = list(own_lines(f"{text}\n자료"))
    with _short_ways_closed():
        plainly = list(own_lines(f"{text}\n자료"))

    assert plainly == quickly


@given(texts)
def test_programs_and_brackets_are_told_the_same(text: str) -> None:
    """Words that each program has, and tags about which there is no question."""
    quickly = without_programs(text), with_own_brackets(text)
    with _short_ways_closed():
        plainly = without_programs(text), with_own_brackets(text)

    assert plainly == quickly


@given(texts)
def test_a_plain_text_is_one_that_nothing_changes(text: str) -> None:
    """What is plain is safe for XML, has nothing unseen and no letters apart."""
    if is_plain(text):
        assert text == xml_safe(text) == without_unseen(text)
        assert clean._LETTERS_APART.search(text) is None


@given(texts)
def test_what_xml_allows_is_told_as_by_its_production(text: str) -> None:
    """Character by character: production 2 of XML 1.0, controls of windows-1252 as what they mean."""
    expected = "".join(map(_allowed, text))

    assert expected == xml_safe(text)


def _allowed(character: str) -> str:
    code = ord(character)
    if code == 0x7F or code < 0x20:
        return character if character in "\t\n\r" else ""
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "ignore")
    return "" if 0xD800 <= code < 0xE000 or code in {0xFFFE, 0xFFFF} else character


@pytest.mark.parametrize(
    "text",
    ["a", "저작권자 ⓒ 시청", "browſer does not support iframes", "무단복제 금지", "붙임 1부"],
)
def test_a_word_of_a_stock_sentence_is_seen(text: str) -> None:
    """Those that no cue tells of, too."""
    assert stock.has_stock_word(f"{text} {'가' * 30}") is (text != "a")


@given(texts, texts)
def test_a_repeated_headline_is_told_by_all_its_letters(text: str, title: str) -> None:
    """Also where a text goes on behind it."""
    letters = clean._letters(title)

    for each in (text, title, title + text):
        assert (clean._letters(each) == letters) is clean._repeats(each, letters)
