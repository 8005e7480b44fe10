"""The way of an issue: review, approval, its hour, and back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.domain.edit_errors import NotConfirmed, UndoRefused
from aggregator.domain.editing import ActionKind, LogFilter, Stage
from aggregator.domain.errors import Conflict, IllegalTransition, LintRefused, UsageError
from aggregator.domain.issues import IssueStatus
from aggregator.domain.items import SEOUL
from aggregator.domain.notices import NotifyOptions
from aggregator.domain.people import Role
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, reject
from aggregator.services.editing.comments import add_comment
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.grouping import merge_stories
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.logbook import logbook
from aggregator.services.editing.standings import standing_of
from aggregator.services.editing.undo import undo
from aggregator.services.editing.workflow import (
    approve,
    ask_review,
    schedule,
    send_back,
    steps_from,
)
from aggregator.services.publishing.by_hand import confirm, publish_confirmed
from aggregator.services.publishing.linting import gate
from aggregator.services.publishing.publish import Published
from aggregator.services.publishing.scheduled import publish_if_due, publish_scheduled
from tests.fixtures.desk import FEBRUARY_20, ISSUE_DAY, bring, make_press, release, set_clock
from tests.fixtures.editing import draft_as_it_is, editor_of, issue_id_of, story_named


@pytest.fixture
def issue(desk: Desk) -> int:
    """A draft before its day, with one accepted release and one that waits."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("seoul", "가"), release("seoul", "나"))
    accept(editor_of(desk), issue_id_of(desk), story_named(desk, "가"))
    return issue_id_of(desk)


def _stage(desk: Desk) -> Stage:
    return standing_of(desk, working_issue(desk)).stage


def _version(desk: Desk) -> int:
    return working_issue(desk).version


def _approved(desk: Desk) -> None:
    approve(editor_of(desk, "chief"), issue_id_of(desk), version=_version(desk), note="good")


def _published(desk: Desk, folder: Path, typed: str = "48", *, accepted_by: str = "") -> Published:
    press, issue = make_press(folder), issue_id_of(desk)
    work = publish_confirmed(
        editor_of(desk, "chief"), press, issue, typed=typed, accepted_by=accepted_by
    )
    return asyncio.run(work)


def test_an_issue_goes_from_hand_to_hand(desk: Desk, issue: int) -> None:
    """Each step says who took it, when, and with which note."""
    ask_review(editor_of(desk), issue, version=_version(desk), note="please look")
    assert Stage.IN_REVIEW is _stage(desk)
    _approved(desk)

    told = standing_of(desk, working_issue(desk))
    assert (Stage.APPROVED, "chief", "good") == (told.stage, told.by, told.note)
    assert FEBRUARY_20 == told.at


def test_a_schedule_is_the_issues_day_where_nothing_else_is_said(desk: Desk, issue: int) -> None:
    """At the hour of the series, in Seoul."""
    _approved(desk)
    schedule(editor_of(desk, "chief"), issue, version=_version(desk))

    assert ISSUE_DAY == standing_of(desk, working_issue(desk)).publish_at


def test_an_hour_that_has_passed_is_refused(desk: Desk, issue: int) -> None:
    """It would be published at once, by mistake."""
    _approved(desk)

    with pytest.raises(UsageError, match=r"2024-02-20 08:00 KST has passed"):
        schedule(
            editor_of(desk),
            issue,
            version=_version(desk),
            at=FEBRUARY_20 - timedelta(hours=1),
        )


def test_what_was_not_looked_at_is_not_approved(desk: Desk, issue: int) -> None:
    """Who approves an older version is told that it changed."""
    seen = _version(desk)
    accept(editor_of(desk, "lee"), issue, story_named(desk, "나"))

    with pytest.raises(Conflict, match="changed since you looked at it"):
        approve(editor_of(desk, "chief"), issue, version=seen)


