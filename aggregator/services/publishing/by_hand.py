"""Publishing and correcting on the desk: confirmed by the issue's number, under somebody's name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from aggregator.domain.edit_errors import NotConfirmed
from aggregator.domain.editing import ActionKind
from aggregator.domain.errors import Conflict
from aggregator.domain.issues import Edit
from aggregator.issue.windows import next_number
from aggregator.ports.mailing import LetterMaker
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.issue_at_hand import issue_by_id
from aggregator.services.editing.standings import standing_of
from aggregator.services.editing.workflow import check_stage
from aggregator.services.publishing.corrected_texts import Wanted
from aggregator.services.publishing.correcting import Recorded, record_correction
from aggregator.services.publishing.linting import gate
from aggregator.services.publishing.publish import Gate, Press, Published, publish

_NUMBER = re.compile(r"\s*(?:no\.?|제|#)?\s*([0-9]+)\s*호?\s*", re.IGNORECASE)


def number_of(desk: Desk, issue_id: int) -> int:
    """The number that an issue has, or would take now. Raises NotFound."""
    issue = issue_by_id(desk, issue_id)
    return issue.number or next_number(desk.series, desk.store.issue_heads(desk.series.id))


async def publish_confirmed(
    editor: Editor,
    press: Press,
    issue_id: int,
    *,
    typed: str,
    accepted_by: str = "",
    mails: LetterMaker | None = None,
) -> Published:
    """Publish an approved or scheduled issue; ``typed`` must be its number ("48", "No. 48", "제48호").
    What the lint finds amber somebody takes on by name (``accepted_by``).

    Raises NotConfirmed, IllegalTransition, LintRefused, and what ``publish`` raises.
    """
    desk = editor.desk
    number = await asyncio.to_thread(number_of, desk, issue_id)
    confirm(typed, number)
    await asyncio.to_thread(_check, desk, issue_id)
    passed = still_approved(desk, issue_id, gate(desk, accepted_by=accepted_by, mails=mails))
    return await publish(desk, press, number=number, gate=passed)


def confirm(typed: str, number: int) -> None:
    """Raise NotConfirmed unless what was typed is this number."""
    found = _NUMBER.fullmatch(typed)
    if found is None or int(found[1]) != number:
        raise NotConfirmed(f"type the number of the issue, {number}, to publish it, not {typed!r}")


def _check(desk: Desk, issue_id: int) -> None:
    issue = issue_by_id(desk, issue_id)
    check_stage(issue, standing_of(desk, issue).stage, ActionKind.PUBLISH)


def still_approved(desk: Desk, issue_id: int, lint: Gate) -> Gate:
    """The lint, behind a look whether the issue is still what was approved."""

    def check(draft: Draft) -> Sequence[Edit]:
        if draft.issue.id != issue_id:
            raise Conflict(f"No. {draft.number} is another issue by now: look at it again")
        standing = standing_of(desk, draft.issue)
        check_stage(draft.issue, standing.stage, ActionKind.PUBLISH)
        return lint(draft)

    return check


def correct_published(
    editor: Editor, wanted: Wanted, *, issuer: Callable[[str], str | None]
) -> Recorded:
    """Record a correction under the editor's name. Raises as ``record_correction``."""
    return record_correction(editor.desk, replace(wanted, by=editor.name), issuer=issuer)
