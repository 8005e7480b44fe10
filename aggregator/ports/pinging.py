"""Telling a WebSub hub which feeds have changed: who speaks to it, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from aggregator.domain.pings import HubAnswer, Ping


class Hub(Protocol):
    """The hub that feeds name."""

    async def tell(self, topic: str) -> HubAnswer:
        """Say that the feed at an address has changed. Never an error for what the hub does."""
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...


class PingStore(Protocol):
    """Pings as kept: one row of each published feed."""

    def pings(self) -> list[Ping]:
        """All of them, by address."""
        ...

    def queue_pings(self, feeds: Mapping[str, str], now: datetime) -> int:
        """Let the ping of each feed be due now whose bytes are others than those it was queued for;
        how many these are. ``feeds`` maps the address of every published feed to the digest of its
        bytes: what is known of any other is forgotten."""
        ...

    def repeat_pings(self, now: datetime) -> None:
        """Let what waits or was given up be due now, as if it had not been tried."""
        ...

    def claim_ping(self, *, now: datetime, until: datetime, token: str) -> Ping | None:
        """Let nobody else send one of the pings that are due until an instant, and say which it is;
        None where none is due. One whose lease ran out is due again."""
        ...

    def settle_ping(self, ping: Ping, token: str) -> bool:
        """Write what became of a claimed ping, and give its lease back. False, with nothing written,
        where ``token`` holds it no more: its feed has changed again, or another has it."""
        ...

    def put_off_pings(self, settled: Ping, now: datetime, *, most: int, counts: bool) -> int:
        """Let all others that are due wait as long as this one, for its reason; where that
        ``counts`` as an attempt, those with ``most`` of them are given up. How many were."""
        ...