def test_a_step_from_another_stage_is_refused(desk: Desk, issue: int) -> None:
    """With the stages from which it is taken."""
    with pytest.raises(IllegalTransition, match="is draft: schedule wants one that is"):
        schedule(editor_of(desk), issue, version=_version(desk))


def test_an_edit_reopens_what_was_approved(desk: Desk, issue: int) -> None:
    """That is an action of its own, whose reason is the edit."""
    _approved(desk)
    done = reject(editor_of(desk), issue, story_named(desk, "가"))

    assert done.reopened
    assert Stage.DRAFT is _stage(desk)
    (line,) = logbook(desk, LogFilter(kind=ActionKind.REOPEN)).lines
    assert ("kim", "approved", "draft") == (line.edit.actor, line.edit.old, line.edit.new)
    assert f"(action {done.action})" in line.edit.cause


def test_a_merge_reopens_what_was_approved(desk: Desk, issue: int) -> None:
    """An item of the issue is another one by it."""
    _approved(desk)
    merge_stories(editor_of(desk), issue, [story_named(desk, "가"), story_named(desk, "나")])

    assert Stage.DRAFT is _stage(desk)


def test_a_comment_reopens_nothing(desk: Desk, issue: int) -> None:
    """Readers do not see it."""
    _approved(desk)
    add_comment(editor_of(desk), issue, "well done")

    assert Stage.APPROVED is _stage(desk)


def test_what_is_approved_is_not_filled_by_the_rules(desk: Desk, issue: int) -> None:
    """Somebody answers for it as it is."""
    _approved(desk)
    set_clock(desk, ISSUE_DAY)
    open_draft(desk)

    assert Stage.APPROVED is _stage(desk)
    assert [story_named(desk, "가")] == [*draft_as_it_is(desk)]


def test_a_step_is_undone(desk: Desk, issue: int) -> None:
    """By who took it."""
    ask_review(editor_of(desk), issue, version=_version(desk))
    undo(editor_of(desk), issue)

    assert Stage.DRAFT is _stage(desk)


def test_an_undone_edit_leaves_the_issue_a_draft(desk: Desk, issue: int) -> None:
    """An editor approves nothing by undo."""
    _approved(desk)
    reject(editor_of(desk), issue, story_named(desk, "가"))
    undo(editor_of(desk), issue)

    assert Stage.DRAFT is _stage(desk)


def test_an_approval_does_not_come_back_to_another_text(desk: Desk, issue: int) -> None:
    """Undo of sending it back is refused once the issue was edited."""
    _approved(desk)
    send_back(editor_of(desk, "chief"), issue, note="wait")
    accept(editor_of(desk), issue, story_named(desk, "나"))

    with pytest.raises(UndoRefused, match="was edited since") as caught:
        undo(editor_of(desk, "chief"), issue)

    assert ("stage", "approved", "draft") == (
        caught.value.clash.field,
        caught.value.clash.mine,
        caught.value.clash.theirs,
    )


def test_an_approval_comes_back_to_the_same_text(desk: Desk, issue: int) -> None:
    """Word for word what was approved."""
    _approved(desk)
    send_back(editor_of(desk, "chief"), issue)
    undo(editor_of(desk, "chief"), issue)

    assert (Stage.APPROVED, "chief") == (
        _stage(desk),
        standing_of(desk, working_issue(desk)).by,
    )


@pytest.mark.parametrize(
    ("stage", "role", "steps"),
    [
        (Stage.DRAFT, Role.READER, ()),
        (Stage.DRAFT, Role.EDITOR, (ActionKind.REVIEW,)),
        (Stage.DRAFT, Role.PUBLISHER, (ActionKind.REVIEW, ActionKind.APPROVE)),
        (Stage.IN_REVIEW, Role.EDITOR, (ActionKind.SEND_BACK,)),
        (
            Stage.APPROVED,
            Role.ADMIN,
            (ActionKind.SCHEDULE, ActionKind.SEND_BACK, ActionKind.PUBLISH),
        ),
        (Stage.PUBLISHED, Role.ADMIN, ()),
    ],
)
def test_steps_by_role(stage: Stage, role: Role, steps: tuple[ActionKind, ...]) -> None:
    """Which buttons a page shows."""
    assert steps == steps_from(stage, role)


