"""What editors do to the draft: positions, oversights that are noted, steps that are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from aggregator.domain.errors import IllegalTransition, UsageError
from aggregator.domain.issues import IssueStatus, PickState
from aggregator.domain.items import SEOUL, Item
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept, drop, skip_draft
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import EXPO, FEBRUARY_20, ISSUE_DAY, bring, make_press, release, set_clock


@pytest.mark.parametrize("propose", [False, True])
def test_an_issue_before_its_draft_day_is_not_skipped(desk: Desk, *, propose: bool) -> None:
    """Neither by asking twice nor after it was filled by hand; the message says from when."""
    skip_draft(desk)
    open_draft(desk, propose=propose)

    with pytest.raises(IllegalTransition, match=r"^No\. 48 of 2024-04-01 .* 2024-04-01 00:00 KST$"):
        skip_draft(desk)

    assert IssueStatus.DRAFT == open_draft(desk).issue.status


@pytest.mark.parametrize(
    ("statements", "printed"),
    [
        ([("가", 1), ("나", 1)], ["나", "가"]),
        ([("가", 1), ("나", 2), ("다", 2)], ["가", "다", "나"]),
        ([("가", 1), ("나", 2), ("다", 3), ("가", 3)], ["나", "다", "가"]),
        ([("가", 1), ("나", 2), ("다", 3), ("다", 1)], ["다", "가", "나"]),
        ([("가", 1), ("나", 2), ("가", 1), ("나", 2)], ["가", "나"]),
        ([("가", 1), ("나", 2), ("가", 2)], ["나", "가"]),
    ],
)
def test_the_newest_statement_has_its_position(
    desk: Desk, statements: list[tuple[str, int]], printed: list[str]
) -> None:
    """What stood there and behind moves on; a place that is left closes up."""
    bring(desk, *(release("seoul", name) for name in ("가", "나", "다")))
    for name, position in statements:
        accept(desk, name, section="project", position=position)

    picked = [one for one in open_draft(desk).picked if one.pick.section == "project"]
    assert printed == [one.story.primary.item.guid for one in picked]
    assert list(range(1, len(printed) + 1)) == [one.pick.position for one in picked]


def test_a_position_moves_nothing_of_other_sections(desk: Desk) -> None:
    """Each section counts for itself, and a story that changes it leaves its position behind."""
    bring(desk, *(release("seoul", name) for name in ("가", "나")))
    accept(desk, "가", section="project", position=1)
    accept(desk, "나", section="special", position=1)

    assert [1, 1] == [one.pick.position for one in open_draft(desk).picked]
    assert accept(desk, "나", section="project").picked.pick.position is None


def test_a_story_taken_back_has_its_position_again(desk: Desk) -> None:
    """Before the one that got it meanwhile."""
    bring(desk, *(release("seoul", name) for name in ("가", "나")))
    accept(desk, "가", section="project", position=1)
    drop(desk, "가")
    accept(desk, "나", section="project", position=1)

    accept(desk, "가")

    found = [(p.story.primary.item.guid, p.pick.position) for p in open_draft(desk).picked]
    assert [("가", 1), ("나", 2)] == found


def test_room_that_was_made_is_logged(desk: Desk) -> None:
    """The moved pick has its line, with the reason."""
    bring(desk, *(release("seoul", name) for name in ("가", "나")))
    moved = accept(desk, "가", section="project", position=1).picked
    accept(desk, "나", section="project", position=1)

    edits = desk.store.edits(f"pick:{moved.pick.issue_id}:{moved.story.public_id}")
    last = edits[-1]
    assert ("position", "1", "2", "made room") == (last.field, last.old, last.new, last.cause)


def test_a_section_of_events_takes_no_other_story(desk: Desk) -> None:
    """It would print a bare heading; the message says how an event is typed in."""
    bring(desk, release("seoul", "연구"))
    before = open_draft(desk)

    with pytest.raises(
        UsageError, match=r"news prints an event's days, .* add --section news"
    ) as e:
        accept(desk, "연구", section="news")

    assert 1 == len(str(e.value).splitlines())
    assert before.picked == open_draft(desk).picked


@pytest.mark.parametrize(
    ("item", "section", "notes"),
    [
        (release("seoul", "글", date(2024, 2, 29)), "trend", []),
        (release("seoul", "글", date(2024, 3, 1)), "trend", ["its day, 2024-03-01, lies outside"]),
        (release("seoul", "글", date(2023, 1, 9)), "special", ["its day, 2023-01-09, lies"]),
        (release("seoul", "글", date(2023, 1, 9)), "literature", []),
        (release("seoul", "글", None), "trend", []),
        (release("seoul", "글", date(2023, 1, 9), event=EXPO), "news", []),
        (
            release(
                "seoul",
                "글",
                event=replace(EXPO, starts_on=date(2024, 3, 1), ends_on=date(2024, 3, 3)),
            ),
            "news",
            ["the event ends on 2024-03-03, before the issue's day, 2024-03-04"],
        ),
    ],
)
def test_what_may_be_an_oversight_is_noted(
    desk: Desk, item: Item, section: str, notes: list[str]
) -> None:
    """The story is accepted all the same; what a section does not print is no matter."""
    bring(desk, item)

    edited = accept(desk, "글", section=section)

    assert PickState.ACCEPTED == edited.picked.pick.state
    assert len(notes) == len(edited.notes)
    assert all(said.text.startswith(note) for said, note in zip(edited.notes, notes, strict=True))


def test_a_story_that_changes_its_section_says_from_where(desk: Desk) -> None:
    """From the rules' section, then from the one that it was put into; not where it stays."""
    bring(desk, release("seoul", "연구"))

    set_clock(desk, FEBRUARY_20)

    assert "trend" == accept(desk, "연구", section="issue").moved_from
    assert "issue" == accept(desk, "연구", section="project").moved_from
    assert "" == accept(desk, "연구").moved_from


def test_a_story_that_was_printed_is_noted(desk: Desk, tmp_path: Path) -> None:
    """With the issue that printed it, besides its day."""
    set_clock(desk, datetime(2024, 2, 1, 10, tzinfo=SEOUL))
    bring(desk, release("seoul", "정월", date(2024, 1, 10)))
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, ISSUE_DAY)

    notes = accept(desk, "정월").notes

    assert 2 == len(notes)
    assert "No. 48 of 2024-02-01 has printed it already" == notes[1].text
