"""The draft of an issue: opened with its window, filled once, and shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.domain.editing import Action, ActionKind
from aggregator.domain.errors import NotFound
from aggregator.domain.issues import Edit, Issue, Origin, Pick, PickState, Shape
from aggregator.domain.stories import Story
from aggregator.issue.candidates import candidate_of
from aggregator.issue.carry_over import carry_over
from aggregator.issue.choices import Candidate, Choice, Printed, Selection, Taken
from aggregator.issue.edition import Picked, in_printed_order
from aggregator.issue.period import Period, period_of
from aggregator.issue.selection import select
from aggregator.issue.translation import Outstanding, outstanding
from aggregator.issue.windows import (
    draft_at,
    foreseen_issue,
    issue_day,
    next_number,
    predecessor,
    working_window,
)
from aggregator.observe import get_logger
from aggregator.services.desk import Desk
from aggregator.services.editing.cells import Note, differences, pick_target
from aggregator.services.editing.editors_word import editors_word
from aggregator.services.editing.issue_at_hand import paired
from aggregator.services.editing.printed_before import printed_before, recent_issues

log = get_logger(__name__)

RULES = "rules"
"""Whom the log names for what nobody decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """A story that is not in the draft, with the reason."""

    story: Story
    section: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue in the making. ``number`` is the one it would take; ``picked`` are its items in
    printed order; ``late`` arrived after it was made, ``waiting`` found no place, ``carried`` found
    none in the issue before; ``translations`` are what is still to be translated, by language."""

    issue: Issue
    number: int
    due_at: datetime
    picked: tuple[Picked, ...]
    dropped: tuple[Picked, ...]
    late: tuple[Tray, ...]
    waiting: tuple[Tray, ...]
    carried: tuple[Tray, ...] = ()
    translations: Mapping[str, Outstanding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A story with what selection looks at in it."""

    candidate: Candidate
    story: Story


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supply:
    """What selection is given, by story id: candidates, what earlier issues had, what is carried
    over; with the issue's period as long as its places are not filled."""

    period: Period
    placed: Mapping[int, _Placed] = field(default_factory=dict)
    printed: Mapping[int, Printed] = field(default_factory=dict)
    carried: Mapping[int, str] = field(default_factory=dict)


def open_draft(desk: Desk, *, propose: bool = False, review: bool | None = None) -> Draft:
    """The issue that is being worked on, its free places filled if their day has come.

    ``propose`` fills them now. They are filled once; what arrives later waits in the tray.
    ``review`` says beforehand whether the issue may repeat what earlier ones printed, as the
    review of a year does; None leaves that as it is.
    """
    now = desk.clock.now()
    issues = desk.store.issues(desk.series.id)
    window = working_window(desk.series, issues, now)
    issue = desk.store.open_issue(desk.series.id, window, issue_day(window), now)
    if review is not None and review is not issue.review:
        issue = desk.store.set_review(issue.id, review=review, edits=[_switch(desk, issue)])
    due = draft_at(desk.series, window)
    supply = _supply(desk, issue, issues)
    if issue.proposed_at is None and (propose or (now >= due and not _is_approved(desk, issue))):
        issue = _propose(desk, issue, supply)
    return _draft(desk, issue, issues, supply)


def foreseen_draft(desk: Desk) -> Draft:
    """The issue that is being worked on as it stands, for who only asks: nothing is written, no
    issue is opened and no place filled."""
    issues = desk.store.issues(desk.series.id)
    issue = foreseen_issue(desk.series, issues, desk.clock.now())
    return _draft(desk, issue, issues, _supply(desk, issue, issues))


def draft_of(desk: Desk, number: int | None) -> Draft:
    """The working draft, or the published issue of that number as a draft.

    Raises NotFound for a number that is neither.
    """
    issues = desk.store.issues(desk.series.id)
    for issue in issues:
        if number is not None and issue.number == number:
            period = period_of(issue, issues, desk.clock.now())
            return _draft(desk, issue, issues, _Supply(period=period))
    draft = open_draft(desk)
    if number not in {None, draft.number}:
        raise NotFound(
            f"there is no issue No. {number}: the draft is No. {draft.number}"
            f" ({_published(issues)})"
        )
    return draft


def _published(issues: Iterable[Issue]) -> str:
    numbers = [str(issue.number) for issue in issues if issue.number is not None]
    return f"published: {', '.join(numbers)}" if numbers else "none is published yet"


def _switch(desk: Desk, issue: Issue) -> Edit:
    """The line of the log for an issue that becomes a review, or no longer is one."""
    return Edit(
        at=desk.clock.now(),
        actor=desk.actor,
        target=f"issue:{issue.id}",
        field="review",
        old=str(issue.review).lower(),
        new=str(not issue.review).lower(),
    )


def _propose(desk: Desk, issue: Issue, supply: _Supply) -> Issue:
    """The issue with its free places filled, by us or by somebody who was faster."""
    now = desk.clock.now()
    chosen = _select(desk, supply, _picked(desk, issue), until=now).proposed
    new = [
        Pick(
            issue_id=issue.id,
            story_id=choice.candidate.story_id,
            section=choice.section,
            state=PickState.PROPOSED,
            origin=Origin.RULES,
            why=choice.why,
            version=0,
        )
        for choice in chosen
    ]
    if desk.store.save_proposal(issue.id, new, now, action=_proposal(desk, issue, new)):
        log.info("issue_proposed", window=str(issue.window.start), picks=len(new))
    return next(one for one in desk.store.issues(desk.series.id) if one.id == issue.id)


