"""Published issues as they are read now: what was frozen, with the corrections made since."""

from __future__ import annotations

from collections import defaultdict

from aggregator.domain.corrections import Correction
from aggregator.domain.errors import IllegalTransition, NotFound
from aggregator.domain.issues import Issue, IssueStatus
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import correct
from aggregator.issue.snapshot import thaw
from aggregator.issue.windows import next_number
from aggregator.services.desk import Desk


def printed_issues(desk: Desk, *, coming: Issue | None = None) -> tuple[PrintedIssue, ...]:
    """Every published issue of the series, in the order of their windows; ``coming``, a draft as it
    will be published, with them."""
    corrections = _by_issue(desk)
    return tuple(
        correct(printed, corrections[issue.id], desk.catalogue)
        for issue in desk.store.issues(desk.series.id)
        if (printed := thaw(_as_coming(issue, coming))) is not None
    )


def printed_issue(desk: Desk, issue: Issue) -> PrintedIssue | None:
    """One issue; None while it is not published."""
    printed = thaw(issue)
    return correct(printed, _by_issue(desk)[issue.id], desk.catalogue) if printed else None


def _as_coming(issue: Issue, coming: Issue | None) -> Issue:
    return coming if coming is not None and coming.id == issue.id else issue


def published_issue(desk: Desk, number: int) -> Issue:
    """The published issue of that number. Raises IllegalTransition for the draft's, NotFound for one
    that there is not."""
    issues = desk.store.issues(desk.series.id)
    found = next((issue for issue in issues if issue.number == number), None)
    if found is not None:
        return found
    is_open = any(issue.status is IssueStatus.DRAFT for issue in issues)
    if is_open and number == next_number(desk.series, issues):
        raise IllegalTransition(
            f"No. {number} is a draft: edit it (accept, drop, add, translation import); only what is"
            " published is corrected"
        )
    last = max((issue.number for issue in issues if issue.number is not None), default=None)
    told = f"the last one is No. {last}" if last is not None else "none is published yet"
    raise NotFound(f"there is no published No. {number} ({told})")


def _by_issue(desk: Desk) -> defaultdict[int, list[Correction]]:
    found: defaultdict[int, list[Correction]] = defaultdict(list)
    for correction in desk.store.corrections(desk.series.id):
        found[correction.issue_id].append(correction)
    return found
