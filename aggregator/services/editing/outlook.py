"""What waits for a place in an issue, and why: chosen among all that it may print, without its stories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.domain.bodies import Body
from aggregator.domain.issues import Issue, PickState, Section, Series
from aggregator.issue.carry_over import carry_over
from aggregator.issue.choices import Candidate, Choice, Printed, Selection, Taken
from aggregator.issue.edition import LAST
from aggregator.issue.period import Period, period_of
from aggregator.issue.selection import select
from aggregator.issue.windows import draft_at, foreseen_issue, next_number, predecessor
from aggregator.ports.issuing import Supplied
from aggregator.services.desk import Desk
from aggregator.services.editing.editors_word import editors_word
from aggregator.services.editing.printed_before import printed_before, recent_issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What selection is given, by story id: candidates, what earlier issues had, what is carried
    over; with the issue's period as long as its places are not filled."""

    period: Period
    candidates: Mapping[int, Candidate] = field(default_factory=dict)
    printed: Mapping[int, Printed] = field(default_factory=dict)
    carried: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """An issue in the making, of which ``number`` is the one it would take: ``late`` arrived after it
    was made, ``waiting`` found no place, ``carried`` found none in the issue before."""

    issue: Issue
    number: int
    due_at: datetime
    late: tuple[Choice, ...]
    waiting: tuple[Choice, ...]
    carried: tuple[Choice, ...]


def supply_of(
    desk: Desk, issue: Issue, issues: Sequence[Issue], sections: Sequence[Section] | None = None
) -> Supply:
    """What may be of this issue, or waited for the one before, and was rejected in none: of all sections,
    or of these, into which the others must not overflow."""
    period = period_of(issue, issues, desk.clock.now())
    before = period.before
    rejected, _ = editors_word(desk)
    found = desk.store.issue_candidates(
        desk.series.sections if sections is None else sections,
        since=min(period.earliest, before.window.start) if before else period.earliest,
        seen_after=before.since if before else None,
    )
    candidates = {
        one.story_id: _candidate(one, desk.bodies.get(one.body))
        for one in found
        if one.story_id not in rejected
    }
    recent = [] if issue.review else recent_issues(desk, issue, issues)
    printed = printed_before(desk, recent, candidates.keys())
    last = predecessor(issues, issue.window)
    carried: Mapping[int, str] = {}
    if last is not None:
        carried = carry_over(
            desk.series,
            candidates.values(),
            period,
            number=last.number or 0,
            # As they stood when the others waited: the reason is the one that the editor saw.
            taken=taken_in(desk, last, left_out=True),
            printed=printed,
        )
    return Supply(period=period, candidates=candidates, printed=printed, carried=carried)


def _candidate(told: Supplied, body: Body | None) -> Candidate:
    return Candidate(
        story_id=told.story_id,
        public_id=told.public_id,
        section=told.section,
        score=told.score,
        day=told.day,
        body=told.body,
        body_order=body.order if body else LAST,
        body_name=body.print_name("ko") if body else "",
        first_seen_at=told.first_seen_at,
        title_groups=told.title_groups,
        event=told.event,
    )


def taken_in(desk: Desk, issue: Issue, *, left_out: bool = False) -> dict[int, Taken]:
    """The stories that have a pick in an issue, by id; those that were ``left_out`` for want of room
    have their place, or none."""
    picks = desk.store.picks(issue.id)
    bodies = desk.store.bodies_of([pick.story_id for pick in picks])
    return {
        pick.story_id: Taken(
            section=pick.section
            if pick.state.is_in or (left_out and pick.state is PickState.LEFT_OUT)
            else "",
            body=bodies[pick.story_id],
        )
        for pick in picks
        if pick.story_id in bodies
    }


def choose(desk: Desk, supply: Supply, issue: Issue, *, until: datetime) -> Selection:
    """What the rules would do with the free places of an issue."""
    return select(
        desk.series,
        supply.candidates.values(),
        replace(supply.period, until=until),
        taken=taken_in(desk, issue),
        printed=supply.printed,
        carried=supply.carried,
    )


def outlook(desk: Desk, issue: Issue, issues: Sequence[Issue], supply: Supply) -> Outlook:
    """What waits for a place in the issue."""
    until = issue.proposed_at or desk.clock.now()
    rest = choose(desk, supply, issue, until=until)
    could = "a place is free" if issue.proposed_at else "will be proposed"
    free = [replace(one, why=f"{could}; {one.why}") for one in rest.proposed]
    return Outlook(
        issue=issue,
        number=issue.number or next_number(desk.series, issues),
        due_at=draft_at(desk.series, issue.window),
        late=rest.late,
        waiting=(*(one for one in free if not one.carried), *rest.waiting),
        carried=(*(one for one in free if one.carried), *rest.carried),
    )


def foreseen_outlook(
    desk: Desk, issues: Sequence[Issue], sections: Sequence[Section] | None = None
) -> Outlook:
    """What waits in the issue that is being worked on, as it stands, for who only asks: nothing is
    written, no issue is opened and no place filled. ``sections`` as for ``supply_of``."""
    issue = foreseen_issue(desk.series, issues, desk.clock.now())
    return outlook(desk, issue, issues, supply_of(desk, issue, issues, sections))


def connected(series: Series, section: str) -> tuple[Section, ...]:
    """The sections whose places hang together with this one's: what is over in one goes to another."""
    mine = {section}
    while more := _next_to(series, mine) - mine:
        mine |= more
    return tuple(one for one in series.sections if one.id in mine)


def _next_to(series: Series, some: Collection[str]) -> set[str]:
    return {
        other
        for one in series.sections
        if one.overflow and {one.id, one.overflow} & {*some}
        for other in (one.id, one.overflow)
    }
