"""Coverage of regions by the last issues and the draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.domain.issues import Issue, IssueStatus
from aggregator.issue.coverage import Cell, CoverageRow, coverage_rows, covered
from aggregator.issue.edition import Picked, day_of
from aggregator.issue.regions import region_on
from aggregator.issue.snapshot import thaw
from aggregator.services.desk import Desk

ISSUES = 12
"""Published issues that are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The table, and how many issues it counts."""

    issues: int
    rows: tuple[CoverageRow, ...]


@dataclass(slots=True)
class CoverageBook:
    """Counts what issues printed, each once: a print never changes, and thawing one takes longer
    than all else on a page."""

    _counted: dict[tuple[int, int], Mapping[Cell, int]] = field(default_factory=dict)

    def coverage(self, desk: Desk, issue: Issue, picked: Iterable[Picked]) -> Coverage:
        """The last twelve published issues before ``issue``, and what is in it now."""
        heads = [
            one
            for one in desk.store.issue_heads(desk.series.id)
            if one.status is IssueStatus.PUBLISHED and one.window.start < issue.window.start
        ][-ISSUES:]
        sections = [section.id for section in desk.series.sections]
        rows = coverage_rows(
            self._count(desk, heads), draft_cells(desk, issue, picked), sections, desk.bodies
        )
        return Coverage(issues=len(heads), rows=tuple(rows))

    def _count(self, desk: Desk, heads: Sequence[Issue]) -> list[Mapping[Cell, int]]:
        """The counts of these issues; a print is read where it was not yet."""
        lacking = [one.id for one in heads if (one.id, one.version) not in self._counted]
        for issue in desk.store.issues(desk.series.id, ids=lacking) if lacking else ():
            printed = thaw(issue)
            cells = covered(printed.editions[0]) if printed is not None else {}
            self._counted[issue.id, issue.version] = cells
        return [self._counted.get((one.id, one.version), {}) for one in heads]


def draft_cells(desk: Desk, issue: Issue, picked: Iterable[Picked]) -> Mapping[Cell, int]:
    """What is in the draft, by region and section."""
    found: Counter[Cell] = Counter()
    for one in picked:
        if one.pick.state.is_in:
            body = desk.bodies.get(one.story.primary.item.body)
            day = day_of(one.story) or issue.issue_on
            found[region_on(body, day, desk.bodies, "ko").id, one.pick.section] += 1
    return found
