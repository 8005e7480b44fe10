"""Published issues as they are read now: what was frozen, with the corrections made since."""

from __future__ import annotations

from collections import defaultdict

from aggregator.domain.corrections import Correction
from aggregator.domain.issues import Issue
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import correct
from aggregator.issue.snapshot import thaw
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


def _by_issue(desk: Desk) -> defaultdict[int, list[Correction]]:
    found: defaultdict[int, list[Correction]] = defaultdict(list)
    for correction in desk.store.corrections(desk.series.id):
        found[correction.issue_id].append(correction)
    return found
