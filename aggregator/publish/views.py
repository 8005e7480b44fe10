"""What the templates are given: the frame of a page, and the rows of its lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from aggregator.domain.changes import Piece
from aggregator.domain.issues import Edition, Phrase, PrintedSection


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page announces to feed readers."""

    title: str
    type: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLink:
    """The page in one of its languages."""

    language: str
    label: str
    path: str
    absolute: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The frame of one page. ``place`` marks the menu's entry, ``lists_path`` is the page whose
    side lists the menu jumps to. ``data`` says in JSON-LD what the page holds. A page that is shown
    in the place of others is ``rooted_at`` the site's address, and has no ``canonical`` of its own.
    """

    path: str
    language: str
    title: str
    description: str
    canonical: str
    languages: tuple[LanguageLink, ...]
    feeds: tuple[FeedLink, ...]
    lists_path: str
    place: str = ""
    data: str = ""
    rooted_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A section or body in the side lists, with its number of stories."""

    label: str
    path: str
    count: int
    tone: int = 0
    feed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRows:
    """The bodies of one level."""

    label: str
    bodies: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """On which day a feed was last read; ``delayed`` after a visit that failed."""

    title: str
    language: str
    url: str
    seen_on: date | None
    delayed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What stands beside the river."""

    sections: tuple[ListRow, ...]
    levels: tuple[LevelRows, ...]
    feeds: tuple[FeedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """An issue in the archive, by the edition that a reader of the page gets."""

    edition: Edition
    language_name: str
    path: str
    count: int
    leads: tuple[Phrase, ...]

    @property
    def lead(self) -> Phrase:
        """The first headline; nothing where the issue is empty."""
        return self.leads[0] if self.leads else Phrase(text="", language=self.edition.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class TonedSection:
    """A printed section with its colour, numbered as in the series."""

    printed: PrintedSection
    tone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That an issue withdrew an item: the page that says why, and where on it; ``language`` is the
    page's."""

    number: int
    path: str
    anchor: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """A correction as the page of an edition tells it. ``before`` and ``after`` are the words of the
    corrected text, in ``language``, and empty where none was; ``at`` is in Asia/Seoul; ``is_mailed``
    where the edition's mail was already sent."""

    id: str
    story: str
    at: datetime
    field: str
    headline: Phrase
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    language: str
    note: Phrase | None
    is_mailed: bool
