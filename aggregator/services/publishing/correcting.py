"""Corrections of a published issue: found in its print, checked, recorded in the open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from aggregator.domain.corrections import CorrectedField, CorrectedText, Correction
from aggregator.domain.errors import (
    Ambiguous,
    LintRefused,
    NotFound,
)
from aggregator.domain.findings import Finding, Severity
from aggregator.domain.issues import Edit, Edition, PrintedItem
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import (
    correct,
)
from aggregator.issue.lint.publishing import lint_issue
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import draft_of
from aggregator.services.publishing.corrected_texts import (
    Case,
    Wanted,
    check_words,
    texts_of,
    without_mark,
)
from aggregator.services.publishing.linting import facts_of, refusal, taken_on
from aggregator.services.publishing.printed import printed_issue, published_issue
from aggregator.services.publishing.printed_facts import as_read
from aggregator.text.fold import squash
from aggregator.text.unseen import typed_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded, and the issue as it is read now."""

    correction: Correction
    issue: PrintedIssue


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
    case, correction = _made(desk, wanted, issuer)
    edits = [*_edits(correction, case.printed), *_checked(case, correction)]
    kept = desk.store.save_correction(correction, version=case.issue.version, edits=edits)
    read = printed_issue(desk, case.issue)
    return Recorded(correction=kept, issue=read or case.printed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a correction would be, the issue as it would be read then, and what the lint would find
    that it does not find now."""

    correction: Correction
    issue: PrintedIssue
    findings: tuple[Finding, ...]


def foresee_correction(
    desk: Desk, wanted: Wanted, *, issuer: Callable[[str], str | None]
) -> Foreseen:
    """What ``record_correction`` would record; nothing is. Raises as it does, but for LintRefused."""
    case, correction = _made(desk, wanted, issuer)
    findings, corrected = _found(case, correction)
    return Foreseen(correction=correction, issue=corrected, findings=findings)


def _made(
    desk: Desk, wanted: Wanted, issuer: Callable[[str], str | None]
) -> tuple[Case, Correction]:
    wanted = _tidy(wanted)
    issue = published_issue(desk, wanted.number)
    printed = printed_issue(desk, issue)
    if printed is None or not printed.editions:
        raise NotFound(f"No. {wanted.number} has no edition to correct")
    story = _find(printed, wanted)
    items = {e.language: item for e in printed.editions for item in _items(e, story)}
    case = Case(desk=desk, wanted=wanted, issue=issue, printed=printed, items=items, issuer=issuer)
    check_words(case, story)
    texts = texts_of(case) if wanted.field.has_text else {}
    return case, _correction(case, story, texts)


def _tidy(wanted: Wanted) -> Wanted:
    """The wish with every text on one line, without what XML forbids."""
    notes = {language: typed_line(note) for language, note in wanted.notes.items()}
    return replace(
        wanted,
        by=typed_line(wanted.by),
        accepted_by=typed_line(wanted.accepted_by),
        values={language: typed_line(text) for language, text in wanted.values.items()},
        notes={language: note for language, note in notes.items() if note},
    )


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


# --- the record -----------------------------------------------------------------------------------


def _correction(case: Case, story: str, texts: Mapping[str, CorrectedText]) -> Correction:
    wanted, at = case.wanted, case.desk.clock.now()
    first = next(iter(case.items))
    title = without_mark(case, first, case.items[first]).headline.text
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


def _checked(case: Case, correction: Correction) -> list[Edit]:
    """The line for the amber findings that the correction brings and that somebody takes on. Raises
    LintRefused for those that nobody does, and for red ones."""
    findings, _ = _found(case, correction)
    red = [one for one in findings if one.severity is Severity.RED]
    if red or (findings and not case.wanted.accepted_by):
        head = f"No. {case.wanted.number} is not corrected"
        raise LintRefused(refusal(head, red or findings), findings=findings)
    if not findings:
        return []
    target = f"issue:{case.issue.id}"
    return [taken_on(case.desk, findings, by=case.wanted.accepted_by, target=target)]


def _found(case: Case, correction: Correction) -> tuple[tuple[Finding, ...], PrintedIssue]:
    """What the lint finds with the correction and not without, and the issue with it."""
    desk, printed = case.desk, case.printed
    corrected = correct(
        printed.frozen or printed, [*printed.corrections, correction], desk.catalogue
    )
    if not correction.texts:
        return (), corrected
    draft = draft_of(desk, case.wanted.number)
    facts = facts_of(desk, draft)
    had = {_told(one) for one in lint_issue(facts)}
    after = lint_issue(as_read(desk, facts, corrected, draft.picked))
    return tuple(one for one in after if _told(one) not in had), corrected


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
