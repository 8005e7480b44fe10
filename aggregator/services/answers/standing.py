"""Where stories are by now, in few words: in the draft, printed, rejected by whom, undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.domain.issues import IssueStatus, PickState
from aggregator.domain.stories import Story
from aggregator.ports.looking import InIssue
from aggregator.services.desk import Desk
from aggregator.services.reports.today import Working, working_issue


class Place(StrEnum):
    """Where a story is, as editors speak of it."""

    DRAFT = "draft"
    """An editor accepted it for the issue in the making."""
    PROPOSED = "proposed"
    """The rules put it there."""
    PRINTED = "printed"
    """A published issue prints it."""
    REJECTED = "rejected"
    """An editor dropped it as unfit."""
    LEFT_OUT = "left_out"
    """An editor left it out of the issue in the making."""
    UNDECIDED = "undecided"
    """It has a section, and nobody said anything."""
    NO_SECTION = "no_section"
    """It has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a story is. ``number`` and ``section`` are those of the issue that says so; ``by`` and ``at``
    who put it there, where an editor did, with his reason ``why``. ``version`` is that of its pick in
    the issue in the making, 0 where it has none."""

    place: Place
    number: int | None = None
    section: str = ""
    by: str = ""
    at: datetime | None = None
    why: str = ""
    version: int = 0

    @property
    def may_be_put_in(self) -> bool:
        """Whether it is still to be put into an issue."""
        return self.place not in {Place.DRAFT, Place.PRINTED}


def stands_of(desk: Desk, stories: Sequence[Story]) -> dict[int, Stand]:
    """Where each of these stories is, by its id."""
    working = working_issue(desk)
    rows: dict[int, list[InIssue]] = {story.id: [] for story in stories}
    for row in desk.store.in_issues(desk.series.id, [*rows]):
        rows[row.story_id].append(row)
    chosen = {story.id: _telling(rows[story.id], working.issue.id) for story in stories}
    targets = {
        story.id: f"pick:{pick.issue_id}:{story.public_id}"
        for story in stories
        if (pick := chosen[story.id]) is not None
    }
    changes = desk.store.last_changes([*targets.values()], "state")
    found = {}
    for story in stories:
        stand = _stand(story, chosen[story.id], working)
        mine = next((r for r in rows[story.id] if r.issue_id == working.issue.id), None)
        change = changes.get(targets.get(story.id, ""))
        found[story.id] = Stand(
            place=stand.place,
            number=stand.number,
            section=stand.section,
            by=change.actor if change else "",
            at=change.at if change else None,
            why=stand.why if stand.place in {Place.REJECTED, Place.LEFT_OUT} else "",
            version=mine.version if mine else 0,
        )
    return found


def _telling(rows: Sequence[InIssue], working: int) -> InIssue | None:
    """The pick that says most: of the issue in the making where it is in, of the last print, then what an
    editor said last."""
    ranked = sorted(
        (rank, -place, row)
        for place, row in enumerate(rows)
        if (rank := _rank(row, working)) is not None
    )
    return ranked[0][2] if ranked else None


def _rank(row: InIssue, working: int) -> int | None:
    if row.issue_id == working and row.state.is_in:
        return 0
    if row.status is IssueStatus.PUBLISHED and row.state.is_in:
        return 1
    if row.state is PickState.DROPPED:
        return 2
    if row.issue_id == working and row.state is PickState.LEFT_OUT:
        return 3
    return None


def _stand(story: Story, row: InIssue | None, working: Working) -> Stand:
    section = (story.placement.section if story.placement else None) or ""
    if row is None:
        return Stand(place=Place.UNDECIDED if section else Place.NO_SECTION, section=section)
    number = working.number if row.issue_id == working.issue.id else row.number
    places = {PickState.PROPOSED: Place.PROPOSED, PickState.ACCEPTED: Place.DRAFT}
    if row.status is IssueStatus.PUBLISHED and row.state.is_in:
        place = Place.PRINTED
    else:
        place = places.get(
            row.state, Place.REJECTED if row.state is PickState.DROPPED else Place.LEFT_OUT
        )
    return Stand(place=place, number=number, section=row.section or section, why=row.why)
