"""How feeds are, gathered for whoever shows it: the command line, the status page, the digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from math import log1p
from urllib.parse import urlsplit

from aggregator.calendar.working_hours import CLOSES, OPENS
from aggregator.catalogue import Catalogue
from aggregator.domain.feeds import Feed
from aggregator.domain.health import Health
from aggregator.domain.items import SEOUL
from aggregator.domain.net import ALLOW
from aggregator.domain.visits import FeedDay, FeedState, Rhythm
from aggregator.services.desk import Desk
from aggregator.text.secrets import masked
from aggregator.watch.health import BY_ERROR
from aggregator.watch.rhythm import is_known

PICTURED = 60
"""Days of a feed that are shown."""

MANY = 64
"""New items of a day that are drawn as high as can be."""

WORKING_HOURS = CLOSES - OPENS
"""Hours of a working day in which offices publish, as a rhythm counts them."""

_DAY = 24
_WORKING_DAYS = 5
_WEEKS_OF_A_MONTH = 30.44 / 7

_ORDER = {health: place for place, health in enumerate(Health)}

_KINDS = {HTTPStatus.UNAUTHORIZED.value: "login", HTTPStatus.NOT_FOUND.value: "missing"}
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})

_OF_OLD = {
    "fetch_failed": Health.UNREACHABLE,
    "host_held": Health.THROTTLED,
    "read_failed": Health.NOT_A_FEED,
}
"""Codes that no visit's end is given a state for, but that a database may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """One feed as it is: ``items`` stored, ``days`` the last ones by day, as far as it was
    visited."""

    feed: Feed
    state: FeedState
    health: Health
    items: int = 0
    days: Mapping[date, FeedDay]

    @property
    def since(self) -> datetime | None:
        """Since when it is in its state, where that is known."""
        return self.state.condition.since if self.feed.active else None

    @property
    def says(self) -> str:
        """One plain English sentence about its state, "" where there is nothing to say."""
        if not self.feed.active:
            return ""
        return masked(self.state.condition.says or self.state.error_text or "")

    @property
    def moved_to(self) -> str:
        """Where a permanent redirect leads that visits follow by now, "" for nowhere."""
        move = self.state.move
        is_elsewhere = move is not None and move.kept and move.url != self.feed.url
        return masked(move.url) if move is not None and is_elsewhere else ""

    @property
    def address(self) -> str:
        """Where it is configured to be, without keys."""
        return masked(self.feed.url)

    @property
    def name(self) -> str:
        """The text of the catalogue that names its state."""
        return state_name(self.health, self.state.condition.evidence.status)

    @property
    def meaning(self) -> str:
        """The text of the catalogue that says what its state means."""
        told = _told_by(self.health, self.state.condition.evidence.status)
        return f"health.{self.health}.what" + told

    @property
    def advice(self) -> str:
        """The text of the catalogue that says what to do: for some states by what was seen."""
        name = f"health.{self.health}.do"
        condition = self.state.condition
        if told := _told_by(self.health, condition.evidence.status):
            return name + told
        # Some refusals no exception lifts, or should: a metadata address, a file, a disguise.
        if self.health is Health.BLOCKED_ADDRESS and ALLOW not in condition.says:
            return f"{name}.never"
        return name

    @property
    def is_unverified(self) -> bool:
        """Whether its server need not prove who it is."""
        return not self.feed.tls.is_verified

    @property
    def proxy(self) -> str:
        """The proxy through which it is read, without user and password; "" for none."""
        parts = urlsplit(self.feed.proxy)
        place = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{place}" if place else self.feed.proxy


def state_name(health: Health, status: int | None) -> str:
    """The text of the catalogue that names a state: one of a status that carries no feed says whose
    fault it is, the address's, the request's or the server's."""
    return f"health.{health}{_told_by(health, status)}"


