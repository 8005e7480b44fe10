"""Connections to servers, kept open only from one question to a host to the next.

Who asks says whether another question to the host follows. A connection then waits for it, a few
seconds at most, unless anything about the answer leaves in doubt where it ended. It serves the same
name, the same way of speaking TLS and an address that was checked for the new question, too.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from aggregator.fetch.dialling import Dial, connect
from aggregator.fetch.wire import Broken, NotHttp, WentAway, Wire

_WAITS = 10.0
"""Seconds that an open connection waits for the next question; servers wait for five and more."""

PATIENCE = 5.0
"""Seconds without a word on a connection that is to serve several questions, after which the
question is put again on one of its own."""

_Who = tuple[int, ssl.SSLContext | None, str, bytes]


class Connections:
    """The connections of one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[_Who, tuple[Wire, asyncio.TimerHandle]] = {}

    async def ask(
        self,
        dial: Dial,
        question: bytes,
        *,
        reuses: bool,
        follows: bool,
        note_sent: Callable[[float], None],
    ) -> Wire:
        """Send ``question`` and wait for the head of the answer; the connection is the caller's
        until it lets go of it. ``reuses``: the connection may be one that waits; ``follows``: the
        question asks for one that may wait again.

        ``note_sent`` is told when the question went out, in the loop's seconds. Raises WentAway
        where it is to be put again without both, or what ``aggregator.fetch.wire.connect`` and
        ``Wire.head`` raise.
        """
        waited = self._take(dial) if reuses else None
        wire = waited or await connect(dial)
        note_sent(asyncio.get_running_loop().time())
        try:
            wire.patience = PATIENCE if waited else None
            wire.send(question)
            await wire.head()
            wire.patience = PATIENCE if follows and wire.ends_with_connection else None
        except BaseException as error:
            wire.close()
            if waited is None or not isinstance(error, Broken | NotHttp | OSError):
                raise
            raise WentAway from error
        else:
            return wire

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
        if wire.address in dial.addresses and wire.can_serve_again and wire.is_silent:
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
