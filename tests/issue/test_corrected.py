"""A print with corrections laid on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.catalogue import Catalogue
from aggregator.domain.corrections import CorrectedField, CorrectedText, Correction
from aggregator.domain.issues import Edition, Phrase, PrintedItem
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import as_mailed, correct, split_byline
from tests.fixtures.corrections import AT, make_correction, make_corrections, texts
from tests.fixtures.planets import issues

CATALOGUE = Catalogue.load()
PRINT = issues()[1]


def laid(*corrections: Correction, on: PrintedIssue = PRINT) -> PrintedIssue:
    return correct(on, corrections, CATALOGUE)


def item(issue: PrintedIssue, story: str, language: str = "ko") -> PrintedItem:
    edition = next(one for one in issue.editions if one.language == language)
    return next(i for section in edition.sections for i in section.items if i.story == story)


def headlines(editions: Sequence[Edition]) -> list[str]:
    return [i.headline.text for e in editions for section in e.sections for i in section.items]


def test_without_corrections_it_is_the_print() -> None:
    """The very same."""
    assert PRINT is laid()


def test_the_print_below_stays() -> None:
    """It can be had again, whatever was laid on it."""
    made = laid(*make_corrections())
    assert PRINT == made.frozen
    assert headlines(PRINT.editions) != headlines(made.editions)


def test_a_headline_changes_in_each_edition_that_was_corrected() -> None:
    """And nothing else of the item."""
    made = laid(make_correction())
    old = item(PRINT, "a1")
    new = "국토부, 스마트시티 패키지 수출 종합지원 체계 개발 착수"
    assert replace(old, headline=Phrase(text=new, language="ko")) == item(made, "a1")
    assert "system" in item(made, "a1", "en").headline.text


@pytest.mark.parametrize(
    ("name", "old", "new", "changes"),
    [
        ("day", "2024.2.15", "2024.2.16", {"byline": "2024.2.16 / 국토교통부"}),
        ("body", "국토교통부", "경기도", {"byline": "2024.2.15 / 경기도", "region": "gyeonggi"}),
        (
            "link",
            "https://molit.example/news/1",
            "https://molit.example/2",
            {"url": "https://molit.example/2"},
        ),
        (
            "blurb",
            "국토교통부는 해외건설 관계자들과 타운홀 미팅을 연다.",
            "회의를 연다.",
            {"blurb": Phrase(text="회의를 연다.", language="ko")},
        ),
    ],
)
def test_each_text_has_its_place(name: str, old: str, new: str, changes: dict[str, object]) -> None:
    """Day and body are the two parts of the line below the headline; the body brings its region."""
    region = "gyeonggi" if name == "body" else ""
    text = CorrectedText(old=old, new=new, language="ko", region=region)
    made = laid(make_correction(field=CorrectedField(name), texts={"ko": text}))
    assert replace(item(PRINT, "a1"), **changes) == item(made, "a1")  # type: ignore[arg-type]


def test_corrections_follow_one_another() -> None:
    """The second one corrects what the first one wrote."""
    second = make_correction(
        "k2", texts=texts(("ko", make_correction().texts["ko"].new, "세 번째 제목"))
    )
    assert "세 번째 제목" == item(laid(make_correction(), second), "a1").headline.text


def test_what_a_later_translation_says_stands() -> None:
    """A correction changes the text that it was made of, and no other."""
    anew = laid(make_correction(texts=texts(("en", "Another headline", "A third one"))))
    assert item(PRINT, "a1", "en") == item(anew, "a1", "en")


def test_a_line_of_an_event_is_replaced_whole() -> None:
    """The others stay."""
    made = laid(*make_corrections())
    first, second, third = item(made, "g7").lines
    assert "일시·장소: '24.3.19~22 / 타이베이 난강전시센터 2관" == second[0].text
    assert (first, third) == item(PRINT, "g7").lines[::2]


def test_a_withdrawn_item_stays_and_says_so() -> None:
    """Until that is taken back; its headline can still be corrected."""
    gone = make_correction("w", field=CorrectedField.WITHDRAWN, texts={})
    back = make_correction("r", field=CorrectedField.RESTORED, texts={})
    name = make_correction().texts["ko"].new
    assert f"[철회] {name}" == item(laid(gone, make_correction()), "a1").headline.text
    assert "[Withdrawn] " in item(laid(gone), "a1", "en").headline.text
    assert item(PRINT, "a1") == item(laid(gone, back), "a1")


def test_an_edition_is_as_new_as_its_last_correction() -> None:
    """Those that show none are not touched: a correction in one language without a note in the
    other, and one of an item that an edition lacks."""
    later = AT + timedelta(hours=1)
    korean = make_correction("k2", at=later, texts=texts(("ko", "x", "y")), notes={"ko": "왜"})
    assert {"ko": later} == laid(korean).corrected
    assert {"ko": later, "en": AT} == laid(make_correction(), korean).corrected
    note = make_correction("k3", at=later, story="c3", field=CorrectedField.NOTE, texts={})
    assert {"ko": later} == laid(note).corrected


def test_an_edition_that_was_printed_anew_later_keeps_that_time() -> None:
    """The last of all is what counts."""
    late = datetime(2025, 1, 1, tzinfo=UTC)
    anew = replace(PRINT, corrected={"ko": late})
    assert {"ko": late, "en": AT} == laid(make_correction(), on=anew).corrected


def test_a_mail_that_was_sent_is_a_record() -> None:
    """It has what was corrected before it went, and nothing that came later."""
    early, late = make_correction(), make_correction("k2", field=CorrectedField.WITHDRAWN, texts={})
    issue = laid(early, replace(late, mailed=("ko",)))
    assert laid(early).editions == as_mailed(issue, "ko", CATALOGUE).editions
    assert issue.editions == as_mailed(issue, "en", CATALOGUE).editions
    assert PRINT is as_mailed(laid(replace(early, mailed=("ko",))), "ko", CATALOGUE)


def test_an_early_day_is_a_day() -> None:
    """Whatever year it is printed with, the body is corrected beside it."""
    assert ("1.1.1", "경기도") == split_byline("1.1.1 / 경기도")
