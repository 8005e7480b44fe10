"""Publishing by schedule: the draft at the hour of its issue, where the gate lets it through."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.domain.editing import Standing
from aggregator.domain.errors import LintRefused, NotifyError
from aggregator.domain.issues import Issue, IssueStatus
from aggregator.domain.items import SEOUL
from aggregator.domain.notices import Mail, NotifyOptions
from aggregator.domain.visits import Chore
from aggregator.observe import get_logger
from aggregator.ports.notifying import Mailer
from aggregator.services.desk import Desk
from aggregator.services.editing.standings import standings_of
from aggregator.services.editing.workflow import is_waiting
from aggregator.services.publishing.by_hand import number_of, still_approved
from aggregator.services.publishing.publish import Gate, Press, Published, publish

log = get_logger(__name__)

RETRIED_AFTER = timedelta(minutes=10)
"""What was held back, or failed, is tried again after this time."""

_TOLD = "told"
"""In the chore's note: a digest of the refusal that the operator was told of."""


async def publish_if_due(
    desk: Desk, press: Press, gate: Gate, mailer: Mailer | None, options: NotifyOptions
) -> Published | None:
    """Publish the draft whose hour has come; None where none is due or the gate holds it back. What
    somebody scheduled waits for its own hour.

    A refusal is logged in one line and told to the operator once; the draft stays one and is tried again.
    Raises what ``publish`` raises otherwise.
    """
    now = desk.clock.now()
    issue = await asyncio.to_thread(_due_issue, desk, now)
    if issue is None:
        return None
    return await _publish(desk, publish(desk, press, gate=gate), mailer, options)


async def publish_scheduled(
    desk: Desk,
    press: Press,
    gate_for: Callable[[str], Gate],
    mailer: Mailer | None,
    options: NotifyOptions,
) -> Published | None:
    """Publish the issue that somebody scheduled and whose hour has come, in his name; ``gate_for`` is
    the gate with the name of who takes on what is amber. As ``publish_if_due`` in all else."""
    now = desk.clock.now()
    found = await asyncio.to_thread(_scheduled_issue, desk, now)
    if found is None:
        return None
    issue, standing = found
    number = await asyncio.to_thread(number_of, desk, issue.id)
    gate = still_approved(desk, issue.id, gate_for(standing.accepted_by))
    named = replace(desk, actor=standing.by)
    return await _publish(named, publish(named, press, number=number, gate=gate), mailer, options)


async def _publish(
    desk: Desk,
    publishing: Coroutine[object, object, Published],
    mailer: Mailer | None,
    options: NotifyOptions,
) -> Published | None:
    """Carry a publication out, unless it was tried a moment ago."""
    now = desk.clock.now()
    state = (await asyncio.to_thread(desk.store.chores))[Chore.PUBLISH]
    if state.due_at is not None and state.due_at > now:
        publishing.close()
        return None
    await asyncio.to_thread(desk.store.save_chore, replace(state, due_at=now + RETRIED_AFTER))
    try:
        made = await publishing
    except LintRefused as error:
        told = await asyncio.to_thread(_tell, desk, str(error), mailer, options, state.note)
        held = replace(state, due_at=now + RETRIED_AFTER, note={_TOLD: told} if told else {})
        await asyncio.to_thread(desk.store.save_chore, held)
        return None
    await asyncio.to_thread(
        desk.store.save_chore, replace(state, due_at=None, done_at=now, note={})
    )
    log.info("published_by_schedule", number=made.issue.number, files=len(made.files))
    return made


def _scheduled_issue(desk: Desk, now: datetime) -> tuple[Issue, Standing] | None:
    """The draft whose own hour has come."""
    drafts = [
        one for one in desk.store.issue_heads(desk.series.id) if one.status is IssueStatus.DRAFT
    ]
    standings = standings_of(desk, drafts)
    due = [
        (issue, standing)
        for issue in drafts
        if (standing := standings[issue.id]).publish_at is not None
        and standing.publish_at <= now
        and is_waiting(issue, standing)
    ]
    return max(due, key=lambda one: one[0].issue_on, default=None)


def _due_issue(desk: Desk, now: datetime) -> Issue | None:
    """The newest draft, once its places are filled and its hour has come."""
    drafts = [
        one
        for one in desk.store.issue_heads(desk.series.id)
        if one.status is IssueStatus.DRAFT and one.proposed_at is not None
    ]
    newest = max(drafts, key=lambda one: one.issue_on, default=None)
    if newest is None:
        return None
    if is_waiting(newest, standings_of(desk, [newest])[newest.id]):
        return None
    appears_at = datetime.combine(newest.issue_on, desk.series.at, tzinfo=SEOUL)
    return newest if appears_at <= now else None


def _tell(
    desk: Desk, refusal: str, mailer: Mailer | None, options: NotifyOptions, note: object
) -> str:
    """Say that an issue was held back; the digest of what the operator knows by then, "" where he
    could not be told."""
    head, *findings = refusal.splitlines()
    log.warning("issue_held_back", reason=head, findings=len(findings))
    digest = hashlib.sha256(refusal.encode()).hexdigest()[:32]
    if isinstance(note, dict) and note.get(_TOLD) == digest:
        return digest
    if mailer is None or not options.to:
        return ""
    mail = Mail(
        sender=options.sender,
        to=options.to,
        subject=f"{desk.series.titles[desk.series.languages[0]]}: {head.partition(':')[0]}",
        text=f"{refusal}\n\nIt is tried again every ten minutes.\n",
        at=desk.clock.now(),
        key=f"held-back.{digest}",
    )
    try:
        mailer.send(mail)
    except NotifyError as error:
        log.warning("operator_not_told", error=str(error))
        return ""
    return digest
