"""What services need from outside, as small protocols; adapters are chosen in ``bootstrap``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from aggregator.domain.feeds import Feed, FeedState, Visit
from aggregator.domain.issues import Edit, Issue, Pick, Window
from aggregator.domain.items import Item, StoredItem
from aggregator.domain.publishing import Planet
from aggregator.domain.stories import CurationPlan, Placement, Story, Verdict


class Clock(Protocol):
    """The only source of the present; everything else is given ``now``."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


# --- fetching -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One conditional GET. Validators are sent verbatim; ``timeout`` in seconds bounds the whole
    exchange, ``max_bytes`` the body before and after decompression."""

    feed_id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    timeout: float = 20.0
    max_bytes: int = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body: decoded from its transfer coding, still bytes. ``url`` is where it came from after
    redirects, ``charset`` the one named in Content-Type or ""."""

    url: str
    status: int
    body: bytes
    media_type: str
    charset: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304."""

    status: int = 304


class Fetcher(Protocol):
    """Gets one address over HTTP without letting anybody in."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """The body or NotModified.

        Raises a subclass of FetchError: BlockedAddress, ConnectFailed, FetchTimeout, TooLarge,
        TooManyRedirects or BadStatus. Never any other exception for what a server does.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...


# --- the store ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What the store already has under a key."""

    id: int
    key: str
    hash: str
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPlan:
    """What one refresh of one feed writes: items to insert, items whose revision changed (by
    key), and keys that were merely seen again."""

    feed_id: str
    seen_at: datetime
    new: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    unchanged: tuple[str, ...] = ()


class FeedStore(Protocol):
    """Feeds and what their visits left."""

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Mirror the configuration: new and changed feeds are written, missing ones turned
        inactive and never deleted. Idempotent."""
        ...

    def feed_states(self) -> dict[str, FeedState]:
        """Every known feed's state by id; a feed never visited has an empty one."""
        ...

    def known_items(self, feed_id: str, keys: Collection[str]) -> dict[str, KnownItem]:
        """What is stored of these keys of the feed."""
        ...

    def apply_refresh(self, plan: RefreshPlan, state: FeedState, visit: Visit) -> None:
        """One transaction: items and revisions first, then state with its validators, then the
        visit. Applying the same plan twice stores nothing twice."""
        ...

    def record_visit(self, state: FeedState, visit: Visit) -> None:
        """Write the state and log the visit of a feed that brought nothing or failed."""
        ...

    def visits(self, feed_id: str, limit: int = 20) -> list[Visit]:
        """The latest visits of a feed, newest first."""
        ...


class ItemStore(Protocol):
    """Items as kept."""

    def items(self, feed_id: str | None = None) -> Iterator[StoredItem]:
        """All items, or one feed's, in the order (feed id, published day, key)."""
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


class StoryStore(Protocol):
    """Stories, placements, verdicts."""

    def uncurated_items(self) -> list[StoredItem]:
        """Items whose current revision was not curated, in the order (day, feed id, key)."""
        ...

    def save_block_keys(self, keys: Sequence[BlockKeys]) -> None:
        """Replace the block keys of these items."""
        ...

    def items_sharing_keys(self, keys: Collection[str], start: date, end: date) -> list[StoredItem]:
        """Items with one of these block keys whose day lies in [start, end]."""
        ...

    def lead_titles(self, leads: Collection[str]) -> dict[str, set[str]]:
        """For each lead key, the distinct title keys it stands under in the whole store."""
        ...

    def members_of(self, story_ids: Collection[int]) -> dict[int, list[StoredItem]]:
        """The members of these stories, by story id."""
        ...

    def public_ids(self, story_ids: Collection[int]) -> dict[int, str]:
        """The public ids of these stories."""
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
        placements are due again. A story that lost every member stays as an empty row so that
        its public id is never used again."""
        ...

    def unplaced_stories(self, ruleset: str) -> list[Story]:
        """Stories without a placement, or whose placement was made by another rule set, or whose
        members changed since."""
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
        """Fill free places, once: False and nothing written when the issue was proposed before or
        is no draft. Picks that an editor made stay as they are."""
        ...

    def save_pick(self, pick: Pick, edits: Sequence[Edit]) -> None:
        """Write a pick with its texts and append to the log, in one transaction.

        Raises Conflict when ``pick.version`` is not the stored one (a new pick has version 0).
        """
        ...

    def publish_issue(
        self,
        issue_id: int,
        *,
        number: int,
        snapshot: Mapping[str, object],
        published_at: datetime,
    ) -> Issue:
        """Draft to published, with its number and the frozen print. Raises IllegalTransition for
        any other status and Conflict when the number is taken."""
        ...

    def replace_snapshot(self, issue_id: int, snapshot: Mapping[str, object]) -> Issue:
        """Freeze a published issue anew. Raises IllegalTransition for any other status."""
        ...

    def skip_issue(self, issue_id: int, now: datetime) -> Issue:
        """Draft to skipped. Raises IllegalTransition otherwise."""
        ...

    def picked_stories(self, series: str) -> dict[int, int]:
        """Story id to issue id for everything that published issues print."""
        ...

    def edits(self, target: str) -> list[Edit]:
        """The log of one target, oldest first."""
        ...


class Store(FeedStore, ItemStore, StoryStore, IssueStore, Protocol):
    """The whole store; services ask for the part they need."""

    def close(self) -> None:
        """Give back connections."""
        ...


# --- publishing -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A file to publish: path below ``public/`` with forward slashes, and its bytes."""

    path: str
    body: bytes


class Renderer(Protocol):
    """Makes the whole site from stored records; the same input gives the same bytes."""

    def render(self, planet: Planet) -> list[Artefact]:
        """Every page, feed and asset. Raises RenderError. One bad entry is left out and logged."""
        ...


class Sink(Protocol):
    """Where artefacts go."""

    def write(self, artefacts: Sequence[Artefact]) -> int:
        """Write each whole and rename it into place, leaving equal files alone; the number that
        changed. Raises SinkError; what stood there before still stands."""
        ...

    def prune(self, keep: Collection[str]) -> int:
        """Remove files of earlier builds that are not in ``keep``; the number removed."""
        ...


class Pictures(Protocol):
    """Copies of the pictures that published pages show, so that a page outlives its sources."""

    def path_of(self, url: str) -> str | None:
        """The path below ``public/`` of the copy of ``url``; None when there is none."""
        ...

    def keep(self, url: str, body: bytes) -> str:
        """Store a copy and return its path. Raises ValueError when the bytes are no picture."""
        ...

    def artefacts(self) -> list[Artefact]:
        """Every copy, ready to publish."""
        ...
