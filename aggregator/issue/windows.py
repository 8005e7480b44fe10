"""Which days an issue covers, when it appears, when its draft is proposed, and which is next."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from aggregator.calendar.working_days import first_working_day
from aggregator.domain.issues import Issue, IssueStatus, Series, Window
from aggregator.domain.items import SEOUL

FIRST_ISSUE_GRACE = timedelta(days=7)
"""How long after its day a new desk still makes the issue that would have been due."""


def month_window(day: date) -> Window:
    """The calendar month that holds ``day``, first and last day included."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Window(start=day.replace(day=1), end=day.replace(day=last))


def following(window: Window) -> Window:
    """The window after this one; windows abut."""
    return month_window(window.end + timedelta(days=1))


def preceding(window: Window) -> Window:
    """The window before this one."""
    return month_window(window.start - timedelta(days=1))


def issue_day(window: Window) -> date:
    """The day on which the issue over ``window`` appears: the next month's first working day."""
    after = window.end + timedelta(days=1)
    return first_working_day(after.year, after.month)


def draft_at(series: Series, window: Window) -> datetime:
    """The instant at which the issue's free places are proposed (aware, Asia/Seoul).

    Never before the window has ended: where a month begins with a working day, the releases of the
    last days would else be late for their own issue.
    """
    appears_at = datetime.combine(issue_day(window), series.at, tzinfo=SEOUL)
    ended_at = datetime.combine(window.end + timedelta(days=1), time(), tzinfo=SEOUL)
    return min(appears_at, max(appears_at - series.draft_before, ended_at))


def working_window(series: Series, issues: Sequence[Issue], now: datetime) -> Window:
    """The window of the issue that is being worked on.

    It is the latest one whose draft day has come, unless that issue is published or skipped; then
    the one after it. An older draft that was never published is given up, so that a newsletter
    can pause for months without owing them. A desk that never had an issue owes none either: it
    begins with the next one when the last one's day is more than a few days past, and no window
    before its first issue is ever its own. So the window never goes back while time does not.
    """
    today = now.astimezone(SEOUL).date()
    latest = month_window(today)
    while draft_at(series, latest) > now:
        latest = preceding(latest)
    if not issues:
        is_past = today > issue_day(latest) + FIRST_ISSUE_GRACE
        return following(latest) if is_past else latest
    latest = max(latest, min(issue.window for issue in issues))
    done = {i.window for i in issues if i.status is not IssueStatus.DRAFT}
    while latest in done:
        latest = following(latest)
    return latest


def foreseen_issue(series: Series, issues: Sequence[Issue], now: datetime) -> Issue:
    """The issue of the working window: the one of ``issues`` or, where it was not opened yet, the one
    that would be, with the id 0."""
    window = working_window(series, issues, now)
    unopened = Issue(
        id=0,
        series=series.id,
        window=window,
        issue_on=issue_day(window),
        status=IssueStatus.DRAFT,
        opened_at=now,
    )
    return next((one for one in issues if one.window == window), unopened)


def is_overdue(issue: Issue, today: date) -> bool:
    """Whether the issue's day has passed without publication; ``today`` in Asia/Seoul."""
    return issue.status is IssueStatus.DRAFT and today > issue.issue_on


def next_number(series: Series, issues: Sequence[Issue]) -> int:
    """The number that the next published issue takes: counted, never computed from a date."""
    numbers = [i.number for i in issues if i.number is not None]
    return max(numbers) + 1 if numbers else series.first_number


def predecessor(issues: Sequence[Issue], window: Window) -> Issue | None:
    """The last published issue before ``window``."""
    earlier = [
        i for i in issues if i.status is IssueStatus.PUBLISHED and i.window.start < window.start
    ]
    return max(earlier, key=lambda i: i.window.start, default=None)
