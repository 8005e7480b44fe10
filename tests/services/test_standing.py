"""Where stories are by now."""

from __future__ import annotations

from pathlib import Path

from aggregator.services.answers.standing import Place, Stand, stands_of
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, reject
from aggregator.services.editing.draft import open_draft
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import bring, make_press, release, set_clock
from tests.fixtures.editing import editor_of, issue_id_of, story_named


def stand(desk: Desk, guid: str) -> Stand:
    """Where the story of this release is."""
    story = next(one for one in desk.store.stories() if one.primary.item.guid == guid)
    return stands_of(desk, [story])[story.id]


def test_what_nobody_decided_on(desk: Desk) -> None:
    """With the section that the rules give it, or none."""
    bring(desk, release("molit", "수출"), release("molit", "길", title="국도 보수", summary="보수"))

    assert (Place.UNDECIDED, True) == (stand(desk, "수출").place, bool(stand(desk, "수출").section))
    assert (Place.NO_SECTION, "") == (stand(desk, "길").place, stand(desk, "길").section)


def test_what_an_editor_decided(desk: Desk) -> None:
    """Who, why, and at which version of the pick."""
    names = ("수출", "통신", "교통")
    bring(desk, *(release("molit", one) for one in names))
    kim, issue = editor_of(desk), issue_id_of(desk)
    taken, dropped, left = (story_named(desk, one) for one in names)
    accept(kim, issue, taken)
    reject(kim, issue, dropped, why="홍보")
    leave(kim, issue, left, why="자리 없음")

    assert (Place.DRAFT, "kim", 1) == (
        (found := stand(desk, "수출")).place,
        found.by,
        found.version,
    )
    assert (Place.REJECTED, "kim", "홍보") == (
        (found := stand(desk, "통신")).place,
        found.by,
        found.why,
    )
    assert (Place.LEFT_OUT, "자리 없음") == ((found := stand(desk, "교통")).place, found.why)


def test_what_is_printed_is_so_in_the_next_issue_too(desk: Desk, tmp_path: Path) -> None:
    """With its number, and no way into the draft."""
    bring(desk, release("molit", "수출"))
    draft = open_draft(desk)
    assert Place.PROPOSED is stand(desk, "수출").place
    publish_issue(desk, make_press(tmp_path))
    found = stand(desk, "수출")

    assert (Place.PRINTED, draft.number, 0, False) == (
        found.place,
        found.number,
        found.version,
        found.may_be_put_in,
    )


def test_a_later_word_outlasts_an_earlier_issue(desk: Desk) -> None:
    """What was dropped is dropped, also where another issue is being made by now."""
    bring(desk, release("molit", "수출"))
    reject(editor_of(desk), issue_id_of(desk), story_named(desk, "수출"), why="x")
    set_clock(desk, desk.clock.now().replace(month=6))

    assert Place.REJECTED is stand(desk, "수출").place
