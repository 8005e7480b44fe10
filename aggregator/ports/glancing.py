"""Counts of what waits at the desk: the part of the store that Today and every page's head ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.domain.issues import Issue, PickState


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What waits, counted. ``new`` are the stories first seen since then, by section ("" for none);
    ``folded`` the items since then that became members of a story and not its primary one; ``picks``
    the picks of the issue by section and state; ``source_changed`` those in it whose source has
    changed since."""

    new: Mapping[str, int]
    folded: int
    picks: Mapping[tuple[str, PickState], int]
    source_changed: int


class GlanceStore(Protocol):
    """Counts, each found without reading what is counted."""

    def issue_heads(self, series: str) -> list[Issue]:
        """As ``issues``, without the prints: a snapshot is None."""
        ...

    def glance(self, issue: Issue, since: datetime) -> Glance:
        """What ``issue`` has, and what is new since an instant."""
        ...
