"""The indexes of fingerprints by day, as they are asked for, in bounded room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from aggregator.curate.day_index import DayIndex
from aggregator.curate.pairs import WINDOW
from aggregator.ports.storing import Store

ROWS_KEPT = 60_000
"""Items whose fingerprints are remembered: about half a kilobyte each. More only where the days of
one window hold more."""


@dataclass(slots=True, kw_only=True)
class DayIndexes:
    """The indexes that were read, the longest unused first."""

    store: Store
    _days: dict[date, DayIndex] = field(default_factory=dict)
    _rows: int = 0

    def on(self, day: date) -> DayIndex:
        """The index of a day."""
        found = self._days.pop(day, None)
        if found is None:
            found = DayIndex.of(self.store.fingerprints_on(day))
            self._rows += len(found)
        self._days[day] = found
        return found

    def around(self, day: date) -> Iterator[DayIndex]:
        """The indexes of the days on which copies of a day's items may stand."""
        reach = WINDOW.days
        first = max(day.toordinal() - reach, date.min.toordinal())
        last = min(day.toordinal() + reach, date.max.toordinal())
        span = [date.fromordinal(number) for number in range(first, last + 1)]
        for one in span:
            yield self.on(one)
        self._make_room(len(span))

    def put(self, day: date, index: DayIndex) -> None:
        """Let a day have this index."""
        self.forget(day)
        self._days[day] = index
        self._rows += len(index)
        self._make_room(1)

    def forget(self, day: date) -> None:
        """Read a day anew when it is asked for."""
        gone = self._days.pop(day, None)
        if gone is not None:
            self._rows -= len(gone)

    def clear(self) -> None:
        """Read every day anew when it is asked for."""
        self._days.clear()
        self._rows = 0

    def _make_room(self, needed: int) -> None:
        """Forget what was not used for the longest time, but not the days just used."""
        for day in [*self._days][: max(0, len(self._days) - needed)]:
            if self._rows <= ROWS_KEPT:
                return
            self.forget(day)
