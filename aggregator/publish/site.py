"""The whole published site: assets, pages, and feeds last."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import Planet
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import is_slug
from aggregator.publish.changes import change_feed
from aggregator.publish.entries import FeedContext, issue_feed, story_feed
from aggregator.publish.feed_records import FeedFormat
from aggregator.publish.feeds import render_feed
from aggregator.publish.layout import (
    CHANGES_ATOM,
    FEED_ATOM,
    FEED_RSS,
    ISSUES_ATOM,
    OPML,
    Layout,
)
from aggregator.publish.mail.maker import mail_files
from aggregator.publish.opml import render_opml
from aggregator.publish.other_forms import other_forms
from aggregator.publish.pages import PageMaker


@dataclass(frozen=True, slots=True)
class SiteRenderer:
    """Makes the site from stored records (the port ``Renderer``)."""

    catalogue: Catalogue = field(default_factory=Catalogue.load)

    def render(self, planet: Planet) -> list[Artefact]:
        """Every asset, page and feed, in the order to write them: what a feed points to is there
        before the feed. The same planet gives the same bytes.

        Raises RenderError; an entry that no feed can hold is left out and logged.
        """
        layout = Layout(languages=planet.series.languages)
        pages = PageMaker(planet=planet, layout=layout, catalogue=self.catalogue).pages()
        mails = mail_files(planet, layout, self.catalogue)
        forms = other_forms(planet, layout, self.catalogue)
        return [*assets(), *pages, *mails, *forms, *self._feeds(planet, layout)]

    def _feeds(self, planet: Planet, layout: Layout) -> list[Artefact]:
        """OPML, the feeds of sections, issues and changes, and the combined feed last."""
        context = FeedContext.of(planet, layout, self.catalogue)
        opml = render_opml(planet, self.catalogue, layout.default)
        made = [Artefact(path=OPML, body=opml)]
        for section in planet.series.sections:
            if is_slug(section.id):
                path = layout.section_feed(section.id)
                body = render_feed(story_feed(context, path, section))
                made.append(Artefact(path=path, body=body))
        rss = story_feed(context, FEED_RSS, None, FeedFormat.RSS)
        atom = story_feed(context, FEED_ATOM, None)
        made += [
            Artefact(path=ISSUES_ATOM, body=render_feed(issue_feed(context, ISSUES_ATOM))),
            Artefact(path=CHANGES_ATOM, body=render_feed(change_feed(context, CHANGES_ATOM))),
            Artefact(path=FEED_RSS, body=render_feed(rss)),
            Artefact(path=FEED_ATOM, body=render_feed(atom)),
        ]
        return made


def assets() -> list[Artefact]:
    """The style sheet and pictures that belong to the program, below ``assets/``."""
    folder = resources.files("aggregator.publish").joinpath("assets")
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return [
        Artefact(path=f"assets/{file.name}", body=file.read_bytes())
        for file in files
        if file.is_file() and not file.name.startswith(".")
    ]
