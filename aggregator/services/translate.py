"""Translations of an issue: out as a PO file, back in by the same door."""

from __future__ import annotations

from aggregator.domain.errors import UsageError
from aggregator.domain.issues import Edit, IssueStatus
from aggregator.issue.edition import Picked
from aggregator.issue.snapshot import freeze, thaw
from aggregator.issue.translation import Imported, export_po, import_po, read_po
from aggregator.services.desk import Desk
from aggregator.services.draft import Draft, draft_of
from aggregator.services.publish import editions_of


def export_translation(desk: Desk, number: int | None, *, language: str) -> str:
    """The issue's texts as PO. Raises NotFound for an unknown number, UsageError for a language
    that the series does not have."""
    _check_language(desk, language)
    draft = draft_of(desk, number)
    return export_po(draft.picked, desk.series, number=draft.number, language=language)


def import_translation(desk: Desk, text: str, number: int | None, *, language: str) -> Imported:
    """Lay a PO file on the issue's picks. Of a published issue the edition in ``language`` is frozen
    anew; its other editions stay as they were printed.

    Raises as ``export_translation``, and TranslationError for a file that is no PO file or
    belongs to another issue or language; then nothing is changed.
    """
    _check_language(desk, language)
    draft = draft_of(desk, number)
    file = read_po(text, number=draft.number, language=language)
    imported = import_po(file, draft.picked, desk.series, language=language)
    before = {one.pick.story_id: one for one in draft.picked}
    for one in imported.picks:
        known = before[one.pick.story_id]
        if one.pick != known.pick:
            desk.store.save_pick(one.pick, _edits(desk, known, one, language))
    if draft.issue.status is IssueStatus.PUBLISHED and imported.picks:
        _freeze_again(desk, draft, language)
    return imported


def _freeze_again(desk: Desk, draft: Draft, language: str) -> None:
    """Replace one edition of the printed issue. What was printed in the other languages stays, even
    where a source has changed its text since."""
    printed = thaw(draft.issue)
    fresh = editions_of(desk, draft_of(desk, draft.number))
    old = {edition.language: edition for edition in printed.editions} if printed else {}
    editions = [
        edition if edition.language == language else old.get(edition.language, edition)
        for edition in fresh
    ]
    desk.store.replace_snapshot(draft.issue.id, freeze(editions))


def _check_language(desk: Desk, language: str) -> None:
    if language not in desk.series.languages:
        known = ", ".join(desk.series.languages)
        raise UsageError(f"the series has no edition in {language!r} (one of {known})")


def _edits(desk: Desk, before: Picked, after: Picked, language: str) -> list[Edit]:
    old = {t.field: t.text for t in before.pick.texts if t.language == language}
    return [
        Edit(
            at=desk.clock.now(),
            actor=desk.actor,
            target=f"pick:{after.pick.issue_id}:{after.story.public_id}",
            field=f"{text.field}.{language}",
            old=old.get(text.field, ""),
            new=text.text,
            cause="translation",
        )
        for text in after.pick.texts
        if text.language == language and old.get(text.field, "") != text.text
    ]
