"""The store in its parts; services ask for the part they need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from aggregator.domain.issues import Edit, Issue, IssueStatus, Pick, Window
from aggregator.domain.items import Revision, StoredItem
from aggregator.domain.stories import CurationPlan, Placement, Story, Verdict
from aggregator.ports.refreshing import FeedStore, UpkeepStore, VisitStore


class ItemStore(Protocol):
    """Items as kept."""

    def items(self, feed_id: str | None = None) -> Iterator[StoredItem]:
        """All items, or one feed's, in the order (feed id, published day, key), each with the
        entry's own text (``raw``); what other methods return comes without it."""
        ...

    def item_by_key(self, feed_id: str, key: str) -> StoredItem | None:
        """The item of a feed under a key, None where there is none."""
        ...

    def items_by_id(self, item_ids: Collection[int]) -> dict[int, StoredItem]:
        """These items as they are now, by id; unknown ids are left out."""
        ...

    def revisions_before(self, item_ids: Collection[int], before: datetime) -> dict[int, Revision]:
        """The last revision of each of these items that was seen before an instant, by item id;
        items that were first seen later are left out."""
        ...

    def count_items(self) -> dict[str, int]:
        """Items per feed id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKeys:
    """The keys under which an item is looked up as a candidate duplicate, with its day."""

    item_id: int
    keys: tuple[str, ...]
    lead: str
    title: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is compared of an item as kept: revision, story, place in the order of arrival, and raw
    texts. ``address`` is its canonical link, else its link; ``text`` the summary, else the content,
    20,000 characters at most. ``title_key`` and ``lead_key`` are those of its block keys, None
    where it has none yet."""

    id: int
    rev: int
    story_id: int | None
    day: date
    feed_id: str
    key: str
    address: str
    title: str
    text: str
    title_key: str | None
    lead_key: str | None


class StoryStore(Protocol):
    """Stories, placements, verdicts."""

    def uncurated_ids(self) -> list[int]:
        """Items whose current revision was not curated, in the order (day, feed id, key)."""
        ...

    def make_due(self, item_ids: Collection[int]) -> None:
        """Let these items count as not curated."""
        ...

    def compared(self, item_ids: Collection[int]) -> dict[int, Compared]:
        """What is compared of these items, by id; unknown ids are left out."""
        ...

    def save_block_keys(self, keys: Sequence[BlockKeys]) -> None:
        """Replace the block keys of these items."""
        ...

    def items_under_keys(self, keys: Collection[str]) -> list[int]:
        """Items with one of these block keys, in the order (day, feed id, key)."""
        ...

    def sharing_keys(
        self,
        item_ids: Collection[int],
        start: date,
        end: date,
        *,
        prefix: str,
        without: Collection[tuple[str, date]] = (),
    ) -> Iterator[tuple[int, int, bool]]:
        """Each of these items with each other item whose day lies in [start, end] and that has a
        block key in common with it, once, and whether one of these keys begins with ``prefix``.

        A key does not count where ``without`` names it with the day of one of the two. The rows
        come as they are read: ask the store nothing else in between.
        """
        ...

    def crowds(
        self, item_ids: Collection[int], start: date, end: date, *, more_than: int
    ) -> set[tuple[str, date]]:
        """The block keys of these items that more than so many items of one day have, with these
        days, of those in [start, end]."""
        ...

    def crowds_of(
        self, keys: Collection[str], start: date, end: date, *, more_than: int
    ) -> set[tuple[str, date]]:
        """Those of these block keys that more than so many items of one day have, with these days,
        of those in [start, end]."""
        ...

    def items_in_crowds(
        self, crowds: Collection[tuple[str, date]]
    ) -> dict[tuple[str, date], set[int]]:
        """The items that have a block key on a day, by these."""
        ...

    def lead_titles(
        self, leads: Collection[str], *, without: Collection[int] = ()
    ) -> dict[str, set[str]]:
        """For each lead key, the distinct title keys it stands under in the whole store, or in all
        items but those ``without`` which it is asked for."""
        ...

    def members_of(self, story_ids: Collection[int]) -> dict[int, list[StoredItem]]:
        """The members of these stories, by story id, the primary first; an empty list for a story
        without members."""
        ...

    def public_ids(self, story_ids: Collection[int]) -> dict[int, str]:
        """The public ids of these stories."""
        ...

    def living_stories(self, public_ids: Collection[str]) -> dict[str, int]:
        """Those of these public ids that cannot be given to a new story, with the stories' ids:
        stories with members have them, or stories whose ids were made of a key that an item no
        longer has."""
        ...

    def verdicts(self, item_ids: Collection[int]) -> list[Verdict]:
        """Verdicts that touch any of these items."""
        ...

    def save_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Write editors' verdicts; a later one on the same pair replaces the earlier."""
        ...

    def apply_curation(self, plan: CurationPlan, now: datetime) -> list[int]:
        """One transaction: write the stories, memberships and relations, mark items curated at
        the revisions named in ``plan.curated``. Returns the ids of the stories written; their
        placements are due again.

        A story that lost every member stays as an empty row: when its public id is minted again,
        which only the same feed and entry key do, it is that story come back.

        Raises Conflict, with nothing written, where the plan is stale: an item of ``plan.read``
        has another revision or story than was read, a story that the plan names has a member that
        is not in ``plan.read``, or the public id of a new story is a living one's.
        """
        ...

    def unplaced_ids(self, ruleset: str) -> list[int]:
        """Stories without a placement, or whose placement was made by another rule set, or whose
        members changed since, in the order they were made. Empty ones need no place."""
        ...

    def save_placements(self, placements: Mapping[int, Placement], now: datetime) -> None:
        """Write placements by story id."""
        ...

    def stories(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        sections: Collection[str] | None = None,
        ids: Collection[int] | None = None,
    ) -> list[Story]:
        """Stories with members, newest day first, then public id. A story's day is its primary
        item's printed day, or the day it was first seen (Asia/Seoul) where that has no date.
        ``sections`` keeps stories placed in one of these; ``ids`` keeps these stories."""
        ...

    def shown_stories(
        self,
        *,
        sections: Collection[str] | None = None,
        ids: Collection[int] | None = None,
    ) -> list[Story]:
        """As ``stories``, but with what pages and feeds show and no more: placements have no
        trace, memberships no figures, and only the primary item has content."""
        ...

    def candidate_stories(
        self,
        sections: Collection[str],
        *,
        since: date,
        seen_after: datetime | None,
        by_sight: Collection[str],
    ) -> list[Story]:
        """Stories placed in ``sections`` that an issue may print, in the order of ``stories``: of
        the day ``since`` or later; or with an event's facts; or first seen after ``seen_after``
        (whenever, for None) if placed in a section of ``by_sight`` or without a date of their
        own. Only the primary item has content."""
        ...

    def find_stories(self, words: str) -> list[Story]:
        """Stories whose public id, link, canonical link or exact title is ``words``; where there
        is none, those with a title that contains it (case and spaces ignored)."""
        ...


