"""Corrections of a published issue: found in its print, checked, recorded in the open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import date, timedelta

from aggregator.catalogue import print_day
from aggregator.domain.bodies import Body
from aggregator.domain.corrections import CorrectedField, CorrectedText, Correction
from aggregator.domain.errors import (
    Ambiguous,
    IllegalTransition,
    LintRefused,
    NotFound,
    UsageError,
)
from aggregator.domain.findings import Finding, Severity
from aggregator.domain.issues import Edit, Edition, Issue, Phrase, PrintedItem
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import (
    EVENT_FIELDS,
    FIELDS_OF,
    correct,
    is_withdrawn,
    split_byline,
    text_of,
)
from aggregator.issue.lint.publishing import lint_issue
from aggregator.issue.regions import region_on
from aggregator.read.links.addresses import is_web
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import draft_of
from aggregator.services.publishing.linting import facts_of, refusal, taken_on
from aggregator.services.publishing.printed import printed_issue, published_issue
from aggregator.services.publishing.printed_facts import as_read
from aggregator.text.fold import squash
from aggregator.text.public_url import public_url
from aggregator.text.xml_chars import xml_safe

LONGEST = 5000
"""Characters of a corrected text or a note."""

AT_MOST_BEFORE = timedelta(days=366)
"""How long before the window of an issue the day of an item may be."""

ANY = ""
"""The language of a value that is the same in every edition."""

_SAME_EVERYWHERE = (CorrectedField.BODY, CorrectedField.DAY, CorrectedField.LINK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an editor wants put right: in issue ``number`` the item that ``item`` names. ``values``
    are the new texts by language, ``ANY`` for one that is not told by language; ``notes`` what
    readers are told, by language. ``accepted_by`` answers for what the lint finds amber."""

    number: int
    item: str
    field: CorrectedField
    by: str
    values: Mapping[str, str] = made(default_factory=dict)
    notes: Mapping[str, str] = made(default_factory=dict)
    accepted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded, and the issue as it is read now."""

    correction: Correction
    issue: PrintedIssue


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A wish with what it is about; ``items`` are the printed item by edition, as read now."""

    desk: Desk
    wanted: Wanted
    issue: Issue
    printed: PrintedIssue
    items: Mapping[str, PrintedItem]
    issuer: Callable[[str], str | None]


def record_correction(
    desk: Desk, wanted: Wanted, *, issuer: Callable[[str], str | None]
) -> Recorded:
    """Record a correction of a published issue. The print that was frozen stays as it is; the site
    shows the correction when it is built next. ``issuer`` finds a body's id by any of its names.

    Raises NotFound and Ambiguous for an issue or item that cannot be told, IllegalTransition for a
    draft and for an item that is withdrawn already, UsageError for what cannot be put there,
    LintRefused where the issue would have faults by it that it had not, and Conflict when the issue
    was changed meanwhile; then nothing is recorded.
    """
    wanted = _tidy(wanted)
    issue = published_issue(desk, wanted.number)
    printed = printed_issue(desk, issue)
    if printed is None or not printed.editions:
        raise NotFound(f"No. {wanted.number} has no edition to correct")
    story = _find(printed, wanted)
    items = {e.language: item for e in printed.editions for item in _items(e, story)}
    case = _Case(desk=desk, wanted=wanted, issue=issue, printed=printed, items=items, issuer=issuer)
    _check_words(case, story)
    texts = _texts(case) if wanted.field.has_text else {}
    correction = _correction(case, story, texts)
    edits = [*_edits(correction, printed), *_checked(case, correction)]
    kept = desk.store.save_correction(correction, version=issue.version, edits=edits)
    read = printed_issue(desk, issue)
    return Recorded(correction=kept, issue=read or printed)


def _tidy(wanted: Wanted) -> Wanted:
    """The wish with every text on one line, without what XML forbids."""
    notes = {language: _line(note) for language, note in wanted.notes.items()}
    return replace(
        wanted,
        by=_line(wanted.by),
        accepted_by=_line(wanted.accepted_by),
        values={language: _line(text) for language, text in wanted.values.items()},
        notes={language: note for language, note in notes.items() if note},
    )


def _line(text: str) -> str:
    return " ".join(xml_safe(text).split())


# --- the item -------------------------------------------------------------------------------------


def _items(edition: Edition, story: str) -> Iterator[PrintedItem]:
    return (item for section in edition.sections for item in section.items if item.story == story)


