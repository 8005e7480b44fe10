"""Files beside the pages: editions as Markdown and ninjs, stories as ninjs."""

from __future__ import annotations

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import Planet
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import INDEX, absolute_url, is_slug
from aggregator.publish.layout import Layout
from aggregator.publish.markdown import render_markdown
from aggregator.publish.ninjs import chosen_stories, issue_ninjs, story_ninjs, story_path
from aggregator.publish.river import newest_stories, shown_stories


def other_forms(planet: Planet, layout: Layout, catalogue: Catalogue) -> list[Artefact]:
    """``issue.md`` and ``issue.ninjs.json`` beside each edition's page, ``stories/`` with the
    stories of the combined feed and of all issues. Raises RenderError."""
    made = []
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
            body=story_ninjs(placed, planet, layout.default, catalogue),
        )
        for placed in chosen_stories(stories, planet.issues, newest)
        if is_slug(placed.story.public_id)
    ]
    return made
