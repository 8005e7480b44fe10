"""An issue as its pages at the desk look at it: light, and without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aggregator.domain.errors import NotFound
from aggregator.domain.issues import Issue, IssueStatus
from aggregator.issue.edition import Picked
from aggregator.issue.translation import outstanding
from aggregator.issue.windows import draft_at, foreseen_issue, next_number
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft
from aggregator.services.editing.issue_at_hand import picked_of


def draft_at_hand(desk: Desk, number: int | None = None) -> Draft:
    """The issue of that number, or the working one, with what is in it and its print; the trays are
    left empty, for they take all candidates. One that was not opened yet has the id 0.

    Raises NotFound for a number that is neither a published issue's nor the draft's.
    """
    heads = desk.store.issue_heads(desk.series.id)
    issue = _asked_for(desk, heads, number)
    if issue.status is not IssueStatus.DRAFT:
        issue = desk.store.issues(desk.series.id, ids=[issue.id])[0]
    picked = picked_of(desk, issue) if issue.id else []
    return light_draft(desk, issue, picked, number=issue.number or next_number(desk.series, heads))


def light_draft(desk: Desk, issue: Issue, picked: Sequence[Picked], *, number: int) -> Draft:
    """An issue with its items, ``picked`` in printed order, as a draft with empty trays: no candidate
    is read."""
    inside = tuple(one for one in picked if one.pick.state.is_in)
    return Draft(
        issue=issue,
        number=number,
        due_at=draft_at(desk.series, issue.window),
        picked=inside,
        dropped=tuple(one for one in picked if not one.pick.state.is_in),
        late=(),
        waiting=(),
        translations=outstanding(inside, desk.series),
    )


def _asked_for(desk: Desk, heads: Sequence[Issue], number: int | None) -> Issue:
    found = next((one for one in heads if number is not None and one.number == number), None)
    if found is not None:
        return found
    working = foreseen_issue(desk.series, heads, desk.clock.now())
    if number in {None, next_number(desk.series, heads)}:
        return working
    raise NotFound(f"there is no issue No. {number}")


def numbered(draft: Draft) -> Issue:
    """The issue with the number that it has, or would take."""
    return replace(draft.issue, number=draft.number)
