"""What editors put right in a published issue, as its pages and other forms tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aggregator.catalogue import Catalogue, print_day
from aggregator.domain.changes import Piece, PieceKind
from aggregator.domain.corrections import CorrectedField, CorrectedText, Correction
from aggregator.domain.issues import Edition, Phrase
from aggregator.domain.items import SEOUL
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import is_withdrawn, shows
from aggregator.publish.differences import compare, shortened, went_and_came
from aggregator.publish.layout import Layout
from aggregator.publish.views import CorrectionView, Withdrawal
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url

ANCHOR = "correction-"
"""What the ids of corrections on a page begin with."""


def correction_views(
    issue: PrintedIssue, edition: Edition, catalogue: Catalogue
) -> tuple[CorrectionView, ...]:
    """What the page of an edition tells of its corrections, oldest first."""
    return tuple(_view(one, edition, catalogue) for one in corrections_of(issue, edition))


def corrections_of(issue: PrintedIssue, edition: Edition, story: str = "") -> list[Correction]:
    """The corrections that an edition shows, of one item or of all, oldest first."""
    return [
        one
        for one in issue.corrections
        if (not story or one.story == story) and shows(edition, one)
    ]


def withdrawn_stories(issue: PrintedIssue) -> frozenset[str]:
    """The items of the issue that are withdrawn."""
    stories = {one.story for one in issue.corrections}
    return frozenset(story for story in stories if is_withdrawn(story, issue.corrections))


def withdrawal_views(
    issue: PrintedIssue, edition: Edition, catalogue: Catalogue
) -> dict[str, CorrectionView]:
    """What the page of an edition tells of each item that is withdrawn, by story."""
    gone = withdrawn_stories(issue)
    return {
        one.story: _view(one, edition, catalogue)
        for one in corrections_of(issue, edition)
        if one.field is CorrectedField.WITHDRAWN and one.story in gone
    }


def withdrawals(
    issues: Iterable[PrintedIssue], layout: Layout, language: str
) -> dict[str, Withdrawal]:
    """By story where readers of a language are told that an issue withdrew it: in that of the
    newest issue that did, in its edition of the language where that has the item."""
    found = {}
    for issue in sorted(issues, key=lambda issue: issue.number):
        gone = withdrawn_stories(issue)
        editions = [layout.edition(issue, language), *issue.editions] if gone else []
        # The one to be preferred is written last.
        for edition in reversed(editions):
            for one in corrections_of(issue, edition):
                if one.field is CorrectedField.WITHDRAWN and one.story in gone:
                    found[one.story] = Withdrawal(
                        number=issue.number,
                        path=layout.issue(issue, edition.language),
                        anchor=f"{ANCHOR}{one.public_id}",
                        language=edition.language,
                    )
    return found


def correction_line(correction: Correction, language: str, catalogue: Catalogue) -> str:
    """A correction in one line of plain text, as in ``정정 2024.3.6 · 날짜: 2.27 → 2.28. …``."""
    day = print_day(correction.at.astimezone(SEOUL).date())
    head = catalogue.text("correction.at_item", language)
    text = correction.texts.get(language)
    texts = {language: text} if text is not None else {}
    what = what_changed(correction, texts, language, catalogue)
    return with_note(f"{head} {day} · {what}", correction, language)


def what_changed(
    correction: Correction,
    texts: Mapping[str, CorrectedText],
    language: str,
    catalogue: Catalogue,
) -> str:
    """The field, and what went and came in these texts by edition; of several each is named."""
    told = [
        f"{field_name(correction, edition if len(texts) > 1 else '', language, catalogue)}: "
        + went_and_came(pieces_of(correction, one, language, catalogue), language, catalogue)
        for edition, one in texts.items()
    ]
    return "; ".join(told) or field_name(correction, "", language, catalogue)


def field_name(correction: Correction, edition: str, language: str, catalogue: Catalogue) -> str:
    """What a correction is about, with the language of the edition where one is given."""
    label = catalogue.text(f"correction.field.{correction.field}", language)
    if not edition:
        return label
    try:
        return f"{label} ({catalogue.text(f'language.called.{edition}', language)})"
    except LookupError:
        return f"{label} ({edition})"


def with_note(told: str, correction: Correction, language: str) -> str:
    """What is told in one line, with what the editors say behind it."""
    note, _ = correction.note_in(language)
    joint = " " if told.endswith((".", "!", "?")) else ". "
    return one_line(f"{shortened(told)}{joint}{note}" if note else shortened(told))


def pieces_of(
    correction: Correction, text: CorrectedText, language: str, catalogue: Catalogue
) -> tuple[Piece, ...]:
    """What became of each word. Of an address that the public is not sent to nothing is told."""
    if correction.field is CorrectedField.LINK:
        none = catalogue.text("correction.none", language)
        old, new = (public_url(url) or none for url in (text.old, text.new))
        text = replace(text, old=old, new=new)
    return compare(text.old, text.new)


def _view(correction: Correction, edition: Edition, catalogue: Catalogue) -> CorrectionView:
    language = edition.language
    text = correction.texts.get(language)
    pieces = pieces_of(correction, text, language, catalogue) if text is not None else ()
    note, spoken = correction.note_in(language)
    return CorrectionView(
        id=f"{ANCHOR}{correction.public_id}",
        story=correction.story,
        at=correction.at.astimezone(SEOUL).replace(microsecond=0),
        field=catalogue.text(f"correction.field.{correction.field}", language),
        headline=headline_of(correction, edition),
        before=tuple(one for one in pieces if one.kind is not PieceKind.ADDED),
        after=tuple(one for one in pieces if one.kind is not PieceKind.REMOVED),
        language=text.language if text is not None else "",
        note=Phrase(text=note, language=spoken) if note else None,
        is_mailed=language in correction.mailed,
    )


def headline_of(correction: Correction, edition: Edition) -> Phrase:
    """The headline of the item as the page shows it."""
    items = (item for section in edition.sections for item in section.items)
    return next(item.headline for item in items if item.story == correction.story)
