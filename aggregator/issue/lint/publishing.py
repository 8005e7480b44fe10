"""The lint before publishing: facts of an issue in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from aggregator.domain.findings import Finding, Named, Severity
from aggregator.domain.issues import PickField, Shape, Window
from aggregator.domain.mailing import MailSize
from aggregator.issue.choices import Printed
from aggregator.issue.lint.licences import forbids_changes, forbids_showing
from aggregator.issue.lint.pairs import Names, Pair
from aggregator.issue.lint.sentences import finding
from aggregator.issue.lint.translation import lint_translation
from aggregator.issue.translation import Outstanding

MAIL_LIMIT = 90_000
"""Bytes of a mail: beyond about 100 kB mail programs cut it off."""

LIMITS = {
    (PickField.HEADLINE, "ko"): 80,
    (PickField.HEADLINE, "en"): 160,
    (PickField.BLURB, "ko"): 300,
    (PickField.BLURB, "en"): 700,
}
"""Characters of a text that a page and a mail have room for, by field and language."""

_RELEASES = frozenset({Shape.ARTICLE, Shape.MEDIA})
_GONE = frozenset({404, 410})
RED, AMBER = Severity.RED, Severity.AMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """What became of asking for a link: the last ``status``, 0 where nothing answered, and the
    ``reason`` in words; ``told`` is the text of the catalogue that says it in short. ``items`` are the
    stories that lead there."""

    url: str
    ok: bool
    status: int = 0
    reason: str = ""
    told: str = "fault.fetch_failed"
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedText:
    """One text as an edition prints it. ``altered``: an editor wrote it in the place of what the
    source says; ``translated``: it is in another language than the source."""

    field: PickField
    language: str
    text: str
    altered: bool = False
    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One item of the issue. ``licence`` is that of its text, the feed's where the item names none;
    ``picture`` the address of the thumbnail that it shows, with what stands for those who do not
    see it (``alt``) and what the source says of its licence. ``repeats`` is the earlier issue that had
    it. ``is_proposal``: rules put it in and nobody has confirmed it; ``is_aside``: somebody set such a
    one aside for later."""

    story: str
    section: str
    shape: Shape
    title: str
    day: date | None = None
    url: str = ""
    body: str = ""
    body_known: bool = True
    licence: str = ""
    picture: str = ""
    picture_licence: str = ""
    alt: str = ""
    repeats: Printed | None = None
    is_proposal: bool = False
    is_aside: bool = False
    texts: tuple[PrintedText, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFacts:
    """All that the lint looks at. ``sections`` are those that the issue should have, ``links`` None
    where nobody asked, ``mails`` what became of each mail that was made, by language. ``unattended``:
    nobody is meant to confirm what the rules propose."""

    number: int
    issue_on: date
    window: Window
    items: tuple[ItemFacts, ...]
    sections: tuple[str, ...] = ()
    review: bool = False
    unattended: bool = False
    names: Names = field(default_factory=Names)
    outstanding: Mapping[str, Outstanding] = field(default_factory=dict)
    links: tuple[LinkAnswer, ...] | None = None
    mails: Mapping[str, MailSize] = field(default_factory=dict)


def lint_issue(facts: IssueFacts) -> tuple[Finding, ...]:
    """Everything that is wrong with an issue that is about to be published: the red first, each
    kind in the order of the issue."""
    found = [
        *_undecided(facts),
        *_sections(facts),
        *_outstanding(facts.outstanding),
        *_mails(facts.mails),
        *_twice(facts.items),
        *_links(facts.links or ()),
    ]
    for item in facts.items:
        found += _item(item, facts)
        for pair in item.pairs:
            found += lint_translation(pair, facts.names)
    return tuple(sorted(found, key=lambda one: one.severity is not RED))


def _undecided(facts: IssueFacts) -> Iterator[Finding]:
    """What would be printed though nobody said so. What somebody set aside he did not want to go out
    without another look; of proposals somebody may answer for all together."""
    aside = tuple(item.story for item in facts.items if item.is_aside)
    if aside:
        said, values = "lint.set_aside", {"count": len(aside)}
        yield finding("set-aside", RED, said, values, stories=aside)
    proposals = tuple(item.story for item in facts.items if item.is_proposal and not item.is_aside)
    if proposals and not facts.unattended:
        said, values = "lint.unconfirmed", {"count": len(proposals)}
        yield finding("unconfirmed", AMBER, said, values, stories=proposals)


def _sections(facts: IssueFacts) -> Iterator[Finding]:
    filled = {item.section for item in facts.items}
    for section in facts.sections:
        if section not in filled:
            said, values = "lint.section_empty", {"section": section}
            yield finding("section-empty", AMBER, said, values, where=section)


def _outstanding(counts: Mapping[str, Outstanding]) -> Iterator[Finding]:
    for language, count in counts.items():
        for code, said, number in (
            ("untranslated", "lint.untranslated", count.missing),
            ("fuzzy", "lint.fuzzy", count.fuzzy),
        ):
            if number:
                values = {"count": number, "edition": _called(language)}
                yield finding(code, AMBER, said, values, language=language)


def _mails(sizes: Mapping[str, MailSize]) -> Iterator[Finding]:
    for language, mail in sizes.items():
        values = {"edition": _called(language), "limit": MAIL_LIMIT}
        if mail.problem or mail.size > MAIL_LIMIT:
            said = "lint.mail_impossible" if mail.problem else "lint.mail_large"
            measured = {**values, "problem": mail.problem, "size": mail.size}
            yield finding("mail-large", RED, said, measured, language=language)
        elif mail.is_cut:
            yield finding("mail-cut", AMBER, "lint.mail_cut", values, language=language)


def _called(language: str) -> Named:
    return Named(language, f"language.called.{language}")


def _twice(items: Sequence[ItemFacts]) -> Iterator[Finding]:
    first: dict[str, ItemFacts] = {}
    for item in items:
        page = _page(item.url)
        if page and first.setdefault(page, item) is not item:
            yield _of(item, "twice", RED, "lint.twice", title=item.title, other=first[page].title)


def _page(url: str) -> str:
    """The address without a place within the page; ``#/view/7`` and ``#!7`` are pages."""
    page, _, place = url.partition("#")
    return url if place.startswith(("/", "!")) else page


def _links(answers: Sequence[LinkAnswer]) -> Iterator[Finding]:
    for answer in answers:
        if answer.ok:
            continue
        gone = answer.status in _GONE
        for story in answer.items or ("",):
            values = {"url": answer.url, "reason": Named(answer.reason, answer.told)}
            if gone:
                yield finding("link-dead", RED, "lint.link_dead", values, where=story)
            else:
                yield finding("link-silent", AMBER, "lint.link_silent", values, where=story)


def _item(item: ItemFacts, facts: IssueFacts) -> Iterator[Finding]:
    yield from _day(item, facts)
    if item.shape in _RELEASES and not item.url:
        yield _of(item, "link-missing", RED, "lint.link_missing")
    if not item.body_known and item.body:
        yield _of(item, "body-unknown", RED, "lint.body_unknown", body=item.body)
    elif not item.body_known:
        yield _of(item, "body-unknown", AMBER, "lint.body_missing")
    if item.repeats is not None and not facts.review:
        headline, number = item.repeats.headline, item.repeats.number
        said = "lint.repeated_as" if headline else "lint.repeated"
        yield _of(item, "repeated", AMBER, said, number=number, headline=headline)
    if item.picture and not item.alt.strip():
        yield _of(item, "alt-missing", AMBER, "lint.alt_missing")
    yield from _licence(item)
    yield from _lengths(item)


def _day(item: ItemFacts, facts: IssueFacts) -> Iterator[Finding]:
    if item.shape not in _RELEASES:
        return
    window = facts.window
    code, severity, said = "day-outside", AMBER, "lint.day_outside"
    if item.day is None:
        code, said = "day-missing", "lint.item_day_missing"
    elif item.day > facts.issue_on:
        code, severity, said = "day-ahead", RED, "lint.day_ahead"
    elif item.day in window:
        return
    yield _of(item, code, severity, said, day=item.day, start=window.start, end=window.end)


def _licence(item: ItemFacts) -> Iterator[Finding]:
    if forbids_changes(item.licence):
        licence = item.licence
        for text in item.texts:
            if text.altered and not text.translated:
                said, field = "lint.licence_altered", _field(text.field)
                yield _of(item, "licence-altered", RED, said, licence=licence, field=field)
        languages = ", ".join(sorted({text.language for text in item.texts if text.translated}))
        if languages:
            said = "lint.licence_translated"
            yield _of(item, "licence-translated", AMBER, said, licence=licence, languages=languages)
    if item.picture and forbids_showing(item.picture_licence):
        licence = item.picture_licence
        yield _of(item, "licence-picture", RED, "lint.licence_picture", licence=licence)


def _field(field: PickField) -> Named:
    return Named(field, f"desk.fields.{field.replace('-', '_')}")


def _lengths(item: ItemFacts) -> Iterator[Finding]:
    for text in item.texts:
        limit = LIMITS.get((text.field, text.language))
        if limit is not None and len(text.text) > limit and item.shape is not Shape.PAPER:
            yield _of(
                item,
                "long",
                AMBER,
                "lint.long",
                language=text.language,
                field=_field(text.field),
                count=len(text.text),
                limit=limit,
            )
        if text.field is PickField.HEADLINE and not text.text.strip():
            yield _of(item, "headline-empty", RED, "lint.headline_empty", language=text.language)


def _of(
    item: ItemFacts,
    code: str,
    severity: Severity,
    said: str,
    *,
    language: str = "",
    **values: object,
) -> Finding:
    return finding(code, severity, said, values, where=item.story, language=language)
