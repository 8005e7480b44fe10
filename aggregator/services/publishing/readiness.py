"""Whether an issue could be published as it stands: what the lint says of it, without its mails and
links, which take longer than a page may."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.domain.findings import Finding
from aggregator.domain.issues import Issue
from aggregator.issue.edition import Picked
from aggregator.issue.lint.publishing import lint_issue
from aggregator.services.desk import Desk
from aggregator.services.publishing.at_hand import light_draft
from aggregator.services.publishing.linting import facts_of


def findings_of(
    desk: Desk, issue: Issue, picked: Sequence[Picked], *, number: int
) -> tuple[Finding, ...]:
    """The findings, the red first. ``picked`` are the issue's items in printed order; trays are not
    looked at, so that no candidate is read."""
    return lint_issue(facts_of(desk, light_draft(desk, issue, picked, number=number)))
