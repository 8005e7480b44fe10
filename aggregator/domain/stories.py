"""Stories (one release, however often it arrived), their placement, and why each was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from aggregator.domain.items import StoredItem

RELATED_MAX = 12
"""Stories that one story shows as "see also": a board of near-equal titles would name thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An editor's word on two items: the same story or not. ``item_a`` < ``item_b``.

    One command says what it says of all its pairs at one instant: ``at``, in UTC, and ``by`` name
    it.
    """

    item_a: int
    item_b: int
    same: bool
    by: str
    at: datetime
    reason: str = ""

    @property
    def pair(self) -> tuple[int, int]:
        """The two items."""
        return self.item_a, self.item_b


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingered:
    """An item's fingerprint as it is stored: ``title`` is the normal form of its headline, ``lead``
    the hash of the start of its lead (None for none), ``rank`` its place among others of its day,
    ``bits`` what copies of it are found by."""

    item_id: int
    day: date
    title: str
    lead: int | None
    rank: int
    bits: bytes


class DayPrint(NamedTuple):
    """The same without what is the same for a day, or is not looked at there."""

    item_id: int
    lead: int | None
    rank: int
    bits: bytes


class DaySheet(NamedTuple):
    """The fingerprints of a day's items up to the id ``upto`` in one piece, as curation packs them
    (b"" where nobody has). ``turn`` counts how often what such a piece holds has changed."""

    turn: int
    upto: int
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Why an item is in its story: the rule that folded it and the figures it fired with.

    The story's first member has rule ``first``; ``with_item`` is the member it was compared with.
    """

    item_id: int
    rule: str
    with_item: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the rules put a story: ``section`` None means in none.

    ``score`` is the winner's points (the best failed one's where none won). ``trace`` is the
    whole explanation as plain JSON: hits with field and span, points per group, each section's
    outcome with its reason, and the runner-up. ``ruleset`` is the hash of the rules used.
    """

    section: str | None
    score: float
    ruleset: str
    trace: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as kept: the public id never changes, the primary item may.

    ``id`` is the row's number, of no meaning outside the store; ``public_id`` goes into Atom ids
    and commands. ``members`` stand in the order that curation decided, the primary first.
    ``related`` are public ids of stories that are shown as "see also". ``primary_changed_at`` is
    when another member became the primary (UTC), None while it is the first. ``first_seen_at`` is
    the first sight of its first member; ``born_at`` (UTC) when curation made the story, or made it
    again after it had lost every member, None where that was not noted yet.
    """

    id: int
    public_id: str
    members: tuple[StoredItem, ...]
    memberships: tuple[Membership, ...]
    placement: Placement | None
    first_seen_at: datetime
    related: tuple[str, ...] = ()
    primary_changed_at: datetime | None = None
    born_at: datetime | None = None

    @property
    def primary(self) -> StoredItem:
        """The item that represents the story."""
        return self.members[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """What curation wants a story to be. ``id`` None means a story to be born with ``public_id``;
    ``item_ids`` are its members in their order, the primary first."""

    id: int | None
    public_id: str
    item_ids: tuple[int, ...]
    memberships: tuple[Membership, ...]
    related_item_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CurationPlan:
    """Decided components: stories to write, and stories that lost all members.

    ``curated`` are the revisions that are done with, by item id. ``read`` is what the decision
    rests on: for every item of them its revision and the id of its story (None in none), and
    ``told`` the verdicts that touch one of these. A plan without ``read`` is written unchecked.
    """

    stories: tuple[StoryDraft, ...]
    emptied: tuple[int, ...] = ()
    curated: Mapping[int, int] = field(default_factory=dict)
    read: Mapping[int, tuple[int, int | None]] = field(default_factory=dict)
    told: frozenset[Verdict] = frozenset()
