"""Days and instants as they are printed, in Asia/Seoul."""

from __future__ import annotations

from datetime import date, datetime

from aggregator.catalogue.texts import Catalogue
from aggregator.domain.items import SEOUL


def print_day(day: date) -> str:
    """A day without zero padding: ``2024.2.27``."""
    return f"{day.year}.{day.month}.{day.day}"


def print_minute(at: datetime) -> str:
    """An aware instant to the minute in Asia/Seoul: ``2024.2.27 09:05``."""
    local = at.astimezone(SEOUL)
    return f"{print_day(local.date())} {local:%H:%M}"


def print_weekday(day: date, language: str, catalogue: Catalogue) -> str:
    """The weekday's full name in ``language``: ``화요일``, ``Tuesday``."""
    return catalogue.text(f"weekday.{day.weekday()}", language)
