"""The page for what is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from aggregator.domain.publishing import Planet
from tests.fixtures.rendering import render_site


def made(planet: Planet, base_url: str = "https://news.example") -> html.HtmlElement:
    """The page of a site at this address."""
    there = replace(planet, options=replace(planet.options, base_url=base_url))
    found = {one.path: one.body for one in render_site(there)}
    return html.document_fromstring(found["404.html"].decode())


def test_it_speaks_every_language_of_the_series(planet: Planet) -> None:
    """The first one as the page's own, the others marked as what they are."""
    page = made(planet)
    assert ["ko"] == page.xpath("/html/@lang")
    assert ["en"] == page.xpath("//section/@lang")
    assert ["찾으시는 페이지가 없습니다"] == page.xpath("//h1/text()")
    assert ["There is no such page"] == page.xpath("//h2/text()")


def test_it_has_the_frame_of_the_site(planet: Planet) -> None:
    """Who is lost finds the start page, the sections, the archive and the feeds."""
    page = made(planet)
    menu = page.xpath("//nav[@class='menu']//a/@href")
    assert ["/", "/#sections", "/#bodies", "/issues/", "/#feeds"] == menu
    assert ["/", "/en/"] == page.xpath("//nav[@class='switch']//a/@href")
    assert ["/", "/en/"] == page.xpath("//main//a/@href")
    assert "/feed.atom" in page.xpath("//footer//a/@href")


@pytest.mark.parametrize(
    ("base_url", "root"), [("https://news.example", "/"), ("https://news.example/city", "/city/")]
)
def test_its_links_hold_at_any_depth(planet: Planet, base_url: str, root: str) -> None:
    """They begin at the root of the site, which may stand in a folder of its host."""
    links = made(planet, base_url).xpath("//@href")
    assert f"{root}assets/site.css" in links
    assert not [link for link in links if not link.startswith((root, "#"))]


def test_nothing_in_it_is_markup(planet: Planet) -> None:
    """Whatever the series is called."""
    titles = {"ko": "<script>x</script>", "en": '"><img src=x>'}
    page = made(replace(planet, series=replace(planet.series, titles=titles)))
    assert not page.xpath("//script | //img")


def test_search_engines_leave_it_out(planet: Planet) -> None:
    """A server may show it under any address: it has none of its own, nor other languages."""
    page = made(planet)
    assert ["noindex"] == page.xpath("//meta[@name='robots']/@content")
    assert not page.xpath("//link[@rel='canonical'] | //link[@hreflang] | //meta[@property]")
