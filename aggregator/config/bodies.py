"""The issuing offices as shipped, and the index of all their names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from aggregator.domain.bodies import FIRST_LEVEL, Body, Level
from aggregator.text.fold import squash

ORDER_STEP = 10
"""Distance between shipped bodies in the administrative order, so that others fit between."""

_SECOND_LEVEL = frozenset({Level.CITY, Level.COUNTY, Level.DISTRICT})
_HANGUL = re.compile(r"[가-힣]")


class _Row(msgspec.Struct, array_like=True, frozen=True):
    """One line of the data: id, official name, print names in Korean and English, other names."""

    id: str
    name: str
    ko: str
    en: str
    aliases: tuple[str, ...]


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bodies of one level in one region; ``formerly`` is the region they lay in before ``since``."""

    level: Level
    bodies: tuple[_Row, ...]
    region: str = ""
    formerly: str = ""
    since: date | None = None


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole data file."""

    groups: tuple[_Group, ...]


def shipped_bodies() -> dict[str, Body]:
    """The bodies that every configuration knows, by id, in administrative order."""
    return dict(_shipped())


@cache
def _shipped() -> Mapping[str, Body]:
    text = files(__package__).joinpath("bodies.toml").read_text(encoding="utf-8")
    data = msgspec.convert(tomllib.loads(text), _Data)
    rows = [(group, row) for group in data.groups for row in group.bodies]
    regions = {row.id: row for group, row in rows if group.level in FIRST_LEVEL}
    return {
        row.id: Body(
            id=row.id,
            name=row.name,
            print_names={"ko": row.ko, "en": row.en},
            level=group.level,
            order=number * ORDER_STEP,
            region=group.region,
            aliases=(*row.aliases, *_names_with_region(row, group, regions)),
            former_region=group.formerly,
            region_since=group.since,
        )
        for number, (group, row) in enumerate(rows, start=1)
    }


def _names_with_region(row: _Row, group: _Group, regions: Mapping[str, _Row]) -> Iterator[str]:
    """부산 중구, 부산시 중구, "Jung-gu, Busan": a local name with every name of its regions.

    Official and print names are left out, as they stand in the data already.
    """
    if group.level not in _SECOND_LEVEL:
        return
    korean = row.name.rpartition(" ")[2]
    english = [row.en.partition(",")[0], *(name for name in row.aliases if name.endswith("-si"))]
    for region in (regions[name] for name in (group.region, group.formerly) if name):
        for name in dict.fromkeys((region.name, region.ko, region.en, *region.aliases)):
            hangul = _HANGUL.search(name)
            made = [f"{name} {korean}"] if hangul else [f"{own}, {name}" for own in english]
            yield from (new for new in made if new not in {row.name, row.ko, row.en, *row.aliases})


def names_of(body: Body) -> Iterable[str]:
    """Every name of a body: official, printed, and the others."""
    return (body.name, *body.print_names.values(), *body.aliases)


def index_names(bodies: Iterable[Body]) -> dict[str, str]:
    """Folded name to body id. A name that two bodies share is nobody's."""
    owners: dict[str, set[str]] = {}
    for body in bodies:
        for name in names_of(body):
            owners.setdefault(squash(name), set()).add(body.id)
    return {name: min(ids) for name, ids in owners.items() if name and len(ids) == 1}
