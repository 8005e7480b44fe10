"""What editors do to the working draft: accept, drop, leave out the rest, skip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.domain.editing import Action, ActionKind, Change, PickWrite, Step
from aggregator.domain.errors import IllegalTransition, UsageError
from aggregator.domain.issues import (
    Issue,
    IssueStatus,
    Origin,
    Pick,
    PickState,
    Section,
    Series,
    Shape,
)
from aggregator.domain.items import SEOUL
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked, day_of
from aggregator.services.desk import Desk
from aggregator.services.editing.cells import Note, differences, pick_target
from aggregator.services.editing.draft import Draft, open_draft
from aggregator.services.editing.find import find_one
from aggregator.services.editing.printed_before import printed_before, recent_issues
from aggregator.services.editing.remarks import Remark
from aggregator.services.editing.standings import status_action


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What an editor put into the draft; ``notes`` tell what may be an oversight.
    ``moved_from`` is another section in which the draft had it, or else the rules; "" for none."""

    picked: Picked
    moved_from: str = ""
    notes: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A pick as it was (None for a new one) and as it shall be, with the reason for the log."""

    story: Story
    before: Pick | None
    after: Pick
    cause: str


def accept(
    desk: Desk, words: str, *, section: str | None = None, position: int | None = None
) -> Edited:
    """Put a story into the working draft, in ``section`` or where the rules place it.

    Items with a ``position`` (from 1) stand before the others of their section, in its order. The
    story takes the place it is given: those that have that position or a later one move on by one.
    Accepted again without one it keeps its place, unless it goes to another section.

    Raises NotFound, Ambiguous, UsageError for a section that the series lacks or that cannot be
    known, or one of events for a story without an event's days, and IllegalTransition when the
    issue is no draft.
    """
    draft = _open_for_edits(desk)
    story = find_one(desk, words)
    before = _pick_of(draft, story)
    target = section or (before.section if before else rules_section(story))
    check_section(desk.series, target, story)
    pick = before or _new_pick(draft, story, target)
    kept = pick.position if pick.section == target else None
    changed = replace(
        pick,
        section=target,
        state=PickState.ACCEPTED,
        origin=Origin.EDITOR,
        why="accepted",
        position=kept if position is None else position,
        source_rev=story.primary.rev,
    )
    change = _Change(story=story, before=before, after=changed, cause=changed.why)
    picked, *_ = _save(desk, [change, *_making_room(draft, change)], ActionKind.ACCEPT)
    home = before.section if before and before.state.is_in else rules_section(story)
    return Edited(
        picked=picked,
        moved_from=home if home != target else "",
        notes=notes_on(desk, draft.issue, picked),
    )


def drop(desk: Desk, words: str, *, why: str = "") -> Picked:
    """Reject a story: it leaves the working draft and the combined feed, and is not proposed
    again. Raises as ``accept``."""
    draft = _open_for_edits(desk)
    story = find_one(desk, words)
    before = _pick_of(draft, story)
    pick = before or _new_pick(draft, story, rules_section(story))
    why = why or "dropped"
    changed = replace(pick, state=PickState.DROPPED, origin=Origin.EDITOR, why=why)
    change = _Change(story=story, before=before, after=changed, cause=why)
    return _save(desk, [change], ActionKind.REJECT)[0]


def leave_out_rest(desk: Desk, *, why: str = "") -> list[Picked]:
    """Leave out every proposal that the editor has not accepted; the combined feed keeps them."""
    draft = _open_for_edits(desk)
    why = why or "no room"
    changes = [
        _Change(
            story=one.story,
            before=one.pick,
            after=replace(one.pick, state=PickState.LEFT_OUT, origin=Origin.EDITOR, why=why),
            cause=why,
        )
        for one in draft.picked
        if one.pick.state is PickState.PROPOSED
    ]
    return _save(desk, changes, ActionKind.LEAVE) if changes else []


def skip_draft(desk: Desk) -> Issue:
    """Give the working draft's window up; no number is taken.

    Raises IllegalTransition before the issue's draft day: an issue that nobody has seen yet is
    skipped by mistake, by asking twice.
    """
    draft = _open_for_edits(desk)
    if desk.clock.now() < draft.due_at:
        raise IllegalTransition(
            f"No. {draft.number} of {draft.issue.issue_on} cannot be skipped before its draft day,"
            f" {draft.due_at.astimezone(SEOUL):%Y-%m-%d %H:%M} KST"
        )
    action = status_action(desk, draft.issue.id, ActionKind.SKIP, IssueStatus.SKIPPED)
    return desk.store.skip_issue(draft.issue.id, action.at, action=action)


def _open_for_edits(desk: Desk) -> Draft:
    draft = open_draft(desk)
    if draft.issue.status is not IssueStatus.DRAFT:
        raise IllegalTransition(f"No. {draft.number} is {draft.issue.status}, not a draft")
    return draft


def _pick_of(draft: Draft, story: Story) -> Pick | None:
    everything = (*draft.picked, *draft.dropped)
    return next((p.pick for p in everything if p.pick.story_id == story.id), None)


def _new_pick(draft: Draft, story: Story, section: str) -> Pick:
    return Pick(
        issue_id=draft.issue.id,
        story_id=story.id,
        section=section,
        state=PickState.PROPOSED,
        origin=Origin.EDITOR,
        version=0,
    )


def rules_section(story: Story) -> str:
    """The section in which the rules place a story, "" for none."""
    return (story.placement.section if story.placement else None) or ""


def check_section(series: Series, section: str, story: Story) -> None:
    """Raise UsageError for a section that is none, or that would print nothing of the story."""
    known = ", ".join(s.id for s in series.sections)
    if not section:
        raise UsageError(
            f"the rules place {story.primary.item.title!r} in no section: name one (--section, one"
            f" of {known})"
        )
    found = series.section(section)
    if found is None:
        raise UsageError(f"there is no section {section!r} (one of {known})")
    _check_event(found, story)


def _check_event(section: Section, story: Story) -> None:
    """Raise UsageError for a story of which a section of events would print a bare heading."""
    item = story.primary.item
    if section.shape is Shape.EVENT and item.event is None:
        raise UsageError(
            f"{section.id} prints an event's days, which {item.title!r} does not say: type it in"
            f" (aggregator add --section {section.id} --title … --from …)"
        )


def _making_room(draft: Draft, change: _Change) -> list[_Change]:
    """The other items that move so that one may take its position: what followed it where it was
    closes up, what stands at its new place or behind moves on."""
    before, after = change.before, change.after
    if after.position is None:
        return []
    was_here = before is not None and before.state.is_in and before.section == after.section
    left = before.position if before is not None and was_here else None
    moves = []
    for one in draft.picked:
        pick = one.pick
        if pick.section != after.section or pick.story_id == after.story_id:
            continue
        if pick.position is None:
            continue
        place = pick.position - (left is not None and pick.position > left)
        place += place >= after.position
        if place != pick.position:
            moved = replace(pick, position=place)
            moves.append(_Change(story=one.story, before=pick, after=moved, cause="made room"))
    return moves


def notes_on(desk: Desk, issue: Issue, picked: Picked) -> tuple[Remark, ...]:
    """What an editor may have overlooked in an item that was put into ``issue``."""
    section = desk.series.section(picked.pick.section)
    shape = section.shape if section else None
    day = day_of(picked.story)
    event = picked.story.primary.item.event
    notes: list[Remark] = []
    # Papers and events do not go by day, and do not print it.
    if shape in {Shape.ARTICLE, Shape.MEDIA} and day is not None and day not in issue.window:
        start, end = issue.window.start, issue.window.end
        text = f"its day, {day}, lies outside the issue's window, {start} to {end}"
        values = {"day": day, "start": start, "end": end}
        notes.append(Remark(code="outside_window", text=text, values=values))
    if shape is Shape.EVENT and event is not None and event.ends_on < issue.issue_on:
        text = f"the event ends on {event.ends_on}, before the issue's day, {issue.issue_on}"
        notes.append(Remark(code="event_over", text=text, values={"day": event.ends_on}))
    return (*notes, *_printed_notes(desk, issue, picked.story))


def _printed_notes(desk: Desk, issue: Issue, story: Story) -> list[Remark]:
    """Which other issues had the story; where none had, which of the last said the same."""
    notes = [
        Remark(
            code="printed",
            text=f"No. {other.number} of {other.issue_on} has printed it already",
            values={"number": other.number},
        )
        for other, pick in desk.store.picks_of_story(desk.series.id, story.id)
        if other.status is IssueStatus.PUBLISHED and other.id != issue.id and pick.state.is_in
    ]
    if notes:
        return notes
    recent = recent_issues(desk, issue, desk.store.issue_heads(desk.series.id))
    had = printed_before(desk, recent, [story.id]).get(story.id)
    if had is None:
        return []
    text = f"No. {had.number} has printed the same already: {had.headline}"
    values = {"number": had.number, "headline": had.headline}
    return [Remark(code="printed_same", text=text, values=values)]


def _save(desk: Desk, changes: Sequence[_Change], kind: ActionKind) -> list[Picked]:
    """Write the changes as one action, all or none; the picks as they are then."""
    first = changes[0]
    now = desk.clock.now()
    action = Action(
        actor=desk.actor,
        at=now,
        kind=kind,
        target=pick_target(first.after.issue_id, first.story.public_id),
        issue_id=first.after.issue_id,
        changes=tuple(line for one in changes for line in _lines(desk, one, now)),
    )
    writes = tuple(
        PickWrite(
            issue_id=one.after.issue_id,
            story_id=one.story.id,
            version=one.after.version,
            after=one.after,
        )
        for one in changes
    )
    versions = [_next(desk, one) for one in changes]
    desk.store.act(Step(action=action, picks=writes))
    return [
        Picked(pick=replace(one.after, version=version), story=one.story)
        for one, version in zip(changes, versions, strict=True)
    ]


def _next(desk: Desk, change: _Change) -> int:
    """The version of a pick when it is changed."""
    target = pick_target(change.after.issue_id, change.story.public_id)
    return (change.after.version or desk.store.last_version(target)) + 1


def _lines(desk: Desk, change: _Change, now: datetime) -> list[Change]:
    note = Note(actor=desk.actor, at=now, cause=change.cause)
    target = pick_target(change.after.issue_id, change.story.public_id)
    version = _next(desk, change)
    return differences(target, change.before, change.after, note, version=version)
