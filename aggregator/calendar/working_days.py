"""Korean working days. The only importer of holidays."""

from __future__ import annotations

import importlib.util
import json
import os
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path

SATURDAY = 5

_kept_in: list[Path] = []


def keep_in(file: Path) -> None:
    """Keep the holidays of the years that are asked for in ``file``, for the next command.

    The package loads the calendars of all countries, which takes longer than a short command. What
    is kept counts for just the version that said it; a file that cannot be used is none.
    """
    _kept_in[:] = [file]
    _holidays.cache_clear()


def is_working_day(day: date) -> bool:
    """Whether public offices in Korea work on ``day``."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def first_working_day(year: int, month: int) -> date:
    """The first working day of a month."""
    day = date(year, month, 1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    """Public holidays with their substitutes and election days."""
    kept = _kept()
    if str(year) in kept:
        return frozenset(map(date.fromisoformat, kept[str(year)]))
    # Slow to import, and most verbs ask for no working day.
    import holidays  # noqa: PLC0415

    found = frozenset(holidays.country_holidays("KR", years=year))
    _keep(kept | {str(year): sorted(map(str, found))})
    return found


def _kept() -> dict[str, list[str]]:
    """The days of each year that are kept for this version of the package."""
    for file in _kept_in:
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            kept = json.loads(file.read_text(encoding="utf-8"))
            if kept["made_by"] == _version():
                return {
                    year: [str(date.fromisoformat(day)) for day in days]
                    for year, days in kept["years"].items()
                    if days
                }
    return {}


def _keep(years: dict[str, list[str]]) -> None:
    for file in _kept_in:
        new = file.with_suffix(f".{os.getpid()}")
        told = {"made_by": _version(), "years": years}
        with suppress(OSError):
            try:
                new.write_text(json.dumps(told, indent=1), encoding="utf-8")
                new.replace(file)
            finally:
                new.unlink(missing_ok=True)


@cache
def _version() -> str:
    """What tells one installation of the package from another, without importing it."""
    spec = importlib.util.find_spec("holidays")
    place = Path(spec.origin or "") if spec else Path()
    told = place.with_name("version.py").stat()
    return f"{place} {told.st_mtime_ns} {told.st_size}"
