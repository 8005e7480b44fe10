"""The site's pages as HTML: what each shows, and the frame around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jinja2 import Environment

from aggregator.catalogue import Catalogue
from aggregator.domain.bodies import Body
from aggregator.domain.issues import Edition, Section
from aggregator.domain.items import SEOUL
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.issue.corrected import split_byline
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import absolute_url, is_slug
from aggregator.publish.correction_views import correction_views, withdrawals, withdrawn_stories
from aggregator.publish.feed_list import FeedPlace
from aggregator.publish.feed_records import FeedFormat
from aggregator.publish.issue_data import IssueData
from aggregator.publish.layout import FEED, MISSING, Layout
from aggregator.publish.licences import attribution, licence_url, licence_words
from aggregator.publish.linked_data import LinkedData, instant, office
from aggregator.publish.month_picture import draw_month, month_table
from aggregator.publish.river import (
    PAGE_LIMIT,
    DayView,
    group_by_day,
    newest_stories,
    section_label,
    section_tone,
    series_title,
    shown_stories,
)
from aggregator.publish.side import feeds_seen, paged_bodies, paged_sections, side_lists
from aggregator.publish.templating import fill, make_environment
from aggregator.publish.translations import translations
from aggregator.publish.views import (
    FeedLink,
    IssueRow,
    LanguageLink,
    Page,
    Side,
    TonedSection,
)
from aggregator.text.clean import one_line

LEADS = 3
"""How many headlines of an issue the archive shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMaker:
    """Makes every page of one planet."""

    planet: Planet
    layout: Layout
    catalogue: Catalogue
    feeds: tuple[FeedPlace, ...]
    environment: Environment = field(default_factory=make_environment)

    def pages(self) -> list[Artefact]:
        """All pages, in every language of the series, and the one for 404. Raises RenderError."""
        stories = shown_stories(self.planet)
        made = []
        for language in self.layout.languages:
            made.append(self._index(stories, language))
            made += [self._section(s, stories, language) for s in paged_sections(self.planet)]
            made += [self._body(b, stories, language) for b in paged_bodies(self.planet, stories)]
            made.append(self._archive(language))
        for issue in self._issues():
            for edition in issue.editions:
                if is_slug(edition.language):
                    made += self._issue(issue, edition)
        return [*made, self._missing()]

    def issue_files(self, number: int, language: str) -> list[Artefact]:
        """What stands in the folder of one edition of an issue: its page last; nothing for an issue or
        edition that there is not. Raises RenderError."""
        for issue in self._issues():
            for edition in issue.editions:
                if (issue.number, edition.language) == (number, language) and is_slug(language):
                    return list(self._issue(issue, edition))
        return []

    def _issues(self) -> list[PrintedIssue]:
        """Issues with an edition, the newest first."""
        issues = [issue for issue in self.planet.issues if issue.editions]
        return sorted(issues, key=lambda issue: issue.number, reverse=True)

    def _index(self, stories: Sequence[PlacedStory], language: str) -> Artefact:
        options = self.planet.options
        chosen = newest_stories(stories, options.feed_limit, options.feed_days)
        issues = self._issues()
        page = self._page(
            {one: self.layout.index(one) for one in self.layout.languages},
            language,
            title=series_title(self.planet, language),
            description=self._text("river.description", language),
            place="index",
        )
        tagline = self.planet.series.taglines.get(language, "")
        return self._render(
            "river.html",
            replace(page, data=self._data.front(page, chosen, issues)),
            eyebrow=tagline,
            heading=series_title(self.planet, language),
            latest=self._issue_row(issues[0], language) if issues else None,
            days=self._days(chosen, language),
            truncated=0,
            own_feed="",
            side=replace(self._side(stories, language), feeds=feeds_seen(self.planet)),
            bodies_shown={body.id for body in paged_bodies(self.planet, stories)},
        )

    def _section(self, section: Section, stories: Sequence[PlacedStory], language: str) -> Artefact:
        label = section_label(section, language)
        page = self._page(
            {one: self.layout.section(section.id, one) for one in self.layout.languages},
            language,
            title=f"{label} · {series_title(self.planet, language)}",
            description=self._text(
                f"section.description.{section.shape.value}", language, section=label
            ),
            feed=self.layout.section_feed(section.id),
        )
        mine = [placed for placed in stories if placed.section == section.id]
        page = replace(page, data=self._data.listing(page, mine))
        return self._river(page, mine, stories, label, self._text("site.sections", language))

    def _body(self, body: Body, stories: Sequence[PlacedStory], language: str) -> Artefact:
        name = body.print_name(language)
        page = self._page(
            {one: self.layout.body(body.id, one) for one in self.layout.languages},
            language,
            title=f"{name} · {series_title(self.planet, language)}",
            description=self._text("body.description", language, body=name),
            feed=self.layout.body_feed(body.id),
        )
        mine = [placed for placed in stories if placed.story.primary.item.body == body.id]
        page = replace(page, data=self._data.listing(page, mine, office(name, body)))
        level = self._text(f"level.{body.level.value}", language)
        feed = self.layout.body_feed(body.id) if mine else ""
        return self._river(page, mine, stories, name, level, own_feed=feed)

    def _river(
        self,
        page: Page,
        mine: Sequence[PlacedStory],
        stories: Sequence[PlacedStory],
        heading: str,
        eyebrow: str,
        *,
        own_feed: str = "",
    ) -> Artefact:
        """A page of these stories; ``own_feed`` is listed among the feeds where it is not anyway."""
        return self._render(
            "river.html",
            page,
            eyebrow=eyebrow,
            heading=heading,
            latest=None,
            days=self._days(mine[:PAGE_LIMIT], page.language),
            truncated=PAGE_LIMIT if len(mine) > PAGE_LIMIT else 0,
            own_feed=own_feed,
            side=self._side(stories, page.language),
            bodies_shown={body.id for body in paged_bodies(self.planet, stories)},
        )

    def _days(self, stories: Sequence[PlacedStory], language: str) -> list[DayView]:
        issues = self._issues()
        gone, printed = withdrawals(issues, self.layout, language), translations(issues, language)
        return group_by_day(stories, self.planet, language, gone, printed)

    def _archive(self, language: str) -> Artefact:
        page = self._page(
            {one: self.layout.archive(one) for one in self.layout.languages},
            language,
            title=f"{self._text('archive.title', language)} · {series_title(self.planet, language)}",
            description=self._text("archive.description", language),
            place="archive",
        )
        issues = self._issues()
        page = replace(page, data=self._data.archive(page, issues))
        rows = [self._issue_row(issue, language) for issue in issues]
        return self._render("archive.html", page, rows=rows)

    def _issue(self, issue: PrintedIssue, edition: Edition) -> Iterator[Artefact]:
        """The picture of the month and the page that shows it."""
        language = edition.language
        table = month_table(edition, self.planet.bodies, self._text("picture.national", language))
        picture = self.layout.month_picture(issue, language)
        drawn = draw_month(table, f"{edition.heading} – {self._text('picture.title', language)}")
        yield Artefact(path=picture, body=drawn)
        page = self._page(
            {one.language: self.layout.issue(issue, one.language) for one in issue.editions},
            language,
            title=one_line(f"{edition.title} {edition.heading}"),
            description=edition.tagline,
            place="issue",
        )
        about = IssueData(base=self._data, stories=self._stories())
        page = replace(page, data=about.issue(page, issue, edition))
        yield self._render(
            "issue.html",
            page,
            edition=edition,
            month=table,
            licences=self._licences(edition),
            month_picture=picture,
            published_at=instant(issue.published_at),
            shown_picture=self._shown_picture(edition),
            thumbnails=self.planet.thumbnails,
            sections=[
                TonedSection(printed=section, tone=section_tone(self.planet.series, section.id))
                for section in edition.sections
                if section.items
            ],
            **self._corrections(issue, edition),
            **self._around(issue, language),
        )

    def _licences(self, edition: Edition) -> dict[str, tuple[str, str]]:
        """By story the licence of an item with the office to be named, and where its text stands."""
        items = [item for section in edition.sections for item in section.items]
        found = {}
        for item in items:
            words = licence_words(item.licence, edition.language, self.catalogue)
            line = attribution(words, split_byline(item.byline)[1])
            if line:
                found[item.story] = (line, licence_url(item.licence))
        return found

    def _corrections(self, issue: PrintedIssue, edition: Edition) -> dict[str, object]:
        """What the page tells of corrections made since the issue was published."""
        corrections = correction_views(issue, edition, self.catalogue)
        corrected_at = issue.corrected.get(edition.language)
        return {
            "corrected_on": corrected_at.astimezone(SEOUL).date() if corrected_at else None,
            "corrections": corrections,
            "mail_is_older": any(one.is_mailed for one in corrections),
            "withdrawn": withdrawn_stories(issue),
        }

    def _around(self, issue: PrintedIssue, language: str) -> dict[str, IssueRow | None]:
        """The issues before and after, None where there is none."""
        issues = self._issues()
        older = next((one for one in issues if one.number < issue.number), None)
        newer = next((one for one in reversed(issues) if one.number > issue.number), None)
        return {
            "previous": self._issue_row(older, language) if older else None,
            "following": self._issue_row(newer, language) if newer else None,
        }

    def _shown_picture(self, edition: Edition) -> str:
        """The address of the first picture that an edition's page shows, "" for none: what a link
        to the page is shown with elsewhere."""
        items = (item for section in edition.sections for item in section.items)
        paths = (self.planet.thumbnails.get(item.thumbnail, "") for item in items)
        found = next((path for path in paths if path), "")
        return absolute_url(self.planet.options.base_url, found) if found else ""

    def _issue_row(self, issue: PrintedIssue, language: str) -> IssueRow:
        edition = self.layout.edition(issue, language)
        items = [item for section in edition.sections for item in section.items]
        return IssueRow(
            edition=edition,
            language_name=self._language_name(f"called.{edition.language}", language),
            path=self.layout.issue(issue, edition.language),
            count=len(items),
            leads=tuple(item.headline for item in items[:LEADS]),
        )

    def _stories(self) -> dict[str, PlacedStory]:
        """What the planet holds, by public id."""
        return {one.story.public_id: one for one in self.planet.stories if one.story.members}

    def _missing(self) -> Artefact:
        """What a server shows for an address at which nothing stands: in the first language, then
        in the others."""
        language = self.layout.default
        page = self._page(
            {one: self.layout.index(one) for one in self.layout.languages},
            language,
            title=f"{self._text('missing.title', language)} · {series_title(self.planet, language)}",
            description=self._text("missing.what", language),
        )
        page = replace(page, path=MISSING, canonical="", rooted_at=self.planet.options.base_url)
        texts = {
            one: {name: self._text(f"missing.{name}", one) for name in ("title", "what", "home")}
            for one in self.layout.languages
        }
        return self._render("missing.html", page, texts=texts)

    @property
    def _data(self) -> LinkedData:
        return LinkedData(planet=self.planet, layout=self.layout)

    def _side(self, stories: Sequence[PlacedStory], language: str) -> Side:
        return side_lists(self.planet, self.layout, self.catalogue, stories, language)

    def _page(
        self,
        paths: Mapping[str, str],
        language: str,
        *,
        title: str,
        description: str,
        feed: str = "",
        place: str = "",
    ) -> Page:
        """The frame of the page at ``paths[language]``, which exists in the languages of paths and
        whose own feed stands at ``feed``."""
        base = self.planet.options.base_url
        path = paths[language]
        languages = tuple(
            LanguageLink(
                language=one,
                label=self._language_name(one, language),
                path=target,
                absolute=absolute_url(base, target),
            )
            for one, target in paths.items()
        )
        is_issue = place in {"issue", "archive"}
        feed = feed or (self._issues_feed(language) if is_issue else FEED)
        return Page(
            path=path,
            language=language,
            title=one_line(title),
            description=one_line(description),
            canonical=absolute_url(base, path),
            languages=languages,
            feeds=self._feed_links(feed, language),
            lists_path=self._lists_path(language) if is_issue else path,
            place=place,
        )

    def _lists_path(self, language: str) -> str:
        known = language if language in self.layout.languages else self.layout.default
        return self.layout.index(known)

    def _feed_links(self, own: str, language: str) -> tuple[FeedLink, ...]:
        """The feed that belongs to the page in every format, then what else it may be read for, as
        Atom: from there readers find the other formats."""
        common = (FEED, *self._told_feeds(language).values())
        found = {place.stem: place for place in self.feeds if place.stem in {own, *common}}
        links = []
        for stem in dict.fromkeys((own, *common)):
            for form in FeedFormat if stem == own else (FeedFormat.ATOM,):
                if stem in found:
                    title = found[stem].title(language)
                    label = f"{title} ({self._text(f'feed.{form.ending}', language)})"
                    path = f"{stem}.{form.ending}"
                    links.append(FeedLink(title=label, type=form.value, path=path))
        return tuple(links)

    def _told_feeds(self, language: str) -> dict[str, str]:
        """The feeds that are told in the page's language, by what templates call them."""
        known = language if language in self.layout.languages else self.layout.default
        return {
            "issues_feed": self.layout.issues_feed(known),
            "changes_feed": self.layout.changes_feed(known),
            "corrections_feed": self.layout.corrections_feed(known),
        }

    def _issues_feed(self, language: str) -> str:
        known = language if language in self.layout.languages else self.layout.default
        return self.layout.issues_feed(known)

    def _language_name(self, named: str, language: str) -> str:
        """A language's own name, or what the page's language calls it with ``called.`` before its
        tag; the tag where the catalogue does not know it."""
        try:
            return self._text(f"language.{named}", language)
        except LookupError:
            return named.removeprefix("called.")

    def _text(self, key: str, language: str, /, **values: object) -> str:
        return self.catalogue.text(key, language, **values)

    def _render(self, template: str, page: Page, **context: object) -> Artefact:
        frame = {
            "layout": self.layout,
            "series_title": series_title(self.planet, page.language),
            "formats": tuple(FeedFormat),
            **self._told_feeds(page.language),
        }
        return fill(self.environment, template, page, self.catalogue, {**frame, **context})
