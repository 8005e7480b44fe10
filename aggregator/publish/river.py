"""Stories as the site shows them: which are shown, in which order, with which links and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aggregator.catalogue import print_day
from aggregator.domain.bodies import Body
from aggregator.domain.feeds import DESK_FEED_ID, Carries
from aggregator.domain.issues import Phrase, PrintedItem, Section, Series, Shape
from aggregator.domain.items import LONGEST_HOLD, SEOUL, Item, Person, StoredItem
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.issue.event_facts import source_bullets
from aggregator.issue.lines import authors_line
from aggregator.publish.addresses import reader_url
from aggregator.publish.titles import short_lead, shown_title
from aggregator.publish.views import Withdrawal

PAGE_LIMIT = 300
"""How many stories one page holds."""

EARLIEST = datetime(1990, 1, 1, tzinfo=SEOUL)
"""No release that a feed brings is older: 1970 is what an empty column of a database looks like, 1980
what some machines take for the present; and readers do not believe in feeds before there was a web."""

TONES = 6
"""How many colours the style sheet has for sections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlace:
    """One more place where a story stands."""

    name: str
    url: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as a page prints it. ``language`` is that of its words, ``link_language`` that of what it
    links. ``facts`` are an event's, each with its label's name in the catalogue or with "" where it
    has one in it; ``authors`` those of a paper, who stand in the place of a body; ``body_name`` is ""
    where nobody is known to have issued it. ``tone`` numbers the section's colour, 0 for none;
    ``withdrawal`` is where an issue that printed it took it back."""

    public_id: str
    headline: str
    url: str
    blurb: str
    facts: tuple[tuple[str, tuple[Phrase, ...]], ...]
    authors: str
    language: str
    link_language: str
    body_id: str
    body_name: str
    day: date | None
    byline_day: str
    section: Section | None
    section_label: str
    tone: int
    other_places: tuple[OtherPlace, ...]
    withdrawal: Withdrawal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """The stories of one day."""

    day: date
    stories: tuple[StoryView, ...]


def is_misdated(stored: StoredItem) -> bool:
    """Whether the source's date lies too far after the first sight of the item to be believed, or
    before there was anything to read it.

    That is a slip of the source; sorted by it, the item would stay on top until that day.
    """
    published = stored.item.published
    if published is None:
        return False
    latest = stored.first_seen_at + LONGEST_HOLD
    return published.clamped or not EARLIEST <= published.at <= latest


def ranked_at(stored: StoredItem) -> datetime:
    """The instant an item is sorted by: its own date, or the first sight of it where it has none
    or is misdated."""
    published = stored.item.published
    return stored.first_seen_at if published is None or is_misdated(stored) else published.at


def ranked_day(stored: StoredItem) -> date:
    """The day of ``ranked_at`` in Asia/Seoul."""
    return ranked_at(stored).astimezone(SEOUL).date()


def updated_at(stored: StoredItem) -> datetime:
    """The instant of an item's last real change, its appearance included; never the present."""
    appeared = ranked_at(stored)
    changed = stored.changed_at
    return appeared if changed is None else max(appeared, changed)


def shown_stories(planet: Planet) -> tuple[PlacedStory, ...]:
    """The stories to publish, newest first, ties by public id: those of a section of the series,
    and the others too where the options ask for everything."""
    known = {section.id for section in planet.series.sections}
    shown = [
        placed
        for placed in planet.stories
        if placed.story.members and (planet.options.everything or placed.section in known)
    ]
    shown.sort(key=lambda placed: placed.story.public_id)
    shown.sort(key=lambda placed: ranked_at(placed.story.primary), reverse=True)
    return tuple(shown)


def newest_stories(stories: Sequence[PlacedStory], limit: int, days: int) -> list[PlacedStory]:
    """At most ``limit`` of these sorted stories, none more than ``days`` older than the first."""
    if not stories:
        return []
    oldest = ranked_at(stories[0].story.primary) - timedelta(days=days)
    return [p for p in stories[:limit] if ranked_at(p.story.primary) >= oldest]


def body_name(item: Item, planet: Planet, language: str) -> str:
    """The print name of the item's body; the feed's or the series' title where it is unknown."""
    body = planet.bodies.get(item.body)
    if body is not None:
        return body.print_name(language)
    feed = next((feed for feed in planet.feeds if feed.id == item.feed_id), None)
    return feed.title if feed is not None else series_title(planet, language)


