"""Translations: out as a PO file, back in by the same door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
import pytest

from aggregator.domain.errors import Conflict, NotFound, TranslationError, UsageError
from aggregator.domain.issues import Edition, Issue
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import draft_of, open_draft
from aggregator.services.publishing.publish import editions_of, publish_issue
from aggregator.services.publishing.translate import export_translation, import_translation
from tests.fixtures.desk import bring, make_press, public_files, release


def translated(po: str, words: str = "English text", *, fuzzy: bool = False) -> str:
    """The file with every entry translated to ``words`` and its number."""
    file = polib.pofile(po)
    for number, entry in enumerate(file, start=1):
        entry.msgstr = f"{words} {number}"
        if fuzzy:
            entry.flags.append("fuzzy")
    return str(file)


def english(desk: Desk, number: int | None = None) -> list[tuple[str, str]]:
    """Language and text of each headline of the English edition."""
    edition = next(e for e in editions_of(desk, draft_of(desk, number)) if e.language == "en")
    return headlines(edition)


def headlines(edition: Edition) -> list[tuple[str, str]]:
    return [
        (item.headline.language, item.headline.text)
        for section in edition.sections
        for item in section.items
    ]


def test_a_translation_is_printed(desk: Desk) -> None:
    """The English edition has the English headline; the Korean one is as it was."""
    bring(desk, release("seoul", "연구"))
    korean = editions_of(desk, open_draft(desk))[0]

    po = translated(export_translation(desk, None, language="en"))
    imported = import_translation(desk, po, None, language="en")

    assert (2, 0, 0, ()) == (imported.texts, imported.fuzzy, imported.empty, imported.unknown)
    assert [("en", "English text 1")] == english(desk)
    assert korean == editions_of(desk, open_draft(desk))[0]


def test_without_translation_the_korean_text_is_printed(desk: Desk) -> None:
    """Marked as Korean, under the English byline, never blank."""
    bring(desk, release("seoul", "연구"))

    edition = editions_of(desk, open_draft(desk))[1]

    assert [("ko", "연구 스마트시티")] == headlines(edition)
    assert "2024.2.10 / Seoul" == edition.sections[0].items[0].byline


def test_a_fuzzy_translation_is_not_printed(desk: Desk) -> None:
    """It is kept for the translator, and the Korean text stands meanwhile."""
    bring(desk, release("seoul", "연구"))
    po = export_translation(desk, None, language="en")

    imported = import_translation(desk, translated(po, fuzzy=True), None, language="en")

    assert 2 == imported.fuzzy
    assert [("ko", "연구 스마트시티")] == english(desk)
    assert 'msgstr "English text 1"' in export_translation(desk, None, language="en")


def test_a_blank_translation_is_none(desk: Desk) -> None:
    """Spaces would print nothing at all."""
    bring(desk, release("seoul", "연구"))
    po = polib.pofile(export_translation(desk, None, language="en"))
    for entry in po:
        entry.msgstr = " \n "

    imported = import_translation(desk, str(po), None, language="en")

    assert (0, 2) == (imported.texts, imported.empty)
    assert [("ko", "연구 스마트시티")] == english(desk)


def test_an_empty_entry_erases_nothing(desk: Desk) -> None:
    """A file that translates less than the desk has takes nothing away."""
    bring(desk, release("seoul", "연구"))
    po = export_translation(desk, None, language="en")
    import_translation(desk, translated(po), None, language="en")

    import_translation(desk, po, None, language="en")

    assert [("en", "English text 1")] == english(desk)


def test_a_changed_source_makes_its_translation_fuzzy(desk: Desk) -> None:
    """It is printed no more, and exported with the text that it was made of."""
    bring(desk, release("seoul", "연구"))
    po = translated(export_translation(desk, None, language="en"))
    import_translation(desk, po, None, language="en")
    bring(desk, release("seoul", "연구", title="고친 연구 스마트시티"))

    again = polib.pofile(export_translation(desk, None, language="en"))

    assert [("ko", "고친 연구 스마트시티")] == english(desk)
    headline = next(entry for entry in again if (entry.msgctxt or "").endswith("/headline"))
    assert ("고친 연구 스마트시티", "연구 스마트시티", "English text 1", ["fuzzy"]) == (
        headline.msgid,
        headline.previous_msgid,
        headline.msgstr,
        headline.flags,
    )


def test_a_fuzzy_file_goes_round_without_loss(desk: Desk) -> None:
    """Imported as exported, the text that it was made of is still known."""
    bring(desk, release("seoul", "연구"))
    po = translated(export_translation(desk, None, language="en"))
    import_translation(desk, po, None, language="en")
    bring(desk, release("seoul", "연구", title="고친 연구 스마트시티"))
    fuzzy = export_translation(desk, None, language="en")

    import_translation(desk, fuzzy, None, language="en")

    assert fuzzy == export_translation(desk, None, language="en")


def test_the_export_is_deterministic(desk: Desk) -> None:
    """The same issue gives the same bytes, translated or not; importing them changes nothing."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))
    po = export_translation(desk, None, language="en")
    assert po == export_translation(desk, None, language="en")

    import_translation(desk, translated(po), None, language="en")
    full = export_translation(desk, None, language="en")
    versions = [one.pick.version for one in open_draft(desk).picked]
    import_translation(desk, full, None, language="en")

    assert full == export_translation(desk, None, language="en")
    assert versions == [one.pick.version for one in open_draft(desk).picked]


