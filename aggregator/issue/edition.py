"""An issue in one language, down to the printed strings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from aggregator.issue.lines import byline, event_days, heading
from aggregator.issue.texts import printed_text, source_texts
from aggregator.text.clean import one_line

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
    ordered = in_printed_order(picked, series, bodies)
    sections = []
    for section in series.sections:
        items = tuple(
            replace(
                print_item(one, section, language=language, bodies=bodies, catalogue=catalogue),
                licence=_licence(one.story.primary.item, licences),
            )
            for one in ordered
            if one.pick.section == section.id
        )
        if items:
            label = in_language(section.titles, language)
            sections.append(PrintedSection(id=section.id, label=label, items=items))
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
    bodies: Mapping[str, Body],
    catalogue: Catalogue,
) -> PrintedItem:
    """One item as the edition prints it in the shape of its section."""
    item = one.story.primary.item
    source = source_texts(one.story.primary, section.shape)

    def phrase(name: PickField) -> Phrase | None:
        return printed_text(
            name,
            source=source,
            source_language=item.language,
            texts=one.pick.texts,
            language=language,
        )

    body = bodies.get(item.body)
    has_byline = section.shape in {Shape.ARTICLE, Shape.MEDIA}
    return PrintedItem(
        story=one.story.public_id,
        shape=section.shape,
        headline=phrase(PickField.HEADLINE) or Phrase(text=item.title, language=item.language),
        byline=byline(day_of(one.story), body.print_name(language) if body else "")
        if has_byline
        else "",
        blurb=phrase(PickField.BLURB),
        note=catalogue.text("issue.media_note", language) if section.shape is Shape.MEDIA else "",
        url=item.link,
        thumbnail=item.thumbnail,
        alt=_alt(item),
        authors=phrase(PickField.AUTHORS),
        lines=_event_lines(one, phrase, language, catalogue)
        if section.shape is Shape.EVENT
        else (),
        region=body.home_region if body else "",
    )


def _licence(item: Item, licences: Mapping[str, str]) -> str:
    return one_line(item.licence) or one_line(licences.get(item.feed_id, ""))


def _alt(item: Item) -> Phrase | None:
    """What the source says its thumbnail shows, in its own language."""
    found = (one_line(image.alt) for image in item.images if image.url == item.thumbnail)
    text = next((alt for alt in found if alt), "") if item.thumbnail else ""
    return Phrase(text=text, language=item.language) if text else None


def _event_lines(
    one: Picked,
    phrase: Callable[[PickField], Phrase | None],
    language: str,
    catalogue: Catalogue,
) -> tuple[tuple[Phrase, ...], ...]:
    """Three bullets: name; days and venues; subject and telephone. Empty ones are left out."""
    event = one.story.primary.item.event
    if event is None:
        return ()

    def plain(text: str) -> Phrase | None:
        return Phrase(text=text, language=language) if text else None

    bullets = (
        ("issue.event_name", (phrase(PickField.EVENT_NAME),)),
        ("issue.event_when_where", (plain(event_days(event)), phrase(PickField.VENUE))),
        ("issue.event_subject", (phrase(PickField.SUBJECT), plain(event.phone))),
    )
    lines = []
    for label, found in bullets:
        parts = [part for part in found if part is not None]
        if parts:
            lead = Phrase(text=f"{catalogue.text(label, language)}: ", language=language)
            lines.append((lead, *_joined(parts, language)))
    return tuple(lines)


def _joined(parts: Sequence[Phrase], language: str) -> tuple[Phrase, ...]:
    """Parts with strokes between; parts in the edition's language melt into one phrase."""
    run: list[Phrase] = []
    for n, part in enumerate(parts):
        pieces = [part] if n == 0 else [Phrase(text=" / ", language=language), part]
        for piece in pieces:
            if run and run[-1].language == piece.language:
                run[-1] = Phrase(text=run[-1].text + piece.text, language=piece.language)
            else:
                run.append(piece)
    return tuple(run)
