"""What waits at the desk today: gathered for the page that an editor sees first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from aggregator.domain.feeds import Feed
from aggregator.domain.health import Health
from aggregator.domain.issues import Issue, PickState, Section
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import Chore, ChoreState, FeedState
from aggregator.issue.windows import draft_at, foreseen_issue, next_number
from aggregator.ports.glancing import Glance
from aggregator.services.desk import Desk
from aggregator.services.editing.inbox import InboxFilter, count_undecided
from aggregator.services.reports.feed_reports import health_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The issue that is being worked on, as every page names it: the one it is or, where it was not
    opened yet (``issue.id`` 0), will be. ``number`` is the one it takes."""

    issue: Issue
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A section of the working issue: how many it prints, how many an editor accepted of these, and
    how many stories nobody decided on."""

    section: Section
    printed: int
    accepted: int
    waiting: int

    @property
    def is_over(self) -> bool:
        """Whether more is in it than may be."""
        return 0 < self.section.limit < self.printed


@dataclass(frozen=True, slots=True, kw_only=True)
class IllFeed:
    """A feed that does not get well by itself."""

    feed: Feed
    health: Health
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What waits. ``since`` is from when on things are new; ``late`` of what waits came after the free
    places were filled, at ``proposed_by``; ``appears_at`` is the issue's hour."""

    now: datetime
    since: datetime
    working: Working
    glance: Glance
    sections: tuple[Filled, ...]
    late: int
    ill: tuple[IllFeed, ...]
    chores: Mapping[Chore, ChoreState]
    proposed_by: datetime
    appears_at: datetime

    @property
    def printed(self) -> int:
        """Items of the issue as it stands."""
        return sum(one.printed for one in self.sections)

    @property
    def new(self) -> int:
        """New stories that the rules gave a section."""
        return sum(self.glance.new.get(one.section.id, 0) for one in self.sections)

    @property
    def waiting(self) -> int:
        """Stories that nobody decided on."""
        return sum(one.waiting for one in self.sections)


def working_issue(desk: Desk) -> Working:
    """The issue that is being worked on; nothing is written, and no print is read."""
    issues = desk.store.issue_heads(desk.series.id)
    issue = foreseen_issue(desk.series, issues, desk.clock.now())
    return Working(issue=issue, number=issue.number or next_number(desk.series, issues))


def report_today(desk: Desk) -> Today:
    """What waits now; new is what came since yesterday began in Asia/Seoul."""
    now = desk.clock.now()
    yesterday = now.astimezone(SEOUL).date() - timedelta(days=1)
    since = datetime.combine(yesterday, time(), tzinfo=SEOUL)
    working = working_issue(desk)
    issue = working.issue
    glance = desk.store.glance(issue, since)
    waiting = count_undecided(desk, issue)
    return Today(
        now=now,
        since=since,
        working=working,
        glance=glance,
        sections=tuple(_filled(one, glance, waiting) for one in desk.series.sections),
        late=_late(desk, issue),
        ill=_ill(desk),
        chores=desk.store.chores(),
        proposed_by=draft_at(desk.series, issue.window),
        appears_at=datetime.combine(issue.issue_on, desk.series.at, tzinfo=SEOUL),
    )


def _late(desk: Desk, issue: Issue) -> int:
    """What the tray for late arrivals holds; there is none before the places were filled."""
    if issue.proposed_at is None:
        return 0
    return sum(count_undecided(desk, issue, InboxFilter(state="late")).values())


def _filled(section: Section, glance: Glance, waiting: Mapping[str, int]) -> Filled:
    proposed, accepted = (
        glance.picks.get((section.id, state), 0)
        for state in (PickState.PROPOSED, PickState.ACCEPTED)
    )
    return Filled(
        section=section,
        printed=proposed + accepted,
        accepted=accepted,
        waiting=waiting.get(section.id, 0),
    )


def _ill(desk: Desk) -> tuple[IllFeed, ...]:
    """The feeds that are ill, the worst first."""
    states = desk.store.feed_states()
    order = [*Health]
    found = []
    for feed in desk.feeds:
        state = states.get(feed.id) or FeedState(feed_id=feed.id)
        health = health_of(feed, state)
        if health.is_ill:
            found.append(IllFeed(feed=feed, health=health, since=state.condition.since))
    return tuple(sorted(found, key=lambda one: order.index(one.health)))