def _told_by(health: Health, status: int | None) -> str:
    """The end of the catalogue's name for the kind of refusal that a status is, with its dot; ""
    for one that only a look at it explains, and for other states."""
    if health is not Health.HTTP_ERROR or status is None or status < HTTPStatus.BAD_REQUEST:
        return ""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING:
        return ".server"
    return f".{_KINDS.get(status, 'request')}"


def report_feeds(desk: Desk, now: datetime, feed_ids: Iterable[str] = ()) -> list[FeedReport]:
    """The configured feeds, or these of them, in the order of the configuration."""
    wanted = set(feed_ids)
    states = desk.store.feed_states(wanted or None)
    counts = desk.store.count_items(wanted or None)
    days = desk.store.feed_days(last_days(now)[0], wanted or None)
    reports = []
    for feed in desk.feeds:
        if wanted and feed.id not in wanted:
            continue
        state = states.get(feed.id) or FeedState(feed_id=feed.id)
        reports.append(
            FeedReport(
                feed=feed,
                state=state,
                health=health_of(feed, state),
                items=counts.get(feed.id, 0),
                days={day.day: day for day in days.get(feed.id, ())},
            )
        )
    return reports


def worst_first(reports: Iterable[FeedReport]) -> list[FeedReport]:
    """In the written order of the states, else as they come."""
    return sorted(reports, key=lambda report: _ORDER[report.health])


def health_of(feed: Feed, state: FeedState) -> Health:
    """The state that a feed is in. What was stored before states were is told by its error."""
    if not feed.active:
        return Health.OFF
    health = state.condition.health
    if health is not Health.NEW or (state.last_try_at is None and not state.error_code):
        return health if health is not Health.OFF else Health.NEW
    if not state.error_code:
        return Health.OK
    return health_of_code(state.error_code)


def health_of_code(code: str) -> Health:
    """The state that the code of an error stands for; a code that is not known is one of a server
    that answers badly."""
    return BY_ERROR.get(code) or _OF_OLD.get(code, Health.HTTP_ERROR)


def last_days(now: datetime, count: int = PICTURED) -> list[date]:
    """The last days in Asia/Seoul, oldest first, today the last."""
    today = now.astimezone(SEOUL).date()
    return [today - timedelta(days=back) for back in reversed(range(count))]


def rhythm_words(rhythm: Rhythm, catalogue: Catalogue, language: str) -> str:
    """How often a feed brings something, in words: "about 3 a working day"."""
    if not is_known(rhythm):
        return catalogue.text("rhythm.unknown", language)
    working_day = rhythm.working * WORKING_HOURS + rhythm.off * (_DAY - WORKING_HOURS)
    week = working_day * _WORKING_DAYS + rhythm.off * _DAY * (7 - _WORKING_DAYS)
    for unit, count in (("day", working_day), ("week", week), ("month", week * _WEEKS_OF_A_MONTH)):
        if round(count) >= 1:
            return catalogue.text(f"rhythm.{unit}", language, number=round(count))
    return catalogue.text("rhythm.rare", language)


class Mark(StrEnum):
    """How one day of a feed is drawn."""

    ABSENT = "absent"
    """It was not visited."""
    CALM = "calm"
    """It was well and brought nothing."""
    BROUGHT = "brought"
    """It was well and brought something."""
    REMARKED = "remarked"
    """Every visit worked, and something was to be remarked."""
    FAILED = "failed"
    """A visit failed."""


def mark_of(day: FeedDay | None) -> Mark:
    """The mark of a day; None is a day of which nothing is known."""
    if day is None or not day.visits:
        return Mark.ABSENT
    if day.failed:
        return Mark.FAILED
    if day.health not in {Health.OK, Health.NEW}:
        return Mark.REMARKED
    return Mark.BROUGHT if day.new else Mark.CALM


def height_of(new: int, most: int) -> int:
    """How high the bar of a day with ``new`` items is, of at most ``most``: by the logarithm, 0 for
    none and ``most`` for MANY or more."""
    if new <= 0:
        return 0
    return max(1, round(most * min(1.0, log1p(new) / log1p(MANY))))
