"""Where everything stands below ``public/``: one path for each page, feed and language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.domain.bodies import Body
from aggregator.domain.issues import Edition
from aggregator.domain.publishing import PlacedStory, PrintedIssue
from aggregator.publish.addresses import INDEX, is_slug

FEED = "feed"
"""The combined feed; what feeds are called here has no ending, each format adds its own."""
ISSUES = "issues"
CHANGES = "changes"
CORRECTIONS = "corrections"
ARCHIVE = "archive"
OPML = "feeds.opml"
STYLESHEET = "assets/site.css"
MISSING = "404.html"
"""What servers show for an address at which nothing stands."""


def feed_stylesheet(language: str) -> str:
    """What browsers show a feed in this language by."""
    return f"assets/feed.{language}.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Paths of the site. The first of ``languages`` stands at the root, the others in a folder of
    their own."""

    languages: tuple[str, ...]

    @property
    def default(self) -> str:
        """The language of the pages at the root and of the feeds."""
        return self.languages[0]

    def index(self, language: str) -> str:
        """The start page."""
        return f"{self._folder(language)}{INDEX}"

    def body(self, body_id: str, language: str) -> str:
        """The page of a body."""
        return f"{self._folder(language)}bodies/{body_id}/{INDEX}"

    def section(self, section_id: str, language: str) -> str:
        """The page of a section."""
        return f"{self._folder(language)}sections/{section_id}/{INDEX}"

    def section_feed(self, section_id: str) -> str:
        """The feed of a section."""
        return f"sections/{section_id}"

    def body_feed(self, body_id: str) -> str:
        """The feed of a body."""
        return f"bodies/{body_id}"

    def issues_feed(self, language: str) -> str:
        """The feed of the issues' editions in this language."""
        return f"{self._folder(language)}{ISSUES}"

    def changes_feed(self, language: str) -> str:
        """The feed of what sources changed, told in this language."""
        return f"{self._folder(language)}{CHANGES}"

    def corrections_feed(self, language: str) -> str:
        """The feed of what was put right in the issues, told in this language."""
        return f"{self._folder(language)}{CORRECTIONS}"

    def archived_feed(self, name: str) -> str:
        """What the combined feed held of a month (``2024-02``), a day, or until a moment."""
        return f"{ARCHIVE}/{name}"

    def archive(self, language: str) -> str:
        """The list of all published issues."""
        return f"issues/{self._folder(language)}{INDEX}"

    def issue(self, issue: PrintedIssue, language: str) -> str:
        """The page of an issue's edition; the first edition stands in the issue's own folder."""
        first = self.first_edition(issue)
        folder = "" if language == first.language else f"{language}/"
        return f"issues/{issue.number}/{folder}{INDEX}"

    def month_picture(self, issue: PrintedIssue, language: str) -> str:
        """The picture of the month beside an edition's page."""
        return self.issue(issue, language).removesuffix(INDEX) + "month.svg"

    def first_edition(self, issue: PrintedIssue) -> Edition:
        """The edition in the default language, or the first there is."""
        found = (e for e in issue.editions if e.language == self.default)
        return next(found, issue.editions[0])

    def edition(self, issue: PrintedIssue, language: str) -> Edition:
        """The edition in ``language``, or the first edition."""
        found = (e for e in issue.editions if e.language == language)
        return next(found, self.first_edition(issue))

    def home_of(self, placed: PlacedStory, bodies: Mapping[str, Body]) -> str:
        """The page of the default language on which a story certainly stands."""
        body_id = placed.story.primary.item.body
        if body_id in bodies and is_slug(body_id):
            return self.body(body_id, self.default)
        return self.index(self.default)

    def _folder(self, language: str) -> str:
        return "" if language == self.default else f"{language}/"
