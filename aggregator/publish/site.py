"""The whole published site: assets, pages, and feeds last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import Planet
from aggregator.ports.publishing import Artefact
from aggregator.publish.archives import combined_artefacts
from aggregator.publish.entries import FeedContext
from aggregator.publish.feed_list import FeedPlace, feed_places
from aggregator.publish.feed_style import feed_stylesheets
from aggregator.publish.feeds import feed_artefacts
from aggregator.publish.layout import FEED, OPML, Layout
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
        places = feed_places(planet, layout, self.catalogue)
        pages = PageMaker(
            planet=planet, layout=layout, catalogue=self.catalogue, feeds=places
        ).pages()
        mails = mail_files(planet, layout, self.catalogue)
        forms = other_forms(planet, layout, self.catalogue)
        opml = render_opml(planet, self.catalogue, layout.default)
        return [
            *assets(),
            *feed_stylesheets(self.catalogue, layout),
            *mails,
            *forms,
            *sorted(pages, key=_depth, reverse=True),
            Artefact(path=OPML, body=opml),
            *self._feeds(planet, layout, places),
        ]

    def _feeds(
        self, planet: Planet, layout: Layout, places: Iterable[FeedPlace]
    ) -> Iterator[Artefact]:
        """Each feed of the table in each of its formats; the combined feed comes last, behind the
        months that it goes on with."""
        context = FeedContext.of(planet, layout, self.catalogue)
        for place in places:
            document = place.document(context)
            if place.stem == FEED:
                yield from combined_artefacts(document, context)
            else:
                yield from feed_artefacts(document)


def _depth(page: Artefact) -> int:
    """How deep a page lies: what lies above leads to what lies below."""
    return page.path.count("/")


def assets() -> list[Artefact]:
    """The style sheet and pictures that belong to the program, below ``assets/``."""
    folder = resources.files("aggregator.publish").joinpath("assets")
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return [
        Artefact(path=f"assets/{file.name}", body=file.read_bytes())
        for file in files
        if file.is_file() and not file.name.startswith(".")
    ]
