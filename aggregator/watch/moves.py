"""Permanent redirects: seen, counted by days, and kept once they have proved themselves.

A single 301 may be a maintenance page's mistake. One that leads to a feed on three days is believed,
and visits go there at once; the configuration is never changed, the state says what belongs there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from aggregator.domain.net import Hop
from aggregator.domain.visits import Move

PERMANENT = frozenset({301, 308})
DAYS_UNTIL_KEPT = 3
FAILURES_UNTIL_FORGOTTEN = 3
"""Visits in a row that fail at a kept address before the configured one is tried again."""


def permanent_target(hops: Sequence[Hop], final_url: str) -> str:
    """Where the permanent redirects at the beginning of a chain lead, "" where the first one is not
    permanent: what stands behind a temporary redirect belongs to another day."""
    count = next((n for n, hop in enumerate(hops) if hop.status not in PERMANENT), len(hops))
    if count == 0:
        return ""
    return hops[count].url if count < len(hops) else final_url


def after_feed(move: Move | None, *, asked: str, target: str, today: date) -> Move | None:
    """What is known of a move after a visit to ``asked`` that led to a feed, by permanent redirects
    to ``target`` ("" for none)."""
    if move is not None and move.kept and asked == move.url:
        # A kept address stays in force, also while it redirects further on, for three days.
        onward = after_feed(move.onward, asked=asked, target=target, today=today)
        return onward if onward is not None and onward.kept else replace(move, onward=onward)
    if not target:
        return None
    if move is None or target != move.url:
        return Move(url=target, days=(today,))
    days = tuple(sorted({*move.days, today}))[-DAYS_UNTIL_KEPT:]
    return replace(move, days=days, kept=len(days) >= DAYS_UNTIL_KEPT)


def after_failure(move: Move | None, failures: int) -> Move | None:
    """What is left of a move after ``failures`` in a row: a kept address that fails is given up, so
    that the configured one is tried again."""
    if move is not None and move.kept and failures >= FAILURES_UNTIL_FORGOTTEN:
        return None
    return move