def test_an_item_that_came_again_keeps_its_translation(desk: Desk) -> None:
    """An entry of another story with the same field and text is taken for this one."""
    bring(desk, release("seoul", "연구"))
    po = polib.pofile(translated(export_translation(desk, None, language="en")))
    for entry in po:
        entry.msgctxt = f"0123456789abcdef/{(entry.msgctxt or '').rpartition('/')[2]}"

    imported = import_translation(desk, str(po), None, language="en")

    assert (2, ()) == (imported.texts, imported.unknown)
    assert [("en", "English text 1")] == english(desk)


def test_entries_for_nobody_are_named(desk: Desk) -> None:
    """The others are taken all the same."""
    bring(desk, release("seoul", "연구"))
    po = polib.pofile(translated(export_translation(desk, None, language="en")))
    po.append(polib.POEntry(msgctxt="ffff/headline", msgid="없는 글", msgstr="gone"))
    po.append(polib.POEntry(msgid="문맥 없는 글", msgstr="no context"))

    imported = import_translation(desk, str(po), None, language="en")

    assert 2 == imported.texts
    assert ("ffff/headline", "문맥 없는 글") == imported.unknown


def test_of_two_entries_for_one_text_one_is_taken(desk: Desk) -> None:
    """The one that names the story, wherever it stands in the file."""
    bring(desk, release("seoul", "연구"))
    po = polib.pofile(translated(export_translation(desk, None, language="en")))
    po.append(
        polib.POEntry(msgctxt="ffff/headline", msgid="연구 스마트시티", msgstr="of another id")
    )

    imported = import_translation(desk, str(po), None, language="en")

    assert 2 == imported.texts
    assert [("en", "English text 1")] == english(desk)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Language: en", "Language: fr", "header says Language: fr, but the import is for en"),
        ("X-Issue: 48", "X-Issue: 47", "header says X-Issue: 47, but the import is for 48"),
        ('msgstr "English', "msgstr English", r"no PO file: line \d+ is not a keyword with a text"),
        ("text 1", 'text "1', r"no PO file: line \d+ is not a keyword with a text in"),
        ("\nmsgid", "\nmsgdi", "no PO file: it has no line that begins with msgid"),
        ("\nmsgid", "\nhello\nmsgid", r"no PO file: Syntax error .*line \d+"),
    ],
)
def test_a_wrong_file_changes_nothing(desk: Desk, old: str, new: str, message: str) -> None:
    """Another issue's, another language's or a broken one is refused in one line."""
    bring(desk, release("seoul", "연구"))
    po = translated(export_translation(desk, None, language="en"))
    assert old in po
    before = open_draft(desk)

    with pytest.raises(TranslationError, match=message) as told:
        import_translation(desk, po.replace(old, new), None, language="en")

    assert 1 == len(str(told.value).splitlines())
    assert before == open_draft(desk)


