"""Silent edits as editors and the operator look at them: with the issues that have the release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.changes import SourceChange
from aggregator.domain.issues import Issue, IssueStatus, Pick
from aggregator.domain.items import StoredItem
from aggregator.issue.windows import next_number
from aggregator.services.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """One change. ``printed`` are the numbers of the published issues that have its story,
    ``draft`` the number that the draft with it would take, None where none has it."""

    change: SourceChange
    stored: StoredItem
    printed: tuple[int, ...] = ()
    draft: int | None = None


def change_reports(desk: Desk, since: datetime | None = None) -> list[ChangeReport]:
    """Every change seen since an instant, the newest first."""
    changes = desk.store.changes(since=since)
    stored = desk.store.items_by_id({change.item_id for change in changes})
    stories = {item.story_id for item in stored.values()} - {None}
    picks = {
        story_id: desk.store.picks_of_story(desk.series.id, story_id)
        for story_id in stories
        if story_id is not None
    }
    number = next_number(desk.series, desk.store.issues(desk.series.id))
    return [_report(change, stored[change.item_id], picks, number) for change in reversed(changes)]


def _report(
    change: SourceChange,
    stored: StoredItem,
    picks: dict[int, list[tuple[Issue, Pick]]],
    number: int,
) -> ChangeReport:
    places = [
        issue
        for issue, pick in (picks[stored.story_id] if stored.story_id is not None else ())
        if pick.state.is_in
    ]
    return ChangeReport(
        change=change,
        stored=stored,
        printed=tuple(issue.number for issue in places if issue.number is not None),
        draft=number if any(one.status is IssueStatus.DRAFT for one in places) else None,
    )
