"""The store in its parts; services ask for the part they need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from aggregator.domain.editing import Action
from aggregator.domain.issues import Edit
from aggregator.domain.items import Revision, StoredItem
from aggregator.domain.stories import (
    CurationPlan,
    DayPrint,
    DaySheet,
    Fingered,
    Placement,
    Story,
    Verdict,
)
from aggregator.ports.correcting import CorrectionStore
from aggregator.ports.editing import EditingStore
from aggregator.ports.glancing import GlanceStore
from aggregator.ports.issuing import IssueStore
from aggregator.ports.looking import LookingStore
from aggregator.ports.mailing import DeliveryStore
from aggregator.ports.noticing import ChangeStore
from aggregator.ports.people import AccountStore
from aggregator.ports.pinging import PingStore
from aggregator.ports.refreshing import ConditionStore, FeedStore, UpkeepStore, VisitStore
from aggregator.ports.searching import SearchStore


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

    def count_items(self, feed_ids: Collection[str] | None = None) -> dict[str, int]:
        """Items per feed id, of all feeds or of these."""
        ...

    def find_items(self, words: str) -> list[StoredItem]:
        """Items, folded into a story or not, whose guid, link, canonical link or exact title is
        ``words``; where there is none, those with a title that contains it (case and spaces
        ignored). In the order (day, feed id, key)."""
        ...

    def item_days(self, feed_ids: Collection[str]) -> dict[str, tuple[date, date]]:
        """The first and the last day of the stored items of each of these feeds that has any."""
        ...


class Placed(NamedTuple):
    """Where an item stands in the order of arrival, and what was known of it: revision and story."""

    id: int
    rev: int
    story_id: int | None
    day: date
    feed_id: str
    key: str

    @property
    def order(self) -> tuple[date, str, str]:
        """The order in which nothing depends on arrival."""
        return self.day, self.feed_id, self.key


class Compared(NamedTuple):
    """What is compared of an item as kept, raw. ``address`` is its canonical link, else its link;
    ``text`` the summary, else the content, 20,000 characters at most; ``summary_length`` is of the
    whole summary. ``at`` is the instant of its publication (UTC), None where only the day is known."""

    place: Placed
    address: str
    title: str
    text: str
    body: str
    at: datetime | None
    summary_length: int

    @property
    def id(self) -> int:
        """The item's."""
        return self.place.id

    @property
    def rev(self) -> int:
        """The revision that was read."""
        return self.place.rev

    @property
    def story_id(self) -> int | None:
        """The story that it stood in."""
        return self.place.story_id

    @property
    def feed_id(self) -> str:
        """The feed that brought it."""
        return self.place.feed_id

    @property
    def key(self) -> str:
        """Its identity within the feed."""
        return self.place.key

    @property
    def day(self) -> date:
        """The printed day."""
        return self.place.day


class Placeable(NamedTuple):
    """What the rules look at in a story: of its primary item, whose feed and issuing body are named
    by their ids. ``summary`` is another member's where the primary has none."""

    story_id: int
    feed_id: str
    body: str
    language: str
    title: str
    summary: str
    content: str


