"""Where the issue in hand stands, as every page says it: its stage, and whether an approval holds or was
lost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.domain.editing import ActionKind, Stage
from aggregator.domain.issues import Issue
from aggregator.services.editing.standings import STAGE, standing_of
from aggregator.services.reports.today import Working, working_issue
from aggregator.web.desk.did import did
from aggregator.web.doors.asked import Asked

UNOPENED = "unopened"
"""The name of the state of an issue that nobody has begun with."""

_CAUSE = re.compile(r"(?:(undo|redo) of )?.+ \(action (\d{1,18})\)", re.ASCII)
"""The reason of what followed from an action, or took one back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """``name`` of the state for style sheets, and its ``word``; ``notice`` is what editors must know of an
    approval, "" for nothing, and ``is_lost`` whether it was withdrawn."""

    name: str
    word: str
    notice: str = ""
    is_lost: bool = False


def state_name(issue: Issue, stage: Stage) -> str:
    """The state of an issue as pages call it (``desk.state``): its stage, where it was opened."""
    return stage.value.replace("-", "_") if issue.id else UNOPENED


def stands_of(asked: Asked, working: Working | None = None) -> Stands:
    """Where the working issue stands."""
    desk = asked.app.desk
    now = working or working_issue(desk)
    stage = standing_of(desk, now.issue).stage
    name = state_name(now.issue, stage)
    lost = reopened_by(asked, now.issue) if stage is Stage.DRAFT else ""
    notice = lost
    if stage.is_approved:
        key = "desk.standing.scheduled" if stage is Stage.SCHEDULED else "desk.standing.approved"
        notice = asked.text(key, number=now.number)
    return Stands(
        name=name, word=asked.text(f"desk.state.{name}"), notice=notice, is_lost=bool(lost)
    )


def reopened_by(asked: Asked, issue: Issue) -> str:
    """By whom and what an approved issue became a draft again, "" where that is not what happened to it
    last."""
    last = asked.app.desk.store.last_change(f"issue:{issue.id}", STAGE) if issue.id else None
    if last is None or last.kind is not ActionKind.REOPEN:
        return ""
    what = action_behind(asked, last.edit.cause)
    key = "desk.standing.reopened_by" if what else "desk.standing.reopened"
    return asked.text(key, who=last.edit.actor, what=what)


def action_behind(asked: Asked, cause: str) -> str:
    """The action that a reason of the log names, in words, and whether it was taken back or done again;
    "" for a reason that names none."""
    found = _CAUSE.fullmatch(cause)
    action = asked.app.desk.store.action(int(found[2])) if found else None
    if found is None or action is None:
        return ""
    what = did(asked, action)
    return f"{asked.text(f'desk.undo.kind.{found[1]}')}: {what}" if found[1] else what


def told_to_script(asked: Asked) -> dict[str, object]:
    """The same for the script, which puts it into the page that is there."""
    stands = stands_of(asked)
    return {
        "name": stands.name,
        "word": stands.word,
        "notice": stands.notice,
        "lost": stands.is_lost,
    }