# --- publishing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["48", " No. 48 ", "no.48", "제48호", "제 48 호"])
def test_a_number_confirms(typed: str) -> None:
    """As an editor writes it."""
    confirm(typed, 48)


@pytest.mark.parametrize("typed", ["", "49", "yes", "4 8", "48 49", "148"])
def test_anything_else_does_not(typed: str) -> None:
    """It says which number is asked for."""
    with pytest.raises(NotConfirmed, match="number of the issue, 48"):
        confirm(typed, 48)


def test_an_approved_issue_is_published(desk: Desk, issue: int, tmp_path: Path) -> None:
    """Under the name of who published it; amber findings under the name of who takes them on."""
    _approved(desk)
    with pytest.raises(LintRefused):
        _published(desk, tmp_path)

    assert 48 == _published(desk, tmp_path, accepted_by="chief").issue.number

    (line,) = logbook(desk, LogFilter(kind=ActionKind.PUBLISH)).lines
    assert ("chief", "published", "No. 48") == (line.edit.actor, line.edit.new, line.edit.cause)
    assert Stage.PUBLISHED is standing_of(desk, desk.store.issue(issue)).stage


def test_what_nobody_approved_is_not_published(desk: Desk, issue: int, tmp_path: Path) -> None:
    """Nor under another number."""
    with pytest.raises(IllegalTransition, match="publish wants one that is"):
        _published(desk, tmp_path)
    _approved(desk)
    with pytest.raises(NotConfirmed):
        _published(desk, tmp_path, "49")


def _turn(desk: Desk, folder: Path) -> Published | None:
    work = publish_scheduled(
        desk, make_press(folder), lambda name: gate(desk, accepted_by=name), None, NotifyOptions()
    )
    return asyncio.run(work)


def test_a_scheduled_issue_is_published_at_its_hour(desk: Desk, issue: int, tmp_path: Path) -> None:
    """Not before; in the name of who scheduled it, who took on what is amber."""
    _approved(desk)
    at = datetime(2024, 3, 5, 9, tzinfo=SEOUL)
    schedule(editor_of(desk, "chief"), issue, version=_version(desk), at=at, accepted_by="chief")
    set_clock(desk, at - timedelta(minutes=1))
    assert _turn(desk, tmp_path) is None

    set_clock(desk, at)
    made = _turn(desk, tmp_path)

    assert made is not None
    assert 48 == made.issue.number
    (line,) = logbook(desk, LogFilter(kind=ActionKind.PUBLISH)).lines
    assert "chief" == line.edit.actor


def test_what_was_reopened_is_not_published_at_its_hour(
    desk: Desk, issue: int, tmp_path: Path
) -> None:
    """It waits for another approval."""
    _approved(desk)
    schedule(editor_of(desk, "chief"), issue, version=_version(desk), accepted_by="chief")
    accept(editor_of(desk), issue, story_named(desk, "나"))
    set_clock(desk, ISSUE_DAY)

    assert _turn(desk, tmp_path) is None
    assert IssueStatus.DRAFT is desk.store.issue(issue).status


def test_unattended_publication_waits_for_a_later_hour(
    desk: Desk, issue: int, tmp_path: Path
) -> None:
    """What somebody scheduled goes by that."""
    open_draft(desk, propose=True)
    _approved(desk)
    later = ISSUE_DAY + timedelta(hours=5)
    schedule(editor_of(desk, "chief"), issue, version=_version(desk), at=later)
    set_clock(desk, ISSUE_DAY)
    passes = gate(desk, accepted_by="chief")

    work = publish_if_due(desk, make_press(tmp_path), passes, None, NotifyOptions())
    assert asyncio.run(work) is None
