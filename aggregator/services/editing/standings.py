"""Where issues stand, with what follows from their rows: published, corrected, skipped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from aggregator.domain.editing import Action, ActionKind, Change, Kept, Stage, Standing
from aggregator.domain.issues import Edit, Issue, IssueStatus
from aggregator.services.desk import Desk
from aggregator.services.editing.cells import cells_of
from aggregator.services.editing.one_change import one_change

STAGE = "stage"


def standing_of(desk: Desk, issue: Issue) -> Standing:
    """Where one issue stands."""
    return standings_of(desk, [issue])[issue.id]


def standings_of(desk: Desk, issues: Iterable[Issue]) -> dict[int, Standing]:
    """Where these issues stand, by id."""
    every = list(issues)
    drafts = [one.id for one in every if one.status is IssueStatus.DRAFT]
    known = desk.store.standings(drafts) if drafts else {}
    corrected: set[int] = set()
    if len(drafts) < len(every):
        corrected = {one.issue_id for one in desk.store.corrections(desk.series.id)}
    return {one.id: _standing(one, known.get(one.id), one.id in corrected) for one in every}


def _standing(issue: Issue, known: Standing | None, corrected: bool) -> Standing:  # noqa: FBT001
    if issue.status is IssueStatus.SKIPPED:
        return Standing(stage=Stage.SKIPPED)
    if issue.status is IssueStatus.PUBLISHED:
        stage = Stage.CORRECTED if corrected else Stage.PUBLISHED
        return Standing(stage=stage, at=issue.published_at)
    return known or Standing()


def status_action(
    desk: Desk, issue_id: int, kind: ActionKind, new: IssueStatus, cause: str = ""
) -> Action:
    """What the log keeps of a draft that becomes another thing for good, with how far it had come."""
    now, target = desk.clock.now(), f"issue:{issue_id}"
    was = desk.store.standings([issue_id]).get(issue_id, Standing())
    line = Edit(
        at=now,
        actor=desk.actor,
        target=target,
        field="status",
        old=was.stage.value,
        new=new.value,
        cause=cause,
    )
    return one_change(Change(edit=line), kind, issue_id=issue_id)


def kept_standing(standing: Standing) -> Kept:
    """A standing as undo puts it back."""
    return {
        "stage": standing.stage.value,
        "by": standing.by,
        "at": _instant(standing.at),
        "note": standing.note,
        "publish_at": _instant(standing.publish_at),
        "accepted_by": standing.accepted_by,
        "version": standing.version,
    }


def standing_from(kept: Kept) -> Standing:
    """What ``kept_standing`` kept."""
    version = kept.get("version")
    return Standing(
        stage=Stage(str(kept["stage"])),
        by=str(kept["by"]),
        at=_read(kept["at"]),
        note=str(kept["note"]),
        publish_at=_read(kept["publish_at"]),
        accepted_by=str(kept["accepted_by"]),
        version=version if isinstance(version, int) else 0,
    )


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at is not None else None


def _read(kept: object) -> datetime | None:
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None


def content_of(desk: Desk, issue_id: int) -> str:
    """A digest of all that an issue prints: its picks, and the texts that they are of. An approval
    holds for this."""
    picks = [pick for pick in desk.store.picks(issue_id) if pick.state.is_in]
    stories = desk.store.shown_stories(ids=[pick.story_id for pick in picks])
    sources = {story.id: [story.primary.id, story.primary.rev] for story in stories}
    told = [
        [pick.story_id, cells_of(pick), sources.get(pick.story_id)]
        for pick in sorted(picks, key=lambda one: one.story_id)
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
