"""What the published site is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.domain.bodies import Body
from aggregator.domain.changes import SourceChange
from aggregator.domain.corrections import Correction
from aggregator.domain.feeds import Feed
from aggregator.domain.issues import Edition, Series
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Story
from aggregator.domain.visits import FeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """Where the site will stand. ``base_url`` has no trailing slash; ``tag_authority`` is the
    ``authority,date`` of tag: URIs (RFC 4151); ``hub`` a WebSub hub or ""; ``everything`` also
    publishes stories without a section; a feed holds ``feed_limit`` entries of ``feed_days``."""

    base_url: str
    tag_authority: str
    hub: str = ""
    everything: bool = False
    feed_limit: int = 100
    feed_days: int = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStory:
    """A story and the section it is published under: the rules' or the editor's; None in none."""

    story: Story
    section: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedIssue:
    """A published issue: one edition per language, in the series' order of languages.

    ``corrected`` holds by language when an edition was last corrected after publication.
    ``corrections`` are those that the editions have, oldest first; ``frozen`` is the print that
    they were laid on, None where there are none.
    """

    number: int
    published_at: datetime
    editions: tuple[Edition, ...]
    corrected: Mapping[str, datetime] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    frozen: PrintedIssue | None = None

    @property
    def updated_at(self) -> datetime | None:
        """When any edition was last corrected, None where none ever was."""
        return max(self.corrected.values(), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRelease:
    """What a source changed, with the item as it is now; ``placed`` is its story where the site
    still shows it."""

    change: SourceChange
    stored: StoredItem
    placed: PlacedStory | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planet:
    """Everything the site shows. ``stories`` newest first; ``feeds`` in file order without the
    desk; ``thumbnails`` maps a remote picture's address to its path below ``public/``; ``changes``
    are what sources changed afterwards, newest first."""

    series: Series
    stories: tuple[PlacedStory, ...]
    issues: tuple[PrintedIssue, ...]
    feeds: tuple[Feed, ...]
    states: Mapping[str, FeedState]
    bodies: Mapping[str, Body]
    options: PublishOptions
    thumbnails: Mapping[str, str]
    changes: tuple[ChangedRelease, ...] = ()
