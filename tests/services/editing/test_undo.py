"""Undo: any number of steps, by each person, and what stands in its way."""

from __future__ import annotations

import pytest

from aggregator.domain.edit_errors import UndoRefused
from aggregator.domain.errors import IllegalTransition, NotFound
from aggregator.domain.issues import PickField
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, move, reject, reorder
from aggregator.services.editing.comments import (
    add_comment,
    comments_of,
    resolve_comment,
)
from aggregator.services.editing.fields import Where, clear_field, edit_field
from aggregator.services.editing.grouping import merge_stories, split_story
from aggregator.services.editing.inbox import InboxFilter, inbox
from aggregator.services.editing.issue_at_hand import issue_by_id
from aggregator.services.editing.later import put_aside, take_up
from aggregator.services.editing.undo import next_redo, next_undo, redo, undo
from tests.fixtures.desk import bring, release
from tests.fixtures.editing import (
    draft_as_it_is,
    editor_of,
    issue_id_of,
    pick_named,
    story_named,
)


@pytest.fixture
def issue(desk: Desk) -> int:
    """The working issue, with three releases of a province that wait."""
    bring(desk, *(release("seoul", name) for name in ("가", "나", "다")))
    return issue_id_of(desk)


def _headline(desk: Desk, guid: str, language: str = "ko") -> Where:
    return Where(story=story_named(desk, guid), field=PickField.HEADLINE, language=language)


def test_an_acceptance_is_undone(desk: Desk, issue: int) -> None:
    """The story is a candidate again, as if nobody had ever picked it."""
    accept(editor_of(desk), issue, story_named(desk, "가"))

    undo(editor_of(desk), issue)

    assert {} == draft_as_it_is(desk)


def test_what_was_undone_is_done_again(desk: Desk, issue: int) -> None:
    """In the order in which it was done first."""
    accept(editor_of(desk), issue, story_named(desk, "가"))
    move(editor_of(desk), issue, story_named(desk, "가"), "project")
    after = draft_as_it_is(desk)
    for _ in range(2):
        undo(editor_of(desk), issue)
    for _ in range(2):
        redo(editor_of(desk), issue)

    assert after == draft_as_it_is(desk)
    assert next_redo(editor_of(desk), issue) is None


def test_nothing_is_done_again_over_something_new(desk: Desk, issue: int) -> None:
    """Whoever goes on after an undo has decided."""
    accept(editor_of(desk), issue, story_named(desk, "가"))
    undo(editor_of(desk), issue)
    accept(editor_of(desk), issue, story_named(desk, "나"))

    with pytest.raises(NotFound, match="undone nothing"):
        redo(editor_of(desk), issue)


def test_everybody_undoes_his_own(desk: Desk, issue: int) -> None:
    """What another one did later stays."""
    accept(editor_of(desk), issue, story_named(desk, "가"))
    accept(editor_of(desk, "lee"), issue, story_named(desk, "나"))

    undo(editor_of(desk), issue)

    assert [story_named(desk, "나")] == [*draft_as_it_is(desk)]
    with pytest.raises(NotFound, match="kim has done nothing"):
        undo(editor_of(desk), issue)


def test_an_action_of_another_is_undone_by_name(desk: Desk, issue: int) -> None:
    """An editor can take back what a colleague did by mistake; it cannot be taken back twice."""
    done = accept(editor_of(desk, "lee"), issue, story_named(desk, "가"))

    undo(editor_of(desk), issue, action=done.action)

    assert {} == draft_as_it_is(desk)
    with pytest.raises(IllegalTransition, match="undone already"):
        undo(editor_of(desk), issue, action=done.action)


def test_a_later_change_of_another_stands_in_the_way(desk: Desk, issue: int) -> None:
    """Both are told, and who did it; nothing is changed."""
    story = story_named(desk, "가")
    move(editor_of(desk), issue, story, "project")
    later = move(editor_of(desk, "lee"), issue, story, "special")

    with pytest.raises(UndoRefused) as caught:
        undo(editor_of(desk), issue)

    clash = caught.value.clash
    assert ("section", "", "special") == (clash.field, clash.mine, clash.theirs)
    assert ("lee", later.action) == (clash.by, clash.action)
    assert "special" == pick_named(desk, "가").section


