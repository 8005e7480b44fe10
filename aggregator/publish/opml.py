"""The configured feeds as OPML 2.0, grouped by the level of their body.

Who takes the list into a feed reader wants each line to work there. A page of releases is no feed, and an
interface answers those alone who have a key: for their body stands the feed that we publish of it.
"""

from __future__ import annotations

from lxml import etree

from aggregator.catalogue import Catalogue
from aggregator.domain.bodies import Body, Level
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.publishing import Planet
from aggregator.publish.addresses import absolute_url, public_feed_url
from aggregator.publish.feed_records import FeedFormat
from aggregator.publish.layout import Layout
from aggregator.publish.river import series_title, shown_stories
from aggregator.publish.side import published_bodies
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url


def render_opml(
    planet: Planet, catalogue: Catalogue, language: str, *, every_source: bool = False
) -> bytes:
    """The active feeds with a public address, in file order within their level; behind them our
    own feeds of the bodies that have none to which everybody can subscribe. ``every_source`` lists
    the sources alone, pages and interfaces too, without keys: for another program that reads them.

    There is no date in it: the list is as old as the configuration, which does not say.
    """
    title = catalogue.text("opml.title", language, series=series_title(planet, language))
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title)
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    body = etree.SubElement(root, "body")
    feeds = [feed for feed in planet.feeds if _works(feed) or (every_source and _is_public(feed))]
    listed = [(_level(feed.body, planet), _feed(feed, planet)) for feed in feeds]
    bodies = [] if every_source else _bodies(planet)
    listed += [(one.level, _own(one, planet, catalogue, language)) for one in bodies]
    for level in Level:
        outlines = [outline for under, outline in listed if under is level]
        if outlines:
            label = catalogue.text(f"level.{level.value}", language)
            group = etree.SubElement(body, "outline", text=label, title=label)
            group.extend(outlines)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _works(feed: Feed) -> bool:
    """Whether everybody can subscribe to it: it is a feed, and needs no key."""
    url = public_url(feed.url)
    return feed.active and feed.kind is FeedKind.FEED and bool(url) and public_feed_url(url) == url


def _is_public(feed: Feed) -> bool:
    return feed.active and bool(public_feed_url(feed.url))


def _bodies(planet: Planet) -> list[Body]:
    """The bodies of which there is a source to which nobody can subscribe, and no other, and a feed
    of ours."""
    closed = {feed.body for feed in planet.feeds if feed.active and not _works(feed)}
    closed -= {feed.body for feed in planet.feeds if _works(feed)}
    return [one for one in published_bodies(planet, shown_stories(planet)) if one.id in closed]


def _level(body_id: str, planet: Planet) -> Level:
    """The level of a body; one that nobody knows counts as an agency."""
    body = planet.bodies.get(body_id)
    return body.level if body is not None else Level.AGENCY


def _feed(feed: Feed, planet: Planet) -> etree._Element:
    state = planet.states.get(feed.id)
    page = public_url(state.link) if state is not None and state.link else ""
    return _outline(one_line(feed.title), public_feed_url(feed.url), page, feed.language)


def _own(body: Body, planet: Planet, catalogue: Catalogue, language: str) -> etree._Element:
    """The feed that we publish of a body."""
    layout = Layout(languages=planet.series.languages)
    series = series_title(planet, language)
    title = catalogue.text(
        "feed.body_title", language, series=series, body=body.print_name(language)
    )
    base = planet.options.base_url
    url = absolute_url(base, f"{layout.body_feed(body.id)}.{FeedFormat.ATOM.ending}")
    page = absolute_url(base, layout.body(body.id, layout.default))
    return _outline(one_line(title), url, page, layout.default)


def _outline(title: str, url: str, page: str, language: str) -> etree._Element:
    """One outline of type ``rss``, which stands for Atom too."""
    outline = etree.Element("outline", type="rss", text=title, title=title)
    outline.set("xmlUrl", url)
    if page:
        outline.set("htmlUrl", page)
    outline.set("language", one_line(language))
    return outline
