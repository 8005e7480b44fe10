"""What the log keeps of rules that somebody put live."""

from __future__ import annotations

import difflib

from aggregator.domain.editing import Action, ActionKind, Change, Step
from aggregator.domain.issues import Edit
from aggregator.services.desk import Desk

RULES = "rules"
"""The field of the log."""


def log_rules(desk: Desk, *, file: str, before: str, after: str, kept: str) -> None:
    """Write a line about the rules of ``file``: those of its lines that went, and those that came.
    ``kept`` is the file that has the rules from ``before``."""
    old, new = changed_lines(before, after)
    edit = Edit(
        at=desk.clock.now(),
        actor=desk.actor,
        target=f"rules:{file}",
        field=RULES,
        old=old,
        new=new,
        cause=kept,
    )
    action = Action(
        actor=edit.actor,
        at=edit.at,
        kind=ActionKind.RULES,
        target=edit.target,
        changes=(Change(edit=edit),),
    )
    desk.store.act(Step(action=action))


def changed_lines(before: str, after: str) -> tuple[str, str]:
    """The lines that only the one text has where they differ, and those that only the other has."""
    lines = [*difflib.ndiff(before.splitlines(), after.splitlines())]
    old, new = (
        "\n".join(line[2:] for line in lines if line.startswith(mark)) for mark in ("- ", "+ ")
    )
    return old, new
