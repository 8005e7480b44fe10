"""HTTP exchanges: redirects by hand, every hop checked, everything bounded.

The only importer of httpx: its addresses, messages and the interface of its transports. Its own
transport is not used, because its pool looks through all connections at each exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpx

from aggregator.domain.errors import (
    BlockedAddress,
    ConnectFailed,
    FetchError,
    FetchTimeout,
    HostHeld,
    Throttled,
    TooLarge,
)
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import HostHold, Manners
from aggregator.fetch.body import BodyTooLarge, BoundedBody
from aggregator.fetch.codings import BadCoding
from aggregator.fetch.failures import bad_status, broken_exchange, size
from aggregator.fetch.guard import Guard, is_disguised_number
from aggregator.fetch.headers import content_coding, content_type, new_cookies, validator
from aggregator.fetch.hints import hints, retry_after
from aggregator.fetch.home import DEFAULT_PORTS, Home
from aggregator.fetch.journey import HEAD, LONGEST_HOLD, REDIRECTS, Journey, headers_of
from aggregator.fetch.manners import Ledger
from aggregator.fetch.pacing import Held, HostPacing, RunningClock, Turn
from aggregator.fetch.reading import BodyReader, read_beginning
from aggregator.fetch.route import Routes, Target, proxy_headers
from aggregator.fetch.tls import BadCertificateFile
from aggregator.fetch.wire import Broken, NotHttp, ProxyRefused, Wire, connect, octets
from aggregator.ports import Clock, Fetched, FetchRequest, NotModified

_NOTHING = httpx.ByteStream(b"")
"""Keeps httpx from adding headers for a body; ours goes out with the head, in one piece."""

_PORTS = range(1, 65536)
_LONGEST_HOST = 253
_FAILURES = (NotHttp, Broken, ProxyRefused, BadCertificateFile, OSError, ValueError)
"""What an exchange raises for what a server does; the last for names that TLS refuses."""


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
        self._agent = user_agent.encode("ascii", "ignore")
        self._reader = BodyReader()
        self._routes = Routes(guard, lambda: httpx.create_ssl_context(trust_env=False))
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

        def note_sent() -> None:
            self._ledger.note_sent(target.host, turn.note_sent())

        extensions = {
            "content": journey.content,
            "dial": await self._routes.dial(
                request, target, journey.home.tls_for(target, request.tls)
            ),
            "note_sent": note_sent,
        }
        if request.proxy and target.is_plain:
            extensions["target"] = target.url.partition("#")[0].encode("ascii")
        headers = headers_of(journey, target=target, netloc=address.url.netloc, agent=self._agent)
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
        if status != HTTPStatus.OK:
            raise await self._refusal(journey, address, response, deadline)
        body, wire, coding = await self._read(journey, address, response, deadline)
        media_type, charset = content_type(headers)
        return Fetched(
            url=url,
            status=status,
            body=body,
            media_type=media_type,
            charset=charset,
            etag=validator(headers, "ETag"),
            last_modified=validator(headers, "Last-Modified"),
            hops=tuple(journey.hops),
            hints=told,
            wire=wire,
            coding=coding,
        )

    async def _read(
        self,
        journey: Journey,
        address: _Address,
        response: httpx.Response,
        deadline: asyncio.Timeout,
    ) -> tuple[bytes, bytes, str]:
        """The body, the body as it came, and how that one is compressed."""
        request, wire = journey.request, response.extensions["wire"]
        try:
            body = BoundedBody(content_coding(response.headers.raw), request.max_bytes)
            owner = request.feed_id if request.kept else ""
            try:
                read = await self._reader.read(wire.chunks(), body, deadline, owner=owner)
            except BaseException:
                journey.head = body.beginning(HEAD)
                raise
            else:
                return *read, body.coding
        except BodyTooLarge as error:
            raise TooLarge(
                f"the answer of {address.host} is larger than {size(request.max_bytes)}",
                feed_id=request.feed_id,
                url=address.text,
            ) from error
        except BadCoding as error:
            raise ConnectFailed(
                f"{address.host}: {error}", feed_id=request.feed_id, url=address.text
            ) from error

    async def _refusal(
        self,
        journey: Journey,
        address: _Address,
        response: httpx.Response,
        deadline: asyncio.Timeout,
    ) -> FetchError:
        """The error for a status that brings no feed; a host that asked for rest gets it."""
        wire, now = response.extensions["wire"], self._clock.now()
        left = (deadline.when() or 0.0) - asyncio.get_running_loop().time()
        coding = content_coding(response.headers.raw)
        journey.head = await read_beginning(wire.chunks(), coding, HEAD, left / 2)
        error = bad_status(
            response.status_code,
            host=address.host,
            feed_id=journey.request.feed_id,
            url=address.text,
            wait=retry_after(response.headers.raw, now),
        )
        if isinstance(error, Throttled) and error.retry_after:
            until = now + min(error.retry_after, LONGEST_HOLD)
            hold = HostHold(host=address.host, until=until, status=error.status)
            self._pacing.hold([hold])
            self._new_holds.append(hold)
        return error


class _Transport(httpx.AsyncBaseTransport):
    """Sends each request through a connection of its own, made as its ``dial`` extension says.

    ``note_sent`` is called when the request goes out; the answer's ``wire`` is the connection.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        wire = await connect(request.extensions["dial"])
        try:
            request.extensions["note_sent"]()
            target = request.extensions.get("target") or request.url.raw_path
            content = request.extensions["content"]
            wire.send(octets(request.method, target, request.headers.raw, content))
            await wire.head()
            return httpx.Response(
                wire.status, headers=wire.headers, stream=_Rest(wire), extensions={"wire": wire}
            )
        except BaseException:
            wire.close()
            raise


class _Rest(httpx.AsyncByteStream):
    """What is still to come of an answer."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._wire.chunks()

    async def aclose(self) -> None:
        self._wire.close()


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
