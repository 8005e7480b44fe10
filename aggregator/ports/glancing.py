"""Counts of what waits at the desk: the part of the store that Today and every page's head ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.domain.issues import Issue, PickState


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What waits, counted. ``new`` are the stories first seen since then, by section ("" for none);
    ``folded`` the items since then that became members of a story and not its primary one;
    ``waiting`` the stories of the issue's window that nobody decided on, by section, of which
    ``late`` came after the places were filled and have none; ``picks`` the picks of the issue by
    section and state; ``source_changed`` those in it whose source has changed since."""

    new: Mapping[str, int]
    folded: int
    waiting: Mapping[str, int]
    late: int
    picks: Mapping[tuple[str, PickState], int]
    source_changed: int


class GlanceStore(Protocol):
    """Counts, each found without reading what is counted."""

    def issue_heads(self, series: str) -> list[Issue]:
        """As ``issues``, without the prints: a snapshot is None."""
        ...

    def glance(self, issue: Issue, sections: Collection[str], since: datetime) -> Glance:
        """What waits for ``issue`` in these sections, and what is new since an instant."""
        ...
