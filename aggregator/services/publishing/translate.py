"""Translations of an issue: out as a PO file, back in by the same door."""

from __future__ import annotations

from dataclasses import replace

from aggregator.domain.errors import UsageError
from aggregator.domain.issues import Edit, IssueStatus
from aggregator.issue.edition import Picked
from aggregator.issue.snapshot import freeze, thaw
from aggregator.issue.translation import Imported, export_po, import_po, read_po
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft, draft_of
from aggregator.services.publishing.publish import editions_of


def export_translation(desk: Desk, number: int | None, *, language: str) -> str:
    """The issue's texts as PO. Raises NotFound for an unknown number, UsageError for a language
    that the series does not have."""
    _check_language(desk, language)
    draft = draft_of(desk, number)
    return export_po(draft.picked, desk.series, number=draft.number, language=language)


def import_translation(desk: Desk, text: str, number: int | None, *, language: str) -> Imported:
    """Lay a PO file on the issue's picks. Of a published issue the edition in ``language`` is frozen
    anew; its other editions stay as they were printed.

    Raises as ``export_translation``, TranslationError for a file that is no PO file or belongs to
    another issue or language, and Conflict when the issue changed meanwhile; then nothing is
    changed.
    """
    _check_language(desk, language)
    draft = draft_of(desk, number)
    file = read_po(text, number=draft.number, language=language)
    imported = import_po(file, draft.picked, desk.series, language=language)
    before = {one.pick.story_id: one for one in draft.picked}
    after = before | {one.pick.story_id: one for one in imported.picks}
    changes = [
        (one.pick, _edits(desk, before[story_id], one, language))
        for story_id, one in after.items()
        if one.pick != before[story_id].pick
    ]
    snapshot = None
    if draft.issue.status is IssueStatus.PUBLISHED and imported.picks:
        snapshot = _print_again(desk, replace(draft, picked=tuple(after.values())), language)
    if changes or snapshot is not None:
        desk.store.save_texts(
            draft.issue.id, changes, version=draft.issue.version, snapshot=snapshot
        )
    return imported


def _print_again(desk: Desk, draft: Draft, language: str) -> dict[str, object] | None:
    """The print with one edition made anew and the time of its correction; None where nothing that
    is printed changed. What was printed in the other languages stays, even where a source has
    changed its text since."""
    printed = thaw(draft.issue)
    old = {edition.language: edition for edition in printed.editions} if printed else {}
    editions = tuple(
        edition if edition.language == language else old.get(edition.language, edition)
        for edition in editions_of(desk, draft)
    )
    if printed is not None and editions == printed.editions:
        return None
    before = printed.corrected if printed else {}
    return freeze(editions, corrected={**before, language: desk.clock.now()})


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
