"""The places of one section: who leads, whose turn it is, where the section is full or short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aggregator.domain.issues import Balance, Section, Shape
from aggregator.issue.choices import Candidate, Choice, Wait, printed_order

_ORDINALS = {1: "second", 2: "third"}

_Rank = tuple[bool, float, tuple[int, int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queued:
    """A choice and its turn: how many of its body stand before it, where bodies take turns."""

    choice: Choice
    turn: int

    @property
    def is_due(self) -> bool:
        """Whether it may have any free place; the others only one in a section that is short."""
        return self.turn == 0 and not self.choice.carried


def fill_section(
    section: Section, choices: Sequence[Choice], taken: Sequence[str]
) -> tuple[list[Choice], list[Choice]]:
    """Who gets a place and who does not, each with the reason. ``taken`` are the bodies of the
    items that stand in the section already.

    First the issue's own stories, the best first and where the section is balanced one of each
    body, up to the limit. As long as the section is short (fewer items than its ``fill``) what was
    carried over follows, then the second story of each body, then the third. One more choice
    takes at most one other's place.
    """
    able, left = _able(section, choices, taken)
    placed: list[Choice] = []
    free = section.limit - len(taken) if section.limit else len(able)
    short = min(free, section.fill - len(taken))
    seated = Counter(taken)
    for one in _queue(section, able, taken):
        # The due ones come first, so that nothing is placed behind one that was not.
        if len(placed) < (free if one.is_due else short):
            placed.append(replace(one.choice, why=_why_in(section, one), wait=None))
            seated[one.choice.candidate.body] += 1
        else:
            left.append(_waiting(section, one, has_body=bool(seated[one.choice.candidate.body])))
    return placed, left


def has_lead(section: Section) -> bool:
    """Whether the section is kept for leading stories."""
    return bool(section.lead_bodies or section.lead_groups)


def size_of(section: Section) -> str:
    """The limit as a reason names it: "12 places"."""
    return "1 place" if section.limit == 1 else f"{section.limit} places"


def may_lead(section: Section, candidate: Candidate) -> bool:
    """Whether a story leads: from one of the section's bodies, with its topic in the title."""
    return (not section.lead_bodies or candidate.body in section.lead_bodies) and (
        not section.lead_groups or bool(candidate.title_groups & set(section.lead_groups))
    )


def _able(
    section: Section, choices: Sequence[Choice], taken: Sequence[str]
) -> tuple[list[Choice], list[Choice]]:
    """Who can be printed here at all, and who cannot. Where nobody leads the best one does, so
    that an issue is not without its first section."""
    able, left = [], []
    for choice in choices:
        if section.shape is Shape.EVENT and choice.candidate.event is None:
            why = "its feed does not say the event's days"
            left.append(replace(choice, why=why, wait=Wait.NO_DAYS))
        else:
            able.append(choice)
    if not has_lead(section):
        return able, left
    leads = [choice for choice in able if may_lead(section, choice.candidate)]
    if not leads and not taken:
        leads = [one.choice for one in _queue(section, able, taken)[:1]]
    leading = {choice.candidate.story_id for choice in leads}
    others = [choice for choice in able if choice.candidate.story_id not in leading]
    why = f"does not lead {section.id}"
    return leads, left + [replace(choice, why=why, wait=Wait.LEAD) for choice in others]


def _queue(section: Section, choices: Sequence[Choice], taken: Sequence[str]) -> list[_Queued]:
    """By turn, then the issue's own before what was carried over, then the best first."""
    turns = Counter(taken)
    queue = []
    for choice in sorted(choices, key=lambda c: (bool(c.carried), _rank(section, c.candidate))):
        body = choice.candidate.body
        # Stories whose body is not known are not of one body.
        has_turns = section.balance is Balance.ONE_PER_BODY and bool(body)
        queue.append(_Queued(choice=choice, turn=turns[body] if has_turns else 0))
        turns[body] += 1
    return sorted(queue, key=lambda one: (one.turn, bool(one.choice.carried)))


def _rank(section: Section, candidate: Candidate) -> _Rank:
    """Best first: leads, then points, then the printed order."""
    leads = has_lead(section) and may_lead(section, candidate)
    order = printed_order(candidate.day, candidate.body_order, candidate.public_id)
    return (not leads, -candidate.score, order)


def _why_in(section: Section, one: _Queued) -> str:
    choice, candidate = one.choice, one.choice.candidate
    points = f"{candidate.score:g} points"
    if not one.is_due:
        nth = _ORDINALS.get(one.turn, f"{one.turn + 1}th")
        parts = [choice.carried, f"{nth} of {candidate.office}" if one.turn else ""]
        whence = ", ".join(part for part in parts if part)
        return f"{whence}: {section.id} is short of {section.fill} items; {points}"
    if section.id != candidate.section:
        return f"{choice.why}; {points}"
    if has_lead(section) and may_lead(section, candidate):
        return f"leads: {candidate.office} with the topic in the title; {points}"
    return points


def _waiting(section: Section, one: _Queued, *, has_body: bool) -> Choice:
    choice = one.choice
    if choice.carried:
        return replace(choice, why=choice.carried, wait=Wait.CARRIED)
    if one.turn and has_body:
        why = f"{choice.candidate.office} has a place in {section.id} already"
        return replace(choice, why=why, wait=Wait.BODY)
    return replace(choice, why=f"{section.id} is full ({size_of(section)})", wait=Wait.FULL)
