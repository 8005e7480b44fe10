"""The draft of an issue: opened with its window, filled once, and changed by editors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from aggregator.domain.errors import Ambiguous, IllegalTransition, NotFound, UsageError
from aggregator.domain.issues import (
    Edit,
    Issue,
    IssueStatus,
    Origin,
    Pick,
    PickState,
    Series,
    Shape,
)
from aggregator.domain.stories import Story
from aggregator.issue.edition import LAST, Picked, day_of, in_printed_order
from aggregator.issue.selection import Candidate, Choice, Period, Selection, Taken, select
from aggregator.issue.windows import draft_at, issue_day, next_number, predecessor, working_window
from aggregator.observe import get_logger
from aggregator.read.links import canonical_url, is_web
from aggregator.services.desk import Desk

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """A story that is not in the draft, with the reason."""

    story: Story
    section: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue in the making. ``number`` is the one it would take; ``picked`` are its items in
    printed order; ``late`` arrived after it was made, ``waiting`` found no place."""

    issue: Issue
    number: int
    due_at: datetime
    picked: tuple[Picked, ...]
    dropped: tuple[Picked, ...]
    late: tuple[Tray, ...]
    waiting: tuple[Tray, ...]


def open_draft(desk: Desk, *, propose: bool = False) -> Draft:
    """The issue that is being worked on, its free places filled if their day has come.

    ``propose`` fills them now. They are filled once; what arrives later waits in the tray.
    """
    now = desk.clock.now()
    issues = desk.store.issues(desk.series.id)
    window = working_window(desk.series, issues, now)
    issue = desk.store.open_issue(desk.series.id, window, issue_day(window), now)
    due = draft_at(desk.series, window)
    candidates = list(_candidates(desk, issues))
    if issue.proposed_at is None and (propose or now >= due):
        issue = _propose(desk, issue, issues, candidates, now)
    return _draft(desk, issue, issues, candidates)


def draft_of(desk: Desk, number: int | None) -> Draft:
    """The working draft, or the published issue of that number as a draft.

    Raises NotFound for a number that is neither.
    """
    issues = desk.store.issues(desk.series.id)
    for issue in issues:
        if number is not None and issue.number == number:
            return _draft(desk, issue, issues, ())
    draft = open_draft(desk)
    if number not in {None, draft.number}:
        raise NotFound(
            f"there is no issue No. {number}: the draft is No. {draft.number}"
            f" ({_published(issues)})"
        )
    return draft


def _published(issues: Iterable[Issue]) -> str:
    numbers = [str(issue.number) for issue in issues if issue.number is not None]
    return f"published: {', '.join(numbers)}" if numbers else "none is published yet"


def _propose(
    desk: Desk,
    issue: Issue,
    issues: Sequence[Issue],
    candidates: Sequence[tuple[Candidate, Story]],
    now: datetime,
) -> Issue:
    picks = desk.store.picks(issue.id)
    chosen = _select(desk, issue, issues, candidates, picks, until=now).proposed
    new = [
        Pick(
            issue_id=issue.id,
            story_id=choice.candidate.story_id,
            section=choice.section,
            state=PickState.PROPOSED,
            origin=Origin.RULES,
            why=choice.why,
            version=0,
        )
        for choice in chosen
    ]
    desk.store.save_proposal(issue.id, new, now)
    log.info("issue_proposed", window=str(issue.window.start), picks=len(new))
    return replace(issue, proposed_at=now)


def _select(
    desk: Desk,
    issue: Issue,
    issues: Sequence[Issue],
    candidates: Sequence[tuple[Candidate, Story]],
    picks: Sequence[Pick],
    *,
    until: datetime,
) -> Selection:
    before = predecessor(issues, issue.window)
    stories = {story.id: story for _, story in candidates}
    taken = {
        pick.story_id: Taken(
            section=pick.section if pick.state.is_in else "",
            body=stories[pick.story_id].primary.item.body if pick.story_id in stories else "",
        )
        for pick in picks
    }
    period = Period(
        window=issue.window,
        issue_on=issue.issue_on,
        since=(before.proposed_at or before.published_at) if before else None,
        until=until,
    )
    fresh = (c for c, _ in candidates if not _is_given_up(desk.series, c, issue, before))
    return select(desk.series, fresh, period, taken=taken)


