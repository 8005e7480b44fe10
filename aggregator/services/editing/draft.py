"""The draft of an issue: opened with its window, filled once, and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.domain.editing import Action, ActionKind
from aggregator.domain.errors import NotFound
from aggregator.domain.issues import Edit, Issue, Origin, Pick, PickState
from aggregator.domain.stories import Story
from aggregator.issue.choices import Choice
from aggregator.issue.edition import Picked, in_printed_order
from aggregator.issue.period import period_of
from aggregator.issue.translation import Outstanding, outstanding
from aggregator.issue.windows import draft_at, issue_day, working_window
from aggregator.observe import get_logger
from aggregator.services.desk import Desk
from aggregator.services.editing.cells import Note, differences, pick_target
from aggregator.services.editing.issue_at_hand import paired
from aggregator.services.editing.outlook import Supply, choose, outlook, supply_of

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


def open_draft(desk: Desk, *, propose: bool = False, review: bool | None = None) -> Draft:
    """The issue that is being worked on, its free places filled if their day has come.

    ``propose`` fills them now. They are filled once; what arrives later waits in the tray.
    ``review`` says beforehand whether the issue may repeat what earlier ones printed, as the
    review of a year does; None leaves that as it is.
    """
    now = desk.clock.now()
    issues = desk.store.issue_heads(desk.series.id)
    window = working_window(desk.series, issues, now)
    issue = desk.store.open_issue(desk.series.id, window, issue_day(window), now)
    if review is not None and review is not issue.review:
        issue = desk.store.set_review(issue.id, review=review, edits=[_switch(desk, issue)])
    due = draft_at(desk.series, window)
    supply = supply_of(desk, issue, issues)
    if issue.proposed_at is None and (propose or (now >= due and not _is_approved(desk, issue))):
        issue = _propose(desk, issue, supply)
    return _draft(desk, issue, issues, supply)


def draft_of(desk: Desk, number: int | None) -> Draft:
    """The working draft, or the published issue of that number as a draft.

    Raises NotFound for a number that is neither.
    """
    issues = desk.store.issues(desk.series.id)
    for issue in issues:
        if number is not None and issue.number == number:
            period = period_of(issue, issues, desk.clock.now())
            return _draft(desk, issue, issues, Supply(period=period))
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


def _propose(desk: Desk, issue: Issue, supply: Supply) -> Issue:
    """The issue with its free places filled, by us or by somebody who was faster."""
    now = desk.clock.now()
    chosen = choose(desk, supply, issue, until=now).proposed
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
    return desk.store.issue(issue.id)


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


def _draft(desk: Desk, issue: Issue, issues: Sequence[Issue], supply: Supply) -> Draft:
    picked = _picked(desk, issue)
    inside = [one for one in picked if one.pick.state.is_in]
    rest = outlook(desk, issue, issues, supply)
    waits = (*rest.late, *rest.waiting, *rest.carried)
    ids = [one.candidate.story_id for one in waits]
    stories = desk.store.shown_stories(ids=ids, related=True) if ids else []
    named = {one.id: one for one in stories}
    return Draft(
        issue=issue,
        number=rest.number,
        due_at=rest.due_at,
        picked=tuple(in_printed_order(inside, desk.series, desk.bodies)),
        dropped=tuple(one for one in picked if not one.pick.state.is_in),
        late=_tray(rest.late, named),
        waiting=_tray(rest.waiting, named),
        carried=_tray(rest.carried, named),
        translations=outstanding(inside, desk.series),
    )


def _tray(choices: Iterable[Choice], stories: Mapping[int, Story]) -> tuple[Tray, ...]:
    return tuple(
        Tray(story=story, section=one.section, why=one.why)
        for one in choices
        if (story := stories.get(one.candidate.story_id)) is not None
    )
