"""The lists beside the river: sections, bodies by level, and on which day each feed was last read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from aggregator.catalogue import Catalogue
from aggregator.domain.bodies import Body, Level
from aggregator.domain.issues import Section
from aggregator.domain.items import SEOUL
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.addresses import is_slug
from aggregator.publish.layout import Layout
from aggregator.publish.river import section_label, section_tone
from aggregator.publish.views import FeedRow, LevelRows, ListRow, Side
from aggregator.text.public_url import public_url


def paged_sections(planet: Planet) -> list[Section]:
    """The sections with a page and a feed, in the series' order."""
    return [section for section in planet.series.sections if is_slug(section.id)]


def paged_bodies(planet: Planet, stories: Sequence[PlacedStory]) -> list[Body]:
    """The bodies with a page: those of these stories and of active feeds, in administrative
    order."""
    ids = {placed.story.primary.item.body for placed in stories}
    return _known_bodies(planet, ids | {feed.body for feed in planet.feeds if feed.active})


def published_bodies(planet: Planet, stories: Sequence[PlacedStory]) -> list[Body]:
    """The bodies with a feed: those of these stories alone, in administrative order."""
    return _known_bodies(planet, {placed.story.primary.item.body for placed in stories})


def _known_bodies(planet: Planet, ids: Collection[str]) -> list[Body]:
    known = planet.bodies
    bodies = [known[body_id] for body_id in ids if body_id in known and is_slug(body_id)]
    return sorted(bodies, key=lambda body: (body.order, body.id))


def side_lists(
    planet: Planet,
    layout: Layout,
    catalogue: Catalogue,
    stories: Sequence[PlacedStory],
    language: str,
) -> Side:
    """The lists in ``language``, with the number of these stories for each section and body."""
    by_section = Counter(placed.section for placed in stories)
    by_body = Counter(placed.story.primary.item.body for placed in stories)
    sections = tuple(
        ListRow(
            label=section_label(section, language),
            path=layout.section(section.id, language),
            count=by_section[section.id],
            tone=section_tone(planet.series, section.id),
            feed=layout.section_feed(section.id),
        )
        for section in paged_sections(planet)
    )
    rows: dict[Level, list[ListRow]] = {}
    for body in paged_bodies(planet, stories):
        path = layout.body(body.id, language)
        row = ListRow(label=body.print_name(language), path=path, count=by_body[body.id])
        rows.setdefault(body.level, []).append(row)
    levels = tuple(
        LevelRows(label=catalogue.text(f"level.{level.value}", language), bodies=tuple(rows[level]))
        for level in Level
        if level in rows
    )
    return Side(sections=sections, levels=levels)


def feeds_seen(planet: Planet) -> tuple[FeedRow, ...]:
    """The day on which each active feed was last read, in file order. The hour would make another
    page of each visit, for readers who ask whether anything is new."""
    rows = []
    for feed in planet.feeds:
        if not feed.active:
            continue
        state = planet.states.get(feed.id)
        seen_at = state.last_ok_at if state is not None else None
        rows.append(
            FeedRow(
                title=feed.title,
                language=feed.language,
                url=public_url(state.link) if state is not None and state.link else "",
                seen_on=seen_at.astimezone(SEOUL).date() if seen_at is not None else None,
                delayed=state is not None and state.failures > 0,
            )
        )
    return tuple(rows)
