"""The issuing offices: who they are, how they are printed, where they stand in the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """What kind of office a body is; national or local is decided by it alone."""

    MINISTRY = "ministry"
    AGENCY = "agency"
    PORTAL = "portal"
    METRO = "metro"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    DISTRICT = "district"
    INSTITUTE = "institute"
    MEDIA = "media"


FIRST_LEVEL = frozenset({Level.METRO, Level.PROVINCE})
"""Levels of the governments that are the regions of all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One issuing office.

    ``name`` is the official name, ``print_names`` what a byline prints by language (never an
    abbreviation), ``aliases`` everything else it is called, in Korean and English, former names
    too. ``region`` is the id of the first-level government it lies in ("" for national bodies).
    ``order`` is the administrative order, smaller first. Until ``region_since`` (exclusive) it lay in
    ``former_region``.
    """

    id: str
    name: str
    print_names: Mapping[str, str]
    level: Level
    order: int
    region: str = ""
    aliases: tuple[str, ...] = ()
    former_region: str = ""
    region_since: date | None = None

    @property
    def home_region(self) -> str:
        """The region it lies in; a first-level government lies in itself. "" for national bodies."""
        return self.id if self.level in FIRST_LEVEL else self.region

    def region_on(self, day: date) -> str:
        """The region it lay in on a day."""
        was_elsewhere = self.region_since is not None and day < self.region_since
        return self.former_region if was_elsewhere else self.home_region

    def print_name(self, language: str) -> str:
        """The name a byline prints in ``language``; Korean where that language has none."""
        return self.print_names.get(language) or self.print_names["ko"]
