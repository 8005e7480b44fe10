"""What visits to feeds leave behind: the state of a feed, each visit, and how hosts were treated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from aggregator.domain.health import NOT_VISITED, Condition, Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a feed brings something: items an hour in Korean working hours and outside them,
    and for how many hours of each kind it has been watched."""

    working: float = 0.0
    off: float = 0.0
    working_hours: float = 0.0
    off_hours: float = 0.0


NO_RHYTHM = Rhythm()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSchedule:
    """When a feed's own document asks to be visited: not again within ``minutes_to_live`` (0: it
    does not say), not in these hours (GMT, 0 to 23) and not on these days (Monday is 0)."""

    minutes_to_live: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


NO_SCHEDULE = OwnSchedule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect as seen so far. ``url`` is where it leads, ``days`` the local days
    (Asia/Seoul) on which it was seen and led to a feed; ``kept``: visits go there by now.
    ``onward`` is a move of the kept address itself, which stays in force until that is kept, too."""

    url: str
    days: tuple[date, ...] = ()
    kept: bool = False
    onward: Move | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What earlier visits left behind; instants are UTC, validators verbatim.

    ``url`` is the feed's address as it was last configured, for one that is no longer; ``host`` the
    one of the address that is visited. ``wire_bytes`` is the size of the last document as sent.
    ``error_code`` and ``error_text`` are those of the last visit, if that failed.
    ``suspended_at`` is since when the feed is not visited because its server said that it is gone.
    """

    feed_id: str
    url: str = ""
    host: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    wire_bytes: int = 0
    title: str = ""
    link: str | None = None
    next_check_at: datetime | None = None
    lease_until: datetime | None = None
    lease_token: str | None = None
    last_try_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    failures: int = 0
    error_code: str | None = None
    error_text: str | None = None
    condition: Condition = NOT_VISITED
    rhythm: Rhythm = NO_RHYTHM
    schedule: OwnSchedule = NO_SCHEDULE
    move: Move | None = None
    suspended_at: datetime | None = None


class Outcome(StrEnum):
    """How one visit to a feed ended."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"
    HELD = "held"
    """Nothing was sent: the host is left alone, or another process is visiting it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit: when it began (UTC), how long it took (ms), what came (bytes, counts of items),
    and how the feed was found (``health``)."""

    feed_id: str
    started_at: datetime
    milliseconds: int
    outcome: Outcome
    status: int | None = None
    body_bytes: int = 0
    new: int = 0
    changed: int = 0
    error_code: str | None = None
    health: Health = Health.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDay:
    """One local day of a feed (Asia/Seoul): visits, how many failed, new items, and the worst state
    in which it was found."""

    feed_id: str
    day: date
    visits: int = 0
    failed: int = 0
    new: int = 0
    health: Health = Health.OK


OTHER_HOSTS = "*"
"""In the place of a host: those whose own rows were folded into one, since there were too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How one host was treated: requests sent, how many were answered 304, bytes received as sent,
    bytes that 304s saved (the size of the document each left unsent), and the shortest pause
    between the end of one exchange and the beginning of the next, in seconds."""

    host: str
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    bytes_saved: int = 0
    shortest_gap: float | None = None

    def plus(self, other: Manners) -> Manners:
        """Both together."""
        gaps = [gap for gap in (self.shortest_gap, other.shortest_gap) if gap is not None]
        return Manners(
            host=self.host,
            requests=self.requests + other.requests,
            not_modified=self.not_modified + other.not_modified,
            bytes=self.bytes + other.bytes,
            bytes_saved=self.bytes_saved + other.bytes_saved,
            shortest_gap=min(gaps, default=None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HostHold:
    """A host that asked to be left alone until an instant (UTC), and with which status."""

    host: str
    until: datetime
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A document as it came, kept so that what became of it can be made again.

    ``body`` is compressed by ``coding`` ("" for not at all); ``charset``, ``media_type`` and
    ``url`` came with it. ``seen_at`` is the visit's beginning (UTC).
    """

    feed_id: str
    seen_at: datetime
    body: bytes
    coding: str = ""
    charset: str = ""
    media_type: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What a feed's last document was made of, so that the next one is read only where it differs.

    ``reader`` stands for how it was read, ``head`` for everything but its entries, ``entries`` are
    the digests of each entry's own bytes. ``marks`` stand for the guid, link, headline and key
    of each entry's item, by the entry's digest, also of entries that were in it before.
    """

    reader: str
    head: str
    entries: tuple[str, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Chore(StrEnum):
    """Work with a due time of its own, beside the feeds."""

    BUILD = "build"
    """The site is to be made anew."""
    DRAFT = "draft"
    """The draft is looked after."""
    DIGEST = "digest"
    """The operator is told what changed with the feeds."""
    PUBLISH = "publish"
    """The issue is published at its hour, where the series says so."""
    MAINTENANCE = "maintenance"
    """What is older than it is kept is thrown away."""
    TICK = "tick"
    """Nothing to do: when the last tick of the daemon ended, so that other processes know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoreState:
    """When a chore is due (UTC, None for not before something asks for it) and was last done, and
    what it left for the next time."""

    chore: Chore
    due_at: datetime | None = None
    done_at: datetime | None = None
    note: Mapping[str, object] = field(default_factory=dict)
