"""PO files: what goes out comes in again, and what is none is refused."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import TranslationError
from aggregator.domain.issues import Origin, Pick, PickField, PickState
from aggregator.issue.edition import Picked
from aggregator.issue.translation import Outstanding, export_po, import_po, outstanding, read_po
from aggregator.text.unseen import typed_line
from tests.fixtures.desk import EXPO, make_series, paper, release
from tests.fixtures.planets import make_placed, make_stored

SERIES = make_series()


def picked(title: str = "연구", summary: str = "첫 문단", section: str = "trend") -> Picked:
    item = release("seoul", "연구", title=title, summary=summary)
    if section == "literature":
        item = paper()
    elif section == "news":
        item = release("molit", "엑스포", event=EXPO)
    return Picked(
        pick=Pick(
            issue_id=1,
            story_id=1,
            section=section,
            state=PickState.ACCEPTED,
            origin=Origin.EDITOR,
        ),
        story=make_placed("2606eb5671749473", make_stored(item, 1)).story,
    )


def export(*found: Picked) -> str:
    return export_po(found, SERIES, number=48, language="en")


def test_the_file_names_issue_and_language() -> None:
    """And nothing that changes from day to day."""
    file = polib.pofile(export(picked()))

    assert ("smart-city 48", "en", "48") == (
        file.metadata["Project-Id-Version"],
        file.metadata["Language"],
        file.metadata["X-Issue"],
    )
    assert not [name for name in file.metadata if "Date" in name]


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("trend", ["headline", "blurb"]),
        ("special", ["headline"]),
        ("literature", ["headline", "blurb", "authors"]),
        ("news", ["headline", "event_name", "venue", "subject"]),
    ],
)
def test_each_shape_has_its_fields(section: str, fields: list[str]) -> None:
    """Named in msgctxt behind the story's id, with the section as a comment."""
    file = polib.pofile(export(picked(section=section)))

    assert [f"2606eb5671749473/{field}" for field in fields] == [e.msgctxt for e in file]
    assert {section} == {entry.comment.partition(":")[0] for entry in file}


def test_a_text_in_the_target_language_is_no_work() -> None:
    """An English item is not exported for translation into English."""
    item = release("seoul", "lab", title="Seoul opens a lab", language="en")
    one = Picked(pick=picked().pick, story=make_placed("1", make_stored(item, 1)).story)

    assert [] == list(polib.pofile(export(one)))


ONE_LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=80)


@settings(max_examples=80)
@given(ONE_LINE.map(typed_line), ONE_LINE.map(typed_line))
def test_odd_texts_go_round(source: str, translation: str) -> None:
    """Quotes, strokes, percent signs, emoji: what was typed is what is printed."""
    one = picked(title="연구", summary=f"가 {source}")
    file = polib.pofile(export(one))
    blurb = next(entry for entry in file if entry.msgctxt.endswith("/blurb"))
    blurb.msgstr = translation

    laid = import_po(read_po(str(file), number=48, language="en"), [one], SERIES, language="en")

    expected = [(PickField.BLURB, translation, False)] if translation else []
    assert expected == [(t.field, t.text, t.fuzzy) for p in laid.picks for t in p.pick.texts]
    assert () == laid.unknown


def test_control_characters_of_a_file_are_not_taken() -> None:
    """What XML forbids and line ends are blanks or nothing in a printed field."""
    one = picked()
    file = polib.pofile(export(one))
    file[0].msgstr = "A\tB\\n\nC\x08D"

    laid = import_po(read_po(str(file), number=48, language="en"), [one], SERIES, language="en")

    assert ["A B\\n CD"] == [t.text for p in laid.picks for t in p.pick.texts]


@pytest.mark.parametrize(
    ("translation", "left"),
    [
        ("An English text", []),
        ("Seoul 서울", ["2606eb5671749473/headline"]),
        ("ㅋ", ["2606eb5671749473/headline"]),
        ("The 日本 café", []),
    ],
)
def test_hangul_in_a_translation_is_named(translation: str, left: list[str]) -> None:
    """Where it is into another language than Korean; the text is taken all the same."""
    one = picked()
    file = polib.pofile(export(one))
    file[0].msgstr = translation

    laid = import_po(read_po(str(file), number=48, language="en"), [one], SERIES, language="en")

    assert (1, left) == (laid.texts, list(laid.korean))