def _find(printed: PrintedIssue, wanted: Wanted) -> str:
    """The story that an id, a link, a headline or a part of one names, as printed or as read now."""
    words, folded = wanted.item.strip(), squash(wanted.item)
    titles: dict[str, str] = {}
    exact: dict[str, None] = {}
    part: dict[str, None] = {}
    for issue in (printed, printed.frozen or printed):
        for edition in issue.editions:
            for item in (one for section in edition.sections for one in section.items):
                titles.setdefault(item.story, item.headline.text)
                title = squash(item.headline.text)
                if words in {item.story, item.url} or title == folded:
                    exact[item.story] = None
                elif folded and folded in title:
                    part[item.story] = None
    found = list(exact or part)
    if not found:
        raise NotFound(
            f"No. {printed.number} prints no item that answers to {wanted.item!r} (a headline or a"
            " part of it, a link, an id)"
        )
    if len(found) > 1:
        named = "; ".join(f"{titles[story]} (id {story})" for story in found)
        raise Ambiguous(
            f"{len(found)} items of No. {printed.number} answer to {wanted.item!r}: {named} (give"
            " the whole headline, the link or the id)",
            candidates=tuple(titles[story] for story in found),
        )
    return found[0]


# --- what is put there ----------------------------------------------------------------------------


def _check_words(case: _Case, story: str) -> None:
    wanted, known = case.wanted, [edition.language for edition in case.printed.editions]
    if not wanted.by:
        raise UsageError("a correction needs a name: --by NAME says who answers for it")
    for language in (*wanted.values, *wanted.notes):
        if language != ANY and language not in known:
            raise UsageError(
                f"No. {wanted.number} has no edition in {language!r} (it has {', '.join(known)})"
            )
    for text in (*wanted.values.values(), *wanted.notes.values()):
        if len(text) > LONGEST:
            raise UsageError(f"a text has {len(text)} characters, at most {LONGEST} are taken")
    if not wanted.field.has_text:
        _check_word(case, story)


def _check_word(case: _Case, story: str) -> None:
    """A note, a withdrawal, or the end of one: what changes no text."""
    wanted = case.wanted
    if wanted.values:
        raise UsageError(f"a correction of the kind {wanted.field} has no new text: leave it out")
    if not wanted.notes and wanted.field is not CorrectedField.RESTORED:
        raise UsageError("readers are to be told why: give a note (--note-ko, --note-en)")
    withdrawn = is_withdrawn(story, case.printed.corrections)
    if wanted.field is CorrectedField.WITHDRAWN and withdrawn:
        raise IllegalTransition(f"the item is withdrawn from No. {wanted.number} already")
    if wanted.field is CorrectedField.RESTORED and not withdrawn:
        raise IllegalTransition(f"the item is not withdrawn from No. {wanted.number}")


def _texts(case: _Case) -> dict[str, CorrectedText]:
    """What changes in each edition. Raises UsageError where nothing does."""
    name, values = case.wanted.field, _values(case)
    found: dict[str, CorrectedText] = {}
    known = False
    moved = _body(case, case.wanted.values[ANY]) if name is CorrectedField.BODY else None
    for edition, item in case.items.items():
        # The label of an event's line belongs to it.
        label = ""
        if name in EVENT_FIELDS:
            label = f"{case.desk.catalogue.text(f'issue.{name}', edition)}: "
        old = text_of(_bare(case, edition, item), name, label=label)
        if old is None and name in EVENT_FIELDS:
            continue
        known = True
        new = _new(values, edition, old)
        was = old.text if old is not None else ""
        if new is not None and was != label + new.text:
            region = region_on(moved, _printed_on(case, item), case.desk.bodies, edition)
            found[edition] = CorrectedText(
                old=was,
                new=label + new.text,
                language=new.language,
                region=region.id,
                region_name=region.name,
                region_order=region.order,
            )
    if not known:
        raise UsageError(
            f"the item is printed without a line {name}: nothing can be put right in it"
        )
    if not found:
        said = "; ".join(f"{language or 'it'}: {text}" for language, text in values.items())
        raise UsageError(f"nothing would change: the {name} says so already ({said})")
    return found


def _printed_on(case: _Case, item: PrintedItem) -> date:
    """The day that an item is printed with, the issue's where it has none."""
    day, _ = split_byline(item.byline)
    return date(*map(int, day.split("."))) if day else case.issue.issue_on


def _bare(case: _Case, edition: str, item: PrintedItem) -> PrintedItem:
    """The item without the mark that it is withdrawn."""
    if not is_withdrawn(item.story, case.printed.corrections):
        return item
    mark = case.desk.catalogue.text("correction.mark", edition)
    text = item.headline.text.removeprefix(f"{mark} ")
    return replace(item, headline=replace(item.headline, text=text))


def _new(values: Mapping[str, str], edition: str, old: Phrase | None) -> Phrase | None:
    """What an edition says from now on: the text in its language; else, where it prints one that
    was not translated, the text in that one's language."""
    if ANY in values:
        return Phrase(text=values[ANY], language=old.language if old is not None else "")
    if edition in values:
        return Phrase(text=values[edition], language=edition)
    if old is not None and old.language in values:
        return Phrase(text=values[old.language], language=old.language)
    return None


