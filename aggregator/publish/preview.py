"""The page of one issue, as the whole site would have it, without making the site."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import Planet
from aggregator.ports.publishing import Artefact
from aggregator.publish.feed_list import feed_places
from aggregator.publish.layout import Layout
from aggregator.publish.pages import PageMaker
from aggregator.publish.site import assets
from aggregator.publish.templating import make_environment


@cache
def page_environment() -> Environment:
    """The templates of the site's pages: to compile them takes longer than to fill them."""
    return make_environment()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePreview:
    """Makes single files of the site (the port ``Previewer``)."""

    catalogue: Catalogue

    def issue_files(self, planet: Planet, number: int, language: str) -> list[Artefact]:
        """See ``aggregator.ports.publishing.Previewer``."""
        layout = Layout(languages=planet.series.languages)
        places = feed_places(planet, layout, self.catalogue)
        maker = PageMaker(
            planet=planet,
            layout=layout,
            catalogue=self.catalogue,
            feeds=places,
            environment=page_environment(),
        )
        return maker.issue_files(number, language)

    def assets(self) -> list[Artefact]:
        """See ``aggregator.ports.publishing.Previewer``."""
        return assets()
