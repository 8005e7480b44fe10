"""The lint before publishing: facts of an issue in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from aggregator.domain.findings import Finding, Severity
from aggregator.domain.issues import PickField, Shape, Window
from aggregator.domain.mailing import MailSize
from aggregator.issue.lint.licences import forbids_changes, forbids_showing
from aggregator.issue.lint.pairs import Names, Pair
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
    ``reason`` in words. ``items`` are the stories that lead there."""

    url: str
    ok: bool
    status: int = 0
    reason: str = ""
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
    see it (``alt``) and what the source says of its licence. ``repeats`` says which earlier issue
    had it, "" for none."""

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
    repeats: str = ""
    texts: tuple[PrintedText, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFacts:
    """All that the lint looks at. ``sections`` are those that the issue should have, ``links`` None
    where nobody asked, ``mails`` what became of each mail that was made, by language."""

    number: int
    issue_on: date
    window: Window
    items: tuple[ItemFacts, ...]
    sections: tuple[str, ...] = ()
    review: bool = False
    names: Names = field(default_factory=Names)
    outstanding: Mapping[str, Outstanding] = field(default_factory=dict)
    links: tuple[LinkAnswer, ...] | None = None
    mails: Mapping[str, MailSize] = field(default_factory=dict)


def lint_issue(facts: IssueFacts) -> tuple[Finding, ...]:
    """Everything that is wrong with an issue that is about to be published: the red first, each
    kind in the order of the issue."""
    found = [
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
    return tuple(sorted(found, key=lambda finding: finding.severity is not RED))


def _sections(facts: IssueFacts) -> Iterator[Finding]:
    filled = {item.section for item in facts.items}
    for section in facts.sections:
        if section not in filled:
            yield Finding(
                code="section-empty",
                severity=AMBER,
                message=f"section {section} is empty and will not be printed",
                remedy="accept a story for it, or add one",
                where=section,
            )


def _outstanding(counts: Mapping[str, Outstanding]) -> Iterator[Finding]:
    for language, count in counts.items():
        for code, number, what in (
            ("untranslated", count.missing, "no translation"),
            ("fuzzy", count.fuzzy, "one that is out of date"),
        ):
            if number:
                texts = "1 text has" if number == 1 else f"{number} texts have"
                yield Finding(
                    code=code,
                    severity=AMBER,
                    message=f"{texts} {what}: the {language} edition prints them as their source does",
                    remedy="translate them (translation export and import)",
                    language=language,
                )


def _mails(sizes: Mapping[str, MailSize]) -> Iterator[Finding]:
    for language, mail in sizes.items():
        if mail.problem or mail.size > MAIL_LIMIT:
            yield Finding(
                code="mail-large",
                severity=RED,
                message=mail.problem or f"the {language} mail has {mail.size:,} bytes",
                remedy=f"mail programs cut it off: at most {MAIL_LIMIT:,}",
                language=language,
            )
        elif mail.is_cut:
            yield Finding(
                code="mail-cut",
                severity=AMBER,
                message=f"the {language} mail has no room for everything and leads to the page for more",
                remedy="drop items or shorten blurbs, or say it is meant",
                language=language,
            )


def _twice(items: Sequence[ItemFacts]) -> Iterator[Finding]:
    first: dict[str, ItemFacts] = {}
    for item in items:
        page = _page(item.url)
        if page and first.setdefault(page, item) is not item:
            message = f"{item.title!r} leads to the same page as {first[page].title!r}"
            yield _of(item, "twice", RED, message, "drop one of them")


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
            yield Finding(
                code="link-dead" if gone else "link-silent",
                severity=RED if gone else AMBER,
                message=f"{answer.url} does not answer: {answer.reason}",
                remedy="give another link" if gone else "open it in a browser",
                where=story,
            )


def _item(item: ItemFacts, facts: IssueFacts) -> Iterator[Finding]:
    yield from _day(item, facts)
    if item.shape in _RELEASES and not item.url:
        yield _of(item, "link-missing", RED, "it leads nowhere", "give it a link")
    if not item.body_known:
        what = f"{item.body!r} is no body that is known" if item.body else "it names no body"
        severity = RED if item.body else AMBER
        yield _of(item, "body-unknown", severity, what, "name the issuing office")
    if item.repeats and not facts.review:
        yield _of(item, "repeated", AMBER, f"it was {item.repeats}", "drop it, or say it is meant")
    if item.picture and not item.alt.strip():
        yield _of(item, "alt-missing", AMBER, "its picture has no text in its place")
    yield from _licence(item)
    yield from _lengths(item)


def _day(item: ItemFacts, facts: IssueFacts) -> Iterator[Finding]:
    if item.shape not in _RELEASES:
        return
    window = facts.window
    if item.day is None:
        yield _of(item, "day-missing", AMBER, "it has no day", f"{window.start} to {window.end}")
    elif item.day > facts.issue_on:
        message = f"its day, {item.day}, lies behind that of the issue"
        yield _of(item, "day-ahead", RED, message, f"{window.start} to {window.end}")
    elif item.day not in window:
        message = f"its day, {item.day}, is outside the window"
        yield _of(item, "day-outside", AMBER, message, f"{window.start} to {window.end}")


def _licence(item: ItemFacts) -> Iterator[Finding]:
    if forbids_changes(item.licence):
        told = f"its licence, {item.licence}, forbids changes"
        for text in item.texts:
            if text.altered and not text.translated:
                message = f"{told}, and its {text.field} was rewritten"
                yield _of(item, "licence-altered", RED, message, "print what the source says")
        languages = sorted({text.language for text in item.texts if text.translated})
        if languages:
            message = f"{told}, and it is translated ({', '.join(languages)})"
            yield _of(item, "licence-translated", AMBER, message, "ask its body")
    if item.picture and forbids_showing(item.picture_licence):
        message = f"its picture may not be shown: {item.picture_licence}"
        yield _of(item, "licence-picture", RED, message, "take the picture out")


def _lengths(item: ItemFacts) -> Iterator[Finding]:
    for text in item.texts:
        limit = LIMITS.get((text.field, text.language))
        if limit is not None and len(text.text) > limit and item.shape is not Shape.PAPER:
            message = f"its {text.field} has {len(text.text)} characters"
            yield _of(item, "long", AMBER, message, f"at most {limit}", text.language)
        if text.field is PickField.HEADLINE and not text.text.strip():
            yield _of(item, "headline-empty", RED, "it has no headline", "", text.language)


def _of(  # noqa: PLR0917 - what a finding says, in its order
    item: ItemFacts,
    code: str,
    severity: Severity,
    message: str,
    remedy: str = "",
    language: str = "",
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        remedy=remedy,
        where=item.story,
        language=language,
    )
