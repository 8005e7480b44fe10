"""The table of feeds: where each stands, what it is called, and which entries it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from aggregator.catalogue import Catalogue
from aggregator.domain.publishing import PlacedStory, Planet
from aggregator.publish.addresses import keyless
from aggregator.publish.arrivals import latest_stories
from aggregator.publish.changes import change_entry
from aggregator.publish.corrections import correction_entry, made_corrections
from aggregator.publish.entries import FeedContext, issue_entry, story_entries
from aggregator.publish.feed_records import FeedDocument, FeedEntry
from aggregator.publish.layout import FEED, Layout
from aggregator.publish.river import section_label, series_title, shown_stories
from aggregator.publish.side import paged_sections, published_bodies
from aggregator.text.clean import one_line

Entries = tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlace:
    """One feed of the table. ``stem`` is its path without the ending, ``name`` what its id is made
    of, ``titles`` what pages call it by language, ``page`` the path of the page it belongs to,
    ``gather`` makes its entries, newest first."""

    stem: str
    name: tuple[str, ...]
    language: str
    titles: Mapping[str, str]
    subtitle: str
    page: str
    gather: Callable[[FeedContext], Entries]

    def title(self, language: str) -> str:
        """What a page in this language calls it."""
        return self.titles.get(language) or self.titles[self.language]

    def document(self, context: FeedContext) -> FeedDocument:
        """The feed to write. One without entries is as old as the tag authority's date: the oldest
        instant at which it can have come to be, and the same in every build."""
        options = context.planet.options
        entries = self.gather(context)
        return FeedDocument(
            stem=self.stem,
            base_url=options.base_url,
            page=self.page,
            id=context.tags.uri("feed", *self.name),
            title=self.titles[self.language],
            subtitle=self.subtitle or self.titles[self.language],
            author=one_line(series_title(context.planet, self.language)),
            language=self.language,
            updated=max((entry.updated for entry in entries), default=context.tags.since()),
            hub=keyless(options.hub),
            entries=entries,
        )


def feed_places(planet: Planet, layout: Layout, catalogue: Catalogue) -> tuple[FeedPlace, ...]:
    """Every feed, in the order to write them: sections, bodies with a published story, issues in
    each language, changes and corrections in each, and the combined feed last. Those of stories are
    in the default language."""
    maker = _Maker(planet=planet, layout=layout, catalogue=catalogue)
    return (
        *maker.sections(),
        *maker.bodies(),
        *(maker.issues(language) for language in layout.languages),
        *(maker.changes(language) for language in layout.languages),
        *(maker.corrections(language) for language in layout.languages),
        maker.combined(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    planet: Planet
    layout: Layout
    catalogue: Catalogue

    def sections(self) -> Iterator[FeedPlace]:
        default = self.layout.default
        for section in paged_sections(self.planet):
            yield self._place(
                stem=self.layout.section_feed(section.id),
                name=("section", section.id),
                titles=self._titles("feed.section_title", section=partial(section_label, section)),
                page=self.layout.section(section.id, self.layout.default),
                gather=partial(_stories, partial(_is_in_section, section.id)),
                subtitle=self.catalogue.text(
                    f"section.description.{section.shape.value}",
                    default,
                    section=section_label(section, default),
                ),
            )

    def bodies(self) -> Iterator[FeedPlace]:
        default = self.layout.default
        for body in published_bodies(self.planet, shown_stories(self.planet)):
            yield self._place(
                stem=self.layout.body_feed(body.id),
                name=("body", body.id),
                titles=self._titles("feed.body_title", body=body.print_name),
                page=self.layout.body(body.id, self.layout.default),
                gather=partial(_stories, partial(_is_of_body, body.id)),
                subtitle=self.catalogue.text(
                    "body.description", default, body=body.print_name(default)
                ),
            )

    def issues(self, language: str) -> FeedPlace:
        return self._place(
            stem=self.layout.issues_feed(language),
            name=self._name("issues", language),
            titles=self._titles("feed.issues_title"),
            page=self.layout.archive(language),
            gather=partial(_issues, language),
            language=language,
        )

    def changes(self, language: str) -> FeedPlace:
        return self._place(
            stem=self.layout.changes_feed(language),
            name=self._name("changes", language),
            titles=self._titles("feed.changes_title"),
            page=self.layout.index(language),
            gather=partial(_changes, language),
            language=language,
            subtitle=self.catalogue.text("feed.changes_subtitle", language),
        )

    def corrections(self, language: str) -> FeedPlace:
        return self._place(
            stem=self.layout.corrections_feed(language),
            name=self._name("corrections", language),
            titles=self._titles("feed.corrections_title"),
            page=self.layout.archive(language),
            gather=partial(_corrections, language),
            language=language,
            subtitle=self.catalogue.text("feed.corrections_subtitle", language),
        )

    def _name(self, name: str, language: str) -> tuple[str, ...]:
        return (name,) if language == self.layout.default else (name, language)

    def combined(self) -> FeedPlace:
        return self._place(
            stem=FEED,
            name=("all",),
            titles=self._titles("feed.all_title"),
            page=self.layout.index(self.layout.default),
            gather=partial(_stories, _is_any),
        )

    def _place(
        self,
        *,
        stem: str,
        name: tuple[str, ...],
        titles: Mapping[str, str],
        page: str,
        gather: Callable[[FeedContext], Entries],
        language: str = "",
        subtitle: str = "",
    ) -> FeedPlace:
        """A row of the table, in the default language unless another is given."""
        language = language or self.layout.default
        tagline = self.planet.series.taglines.get(language, "")
        return FeedPlace(
            stem=stem,
            name=name,
            language=language,
            titles=titles,
            subtitle=one_line(subtitle or tagline),
            page=page,
            gather=gather,
        )

    def _titles(self, key: str, **labels: Callable[[str], str]) -> dict[str, str]:
        """The text of ``key`` in each language, with the series' title and these labels."""
        return {
            language: one_line(
                self.catalogue.text(
                    key,
                    language,
                    series=series_title(self.planet, language),
                    **{name: label(language) for name, label in labels.items()},
                )
            )
            for language in self.layout.languages
        }


