"""Candidates for an issue, as tests of selection need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from aggregator.domain.items import SEOUL
from aggregator.issue.choices import Candidate


def candidate(story_id: int, **more: object) -> Candidate:
    """One for the trend section, but for what is named; its figures follow from its id."""
    base = Candidate(
        story_id=story_id,
        public_id=f"{story_id:04}",
        section="trend",
        score=5.0,
        day=date(2024, 2, 10),
        body=f"body{story_id}",
        body_order=story_id,
        first_seen_at=datetime(2024, 2, 20, tzinfo=SEOUL),
    )
    return replace(base, **more)  # type: ignore[arg-type]
