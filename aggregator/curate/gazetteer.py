"""Regions that a text names, and those that are meant though the text does not say so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from aggregator.curate.regions import (
    AMBIGUOUS,
    FIRST_LEVEL,
    GREAT_CITIES,
    MERGED,
    RARELY_PLACES,
    SECOND_LEVEL,
)
from aggregator.domain.bodies import Body, Level

_SHORT = 2
"""Characters of stems, and of districts such as 중구, which begin other words too (중구난방)."""

_PARTICLE = r"(?:은|는|이|가|을|를|의|에|에서|에게|서|로|으로|와|과|도|만|까지|부터|발|산)?"
_AFTER_STEM = re.compile(
    r"(?:특별자치도|특별자치시|특별시|특례시|도|시|군|구|시청|군청|구청|도청|시의회|군의회|도의회|시민|군민|도민"
    rf"|형|권|항|공항|역)?{_PARTICLE}$"
)
_AFTER_DISTRICT = re.compile(rf"(?:청|청장|의회|민|보건소|체육회|문화원)?{_PARTICLE}$")
_NO_PLACE = re.compile(r"영주권|대구탕")
_TOKEN = re.compile(r"[가-힣]+|[A-Z][A-Za-z]+(?:-[a-z]{2,3}(?![a-z]))?")
_GYEONGGI = "경기"
_AFTER_GYEONGGI = re.compile(r"\s(?:남부|북부|동부|서부)|\s?[,·'‘“「\"]")
"""What follows 경기 where it is the region; elsewhere it is a match or the economy."""

_HALVES = {
    "chungcheong": ("충북", "충남"),
    "jeolla": ("전북", "전남"),
    "gyeongsang": ("경북", "경남"),
}
"""Names that mean a region only behind North or South."""

_KIND = {"시": "si", "군": "gun", "구": "gu"}
_LOCAL = frozenset({Level.METRO, Level.PROVINCE, Level.CITY, Level.COUNTY, Level.DISTRICT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a local government is: the ids of its regions of the first level, and the name of the
    place itself ("" for a government of the first level)."""

    regions: frozenset[str]
    place: str = ""

    @property
    def label(self) -> str:
        """As an explanation names it."""
        return " ".join((*sorted(self.regions), self.place)).strip()

    def is_apart(self, other: Home) -> bool:
        """Whether neither lies in the other."""
        if self.place and other.place and self.place != other.place:
            return True
        return self.regions.isdisjoint(other.regions)


def find_regions(text: str) -> frozenset[str]:
    """Ids of the regions that ``text`` names; one below the first level implies its parent.

    An id is the short Korean name (``충북``) or parent and name (``충북/청주시``). Names stand at
    the left edge of a word or right after another region (``전남나주``). What several regions have
    (``중구``, ``고성군``) is one id without a parent (``/중구``); the parent counts where it is named.
    """
    found: set[str] = set()
    before, end = "", -1
    for token in _TOKEN.finditer(text):
        if token.start() - end > 1:
            before = ""
        end = token.end()
        word = token.group()
        if word.isascii():
            found.update(_of_latin(word, before, text[end : end + 5]))
            before = word
        else:
            regions, before = _of_run(word, before, text[end : end + 3])
            found.update(regions)
    parents = {region.partition("/")[0] for region in found if "/" in region}
    return frozenset(found | (parents - {""}))


def complete(regions: frozenset[str], home: Home | None) -> frozenset[str]:
    """``regions`` named by an office at ``home``, with what it did not need to say: whose 중구 it
    is, and that 광주 may be the city in 경기."""
    if home is None or not regions:
        return regions
    if "광주" in regions and home.regions == {_GYEONGGI}:
        return regions | {_GYEONGGI, f"{_GYEONGGI}/광주시"}
    shared = _table().shared
    meant = [shared[region] for region in regions if region.startswith("/")]
    added = [home.regions & owners for owners in meant if owners.isdisjoint(regions)]
    return regions.union(*added) if added else regions