def _is_in_section(section_id: str, placed: PlacedStory) -> bool:
    return placed.section == section_id


def _is_of_body(body_id: str, placed: PlacedStory) -> bool:
    return placed.story.primary.item.body == body_id


def _is_any(placed: PlacedStory) -> bool:  # noqa: ARG001 - one of the tests of a story
    return True


def _stories(is_in: Callable[[PlacedStory], bool], context: FeedContext) -> Entries:
    """Those of these stories that came last, within the limits of the options."""
    options = context.planet.options
    stories = [placed for placed in context.shown if is_in(placed)]
    chosen = latest_stories(stories, context.arrived, options.feed_limit, options.feed_days)
    return story_entries(chosen, context)


def _issues(language: str, context: FeedContext) -> Entries:
    """The newest published issues that have an edition for this language; ``feed_limit`` bounds
    their number."""
    issues = sorted(context.planet.issues, key=lambda issue: issue.number, reverse=True)
    made = (issue_entry(issue, context, language) for issue in issues if issue.editions)
    entries = [entry for entry in made if entry is not None]
    return tuple(entries[: context.planet.options.feed_limit])


def _changes(language: str, context: FeedContext) -> Entries:
    """What sources changed, as the planet has it."""
    return tuple(change_entry(one, context, language) for one in context.planet.changes)


def _corrections(language: str, context: FeedContext) -> Entries:
    """The newest corrections of issues, within the limits of the options."""
    only = "" if language == context.layout.default else language
    made = made_corrections(context.planet, only)
    return tuple(correction_entry(issue, one, context, language) for issue, one in made)
