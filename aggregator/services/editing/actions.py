"""What an editor does with stories on the desk: each call is one action, which can be undone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aggregator.domain.editing import ActionKind
from aggregator.domain.errors import NotFound, UsageError
from aggregator.domain.issues import Origin, Pick, PickState
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked
from aggregator.services.desk import Desk
from aggregator.services.editing.carry_out import Picks, carry_out
from aggregator.services.editing.edit import check_section, notes_on, rules_section
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import Hand, section_in_order, story_of
from aggregator.services.editing.remarks import Remark
from aggregator.text.unseen import typed_line


def accept(
    editor: Editor,
    issue_id: int,
    story: str,
    *,
    section: str | None = None,
    position: int | None = None,
    version: int | None = None,
) -> Done:
    """Put a story into the issue: into ``section``, or where it stands, or where the rules place it;
    at the place ``position`` of it, counted from 1 as an editor sees it.

    Raises NotFound, UsageError for a section that the series lacks, that cannot be known, or that
    would print nothing of the story, FieldConflict, and IllegalTransition for an issue that is no
    draft.
    """
    return put_in(
        editor,
        issue_id,
        story,
        kind=ActionKind.ACCEPT,
        section=section,
        position=position,
        version=version,
    )


def move(
    editor: Editor,
    issue_id: int,
    story: str,
    section: str,
    *,
    position: int | None = None,
    version: int | None = None,
) -> Done:
    """Put a story into another section, which counts as accepted. Raises as ``accept``."""
    return put_in(
        editor,
        issue_id,
        story,
        kind=ActionKind.MOVE,
        section=section,
        position=position,
        version=version,
    )


def reject(
    editor: Editor, issue_id: int, story: str, *, why: str = "", version: int | None = None
) -> Done:
    """Drop a story: it leaves the issue and the combined feed, and is not proposed again. Raises as
    ``accept``."""
    asked = _Asked(
        kind=ActionKind.REJECT,
        issue_id=issue_id,
        story=story_of(editor.desk, story),
        version=version,
    )
    return _put_out(editor, asked, PickState.DROPPED, typed_line(why) or "dropped")


def leave(
    editor: Editor, issue_id: int, story: str, *, why: str = "", version: int | None = None
) -> Done:
    """Leave a story out of this issue alone; the combined feed keeps it. Raises as ``accept``."""
    asked = _Asked(
        kind=ActionKind.LEAVE,
        issue_id=issue_id,
        story=story_of(editor.desk, story),
        version=version,
    )
    return _put_out(editor, asked, PickState.LEFT_OUT, typed_line(why) or "no room")


def reorder(
    editor: Editor, issue_id: int, story: str, place: int, *, version: int | None = None
) -> Done:
    """Put an item of the issue at a place of its section, counted from 1 as it is printed; a place
    behind the last is the last. Raises as ``accept``, and NotFound for a story that is not in."""
    if place < 1:
        raise UsageError(f"places are counted from 1, not {place}")
    told = story_of(editor.desk, story)

    def make(hand: Hand) -> Picks:
        pick = hand.pick(told)
        if pick is None or not pick.state.is_in:
            raise NotFound(f"{told.primary.item.title!r} is not in the issue: accept it first")
        return _at_place(editor.desk, hand, pick, place)

    return carry_out(
        editor,
        issue_id,
        ActionKind.REORDER,
        told,
        make,
        cause=f"place {place}",
        version=version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What an editor asks of one story, having seen that version of its pick."""

    kind: ActionKind
    issue_id: int
    story: Story
    version: int | None


def put_in(
    editor: Editor,
    issue_id: int,
    story: str,
    *,
    kind: ActionKind,
    section: str | None = None,
    position: int | None = None,
    version: int | None = None,
) -> Done:
    """As ``accept``, under another name in the log."""
    if position is not None and position < 1:
        raise UsageError(f"places are counted from 1, not {position}")
    told = story_of(editor.desk, story)

    def make(hand: Hand) -> Picks:
        before = hand.pick(told)
        target = section or (before.section if before else "") or rules_section(told)
        check_section(editor.desk.series, target, told)
        pick = before or new_pick(issue_id, told)
        after = replace(
            pick, section=target, position=pick.position if pick.section == target else None
        )
        if before is None or before.state is not PickState.ACCEPTED:
            after = replace(
                after,
                state=PickState.ACCEPTED,
                origin=Origin.EDITOR,
                why="accepted",
                source_rev=told.primary.rev,
            )
        return (
            {told.id: after} if position is None else _at_place(editor.desk, hand, after, position)
        )

    done = carry_out(editor, issue_id, kind, told, make, cause="accepted", version=version)
    return replace(done, notes=_notes(editor.desk, issue_id, told, done))


def _put_out(editor: Editor, asked: _Asked, state: PickState, why: str) -> Done:
    def make(hand: Hand) -> Picks:
        pick = hand.pick(asked.story) or new_pick(asked.issue_id, asked.story)
        return {asked.story.id: replace(pick, state=state, origin=Origin.EDITOR, why=why)}

    return carry_out(
        editor, asked.issue_id, asked.kind, asked.story, make, cause=why, version=asked.version
    )


def new_pick(issue_id: int, story: Story) -> Pick:
    """A pick that is not stored yet, where the rules place the story."""
    return Pick(
        issue_id=issue_id,
        story_id=story.id,
        section=rules_section(story),
        state=PickState.PROPOSED,
        origin=Origin.EDITOR,
        version=0,
    )


def _at_place(desk: Desk, hand: Hand, pick: Pick, place: int) -> Picks:
    """The picks of a section with one at this place. Those before it are put where they stand, so
    that they stay there; behind the last that was ever put by hand the section's order decides."""
    order = [one for one in section_in_order(desk, hand, pick.section) if one != pick.story_id]
    place = min(place, len(order) + 1)
    order.insert(place - 1, pick.story_id)
    by_hand = [
        number
        for number, one in enumerate(order, start=1)
        if one != pick.story_id and hand.picks[one].position is not None
    ]
    last = max([place, *by_hand])
    now = {one: hand.picks[one] for one in order if one != pick.story_id} | {pick.story_id: pick}
    return {
        one: replace(now[one], position=number if number <= last else None)
        for number, one in enumerate(order, start=1)
    }


def _notes(desk: Desk, issue_id: int, story: Story, done: Done) -> tuple[Remark, ...]:
    if done.pick is None or not done.action:
        return ()
    return notes_on(desk, desk.store.issue(issue_id), Picked(pick=done.pick, story=story))
