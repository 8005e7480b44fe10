"""Which regions the issues had, section by section: what an editor looks at for balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.domain.bodies import FIRST_LEVEL, Body
from aggregator.domain.issues import Edition

Cell = tuple[str, str]
"""A region's id ("" for national bodies, and for those that are not known), and a section's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """A region (``region`` "" for national bodies) with its counts by section: in the issues before,
    and in the draft."""

    region: str
    before: Mapping[str, int]
    now: Mapping[str, int]

    @property
    def total(self) -> int:
        """Items of the issues before."""
        return sum(self.before.values())

    @property
    def total_now(self) -> int:
        """Items of the draft."""
        return sum(self.now.values())


def covered(edition: Edition) -> Counter[Cell]:
    """How many items of each region each section of a print has."""
    return Counter(
        (item.region, section.id) for section in edition.sections for item in section.items
    )


def coverage_rows(
    before: Iterable[Mapping[Cell, int]],
    now: Mapping[Cell, int],
    sections: Sequence[str],
    bodies: Mapping[str, Body],
) -> list[CoverageRow]:
    """A row for national bodies, then one for each first-level government in the administrative
    order, also where it had nothing; regions that are no longer configured come last."""
    counts: Counter[Cell] = Counter()
    for one in before:
        counts.update(one)
    known = sorted(
        (body for body in bodies.values() if body.level in FIRST_LEVEL),
        key=lambda body: (body.order, body.id),
    )
    regions = ["", *(body.id for body in known)]
    regions += sorted({region for region, _ in (*counts, *now)} - {*regions})
    return [
        CoverageRow(
            region=region,
            before={name: counts[region, name] for name in sections},
            now={name: now.get((region, name), 0) for name in sections},
        )
        for region in regions
    ]
