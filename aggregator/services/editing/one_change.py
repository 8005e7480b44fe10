"""The action of a single line of the log."""

from __future__ import annotations

from aggregator.domain.editing import Action, ActionKind, Change, Kept


def one_change(
    change: Change,
    kind: ActionKind,
    *,
    issue_id: int | None = None,
    undoes: int = 0,
    note: Kept | None = None,
) -> Action:
    """What was done by who wrote the line, at its hour, to what it is about."""
    return Action(
        actor=change.edit.actor,
        at=change.edit.at,
        kind=kind,
        target=change.edit.target,
        issue_id=issue_id,
        changes=(change,),
        undoes=undoes,
        note=note,
    )
