"""What the log keeps of rules that somebody put live."""

from __future__ import annotations

from aggregator.domain.editing import ActionKind, Change, Step
from aggregator.domain.issues import Edit
from aggregator.services.desk import Desk
from aggregator.services.editing.one_change import one_change
from aggregator.text.word_diff import diff_words

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
    desk.store.act(Step(action=one_change(Change(edit=edit), ActionKind.RULES)))


def changed_lines(before: str, after: str) -> tuple[str, str]:
    """The lines that only the one text has where they differ, and those that only the other has."""
    old, new = before.splitlines(), after.splitlines()
    changed = [span for span in diff_words(old, new) if not span.same]
    return (
        "\n".join(line for span in changed for line in old[span.i1 : span.i2]),
        "\n".join(line for span in changed for line in new[span.j1 : span.j2]),
    )