def test_hangul_in_a_korean_text_is_as_it_should_be() -> None:
    """An English item translated into Korean."""
    item = release("seoul", "lab", title="Seoul opens a lab", language="en")
    one = Picked(pick=picked().pick, story=make_placed("1", make_stored(item, 1)).story)
    file = polib.pofile(export_po([one], SERIES, number=48, language="ko"))
    file[0].msgstr = "서울 연구소 개소"

    laid = import_po(read_po(str(file), number=48, language="ko"), [one], SERIES, language="ko")

    assert (1, ()) == (laid.texts, laid.korean)


def test_what_is_to_be_translated_is_counted() -> None:
    """Texts without translation, and those whose source has changed, for the further languages."""
    one = picked()
    file = polib.pofile(export(one))
    file[0].msgstr = "Lab"
    (half,) = import_po(
        read_po(str(file), number=48, language="en"), [one], SERIES, language="en"
    ).picks
    file[0].flags.append("fuzzy")
    (stale,) = import_po(
        read_po(str(file), number=48, language="en"), [one], SERIES, language="en"
    ).picks

    assert {"en": Outstanding(missing=2, fuzzy=0)} == outstanding([one], SERIES)
    assert {"en": Outstanding(missing=1, fuzzy=0)} == outstanding([half], SERIES)
    assert {"en": Outstanding(missing=1, fuzzy=1)} == outstanding([stale], SERIES)
    assert {} == outstanding([one], make_series(languages=("ko",)))


def test_a_source_in_another_language_is_to_be_translated_for_the_first_edition_too() -> None:
    """An office that writes in English alone would stand there in English."""
    one = picked()
    stored = replace(one.story.primary, item=replace(one.story.primary.item, language="en"))
    foreign = replace(one, story=make_placed("2606eb5671749473", stored).story)

    assert {
        "ko": Outstanding(missing=2, fuzzy=0),
        "en": Outstanding(missing=0, fuzzy=0),
    } == outstanding([foreign], SERIES)


def test_the_name_of_a_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that spells the path of a translation is no translation, wherever it lies."""
    good = export(picked())
    file = tmp_path / "msgid.po"
    file.write_text(good, encoding="utf-8")
    named = tmp_path / 'msgid "x"'
    named.write_text(good, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    for name in (str(file), file.name, f"{file}\n"):
        with pytest.raises(TranslationError, match="no PO file"):
            read_po(name, number=48, language="en")
    assert [] == list(read_po('msgid "x"', number=48, language="en").translated_entries())


def test_a_file_without_headers_is_taken() -> None:
    """The issue and language of the command are believed where the file names none."""
    file = read_po('msgid "연구"\nmsgstr "Research"\n', number=48, language="en")

    assert ["Research"] == [entry.msgstr for entry in file]


def test_a_mark_of_the_byte_order_is_no_obstacle() -> None:
    """Windows editors begin a file with one."""
    one = picked()

    assert 2 == len(list(read_po("\ufeff" + export(one), number=48, language="en")))


PIECES = [
    "msgid",
    "msgstr",
    "msgctxt",
    "msgid_plural",
    "msgstr[0]",
    "msgstr[1]",
    "#",
    "#,",
    "#|",
    "#~",
    "#.",
    "#:",
    "#~|",
    "fuzzy",
    "[",
    "]",
    "9",
    "\\",
    "\\n",
    "\\x",
    '"',
    '""',
    '"Language:',
    "X-Issue:",
    "47\\n",
    "charset=nonsense",
    "#|~",
]
PIECES += [" ", "\n", "\u2028", "\x85", "\ufeff", '"\n', 'msgid ""\nmsgstr ""\n']


@settings(max_examples=100)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_anything_is_read_or_refused_in_one_line(pieces: list[str]) -> None:
    """No text makes another error than TranslationError."""
    try:
        read_po("".join(pieces), number=48, language="en")
    except TranslationError as error:
        assert 1 == len(str(error).splitlines())  # noqa: PT017 - most texts raise nothing


def test_a_damaged_file_is_read_or_refused() -> None:
    """A true file with any single character gone or doubled."""
    text = export(picked())
    chance = random.Random(48)  # noqa: S311 - no secret is made of it
    for _ in range(300):
        at = chance.randrange(len(text))
        for damaged in (text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:]):
            try:
                read_po(damaged, number=48, language="en")
            except TranslationError as error:
                assert 1 == len(str(error).splitlines())  # noqa: PT017 - many raise nothing
