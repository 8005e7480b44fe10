"""Whether an issue could be published as it stands: what the lint says of it, without its mails and
links, which take longer than a page may."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.domain.findings import Finding
from aggregator.domain.issues import Issue
from aggregator.issue.edition import Picked
from aggregator.issue.lint.publishing import lint_issue
from aggregator.issue.translation import outstanding
from aggregator.issue.windows import draft_at
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.linting import facts_of


def findings_of(
    desk: Desk, issue: Issue, picked: Sequence[Picked], *, number: int
) -> tuple[Finding, ...]:
    """The findings, the red first. ``picked`` are the issue's items in printed order; trays are not
    looked at, so that no candidate is read."""
    inside = tuple(one for one in picked if one.pick.state.is_in)
    draft = Draft(
        issue=issue,
        number=number,
        due_at=draft_at(desk.series, issue.window),
        picked=inside,
        dropped=(),
        late=(),
        waiting=(),
        translations=outstanding(inside, desk.series),
    )
    return lint_issue(facts_of(desk, draft))
