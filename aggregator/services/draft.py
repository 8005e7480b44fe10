"""The draft of an issue: opened with its window, filled once, and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.domain.errors import NotFound
from aggregator.domain.issues import Issue, Origin, Pick, PickState, Shape
from aggregator.domain.stories import Story
from aggregator.issue.candidates import candidate_of
from aggregator.issue.edition import Picked, in_printed_order
from aggregator.issue.selection import Candidate, Choice, Period, Selection, Taken, select
from aggregator.issue.translation import Outstanding, outstanding
from aggregator.issue.windows import draft_at, issue_day, next_number, predecessor, working_window
from aggregator.observe import get_logger
from aggregator.services.desk import Desk

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """A story that is not in the draft, with the reason."""

    story: Story
    section: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue in the making. ``number`` is the one it would take; ``picked`` are its items in
    printed order; ``late`` arrived after it was made, ``waiting`` found no place;
    ``translations`` are what is still to be translated, by language."""

    issue: Issue
    number: int
    due_at: datetime
    picked: tuple[Picked, ...]
    dropped: tuple[Picked, ...]
    late: tuple[Tray, ...]
    waiting: tuple[Tray, ...]
    translations: Mapping[str, Outstanding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A story with what selection looks at in it."""

    candidate: Candidate
    story: Story


def open_draft(desk: Desk, *, propose: bool = False) -> Draft:
    """The issue that is being worked on, its free places filled if their day has come.

    ``propose`` fills them now. They are filled once; what arrives later waits in the tray.
    """
    now = desk.clock.now()
    issues = desk.store.issues(desk.series.id)
    window = working_window(desk.series, issues, now)
    issue = desk.store.open_issue(desk.series.id, window, issue_day(window), now)
    due = draft_at(desk.series, window)
    candidates = _candidates(desk, issue, issues)
    if issue.proposed_at is None and (propose or now >= due):
        issue = _propose(desk, issue, issues, candidates)
    return _draft(desk, issue, issues, candidates)


def draft_of(desk: Desk, number: int | None) -> Draft:
    """The working draft, or the published issue of that number as a draft.

    Raises NotFound for a number that is neither.
    """
    issues = desk.store.issues(desk.series.id)
    for issue in issues:
        if number is not None and issue.number == number:
            return _draft(desk, issue, issues, {})
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


def _propose(
    desk: Desk, issue: Issue, issues: Sequence[Issue], candidates: Mapping[int, _Placed]
) -> Issue:
    """The issue with its free places filled, by us or by somebody who was faster."""
    now = desk.clock.now()
    chosen = _select(desk, issue, issues, candidates, _picked(desk, issue), until=now).proposed
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
    if desk.store.save_proposal(issue.id, new, now):
        log.info("issue_proposed", window=str(issue.window.start), picks=len(new))
    return next(one for one in desk.store.issues(desk.series.id) if one.id == issue.id)


def _picked(desk: Desk, issue: Issue) -> list[Picked]:
    """The issue's picks with their stories; a story that lost its members to others is not there
    any more, and neither is its pick."""
    picks = desk.store.picks(issue.id)
    stories = {s.id: s for s in desk.store.stories(ids=[pick.story_id for pick in picks])}
    return [Picked(pick=p, story=stories[p.story_id]) for p in picks if p.story_id in stories]


def _select(
    desk: Desk,
    issue: Issue,
    issues: Sequence[Issue],
    candidates: Mapping[int, _Placed],
    picked: Sequence[Picked],
    *,
    until: datetime,
) -> Selection:
    taken = {
        one.pick.story_id: Taken(
            section=one.pick.section if one.pick.state.is_in else "",
            body=one.story.primary.item.body,
        )
        for one in picked
    }
    fresh = (one.candidate for one in candidates.values())
    return select(desk.series, fresh, _period(issue, issues, until), taken=taken)


def _period(issue: Issue, issues: Sequence[Issue], until: datetime) -> Period:
    before = predecessor(issues, issue.window)
    return Period(
        window=issue.window,
        issue_on=issue.issue_on,
        since=(before.proposed_at or before.published_at) if before else None,
        until=until,
        before=before.window if before else None,
    )


def _candidates(desk: Desk, issue: Issue, issues: Sequence[Issue]) -> dict[int, _Placed]:
    """By story id: what may be of this issue and was printed in none."""
    period = _period(issue, issues, desk.clock.now())
    stories = desk.store.candidate_stories(
        [section.id for section in desk.series.sections],
        since=period.earliest,
        seen_after=period.since,
        by_sight=[one.id for one in desk.series.sections if one.shape is Shape.PAPER],
    )
    printed = desk.store.picked_stories(desk.series.id)
    placed = {}
    for story in stories:
        candidate = candidate_of(story, desk.bodies.get(story.primary.item.body))
        if candidate is not None and story.id not in printed:
            placed[story.id] = _Placed(candidate=candidate, story=story)
    return placed


def _draft(
    desk: Desk, issue: Issue, issues: Sequence[Issue], candidates: Mapping[int, _Placed]
) -> Draft:
    picked = _picked(desk, issue)
    inside = [one for one in picked if one.pick.state.is_in]
    until = issue.proposed_at or desk.clock.now()
    rest = _select(desk, issue, issues, candidates, picked, until=until)
    return Draft(
        issue=issue,
        number=issue.number or next_number(desk.series, issues),
        due_at=draft_at(desk.series, issue.window),
        picked=tuple(in_printed_order(inside, desk.series, desk.bodies)),
        dropped=tuple(one for one in picked if not one.pick.state.is_in),
        late=_tray(rest.late, candidates),
        waiting=_tray((*rest.proposed, *rest.waiting), candidates),
        translations=outstanding(inside, desk.series),
    )


def _tray(choices: Iterable[Choice], candidates: Mapping[int, _Placed]) -> tuple[Tray, ...]:
    return tuple(
        Tray(story=candidates[c.candidate.story_id].story, section=c.section, why=c.why)
        for c in choices
    )
