"""The style sheets that make a feed readable in a browser, one for each language.

They are CSS, which browsers go on supporting for XML; XSLT they remove. Chromium shows what comes as
``application/atom+xml`` or ``application/rss+xml`` as plain text whatever its style sheet, so a server
that wants to be kind to people sends it as ``application/xml`` to what asks for ``text/html``.
"""

from __future__ import annotations

from importlib import resources

from aggregator.catalogue import Catalogue
from aggregator.ports.publishing import Artefact
from aggregator.publish.layout import Layout, feed_stylesheet

_NOTE = "{{ note }}"


def feed_stylesheets(catalogue: Catalogue, layout: Layout) -> list[Artefact]:
    """The style sheet with its one sentence in each language of the series."""
    folder = resources.files("aggregator.publish").joinpath("templates")
    sheet = folder.joinpath("feed.css").read_text(encoding="utf-8")
    return [
        Artefact(
            path=feed_stylesheet(language),
            body=sheet.replace(
                _NOTE, _css_string(catalogue.text("feed.in_browser", language))
            ).encode(),
        )
        for language in layout.languages
    ]


def _css_string(text: str) -> str:
    """``text`` as a string of CSS."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
