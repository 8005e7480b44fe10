"""The picture of the month: which regions an issue's items come from, and in which sections they
stand; as a drawing, and as the table that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from aggregator.domain.bodies import Body
from aggregator.domain.issues import Edition, PrintedItem
from aggregator.issue.regions import Region
from aggregator.text.xml_chars import xml_safe

_WIDTH = 340
"""Units across; on a phone they are pixels, on a desk half as much again."""

_LONGEST_NAME = 190
_WIDE = 12
_NARROW = 7.4
"""Units of a letter of Hangul or Latin; the fonts of readers differ, so there is some room in it."""

_STEP = 19
_SIDE = 16
_LINE = 24
_TOTALS = 22
_EDGE = 4

_LIGHT = ("#0b4a91", "#0a6560", "#4a3a9c", "#9a3412", "#83286a", "#3c6112")
_DARK = ("#8fbdf5", "#6fd3c9", "#b9affa", "#fbb08a", "#f0a3d9", "#b5d982")
"""The colours of sections, as the style sheet has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """A region with the number of its items in each section, in the sections' order."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTable:
    """The sections of an edition by their labels, and the rows: the whole country first, then the
    region with the most items, then in administrative order."""

    sections: tuple[str, ...]
    rows: tuple[RegionRow, ...]


def month_table(edition: Edition, bodies: Mapping[str, Body], national: str) -> MonthTable:
    """What an edition's items come to; ``national`` names the whole country.

    Regions are called what they were when the edition was printed; ``bodies`` name those of prints
    that do not say it.
    """
    country = Region("", national, -1)
    regions: dict[str, Region] = {}
    counts: Counter[tuple[str, int]] = Counter()
    for place, section in enumerate(edition.sections):
        for item in section.items:
            region = _region(item, bodies, edition.language) or country
            regions.setdefault(region.id, region)
            counts[region.id, place] += 1
    rows = [
        RegionRow(
            name=region.name,
            counts=tuple(counts[region.id, place] for place in range(len(edition.sections))),
        )
        for region in sorted(regions.values(), key=lambda one: (one.order, one.id))
    ]
    # What is equal keeps the administrative order.
    rows.sort(key=lambda row: (row.name != national, -row.total))
    return MonthTable(
        sections=tuple(section.label for section in edition.sections), rows=tuple(rows)
    )


def draw_month(table: MonthTable, title: str) -> bytes:
    """The table as an SVG picture: a numbered square for each item, a row for each region, and what
    the numbers mean. The same table gives the same bytes."""
    parts: list[str] = []
    names = min(_LONGEST_NAME, max((_length(row.name) for row in table.rows), default=0)) + 10
    in_row = (_WIDTH - names - _TOTALS) // _STEP
    top = _EDGE
    for row in table.rows:
        squares = [place for place, many in enumerate(row.counts) for _ in range(many)]
        parts.append(_text(0, top + 12, row.name))
        for number, place in enumerate(squares):
            line, column = divmod(number, in_row)
            parts += _square(names + column * _STEP, top + line * _LINE, place)
        parts.append(_text(_WIDTH, top + 12, str(row.total), "end"))
        top += _LINE * max(1, -(-len(squares) // in_row))
    top += _EDGE
    for place, label in enumerate(table.sections):
        parts += _square(0, top, place)
        parts.append(_text(_STEP + _EDGE, top + 12, label))
        top += _LINE
    return _document(title, top, parts).encode("utf-8")


def _region(item: PrintedItem, bodies: Mapping[str, Body], language: str) -> Region | None:
    """The region of an item, None for the whole country."""
    if item.region and item.region_name:
        return Region(item.region, item.region_name, item.region_order)
    body = bodies.get(item.region)
    return Region(body.id, body.print_name(language), body.order) if body is not None else None


def _length(name: str) -> int:
    return round(sum(_NARROW if char.isascii() else _WIDE for char in name))


def _square(x: int, y: int, place: int) -> Iterator[str]:
    yield f'<rect class="s{place % len(_LIGHT)}" x="{x}" y="{y}" width="{_SIDE}" height="{_SIDE}" rx="3"/>'
    middle = x + _SIDE // 2
    yield f'<text class="n" x="{middle}" y="{y + 12}" text-anchor="middle">{place + 1}</text>'


def _text(x: int, y: int, words: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(xml_safe(words))}</text>'


def _document(title: str, height: int, parts: list[str]) -> str:
    light = "".join(f".s{n}{{fill:{colour}}}" for n, colour in enumerate(_LIGHT))
    dark = "".join(f".s{n}{{fill:{colour}}}" for n, colour in enumerate(_DARK))
    style = (
        "text{font:12px Pretendard,'Noto Sans KR','Noto Sans CJK KR','Malgun Gothic',sans-serif;fill:#17222e}"
        f".n{{font-size:11px;font-weight:700;fill:#ffffff}}{light}"
        f"@media (prefers-color-scheme:dark){{text{{fill:#e6edf3}}.n{{fill:#0d141c}}{dark}}}"
    )
    inner = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
        f' height="{height}" role="img">\n<title>{escape(xml_safe(title))}</title>\n'
        f"<style>{style}</style>\n{inner}\n</svg>\n"
    )
