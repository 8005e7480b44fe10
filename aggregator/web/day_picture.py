"""The picture of a feed's last days: bars and crosses as SVG paths, and the same in words.

A day is one unit wide. There is one path for each way of drawing, so that a page of a thousand
feeds stays small; colours and patterns are the style sheet's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from aggregator.calendar.working_days import is_working_day
from aggregator.catalogue import Catalogue, print_day
from aggregator.domain.visits import FeedDay
from aggregator.services.reports.feed_reports import Mark, height_of, mark_of

GROUND = 7
"""Where bars stand, from the top."""

_STEPS = 12
"""Heights of a bar, half a unit each."""

_STUB = "7v-.4"
"""What a day without anything new is drawn as, from the ground."""

_REMARKED = 2.0
"""The least height of a bar that is broken, so that it is seen to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Paths of the days that went well, of those with a remark, and of failures; ``label`` says the
    same in words."""

    well: str
    remarked: str
    failed: str
    label: str


def draw(
    known: Mapping[date, FeedDay], days: Sequence[date], catalogue: Catalogue, language: str
) -> Picture:
    """The picture of ``days``, of which ``known`` are those with visits."""
    well, remarked, failed = [], [], []
    failures = []
    brought = 0
    for x, day in enumerate(days):
        one = known.get(day)
        mark = mark_of(one)
        if one is None or mark is Mark.ABSENT:
            continue
        height = _height(one.new)
        brought += one.new > 0
        if mark is Mark.REMARKED:
            remarked.append(f"M{x} {GROUND}V{GROUND - max(height, _REMARKED):g}")
        elif height:
            well.append(f"M{x} {GROUND}V{GROUND - height:g}")
        elif mark is Mark.CALM:
            well.append(f"M{x} {_STUB}")
        if mark is Mark.FAILED:
            failures.append(day)
            failed.append(_cross(x, height))
    return Picture(
        well="".join(well),
        remarked="".join(remarked),
        failed="".join(failed),
        label=_label(
            catalogue,
            language,
            days=len(days),
            brought=brought,
            failures=failures,
            visited=bool(well or remarked or failed),
        ),
    )


@cache
def _height(new: int) -> float:
    return height_of(new, _STEPS) / 2


def _cross(x: int, above: float) -> str:
    """Two strokes, that stand on the bar of what came in spite of the failure."""
    top = max(0.0, GROUND - above - 1.4)
    return f"M{x - 0.35:.2f} {top:g}l.7 1.2m0-1.2l-.7 1.2"


def shade(days: Sequence[date]) -> str:
    """The path of days on which Korean offices do not work."""
    return "".join(f"M{x} 0V{GROUND}" for x, day in enumerate(days) if not is_working_day(day))


def _label(
    catalogue: Catalogue,
    language: str,
    *,
    days: int,
    brought: int,
    failures: Sequence[date],
    visited: bool,
) -> str:
    if not visited:
        return catalogue.text("status.picture_none", language, days=days)
    values = {"days": days, "with": brought, "failed": len(failures)}
    if not failures:
        return catalogue.text("status.picture_well", language, **values)
    return catalogue.text("status.picture", language, **values, last=print_day(failures[-1]))
