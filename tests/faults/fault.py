"""What a fault is: a name, a server that misbehaves, and how each visit to it must end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from aggregator.domain.health import Health
from tests.faults.wire import Serve

Titles: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of these states, with exactly these titles stored by then; any titles for None."""

    states: frozenset[Health]
    titles: Titles | None

    def fits(self, health: Health, titles: Iterable[str]) -> bool:
        """Whether a visit that left this is what was expected."""
        return health in self.states and (
            self.titles is None or sorted(titles) == sorted(self.titles)
        )


@dataclass(frozen=True, slots=True)
class End:
    """How one visit may end: mostly one outcome; more where several are right."""

    outcomes: tuple[Outcome, ...]

    def __or__(self, other: End) -> End:
        return End(self.outcomes + other.outcomes)

    def fits(self, health: Health, titles: Iterable[str]) -> bool:
        """Whether a visit that left this is what was expected."""
        stored = list(titles)
        return any(outcome.fits(health, stored) for outcome in self.outcomes)

    def __str__(self) -> str:
        return " or ".join(
            f"{'/'.join(sorted(one.states))} with {one.titles!r}" for one in self.outcomes
        )


def ends(*states: Health, titles: Titles | None = ()) -> End:
    """The visit ends in one of these states; ``titles`` are what is stored by then."""
    return End((Outcome(frozenset(states), titles),))


def reads(*titles: str) -> End:
    """The visit ends well, and exactly these titles are stored by then."""
    return ends(Health.OK, titles=titles)


def reads_something() -> End:
    """The visit ends well, whatever became of what was served."""
    return ends(Health.OK, titles=None)


class Door(StrEnum):
    """Where a fault is found."""

    HTTP = "http"
    HTTPS = "https"
    CLOSED = "closed"
    """Nobody listens there."""


class Papers(StrEnum):
    """What stands behind an https door."""

    GOOD = "good"
    RSA = "rsa"
    CHAIN = "chain"
    """Good, by an intermediate authority that is sent along."""
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    SELF_SIGNED = "self_signed"
    STRANGER = "stranger"
    """By an authority that nobody knows."""
    WRONG_NAME = "wrong_name"
    NO_INTERMEDIATE = "no_intermediate"
    OLD = "old"
    """Good, but nothing newer than TLS 1.1 is spoken."""
    TLS_1_2 = "tls_1_2"
    PLAIN = "plain"
    """No TLS: whatever ``serve`` says, as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One server that misbehaves, or is honest in an odd way.

    ``ends`` are the expected ends of as many visits, a day and some hours between two. ``seconds``
    bounds each visit. ``config`` are further lines of the feed's table, in which ``{folder}`` is
    where the certificates lie and ``{name}`` another fault's address. ``url`` replaces the address
    under which it is configured; in it, ``{address}``, ``{http}`` and the like are filled in.
    ``raw``: ``serve`` gets the connection before anything was read.
    """

    name: str
    serve: Serve
    ends: tuple[End, ...]
    seconds: float = 15.0
    door: Door = Door.HTTP
    papers: Papers = Papers.GOOD
    raw: bool = False
    config: str = ""
    url: str = ""


def fault(name: str, serve: Serve, *visits: End, seconds: float = 15.0) -> Fault:
    """A fault over plain HTTP."""
    return Fault(name=name, serve=serve, ends=visits, seconds=seconds)
