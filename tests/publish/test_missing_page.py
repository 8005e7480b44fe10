"""The page for what is not there."""

from __future__ import annotations

from dataclasses import replace

from lxml import html

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import Planet
from aggregator.publish.other_forms import missing_page

CATALOGUE = Catalogue.load()


def made(planet: Planet, base_url: str = "https://news.example") -> html.HtmlElement:
    """The page of a site at this address."""
    there = replace(planet, options=replace(planet.options, base_url=base_url))
    return html.document_fromstring(missing_page(there, CATALOGUE).decode())


def test_it_speaks_every_language_of_the_series(planet: Planet) -> None:
    """The first one as the page's own, each marked as what it is."""
    page = made(planet)
    assert ["ko"] == page.xpath("/html/@lang")
    assert ["ko", "en"] == page.xpath("//section/@lang")
    assert ["찾으시는 페이지가 없습니다"] == page.xpath("//h1/text()")
    assert ["There is no such page"] == page.xpath("//h2/text()")


def test_its_links_hold_at_any_depth(planet: Planet) -> None:
    """They begin at the root of the site, which may stand in a folder of its host."""
    assert ["/assets/site.css", "/", "/"] == made(planet).xpath("//@href")
    below = made(planet, "https://news.example/city")
    assert ["/city/assets/site.css", "/city/", "/city/"] == below.xpath("//@href")


def test_nothing_in_it_is_markup(planet: Planet) -> None:
    """Whatever the series is called."""
    titles = {"ko": "<script>x</script>", "en": '"><img src=x>'}
    page = made(replace(planet, series=replace(planet.series, titles=titles)))
    assert not page.xpath("//script | //img")


def test_search_engines_leave_it_out(planet: Planet) -> None:
    """A server may show it under its own address."""
    assert ["noindex"] == made(planet).xpath("//meta[@name='robots']/@content")