def _values(case: _Case) -> dict[str, str]:
    """The new texts by language, as they are printed. Raises UsageError."""
    wanted = case.wanted
    name, shape = wanted.field, next(iter(case.items.values())).shape
    if name not in FIELDS_OF[shape]:
        has = ", ".join(FIELDS_OF[shape])
        raise UsageError(f"an item of the shape {shape} has no {name} (it has {has})")
    values = dict(wanted.values)
    if not values or not all(values.values()):
        raise UsageError(f"what is the {name} to be? give the new text (--value, --value-ko, …)")
    if name not in _SAME_EVERYWHERE:
        first = case.printed.editions[0].language
        if ANY in values and first in values:
            raise UsageError(f"--value and --value-{first} are both the {first} text: give one")
        return {language or first: text for language, text in values.items()}
    if set(values) != {ANY}:
        raise UsageError(f"the {name} is the same in every edition: give it once, as --value")
    return _same_everywhere(case, name, values[ANY])


def _same_everywhere(case: _Case, name: CorrectedField, value: str) -> dict[str, str]:
    if name is CorrectedField.DAY:
        return {ANY: _day(case.issue, value)}
    if name is CorrectedField.LINK:
        if not is_web(value):
            raise UsageError(f"a link must be an http or https address, not {value!r}")
        if not public_url(value):
            raise UsageError(
                f"readers cannot be sent to {value!r}: a link must lead to a host that is public,"
                " without a name and password before it"
            )
        return {ANY: value}
    body = _body(case, value)
    return {edition: body.print_name(edition) for edition in case.items}


def _body(case: _Case, value: str) -> Body:
    bodies = case.desk.bodies
    found = bodies.get(value) or bodies.get(case.issuer(value) or "")
    if found is None:
        raise UsageError(
            f"no body is called {value!r}: give its id, its official name or an alias"
            " (bodies can be added as [[bodies]] in the configuration)"
        )
    return found


def _day(issue: Issue, value: str) -> str:
    """The day as it is printed. A late arrival may be from before the window, by a year at most."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"a day is written as 2024-02-27, not {value!r}") from None
    first = issue.window.start - AT_MOST_BEFORE
    if not first <= day <= issue.issue_on:
        raise UsageError(
            f"{value} cannot be the day of an item of this issue: give one from {first} to its own,"
            f" {issue.issue_on}"
        )
    return print_day(day)


# --- the record -----------------------------------------------------------------------------------


def _correction(case: _Case, story: str, texts: Mapping[str, CorrectedText]) -> Correction:
    wanted, at = case.wanted, case.desk.clock.now()
    first = next(iter(case.items))
    title = _bare(case, first, case.items[first]).headline.text
    if wanted.field is CorrectedField.HEADLINE and first in texts:
        title = texts[first].new
    place = len(case.printed.corrections) + 1
    seed = f"{case.desk.series.id}\n{wanted.number}\n{place}\n{story}\n{at.isoformat()}"
    return Correction(
        public_id=hashlib.sha256(seed.encode()).hexdigest()[:16],
        issue_id=case.issue.id,
        at=at,
        by=wanted.by,
        story=story,
        title=title,
        field=wanted.field,
        texts=texts,
        notes=wanted.notes,
    )


def _checked(case: _Case, correction: Correction) -> list[Edit]:
    """The line for the amber findings that the correction brings and that somebody takes on. Raises
    LintRefused for those that nobody does, and for red ones."""
    desk, printed = case.desk, case.printed
    if not correction.texts:
        return []
    draft = draft_of(desk, case.wanted.number)
    facts = facts_of(desk, draft)
    corrected = correct(
        printed.frozen or printed, [*printed.corrections, correction], desk.catalogue
    )
    had = {_told(one) for one in lint_issue(facts)}
    after = lint_issue(as_read(desk, facts, corrected, draft.picked))
    findings = tuple(one for one in after if _told(one) not in had)
    red = [one for one in findings if one.severity is Severity.RED]
    if red or (findings and not case.wanted.accepted_by):
        head = f"No. {case.wanted.number} is not corrected"
        raise LintRefused(refusal(head, red or findings), findings=findings)
    if not findings:
        return []
    target = f"issue:{case.issue.id}"
    return [taken_on(desk, findings, by=case.wanted.accepted_by, target=target)]


def _told(finding: Finding) -> tuple[str, ...]:
    """What a finding says, wherever in its text."""
    return (finding.code, finding.where, finding.language, finding.message)


def _edits(correction: Correction, printed: PrintedIssue) -> list[Edit]:
    """Lines for the log of the item: one for each edition that changed, else one for the note."""
    note, _ = correction.note_in(printed.editions[0].language)
    changes = [
        (f"{correction.field}.{language}", text.old, text.new)
        for language, text in correction.texts.items()
    ]
    return [
        Edit(
            at=correction.at,
            actor=correction.by,
            target=f"pick:{correction.issue_id}:{correction.story}",
            field=name,
            old=old,
            new=new,
            cause="correction",
        )
        for name, old, new in changes or [(str(correction.field), "", note)]
    ]
