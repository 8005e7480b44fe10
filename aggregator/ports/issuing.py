"""Issues, picks and what was printed: the part of the store that editors work with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from aggregator.domain.editing import Action
from aggregator.domain.issues import Edit, Issue, IssueStatus, Pick, PickState, Section, Window
from aggregator.domain.items import EventFacts
from aggregator.domain.mailing import NewDelivery


class Echo(NamedTuple):
    """An item that has the same ``key`` (its address, the normal form of its headline, or the start
    of its lead) as an item that an issue printed in another story."""

    issue_id: int
    printed_id: int
    story_id: int
    item_id: int
    key: str


class DecidedPick(NamedTuple):
    """What was decided on a story in an issue of that status."""

    status: IssueStatus
    issue_id: int
    story_id: int
    section: str
    state: PickState


class Supplied(NamedTuple):
    """What is chosen by of a story that an issue may print: its section and score by the rules, the
    printed day (None for none) and the body of its primary item. ``title_groups`` are the word groups
    with a hit in the title, known where a section asks for them of that body, ``event`` an event's facts
    where one of the sections prints events."""

    story_id: int
    public_id: str
    section: str
    score: float
    day: date | None
    body: str
    first_seen_at: datetime
    title_groups: frozenset[str] = frozenset()
    event: EventFacts | None = None


class IssueStore(Protocol):
    """Issues, picks, edits."""

    def issues(self, series: str, *, ids: Collection[int] | None = None) -> list[Issue]:
        """All issues of a series, or these, in the order of their windows, with their prints."""
        ...

    def open_issue(self, series: str, window: Window, issue_on: date, now: datetime) -> Issue:
        """The issue of that window; made, empty, where there is none yet. Idempotent."""
        ...

    def picks(self, issue_id: int) -> list[Pick]:
        """The picks of an issue with their texts, in the order they were made."""
        ...

    def save_proposal(
        self,
        issue_id: int,
        picks: Sequence[Pick],
        proposed_at: datetime,
        *,
        action: Action | None = None,
    ) -> bool:
        """Fill free places, once: False and nothing written when the issue was proposed before.
        Those of the lines of the ``action`` are kept that are about what was filled in.
        Picks that an editor made stay as they are. Raises IllegalTransition unless the issue is a
        draft; its version goes up."""
        ...

    def save_pick(self, pick: Pick, edits: Sequence[Edit]) -> None:
        """As ``save_picks``, for one."""
        ...

    def save_picks(self, changes: Sequence[tuple[Pick, Sequence[Edit]]]) -> None:
        """Write picks with their texts, each with its lines for the log, all or none. The version
        of their issue goes up.

        Raises Conflict when one's ``version`` is not the stored one (a new pick has version 0), and
        IllegalTransition unless the issue is a draft.
        """
        ...

    def save_texts(
        self,
        issue_id: int,
        changes: Sequence[tuple[Pick, Sequence[Edit]]],
        *,
        version: int,
        snapshot: Mapping[str, object] | None = None,
    ) -> Issue:
        """Write the texts of picks, and nothing else of them, each with its lines for the log; and
        of a published issue the new ``snapshot``; all or none. The issue's version goes up.

        Raises Conflict when the issue's version is not ``version`` or a pick's not the stored one,
        and IllegalTransition for a skipped issue, or a snapshot for one that is not published.
        """
        ...

    def publish_issue(
        self,
        issue_id: int,
        *,
        number: int,
        version: int,
        snapshot: Mapping[str, object],
        published_at: datetime,
        deliveries: Sequence[NewDelivery] = (),
        edits: Sequence[Edit] = (),
        action: Action | None = None,
    ) -> Issue:
        """Draft to published, with its number and the frozen print; its mails are queued with it.
        ``version`` is the issue's version that the print was made of, ``edits`` are lines for the log,
        which an ``action`` comes before.
        Raises IllegalTransition for any other status, and
        Conflict when the issue changed since or the number is taken."""
        ...

    def skip_issue(self, issue_id: int, now: datetime, *, action: Action | None = None) -> Issue:
        """Draft to skipped, with the ``action`` for the log. Raises IllegalTransition otherwise."""
        ...

    def set_review(self, issue_id: int, *, review: bool, edits: Sequence[Edit]) -> Issue:
        """Let a draft repeat what earlier issues printed, or not, with the lines for the log. Its
        version goes up. Raises IllegalTransition unless it is a draft."""
        ...

    def picked_stories(self, series: str) -> dict[int, int]:
        """Story id to issue id for everything that published issues print."""
        ...

    def echoes(
        self, issue_ids: Collection[int], *, story_ids: Collection[int] | None = None
    ) -> list[Echo]:
        """Each item that has the address, the headline or the lead of an item of another story that
        one of these issues prints; of all stories, or of these."""
        ...

    def picks_of_story(self, series: str, story_id: int) -> list[tuple[Issue, Pick]]:
        """A story's pick in each issue of a series that has one, in the order of their windows;
        without texts."""
        ...

    def decided_picks(
        self, series: str, story_ids: Collection[int] | None = None
    ) -> list[DecidedPick]:
        """Every pick of a series that an editor decided on or that was printed, of all stories or of
        these, in the order of windows."""
        ...

    def edits(self, target: str) -> list[Edit]:
        """The log of one target, oldest first; a pick's with the log of the pick that it was under
        the name of a story which is in this one by now."""
        ...

    def issue_candidates(
        self, sections: Sequence[Section], *, since: date, seen_after: datetime | None
    ) -> list[Supplied]:
        """What an issue may print of the stories that are placed in these sections, in no order: of
        the day ``since`` or later; or with an event's facts; or first seen after ``seen_after``
        (whenever, for None) if placed in a section of papers or without a date of their own."""
        ...

    def bodies_of(self, story_ids: Collection[int]) -> dict[int, str]:
        """The body of the primary item of each of these stories that has members."""
        ...
