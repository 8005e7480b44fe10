"""The indexes of fingerprints by day, as they are asked for, in bounded room."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from aggregator.curate.copies.day_index import DayIndex, Ints
from aggregator.curate.copies.meetings import Asked
from aggregator.curate.copies.vetoes import WINDOW
from aggregator.domain.stories import DaySheet
from aggregator.ports.storing import Store

ROWS_KEPT = 120_000
"""Items whose fingerprints are remembered: half a kilobyte each. A run asks for the days around many
times, so a month of a large country's press has room."""

SHEET_FROM = 500
"""A day with fewer items is read row by row."""

SHEET_LAG = 8
"""A sheet is made again when it lacks more than one in so many of a day's items."""


@dataclass(slots=True, kw_only=True)
class DayIndexes:
    """The indexes that were read, the longest unused first. Where ``keeps_sheets`` a day is kept in
    the store in one piece, too, from which it is there at once."""

    store: Store
    keeps_sheets: bool = False
    _days: dict[date, DayIndex] = field(default_factory=dict)
    _upto: dict[date, int] = field(default_factory=dict)
    _rows: int = 0

    def on(self, day: date) -> DayIndex:
        """The index of a day."""
        found = self._days.pop(day, None)
        if found is None:
            found = self._read(day)
            self._rows += len(found)
        self._days[day] = found
        return found

    def _read(self, day: date) -> DayIndex:
        sheet = self.store.day_sheet(day)
        index = DayIndex.unpacked(sheet.packed)
        if index is None:
            upto, index = 0, DayIndex.of(self.store.fingerprints_on(day))
        else:
            upto = sheet.upto
            if later := self.store.fingerprints_on(day, upto):
                index = index.changed(later, ())
        if self.keeps_sheets and _is_behind(upto, index):
            # Just what is stored: an index that was changed here may lack what others wrote.
            upto = index.last
            self.store.save_day_sheet(day, DaySheet(sheet.turn, upto, index.packed()))
        self._upto[day] = upto
        return index

    def keep_sheets(self) -> None:
        """Read the days at hand anew of which the sheet has come to be too far behind, so that it is
        made again."""
        # By their days alone: a list of the indexes would hold each a second time.
        for day in [*self._days]:
            if _is_behind(self._upto[day], self._days[day]):
                self.forget(day)
                self.on(day)

    def ask(self, wanted: Mapping[date, Collection[int]]) -> Asked:
        """These items, by day."""
        # From the last to the first: where not all have room, those that were read last before, and
        # those that are met next, are so at hand.
        return Asked.of(self._rows_of(day, wanted[day]) for day in sorted(wanted, reverse=True))

    def _rows_of(self, day: date, item_ids: Collection[int]) -> tuple[int, DayIndex, Ints]:
        here = self.on(day)
        rows = here.rows_of(item_ids)
        if len(rows) < len(item_ids):
            # Another process brought some of them.
            self.forget(day)
            here = self.on(day)
            rows = here.rows_of(item_ids)
        self._make_room()
        return day.toordinal(), here, rows

    def around(self, days: Collection[date]) -> Iterator[tuple[int, DayIndex]]:
        """The indexes of the days on which copies of items of these days may stand, in their order,
        with the days' ordinals."""
        first, last = date.min.toordinal(), date.max.toordinal()
        near = {
            day.toordinal() + step for day in days for step in range(-WINDOW.days, WINDOW.days + 1)
        }
        for number in sorted(near):
            if first <= number <= last:
                yield number, self.on(date.fromordinal(number))
                self._make_room()

    def put(self, day: date, index: DayIndex) -> None:
        """Let a day that was read have this index."""
        self.forget(day)
        self._days[day] = index
        self._rows += len(index)
        self._make_room()

    def forget(self, day: date) -> None:
        """Read a day anew when it is asked for."""
        gone = self._days.pop(day, None)
        if gone is not None:
            self._rows -= len(gone)

    def clear(self) -> None:
        """Read every day anew when it is asked for."""
        self._days.clear()
        self._rows = 0

    def _make_room(self) -> None:
        """Forget what was not used for the longest time, but not the day just used."""
        for day in [*self._days][:-1]:
            if self._rows <= ROWS_KEPT:
                return
            self.forget(day)


def _is_behind(upto: int, index: DayIndex) -> bool:
    """Whether a sheet up to this id lacks too much of a day."""
    return len(index) >= SHEET_FROM and index.count_after(upto) * SHEET_LAG > len(index)
