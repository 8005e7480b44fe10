"""What the page Draft shows, made of what services say: pure, without markup."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from aggregator.domain.editing import Comment
from aggregator.domain.findings import Finding, Severity
from aggregator.domain.issues import Origin, Phrase, Pick, PickField, PickState, Section, Shape
from aggregator.issue.edition import Picked, day_of
from aggregator.issue.texts import FIELDS_OF, is_fuzzy, own_text, printed_text, source_texts
from aggregator.services.desk import Desk
from aggregator.services.editing.inbox import InboxRow
from aggregator.web.desk.findings import story_of
from aggregator.web.desk.given_reasons import reason_in_words
from aggregator.web.desk.views import BodyName, body_name, section_title

_UNSAID = frozenset({"dropped", "no room"})
"""What is stored where nobody said why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is to be known of an item at a glance. ``fuzzy`` and ``missing`` count translations,
    ``comments`` those that are open."""

    proposed: bool = False
    aside: bool = False
    edited: bool = False
    source_changed: bool = False
    fuzzy: int = 0
    missing: int = 0
    comments: int = 0
    red: int = 0
    amber: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item of the draft, or one that was taken out of it. ``language`` is its source's; ``place``
    is counted from 1 in its section, 0 for what is out; ``why`` the reason that was given, or the
    rule's."""

    story: str
    language: str
    place: int
    version: int
    headline: Phrase
    body: BodyName
    day: date | None
    when: str
    section: str
    members: int
    state: str
    why: str
    link: str
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of the outline with what is in it."""

    id: str
    title: str
    limit: int
    rows: tuple[Row, ...]

    @property
    def room(self) -> int:
        """How many more it takes; 0 where it has no limit or none."""
        return max(self.limit - len(self.rows), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A story that arrived after the places were filled."""

    story: str
    title: str
    language: str
    section: str
    section_title: str
    body: BodyName
    day: date
    score: float
    members: int
    link: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the marks of the items are made of; ``aside`` are stories that somebody set aside."""

    findings: Sequence[Finding]
    comments: Sequence[Comment]
    aside: Collection[str] = ()


def outline(
    desk: Desk, picked: Sequence[Picked], told: Told, language: str
) -> tuple[list[Part], list[Row]]:
    """The sections in their order with what is in them, and what was taken out."""
    eye = _Eye.of(desk, told, language)
    inside: defaultdict[str, list[Row]] = defaultdict(list)
    outside: list[Row] = []
    for one in picked:
        section = desk.series.section(one.pick.section)
        if one.pick.state.is_in and section is not None:
            here = inside[section.id]
            here.append(_row(eye, one, section, len(here) + 1))
        else:
            outside.append(_row(eye, one, section, 0))
    parts = [
        Part(
            id=section.id,
            title=section_title(desk.series, section.id, language),
            limit=section.limit,
            rows=tuple(inside[section.id]),
        )
        for section in desk.series.sections
    ]
    return parts, outside


@dataclass(frozen=True, slots=True, kw_only=True)
class _Eye:
    """What looks at the items: in which language, and with what was said of them."""

    desk: Desk
    language: str
    comments: Mapping[str, int]
    red: Mapping[str, int]
    amber: Mapping[str, int]
    aside: Collection[str]

    @classmethod
    def of(cls, desk: Desk, told: Told, language: str) -> _Eye:
        """One for these findings and comments."""
        return cls(
            desk=desk,
            language=language,
            comments=Counter(one.story for one in told.comments if one.resolved_at is None),
            red=_by_story(told.findings, Severity.RED),
            amber=_by_story(told.findings, Severity.AMBER),
            aside=told.aside,
        )

    def marks(self, one: Picked, shape: Shape) -> Marks:
        """Those of an item."""
        own, story = one.story.primary.item.language, one.story.public_id
        source = source_texts(one.story.primary, shape)
        fuzzy = missing = 0
        for language in self.desk.series.languages:
            if language == own:
                continue
            for name in FIELDS_OF[shape]:
                text = own_text(name, source, one.pick.texts, own)
                made = next(
                    (t for t in one.pick.texts if t.field is name and t.language == language), None
                )
                if not text:
                    continue
                if made is None or not made.text.strip():
                    missing += 1
                elif is_fuzzy(made, text):
                    fuzzy += 1
        return Marks(
            proposed=one.pick.state is PickState.PROPOSED,
            aside=story in self.aside,
            edited=any(t.language == own and t.origin is Origin.EDITOR for t in one.pick.texts),
            source_changed=one.source_changed,
            fuzzy=fuzzy,
            missing=missing,
            comments=self.comments.get(story, 0),
            red=self.red.get(story, 0),
            amber=self.amber.get(story, 0),
        )


def _by_story(findings: Iterable[Finding], severity: Severity) -> Counter[str]:
    return Counter(story_of(one) for one in findings if one.severity is severity)


def _row(eye: _Eye, one: Picked, section: Section | None, place: int) -> Row:
    desk, language = eye.desk, eye.language
    item = one.story.primary.item
    shape = section.shape if section is not None else Shape.ARTICLE
    source = source_texts(one.story.primary, shape)
    phrase = printed_text(
        PickField.HEADLINE,
        source=source,
        source_language=item.language,
        texts=one.pick.texts,
        language=language,
    )
    event = item.event if shape is Shape.EVENT else None
    return Row(
        story=one.story.public_id,
        language=item.language,
        place=place,
        version=one.pick.version,
        headline=phrase or Phrase(text=item.title, language=item.language),
        body=body_name(item.body, desk.bodies, language),
        day=event.starts_on if event is not None else day_of(one.story),
        when="event" if event is not None else "day",
        section=one.pick.section,
        members=len(one.story.members),
        state=one.pick.state.value.replace("-", "_"),
        why=_why(desk, one.pick, language),
        link=item.link,
        marks=eye.marks(one, shape),
    )


def _why(desk: Desk, pick: Pick, language: str) -> str:
    """The reason of the rules, or the one that somebody gave; "" where nobody did."""
    if pick.why in _UNSAID:
        return ""
    return reason_in_words(desk, pick.why, language, by_rules=pick.origin is Origin.RULES)


def late_rows(desk: Desk, rows: Iterable[InboxRow], language: str) -> list[Late]:
    """The late tray."""
    return [
        Late(
            story=one.story.public_id,
            title=one.story.primary.item.title,
            language=one.story.primary.item.language,
            section=one.section,
            section_title=section_title(desk.series, one.section, language),
            body=body_name(one.story.primary.item.body, desk.bodies, language),
            day=one.day,
            score=one.score,
            members=len(one.story.members),
            link=one.story.primary.item.link,
        )
        for one in rows
    ]
