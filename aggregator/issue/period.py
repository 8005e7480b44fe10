"""Which stories are of an issue, and which are still fresh enough for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregator.domain.issues import Issue, Section, Shape, Window
from aggregator.issue.choices import Candidate
from aggregator.issue.windows import predecessor

_BY_DAY = frozenset({Shape.ARTICLE, Shape.MEDIA})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What an issue covers. ``until`` is when its places are filled, ``before`` the period of the
    last published issue before it (None for a first one). What lies between the two windows was
    given up."""

    window: Window
    issue_on: date
    until: datetime
    before: Period | None = None

    @property
    def since(self) -> datetime | None:
        """When the places of the issue before were filled; None for a first issue."""
        return self.before.until if self.before else None

    @property
    def earliest(self) -> date:
        """The day from which a release that came too late for the issue before is still of this
        one: as far before the window as the window is long."""
        length = self.window.end - self.window.start + timedelta(days=1)
        return self.window.start - length

    @property
    def follows(self) -> bool:
        """Whether no window was given up between the issue before and this one."""
        return (
            self.before is not None
            and self.before.window.end + timedelta(days=1) == self.window.start
        )


def period_of(issue: Issue, issues: Sequence[Issue], until: datetime, depth: int = 2) -> Period:
    """What an issue whose places are filled at ``until`` covers, with as many periods before it as
    carry-over looks at. ``issues`` are those of its series."""
    before = predecessor(issues, issue.window) if depth else None
    filled_at = (before.proposed_at or before.published_at) if before else None
    return Period(
        window=issue.window,
        issue_on=issue.issue_on,
        until=until,
        before=period_of(before, issues, filled_at, depth - 1) if before and filled_at else None,
    )


def belongs(candidate: Candidate, section: Section, period: Period) -> bool:
    """Whether a candidate is of this issue, by the shape of its section.

    Press items and videos go by printed day, or arrived too late for the issue before; papers and
    whatever has no date by first sight; events by days on or after the issue's. What lies in a
    window that was given up belongs to no issue, if it goes by day.
    """
    if _is_given_up(candidate, section, period):
        return False
    if section.shape is Shape.EVENT and candidate.event is not None:
        return candidate.event.ends_on >= period.issue_on
    unseen_before = period.since is None or candidate.first_seen_at > period.since
    if section.shape is Shape.PAPER or candidate.day is None:
        return unseen_before
    if candidate.day in period.window:
        return True
    return (
        period.since is not None
        and unseen_before
        and period.earliest <= candidate.day < period.window.start
    )


def is_fresh(candidate: Candidate, section: Section, period: Period) -> bool:
    """Whether a candidate that waited for the issue before is new enough to be looked at again.

    What goes by day is, from the first day of the issue before's window, where no window lies
    between; papers and what has no date are. Events go by their own days and are not carried over.
    """
    if period.before is None or section.shape is Shape.EVENT:
        return False
    if section.shape is Shape.PAPER or candidate.day is None:
        return True
    return period.follows and candidate.day >= period.before.window.start


def _is_given_up(candidate: Candidate, section: Section, period: Period) -> bool:
    return (
        section.shape in _BY_DAY
        and period.before is not None
        and candidate.day is not None
        and period.before.window.end < candidate.day < period.window.start
    )
