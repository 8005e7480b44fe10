"""The configured feeds as OPML 2.0, grouped by the level of their body."""

from __future__ import annotations

from lxml import etree

from aggregator.catalogue import Catalogue
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Feed
from aggregator.domain.publishing import Planet
from aggregator.publish.addresses import public_feed_url
from aggregator.publish.river import series_title
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url


def render_opml(planet: Planet, catalogue: Catalogue, language: str) -> bytes:
    """The active feeds with a public address, in file order within their level.

    There is no date in it: the list is as old as the configuration, which does not say.
    """
    title = catalogue.text("opml.title", language, series=series_title(planet, language))
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title)
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    body = etree.SubElement(root, "body")
    listed = [(_listed(feed, planet), feed) for feed in planet.feeds]
    for level in Level:
        feeds = [feed for under, feed in listed if under is level]
        if feeds:
            label = catalogue.text(f"level.{level.value}", language)
            group = etree.SubElement(body, "outline", text=label, title=label)
            for feed in feeds:
                _add_feed(group, feed, planet)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _listed(feed: Feed, planet: Planet) -> Level | None:
    """The level a feed is listed under, None where it is not; a body that nobody knows counts as
    an agency."""
    if not feed.active or not public_feed_url(feed.url):
        return None
    body = planet.bodies.get(feed.body)
    return body.level if body is not None else Level.AGENCY


def _add_feed(group: etree._Element, feed: Feed, planet: Planet) -> None:
    """One outline of type ``rss``, which stands for Atom too."""
    title = one_line(feed.title)
    outline = etree.SubElement(group, "outline", type="rss", text=title, title=title)
    outline.set("xmlUrl", public_feed_url(feed.url))
    state = planet.states.get(feed.id)
    link = public_url(state.link) if state is not None and state.link else ""
    if link:
        outline.set("htmlUrl", link)
    outline.set("language", one_line(feed.language))
