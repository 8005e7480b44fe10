"""Series, sections, issues and picks: what an editor works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from aggregator.domain.glossary import Glossary
from aggregator.domain.mailing import MailOptions


class Shape(StrEnum):
    """How a section prints its items."""

    ARTICLE = "article"
    MEDIA = "media"
    PAPER = "paper"
    EVENT = "event"


class Balance(StrEnum):
    """Whether a body may stand more than once in a section that is not short."""

    NONE = "none"
    ONE_PER_BODY = "one-per-body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section as it is printed. Rules live in the rule set, under the same id.

    ``limit`` 0 means no limit. With fewer items than ``fill`` the section is short: then a body may
    stand twice in it, and what was carried over is proposed. ``overflow`` names the section that
    takes what is over the limit or does not lead; ``lead_bodies`` and ``lead_groups`` say which
    stories may lead.
    """

    id: str
    series: str
    titles: Mapping[str, str]
    shape: Shape = Shape.ARTICLE
    limit: int = 0
    fill: int = 0
    balance: Balance = Balance.NONE
    overflow: str = ""
    lead_bodies: tuple[str, ...] = ()
    lead_groups: tuple[str, ...] = ()


class IssueDay(StrEnum):
    """The rule for the day an issue appears on."""

    FIRST_WORKING_DAY = "first-working-day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One newsletter. ``draft_before`` is how long before the issue's day the draft is proposed.
    What one of the last ``no_repeat`` issues printed is not proposed; 0 is no such rule. ``unattended``
    lets the daemon publish it at its hour. ``mail`` says who gets it by mail, ``glossary`` how names
    are rendered in its languages."""

    id: str
    titles: Mapping[str, str]
    taglines: Mapping[str, str]
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    first_number: int = 1
    unattended: bool = False
    issue_day: IssueDay = IssueDay.FIRST_WORKING_DAY
    at: time = time(10, 0)
    draft_before: timedelta = timedelta(days=3)
    no_repeat: int = 12
    mail: MailOptions = field(default_factory=MailOptions)
    glossary: Glossary = field(default_factory=Glossary)

    def section(self, section_id: str) -> Section | None:
        """The section with that id, or None."""
        return next((s for s in self.sections if s.id == section_id), None)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """The printed days an issue covers, both inclusive, in Asia/Seoul."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


class IssueStatus(StrEnum):
    """The life of an issue. A skipped one gives its window up and takes no number."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue's row. ``number`` is None until it is published; ``proposed_at`` is when free
    places were filled, once; ``review`` is whether it may repeat what earlier issues printed;
    ``snapshot`` is the printed issue, frozen at publication."""

    id: int
    series: str
    window: Window
    issue_on: date
    status: IssueStatus
    opened_at: datetime
    number: int | None = None
    proposed_at: datetime | None = None
    published_at: datetime | None = None
    review: bool = False
    snapshot: Mapping[str, object] | None = None
    version: int = 1


class PickState(StrEnum):
    """Proposed by rules, accepted by an editor, left out for want of room, or dropped as unfit.

    What was left out stays in the combined feed; what was dropped does not.
    """

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    LEFT_OUT = "left-out"
    DROPPED = "dropped"

    @property
    def is_in(self) -> bool:
        """Whether the pick is printed."""
        return self in {PickState.PROPOSED, PickState.ACCEPTED}


class Origin(StrEnum):
    """Who wrote a text, or chose a pick."""

    SOURCE = "source"
    RULES = "rules"
    EDITOR = "editor"
    MACHINE = "machine"


class PickField(StrEnum):
    """The texts of a pick that exist per language."""

    HEADLINE = "headline"
    BLURB = "blurb"
    AUTHORS = "authors"
    EVENT_NAME = "event_name"
    VENUE = "venue"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class PickText:
    """One field of a pick in one language.

    ``of`` is the text in the source language that it translates or replaces, ``source_rev`` the
    revision of the item it was taken from; ``fuzzy`` marks a translation whose source changed.
    """

    language: str
    field: PickField
    text: str
    origin: Origin
    of: str = ""
    source_rev: int = 0
    fuzzy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A story's place in an issue. Texts here never touch the item. ``why`` is the reason for a
    drop or the rule that proposed it. ``position`` None: the section's own order decides.
    ``source_rev`` is the revision of its primary item when it was last put there; 0 where that is
    not known, and for a pick to be written the present one."""

    issue_id: int
    story_id: int
    section: str
    state: PickState
    origin: Origin
    why: str = ""
    position: int | None = None
    texts: tuple[PickText, ...] = ()
    version: int = 1
    source_rev: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One line of the log: who changed what, when, from what to what, and why."""

    at: datetime
    actor: str
    target: str
    field: str
    old: str
    new: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text in one language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedItem:
    """One item as an edition prints it; a line is a run of phrases because an untranslated part
    keeps its own language. ``licence`` is the release's or its feed's, as a slug or notice, "" where
    none is known. ``alt`` is what the source says the thumbnail shows, None where it says
    nothing. ``region`` is the first-level government that the issuing body lay in on the item's day,
    by its id, "" for national bodies; ``region_name`` and ``region_order`` are how that was printed
    and where it stood among others ("" and 0 in the prints of earlier versions)."""

    story: str
    shape: Shape
    headline: Phrase
    byline: str = ""
    blurb: Phrase | None = None
    note: str = ""
    licence: str = ""
    url: str = ""
    thumbnail: str = ""
    alt: Phrase | None = None
    authors: Phrase | None = None
    lines: tuple[tuple[Phrase, ...], ...] = ()
    region: str = ""
    region_name: str = ""
    region_order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSection:
    """A section with its label in the edition's language."""

    id: str
    label: str
    items: tuple[PrintedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An issue in one language, down to the printed strings."""

    series: str
    language: str
    number: int
    issue_on: date
    title: str
    tagline: str
    heading: str
    sections: tuple[PrintedSection, ...] = field(default_factory=tuple)
