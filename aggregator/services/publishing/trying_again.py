"""How long waits what was not taken: twice as long each time, up to a longest pause."""

from __future__ import annotations

from datetime import timedelta


def doubled(first: timedelta, attempts: int, longest: timedelta) -> timedelta:
    """The pause after the ``attempts``-th attempt in vain, of which the first costs ``first``."""
    pause: timedelta = first * 2 ** min(max(attempts - 1, 0), 16)
    return min(longest, pause)
