"""HTTP exchanges: redirects by hand, every hop checked, everything bounded.

The only importer of httpx: its addresses, messages and the interface of its transports. Its own
transport is not used, because its pool looks through all connections at each exchange.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from types import TracebackType
from typing import Self

from aggregator.slim import without_extras

with without_extras():
    import httpx

from aggregator.domain.errors import (
    BlockedAddress,
    ConnectFailed,
    FetchError,
    FetchTimeout,
    HostHeld,
    Throttled,
)
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import HostHold, Manners
from aggregator.fetch.coming import Coming
from aggregator.fetch.connections import Connections
from aggregator.fetch.dialling import ProxyRefused
from aggregator.fetch.failures import broken_exchange
from aggregator.fetch.guard import Guard, is_disguised_number
from aggregator.fetch.headers import new_cookies
from aggregator.fetch.hints import hints
from aggregator.fetch.home import DEFAULT_PORTS, Home
from aggregator.fetch.journey import LONGEST_HOLD, REDIRECTS, Journey, headers_of
from aggregator.fetch.manners import Ledger
from aggregator.fetch.pacing import Held, HostPacing, RunningClock, Turn
from aggregator.fetch.reading import BodyReader
from aggregator.fetch.route import Routes, Target, proxy_headers
from aggregator.fetch.tls import BadCertificateFile
from aggregator.fetch.wire import Broken, NotHttp, WentAway, Wire, octets
from aggregator.ports.clock import Clock
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified

_NOTHING = httpx.ByteStream(b"")
"""Keeps httpx from adding headers for a body; ours goes out with the head, in one piece."""

_PORTS = range(1, 65536)
_LONGEST_HOST = 253
_FAILURES = (NotHttp, Broken, ProxyRefused, BadCertificateFile, OSError, ValueError)
"""What an exchange raises for what a server does; the last for names that TLS refuses."""


def strict_context() -> ssl.SSLContext:
    """A TLS context that trusts certifi's authorities and relaxes nothing."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class _Address:
    """An address taken apart, without credentials."""

    url: httpx.URL
    target: Target

    @property
    def text(self) -> str:
        """The whole address."""
        return self.target.url

    @property
    def host(self) -> str:
        """The host in lower case, an international name in its ASCII form."""
        return self.target.host


