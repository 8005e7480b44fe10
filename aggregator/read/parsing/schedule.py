"""When a feed says that it is worth asking: ttl, skipHours, skipDays (RSS 2.0), and the syndication
module of RSS 1.0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aggregator.read.parsing.parts import number_of
from aggregator.read.parsing.raw import mapping_in, text_in

_MOST_SKIPS = 50
_HOURS = 24
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


class ScheduleHandlers:
    """Handlers for the elements of hours and days; what stands elsewhere under these names is a
    field like any other."""

    push: Callable[[str, int], None]
    pop: Callable[[str], str | None]
    _get_context: Callable[[], Any]
    _close_further: Callable[[str], None]

    def __init__(self, *args: str) -> None:
        self._skipping = ""
        super().__init__(*args)

    def _start_skiphours(self, _attributes: dict[str, str]) -> None:
        self.push("skiphours", 0)
        self._skipping = "hour"

    def _start_skipdays(self, _attributes: dict[str, str]) -> None:
        self.push("skipdays", 0)
        self._skipping = "day"

    def _end_skiphours(self) -> None:
        self.pop("skiphours")
        self._skipping = ""

    def _end_skipdays(self) -> None:
        self.pop("skipdays")
        self._skipping = ""

    def _end_hour(self) -> None:
        self._end_skip("hour")

    def _end_day(self) -> None:
        self._end_skip("day")

    def _end_skip(self, name: str) -> None:
        if self._skipping != name:
            self._close_further(name)
            return
        told = self.pop(name)
        skips = self._get_context().setdefault("skips", {}).setdefault(name, [])
        if told and len(skips) < _MOST_SKIPS:
            skips.append(told)


def skipped_hours(channel: Mapping[str, Any]) -> tuple[int, ...]:
    """The hours of GMT in which nothing is to be asked, 0 to 23; RSS 0.91 calls midnight 24."""
    told = (each.strip() for each in mapping_in(channel.get("skips")).get("hour", ()))
    hours = {number_of(each) for each in told if each.isdigit()}
    return tuple(sorted({hour % _HOURS for hour in hours if hour <= _HOURS}))


def skipped_days(channel: Mapping[str, Any]) -> tuple[int, ...]:
    """The days of the week on which nothing is to be asked, Monday 0."""
    told = {each.strip().lower() for each in mapping_in(channel.get("skips")).get("day", ())}
    return tuple(number for number, day in enumerate(_DAYS) if day in told)


def minutes_to_live(channel: Mapping[str, Any]) -> int:
    """For how long a document stays good: its ttl, else the period of the syndication module by
    its frequency (once a day where it gives one of them only); 0 for what says neither."""
    further = mapping_in(channel.get("further"))
    if ttl := number_of(text_in(further, "ttl")):
        return ttl
    period = text_in(further, "sy_updateperiod").strip().lower()
    times = text_in(further, "sy_updatefrequency")
    if not period and not number_of(times):
        return 0
    return _PERIODS.get(period or "daily", 0) // max(1, number_of(times))