@pytest.mark.parametrize("language", ["fr", "", "EN"])
def test_a_language_without_edition_is_refused(desk: Desk, language: str) -> None:
    """Both ways, naming those that the series has."""
    with pytest.raises(UsageError, match=r"no edition in .* \(one of ko, en\)"):
        export_translation(desk, None, language=language)
    with pytest.raises(UsageError, match="no edition in"):
        import_translation(desk, "", None, language=language)


def test_an_unknown_number_is_refused(desk: Desk) -> None:
    """Only the draft and published issues have texts."""
    with pytest.raises(NotFound, match=r"no issue No\. 7"):
        export_translation(desk, 7, language="en")


def test_a_published_issue_is_frozen_anew(desk: Desk, tmp_path: Path) -> None:
    """Its English page gets the translation at the next build, and nothing else of it changes."""
    press = make_press(tmp_path)
    bring(desk, release("seoul", "연구"))
    publish_issue(desk, press)
    before = public_files(tmp_path)

    po = translated(export_translation(desk, 48, language="en"))
    import_translation(desk, po, 48, language="en")
    publish_issue(desk, press, number=48)

    after = public_files(tmp_path)
    assert "English text 1" not in before["issues/48/en/index.html"].decode()
    assert "English text 1" in after["issues/48/en/index.html"].decode()
    assert before["issues/48/index.html"] == after["issues/48/index.html"]


def test_the_other_edition_stays_as_it_was_printed(desk: Desk, tmp_path: Path) -> None:
    """A source that changed after publication does not come in with a translation."""
    press = make_press(tmp_path)
    bring(desk, release("seoul", "연구"), release("molit", "수출"))
    publish_issue(desk, press)
    before = public_files(tmp_path)["issues/48/index.html"]
    bring(desk, release("seoul", "연구", title="고친 연구 스마트시티"))

    po = translated(export_translation(desk, 48, language="en"))
    import_translation(desk, po, 48, language="en")
    publish_issue(desk, press, number=48)

    assert before == public_files(tmp_path)["issues/48/index.html"]


@pytest.mark.parametrize("number", [None, 48])
def test_an_import_is_taken_whole_or_not_at_all(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    """When somebody translates meanwhile nothing of the file is taken, and the print stays."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))
    if number:
        publish_issue(desk, make_press(tmp_path))
    po = export_translation(desk, number, language="en")
    save = desk.store.save_texts

    def after_another(*args: Any, **more: Any) -> Issue:  # noqa: ANN401 - the port's
        monkeypatch.undo()
        import_translation(desk, translated(po, "First"), number, language="en")
        return save(*args, **more)

    monkeypatch.setattr(desk.store, "save_texts", after_another)
    with pytest.raises(Conflict, match="changed meanwhile: look at it again"):
        import_translation(desk, translated(po, "Second"), number, language="en")

    assert "Second" not in export_translation(desk, number, language="en")
    (issue,) = desk.store.issues(desk.series.id)
    assert "Second" not in str(issue.snapshot)
    assert ("First" in str(issue.snapshot)) is (number is not None)


def test_an_import_is_logged(desk: Desk) -> None:
    """Each changed text with its old and new words."""
    bring(desk, release("seoul", "연구"))
    po = export_translation(desk, None, language="en")
    import_translation(desk, translated(po), None, language="en")
    import_translation(desk, translated(po, "Better"), None, language="en")

    (one,) = open_draft(desk).picked
    edits = desk.store.edits(f"pick:{one.pick.issue_id}:{one.story.public_id}")

    assert [
        ("headline.en", "", "English text 1"),
        ("blurb.en", "", "English text 2"),
        ("headline.en", "English text 1", "Better 1"),
        ("blurb.en", "English text 2", "Better 2"),
    ] == [(edit.field, edit.old, edit.new) for edit in edits if edit.actor != "rules"]
