"""What editors decided on stories, over all issues."""

from __future__ import annotations

from collections.abc import Collection

from aggregator.domain.issues import Issue, IssueStatus, PickState
from aggregator.services.desk import Desk


def editors_word(
    desk: Desk, *, coming: Issue | None = None, story_ids: Collection[int] | None = None
) -> tuple[set[int], dict[int, str]]:
    """Stories that an editor rejected, and the sections that were chosen: by an editor, or by
    publication; of all stories or of these. What was printed or accepted in any issue is not rejected.
    ``coming`` is a draft that counts as published."""
    coming_id = coming.id if coming is not None else None
    rejected: set[int] = set()
    decided: dict[int, str] = {}
    for pick in desk.store.decided_picks(desk.series.id, story_ids):
        is_printed = pick.status is IssueStatus.PUBLISHED or pick.issue_id == coming_id
        if pick.state is PickState.DROPPED:
            rejected.add(pick.story_id)
        elif pick.state is PickState.ACCEPTED or (is_printed and pick.state.is_in):
            decided[pick.story_id] = pick.section
    return rejected - set(decided), decided
