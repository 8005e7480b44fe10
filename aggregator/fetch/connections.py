"""Connections to servers, kept open only from one question to a host to the next.

Who asks says whether another question to the host follows. A connection then waits for it, a few
seconds at most, unless anything about the answer leaves in doubt where it ended. It serves the same
name, the same way of speaking TLS and an address that was checked for the new question, too.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from aggregator.fetch.wire import Broken, Dial, NotHttp, Wire, connect

_WAITS = 10.0
"""Seconds that an open connection waits for the next question; servers wait for five and more."""

_Who = tuple[int, ssl.SSLContext | None, str, bytes]


class WentAway(Exception):
    """A connection that had waited did not serve the next question; a new one may."""


class Connections:
    """The connections of one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[_Who, tuple[Wire, asyncio.TimerHandle]] = {}

    async def ask(
        self, dial: Dial, question: bytes, *, anew: bool, note_sent: Callable[[float], None]
    ) -> Wire:
        """Send ``question`` and wait for the head of the answer; the connection is the caller's
        until it lets go of it. ``anew``: no connection that waits will do.

        ``note_sent`` is told when the question went out, in the loop's seconds, unless the
        connection turned out to have been left before. Raises WentAway, or what
        ``aggregator.fetch.wire.connect`` and ``Wire.head`` raise.
        """
        waited = None if anew else self._take(dial)
        wire = waited or await connect(dial)
        sent_at: float | None = asyncio.get_running_loop().time()
        try:
            wire.send(question)
            await wire.head()
        except BaseException as error:
            wire.close()
            if waited is None or not isinstance(error, Broken | NotHttp | OSError):
                raise
            if isinstance(error, Broken) and error.early:
                sent_at = None
            raise WentAway from error
        else:
            return wire
        finally:
            if sent_at is not None:
                note_sent(sent_at)

    def let_go(self, dial: Dial, wire: Wire, *, follows: bool) -> None:
        """Close a connection, or let it wait where another question ``follows``."""
        if not (follows and wire.can_serve_again):
            wire.close()
            return
        self._drop(_who(dial))
        timer = asyncio.get_running_loop().call_later(_WAITS, self._drop, _who(dial))
        self._waiting[_who(dial)] = wire, timer

    def close(self) -> None:
        """Close what waits."""
        for who in [*self._waiting]:
            self._drop(who)

    def _take(self, dial: Dial) -> Wire | None:
        wire, timer = self._waiting.pop(_who(dial), (None, None))
        if wire is None or timer is None:
            return None
        timer.cancel()
        if wire.address in dial.addresses and wire.can_serve_again:
            wire.begin_again()
            return wire
        wire.close()
        return None

    def _drop(self, who: _Who) -> None:
        wire, timer = self._waiting.pop(who, (None, None))
        if wire is not None and timer is not None:
            timer.cancel()
            wire.close()


def _who(dial: Dial) -> _Who:
    """What two questions must have in common, beside an address, to share a connection."""
    return dial.port, dial.tls, dial.server_name, dial.tunnel