class IssueStore(Protocol):
    """Issues, picks, edits."""

    def issues(self, series: str) -> list[Issue]:
        """All issues of a series in the order of their windows."""
        ...

    def open_issue(self, series: str, window: Window, issue_on: date, now: datetime) -> Issue:
        """The issue of that window; made, empty, where there is none yet. Idempotent."""
        ...

    def picks(self, issue_id: int) -> list[Pick]:
        """The picks of an issue with their texts, in the order they were made."""
        ...

    def save_proposal(self, issue_id: int, picks: Sequence[Pick], proposed_at: datetime) -> bool:
        """Fill free places, once: False and nothing written when the issue was proposed before.
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
    ) -> Issue:
        """Draft to published, with its number and the frozen print. ``version`` is the issue's
        version that the print was made of. Raises IllegalTransition for any other status, and
        Conflict when the issue changed since or the number is taken."""
        ...

    def skip_issue(self, issue_id: int, now: datetime) -> Issue:
        """Draft to skipped. Raises IllegalTransition otherwise."""
        ...

    def picked_stories(self, series: str) -> dict[int, int]:
        """Story id to issue id for everything that published issues print."""
        ...

    def picks_of_story(self, series: str, story_id: int) -> list[tuple[Issue, Pick]]:
        """A story's pick in each issue of a series that has one, in the order of their windows;
        without texts."""
        ...

    def decided_picks(self, series: str) -> list[tuple[IssueStatus, Pick]]:
        """Every pick of a series that an editor decided on or that was printed, with its issue's
        status, in the order of windows; without texts."""
        ...

    def edits(self, target: str) -> list[Edit]:
        """The log of one target, oldest first."""
        ...


class Store(FeedStore, VisitStore, UpkeepStore, ItemStore, StoryStore, IssueStore, Protocol):
    """The whole store; services ask for the part they need."""

    def close(self) -> None:
        """Give back connections."""
        ...
