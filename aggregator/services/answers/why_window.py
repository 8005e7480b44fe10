"""Which issue a story is of, where it is not of the one in the making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregator.domain.issues import Issue, IssueStatus, Section, Shape, Window
from aggregator.domain.items import SEOUL
from aggregator.domain.stories import Story
from aggregator.issue.edition import day_of
from aggregator.services.answers.why_reply import Answer, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The issue in the making: the number it will take, its days, and when its places are filled.
    ``issue_id`` is None where it was not opened yet."""

    number: int
    window: Window
    issue_on: date
    due_at: datetime
    issue_id: int | None = None


def outside(
    story: Story,
    section: Section,
    working: Working,
    before: Issue | None,
    issues: Sequence[Issue],
) -> Reply | None:
    """Why a story of a section is not of the working issue; None where its day is one of it.

    ``before`` is the last published issue before it, ``issues`` all of them.
    """
    event = story.primary.item.event
    day = day_of(story)
    if section.shape is Shape.EVENT and event is not None:
        return _ended(event.ends_on, working)
    if section.shape is Shape.PAPER or day is None:
        return _seen_before(story, before, working, is_undated=day is None)
    if day in working.window or _was_late(story, day, before, working):
        return None
    return _other_days(day, section, working, before, issues)


def _was_late(story: Story, day: date, before: Issue | None, working: Working) -> bool:
    """Whether it came too late for the issue before, and so is of this one."""
    filled = (before.proposed_at or before.published_at) if before else None
    if before is None or filled is None or story.first_seen_at <= filled:
        return False
    window = working.window
    length = window.end - window.start + timedelta(days=1)
    return window.start - length <= day <= before.window.end


def _ended(ends_on: date, working: Working) -> Reply | None:
    if ends_on >= working.issue_on:
        return None
    return Reply(
        answer=Answer.OUTSIDE_WINDOW,
        says=f"the event ended on {ends_on}, before the day of No. {working.number},"
        f" {working.issue_on}",
        figures=_figures(ends_on, working),
    )


def _seen_before(
    story: Story, before: Issue | None, working: Working, *, is_undated: bool
) -> Reply | None:
    filled = (before.proposed_at or before.published_at) if before else None
    if before is None or filled is None or story.first_seen_at > filled:
        return None
    seen = story.first_seen_at.astimezone(SEOUL)
    reason = "it has no date of its own" if is_undated else "papers go by first sight"
    return Reply(
        answer=Answer.UNDATED if is_undated else Answer.OUTSIDE_WINDOW,
        says=f"{reason}, and it was first seen on {seen:%Y-%m-%d %H:%M} KST, when the places of"
        f" No. {before.number} were not filled yet: it was one of that issue's, not of"
        f" No. {working.number}'s",
        figures={**_figures(None, working), "belongs_to": before.number},
    )


def _other_days(
    day: date,
    section: Section,
    working: Working,
    before: Issue | None,
    issues: Sequence[Issue],
) -> Reply:
    window = working.window
    lies = f"its day, {day}, lies outside the window of No. {working.number}, {window.start} to"
    lies += f" {window.end}"
    if day > window.end:
        return Reply(
            answer=Answer.OUTSIDE_WINDOW,
            says=f"{lies}: it is for a later issue",
            figures=_figures(day, working),
        )
    issue = next((one for one in issues if day in one.window), None)
    if issue is not None and issue.status is IssueStatus.PUBLISHED:
        return Reply(
            answer=Answer.OUTSIDE_WINDOW,
            says=f"{lies}: it was one of No. {issue.number} of {issue.issue_on}, which did not print"
            " it",
            figures={**_figures(day, working), "belongs_to": issue.number},
        )
    is_between = before is not None and before.window.end < day
    if is_between or issue is not None:
        fate = "was skipped" if issue and issue.status is IssueStatus.SKIPPED else "never appeared"
        return Reply(
            answer=Answer.GIVEN_UP,
            says=f"{lies}: the issue over {day:%Y-%m} {fate}, and what {section.id} would have had"
            " in it belongs to none",
            figures=_figures(day, working),
        )
    return Reply(
        answer=Answer.OUTSIDE_WINDOW,
        says=f"{lies}: it is older than the first issue",
        figures=_figures(day, working),
    )


def _figures(day: date | None, working: Working) -> dict[str, object]:
    return {
        "day": day.isoformat() if day else None,
        "number": working.number,
        "window": {
            "start": working.window.start.isoformat(),
            "end": working.window.end.isoformat(),
        },
        "belongs_to": None,
    }