def test_a_text_of_another_is_not_thrown_away_with_the_pick(desk: Desk, issue: int) -> None:
    """An acceptance is not undone where somebody wrote a headline since."""
    accept(editor_of(desk), issue, story_named(desk, "가"))
    where = _headline(desk, "가")
    edit_field(editor_of(desk, "lee"), issue, where, "새 제목", base="가 스마트시티")

    with pytest.raises(UndoRefused) as caught:
        undo(editor_of(desk), issue)

    assert ("headline.ko", "새 제목") == (caught.value.clash.field, caught.value.clash.theirs)


def test_another_field_of_another_does_not_stand_in_the_way(desk: Desk, issue: int) -> None:
    """A headline is taken back; the translation that somebody wrote stays."""
    accept(editor_of(desk, "lee"), issue, story_named(desk, "가"))
    edit_field(editor_of(desk), issue, _headline(desk, "가"), "새 제목", base="가 스마트시티")
    english = _headline(desk, "가", "en")
    edit_field(editor_of(desk, "lee"), issue, english, "New headline", base="")

    undo(editor_of(desk), issue)

    assert ["New headline"] == [text.text for text in pick_named(desk, "가").texts]


def test_room_that_was_made_closes_again(desk: Desk, issue: int) -> None:
    """The others stand where they stood."""
    for name in "가나다":
        accept(editor_of(desk), issue, story_named(desk, name))
    reorder(editor_of(desk), issue, story_named(desk, "가"), 2)
    before = draft_as_it_is(desk)
    reorder(editor_of(desk), issue, story_named(desk, "나"), 1)

    undo(editor_of(desk), issue)

    assert before == draft_as_it_is(desk)


def test_a_page_that_shows_a_pick_that_came_again_is_told(desk: Desk, issue: int) -> None:
    """A pick that was undone and made again does not begin with version 1."""
    story = story_named(desk, "가")
    seen = accept(editor_of(desk), issue, story).version
    undo(editor_of(desk), issue)

    assert seen < reject(editor_of(desk), issue, story).version


def test_a_comment_is_undone(desk: Desk, issue: int) -> None:
    """It is gone for readers, and comes again."""
    add_comment(editor_of(desk), issue, "who checks the date?")
    undo(editor_of(desk), issue)
    assert [] == comments_of(desk, issue)

    redo(editor_of(desk), issue)

    assert ["who checks the date?"] == [one.text for one in comments_of(desk, issue)]


def test_comments_go_with_a_merge_and_come_back(desk: Desk, issue: int) -> None:
    """They are seen at the story that is left, and dealt with there, as long as it holds the other."""
    first, second = story_named(desk, "가"), story_named(desk, "나")
    add_comment(editor_of(desk), issue, "who checks the date?", story=second)
    merge_stories(editor_of(desk), issue, [first, second])

    (comment,) = comments_of(desk, issue, story=first)
    resolve_comment(editor_of(desk, "lee"), comment.id)
    assert "lee" == comments_of(desk, issue, story=first)[0].resolved_by
    undo(editor_of(desk), issue)

    assert [] == comments_of(desk, issue, story=first)
    assert [second] == [one.story for one in comments_of(desk, issue, story=second)]


def test_comments_stay_with_a_story_that_lives_again(desk: Desk, issue: int) -> None:
    """Whatever becomes of the item by which it was found while it was in another one."""
    first, second, third = (story_named(desk, name) for name in ("가", "나", "다"))
    merge_stories(editor_of(desk), issue, [second, third])
    merge_stories(editor_of(desk), issue, [first, second])
    undo(editor_of(desk), issue)
    add_comment(editor_of(desk), issue, "why?", story=second)
    split_story(editor_of(desk), issue, second, ["나"])

    assert [second] == [one.story for one in comments_of(desk, issue)]


def test_a_resolution_is_undone(desk: Desk, issue: int) -> None:
    """The comment is open again."""
    add_comment(editor_of(desk, "lee"), issue, "who checks the date?")
    (comment,) = comments_of(desk, issue)
    resolve_comment(editor_of(desk), comment.id)
    assert ["kim"] == [one.resolved_by for one in comments_of(desk, issue)]

    undo(editor_of(desk), issue)

    assert [comment] == comments_of(desk, issue)


def test_a_merge_is_undone_with_its_picks(desk: Desk, issue: int) -> None:
    """Both stories are there again, each with the pick that it had."""
    first, second = story_named(desk, "가"), story_named(desk, "나")
    reject(editor_of(desk), issue, first, why="dull")
    accept(editor_of(desk), issue, second)
    where = Where(story=second, field=PickField.HEADLINE, language="en")
    edit_field(editor_of(desk), issue, where, "Second", base="")
    before = draft_as_it_is(desk)
    merge_stories(editor_of(desk), issue, [first, second])
    merged = draft_as_it_is(desk)
    assert before != merged

    undo(editor_of(desk), issue)
    assert before == draft_as_it_is(desk)
    assert second == story_named(desk, "나")

    redo(editor_of(desk), issue)
    assert merged == draft_as_it_is(desk)


