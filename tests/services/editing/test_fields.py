"""The texts of an item: saved one by one, against what the editor saw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.domain.edit_errors import FieldConflict
from aggregator.domain.errors import NotFound, UsageError
from aggregator.domain.issues import PickField
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept
from aggregator.services.editing.fields import (
    FieldText,
    Where,
    clear_field,
    edit_field,
    texts_of,
)
from aggregator.services.editing.issue_at_hand import the_pick
from aggregator.services.editing.merging import (
    Choice,
    resolve_source,
    see_source,
    source_changes,
)
from aggregator.text.three_way import Outcome
from tests.fixtures.desk import bring, release
from tests.fixtures.editing import editor_of, issue_id_of, pick_named, story_named

LEAD = "울산시는 3월 12일 공모 사업에 4개 과제를 신청했다고 밝혔다."
PRESS = release("ulsan", "공모", summary=LEAD)
TITLE = "공모 스마트시티"


@pytest.fixture
def issue(desk: Desk) -> int:
    """The working issue with one accepted release."""
    bring(desk, PRESS)
    accept(editor_of(desk), issue_id_of(desk), story_named(desk, "공모"))
    return issue_id_of(desk)


def _where(desk: Desk, field: PickField = PickField.HEADLINE, language: str = "ko") -> Where:
    return Where(story=story_named(desk, "공모"), field=field, language=language)


def _text(desk: Desk, where: Where) -> FieldText:
    picked = the_pick(desk, issue_id_of(desk), where.story)
    assert picked is not None
    return next(one for one in texts_of(desk, picked, where.language) if one.field is where.field)


def _changed(desk: Desk, summary: str) -> None:
    bring(desk, replace(PRESS, summary=summary, hash=summary))


def test_a_headline_is_written_over_the_sources(desk: Desk, issue: int) -> None:
    """On one line; what it was made of is kept beside it."""
    edit_field(editor_of(desk), issue, _where(desk), " 새 \n 제목 ", base=TITLE)

    told = _text(desk, _where(desk))
    assert ("새 제목", TITLE, True) == (told.text, told.source, told.edited)


def test_the_sources_own_text_is_no_edit(desk: Desk, issue: int) -> None:
    """Neither at first nor when it is typed again."""
    assert 0 == edit_field(editor_of(desk), issue, _where(desk), TITLE, base=TITLE).action
    edit_field(editor_of(desk), issue, _where(desk), "새 제목", base=TITLE)
    edit_field(editor_of(desk), issue, _where(desk), TITLE, base="새 제목")

    assert () == pick_named(desk, "공모").texts


def test_two_editors_on_two_fields_both_land(desk: Desk, issue: int) -> None:
    """Each saw the item as it was before the other."""
    edit_field(editor_of(desk, "lee"), issue, _where(desk), "새 제목", base=TITLE)
    blurb = _where(desk, PickField.BLURB)
    edit_field(editor_of(desk), issue, blurb, "새 문단이다.", base=LEAD)

    assert ["새 문단이다.", "새 제목"] == [one.text for one in pick_named(desk, "공모").texts]


def test_two_editors_on_one_field_are_told_both_texts(desk: Desk, issue: int) -> None:
    """And the one that they began with; the first one stays until somebody decides."""
    done = edit_field(editor_of(desk, "lee"), issue, _where(desk), "이 제목", base=TITLE)

    with pytest.raises(FieldConflict) as caught:
        edit_field(editor_of(desk), issue, _where(desk), "김 제목", base=TITLE)

    clash = caught.value.clash
    assert (TITLE, "김 제목", "이 제목") == (clash.base, clash.mine, clash.theirs)
    assert ("lee", "headline.ko", done.action) == (clash.by, clash.field, clash.action)
    assert "이 제목" == _text(desk, _where(desk)).text


def test_whoever_has_seen_the_others_text_may_replace_it(desk: Desk, issue: int) -> None:
    """That is the choice after a conflict."""
    edit_field(editor_of(desk, "lee"), issue, _where(desk), "이 제목", base=TITLE)
    edit_field(editor_of(desk), issue, _where(desk), "김 제목", base="이 제목")

    assert "김 제목" == _text(desk, _where(desk)).text


def test_what_was_cleared_meanwhile_is_told(desk: Desk, issue: int) -> None:
    """An edit of a text that somebody took away is a conflict, too."""
    edit_field(editor_of(desk), issue, _where(desk), "김 제목", base=TITLE)
    clear_field(editor_of(desk, "lee"), issue, _where(desk), base="김 제목")

    with pytest.raises(FieldConflict) as caught:
        edit_field(editor_of(desk), issue, _where(desk), "김의 제목", base="김 제목")

    assert (TITLE, "lee") == (caught.value.clash.theirs, caught.value.clash.by)


def test_the_same_text_twice_is_one_action(desk: Desk, issue: int) -> None:
    """A save that was lost on its way back is sent again."""
    edit_field(editor_of(desk), issue, _where(desk), "새 제목", base=TITLE)

    assert 0 == edit_field(editor_of(desk), issue, _where(desk), "새 제목", base=TITLE).action


def test_a_translation_is_made_of_the_text_in_its_own_language(desk: Desk, issue: int) -> None:
    """When that is changed, it no longer fits; saved as it is, it does again."""
    english = _where(desk, language="en")
    edit_field(editor_of(desk), issue, english, "A call", base="")
    edit_field(editor_of(desk), issue, _where(desk), "새 제목", base=TITLE)
    assert _text(desk, english).fuzzy

    edit_field(editor_of(desk), issue, english, "A call", base="A call")

    told = _text(desk, english)
    assert (False, "새 제목") == (told.fuzzy, told.of)


def test_an_empty_translation_is_none(desk: Desk, issue: int) -> None:
    """The edition prints the text in its own language, as before."""
    english = _where(desk, language="en")
    edit_field(editor_of(desk), issue, english, "A call", base="")
    edit_field(editor_of(desk), issue, english, "", base="A call")

    assert () == pick_named(desk, "공모").texts


def test_a_blurb_may_be_empty_and_a_headline_not(desk: Desk, issue: int) -> None:
    """An item without a paragraph is printed; one without a headline is none."""
    edit_field(editor_of(desk), issue, _where(desk, PickField.BLURB), " ", base=LEAD)
    assert [""] == [one.text for one in pick_named(desk, "공모").texts]

    with pytest.raises(UsageError, match="needs a headline"):
        edit_field(editor_of(desk), issue, _where(desk), " ", base=TITLE)


def test_a_field_that_is_not_printed_is_refused(desk: Desk, issue: int) -> None:
    """With those that are."""
    with pytest.raises(UsageError, match=r"without venue \(it has headline, blurb\)"):
        edit_field(editor_of(desk), issue, _where(desk, PickField.VENUE), "서울", base="")


def test_a_candidate_has_no_texts(desk: Desk, issue: int) -> None:
    """It is accepted first."""
    bring(desk, release("seoul", "연구"))
    where = replace(_where(desk), story=story_named(desk, "연구"))

    with pytest.raises(NotFound, match="accept it first"):
        edit_field(editor_of(desk), issue, where, "새 제목", base="연구 스마트시티")


# --- the source changes ---------------------------------------------------------------------------


@pytest.fixture
def edited(desk: Desk, issue: int) -> int:
    """The issue, in which the lead was shortened by an editor."""
    mine = LEAD.replace("울산시는 3월 12일", "울산은 3월 12일")
    edit_field(editor_of(desk), issue, _where(desk, PickField.BLURB), mine, base=LEAD)
    return issue


def test_a_source_that_did_not_change_is_not_listed(desk: Desk, edited: int) -> None:
    """Nor one that changed and was not edited."""
    assert [] == source_changes(desk, edited)


def test_what_the_source_changed_elsewhere_is_merged(desk: Desk, edited: int) -> None:
    """All three texts are told; the merged one is written where an editor says so."""
    _changed(desk, LEAD.replace("4개", "5개"))
    (found,) = source_changes(desk, edited)
    assert Outcome.MERGED is found.merge.outcome

    theirs = found.merge.theirs
    resolve_source(editor_of(desk), edited, found.where, Choice.MERGED, theirs=theirs)

    text = "울산은 3월 12일 공모 사업에 5개 과제를 신청했다고 밝혔다."
    assert text == _text(desk, found.where).text
    assert [] == source_changes(desk, edited)


@pytest.mark.parametrize(
    ("choice", "text", "stands"),
    [
        (Choice.MINE, "", "울산은 3월 12일 공모 사업에 4개 과제를 신청했다고 밝혔다."),
        (Choice.THEIRS, "", "부산시는 3월 12일 공모 사업에 4개 과제를 신청했다고 밝혔다."),
        (Choice.MERGED, "울산과 부산은 신청했다.", "울산과 부산은 신청했다."),
    ],
)
def test_a_conflict_is_resolved(
    desk: Desk, edited: int, choice: Choice, text: str, stands: str
) -> None:
    """By either side, or by a text of one's own; it is not asked again."""
    _changed(desk, LEAD.replace("울산시는", "부산시는"))
    (found,) = source_changes(desk, edited)
    assert (Outcome.CONFLICT, LEAD) == (found.merge.outcome, found.merge.base)

    theirs = found.merge.theirs
    resolve_source(editor_of(desk), edited, found.where, choice, theirs=theirs, text=text)

    assert stands == _text(desk, found.where).text
    assert [] == source_changes(desk, edited)


