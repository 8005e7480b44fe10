"""What stands in an issue, or beside it, without anybody's word: found, and confirmed all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aggregator.domain.editing import Action, ActionKind
from aggregator.domain.errors import Conflict
from aggregator.domain.issues import Issue, IssueStatus, Origin, PickState
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked
from aggregator.services.desk import Desk
from aggregator.services.editing.carry_out import TRIES, Picks, changes_of, commit
from aggregator.services.editing.cells import Note, pick_target
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.inbox import InboxFilter, inbox
from aggregator.services.editing.issue_at_hand import Hand, hand_of, picked_of, with_stories

SHOWN = 20
"""Stories beside the issue that are named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """What nobody decided on. ``proposals`` are printed as they stand, and so would be ``aside``, which
    somebody set aside for later; ``outside`` was set aside, too, and is not in the issue: the first of
    ``outside_total``."""

    proposals: tuple[Picked, ...] = ()
    aside: tuple[Picked, ...] = ()
    outside: tuple[Story, ...] = ()
    outside_total: int = 0


def undecided_of(desk: Desk, issue: Issue, picked: Sequence[Picked]) -> Undecided:
    """What nobody decided on of an issue with these items, in their order; nothing of one that is over."""
    if issue.status is not IssueStatus.DRAFT:
        return Undecided()
    put_off = desk.store.aside(issue.id)
    proposed = _proposed(picked)
    aside = tuple(one for one in proposed if one.story.id in put_off)
    outside: tuple[Story, ...] = ()
    total = 0
    if len(put_off) > len(aside):
        inside = {one.story.id for one in aside}
        found = inbox(desk, issue, InboxFilter(state="aside"), size=SHOWN + len(inside))
        waiting = (row.story for row in found.rows if row.story.id not in inside)
        outside, total = tuple(waiting)[:SHOWN], found.total - len(inside)
    return Undecided(
        proposals=tuple(one for one in proposed if one.story.id not in put_off),
        aside=aside,
        outside=outside,
        outside_total=max(total, len(outside)),
    )


def accept_all(editor: Editor, issue_id: int) -> Done:
    """Confirm everything that the rules put into the issue and nobody decided on, as one action; what
    was set aside for later waits for a word of its own.

    Raises NotFound, IllegalTransition for an issue that is no draft, and Conflict.
    """
    target = f"issue:{issue_id}"
    for left in reversed(range(TRIES)):
        hand = hand_of(editor.desk, issue_id)
        after = _confirmed(editor.desk, hand)
        note = Note(actor=editor.name, at=editor.desk.clock.now(), cause="accepted")
        changes = changes_of(editor, hand, after, note)
        if not changes:
            kind = ActionKind.ACCEPT_ALL
            return Done(kind=kind, target=target, issue_version=hand.issue.version)
        action = Action(
            actor=note.actor,
            at=note.at,
            kind=ActionKind.ACCEPT_ALL,
            target=target,
            issue_id=issue_id,
            changes=tuple(changes),
        )
        try:
            return commit(editor, hand, action, after, 0)
        except Conflict:
            if not left:
                raise
    raise AssertionError("unreachable")


def accept_rest(editor: Editor) -> list[Picked]:
    """``accept_all`` of the working issue, its places filled if their day has come; what was accepted, in
    printed order."""
    issue = open_draft(editor.desk).issue
    changed = {change.edit.target for change in accept_all(editor, issue.id).changes}
    return [
        one
        for one in picked_of(editor.desk, issue)
        if pick_target(issue.id, one.story.public_id) in changed
    ]


def _confirmed(desk: Desk, hand: Hand) -> Picks:
    """The open proposals as they are once they are accepted."""
    put_off = desk.store.aside(hand.issue.id)
    return {
        one.story.id: replace(
            one.pick,
            state=PickState.ACCEPTED,
            origin=Origin.EDITOR,
            why="accepted",
            source_rev=one.story.primary.rev,
        )
        for one in _proposed(with_stories(desk, [*hand.picks.values()]))
        if one.story.id not in put_off
    }


def _proposed(picked: Iterable[Picked]) -> list[Picked]:
    return [one for one in picked if one.pick.state is PickState.PROPOSED]