def _is_approved(desk: Desk, issue: Issue) -> bool:
    """Whether somebody answers for the issue as it is: nothing comes into it by itself then."""
    standing = desk.store.standings([issue.id]).get(issue.id)
    return standing is not None and standing.stage.is_approved


def _proposal(desk: Desk, issue: Issue, new: Sequence[Pick]) -> Action:
    """What the log keeps of a proposal: each pick with the reason that the rules give."""
    now = desk.clock.now()
    names = desk.store.public_ids([pick.story_id for pick in new])
    lines = [
        differences(
            pick_target(issue.id, names[pick.story_id]),
            None,
            pick,
            Note(actor=RULES, at=now, cause=pick.why),
            version=1,
        )
        for pick in new
    ]
    return Action(
        actor=RULES,
        at=now,
        kind=ActionKind.PROPOSE,
        target=f"issue:{issue.id}",
        issue_id=issue.id,
        changes=tuple(line for some in lines for line in some),
    )


def _picked(desk: Desk, issue: Issue) -> list[Picked]:
    """The issue's picks with their stories. A story that lost its members to another one is not there
    any more; its pick is that one's by now, unless it had a stronger one itself."""
    picks = desk.store.picks(issue.id)
    return paired(desk, picks, desk.store.stories(ids=[pick.story_id for pick in picks]))


def _taken(picked: Iterable[Picked], *, left_out: bool = False) -> dict[int, Taken]:
    """The stories that have a pick, by id; those that were ``left_out`` for want of room have
    their place, or none."""
    return {
        one.pick.story_id: Taken(
            section=one.pick.section
            if one.pick.state.is_in or (left_out and one.pick.state is PickState.LEFT_OUT)
            else "",
            body=one.story.primary.item.body,
        )
        for one in picked
    }


def _select(desk: Desk, supply: _Supply, picked: Sequence[Picked], *, until: datetime) -> Selection:
    return select(
        desk.series,
        (one.candidate for one in supply.placed.values()),
        replace(supply.period, until=until),
        taken=_taken(picked),
        printed=supply.printed,
        carried=supply.carried,
    )


def _supply(desk: Desk, issue: Issue, issues: Sequence[Issue]) -> _Supply:
    """What may be of this issue, or waited for the one before, and was rejected in none."""
    period = period_of(issue, issues, desk.clock.now())
    before = period.before
    stories = desk.store.candidate_stories(
        [section.id for section in desk.series.sections],
        since=min(period.earliest, before.window.start) if before else period.earliest,
        seen_after=before.since if before else None,
        by_sight=[one.id for one in desk.series.sections if one.shape is Shape.PAPER],
    )
    rejected, _ = editors_word(desk)
    placed = {}
    for story in stories:
        candidate = candidate_of(story, desk.bodies.get(story.primary.item.body))
        if candidate is not None and story.id not in rejected:
            placed[story.id] = _Placed(candidate=candidate, story=story)
    recent = [] if issue.review else recent_issues(desk, issue, issues)
    printed = printed_before(desk, recent)
    return _Supply(
        period=period,
        placed=placed,
        printed=printed,
        carried=_carried(desk, predecessor(issues, issue.window), period, placed, printed),
    )


def _carried(
    desk: Desk,
    before: Issue | None,
    period: Period,
    placed: Mapping[int, _Placed],
    printed: Collection[int],
) -> dict[int, str]:
    if before is None:
        return {}
    return carry_over(
        desk.series,
        [one.candidate for one in placed.values()],
        period,
        number=before.number or 0,
        # As they stood when the others waited: the reason is the one that the editor saw.
        taken=_taken(_picked(desk, before), left_out=True),
        printed=printed,
    )


def _draft(desk: Desk, issue: Issue, issues: Sequence[Issue], supply: _Supply) -> Draft:
    picked = _picked(desk, issue)
    inside = [one for one in picked if one.pick.state.is_in]
    until = issue.proposed_at or desk.clock.now()
    rest = _select(desk, supply, picked, until=until)
    could = "a place is free" if issue.proposed_at else "will be proposed"
    free = [replace(one, why=f"{could}; {one.why}") for one in rest.proposed]
    return Draft(
        issue=issue,
        number=issue.number or next_number(desk.series, issues),
        due_at=draft_at(desk.series, issue.window),
        picked=tuple(in_printed_order(inside, desk.series, desk.bodies)),
        dropped=tuple(one for one in picked if not one.pick.state.is_in),
        late=_tray(rest.late, supply),
        waiting=_tray([*(c for c in free if not c.carried), *rest.waiting], supply),
        carried=_tray([*(c for c in free if c.carried), *rest.carried], supply),
        translations=outstanding(inside, desk.series),
    )


def _tray(choices: Iterable[Choice], supply: _Supply) -> tuple[Tray, ...]:
    return tuple(
        Tray(story=supply.placed[one.candidate.story_id].story, section=one.section, why=one.why)
        for one in choices
    )
