"""An issue in one language, down to the printed strings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType

from aggregator.catalogue import Catalogue
from aggregator.domain.bodies import Body
from aggregator.domain.issues import (
    Edition,
    Phrase,
    Pick,
    PickField,
    PrintedItem,
    PrintedSection,
    Section,
    Series,
    Shape,
)
from aggregator.domain.items import Item
from aggregator.domain.stories import Story
from aggregator.issue.choices import printed_order
from aggregator.issue.event_facts import bullets
from aggregator.issue.lines import byline, heading
from aggregator.issue.regions import region_on
from aggregator.issue.texts import printed_text, source_texts
from aggregator.read.links.addresses import untracked
from aggregator.text.clean import one_line

_WITH_BYLINE = frozenset({Shape.ARTICLE, Shape.MEDIA})
NO_LICENCES: Mapping[str, str] = MappingProxyType({})
LAST = 10**9
"""The administrative order of a story whose body is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A pick with the story it is of. ``source_changed``: its source says something else than when
    it was picked."""

    pick: Pick
    story: Story
    source_changed: bool = False


def day_of(story: Story) -> date | None:
    """The printed day of a story: its primary item's."""
    published = story.primary.item.published
    return published.day if published else None


def in_printed_order(
    picked: Iterable[Picked], series: Series, bodies: Mapping[str, Body]
) -> list[Picked]:
    """Picks by section, then by hand-set position, newest day, administrative order."""
    place = {section.id: n for n, section in enumerate(series.sections)}

    def key(one: Picked) -> tuple[int, int, tuple[int, int, str]]:
        story = one.story
        body = bodies.get(story.primary.item.body)
        order = printed_order(day_of(story), body.order if body else LAST, story.public_id)
        position = one.pick.position
        return (place[one.pick.section], LAST if position is None else position, order)

    return sorted((p for p in picked if p.pick.section in place), key=key)


def build_edition(
    series: Series,
    picked: Sequence[Picked],
    *,
    language: str,
    number: int,
    issue_on: date,
    bodies: Mapping[str, Body],
    catalogue: Catalogue,
    licences: Mapping[str, str] = NO_LICENCES,
) -> Edition:
    """The edition of an issue in ``language``; sections without items are left out. ``licences``
    are those of the feeds, by id, for releases that name none."""
    print_one = partial(
        print_item,
        language=language,
        issue_on=issue_on,
        bodies=bodies,
        catalogue=catalogue,
        licences=licences,
    )
    ordered = in_printed_order(picked, series, bodies)
    sections = [
        PrintedSection(
            id=section.id, label=in_language(section.titles, language), items=tuple(items)
        )
        for section in series.sections
        if (items := [print_one(one, section) for one in ordered if one.pick.section == section.id])
    ]
    return Edition(
        series=series.id,
        language=language,
        number=number,
        issue_on=issue_on,
        title=in_language(series.titles, language),
        tagline=in_language(series.taglines, language),
        heading=heading(number, issue_on),
        sections=tuple(sections),
    )


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, Korean where it has none."""
    return texts.get(language) or texts["ko"]


def print_item(
    one: Picked,
    section: Section,
    *,
    language: str,
    issue_on: date,
    bodies: Mapping[str, Body],
    catalogue: Catalogue,
    licences: Mapping[str, str] = NO_LICENCES,
) -> PrintedItem:
    """One item as the edition prints it in the shape of its section."""
    item = one.story.primary.item
    source = source_texts(one.story.primary, section.shape)
    phrase = partial(
        printed_text,
        source=source,
        source_language=item.language,
        texts=one.pick.texts,
        language=language,
    )
    body = bodies.get(item.body)
    region = region_on(body, day_of(one.story) or issue_on, bodies, language)
    return PrintedItem(
        story=one.story.public_id,
        shape=section.shape,
        headline=phrase(PickField.HEADLINE) or Phrase(text=item.title, language=item.language),
        byline=_byline(one.story, body, language) if section.shape in _WITH_BYLINE else "",
        blurb=phrase(PickField.BLURB),
        note=_note(section, language, catalogue),
        url=untracked(item.link),
        thumbnail=item.thumbnail,
        alt=_alt(item),
        authors=phrase(PickField.AUTHORS),
        lines=_event_lines(one, section, phrase, language, catalogue),
        region=region.id,
        region_name=region.name,
        region_order=region.order,
        licence=_licence(item, licences),
    )


def _byline(story: Story, body: Body | None, language: str) -> str:
    return byline(day_of(story), body.print_name(language) if body else "")


def _note(section: Section, language: str, catalogue: Catalogue) -> str:
    return catalogue.text("issue.media_note", language) if section.shape is Shape.MEDIA else ""


def _licence(item: Item, licences: Mapping[str, str]) -> str:
    return one_line(item.licence) or one_line(licences.get(item.feed_id, ""))


def _alt(item: Item) -> Phrase | None:
    """What the source says its thumbnail shows, in its own language."""
    found = (one_line(image.alt) for image in item.images if image.url == item.thumbnail)
    text = next((alt for alt in found if alt), "") if item.thumbnail else ""
    return Phrase(text=text, language=item.language) if text else None


def _event_lines(
    one: Picked,
    section: Section,
    phrase: Callable[[PickField], Phrase | None],
    language: str,
    catalogue: Catalogue,
) -> tuple[tuple[Phrase, ...], ...]:
    event = one.story.primary.item.event
    if event is None or section.shape is not Shape.EVENT:
        return ()
    return tuple(one.line(language, catalogue) for one in bullets(event, phrase, language))
