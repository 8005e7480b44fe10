"""Files beside the pages: editions as Markdown and ninjs, stories as ninjs, the page for 404."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import Planet
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import INDEX, absolute_url, is_slug
from aggregator.publish.layout import STYLESHEET, Layout
from aggregator.publish.markdown import render_markdown
from aggregator.publish.ninjs import chosen_stories, issue_ninjs, story_ninjs, story_path
from aggregator.publish.river import newest_stories, series_title, shown_stories

MISSING = "404.html"


def other_forms(planet: Planet, layout: Layout, catalogue: Catalogue) -> list[Artefact]:
    """``issue.md`` and ``issue.ninjs.json`` beside each edition's page, ``stories/`` with the
    stories of the combined feed and of all issues, and ``404.html``. Raises RenderError."""
    made = [Artefact(path=MISSING, body=missing_page(planet, catalogue))]
    for issue in planet.issues:
        for edition in issue.editions:
            if not is_slug(edition.language):
                continue
            page = layout.issue(issue, edition.language)
            folder = page.removesuffix(INDEX)
            url = absolute_url(planet.options.base_url, page)
            markdown = render_markdown(issue, edition, url, catalogue)
            ninjs = issue_ninjs(issue, edition, planet, layout, catalogue)
            made.append(Artefact(path=f"{folder}issue.md", body=markdown))
            made.append(Artefact(path=f"{folder}issue.ninjs.json", body=ninjs))
    stories = shown_stories(planet)
    newest = newest_stories(stories, planet.options.feed_limit, planet.options.feed_days)
    made += [
        Artefact(
            path=story_path(placed.story.public_id),
            body=story_ninjs(placed, planet, layout.default),
        )
        for placed in chosen_stories(stories, planet.issues, newest)
        if is_slug(placed.story.public_id)
    ]
    return made


def missing_page(planet: Planet, catalogue: Catalogue) -> bytes:
    """What a server shows for an address at which nothing stands, in every language of the series.

    It is shown at any depth, so its links begin at the root of the site's public address.
    """
    root = escape(urlsplit(planet.options.base_url).path.rstrip("/") + "/")
    first, *others = planet.series.languages

    def told(language: str, level: int) -> str:
        def text(key: str) -> str:
            return escape(catalogue.text(key, language))

        home = escape(series_title(planet, language))
        return (
            f'<section lang="{escape(language)}">\n<h{level}>{text("missing.title")}</h{level}>\n'
            f'<p>{text("missing.what")} <a href="{root}">{home}</a></p>\n</section>\n'
        )

    body = told(first, 1) + "".join(told(language, 2) for language in others)
    title = f"{catalogue.text('missing.title', first)} · {series_title(planet, first)}"
    return (
        "<!doctype html>\n"
        f'<html lang="{escape(first)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="{root}{STYLESHEET}">\n</head>\n'
        f'<body>\n<main class="wrap">\n{body}</main>\n</body>\n</html>\n'
    ).encode()
