"""Who is at work on the desk, and what came of what he did."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aggregator.domain.editing import Acted, ActionKind, Change
from aggregator.domain.issues import Pick
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk
from aggregator.services.editing.remarks import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Somebody at the desk: ``desk.actor`` is his name in the log."""

    desk: Desk
    curator: Curator

    @classmethod
    def of(cls, desk: Desk, curator: Curator, name: str) -> Editor:
        """The person of this name, at this desk."""
        return cls(desk=replace(desk, actor=name), curator=curator)

    @property
    def name(self) -> str:
        """What the log calls him."""
        return self.desk.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a call. ``action`` is what undo takes, 0 where nothing had to change; ``version``
    is that of ``pick`` now, 0 where there is none. ``reopened``: an approved issue is a draft again.
    ``notes`` tell what may be an oversight, ``made`` is the public id of a story that is new by it."""

    kind: ActionKind
    target: str
    action: int = 0
    issue_version: int = 0
    version: int = 0
    pick: Pick | None = None
    reopened: bool = False
    notes: tuple[Remark, ...] = ()
    changes: tuple[Change, ...] = ()
    made: str = ""

    @classmethod
    def of(cls, acted: Acted) -> Done:
        """What came of an action, without a pick."""
        return cls(
            kind=acted.action.kind,
            target=acted.action.target,
            action=acted.action.id,
            issue_version=acted.issue_version,
            reopened=acted.reopened,
            changes=acted.action.changes,
        )