def authors_of(placed: PlacedStory, planet: Planet) -> tuple[Person, ...]:
    """The authors of a paper; none for what an office issues, whoever wrote it there."""
    item = placed.story.primary.item
    section = planet.series.section(placed.section) if placed.section is not None else None
    feed = next((feed for feed in planet.feeds if feed.id == item.feed_id), None)
    is_paper = (section is not None and section.shape is Shape.PAPER) or (
        feed is not None and feed.carries is Carries.PAPER
    )
    return item.authors if is_paper else ()


def series_title(planet: Planet, language: str) -> str:
    """The series' title in ``language``, or in its first language."""
    titles = planet.series.titles
    return titles.get(language) or titles[planet.series.languages[0]]


def section_label(section: Section, language: str) -> str:
    """A section's title in ``language``, in Korean or in whatever language it has one."""
    return (
        section.titles.get(language)
        or section.titles.get("ko")
        or next(iter(section.titles.values()))
    )


def section_tone(series: Series, section_id: str) -> int:
    """The number, from 1, of a section's colour; 0 for one that the series does not have."""
    places = {section.id: place for place, section in enumerate(series.sections)}
    return places[section_id] % TONES + 1 if section_id in places else 0


def other_places(placed: PlacedStory, planet: Planet, language: str) -> tuple[OtherPlace, ...]:
    """Where else the story stands: the members after the primary that have a public link, each
    link once."""
    primary = placed.story.primary.item
    seen = {reader_url(primary.link), primary.canonical_url} - {""}
    found = []
    for member in placed.story.members[1:]:
        item = member.item
        url = reader_url(item.link)
        if not url or url in seen or (item.canonical_url and item.canonical_url in seen):
            continue
        seen |= {url, item.canonical_url}
        name = body_name(item, planet, language)
        found.append(OtherPlace(name=name, url=url, language=item.language))
    return tuple(found)


def view_story(
    placed: PlacedStory, planet: Planet, language: str, withdrawal: Withdrawal | None = None
) -> StoryView:
    """A story as a page in ``language`` prints it in its source's own words, endless ones cut. A
    misdated one bears the day it was first seen on."""
    stored = placed.story.primary
    item = stored.item
    section = planet.series.section(placed.section) if placed.section is not None else None
    day = ranked_day(stored) if item.published is not None else None
    body: Body | None = planet.bodies.get(item.body)
    return StoryView(
        public_id=placed.story.public_id,
        headline=shown_title(item.title),
        url=reader_url(item.link),
        blurb=short_lead(item.summary),
        facts=tuple(source_bullets(stored, language)),
        authors=authors_line(authors_of(placed, planet)),
        language=item.language,
        link_language=item.language,
        body_id=body.id if body is not None else "",
        body_name=""
        if body is None and item.feed_id == DESK_FEED_ID
        else body_name(item, planet, language),
        day=day,
        byline_day=print_day(day) if day is not None else "",
        section=section,
        section_label=section_label(section, language) if section is not None else "",
        tone=section_tone(planet.series, section.id) if section is not None else 0,
        other_places=other_places(placed, planet, language),
        withdrawal=withdrawal,
    )


def translated(view: StoryView, printed: PrintedItem, language: str) -> StoryView:
    """The same story in the words that an issue printed in ``language``; the link stays."""
    return replace(
        view,
        headline=printed.headline.text,
        blurb=printed.blurb.text if printed.blurb is not None else "",
        facts=tuple(("", line) for line in printed.lines),
        authors=printed.authors.text if printed.authors is not None else view.authors,
        language=language,
    )


def group_by_day(
    stories: Sequence[PlacedStory],
    planet: Planet,
    language: str,
    withdrawals: Mapping[str, Withdrawal],
    printed: Mapping[str, PrintedItem],
) -> list[DayView]:
    """The stories of each day in their order; one without a date, or misdated, stands under the
    day it was first seen on. ``withdrawals`` says by story which an issue took back, ``printed``
    what one printed in ``language``."""
    days: dict[date, list[StoryView]] = {}
    for placed in stories:
        day, story = ranked_day(placed.story.primary), placed.story.public_id
        view = view_story(placed, planet, language, withdrawals.get(story))
        if view.language != language and story in printed:
            view = translated(view, printed[story], language)
        days.setdefault(day, []).append(view)
    return [DayView(day=day, stories=tuple(views)) for day, views in days.items()]
