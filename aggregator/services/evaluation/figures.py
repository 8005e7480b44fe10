"""Shares with their 95 % intervals: precision, recall, F1."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``of`` the rows ``hits`` were right. ``value`` is 0 to 1, None where there are no rows;
    ``low`` and ``high`` are the 95 % interval (Wilson's score)."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies in 95 of 100 samples."""
        if not self.of:
            return None
        share, square = self.hits / self.of, _Z * _Z
        middle = share + square / (2 * self.of)
        reach = _Z * sqrt(share * (1 - share) / self.of + square / (4 * self.of * self.of))
        scale = 1 + square / self.of
        # Rounding may put an end of it on the wrong side of 0, 1 or the share itself.
        low, high = (middle - reach) / scale, (middle + reach) / scale
        return max(0.0, min(low, share)), min(1.0, max(high, share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was ``found`` of what was ``wanted``: ``right`` is in both."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> Share:
        """The share of what was found that is right."""
        return Share(hits=self.right, of=self.found)

    @property
    def recall(self) -> Share:
        """The share of what was wanted that was found."""
        return Share(hits=self.right, of=self.wanted)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both, None where nothing was wanted or found."""
        both = self.found + self.wanted
        return 2 * self.right / both if both else None

    @property
    def f1_interval(self) -> tuple[float, float] | None:
        """Its 95 % interval: F1 grows with the share of what is right among all that was wanted or
        found, and that share has one."""
        interval = Share(hits=self.right, of=self.found + self.wanted - self.right).interval
        if interval is None:
            return None
        low, high = interval
        return 2 * low / (1 + low), 2 * high / (1 + high)
