"""The way of an issue from draft to its hour: asked for review, approved, scheduled, sent back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from aggregator.domain.editing import Action, ActionKind, Change, Stage, Standing, Step
from aggregator.domain.errors import Conflict, IllegalTransition, UsageError
from aggregator.domain.issues import Edit, Issue, IssueStatus
from aggregator.domain.items import SEOUL
from aggregator.domain.people import Role
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import issue_by_id
from aggregator.services.editing.one_change import one_change
from aggregator.services.editing.standings import STAGE, content_of, kept_standing, standing_of
from aggregator.text.unseen import typed_line

STEPS: dict[ActionKind, tuple[Role, frozenset[Stage]]] = {
    ActionKind.REVIEW: (Role.EDITOR, frozenset({Stage.DRAFT})),
    ActionKind.APPROVE: (Role.PUBLISHER, frozenset({Stage.DRAFT, Stage.IN_REVIEW})),
    ActionKind.SCHEDULE: (Role.PUBLISHER, frozenset({Stage.APPROVED, Stage.SCHEDULED})),
    ActionKind.SEND_BACK: (
        Role.EDITOR,
        frozenset({Stage.IN_REVIEW, Stage.APPROVED, Stage.SCHEDULED}),
    ),
    ActionKind.PUBLISH: (Role.PUBLISHER, frozenset({Stage.APPROVED, Stage.SCHEDULED})),
}
"""Each step with the least role that takes it, and the stages from which it is taken."""

CONTENT = "content"
"""In the note of a step: a digest of what the issue printed then."""

LONGEST = 1000
"""Characters of a note."""


def steps_from(stage: Stage, role: Role) -> tuple[ActionKind, ...]:
    """The steps that somebody of this role can take from a stage."""
    return tuple(
        kind for kind, (least, stages) in STEPS.items() if stage in stages and role.includes(least)
    )


def ask_review(editor: Editor, issue_id: int, *, version: int | None, note: str = "") -> Done:
    """Ask for the draft to be looked at. ``version`` is the issue's that was seen.

    Raises IllegalTransition from another stage, and Conflict where the issue changed since.
    """
    standing = Standing(stage=Stage.IN_REVIEW, note=_line(note))
    return _go(editor, issue_id, ActionKind.REVIEW, standing, version)


def approve(editor: Editor, issue_id: int, *, version: int, note: str = "") -> Done:
    """Answer for the issue as it stands, word for word: any edit reopens it. Raises as
    ``ask_review``."""
    standing = Standing(stage=Stage.APPROVED, note=_line(note))
    return _go(editor, issue_id, ActionKind.APPROVE, standing, version)


def schedule(
    editor: Editor,
    issue_id: int,
    *,
    version: int,
    at: datetime | None = None,
    accepted_by: str = "",
) -> Done:
    """Let an approved issue be published at an hour (aware): None for its day at the series' hour.
    ``accepted_by`` takes on what the lint finds amber then; without that name it holds the issue back.

    Raises as ``ask_review``, and UsageError for an hour that has passed.
    """
    desk = editor.desk
    if at is None:
        day = issue_by_id(desk, issue_id).issue_on
        at = datetime.combine(day, desk.series.at, tzinfo=SEOUL)
    if at <= desk.clock.now():
        raise UsageError(
            f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M} KST has passed: give a later hour, or publish it"
            " now"
        )
    standing = Standing(
        stage=Stage.SCHEDULED, publish_at=at.astimezone(UTC), accepted_by=_line(accepted_by)
    )
    return _go(editor, issue_id, ActionKind.SCHEDULE, standing, version)


def send_back(editor: Editor, issue_id: int, *, note: str = "") -> Done:
    """Let an issue be a draft again. Raises IllegalTransition for one that is one."""
    standing = Standing(stage=Stage.DRAFT, note=_line(note))
    return _go(editor, issue_id, ActionKind.SEND_BACK, standing, None)


def check_stage(issue: Issue, stage: Stage, kind: ActionKind) -> None:
    """Raise IllegalTransition for a step that is not taken from a stage."""
    _, stages = STEPS[kind]
    if stage not in stages:
        wanted = " or ".join(one.value for one in stages)
        raise IllegalTransition(
            f"the issue of {issue.issue_on} is {stage}: {kind} wants one that is {wanted}"
        )


def _go(
    editor: Editor, issue_id: int, kind: ActionKind, standing: Standing, version: int | None
) -> Done:
    desk, now = editor.desk, editor.desk.clock.now()
    issue = issue_by_id(desk, issue_id)
    before = standing_of(desk, issue)
    check_stage(issue, before.stage, kind)
    if version is not None and version != issue.version:
        raise Conflict(
            f"the issue of {issue.issue_on} changed since you looked at it (version"
            f" {issue.version}, not {version}): look at it again"
        )
    after = replace(standing, by=editor.name, at=now, version=issue.version)
    action = stage_action(editor, issue, kind, (before, after), cause=standing.note)
    step = Step(action=action, standing=after, stage_from=before.stage, version=issue.version)
    return Done.of(desk.store.act(step))


def stage_action(
    editor: Editor,
    issue: Issue,
    kind: ActionKind,
    standings: tuple[Standing, Standing],
    *,
    cause: str = "",
    undoes: int = 0,
) -> Action:
    """What the log keeps of a step from one standing to another."""
    before, after = standings
    now, target = editor.desk.clock.now(), f"issue:{issue.id}"
    edit = Edit(
        at=now,
        actor=editor.name,
        target=target,
        field=STAGE,
        old=before.stage.value,
        new=_words(after),
        cause=cause,
    )
    change = Change(edit=edit, old=kept_standing(before), new=kept_standing(after))
    note = {CONTENT: content_of(editor.desk, issue.id)}
    return one_change(change, kind, issue_id=issue.id, undoes=undoes, note=note)


def _words(standing: Standing) -> str:
    if standing.publish_at is None:
        return standing.stage.value
    return f"{standing.stage} {standing.publish_at.astimezone(SEOUL):%Y-%m-%d %H:%M} KST"


def is_waiting(issue: Issue, standing: Standing) -> bool:
    """Whether a draft waits for its hour."""
    return issue.status is IssueStatus.DRAFT and standing.stage is Stage.SCHEDULED


def _line(note: str) -> str:
    note = typed_line(note)
    if len(note) > LONGEST:
        raise UsageError(f"a note has {len(note)} characters, at most {LONGEST} are taken")
    return note