class StoryStore(Protocol):
    """Stories, placements, verdicts."""

    def uncurated_ids(self) -> list[int]:
        """Items whose current revision was not curated, in the order (day, feed id, key)."""
        ...

    def make_due(self, item_ids: Collection[int]) -> None:
        """Let these items count as not curated."""
        ...

    def placed(self, item_ids: Collection[int]) -> dict[int, Placed]:
        """The places of these items, by id; unknown ids are left out."""
        ...

    def compared(self, item_ids: Collection[int]) -> list[Compared]:
        """What is compared of these items, in the order of their ids; unknown ids are left out."""
        ...

    def save_fingerprints(self, rows: Sequence[Fingered]) -> None:
        """Write the fingerprints of these items, in place of those that they had. The sheet of a day
        to which more came than later items is thrown away."""
        ...

    def fingerprints_on(self, day: date, after: int = 0) -> list[DayPrint]:
        """The fingerprints of the items of a day with an id ``after`` this one, in the order of
        their ids."""
        ...

    def day_sheet(self, day: date) -> DaySheet:
        """What was kept of a day's fingerprints in one piece."""
        ...

    def save_day_sheet(self, day: date, sheet: DaySheet) -> None:
        """Keep a day's fingerprints in one piece. Nothing happens where ``turn`` is not the stored
        one: what was packed is not what is stored any more."""
        ...

    def fingerprints_of(self, item_ids: Collection[int]) -> list[Fingered]:
        """The fingerprints of these items; those that have none are left out."""
        ...

    def under_leads(self, leads: Collection[int], *, least: int = 1) -> list[tuple[int, str, int]]:
        """Each of these leads with the normal title and the id of each item that has it, in the
        whole store; of leads alone that so many items have at ``least``."""
        ...

    def member_ids(self, story_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        """The items of these stories, by story id; none for a story without members."""
        ...

    def public_ids(self, story_ids: Collection[int]) -> dict[int, str]:
        """The public ids of these stories."""
        ...

    def living_stories(self, public_ids: Collection[str]) -> dict[str, int]:
        """Those of these public ids that cannot be given to a new story, with the stories' ids:
        stories with members have them, or stories whose ids were made of a key that an item no
        longer has."""
        ...

    def heirs(self, public_ids: Collection[str]) -> dict[str, str]:
        """Of those of these stories that lost all members: the story that holds now what was the
        first of them, by public ids."""
        ...

    def verdicts(self, item_ids: Collection[int] | None = None) -> list[Verdict]:
        """Verdicts that touch any of these items, or all, in the order of their pairs."""
        ...

    def save_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Write editors' verdicts; a later one on the same pair replaces the earlier."""
        ...

    def decide_pairs(
        self,
        verdicts: Sequence[Verdict],
        *,
        now: datetime,
        forgotten: Collection[tuple[int, int]] = (),
        moved: Mapping[int, int | None] = ...,
        edits: Sequence[Edit] = (),
        action: Action | None = None,
    ) -> int:
        """One transaction: write verdicts as ``save_verdicts`` does, take those on the
        ``forgotten`` pairs away, let the items of all these pairs be due, and write the lines for
        the log. ``moved`` are items that leave their story at once for another one, by its id, or
        (None) for none, until curation gives them one. With an ``action`` all this is part of it,
        and approved issues that have one of the stories are drafts again; its id, 0 without one."""
        ...

    def apply_curation(self, plan: CurationPlan, now: datetime) -> list[int]:
        """One transaction: write the stories, memberships and relations, mark items curated at
        the revisions named in ``plan.curated``. Returns the ids of the stories written; their
        placements are due again.

        A story that lost every member stays as an empty row: when its public id is minted again,
        which only the same feed and entry key do, it is that story come back. Its picks go to the
        story that has its members now (``store.inheritance``).

        Raises Conflict, with nothing written, where the plan is stale: an item of ``plan.read``
        has another revision or story than was read, a verdict on it was made or taken back, a story
        that the plan names has a member that is not in ``plan.read``, or the public id of a new
        story is a living one's.
        """
        ...

    def unplaced_ids(self, ruleset: str) -> list[int]:
        """Stories without a placement, or whose placement was made by another rule set, or whose
        members changed since, in the order they were made. Empty ones need no place."""
        ...

    def sections_of_other_rules(self, ruleset: str) -> dict[int, str | None]:
        """By id the sections of the stories that another rule set has placed, None for none."""
        ...

    def placeable(self, story_ids: Collection[int]) -> list[Placeable]:
        """What the rules look at in these stories; those without members are left out."""
        ...

    def save_placements(self, placements: Mapping[int, Placement], now: datetime) -> None:
        """Write placements by story id."""
        ...

    def story_days(
        self, *, since: date | None = None, until: date | None = None
    ) -> list[tuple[int, date]]:
        """The id and the day of each story with members, in the order of ``stories``; both ends of
        the span belong to it."""
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
        related: bool = False,
    ) -> list[Story]:
        """As ``stories``, but with what pages and feeds show and no more: placements have no
        trace, memberships no figures, only the primary item has content, and what is beside it is
        known only where it is asked for (``related``)."""
        ...

    def find_stories(self, words: str) -> list[Story]:
        """Stories whose public id, link, canonical link or exact title is ``words``; where there
        is none, those with a title that contains it (case and spaces ignored)."""
        ...

    def find_story_ids(self, words: str, *, in_titles: bool = True) -> list[int]:
        """The ids of the same stories in the same order; ``in_titles`` says whether titles are
        looked through for what is no name."""
        ...


class Store(
    FeedStore,
    VisitStore,
    UpkeepStore,
    ConditionStore,
    ItemStore,
    StoryStore,
    IssueStore,
    EditingStore,
    ChangeStore,
    DeliveryStore,
    CorrectionStore,
    PingStore,
    AccountStore,
    SearchStore,
    GlanceStore,
    LookingStore,
    Protocol,
):
    """The whole store; services ask for the part they need."""

    def close(self) -> None:
        """Give back connections."""
        ...


class ScratchStore(Store, Protocol):
    """A store that nobody else uses and that is thrown away in the end."""

    def empty(self) -> None:
        """Throw everything away that is in it."""
        ...
