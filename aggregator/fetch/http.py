"""Conditional GET over HTTP: redirects by hand, every hop checked, everything bounded.

The only importer of httpx.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from aggregator.domain.errors import (
    BadStatus,
    BlockedAddress,
    ConnectFailed,
    FetchTimeout,
    TooLarge,
    TooManyRedirects,
)
from aggregator.domain.visits import HostHold, Manners
from aggregator.fetch.body import ACCEPT_ENCODING, BadCoding, BodyTooLarge, BoundedBody
from aggregator.fetch.guard import Guard
from aggregator.fetch.headers import (
    content_type,
    first_value,
    is_sendable,
    location,
    new_cookies,
    validator,
)
from aggregator.fetch.pacing import HostPacing
from aggregator.fetch.reasons import plain_reason
from aggregator.ports import Fetched, FetchRequest, NotModified

MAX_HOPS = 8
"""Redirects that are followed in one fetch."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
FIXED_HEADERS = (
    (b"Accept", ACCEPT.encode("ascii")),
    (b"Accept-Encoding", ACCEPT_ENCODING.encode("ascii")),
    (b"Connection", b"close"),
)
DEFAULT_PORTS = {"http": 80, "https": 443}
_PORTS = range(1, 65536)
_LONGEST_HOST = 253
_SHOWN = 200
"""Characters of a foreign address that a message repeats."""

_FAILURES = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError)
"""What sending and reading raise for what a server does; the last for names that TLS refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hop:
    """Where a redirect leads."""

    url: str


@dataclass(slots=True, kw_only=True)
class _Journey:
    """A fetch on its way: cookies by host, and the seconds that are left for all its exchanges."""

    request: FetchRequest
    left: float
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)


class HttpFetcher:
    """Fetches one address at a time per host; see ``aggregator.ports.Fetcher``.

    ``user_agent`` should name a contact; ``spacing`` is the pause between two exchanges with a
    host in seconds. Names are resolved here and the checked address is the one connected to, so
    that a name which resolves differently a second time gains nothing.
    """

    def __init__(self, *, guard: Guard, user_agent: str, spacing: float = 1.0) -> None:
        self._guard = guard
        self._pacing = HostPacing(spacing)
        self._agent = user_agent.encode("ascii", "ignore")
        # The transport alone: a client would follow up redirects and keep cookies on its own, by
        # the address connected to instead of the name that was asked for.
        self._transport = httpx.AsyncHTTPTransport(
            trust_env=False,
            # A connection is made to an address, and belongs to the name it was made for: it must
            # not be reused for another name at the same address.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

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

    def take_manners(self) -> tuple[list[Manners], list[HostHold]]:
        """How hosts were treated since the last call."""
        return [], []

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """Get ``request.url``; the errors are those of ``aggregator.ports.Fetcher.fetch``."""
        journey = _Journey(request=request, left=request.timeout)
        url = request.url
        for _ in range(MAX_HOPS + 1):
            answer = await self._visit(journey, url)
            if not isinstance(answer, _Hop):
                return answer
            url = answer.url
        raise TooManyRedirects(
            f"redirected more than {MAX_HOPS} times, last to {url[:_SHOWN]!r}",
            feed_id=request.feed_id,
            url=url,
        )

    async def _visit(self, journey: _Journey, url: str) -> Fetched | NotModified | _Hop:
        """One hop within its host's turn. Only exchanges use up the time, waiting does not."""
        request = journey.request
        parsed = _checked_url(request, url)
        host = _host(parsed)
        async with self._pacing.turn(host):
            started = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(journey.left):
                    return await self._exchange(
                        request, parsed, journey.cookies.setdefault(host, {})
                    )
            except TimeoutError as error:
                raise FetchTimeout(
                    f"no complete answer from {host} within {request.timeout:g} seconds",
                    feed_id=request.feed_id,
                    url=url,
                ) from error
            finally:
                journey.left -= asyncio.get_running_loop().time() - started

    async def _exchange(
        self, request: FetchRequest, url: httpx.URL, cookies: dict[str, str]
    ) -> Fetched | NotModified | _Hop:
        host = _host(url)
        port = url.port or DEFAULT_PORTS[url.scheme]
        endpoint = await self._guard.endpoint(
            feed_id=request.feed_id, url=str(url), host=host, port=port
        )
        try:
            message = httpx.Request(
                "GET",
                url.copy_with(host=endpoint.address, port=endpoint.port, fragment=None),
                headers=[
                    (b"Host", url.netloc),
                    (b"User-Agent", self._agent),
                    *FIXED_HEADERS,
                    *_asked_headers(request, cookies),
                ],
                extensions={"sni_hostname": host},
            )
            response = await self._transport.handle_async_request(message)
            try:
                return await self._answer(request, url, response, cookies)
            finally:
                await response.aclose()
        except _FAILURES as error:
            raise _failed(request, url, error) from error

    async def _answer(
        self,
        request: FetchRequest,
        url: httpx.URL,
        response: httpx.Response,
        cookies: dict[str, str],
    ) -> Fetched | NotModified | _Hop:
        status, headers = response.status_code, response.headers.raw
        cookies |= new_cookies(headers)
        if status in REDIRECTS:
            return _next_hop(request, url, status, location(headers))
        if status == HTTPStatus.NOT_MODIFIED and (request.etag or request.last_modified):
            return NotModified()
        if status != HTTPStatus.OK:
            raise BadStatus(
                f"{_host(url)} answered {_status_words(status)}",
                feed_id=request.feed_id,
                url=str(url),
                status=status,
            )
        media_type, charset = content_type(headers)
        return Fetched(
            url=str(url),
            status=status,
            body=await _read(request, url, response),
            media_type=media_type,
            charset=charset,
            etag=validator(headers, "ETag"),
            last_modified=validator(headers, "Last-Modified"),
        )


