"""Actions, standings, comments and the inbox: the part of the store that the desk works with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from aggregator.domain.editing import (
    Acted,
    Action,
    Change,
    Comment,
    Kept,
    LogFilter,
    LogLine,
    PickWrite,
    SetAside,
    Standing,
    Step,
    Undecided,
    Wanted,
)
from aggregator.domain.issues import Issue, Pick


class EditingStore(Protocol):
    """What editors do, step by step."""

    def issue(self, issue_id: int) -> Issue:
        """The issue of that id, without its print. Raises NotFound."""
        ...

    def act(self, step: Step) -> Acted:
        """One transaction: write what an action changes, with its lines for the log, and mark what it
        undoes. An approved issue whose picks it changes, or of which it sets something aside, is a
        draft again, which is an action of its own.

        Raises Conflict where a pick's version, the issue's or its stage is not the one that was
        read, IllegalTransition for picks of an issue that is no draft, and NotFound for an issue or
        story that is none.
        """
        ...

    def restore_picks(self, writes: Sequence[PickWrite]) -> None:
        """Write picks of any issue as they were, without a line for the log: part of an action that
        is kept already. Raises Conflict as ``act``."""
        ...

    def put_off(self, story_ids: Collection[int]) -> list[SetAside]:
        """Where these stories were set aside for later, and by whom."""
        ...

    def restore_aside(self, rows: Sequence[SetAside]) -> None:
        """Set stories aside, or take them up, as they were, without a line for the log: part of an
        action that is kept already."""
        ...

    def note_action(self, action_id: int, note: Kept) -> None:
        """Keep what came of an action, for its undo."""
        ...

    def action(self, action_id: int) -> Action | None:
        """The action with its changes."""
        ...

    def newest_action(
        self, issue_id: int, actor: str, kinds: Collection[str], *, after: int = 0
    ) -> Action | None:
        """A person's last action of these kinds in an issue that is not undone, of those with an id
        greater than ``after``."""
        ...

    def later_steps(self, action: Action) -> list[int]:
        """The steps of an issue's way that somebody took after this one and that are not undone."""
        ...

    def changes_since(self, target: str, version: int) -> list[tuple[Action, Change]]:
        """What actions changed of a pick after it had that version, oldest first; the actions come
        without their changes."""
        ...

    def last_change(self, target: str, field: str) -> LogLine | None:
        """The last line of the log about a field."""
        ...

    def last_version(self, target: str) -> int:
        """The version that the last action on a pick left, 0 where none did."""
        ...

    def log_lines(self, wanted: LogFilter, *, before: int, size: int) -> list[LogLine]:
        """Lines of the log, the newest first: those with an id below ``before`` (0: from the end)."""
        ...

    def log_actors(self) -> list[str]:
        """Everybody whom the log names."""
        ...

    def standings(self, issue_ids: Collection[int]) -> dict[int, Standing]:
        """Where these issues stand, by id; drafts that were never moved are left out."""
        ...

    def comments(self, issue_id: int) -> list[Comment]:
        """The comments of an issue and on what is in it, oldest first; withdrawn ones are left out."""
        ...

    def comment(self, comment_id: int) -> Comment | None:
        """The comment of that id, withdrawn or not."""
        ...

    def undecided(self, wanted: Wanted, *, after: Undecided | None, size: int) -> list[Undecided]:
        """The first ``size`` rows of the inbox behind ``after``: by section in the order of the
        series, the highest score first, then the newest day, then by id."""
        ...

    def last_of_pages(self, wanted: Wanted, *, size: int) -> list[Undecided]:
        """The last row of each page of ``size`` rows that is full, in the order of the inbox."""
        ...

    def count_undecided(self, wanted: Wanted) -> Mapping[str, int]:
        """How many rows each section has."""
        ...

    def aside(self, issue_id: int) -> frozenset[int]:
        """The stories that were set aside for later in an issue, by id, decided by now or not."""
        ...

    def picks_with(self, issue_id: int, story_ids: Collection[int]) -> dict[int, Pick]:
        """The picks of these stories in an issue, by story id, without texts."""
        ...

    def picks_of(self, issue_id: int, story_ids: Collection[int]) -> dict[int, int]:
        """The stored versions of the picks of these stories, by story id."""
        ...
