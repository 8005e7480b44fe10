"""What an editor does with stories on the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.domain.edit_errors import FieldConflict
from aggregator.domain.editing import ActionKind
from aggregator.domain.errors import IllegalTransition, NotFound, UsageError
from aggregator.domain.issues import PickState
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, move, reject, reorder
from aggregator.services.editing.draft import open_draft
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import bring, make_press, release
from tests.fixtures.editing import editor_of, issue_id_of, pick_named, story_named


@pytest.fixture
def issue(desk: Desk) -> int:
    """The working issue, with five releases of a province that wait."""
    bring(desk, *(release("seoul", name) for name in ("가", "나", "다", "라", "마")))
    return issue_id_of(desk)


def _order(desk: Desk, section: str = "trend") -> str:
    picked = [one for one in open_draft(desk).picked if one.pick.section == section]
    return "".join(one.story.primary.item.guid for one in picked)


def test_a_candidate_is_accepted_where_the_rules_place_it(desk: Desk, issue: int) -> None:
    """With one action, which names the editor, and the pick's first version."""
    done = accept(editor_of(desk), issue, story_named(desk, "가"), version=0)

    pick = pick_named(desk, "가")
    assert (PickState.ACCEPTED, "trend", pick) == (pick.state, pick.section, done.pick)
    assert (1, ActionKind.ACCEPT) == (done.version, done.kind)
    kept = desk.store.action(done.action)
    assert kept is not None
    assert ("kim", issue) == (kept.actor, kept.issue_id)


def test_what_is_accepted_already_is_no_action(desk: Desk, issue: int) -> None:
    """Somebody who clicks twice has done one thing."""
    accept(editor_of(desk), issue, story_named(desk, "가"))

    assert 0 == accept(editor_of(desk), issue, story_named(desk, "가")).action


def test_a_rejection_keeps_its_reason(desk: Desk, issue: int) -> None:
    """On the pick, and in the log."""
    done = reject(editor_of(desk), issue, story_named(desk, "가"), why="off topic")

    pick = pick_named(desk, "가")
    assert (PickState.DROPPED, "off topic") == (pick.state, pick.why)
    assert {"off topic"} == {one.edit.cause for one in done.changes}


def test_what_is_left_stays_in_the_feed(desk: Desk, issue: int) -> None:
    """It is not rejected: it found no room."""
    leave(editor_of(desk), issue, story_named(desk, "가"))

    assert PickState.LEFT_OUT is pick_named(desk, "가").state


def test_a_story_moves_to_another_section(desk: Desk, issue: int) -> None:
    """From where the rules put it, in one step, which accepts it."""
    move(editor_of(desk), issue, story_named(desk, "가"), "project")

    pick = pick_named(desk, "가")
    assert ("project", PickState.ACCEPTED) == (pick.section, pick.state)


def test_a_section_that_is_none_is_refused(desk: Desk, issue: int) -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match="one of issue, project, trend"):
        move(editor_of(desk), issue, story_named(desk, "가"), "sport")


@pytest.mark.parametrize(
    ("steps", "order"),
    [
        ([("마", 1)], "마가나다라"),
        ([("가", 3)], "나다가라마"),
        ([("라", 2)], "가라나다마"),
        ([("라", 2), ("마", 2)], "가마라나다"),
        ([("가", 99)], "나다라마가"),
        ([("가", 5), ("가", 1)], "가나다라마"),
    ],
)
def test_an_item_stands_at_the_place_that_it_was_given(
    desk: Desk, issue: int, steps: list[tuple[str, int]], order: str
) -> None:
    """As an editor counts: among all items of the section, whoever put them there."""
    for name in "가나다라마":
        accept(editor_of(desk), issue, story_named(desk, name))
    before = _order(desk)
    for name, place in steps:
        key = before["가나다라마".index(name)]
        reorder(editor_of(desk), issue, story_named(desk, key), place)

    names = dict(zip(before, "가나다라마", strict=True))
    assert order == "".join(names[one] for one in _order(desk))


def test_only_what_is_in_can_be_put_in_order(desk: Desk, issue: int) -> None:
    """A candidate has no place yet."""
    with pytest.raises(NotFound, match="accept it first"):
        reorder(editor_of(desk), issue, story_named(desk, "가"), 1)


def test_another_change_of_the_same_item_stays(desk: Desk, issue: int) -> None:
    """Who saw the item before it was moved up may still move it to another section."""
    for name in "가나":
        accept(editor_of(desk), issue, story_named(desk, name))
    seen = pick_named(desk, "나").version
    reorder(editor_of(desk, "lee"), issue, story_named(desk, "나"), 1)

    move(editor_of(desk), issue, story_named(desk, "나"), "project", version=seen)

    assert "project" == pick_named(desk, "나").section


def test_the_same_change_by_another_is_a_conflict(desk: Desk, issue: int) -> None:
    """Both sections are told, and the one that was seen; nothing is written."""
    story = story_named(desk, "가")
    seen = accept(editor_of(desk), issue, story).version
    move(editor_of(desk, "lee"), issue, story, "project", version=seen)

    with pytest.raises(FieldConflict) as caught:
        move(editor_of(desk), issue, story, "special", version=seen)

    clash = caught.value.clash
    assert ("trend", "special", "project") == (clash.base, clash.mine, clash.theirs)
    assert ("section", "lee") == (clash.field, clash.by)
    assert "project" == pick_named(desk, "가").section


def test_two_who_mean_the_same_do_not_quarrel(desk: Desk, issue: int) -> None:
    """The second one finds it done."""
    story = story_named(desk, "가")
    accept(editor_of(desk, "lee"), issue, story, version=0)

    assert 0 == accept(editor_of(desk), issue, story, version=0).action


def test_a_published_issue_is_not_edited(desk: Desk, issue: int, tmp_path: Path) -> None:
    """It is corrected."""
    accept(editor_of(desk), issue, story_named(desk, "가"))
    publish_issue(desk, make_press(tmp_path), number=48)

    with pytest.raises(IllegalTransition, match="only a draft can be changed"):
        reject(editor_of(desk), issue, story_named(desk, "가"))