class HttpFetcher:
    """Fetches one address at a time per host; see ``aggregator.ports.PoliteFetcher``.

    ``user_agent`` should name a contact; ``spacing`` is the pause between two exchanges with a
    host in seconds, ``clock`` tells when a host's hold is over. Names are resolved here and the
    checked address is the one connected to, so that a name which resolves differently a second
    time gains nothing; where a request names a proxy, see ``aggregator.fetch.route.Routes``.
    """

    def __init__(
        self, *, guard: Guard, user_agent: str, spacing: float = 1.0, clock: Clock | None = None
    ) -> None:
        self._clock: Clock = clock or RunningClock()
        self._pacing = HostPacing(spacing, self._clock.now)
        self._ledger = Ledger()
        self._new_holds: list[HostHold] = []
        self._alone: set[str] = set()
        self._agent = user_agent.encode("ascii", "ignore")
        self._reader = BodyReader()
        self._routes = Routes(guard, strict_context)
        # The transport alone: a client would follow up redirects and keep cookies on its own.
        self._transport = _Transport()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give back connections."""
        await self._transport.aclose()

    def hold(self, holds: Sequence[HostHold]) -> None:
        """Leave these hosts alone until their time."""
        self._pacing.hold(holds)

    def done_with(self, feed_id: str) -> None:
        """Forget that the bodies of a feed are still in use."""
        self._reader.done_with(feed_id)

    def take_manners(self) -> tuple[list[Manners], list[HostHold]]:
        """How hosts were treated since the last call, and which asked to be left alone since."""
        holds, self._new_holds = self._new_holds, []
        return self._ledger.take(), holds

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """Get ``request.url``; the errors are those of ``aggregator.ports.Fetcher.fetch``."""
        journey = Journey.beginning(request, Home(server=target_of(request.home or request.url)))
        try:
            while True:
                answer = await self._visit(journey)
                if answer is not None:
                    return answer
        except FetchError as error:
            journey.close(error)
            if request.secrets:
                # What led to it may repeat the address.
                raise error from None
            raise

    async def _visit(self, journey: Journey) -> Fetched | NotModified | None:
        """One hop within its host's turn; None for a redirect. Only exchanges use up the time,
        waiting does not."""
        request = journey.request
        address = _checked(journey)
        journey.depart(address.host)
        try:
            async with self._pacing.turn(address.host) as turn:
                return await self._in_time(journey, address, turn)
        except Held as held:
            raise HostHeld(
                f"{address.host} asked to be left alone until"
                f" {held.until.astimezone(SEOUL):%Y-%m-%d %H:%M} KST",
                feed_id=request.feed_id,
                url=address.text,
                until=held.until,
            ) from None

    async def _in_time(
        self, journey: Journey, address: _Address, turn: Turn
    ) -> Fetched | NotModified | None:
        request = journey.request
        loop = asyncio.get_running_loop()
        deadline = asyncio.timeout(journey.left)
        try:
            async with deadline:
                return await self._exchange(journey, address, turn, deadline)
        except TimeoutError as error:
            raise FetchTimeout(
                f"no complete answer from {address.host} within {request.timeout:g} seconds",
                feed_id=request.feed_id,
                url=address.text,
            ) from error
        finally:
            journey.left = (deadline.when() or 0.0) - loop.time()

    async def _exchange(
        self, journey: Journey, address: _Address, turn: Turn, deadline: asyncio.Timeout
    ) -> Fetched | NotModified | None:
        request = journey.request
        try:
            message = await self._message(journey, address, turn)
            response = await self._transport.handle_async_request(message)
            try:
                return await self._answer(journey, address, response, deadline)
            finally:
                await response.aclose()
                self._ledger.note_received(address.host, response.extensions["wire"].body_bytes)
        except WentAway:
            self._alone.add(address.host)
            journey.ask_anew()
            return None
        except _FAILURES as error:
            if isinstance(error, TimeoutError):
                raise
            raise broken_exchange(
                error,
                host=address.host,
                feed_id=request.feed_id,
                url=address.text,
                proxied=bool(request.proxy),
            ) from error

    async def _message(self, journey: Journey, address: _Address, turn: Turn) -> httpx.Request:
        """The next request, with how to reach whom it is for."""
        request, target = journey.request, address.target

        def note_sent(at: float) -> None:
            self._ledger.note_sent(target.host, turn.note_sent(at))

        reuses = journey.may_reuse and target.host not in self._alone
        follows = reuses and request.follows
        extensions = {
            "content": journey.content,
            "dial": await self._routes.dial(
                request, target, journey.home.tls_for(target, request.tls)
            ),
            "note_sent": note_sent,
            "reuses": reuses,
            "follows": follows,
        }
        if request.proxy and target.is_plain:
            extensions["target"] = target.url.partition("#")[0].encode("ascii")
        headers = headers_of(
            journey,
            target=target,
            netloc=address.url.netloc,
            agent=self._agent,
            follows=follows,
        )
        return httpx.Request(
            journey.method,
            address.url,
            headers=[*headers, *proxy_headers(request, target)],
            stream=_NOTHING,
            extensions=extensions,
        )

    async def _answer(
        self,
        journey: Journey,
        address: _Address,
        response: httpx.Response,
        deadline: asyncio.Timeout,
    ) -> Fetched | NotModified | None:
        status, headers = response.status_code, response.headers.raw
        journey.jar(address.host).update(new_cookies(headers))
        if status in REDIRECTS:
            journey.turn(address.host, address.text, status, headers)
            return None
        url = journey.hide(address.text)
        told = hints(headers, self._clock.now())
        if status == HTTPStatus.NOT_MODIFIED and journey.asks_for_changes:
            self._ledger.note_not_modified(address.host, journey.request.known_bytes)
            return NotModified(url=url, hops=tuple(journey.hops), hints=told)
        coming = Coming(
            journey=journey,
            host=address.host,
            url=address.text,
            wire=response.extensions["wire"],
            deadline=deadline,
        )
        if status != HTTPStatus.OK:
            error = await coming.refusal(self._clock.now())
            self._heed(error, address.host)
            raise error
        return await coming.document(self._reader, told)

    def _heed(self, error: FetchError, host: str) -> None:
        """Leave a host alone that asked for it."""
        if isinstance(error, Throttled) and error.retry_after:
            until = self._clock.now() + min(error.retry_after, LONGEST_HOLD)
            hold = HostHold(host=host, until=until, status=error.status)
            self._pacing.hold([hold])
            self._new_holds.append(hold)


class _Transport(httpx.AsyncBaseTransport):
    """Sends each request through a connection made as its ``dial`` extension says, or one that
    waits for it.

    ``note_sent`` is called when the request goes out; the answer's ``wire`` is the connection.
    """

    def __init__(self) -> None:
        self._connections = Connections()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        given = request.extensions
        target = given.get("target") or request.url.raw_path
        wire = await self._connections.ask(
            given["dial"],
            octets(request.method, target, request.headers.raw, given["content"]),
            reuses=given["reuses"],
            follows=given["follows"],
            note_sent=given["note_sent"],
        )
        let_go = partial(self._connections.let_go, given["dial"], wire, follows=given["follows"])
        return httpx.Response(
            wire.status,
            headers=wire.headers,
            stream=_Rest(wire, let_go),
            extensions={"wire": wire},
        )

    async def aclose(self) -> None:
        self._connections.close()


class _Rest(httpx.AsyncByteStream):
    """What is still to come of an answer; closed, it lets go of the connection."""

    def __init__(self, wire: Wire, let_go: Callable[[], None]) -> None:
        self._wire = wire
        self._let_go = let_go

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._wire.chunks()

    async def aclose(self) -> None:
        self._let_go()


def target_of(url: str) -> Target | None:
    """The server of an address; None for one that is not http or https."""
    try:
        address = _taken_apart(url)
    except (httpx.InvalidURL, ValueError):
        return None
    return address.target if address.url.scheme in DEFAULT_PORTS else None


def _checked(journey: Journey) -> _Address:
    """The address that is next on the way.

    Raises BlockedAddress for anything but http and https with a host, ConnectFailed for what is
    no address at all.
    """
    feed_id, url = journey.request.feed_id, journey.url
    try:
        address = _taken_apart(url)
    except (httpx.InvalidURL, ValueError) as error:
        if is_disguised_number(url):
            raise BlockedAddress(
                f"{journey.shown(url)} hides an address in a spelling that no feed needs",
                feed_id=feed_id,
                url=url,
            ) from error
        raise _no_address(journey) from error
    if address.url.scheme not in DEFAULT_PORTS or not address.host:
        raise BlockedAddress(
            f"{journey.shown(url)} is not an http or https address", feed_id=feed_id, url=url
        )
    if len(address.host) > _LONGEST_HOST or address.target.port not in _PORTS:
        raise _no_address(journey)
    return address


def _no_address(journey: Journey) -> ConnectFailed:
    return ConnectFailed(
        f"{journey.shown(journey.url)} is no address",
        feed_id=journey.request.feed_id,
        url=journey.url,
    )


@lru_cache(maxsize=4096)
def _taken_apart(text: str) -> _Address:
    url = httpx.URL(text)
    # What a redirect puts before the host is for nobody: neither sent nor kept in links.
    url = url.copy_with(userinfo=b"") if url.userinfo else url
    port = DEFAULT_PORTS.get(url.scheme, 0) if url.port is None else url.port
    host = url.raw_host.decode("ascii").lower()
    return _Address(url, Target(url=str(url), host=host, port=port, is_plain=url.scheme == "http"))
