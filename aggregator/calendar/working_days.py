"""Korean working days. The only importer of holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

SATURDAY = 5


@cache
def _holidays(year: int) -> frozenset[date]:
    """Public holidays with their substitutes and election days."""
    # Slow to import, and most verbs ask for no working day.
    import holidays  # noqa: PLC0415

    return frozenset(holidays.country_holidays("KR", years=year))


def is_working_day(day: date) -> bool:
    """Whether public offices in Korea work on ``day``."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def first_working_day(year: int, month: int) -> date:
    """The first working day of a month."""
    day = date(year, month, 1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
