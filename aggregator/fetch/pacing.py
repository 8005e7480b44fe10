"""One request at a time to a host, a pause between two, and none to a host that asked for rest."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aggregator.domain.visits import HostHold

_MOST_IDLE = 4096
"""Hosts that are remembered although nobody waits for them."""


@dataclass(frozen=True, slots=True)
class RunningClock:
    """Counts from an arbitrary instant: enough for holds within one run."""

    def now(self) -> datetime:
        """That instant and the seconds since the machine started."""
        return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=time.monotonic())


class Held(Exception):
    """The host is to be left alone; ``until`` says for how long."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


@dataclass(slots=True)
class _Line:
    """Who wants to speak with a host. ``ended_at`` is the end of the last exchange in which
    something was sent, ``free_at`` when the next may begin, both in the loop's seconds."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    free_at: float = 0.0
    ended_at: float | None = None


@dataclass(slots=True)
class Turn:
    """One exchange with a host; whoever has it says when the request goes out."""

    ended_before: float | None
    sent: bool = False

    def note_sent(self, at: float) -> float | None:
        """The seconds from the end of the exchange before to ``at``, None for the first."""
        self.sent = True
        return None if self.ended_before is None else at - self.ended_before


class HostPacing:
    """Holds each host to one exchange at a time with ``spacing`` seconds between two.

    ``now`` tells the present instant, by which holds run out.
    """

    def __init__(self, spacing: float, now: Callable[[], datetime]) -> None:
        self._spacing = spacing
        self._now = now
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._holds: dict[str, HostHold] = {}

    def hold(self, holds: Sequence[HostHold]) -> None:
        """Leave these hosts alone until their time; a longer hold stays."""
        now = self._now()
        self._holds = {host: hold for host, hold in self._holds.items() if hold.until > now}
        for hold in holds:
            known = self._holds.get(hold.host)
            if known is None or known.until < hold.until:
                self._holds[hold.host] = hold

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[Turn]:
        """Wait for the host's turn and keep it until the block ends.

        Raises Held, without waiting longer, for a host that is to be left alone.
        """
        line = self._lines.setdefault(host, _Line())
        line.waiting += 1
        try:
            async with line.lock:
                self._heed_hold(host)
                loop = asyncio.get_running_loop()
                if (pause := line.free_at - loop.time()) > 0:
                    await asyncio.sleep(pause)
                turn = Turn(line.ended_at)
                try:
                    yield turn
                finally:
                    ended_at = loop.time()
                    line.free_at = ended_at + self._spacing
                    if turn.sent:
                        line.ended_at = ended_at
        finally:
            line.waiting -= 1
            self._forget(host)

    def _heed_hold(self, host: str) -> None:
        hold = self._holds.get(host)
        if hold is None:
            return
        if hold.until > self._now():
            raise Held(hold.until)
        del self._holds[host]

    def _forget(self, host: str) -> None:
        """Drop the hosts that were asked longest ago, so that a year of redirects takes no room."""
        self._lines.move_to_end(host)
        while len(self._lines) > _MOST_IDLE:
            oldest = next((name for name, line in self._lines.items() if not line.waiting), None)
            if oldest is None:
                return
            del self._lines[oldest]
