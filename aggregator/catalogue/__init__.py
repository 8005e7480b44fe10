"""Every text that editors and readers see, in Korean and English."""

from __future__ import annotations

from aggregator.catalogue.days import print_day, print_minute, print_weekday
from aggregator.catalogue.texts import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Catalogue", "print_day", "print_minute", "print_weekday"]