def homes_of(bodies: Iterable[Body]) -> dict[str, Home]:
    """Where each local government among ``bodies`` is, by its id."""
    listed = {body.id: body for body in bodies}
    homes = {}
    for body in listed.values():
        if body.level not in _LOCAL:
            continue
        around = listed.get(body.region)
        regions = find_regions((around or body).name)
        first = frozenset(region for region in regions if "/" not in region)
        if first:
            place = body.name.split()[-1] if around else ""
            homes[body.id] = Home(regions=first, place=place)
    return homes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Spellings and the regions they name. ``stems`` are those among ``names`` that need an edge
    behind them; ``children`` are stems that count only behind the name of their region; ``latin``
    is English in small letters; ``lengths`` says how long names are, the longest first, by their
    first two characters; ``shared`` which regions have what several have."""

    names: Mapping[str, tuple[str, ...]]
    stems: frozenset[str]
    children: Mapping[str, Mapping[str, str]]
    latin: Mapping[str, str]
    lengths: Mapping[str, list[int]]
    shared: Mapping[str, frozenset[str]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for parent, name, _ in _places():
        owners[name].add(parent)
    made = _Making()
    for parent, name, english in _places():
        region = f"{parent if len(owners[name]) == 1 else ''}/{name}"
        made.add_english(english, name, region)
        made.add_place(parent, name, region)
    for short, spellings in FIRST_LEVEL.items():
        made.add_first(short, spellings)
    made.names.update(MERGED)
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for name in made.names:
        lengths[name[:_SHORT]].add(len(name))
    return _Table(
        names=made.names,
        stems=frozenset(made.stems),
        children=made.children,
        latin=made.latin,
        lengths={head: sorted(found, reverse=True) for head, found in lengths.items()},
        shared={f"/{name}": frozenset(of) for name, of in owners.items() if len(of) > 1},
    )


class _Making:
    """The parts of a table that grow with each region; see there."""

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self.stems: set[str] = set()
        self.children: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.latin: dict[str, str] = {}

    def add_place(self, parent: str, name: str, region: str) -> None:
        stem = name[:-1]
        if name == "광주시":
            self.children[parent][stem] = region
            return
        self.names[name] = (region,)
        if stem in GREAT_CITIES:
            self.names[f"{stem}특례시"] = (region,)
        if name[-1] == "구" or stem in FIRST_LEVEL:
            return
        if stem not in AMBIGUOUS:
            self.names[stem] = (region,)
            self.stems.add(stem)
        elif stem not in RARELY_PLACES:
            self.children[parent][stem] = region

    def add_first(self, short: str, spellings: str) -> None:
        self.stems.add(short)
        for name in (short, *spellings.split()):
            if name.isascii():
                self.latin[name.casefold()] = short
            else:
                self.names[name] = (short,)

    def add_english(self, english: str, name: str, region: str) -> None:
        base, _, kind = english.casefold().partition("-")
        self.latin[f"{base}-{kind or _KIND[name[-1]]}"] = region
        if not kind:
            self.latin[base] = region


def _places() -> Iterator[tuple[str, str, str]]:
    """Region, official name and English name of all that lies below the first level."""
    for parent, listed in SECOND_LEVEL.items():
        words = listed.split()
        for name, english in zip(words[::2], words[1::2], strict=True):
            yield parent, name, english


def _of_run(run: str, before: str, after: str) -> tuple[list[str], str]:
    """The regions in a run of Hangul that ``before`` precedes directly, and the name of the first
    level that it ends in, "" for none. ``after`` is the text behind it."""
    table = _table()
    child = table.children.get(before, {}).get(run[:_SHORT]) if before else None
    if child and _AFTER_STEM.match(run, _SHORT):
        return [child], ""
    if run[:_SHORT] not in table.lengths or _NO_PLACE.match(run):
        return [], ""
    if run == _GYEONGGI:
        return ([run] if _AFTER_GYEONGGI.match(after) else []), run
    found: list[str] = []
    at = 0
    while name := _name_at(run, at, table):
        found += table.names[name]
        at += len(name)
    return found, found[-1] if found and at == len(run) and "/" not in found[-1] else ""


def _name_at(run: str, at: int, table: _Table) -> str:
    """The longest name that begins at ``at`` and ends where one may, "" for none."""
    for length in table.lengths.get(run[at : at + _SHORT], ()):
        name, end = run[at : at + length], at + length
        if name not in table.names:
            continue
        if name not in table.stems:
            if length > _SHORT or _AFTER_DISTRICT.match(run, end):
                return name
        elif name == _GYEONGGI:
            if run[end:] in {"형", "권"} or _name_at(run, end, table):
                return name
        elif _AFTER_STEM.match(run, end) or (name in FIRST_LEVEL and _name_at(run, end, table)):
            return name
    return ""


def _of_latin(word: str, before: str, after: str) -> list[str]:
    table = _table()
    base, _, kind = word.casefold().partition("-")
    region = table.latin.get(f"{base}-{kind}") if kind else None
    region = region or table.latin.get(base)
    if region is None:
        halves = _HALVES.get(base)
        if halves and before in {"North", "South"}:
            return [halves[before == "South"]]
        return []
    if region == "제주" and after == " City":
        return ["제주/제주시"]
    return [region]