def _is_given_up(series: Series, candidate: Candidate, issue: Issue, before: Issue | None) -> bool:
    """Whether a candidate's day lies in a window that was skipped: between the last published
    issue's and this one. Papers and events do not go by day."""
    section = series.section(candidate.section)
    goes_by_day = section is not None and section.shape in {Shape.ARTICLE, Shape.MEDIA}
    return (
        goes_by_day
        and before is not None
        and candidate.day is not None
        and before.window.end < candidate.day < issue.window.start
    )


def _candidates(desk: Desk, issues: Sequence[Issue]) -> Iterable[tuple[Candidate, Story]]:
    """Every placed story that no published issue has printed."""
    printed = desk.store.picked_stories(desk.series.id) if issues else {}
    sections = [section.id for section in desk.series.sections]
    for story in desk.store.stories(sections=sections):
        placement = story.placement
        if story.id in printed or placement is None or placement.section is None:
            continue
        item = story.primary.item
        body = desk.bodies.get(item.body)
        hits = placement.trace.get("hits", ())
        candidate = Candidate(
            story_id=story.id,
            public_id=story.public_id,
            section=placement.section,
            score=placement.score,
            day=day_of(story),
            body=item.body,
            body_order=body.order if body else LAST,
            first_seen_at=story.first_seen_at,
            title_groups=frozenset(h["group"] for h in hits if h["field"] == "title"),
            event=item.event,
        )
        yield candidate, story


def _draft(
    desk: Desk,
    issue: Issue,
    issues: Sequence[Issue],
    candidates: Sequence[tuple[Candidate, Story]],
) -> Draft:
    picks = desk.store.picks(issue.id)
    stories = {s.id: s for s in desk.store.stories(ids=[p.story_id for p in picks])}
    picked = [Picked(pick=p, story=stories[p.story_id]) for p in picks if p.story_id in stories]
    inside = [p for p in picked if p.pick.state.is_in]
    rest = _select(
        desk, issue, issues, candidates, picks, until=issue.proposed_at or desk.clock.now()
    )
    by_id = {story.id: story for _, story in candidates}
    return Draft(
        issue=issue,
        number=issue.number or next_number(desk.series, issues),
        due_at=draft_at(desk.series, issue.window),
        picked=tuple(in_printed_order(inside, desk.series, desk.bodies)),
        dropped=tuple(p for p in picked if not p.pick.state.is_in),
        late=_tray(rest.late, by_id),
        waiting=_tray((*rest.proposed, *rest.waiting), by_id),
    )


def _tray(choices: Iterable[Choice], stories: Mapping[int, Story]) -> tuple[Tray, ...]:
    return tuple(
        Tray(story=stories[c.candidate.story_id], section=c.section, why=c.why) for c in choices
    )


def find_one(desk: Desk, words: str) -> Story:
    """The one story that a link, a title, a part of a title or an id names.

    Raises NotFound, or Ambiguous with the titles that answer to the words.
    """
    found = desk.store.find_stories(words)
    if not found and is_web(words):
        found = desk.store.find_stories(canonical_url(words))
    if not found:
        raise NotFound(
            f"no stored story answers to {words!r} (a link, a title or part of it, an id)"
        )
    if len(found) > 1:
        titles = tuple(story.primary.item.title for story in found)
        some = "; ".join(titles[:3]) + ("; …" if len(titles) > 3 else "")  # noqa: PLR2004
        raise Ambiguous(
            f"{len(found)} stories answer to {words!r}: {some} (give the whole title, the link or"
            " the id)",
            candidates=titles,
        )
    return found[0]