def test_a_merge_that_gave_a_pick_away_is_undone(desk: Desk, issue: int) -> None:
    """The story that had none has none again."""
    first, second = story_named(desk, "가"), story_named(desk, "나")
    accept(editor_of(desk), issue, second)
    before = draft_as_it_is(desk)
    merge_stories(editor_of(desk), issue, [first, second])
    assert [first] == [*draft_as_it_is(desk)]

    undo(editor_of(desk), issue)

    assert before == draft_as_it_is(desk)


def aside(desk: Desk, issue: int) -> set[str]:
    """The stories that wait beside the inbox."""
    rows = inbox(desk, issue_by_id(desk, issue), InboxFilter(state="aside")).rows
    return {one.story.public_id for one in rows}


def test_what_was_set_aside_still_waits_when_it_is_merged(desk: Desk, issue: int) -> None:
    """Undo lets the one wait that did before, redo the merged one again."""
    first, second = story_named(desk, "가"), story_named(desk, "나")
    put_aside(editor_of(desk), issue, second)
    merge_stories(editor_of(desk), issue, [first, second])
    assert {first} == aside(desk, issue)

    undo(editor_of(desk), issue)
    assert {second} == aside(desk, issue)

    redo(editor_of(desk), issue)
    assert {first} == aside(desk, issue)


def test_what_was_taken_up_since_the_merge_stays_so(desk: Desk, issue: int) -> None:
    """The undo does not set aside what somebody has looked at."""
    first, second = story_named(desk, "가"), story_named(desk, "나")
    put_aside(editor_of(desk), issue, first)
    merge_stories(editor_of(desk), issue, [first, second])
    take_up(editor_of(desk, "lee"), issue, first)

    undo(editor_of(desk), issue)

    assert set() == aside(desk, issue)


def test_a_merge_whose_pick_was_changed_is_not_undone(desk: Desk, issue: int) -> None:
    """What would go back is not what it was."""
    first, second = story_named(desk, "가"), story_named(desk, "나")
    accept(editor_of(desk), issue, second)
    merge_stories(editor_of(desk), issue, [first, second])
    move(editor_of(desk, "lee"), issue, first, "special")

    with pytest.raises(UndoRefused) as caught:
        undo(editor_of(desk), issue)

    assert ("section", "special", "lee") == (
        caught.value.clash.field,
        caught.value.clash.theirs,
        caught.value.clash.by,
    )


def test_a_split_is_undone_and_done_again(desk: Desk, issue: int) -> None:
    """The copy goes back into its story, and out again under the same id."""
    copy = release("ulsan", "사본", title="가 스마트시티", summary="가 소식의 첫 문단이다.")
    bring(desk, copy)
    story = story_named(desk, "가")
    merge_stories(editor_of(desk), issue, [story, *_others(desk, story, copy.link)])
    split_story(editor_of(desk), issue, story, [copy.link])
    alone = story_named(desk, "사본")

    undo(editor_of(desk), issue)
    assert 2 == len(desk.store.find_stories(story)[0].members)

    redo(editor_of(desk), issue)
    assert alone == story_named(desk, "사본")


def _others(desk: Desk, story: str, link: str) -> list[str]:
    found = [one.public_id for one in desk.store.find_stories(link)]
    return [one for one in found if one != story] or [story_named(desk, "나")]


def test_a_cleared_field_is_written_again(desk: Desk, issue: int) -> None:
    """With all that was known of it."""
    accept(editor_of(desk), issue, story_named(desk, "가"))
    where = _headline(desk, "가")
    edit_field(editor_of(desk), issue, where, "새 제목", base="가 스마트시티")
    before = draft_as_it_is(desk)
    clear_field(editor_of(desk), issue, where, base="새 제목")

    undo(editor_of(desk), issue)

    assert before == draft_as_it_is(desk)


def test_what_would_be_undone_can_be_asked(desk: Desk, issue: int) -> None:
    """For the button; nothing is done by asking."""
    assert next_undo(editor_of(desk), issue) is None
    done = leave(editor_of(desk), issue, story_named(desk, "가"))

    found = next_undo(editor_of(desk), issue)
    assert found is not None
    assert done.action == found.id
