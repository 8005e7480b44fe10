"""Which stories an issue proposes, which wait, and why. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from aggregator.domain.issues import Section, Series
from aggregator.issue.choices import (
    Candidate,
    Choice,
    Printed,
    Selection,
    Taken,
    Wait,
    printed_order,
)
from aggregator.issue.period import Period, belongs
from aggregator.issue.places import fill_section

_NOTHING: Mapping[int, Printed] = {}
_NOBODY: Mapping[int, str] = {}


def select(
    series: Series,
    candidates: Iterable[Candidate],
    period: Period,
    *,
    taken: Mapping[int, Taken],
    printed: Mapping[int, Printed] = _NOTHING,
    carried: Mapping[int, str] = _NOBODY,
) -> Selection:
    """Fill the free places of an issue.

    ``taken`` are the stories that have a pick already, by an editor or by the rules; they keep
    their places and are not proposed again. ``printed`` are those that an earlier issue had; they
    wait. ``carried`` are those that found no place in the issue before, with the reason; they are
    proposed only where a section is short, and ``carry_over`` finds them.

    Each candidate that fits is in exactly one part of the result, whatever the order of
    ``candidates``. One candidate more takes at most one place from others in each section that it
    can come to, and none elsewhere.
    """
    fitting = []
    for candidate in {one.story_id: one for one in candidates}.values():
        section = series.section(candidate.section)
        if section is None or candidate.story_id in taken:
            continue
        if belongs(candidate, section, period):
            fitting.append(Choice(candidate=candidate, section=section.id))
        elif candidate.story_id in carried:
            whence = carried[candidate.story_id]
            fitting.append(Choice(candidate=candidate, section=section.id, carried=whence))
    late, on_time, waiting = [], [], []
    for choice in fitting:
        had = printed.get(choice.candidate.story_id)
        if had is not None:
            waiting.append(replace(choice, why=str(had), wait=Wait.PRINTED))
        elif choice.candidate.first_seen_at > period.until:
            late.append(replace(choice, why="arrived after the draft was made", wait=Wait.LATE))
        else:
            on_time.append(choice)
    chosen, left = _fill(series, on_time, list(taken.values()))
    waiting += left
    return Selection(
        proposed=_in_order(series, chosen),
        late=_in_order(series, late),
        waiting=_in_order(series, [one for one in waiting if not one.carried]),
        carried=_in_order(series, [one for one in waiting if one.carried]),
    )


def _fill(
    series: Series, choices: Sequence[Choice], taken: Sequence[Taken]
) -> tuple[list[Choice], list[Choice]]:
    """What finds no place in one section is a candidate of the section that it overflows into."""
    pending: dict[str, list[Choice]] = {section.id: [] for section in series.sections}
    for choice in choices:
        pending[choice.section].append(choice)
    chosen: list[Choice] = []
    waiting: list[Choice] = []
    for section in _upstream_first(series.sections):
        here = [one.body for one in taken if one.section == section.id]
        placed, left = fill_section(section, pending.pop(section.id), here)
        chosen += placed
        if section.overflow in pending:
            pending[section.overflow] += [replace(one, section=section.overflow) for one in left]
        else:
            waiting += left
    return chosen, waiting


def _upstream_first(sections: Sequence[Section]) -> list[Section]:
    """Each section after all that overflow into it, else in their order."""
    ordered: list[Section] = []
    rest = list(sections)
    while rest:
        targets = {section.overflow for section in rest}
        section = next((one for one in rest if one.id not in targets), rest[0])
        rest.remove(section)
        ordered.append(section)
    return ordered


def _in_order(series: Series, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    place = {section.id: number for number, section in enumerate(series.sections)}

    def key(choice: Choice) -> tuple[int, tuple[int, int, str]]:
        one = choice.candidate
        return (place[choice.section], printed_order(one.day, one.body_order, one.public_id))

    return tuple(sorted(choices, key=key))
