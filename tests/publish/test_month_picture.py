"""The picture of the month: its table, and what it draws."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from aggregator.domain.issues import Edition, Phrase, PrintedItem, PrintedSection, Shape
from aggregator.domain.publishing import Planet
from aggregator.publish.month_picture import MonthTable, RegionRow, draw_month, month_table

SVG = "{http://www.w3.org/2000/svg}"


def printed(region: str) -> PrintedItem:
    return PrintedItem(
        story="s",
        shape=Shape.ARTICLE,
        headline=Phrase(text="소식", language="ko"),
        region=region,
    )


def edition_of(planet: Planet, *regions: tuple[str, ...]) -> Edition:
    """An edition with a section for each of these, its items of these regions."""
    sections = tuple(
        PrintedSection(id=f"s{n}", label=f"분야 {n}", items=tuple(map(printed, each)))
        for n, each in enumerate(regions, 1)
    )
    return replace(planet.issues[0].editions[0], sections=sections)


def test_the_whole_country_comes_first_and_then_the_most(planet: Planet) -> None:
    """Each row counts by section."""
    edition = edition_of(planet, ("ulsan", "gyeonggi", "gyeonggi"), ("", "gyeonggi"))
    table = month_table(edition, planet.bodies, "전국")
    assert ("분야 1", "분야 2") == table.sections
    assert [("전국", (0, 1)), ("경기도", (2, 1)), ("울산시", (1, 0))] == [
        (row.name, row.counts) for row in table.rows
    ]


def test_a_region_that_is_not_known_any_more_counts_for_the_country(planet: Planet) -> None:
    """A print outlives the list of bodies."""
    table = month_table(edition_of(planet, ("gone",)), planet.bodies, "전국")
    assert [("전국", 1)] == [(row.name, row.total) for row in table.rows]


def test_each_item_is_a_square_with_its_sections_number(planet: Planet) -> None:
    """Colour alone says nothing."""
    drawn = etree.fromstring(
        draw_month(
            month_table(edition_of(planet, ("", ""), ("ulsan",)), planet.bodies, "전국"), "t"
        )
    )
    numbers = [one.text for one in drawn.iter(f"{SVG}text") if one.get("class") == "n"]
    # The squares of the rows, then those that say what a number means.
    assert ["1", "1", "2", "1", "2"] == numbers


def test_many_items_go_on_in_a_new_line() -> None:
    """No square leaves the picture, and none lies on the number of items."""
    row = RegionRow(name="전남광주통합특별시 Jeonnam-Gwangju", counts=(40,))
    drawn = etree.fromstring(draw_month(MonthTable(sections=("분야",), rows=(row,)), "t"))
    rows = [one for one in drawn.iter(f"{SVG}rect") if one.get("x") != "0"]
    assert 40 == len(rows) == len({(one.get("x"), one.get("y")) for one in rows})
    assert max(int(one.get("x", "")) for one in rows) + 16 <= 340 - 22


def test_names_are_text() -> None:
    """Whatever a configuration calls a region or a section."""
    row = RegionRow(name="<script>alert(1)</script>", counts=(1,))
    drawn = etree.fromstring(draw_month(MonthTable(sections=("a & b",), rows=(row,)), "</title>"))
    assert not [one for one in drawn.iter() if one.tag == f"{SVG}script"]
    assert "</title>" == drawn.findtext(f"{SVG}title")


def test_a_region_keeps_the_name_it_was_printed_with(planet: Planet) -> None:
    """A configuration that calls it otherwise, or sorts it elsewhere, changes no published picture."""
    edition = edition_of(planet, ("gyeonggi",), ("ulsan",))
    frozen = replace(
        edition,
        sections=tuple(
            replace(
                section,
                items=tuple(
                    replace(item, region_name=f"{item.region} then", region_order=order)
                    for item in section.items
                ),
            )
            for order, section in zip((2, 1), edition.sections, strict=True)
        ),
    )
    table = month_table(frozen, {}, "전국")
    assert ["ulsan then", "gyeonggi then"] == [row.name for row in table.rows]
