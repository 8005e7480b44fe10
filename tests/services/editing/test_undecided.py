"""What nobody decided on of an issue: found, and accepted all at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.domain.edit_errors import AlreadyDecided, IssueOver, UndoRefused
from aggregator.domain.editing import ActionKind, Stage
from aggregator.domain.issues import IssueStatus, PickState
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, reject
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.issue_at_hand import issue_by_id, picked_of
from aggregator.services.editing.later import put_aside
from aggregator.services.editing.logbook import logbook
from aggregator.services.editing.standings import standing_of
from aggregator.services.editing.undecided import Undecided, accept_all, undecided_of
from aggregator.services.editing.undo import undo
from aggregator.services.editing.workflow import approve
from tests.fixtures.desk import bring, make_curator, make_desk, release

NAMES = ("seoul", "ulsan", "gyeonggi")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three proposals stand in the draft."""
    made = make_desk(tmp_path)
    bring(made, *(release(name, f"{name} 스마트시티") for name in NAMES))
    open_draft(made)
    yield made
    made.store.close()


def hand(desk: Desk, name: str = "kim") -> Editor:
    """Somebody at the desk."""
    return Editor.of(desk, make_curator(desk), name)


def issue_id(desk: Desk) -> int:
    """The issue in the making."""
    return desk.store.issue_heads(desk.series.id)[-1].id


def story(desk: Desk, body: str) -> str:
    """The public id of a body's release."""
    return next(one.public_id for one in desk.store.stories() if one.primary.item.body == body)


def open_ones(desk: Desk) -> Undecided:
    """What nobody decided on."""
    issue = issue_by_id(desk, issue_id(desk))
    return undecided_of(desk, issue, picked_of(desk, issue))


def states(desk: Desk) -> dict[str, PickState]:
    """What became of each, by body."""
    picked = picked_of(desk, issue_by_id(desk, issue_id(desk)))
    return {one.story.primary.item.body: one.pick.state for one in picked}


def test_proposals_are_told_from_what_was_set_aside(desk: Desk) -> None:
    """Both stand in the issue; what does not is told apart."""
    put_aside(hand(desk), issue_id(desk), story(desk, "seoul"))
    bring(desk, release("msit", "한 건 더 스마트시티"))
    put_aside(hand(desk), issue_id(desk), story(desk, "msit"))

    found = open_ones(desk)

    assert {"ulsan", "gyeonggi"} == {one.story.primary.item.body for one in found.proposals}
    assert ["seoul"] == [one.story.primary.item.body for one in found.aside]
    assert ["msit"] == [one.primary.item.body for one in found.outside]
    assert 1 == found.outside_total


def test_all_are_accepted_as_one_action(desk: Desk) -> None:
    """But for what was set aside: that waits for a word of its own."""
    put_aside(hand(desk), issue_id(desk), story(desk, "seoul"))

    done = accept_all(hand(desk), issue_id(desk))

    assert {
        "seoul": PickState.PROPOSED,
        "ulsan": PickState.ACCEPTED,
        "gyeonggi": PickState.ACCEPTED,
    } == states(desk)
    lines = [one for one in logbook(desk).lines if one.kind is ActionKind.ACCEPT_ALL]
    assert ({done.action}, {"kim"}) == (
        {one.action for one in lines},
        {one.edit.actor for one in lines},
    )


def test_undo_takes_all_of_it_back(desk: Desk) -> None:
    """In one step."""
    accept_all(hand(desk), issue_id(desk))

    undo(hand(desk), issue_id(desk))

    assert {PickState.PROPOSED} == {*states(desk).values()}


def test_what_somebody_decided_since_stays_when_all_is_undone(desk: Desk) -> None:
    """The others go back."""
    accept_all(hand(desk), issue_id(desk))
    leave(hand(desk, "lee"), issue_id(desk), story(desk, "ulsan"))

    undo(hand(desk), issue_id(desk))

    assert {
        "seoul": PickState.PROPOSED,
        "ulsan": PickState.LEFT_OUT,
        "gyeonggi": PickState.PROPOSED,
    } == states(desk)


def test_where_nothing_of_it_is_left_undo_is_refused(desk: Desk) -> None:
    """With who stands in the way."""
    accept_all(hand(desk), issue_id(desk))
    for name in NAMES:
        leave(hand(desk, "lee"), issue_id(desk), story(desk, name))

    with pytest.raises(UndoRefused) as refused:
        undo(hand(desk), issue_id(desk))

    assert "lee" == refused.value.clash.by


def test_where_there_is_no_proposal_nothing_is_written(desk: Desk) -> None:
    """Not even a line of the log."""
    accept_all(hand(desk), issue_id(desk))

    assert 0 == accept_all(hand(desk), issue_id(desk)).action


@pytest.mark.parametrize("decide", [accept, reject, leave])
def test_what_is_decided_is_not_set_aside(desk: Desk, decide: object) -> None:
    """Whatever was decided."""
    decide(hand(desk), issue_id(desk), story(desk, "seoul"))  # type: ignore[operator]

    with pytest.raises(AlreadyDecided):
        put_aside(hand(desk), issue_id(desk), story(desk, "seoul"))


def test_nothing_of_an_issue_that_is_over_is_set_aside(desk: Desk) -> None:
    """It is out, or was skipped."""
    issue = issue_id(desk)
    desk.store.skip_issue(issue, desk.clock.now())
    assert IssueStatus.SKIPPED is issue_by_id(desk, issue).status

    with pytest.raises(IssueOver):
        put_aside(hand(desk), issue, story(desk, "seoul"))


def test_setting_a_proposal_aside_withdraws_an_approval(desk: Desk) -> None:
    """What was approved would be printed; what waits must not."""
    issue = issue_by_id(desk, issue_id(desk))
    approve(hand(desk), issue.id, version=issue.version)

    done = put_aside(hand(desk), issue.id, story(desk, "seoul"))

    assert done.reopened
    assert Stage.DRAFT is standing_of(desk, issue_by_id(desk, issue.id)).stage


def test_setting_aside_what_is_not_in_the_issue_leaves_an_approval(desk: Desk) -> None:
    """It would not have been printed anyway."""
    bring(desk, release("msit", "한 건 더 스마트시티"))
    issue = issue_by_id(desk, issue_id(desk))
    approve(hand(desk), issue.id, version=issue.version)

    assert not put_aside(hand(desk), issue.id, story(desk, "msit")).reopened
    assert Stage.APPROVED is standing_of(desk, issue_by_id(desk, issue.id)).stage
