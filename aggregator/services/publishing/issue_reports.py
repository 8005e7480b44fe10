"""The issues of a series as their archive tells of them: where each stands, and what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.domain.corrections import Correction
from aggregator.domain.editing import Action, ActionKind, LogFilter, Stage, Standing
from aggregator.domain.issues import Edit, Issue, IssueStatus
from aggregator.domain.mailing import Delivery, DeliveryState
from aggregator.issue.snapshot import thaw
from aggregator.issue.windows import next_number
from aggregator.services.desk import Desk
from aggregator.services.editing.standings import STAGE, standings_of
from aggregator.services.publishing.publish import Published

COMBINED = "feed.atom"
PAGE = 24
"""Issues of a page: two years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    """An issue in the archive. ``number`` is None for one that was skipped; ``approved_by`` is the last
    who did, ``published_by`` "" where it is not out; ``languages`` are those of its editions."""

    issue: Issue
    number: int | None
    standing: Standing
    items: int
    languages: tuple[str, ...]
    approved_by: str = ""
    published_by: str = ""
    corrections: int = 0
    mails: Mapping[DeliveryState, int] = field(default_factory=dict)

    @property
    def mailed(self) -> int:
        """Mails that were sent."""
        return self.mails.get(DeliveryState.SENT, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A part of the archive, the newest issue first; ``next`` is the id behind which it goes on, 0 at
    the end."""

    lines: tuple[IssueLine, ...]
    next: int


def archive_of(desk: Desk, *, after: int = 0, size: int = PAGE) -> Archive:
    """The issues behind the one with the id ``after``, newest first. No more prints are read than are
    shown."""
    heads = desk.store.issue_heads(desk.series.id)
    order = [*reversed(heads)]
    start = next((n + 1 for n, one in enumerate(order) if one.id == after), 0)
    shown = order[start : start + size]
    more = len(order) > start + size
    corrections = corrections_by_issue(desk)
    mails = _mails(desk)
    prints = {
        one.id: one
        for one in desk.store.issues(desk.series.id, ids=[one.id for one in shown])
        if one.status is IssueStatus.PUBLISHED
    }
    standings = standings_of(desk, shown)
    lines = [
        _line(
            desk,
            prints.get(one.id, one),
            number=one.number or _number(desk, heads, one),
            standing=standings[one.id],
            corrections=len(corrections[one.id]),
            mails=Counter(mail.state for mail in mails[one.id]),
        )
        for one in shown
    ]
    return Archive(lines=tuple(lines), next=shown[-1].id if more else 0)


def _number(desk: Desk, heads: Sequence[Issue], issue: Issue) -> int | None:
    """The number that a draft would take; only the newest is worked on."""
    is_newest = heads[-1].id == issue.id
    is_draft = issue.status is IssueStatus.DRAFT
    return next_number(desk.series, heads) if is_draft and is_newest else None


def _line(
    desk: Desk,
    issue: Issue,
    *,
    number: int | None,
    standing: Standing,
    corrections: int,
    mails: Mapping[DeliveryState, int],
) -> IssueLine:
    history = history_of(desk, issue)
    printed = thaw(issue)
    if printed is not None:
        first = printed.editions[0] if printed.editions else None
        items = sum(len(part.items) for part in first.sections) if first else 0
        languages = tuple(edition.language for edition in printed.editions)
    else:
        items = sum(one.state.is_in for one in desk.store.picks(issue.id))
        languages = ()
    return IssueLine(
        issue=issue,
        number=number,
        standing=standing,
        items=items,
        languages=languages,
        approved_by=approver_in(history),
        published_by=_publisher_in(history),
        corrections=corrections,
        mails=mails,
    )


def history_of(desk: Desk, issue: Issue) -> list[Edit]:
    """What became of the issue as a whole, oldest first: its stages, who took on what the lint found."""
    if not issue.id:
        return []
    return sorted(desk.store.edits(f"issue:{issue.id}"), key=lambda one: one.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOut:
    """What a publication made: how many files were written, which feeds changed, and sentences about
    pictures that could not be had."""

    files: int
    feeds: tuple[str, ...]
    warnings: tuple[str, ...]


def keep_what_went_out(desk: Desk, issue_id: int, made: Published) -> None:
    """Keep it with the publication, for the page of the issue."""
    action = _publication(desk, issue_id)
    if action is not None:
        note = {
            "files": len(made.files),
            # Those of the site before those of a section or a body, the combined one first.
            "feeds": sorted(made.feeds, key=lambda path: (path.count("/"), path != COMBINED)),
            "warnings": list(made.warnings),
        }
        desk.store.note_action(action.id, note)


def what_went_out(desk: Desk, issue_id: int) -> WentOut | None:
    """What was kept of the publication; None for one that was not asked for at the desk."""
    action = _publication(desk, issue_id)
    note = action.note if action is not None else None
    if not note:
        return None
    return WentOut(
        files=_count(note.get("files")),
        feeds=_texts(note.get("feeds")),
        warnings=_texts(note.get("warnings")),
    )


def _count(kept: object) -> int:
    return kept if isinstance(kept, int) else 0


def _texts(kept: object) -> tuple[str, ...]:
    return tuple(map(str, kept)) if isinstance(kept, list | tuple) else ()


def _publication(desk: Desk, issue_id: int) -> Action | None:
    asked = LogFilter(issue_id=issue_id, kind=ActionKind.PUBLISH)
    lines = desk.store.log_lines(asked, before=0, size=1)
    return desk.store.action(lines[0].action) if lines else None


def approver_in(history: Sequence[Edit]) -> str:
    """Who approved an issue last, "" for nobody, and where it was sent back since."""
    stages = [one for one in history if one.field == STAGE]
    for one in reversed(stages):
        # From scheduled back to approved somebody took the hour back alone.
        if one.new == Stage.APPROVED.value and one.old.partition(" ")[0] != Stage.SCHEDULED.value:
            return one.actor
        if one.new in {Stage.DRAFT.value, Stage.IN_REVIEW.value}:
            return ""
    return ""


def _publisher_in(history: Sequence[Edit]) -> str:
    published = IssueStatus.PUBLISHED.value
    found = (one.actor for one in history if one.field == "status" and one.new == published)
    return next(found, "")


def corrections_by_issue(desk: Desk) -> defaultdict[int, list[Correction]]:
    """The corrections of all issues, oldest first, by the id of the issue."""
    found: defaultdict[int, list[Correction]] = defaultdict(list)
    for one in desk.store.corrections(desk.series.id):
        found[one.issue_id].append(one)
    return found


def _mails(desk: Desk) -> defaultdict[int, list[Delivery]]:
    found: defaultdict[int, list[Delivery]] = defaultdict(list)
    for one in desk.store.deliveries(desk.series.id):
        found[one.issue_id].append(one)
    return found