def _checked_url(request: FetchRequest, url: str) -> httpx.URL:
    """The parsed address without credentials.

    Raises BlockedAddress for anything but http and https with a host, ConnectFailed for what is
    no address at all.
    """
    try:
        parsed = httpx.URL(url)
        # What a redirect puts before the host is for nobody: neither sent nor kept in links.
        parsed = parsed.copy_with(userinfo=b"") if parsed.userinfo else parsed
    except (httpx.InvalidURL, ValueError) as error:
        raise _no_address(request, url) from error
    if parsed.scheme not in DEFAULT_PORTS or not parsed.raw_host:
        raise BlockedAddress(
            f"{url[:_SHOWN]!r} is not an http or https address", feed_id=request.feed_id, url=url
        )
    if len(parsed.raw_host) > _LONGEST_HOST or (parsed.port or 1) not in _PORTS or parsed.port == 0:
        raise _no_address(request, url)
    return parsed


def _no_address(request: FetchRequest, url: str) -> ConnectFailed:
    return ConnectFailed(f"{url[:_SHOWN]!r} is no address", feed_id=request.feed_id, url=url)


def _next_hop(request: FetchRequest, url: httpx.URL, status: int, target: str) -> _Hop:
    """Where a redirect leads. Raises TooManyRedirects for one that leads nowhere."""
    try:
        if target:
            return _Hop(url=urljoin(str(url), target))
    except ValueError:
        pass
    says = f"with {target[:_SHOWN]!r}, which is no address" if target else "without saying where to"
    raise TooManyRedirects(
        f"{_host(url)} redirects ({status}) {says}", feed_id=request.feed_id, url=str(url)
    )


def _status_words(status: int) -> str:
    """The status with its registered phrase; what the server calls it is not repeated."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _host(url: httpx.URL) -> str:
    """The host as it goes over the wire: lower case, international names in their ASCII form."""
    return url.raw_host.decode("ascii").lower()


def _asked_headers(request: FetchRequest, cookies: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers that depend on what is known of the feed."""
    validators = ((b"If-None-Match", request.etag), (b"If-Modified-Since", request.last_modified))
    headers = [
        (name, value.encode("latin-1"))
        for name, value in validators
        if value is not None and is_sendable(value)
    ]
    if cookies:
        pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers.append((b"Cookie", pairs.encode("latin-1")))
    return headers


async def _read(request: FetchRequest, url: httpx.URL, response: httpx.Response) -> bytes:
    coding = first_value(response.headers.raw, "Content-Encoding").decode("latin-1")
    try:
        body = BoundedBody(coding, request.max_bytes)
        async for chunk in response.aiter_raw():
            body.feed(chunk)
        return body.finish()
    except BodyTooLarge as error:
        raise TooLarge(
            f"the answer of {_host(url)} is larger than {request.max_bytes} bytes",
            feed_id=request.feed_id,
            url=str(url),
        ) from error
    except BadCoding as error:
        raise ConnectFailed(
            f"{_host(url)}: {error}", feed_id=request.feed_id, url=str(url)
        ) from error


def _failed(request: FetchRequest, url: httpx.URL, error: Exception) -> ConnectFailed:
    if isinstance(error, httpx.RemoteProtocolError):
        # The parser's own words repeat what the server sent.
        is_cut = "disconnect" in str(error) or "closed" in str(error)
        default = "it hung up before the answer was whole" if is_cut else "what came is not HTTP"
    elif isinstance(error, httpx.ReadError):
        default = "the connection broke off"
    else:
        default = "no connection could be made"
    return ConnectFailed(
        f"no answer from {_host(url)}: {plain_reason(error) or default}",
        feed_id=request.feed_id,
        url=str(url),
    )