def accept(
    desk: Desk, words: str, *, section: str | None = None, position: int | None = None
) -> Picked:
    """Put a story into the working draft, in ``section`` or where the rules place it.

    Items with a ``position`` (from 1) stand before the others of their section, in its order.

    Raises NotFound, Ambiguous, UsageError for a section that the series lacks or that cannot be
    known, IllegalTransition when the issue is no draft.
    """
    draft = _open_for_edits(desk)
    story = find_one(desk, words)
    before = _pick_of(draft, story)
    target = section or (before.section if before else _rules_section(story))
    _check_section(desk.series, target, story)
    pick = before or _new_pick(draft, story, target)
    changed = replace(
        pick,
        section=target,
        state=PickState.ACCEPTED,
        origin=Origin.EDITOR,
        why="accepted",
        position=pick.position if position is None else position,
    )
    return _save(desk, story, before, changed)


def drop(desk: Desk, words: str, *, why: str = "") -> Picked:
    """Reject a story: it leaves the working draft and the combined feed, and is not proposed
    again. Raises as ``accept``."""
    draft = _open_for_edits(desk)
    story = find_one(desk, words)
    before = _pick_of(draft, story)
    pick = before or _new_pick(draft, story, _rules_section(story))
    changed = replace(pick, state=PickState.DROPPED, origin=Origin.EDITOR, why=why or "dropped")
    return _save(desk, story, before, changed)


def leave_out_rest(desk: Desk, *, why: str = "") -> list[Picked]:
    """Leave out every proposal that the editor has not accepted; the combined feed keeps them."""
    draft = _open_for_edits(desk)
    undecided = [p for p in draft.picked if p.pick.state is PickState.PROPOSED]
    return [
        _save(
            desk,
            one.story,
            one.pick,
            replace(one.pick, state=PickState.LEFT_OUT, origin=Origin.EDITOR, why=why or "no room"),
        )
        for one in undecided
    ]


def skip_draft(desk: Desk) -> Issue:
    """Give the working draft's window up; no number is taken."""
    draft = _open_for_edits(desk)
    return desk.store.skip_issue(draft.issue.id, desk.clock.now())


def _open_for_edits(desk: Desk) -> Draft:
    draft = open_draft(desk)
    if draft.issue.status is not IssueStatus.DRAFT:
        raise IllegalTransition(f"No. {draft.number} is {draft.issue.status}, not a draft")
    return draft


def _pick_of(draft: Draft, story: Story) -> Pick | None:
    everything = (*draft.picked, *draft.dropped)
    return next((p.pick for p in everything if p.pick.story_id == story.id), None)


def _new_pick(draft: Draft, story: Story, section: str) -> Pick:
    return Pick(
        issue_id=draft.issue.id,
        story_id=story.id,
        section=section,
        state=PickState.PROPOSED,
        origin=Origin.EDITOR,
        version=0,
    )


def _rules_section(story: Story) -> str:
    return (story.placement.section if story.placement else None) or ""


def _check_section(series: Series, section: str, story: Story) -> None:
    known = ", ".join(s.id for s in series.sections)
    if not section:
        raise UsageError(
            f"the rules place {story.primary.item.title!r} in no section: name one (--section, one"
            f" of {known})"
        )
    if series.section(section) is None:
        raise UsageError(f"there is no section {section!r} (one of {known})")


def _save(desk: Desk, story: Story, before: Pick | None, pick: Pick) -> Picked:
    edits = []
    for name in ("state", "section", "position"):
        old = str(getattr(before, name)) if before else ""
        new = str(getattr(pick, name))
        if old != new:
            edits.append(
                Edit(
                    at=desk.clock.now(),
                    actor=desk.actor,
                    target=f"pick:{pick.issue_id}:{story.public_id}",
                    field=name,
                    old=old,
                    new=new,
                    cause=pick.why,
                )
            )
    desk.store.save_pick(pick, edits)
    return Picked(pick=replace(pick, version=pick.version + 1), story=story)


def is_overdue(draft: Draft, today: date) -> bool:
    """Whether the issue's day has passed without publication."""
    return draft.issue.status is IssueStatus.DRAFT and today > draft.issue.issue_on
