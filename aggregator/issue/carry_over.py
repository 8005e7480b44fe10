"""What the next issue's editor is shown of the issue before: stories that found no place there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from aggregator.domain.issues import Series
from aggregator.issue.choices import Candidate, Choice, Taken, Wait
from aggregator.issue.period import Period, belongs, is_fresh
from aggregator.issue.places import size_of
from aggregator.issue.selection import select


def carry_over(
    series: Series,
    candidates: Iterable[Candidate],
    period: Period,
    *,
    number: int,
    taken: Mapping[int, Taken],
    printed: Collection[int] = (),
) -> dict[int, str]:
    """By story id, from where a story is carried over into the issue of ``period`` and why.

    ``number`` is that of the issue before, ``taken`` are all its picks, those with their sections
    that had a place: who has a pick, printed or left out, is not carried over. Neither is what a section could not print,
    what an earlier issue had (``printed``), and what waited longer than for one issue.
    """
    before = period.before
    if before is None:
        return {}
    selection = select(series, candidates, before, taken=taken)
    # What would be proposed now had a free place when the issue was published.
    return {
        choice.candidate.story_id: f"carried over from No. {number}, where {_then(series, choice)}"
        for choice in (*selection.proposed, *selection.waiting)
        if choice.candidate.story_id not in printed
        and choice.wait in {None, Wait.FULL, Wait.BODY}
        and _is_still_open(series, choice.candidate, period)
    }


def _is_still_open(series: Series, candidate: Candidate, period: Period) -> bool:
    section = series.section(candidate.section)
    return (
        section is not None
        and is_fresh(candidate, section, period)
        and not belongs(candidate, section, period)
    )


def _then(series: Series, choice: Choice) -> str:
    """Why it found no place, told afterwards."""
    section = series.section(choice.section)
    if choice.wait is Wait.FULL and section is not None:
        return f"{section.id} was full ({size_of(section)})"
    if choice.wait is Wait.BODY:
        return f"{choice.candidate.office} had a place in {choice.section}"
    return f"{choice.section} had a place left"
