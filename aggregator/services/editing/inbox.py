"""The inbox: what the working issue may print and nobody has decided on, a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.domain.editing import Undecided, Wanted
from aggregator.domain.errors import UsageError
from aggregator.domain.issues import Issue, Pick, Shape
from aggregator.domain.stories import Story
from aggregator.issue.period import period_of
from aggregator.issue.regions import region_on
from aggregator.services.desk import Desk
from aggregator.text.fold import squash

PAGE = 100
"""Rows of a page where nobody asks for another number."""

MOST = 500
"""Rows of a page at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """Which rows: "" and None for all. ``region`` is a first-level government's id, ``text`` a part
    of the headline; ``state`` "proposed" keeps what the rules put in, "waiting" what they did not,
    "late" of that what arrived after the places were filled: all of it as long as they are not;
    "aside" what somebody set aside for later, "open" what nobody did."""

    section: str = ""
    body: str = ""
    region: str = ""
    day: date | None = None
    text: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An undecided story; ``section`` is the one that it is proposed for. ``key`` is where the page
    behind it begins."""

    story: Story
    section: str
    score: float
    day: date
    pick: Pick | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """Rows, and of everything that the filters keep but for the section, how many each section has.
    ``next`` is where the next page begins, "" at the end. Where they are asked for, ``starts`` is where
    each page begins, the first one with "", and ``number`` which of them this is, from 1."""

    rows: tuple[InboxRow, ...]
    counts: Mapping[str, int]
    total: int
    next: str
    starts: tuple[str, ...] = ("",)
    number: int = 1


def inbox(
    desk: Desk,
    issue: Issue,
    wanted: InboxFilter | None = None,
    *,
    after: str = "",
    size: int = PAGE,
    pages: bool = False,
) -> InboxPage:
    """The rows behind ``after``, a key of a row: by section in the order of the series, the highest
    score first, then the newest day, then by id; with the beginnings of all ``pages``. Raises UsageError
    for a key that is none."""
    asked = wanted or InboxFilter()
    query = _query(desk, issue, asked)
    size = max(1, min(size, MOST))
    behind = _read_key(after)
    found = desk.store.undecided(query, after=behind, size=size + 1)
    here, more = found[:size], len(found) > size
    is_whole = not (more or after or asked.section)
    counts = Counter(row.section for row in here) if is_whole else desk.store.count_undecided(query)
    total = counts.get(asked.section, 0) if asked.section else sum(counts.values())
    lasts = desk.store.last_of_pages(query, size=size) if pages and total > size else []
    # Behind the last row of all nothing begins.
    starts = lasts[: -(-total // size) - 1]
    return InboxPage(
        rows=_with_stories(desk, issue, here),
        counts=counts,
        total=total,
        next=_key(here[-1]) if more else "",
        starts=("", *(_key(one) for one in starts)),
        number=1 + sum(_rank(query, one) <= _rank(query, behind) for one in starts if behind),
    )


def _with_stories(desk: Desk, issue: Issue, here: Sequence[Undecided]) -> tuple[InboxRow, ...]:
    stories = {one.id: one for one in desk.store.shown_stories(ids=[row.story_id for row in here])}
    picks = desk.store.picks_with(issue.id, stories)
    return tuple(
        InboxRow(
            story=stories[row.story_id],
            section=row.section,
            score=row.score,
            day=row.day,
            pick=picks.get(row.story_id),
            key=_key(row),
        )
        for row in here
        if row.story_id in stories
    )


def _rank(wanted: Wanted, row: Undecided) -> tuple[int, float, int, int]:
    """Where a row stands in the order of the inbox."""
    places = {name: number for number, name in enumerate(wanted.sections)}
    return places.get(row.section, len(places)), -row.score, -row.day.toordinal(), row.story_id


def count_undecided(
    desk: Desk, issue: Issue, wanted: InboxFilter | None = None
) -> Mapping[str, int]:
    """How many rows each section has, whichever section is asked for."""
    return desk.store.count_undecided(_query(desk, issue, wanted or InboxFilter()))


def count_aside(desk: Desk, issue: Issue) -> int:
    """How many undecided stories were set aside for later."""
    if not desk.store.aside(issue.id):
        return 0
    return sum(count_undecided(desk, issue, InboxFilter(state="aside")).values())


def _query(desk: Desk, issue: Issue, asked: InboxFilter) -> Wanted:
    sections = desk.series.sections
    issues = desk.store.issue_heads(desk.series.id)
    period = period_of(issue, issues, desk.clock.now())
    return Wanted(
        issue_id=issue.id,
        series=desk.series.id,
        sections=tuple(one.id for one in sections),
        papers=tuple(one.id for one in sections if one.shape is Shape.PAPER),
        events=tuple(one.id for one in sections if one.shape is Shape.EVENT),
        window=issue.window,
        issue_on=issue.issue_on,
        earliest=period.earliest,
        since=period.since,
        given_up=period.before.window.end if period.before is not None else None,
        review=issue.review,
        section=asked.section,
        bodies=_bodies(desk, asked, issue),
        day=asked.day,
        letters=squash(asked.text),
        proposed={"proposed": True, "waiting": False, "late": False}.get(asked.state),
        aside={"aside": True, "late": None, "": None}.get(asked.state, False),
        arrived_after=issue.proposed_at if asked.state == "late" else None,
    )


def _bodies(desk: Desk, asked: InboxFilter, issue: Issue) -> frozenset[str] | None:
    """The bodies that the filters leave, None for all of them."""
    if not asked.body and not asked.region:
        return None
    found = {asked.body} if asked.body else {*desk.bodies}
    if asked.region:
        found = {
            one
            for one in found
            if region_on(desk.bodies.get(one), issue.window.end, desk.bodies, "ko").id
            == asked.region
        }
    return frozenset(found)


def _key(row: Undecided) -> str:
    return f"{row.section}~{row.score!r}~{row.day.isoformat()}~{row.story_id}"


def _read_key(key: str) -> Undecided | None:
    if not key:
        return None
    try:
        section, score, day, story_id = key.rsplit("~", 3)
        return Undecided(
            story_id=int(story_id),
            section=section,
            score=float(score),
            day=date.fromisoformat(day),
        )
    except ValueError:
        raise UsageError(f"{key[:80]!r} is no key of the inbox: begin at its first page") from None