def test_a_conflict_is_not_merged_by_itself(desk: Desk, edited: int) -> None:
    """Somebody writes what is to stand there."""
    _changed(desk, LEAD.replace("울산시는", "부산시는"))
    (found,) = source_changes(desk, edited)

    with pytest.raises(UsageError, match="changed the same words"):
        resolve_source(
            editor_of(desk), edited, found.where, Choice.MERGED, theirs=found.merge.theirs
        )


def test_a_source_that_changes_again_is_looked_at_again(desk: Desk, edited: int) -> None:
    """A choice holds for the text that was shown."""
    _changed(desk, LEAD.replace("4개", "5개"))
    (found,) = source_changes(desk, edited)
    _changed(desk, LEAD.replace("4개", "6개"))

    with pytest.raises(FieldConflict, match="changed again"):
        resolve_source(editor_of(desk), edited, found.where, Choice.MINE, theirs=found.merge.theirs)


def test_an_edit_made_before_the_change_was_seen_is_not_lost(desk: Desk, issue: int) -> None:
    """It is kept as made of the text that the editor had, and listed with the source's."""
    _changed(desk, LEAD.replace("4개", "5개"))
    blurb = _where(desk, PickField.BLURB)
    edit_field(editor_of(desk), issue, blurb, LEAD.replace("울산시는", "울산은"), base=LEAD)

    (found,) = source_changes(desk, issue)
    assert (LEAD, Outcome.MERGED) == (found.merge.base, found.merge.outcome)


def test_a_change_that_was_seen_is_marked_no_more(desk: Desk, issue: int) -> None:
    """Where nothing was edited there is nothing to choose."""
    _changed(desk, LEAD.replace("4개", "5개"))
    story = story_named(desk, "공모")
    before = the_pick(desk, issue, story)
    see_source(editor_of(desk), issue, story)
    after = the_pick(desk, issue, story)

    assert before is not None
    assert after is not None
    assert (True, False) == (before.source_changed, after.source_changed)
