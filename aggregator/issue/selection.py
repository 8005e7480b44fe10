"""Which stories an issue proposes: window, lead, balance, limits, order. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aggregator.domain.issues import Balance, Section, Series, Shape, Window
from aggregator.domain.items import EventFacts

UNDATED = date.min
"""Sorts a story without a day behind all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What selection looks at in a story.

    ``section`` is the one the rules chose, ``title_groups`` the word groups with a hit in the
    title, ``body_order`` the administrative order of its body.
    """

    story_id: int
    public_id: str
    section: str
    score: float
    day: date | None
    body: str
    body_order: int
    first_seen_at: datetime
    title_groups: frozenset[str] = frozenset()
    event: EventFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What an issue covers. ``since`` is when its predecessor's places were filled (None for a
    first issue), ``until`` when its own are. ``before`` is the predecessor's window: what lies
    between the two was given up."""

    window: Window
    issue_on: date
    since: datetime | None
    until: datetime
    before: Window | None = None

    @property
    def earliest(self) -> date:
        """The day from which a release that came too late for the issue before is still of this
        one: as far before the window as the window is long."""
        length = self.window.end - self.window.start + timedelta(days=1)
        return self.window.start - length


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A story with a pick: its section ("" when it is not printed) and its body."""

    section: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A candidate with the section it is printed in and the reason for its place or its waiting."""

    candidate: Candidate
    section: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """``proposed`` in printed order; ``late`` arrived after the places were filled; ``waiting``
    fits the issue but found no place."""

    proposed: tuple[Choice, ...]
    late: tuple[Choice, ...]
    waiting: tuple[Choice, ...]


def printed_order(day: date | None, body_order: int, public_id: str) -> tuple[int, int, str]:
    """The sort key inside a section: newest day first, then administrative order, then id."""
    return (-(day or UNDATED).toordinal(), body_order, public_id)


def belongs(candidate: Candidate, section: Section, period: Period) -> bool:
    """Whether a candidate is of this issue, by the shape of its section.

    Press items and videos go by printed day, or arrived too late for the issue before; papers and
    whatever has no date by first sight; events by days on or after the issue's. What lies in a
    window that was given up belongs to no issue, if it goes by day.
    """
    if _is_given_up(candidate, section, period):
        return False
    if section.shape is Shape.EVENT and candidate.event is not None:
        return candidate.event.ends_on >= period.issue_on
    unseen_before = period.since is None or candidate.first_seen_at > period.since
    if section.shape is Shape.PAPER or candidate.day is None:
        return unseen_before
    if candidate.day in period.window:
        return True
    return (
        period.since is not None
        and unseen_before
        and period.earliest <= candidate.day < period.window.start
    )


def _is_given_up(candidate: Candidate, section: Section, period: Period) -> bool:
    return (
        section.shape in {Shape.ARTICLE, Shape.MEDIA}
        and period.before is not None
        and candidate.day is not None
        and period.before.end < candidate.day < period.window.start
    )


def select(
    series: Series,
    candidates: Iterable[Candidate],
    period: Period,
    *,
    taken: Mapping[int, Taken],
) -> Selection:
    """Fill the free places of an issue.

    ``taken`` are the stories that have a pick already, by an editor or by the rules; they keep
    their places and are not proposed again. No story is proposed twice, and the result does not depend on the
    order of ``candidates``.
    """
    fitting: list[Choice] = []
    for candidate in candidates:
        section = series.section(candidate.section)
        if (
            section is None
            or candidate.story_id in taken
            or not belongs(candidate, section, period)
        ):
            continue
        fitting.append(Choice(candidate=candidate, section=section.id, why=""))
    on_time = [c for c in fitting if c.candidate.first_seen_at <= period.until]
    late = [c for c in fitting if c.candidate.first_seen_at > period.until]
    chosen, waiting = _fill(series, on_time, list(taken.values()))
    return Selection(
        proposed=_in_order(series, chosen),
        late=_in_order(series, [replace(c, why="arrived after the draft was made") for c in late]),
        waiting=_in_order(series, waiting),
    )


def _fill(
    series: Series, choices: Sequence[Choice], taken: Sequence[Taken]
) -> tuple[list[Choice], list[Choice]]:
    """Sections in file order; what overflows from one is a candidate of the section it names."""
    pending: dict[str, list[Choice]] = {s.id: [] for s in series.sections}
    for choice in choices:
        pending[choice.section].append(choice)
    chosen: list[Choice] = []
    waiting: list[Choice] = []
    for section in series.sections:
        ranked = sorted(pending[section.id], key=lambda c: _rank(section, c.candidate))
        here = [t.body for t in taken if t.section == section.id]
        placed, left = _fill_section(section, ranked, here)
        chosen += placed
        for choice in left:
            if section.overflow:
                moved = replace(choice, section=section.overflow)
                pending[section.overflow].append(moved)
            else:
                waiting.append(choice)
    return chosen, waiting


def _fill_section(
    section: Section, ranked: Sequence[Choice], used: Sequence[str]
) -> tuple[list[Choice], list[Choice]]:
    placed: list[Choice] = []
    left: list[Choice] = []
    bodies = set(used)
    for choice in ranked:
        candidate = choice.candidate
        place = len(used) + len(placed)
        if section.shape is Shape.EVENT and candidate.event is None:
            left.append(replace(choice, why="its feed does not say the event's days"))
        elif section.balance is Balance.ONE_PER_BODY and candidate.body in bodies:
            left.append(
                replace(choice, why=f"{candidate.body} has a place in {section.id} already")
            )
        elif section.limit and place >= section.limit:
            left.append(replace(choice, why=f"{section.id} is full ({section.limit} places)"))
        elif place and has_lead(section) and not may_lead(section, candidate):
            left.append(replace(choice, why=f"does not lead {section.id}"))
        else:
            bodies.add(candidate.body)
            placed.append(replace(choice, why=_reason(section, choice)))
    return placed, left


def _reason(section: Section, choice: Choice) -> str:
    if section.id != choice.candidate.section:
        return f"{choice.why}; {choice.candidate.score:g} points"
    if has_lead(section) and may_lead(section, choice.candidate):
        return f"leads: {choice.candidate.body} with the topic in the title; {choice.candidate.score:g} points"
    return f"{choice.candidate.score:g} points"


def has_lead(section: Section) -> bool:
    """Whether the section is kept for leading stories."""
    return bool(section.lead_bodies or section.lead_groups)


def may_lead(section: Section, candidate: Candidate) -> bool:
    """Whether a story leads: from one of the section's bodies, with its topic in the title."""
    return (not section.lead_bodies or candidate.body in section.lead_bodies) and (
        not section.lead_groups or bool(candidate.title_groups & set(section.lead_groups))
    )


def _rank(section: Section, candidate: Candidate) -> tuple[bool, float, tuple[int, int, str]]:
    """Best first: leads, then points, then the printed order."""
    leads = has_lead(section) and may_lead(section, candidate)
    order = printed_order(candidate.day, candidate.body_order, candidate.public_id)
    return (not leads, -candidate.score, order)


def _in_order(series: Series, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    place = {s.id: n for n, s in enumerate(series.sections)}
    return tuple(
        sorted(
            choices,
            key=lambda c: (
                place[c.section],
                printed_order(c.candidate.day, c.candidate.body_order, c.candidate.public_id),
            ),
        )
    )
