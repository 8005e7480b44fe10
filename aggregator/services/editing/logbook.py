"""The log as people read it: who did what, when, from what to what, and why."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.domain.editing import ActionKind, LogFilter, LogLine
from aggregator.domain.issues import Origin
from aggregator.services.desk import Desk

PAGE = 100
"""Lines of a page where nobody asks for another number."""

MOST = 1000
"""Lines of a page at most."""

RULES = frozenset({"rules", "curation"})
"""Whom the log names where nobody decided: the rules that propose, and the folding that lets a story
go into another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Lines of the log, the newest first; ``next`` is where the next page begins, 0 at the end."""

    lines: tuple[LogLine, ...]
    next: int


def logbook(
    desk: Desk, wanted: LogFilter | None = None, *, after: int = 0, size: int = PAGE
) -> LogPage:
    """The lines that the filter keeps, behind the line of the id ``after``."""
    size = max(1, min(size, MOST))
    found = desk.store.log_lines(wanted or LogFilter(), before=after, size=size + 1)
    here = found[:size]
    return LogPage(lines=tuple(here), next=here[-1].id if len(found) > size else 0)


def actors(desk: Desk) -> list[str]:
    """Everybody whom the log names, by name."""
    return desk.store.log_actors()


def story_in(line: LogLine) -> str:
    """The public id of the story that a line is about, "" for none."""
    kind, _, rest = line.edit.target.partition(":")
    if kind == "pick":
        return rest.partition(":")[2]
    if kind == "comment":
        # What a comment is about stands where others have their reason.
        return line.edit.cause
    return rest if kind == "story" else ""


def reason_of(line: LogLine) -> Origin:
    """What kind of reason a line has: a person, the rules, or the source."""
    if line.edit.actor in RULES:
        return Origin.RULES
    is_source = line.kind is ActionKind.SOURCE and line.edit.cause.startswith("the source")
    return Origin.SOURCE if is_source else Origin.EDITOR
